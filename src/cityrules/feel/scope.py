"""What an expression is checked against: the names around it, and what has been proved where a part of it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Protocol

from cityrules.feel.facts import NOTHING, Facts
from cityrules.feel.lookup import Table
from cityrules.feel.tree import Binding, Tree, WorkingCalendar


@dataclass(frozen=True, slots=True)
class DayCount:
    """How working days are counted from one day to another. `included`: the first day counts, if it is one."""

    calendar: WorkingCalendar
    included: bool


class Scope(Protocol):
    """The names an expression may use. Implemented by the plan; the expression language knows no measures."""

    def resolve(self, path: tuple[str, ...]) -> Binding | Tree | None:
        """What a dotted name means: a value that is read, or an expression that the name stands for. The longest prefix
        is asked for first; the rest are properties of its value."""

    def names(self) -> Iterable[str]:
        """Every dotted name, for "did you mean"."""

    def table(self, name: str) -> Table | None:
        """The table of a name, as in `fee(class).rate`."""

    def call(self, function: str, arguments: tuple[tuple[str, ...] | None, ...]) -> Binding | Tree | str | None:
        """What a function over names means: `previous(score)`, `fired(talk)`; an expression as for `resolve`.

        Each argument is a dotted name, or None where it is something else. A property of the call is asked for
        together with it first (`function` is then `fired.last`). None: no such function; a text: the code of the
        diagnostic that says why not, with `found` as its value.
        """

    def day_count(self) -> DayCount | str:
        """How `working_days_between` counts; a text: the code of the diagnostic that says why it cannot."""


@dataclass(frozen=True, slots=True)
class Env:
    """`condition`: `=` with something missing is unknown. `certain`: the part is evaluated whatever the data."""

    facts: Facts = NOTHING
    condition: bool = False
    certain: bool = True

    def knowing(self, facts: Facts) -> Env:
        """The same place once more has been proved."""
        return replace(self, facts=self.facts.both(facts))

    def maybe(self) -> Env:
        """A part that may not be evaluated."""
        return replace(self, certain=False)
