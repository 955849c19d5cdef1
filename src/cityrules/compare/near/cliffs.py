"""Lines that numbers are held against, and who stands near them: the answer about cliffs. Looks at nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from cityrules.results.format import fraction_text
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About

LineKind = Literal["band", "tier", "step", "condition"]
NEAR: Final = Shape(
    "near",
    (
        *map(Column, ("kind", "name", "label", "clause", "address", "line")),
        *map(Column, ("target_kind", "target", "dimension", "period", "record_kind", "record")),
        *map(Column, ("value", "bound", "distance", "within")),
        Column("reached", "flag"),
        *map(Column, ("result", "beyond")),
    ),
)
"""One row is a cell or record near a line. `value`, `bound`, `distance` (value less bound): exact, a fraction that has
no end as `n/d`. `reached`: whether what the line asks for holds. `result`, `beyond`: the band that a cell has,
and the one right behind the line; of a step, whether it is reached."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a number is held against. `owner`: the measure, consequence or check; `path`: where it stands; `text`: as
    written; `within`: how far is near."""

    kind: LineKind
    owner: str
    label: str | None
    clause: str | None
    path: str
    text: str
    within: Fraction


@dataclass(frozen=True, slots=True)
class Near:
    """A cell or record near a line. `result`, `beyond`: of bands what it has, and what stands right behind the line; of
    steps on this side of the line and on the other (None: nothing, or a condition, which says it by itself)."""

    line: Line
    about: About
    value: Fraction
    bound: Fraction
    reached: bool
    result: str | None = None
    beyond: str | None = None

    @property
    def distance(self) -> Fraction:
        """How far above the line it is; below it less than 0."""
        return self.value - self.bound


@dataclass(frozen=True, slots=True)
class Cliffs:
    """Who stands near which line. `lines`: all that were looked at, in the order in which they are computed."""

    lines: tuple[Line, ...]
    near: tuple[Near, ...]

    @property
    def table(self) -> Table:
        """All of it as one table of the shape `NEAR`."""
        return Table(NEAR, self._rows)

    def _rows(self) -> Iterator[Row]:
        for one in self.near:
            line, about = one.line, one.about
            yield (
                *(line.kind, line.owner, line.label, line.clause, line.path, line.text),
                *(getattr(about, name) for name in About.__slots__[1:]),
                *map(fraction_text, (one.value, one.bound, one.distance, line.within)),
                *(one.reached, one.result, one.beyond),
            )

    def to_json(self) -> dict[str, Any]:
        """The same for machines; exact numbers are texts."""
        names = NEAR.names
        quiet = [line for line in self.lines if all(one.line != line for one in self.near)]
        return {
            "near": [dict(zip(names, row, strict=True)) for row in self._rows()],
            "lines": len(self.lines),
            "nobody_near": [{"name": line.owner, "address": line.path, "line": line.text} for line in quiet],
        }


def by_line(near: Iterable[Near]) -> Mapping[Line, list[Near]]:
    """Who is near, line by line."""
    found: dict[Line, list[Near]] = {}
    for one in near:
        found.setdefault(one.line, []).append(one)
    return found
