"""Plans run on the same inputs, one after the other: what a plan has in common with the first is taken from there."""

from __future__ import annotations

from dataclasses import replace

from cityrules.engines.base import Inputs, Outcome, Progress, Question, check_given, same_time
from cityrules.engines.python.accept import take_in
from cityrules.engines.python.cells import solve_each
from cityrules.engines.python.checks import verify
from cityrules.engines.python.consequences import follow
from cityrules.engines.python.duties import watch
from cityrules.engines.python.facts import WorldFacts
from cityrules.engines.python.folds import solve_fold
from cityrules.engines.python.formula import solve_bands, solve_formula
from cityrules.engines.python.history import solve_history
from cityrules.engines.python.ledgers import solve_ledger
from cityrules.engines.python.pauses import solve_pauses
from cityrules.engines.python.ranks import solve_rank
from cityrules.engines.python.runs import solve_run
from cityrules.engines.python.shares import solve_share
from cityrules.engines.python.tables import make_tables
from cityrules.engines.python.world import Watch, World
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
from cityrules.results.tables import Row


class PythonRunner:
    """The Python engine over some inputs. The first plan that is run is kept, with all that was computed of it."""

    def __init__(self, inputs: Inputs, watch: Watch | None = None) -> None:
        self._inputs = inputs
        self._watch = watch
        self._first: tuple[World, list[Row]] | None = None

    def assess(self, plan: Plan, question: Question, progress: Progress | None = None) -> Outcome:
        """What a plan comes to; raises as `PythonEngine.assess` does."""
        tell = progress or (lambda _stage, _done, _all: None)
        question = replace(question, as_of=question.as_of.replace(microsecond=0))
        tell("inputs", 0, 1)
        check_given(plan, question)
        common = self._common(plan, question)
        if self._first is not None and common is not None:
            first, rejects = self._first
            world = first.forked(plan, question, common)
        else:
            world, rejects = take_in(plan, self._inputs, question, tell, self._watch)
        _run(world, common or Common(), tell)
        if self._first is None and self._watch is None:
            self._first = world, rejects
        return Outcome(make_tables(world, rejects), WorldFacts(world))

    def _common(self, plan: Plan, question: Question) -> Common | None:
        """What a plan has in common with the first one; None where not even the rows that are used are the same."""
        if self._first is None:
            return None
        first, _ = self._first
        if not same_time(question, first.question) or not same_ground(plan, first.plan, question.span):
            return None
        return in_common(plan, first.plan, question.given, first.question.given)


def _run(world: World, common: Common, tell: Progress) -> None:
    """Compute all but what is there already, in the order of the plan."""
    plan, done = world.plan, 0
    todo = len(plan.measures) + len(plan.consequences) + len(plan.checks)
    for one in plan.computed():
        done += 1
        if one.name in common.computed:
            continue
        tell(one.name, done - 1, todo)
        if isinstance(one, Consequence):
            follow(world, one)
        else:
            solve(world, one)
    for check in plan.checks.values():
        if check.name not in common.checks:
            found = watch(world, check) if isinstance(check, Duty) else verify(world, check)
            world.checked[check.name] = [*found]
    tell("tables", todo, todo)


def solve(world: World, measure: Measure) -> None:
    """Compute one measure; those it reads are there already."""
    match measure:
        case Formula():
            solve_each(world, measure, solve_formula(world, measure))
        case Pauses():
            solve_each(world, measure, solve_pauses(world, measure))
        case Bands():
            solve_each(world, measure, solve_bands(world, measure))
        case Fold(of_record=True):
            solve_each(world, measure, solve_history(world, measure))
        case Fold():
            solve_each(world, measure, solve_fold(world, measure))
        case Ledger():
            solve_each(world, measure, solve_ledger(world, measure))
        case Rank():
            solve_rank(world, measure)
        case Share():
            solve_share(world, measure)
        case Run():
            solve_run(world, measure)
