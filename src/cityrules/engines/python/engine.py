"""The readable reference engine: one cell after the other, exact numbers, no cleverness.

What it computes is written in `docs/engines.md`; other engines are compared with it row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs, Outcome, Progress, Question, check_given
from cityrules.engines.python.accept import take_in
from cityrules.engines.python.cells import solve_each
from cityrules.engines.python.checks import verify
from cityrules.engines.python.consequences import follow
from cityrules.engines.python.duties import watch
from cityrules.engines.python.folds import solve_fold
from cityrules.engines.python.formula import solve_bands, solve_formula
from cityrules.engines.python.history import History, solve_history
from cityrules.engines.python.ledgers import solve_ledger
from cityrules.engines.python.pauses import solve_pauses
from cityrules.engines.python.ranks import solve_rank
from cityrules.engines.python.records import Record
from cityrules.engines.python.runs import solve_run
from cityrules.engines.python.shares import solve_share
from cityrules.engines.python.tables import make_tables
from cityrules.engines.python.world import Watch, World
from cityrules.feel.tree import Value
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
    RecordAxis,
    Run,
    Share,
)
from cityrules.plan.views import WHOLE
from cityrules.results.facts import Days


@dataclass(frozen=True, slots=True)
class _Facts:
    """The accepted inputs, for explanation."""

    records: Mapping[tuple[str, str], Record]
    world: World

    @property
    def span(self) -> Span:
        return self.world.question.span

    @property
    def as_of(self) -> dt.datetime:
        return self.world.as_of

    def record(self, kind: str, key: str) -> Mapping[str, Value] | None:
        found = self.records.get((kind, key))
        return found.values if found else None

    def target(self, kind: str, name: str, day: dt.date | None = None) -> Mapping[str, Value] | None:
        return self.world.registry.facts(kind, name, day or self.world.question.span.last_day)

    def exists(self, kind: str, name: str, first: dt.date, last: dt.date) -> bool:
        return name == "" if kind == WHOLE else self.world.registry.exists(kind, name, first, last)

    def reached(self, axis: RecordAxis, target: str, days: Days | None) -> Iterator[str]:
        return (place.record.key for place in self.world.stream(axis).of(target, days))

    def counted_with(self, fold: Fold, key: str) -> Iterator[str]:
        own = self.records.get((fold.grain.kind, key))
        places = self.world.single_places(fold.grain.kind)
        return History(self.world, fold).keys(next(place for place in places if place.record is own))


class PythonEngine:
    """Evaluates a plan in pure Python. Times are taken to the second: a fraction of a second in `as_of` is dropped."""

    name = "python"

    def __init__(self, watch: Watch | None = None) -> None:
        """`watch` is shown every expression that is evaluated (for what a run has exercised)."""
        self._watch = watch

    def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
        """All result tables and the facts behind them. Raises `io.rows.DataError` for inputs without the columns that
        the plan declares, ValueError for given numbers with too many digits."""
        tell = progress or (lambda _stage, _done, _all: None)
        question = replace(question, as_of=question.as_of.replace(microsecond=0))
        tell("inputs", 0, 1)
        check_given(plan, question)
        world, rejects = take_in(plan, inputs, question, tell, self._watch)
        todo = len(plan.measures) + len(plan.consequences) + len(plan.checks)
        for done, one in enumerate(plan.computed()):
            tell(one.name, done, todo)
            if isinstance(one, Consequence):
                follow(world, one)
            else:
                solve(world, one)
        for check in plan.checks.values():
            if isinstance(check, Duty):
                watch(world, check)
            else:
                verify(world, check)
        tell("tables", todo, todo)
        every = [record for kind in world.records.values() for record in kind]
        every += [record for kind in world.rows.values() for record in kind.values()]
        facts = _Facts({(record.kind, record.key): record for record in every}, world)
        return Outcome(make_tables(world, rejects), facts)


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
