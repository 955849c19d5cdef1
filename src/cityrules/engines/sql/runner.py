"""Plans run on the same inputs: every measure, consequence and check in the order of the plan, and what a plan has in
common with the first one taken from there."""

from __future__ import annotations

from dataclasses import replace

from cityrules.engines.base import Inputs, Outcome, Progress, Question, check_given, same_time
from cityrules.engines.sql.accept import take_in
from cityrules.engines.sql.consequences import Told, decide, verify
from cityrules.engines.sql.duties import watch
from cityrules.engines.sql.facts import SqlFacts
from cityrules.engines.sql.folds import solve_fold
from cityrules.engines.sql.formula import solve_bands, solve_formula
from cityrules.engines.sql.history import solve_history
from cityrules.engines.sql.ladders import climb
from cityrules.engines.sql.ledgers import solve_ledger
from cityrules.engines.sql.parquet import path_of
from cityrules.engines.sql.pauses import solve_pauses
from cityrules.engines.sql.ranks import solve_rank
from cityrules.engines.sql.runs import solve_run
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.shares import solve_share
from cityrules.engines.sql.tables import Results, make_tables
from cityrules.plan.model import (
    Bands,
    Consequence,
    Duty,
    Fold,
    Formula,
    Ledger,
    Measure,
    Pauses,
    Plan,
    Rank,
    Run,
    Share,
)
from cityrules.plan.sharing import Common, in_common, same_ground


class DuckDBRunner:
    """DuckDB over some inputs. The first plan that is run is kept, with all that was computed of it.

    All work in one database. What a later plan needs besides belongs to its own outcome, and goes with it.
    """

    def __init__(self, inputs: Inputs, threads: int | None = None) -> None:
        self._inputs = inputs
        self._threads = threads
        self._session: Session | None = None
        self._first: Results | None = None

    def assess(self, plan: Plan, question: Question, progress: Progress | None = None) -> Outcome:
        """What a plan comes to; raises as `DuckDBEngine.assess` does."""
        tell = progress or (lambda _stage, _done, _all: None)
        question = replace(question, as_of=question.as_of.replace(microsecond=0))
        check_given(plan, question)
        session = Session(within=self._locked())
        tell("inputs", 0, len(plan.measures) + len(plan.consequences) + len(plan.checks))
        common = self._common(plan, question)
        if self._first is not None and common is not None:
            results = self._first.forked(session, plan, question, common)
        else:
            accepted = take_in(session, plan, self._inputs, question)
            results = Results(accepted.world, accepted.taken)
        _run(results, common or Common(), tell)
        outcome = Outcome(make_tables(results), SqlFacts(results.world))
        if self._first is None:
            self._first = results
        return outcome

    def _locked(self) -> Session:
        if self._session is None:
            self._session = Session(self._threads)
            parts = (self._inputs.records, self._inputs.targets)
            tables = [rows for kinds in parts for sources in kinds.values() for rows in sources]
            self._session.lock([path for rows in tables if (path := path_of(rows)) is not None])
        return self._session

    def _common(self, plan: Plan, question: Question) -> Common | None:
        """What a plan has in common with the first one; None where not even the rows that are used are the same."""
        if self._first is None:
            return None
        first = self._first.world
        if not same_time(question, first.question) or not same_ground(plan, first.plan, question.span):
            return None
        return in_common(plan, first.plan, question.given, first.question.given)


def _run(results: Results, common: Common, tell: Progress) -> None:
    """Compute all but what is there already, in the order of the plan."""
    world, plan, done = results.world, results.world.plan, 0
    todo = len(plan.measures) + len(plan.consequences) + len(plan.checks)
    for one in plan.computed():
        done += 1
        if one.name in common.computed:
            continue
        tell(one.name, done - 1, todo)
        if isinstance(one, Consequence):
            follow = climb if one.ladder is not None else decide
            follow(world, one, results.told.setdefault(one.name, Told()))
        else:
            solve(results, one)
    for check in plan.checks.values():
        done += 1
        if check.name in common.checks:
            continue
        tell(check.name, done - 1, todo)
        told = results.checked.setdefault(check.name, Told())
        if isinstance(check, Duty):
            watch(world, check, told)
        else:
            verify(world, check, told)
    tell("tables", todo, todo)


def solve(results: Results, measure: Measure) -> None:
    """Compute one measure; those it reads are there already."""
    world = results.world
    match measure:
        case Formula():
            solve_formula(world, measure)
        case Pauses():
            solve_pauses(world, measure)
        case Bands():
            solve_bands(world, measure)
        case Fold(of_record=True):
            solve_history(world, measure)
        case Fold():
            listed = solve_fold(world, measure)
            if listed is not None:
                results.listed[measure.name] = listed
        case Ledger():
            results.sheets[measure.name] = solve_ledger(world, measure)
        case Rank():
            solve_rank(world, measure)
        case Share():
            solve_share(world, measure)
        case Run():
            solve_run(world, measure)
