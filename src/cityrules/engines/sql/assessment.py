"""One assessment from inputs to tables: every measure, consequence and check in the order of the plan."""

from __future__ import annotations

from dataclasses import replace

from cityrules.engines.base import Inputs, Outcome, Progress, Question, check_given
from cityrules.engines.sql.accept import take_in
from cityrules.engines.sql.consequences import decide, verify
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


def assess(
    plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None, threads: int | None = None
) -> Outcome:
    """All result tables and the facts behind them."""
    tell = progress or (lambda _stage, _done, _all: None)
    question = replace(question, as_of=question.as_of.replace(microsecond=0))
    check_given(plan, question)
    session = Session(threads)
    tables = [rows for kinds in (inputs.records, inputs.targets) for sources in kinds.values() for rows in sources]
    session.lock([path for rows in tables if (path := path_of(rows)) is not None])
    todo = len(plan.measures) + len(plan.consequences) + len(plan.checks)
    tell("inputs", 0, todo)
    accepted = take_in(session, plan, inputs, question)
    results = Results(accepted.world, accepted.taken)
    done = 0
    for one in plan.computed():
        tell(one.name, done, todo)
        if isinstance(one, Consequence):
            follow = climb if one.ladder is not None else decide
            follow(results.world, one, results.told)
        else:
            solve(results, one)
        done += 1
    for check in plan.checks.values():
        tell(check.name, done, todo)
        if isinstance(check, Duty):
            watch(results.world, check, results.told)
        else:
            verify(results.world, check, results.told)
        done += 1
    tell("tables", todo, todo)
    return Outcome(make_tables(results), SqlFacts(results.world))


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
