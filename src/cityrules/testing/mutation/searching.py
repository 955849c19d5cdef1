"""An input on which a mutant shows: of a case that does not look there, or drawn at random and made smaller row by row.

Runs a given engine, and counts its runs; the same plan is searched for in the same way each time.
Only what a worked case can state is compared: values, what follows, rows that are not used, problems, movements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cityrules.engines.base import Engine, Inputs, Outcome, Question
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan
from cityrules.results.format import fraction_text
from cityrules.results.tables import Cell
from cityrules.scheme.document import ExampleBody
from cityrules.testing.cells import UnreadableError
from cityrules.testing.drawing.drawn import Drawn
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.given import MOVEMENTS, Case, prepare

SEED: Final = 1
INPUTS: Final = 24
"""How many inputs are drawn for a scheme; each survivor is run on them until it shows."""
SMALLER: Final = 60
"""How often it is tried to make an input smaller."""

Stated = tuple[str, ...]
"""A row of results as far as a case can state it: the table, the name, the cell or record, and what is said of it."""

Answer = Counter[Stated] | None

STATED: Final[Mapping[str, tuple[str, ...]]] = {
    "values": ("measure", "target", "period", "dimension", "value", "state"),
    "record_values": ("measure", "record", "value", "state"),
    "consequences": ("consequence", "target", "period", "dimension", "record", "step"),
    "rejects": ("kind", "key", "reasons"),
    "problems": ("name", "target", "period", "dimension", "record"),
    MOVEMENTS: ("measure", "target", "period", "dimension", "rule", "record", "points"),
}
"""What is said of each row, by the name of its table; of the ledger what a rule moves in all by one record."""


@dataclass(frozen=True, slots=True)
class Found:
    """An input on which a scheme and a mutant differ: that of a `case`, or one that was `drawn`; and the rows that only
    the one or the other answers."""

    case: str
    drawn: Drawn | None
    only_here: tuple[Stated, ...]
    only_there: tuple[Stated, ...]

    @property
    def plain(self) -> bool:
        """Whether it shows in more than movements, which a person would rather read."""
        return any(row[0] != MOVEMENTS for row in (*self.only_here, *self.only_there))


@dataclass(slots=True)
class Searcher:
    """Searches for one plan. The same inputs are tried for each of its mutants; `runs`: those of the last search.

    `cases`: what is given by the cases that hold for this plan, by name."""

    plan: Plan
    engine: Engine
    cases: Mapping[str, ExampleBody]
    runs: int = 0
    _given: dict[str, tuple[Case, Counter[Stated]] | None] = field(default_factory=dict)
    _drawn: list[tuple[Drawn, Answer]] = field(default_factory=list)

    def among_cases(self, mutant: Plan) -> Found | None:
        """A case on whose input the mutant answers otherwise, if what the case expects does not tell."""
        return _plainest(self._of_case(name, mutant) for name in self.cases)

    def among_drawn(self, mutant: Plan) -> Found | None:
        """The smallest input found on which the mutant answers otherwise; None where none of those drawn is one."""
        found = _plainest(self._of_drawn(number, mutant) for number in range(INPUTS))
        return None if found is None else self._smallest(found, mutant)

    def _of_case(self, name: str, mutant: Plan) -> Found | None:
        known = self._case(name)
        if known is None:
            return None
        return _found(name, None, known[1], self._answer(mutant, known[0].inputs, known[0].question))

    def _of_drawn(self, number: int, mutant: Plan) -> Found | None:
        if number == len(self._drawn):
            drawn = Drawer(self.plan, f"{SEED} {number}").draw()
            self._drawn.append((drawn, self._answer(self.plan, drawn.inputs, drawn.question(self.plan))))
        drawn, here = self._drawn[number]
        return _found("", drawn, here, self._answer(mutant, drawn.inputs, drawn.question(mutant)))

    def _case(self, name: str) -> tuple[Case, Counter[Stated]] | None:
        if name not in self._given:
            try:
                case = prepare(name, self.cases[name], self.plan)
            except UnreadableError:
                self._given[name] = None
            else:
                here = self._answer(self.plan, case.inputs, case.question)
                self._given[name] = None if here is None else (case, here)
        return self._given[name]

    def _answer(self, plan: Plan, inputs: Inputs, question: Question) -> Answer:
        self.runs += 1
        try:
            return stated(self.engine.assess(plan, inputs, question))
        except (DataError, ValueError):
            return None  # What cannot be read at all, or what a measure can never be, is no case.

    def _smallest(self, found: Found, mutant: Plan) -> Found:
        tries, shrinking = SMALLER, True
        while shrinking and found.drawn is not None:
            shrinking = False
            for smaller in found.drawn.smaller():
                tries -= 1
                if tries < 0:
                    return found
                here = self._answer(self.plan, smaller.inputs, smaller.question(self.plan))
                there = self._answer(mutant, smaller.inputs, smaller.question(mutant))
                less = _found("", smaller, here, there)
                if less is not None and less.plain >= found.plain:
                    found, shrinking = less, True
                    break
        return found


def _plainest(found: Iterable[Found | None]) -> Found | None:
    """The first that shows in more than movements, else the first."""
    first = None
    for one in found:
        if one is not None and one.plain:
            return one
        first = first or one
    return first


def _found(case: str, drawn: Drawn | None, here: Answer, there: Answer) -> Found | None:
    """How two answers differ; None where they do not, or one of them is none."""
    if here is None or there is None or here == there:
        return None
    return Found(case, drawn, tuple((here - there).elements()), tuple((there - here).elements()))


def compared(one: Outcome, other: Outcome) -> Found | None:
    """How two answers about the same differ as far as cases can state it; None where they do not."""
    return _found("", None, stated(one), stated(other))


def stated(outcome: Outcome) -> Counter[Stated]:
    """The rows of an answer as far as cases can state them."""
    found: Counter[Stated] = Counter()
    for table, columns in STATED.items():
        if table == MOVEMENTS:
            continue
        names = outcome.tables[table].shape.names
        places = [names.index(column) for column in columns if column in names]
        found.update((table, *(_text(row[place]) for place in places)) for row in outcome.tables[table].rows())
    found.update(_moved(outcome))
    return found


def _moved(outcome: Outcome) -> Iterator[Stated]:
    """What each rule moves in all by each record, or by none."""
    table = outcome.tables["ledger"]
    (*by, points) = (table.shape.names.index(column) for column in STATED[MOVEMENTS])
    moved: dict[Stated, Fraction] = {}
    for row in table.rows():
        key = tuple(_text(row[place]) for place in by)
        number = row[points]
        assert isinstance(number, (Decimal, int))
        moved[key] = moved.get(key, Fraction(0)) + Fraction(number)
    yield from ((MOVEMENTS, *key, fraction_text(sum_)) for key, sum_ in moved.items())


def _text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
