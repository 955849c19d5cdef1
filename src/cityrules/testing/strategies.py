"""Strategies of hypothesis: records, targets and whole inputs for a scheme, and random schemes.

What is drawn for a scheme lies at and beside the numbers, days and limits that the scheme itself names, and is made
smaller by hypothesis toward what a person can read; a random scheme, once something fails with it, by `reduced`. Needs
the extra `testing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from cityrules.io.grammar import NAME_COLUMN
from cityrules.plan.model import Plan
from cityrules.testing.drawing.dirt import dirtied
from cityrules.testing.drawing.drawn import Drawn, Row
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.random_schemes.reducing import reduced
from cityrules.testing.random_schemes.scheme import RandomScheme, make_scheme

try:
    import hypothesis
    from hypothesis import strategies as st
except ImportError as error:  # pragma: no cover - what is installed is not for a test to change
    raise ImportError('strategies need hypothesis: pip install "cityrules[testing]"') from error

__all__ = [
    "Drawn", "HypothesisChoices", "RandomScheme", "Row", "hypothesis", "inputs", "make_scheme", "records", "reduced",
    "schemes", "st", "targets",
]  # fmt: skip

T = TypeVar("T")
_PARTS = 1000
_SEEDS = 2**40


class Planned(Protocol):
    """A loaded scheme, as far as it is asked here."""

    @property
    def plan(self) -> Plan: ...


def inputs(
    scheme: Planned | Plan, *, dirty: bool = False, most: int = 8, period: str | None = None
) -> st.SearchStrategy[Drawn]:
    """Whole inputs: registered targets, up to `most` records of each dated kind, rows for the cells of the others.

    Good rows, each such as a careful person could have written; `dirty`: some cells missing, unknown, of another type,
    some rows late, twice or contradicted, and sometimes only what was known before the end. `period`: what is assessed
    (`2024`, `2024-01..2024-03`) instead of a year, or its first months, in which the scheme is in force. What is
    drawn shows itself as a worked case. Raises ValueError for a period that the scheme does not have.
    """
    plan = _plan(scheme)
    span = None if period is None else plan.periods.parse_span(period)

    @st.composite
    def whole(draw: st.DrawFn) -> Drawn:
        choices = HypothesisChoices(draw)
        drawn = Drawer(plan, choices, span).draw(most)
        return dirtied(plan, choices, drawn) if dirty else drawn

    return whole()


def records(scheme: Planned | Plan, kind: str, *, beside: Drawn | None = None) -> st.SearchStrategy[Row]:
    """One record of a dated kind: its texts by field. `beside`: inputs to which it is added; it has a key of its own
    there, and names what there is there. Raises KeyError for a kind that is not dated, or not one of records."""
    plan = _plan(scheme)
    if plan.records[kind].dated is None:
        raise KeyError(kind)
    span = None if beside is None else beside.span
    names = None if beside is None else _names(beside)

    @st.composite
    def one(draw: st.DrawFn) -> Row:
        drawer = Drawer(plan, HypothesisChoices(draw), span, names)
        return drawer.record(kind, beside or Drawn({}, {}, drawer.span))

    return one()


def targets(scheme: Planned | Plan, kind: str) -> st.SearchStrategy[tuple[Row, ...]]:
    """The rows of a kind of registered targets: texts by column. Raises KeyError for a kind that is not registered."""
    plan = _plan(scheme)
    if plan.kinds[kind].members != "registered":
        raise KeyError(kind)

    @st.composite
    def some(draw: st.DrawFn) -> tuple[Row, ...]:
        return Drawer(plan, HypothesisChoices(draw)).registered()[kind]

    return some()


def schemes(most: int = 8) -> st.SearchStrategy[RandomScheme]:
    """Random schemes over all constructs of the language, for whoever writes an engine or adds to the language.

    `inputs` draws rows for them. `most`: so many measures at most that chance alone draws; those that are wished for,
    since it would seldom draw them, and what reads them, come on top.

    What is drawn is a seed, which hypothesis cannot make smaller: `reduced` leaves out of a scheme what a failure does
    not need. `make_scheme` gives the scheme of a seed.
    """
    return st.integers(0, _SEEDS).map(lambda seed: make_scheme(seed, most))


def _plan(scheme: Planned | Plan) -> Plan:
    return scheme if isinstance(scheme, Plan) else scheme.plan


def _names(drawn: Drawn) -> dict[str, Sequence[str]]:
    return {kind: tuple(row[NAME_COLUMN] or "" for row in rows) for kind, rows in drawn.targets.items() if rows}


class HypothesisChoices:
    """The choices of hypothesis, by what draws within a strategy (`draw` of a composite, `data().draw`)."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def chance(self, of: float, simpler: bool = False) -> bool:
        """True in a share `of` all cases."""
        share = round(of * _PARTS)
        found: int = self._draw(st.integers(0, _PARTS - 1))
        return found < share if simpler else found >= _PARTS - share

    def pick(self, among: Sequence[T]) -> T:
        """One of several, the first of them the simplest."""
        number: int = self._draw(st.integers(0, len(among) - 1))
        return among[number]

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        found: int = self._draw(st.integers(0, high - low))
        return low + found

    def some(self, among: Sequence[T], number: int) -> list[T]:
        """So many different ones."""
        left, found = list(among), []
        for _ in range(number):
            found.append(left.pop(self.whole(0, len(left) - 1)))
        return found

    def repeat(self, most: int, make: Callable[[], object]) -> None:
        """Do something again and again; hypothesis can leave out any one of them."""
        self._draw(st.lists(st.builds(make), max_size=most))
