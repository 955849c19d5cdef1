"""Which value at an address makes a wish true: by bisection where it is proved that the count goes one way, else by a
run under every value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final, Literal

from cityrules.compare.basis import Basis, Variant, varied
from cityrules.compare.misplaced import misplaced
from cityrules.compare.questions.asking import kinds_asked, names_asked, ran, tried, value_row
from cityrules.compare.questions.rising import Doubt, Way, way_of
from cityrules.compare.questions.sweep import clause_at, written_at
from cityrules.compare.questions.wishes import Wish, wish_of
from cityrules.compare.unanswerable import Unanswerable
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import VerdictKind
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import to_json

Why = Way | Doubt | Literal["not_in_order"]

SOLUTION: Final = Shape(
    "solution",
    (
        *map(Column, ("address", "wish", "value")),
        *(Column(name, "integer") for name in ("number", "of")),
        Column("share"),
        Column("holds", "flag"),
        Column("failed"),
    ),
)
"""One row is a value that was run. `number`: what the wish counts; `of`: the cells that have a value (null: there is no
whole); `share`: the exact part. `failed`: the codes of why the value cannot be run."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A value that was run: what is counted, of how many cells, and whether the wish holds."""

    value: str
    number: int = 0
    of: int | None = None
    holds: bool = False
    failed: tuple[Diagnostic, ...] = ()

    @property
    def share(self) -> str | None:
        """The exact part of the cells that have a value; None without any."""
        return str(Fraction(self.number, self.of)) if self.of else None


@dataclass(frozen=True, slots=True)
class Solution:
    """The values of a row of `values` for which a wish holds: from the first to the last of each of the `ranges`, in
    their order. `proved`: that the count goes one way, which is `why` (`rises`, `falls`, `stays`), so that not every
    value had to be run; else `why` is what keeps it from being proved. `tried`: the values that were run, in their
    order; `as_written`: the document as it is."""

    address: str
    clause: str | None
    written: str | None
    wish: Wish
    values: tuple[str, ...]
    proved: bool
    why: Why
    ranges: tuple[tuple[str, str], ...]
    tried: tuple[Tried, ...]
    as_written: Tried

    @property
    def smallest(self) -> str | None:
        """The first value for which the wish holds; None where there is none."""
        return self.ranges[0][0] if self.ranges else None

    @property
    def largest(self) -> str | None:
        """The last value for which the wish holds; None where there is none."""
        return self.ranges[-1][1] if self.ranges else None

    @property
    def table(self) -> Table:
        """What was run, as one table of the shape `SOLUTION`."""
        return Table(SOLUTION, self._rows)

    def _rows(self) -> Iterator[Row]:
        for one in self.tried:
            codes = ", ".join(dict.fromkeys(each.code for each in one.failed)) or None
            counted = (None, None, None) if codes else (one.number, one.of, one.share)
            yield (self.address, str(self.wish), one.value, *counted, None if codes else one.holds, codes)

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """The same for machines; `language` is that of the reasons why a value could not be run."""
        return {
            "address": self.address,
            "clause": self.clause,
            "written": self.written,
            "wish": str(self.wish),
            "values": len(self.values),
            "proved": self.proved,
            "why": self.why,
            "smallest": self.smallest,
            "largest": self.largest,
            "ranges": [list(one) for one in self.ranges],
            "as_written": {"number": self.as_written.number, "of": self.as_written.of, "holds": self.as_written.holds},
            "tried": [
                {
                    "value": one.value,
                    "number": one.number,
                    "of": one.of,
                    "share": one.share,
                    "holds": one.holds,
                    "failed": [to_json(each, language) for each in one.failed],
                }
                for one in self.tried
            ],
        }


@dataclass(slots=True)
class _Row:
    """A row of values, of which each is run once, when it is asked for."""

    basis: Basis
    path: str
    values: tuple[str, ...]
    wish: Wish
    kinds: dict[str, VerdictKind]
    done: dict[int, Tried] = field(default_factory=dict)

    def at(self, place: int) -> Tried:
        found = self.done.get(place)
        if found is None:
            value = self.values[place]
            ours = tried(self.basis, self.variant(place), self.kinds)
            if ours.run.failed:
                found = Tried(value, failed=ours.run.failed)
            else:
                number, of = self.wish.count(ours, self.kinds[self.wish.counted.name])
                found = Tried(value, number, of, self.wish.holds(number, of))
            self.done[place] = found
        return found

    def variant(self, place: int) -> Variant:
        return varied(self.basis.loaded, {self.path: self.values[place]}, self.values[place])


def solve(basis: Basis, path: str, between: tuple[object, object], step: object, wish: str | Wish) -> Solution:
    """The values between two (both included), step by step, for which a wish holds. Raises Unanswerable for an address
    that the document does not have, for what is no row of values and for what is no wish; DataError where the document
    as it is cannot be run on the rows."""
    values = value_row(*between, step)
    asked = wish_of(wish, basis.plan)
    kinds = names_asked(basis.plan, kinds_asked(basis, (), ()), (asked.counted.name,))
    row = _Row(basis, path, values, asked, kinds)
    slips = misplaced(basis.loaded, path, [row.variant(0).failed])
    if slips:
        raise Unanswerable(*slips)
    number, of = asked.count(ran(basis, basis.plan, kinds), kinds[asked.counted.name])
    written = Tried(written_at(basis.loaded, path) or "", number, of, asked.holds(number, of))
    second = values[min(1, len(values) - 1)]
    why: Why = way_of(basis.loaded, path, (values[0], second, values[-1]), asked.counted)
    if why in ("rises", "falls", "stays"):
        ranges = _bisected(row, rises=(why == "rises") is (asked.side == "at least"))
        if ranges is None:
            why = "not_in_order"
    else:
        ranges = None
    proved = ranges is not None
    if ranges is None:
        ranges = _scanned(row)
    clause = clause_at(basis.loaded, path)
    done = tuple(row.done[place] for place in sorted(row.done))
    return Solution(path, clause, written_at(basis.loaded, path), asked, values, proved, why, ranges, done, written)


def _bisected(row: _Row, rises: bool) -> tuple[tuple[str, str], ...] | None:
    """Where the wish comes to hold with a rising value (`rises`), or no longer holds: between two values that were run,
    one beside the other. None where one of the row cannot be run: what is claimed of a range is claimed of each value
    in it."""
    first, last = 0, len(row.values) - 1
    if any(row.variant(place).plan is None for place in range(len(row.values))):
        return None
    ends = row.at(first), row.at(last)
    if any(one.failed for one in ends):
        return None
    if ends[0].holds and ends[1].holds:
        return ((row.values[first], row.values[last]),)
    if not ends[0].holds and not ends[1].holds:
        return ()
    if ends[1].holds is not rises:
        return None
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        found = row.at(middle)
        if found.failed:
            return None
        low, high = (low, middle) if found.holds is rises else (middle, high)
    return ((row.values[high], row.values[last]),) if rises else ((row.values[first], row.values[low]),)


def _scanned(row: _Row) -> tuple[tuple[str, str], ...]:
    """The values for which the wish holds, those that lie beside each other together."""
    ranges: list[tuple[str, str]] = []
    before = False
    for place, value in enumerate(row.values):
        holds = row.at(place).holds
        if holds and before:
            ranges[-1] = ranges[-1][0], value
        elif holds:
            ranges.append((value, value))
        before = holds
    return tuple(ranges)
