"""What follows for each part as far as it is known, and how that differs from what was told. Computes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, Literal

from cityrules.live.climbing import Row
from cityrules.live.parts import Part
from cityrules.results.tables import SHAPES, inner_columns, table_of
from cityrules.results.tables import Cell as Value

Difference = Literal["raised", "withdrawn"]

_TABLE: Final = "consequences"
# As engines fill it: rows are in the order of that table.
_COLUMNS: Final = inner_columns(_TABLE)
_PROVISIONAL: Final = _COLUMNS.index("provisional")
_Line = tuple[Value, ...]


class Following:
    """The rows of `consequences` of each part: those that are found now, and those that were told last."""

    def __init__(self) -> None:
        self._found: dict[Part, tuple[_Line, ...]] = {}
        self._told: dict[Part, tuple[_Line, ...]] = {}

    def refresh(self, parts: Iterable[Part], compute: Callable[[Part], Iterable[Row]]) -> None:
        """Compute what was touched. Where that raises, nothing has changed."""
        found: dict[Part, tuple[_Line, ...]] = {}
        for part in parts:
            before = self._found.get(part)
            if part.dirty or before is None:
                rows = tuple(sorted((tuple(row[name] for name in _COLUMNS) for row in compute(part)), key=_order))
                # What is the same stays the same object, so that nobody need look at it again.
                before = before if before == rows else rows
            found[part] = before
        for part in found:
            part.dirty = False
        self._found = found

    def rows(self) -> list[Row]:
        """All rows, in the order of their table."""
        return _shown(sorted((line for lines in self._found.values() for line in lines), key=_order))

    def differences(self) -> Iterator[tuple[Difference, Row, Part]]:
        """How the rows differ from those that were told when this was last asked, and the part in which each is or was;
        what is gone first. That a period is no longer open makes no other row."""
        before, self._told = self._told, self._found
        same = {part for part, lines in before.items() if self._found.get(part) is lines}
        gone, new = (
            [(line, part) for part in of if part not in same for line in of[part]] for of in (before, self._found)
        )
        both: tuple[tuple[Difference, list[tuple[_Line, Part]], list[tuple[_Line, Part]]], ...] = (
            ("withdrawn", gone, new),
            ("raised", new, gone),
        )
        for difference, those, others in both:
            there = Counter(_unmarked(line) for line, _ in others)
            only: list[tuple[_Line, Part]] = []
            for line, part in sorted(those, key=lambda one: _order(one[0])):
                there[_unmarked(line)] -= 1
                if there[_unmarked(line)] < 0:
                    only.append((line, part))
            for row, (_, part) in zip(_shown([line for line, _ in only]), only, strict=True):
                yield difference, row, part


def _shown(lines: list[_Line]) -> list[Row]:
    """Rows as a user sees them: a target by dimension in two columns."""
    names = SHAPES[_TABLE].names
    return [dict(zip(names, row, strict=True)) for row in table_of(_TABLE, lambda: iter(lines)).rows()]


def _order(line: _Line) -> tuple[tuple[bool, Any], ...]:
    return tuple((cell is not None, cell) for cell in line)


def _unmarked(line: _Line) -> _Line:
    """A row without what is only said of the moment: whether its period was still open."""
    return (*line[:_PROVISIONAL], *line[_PROVISIONAL + 1 :])
