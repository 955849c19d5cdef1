"""Source text and places in it. Knows characters, lines and columns; nothing of YAML or of schemes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count it: line and column from 1, the column in characters."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """One text with the name that messages call it by (usually the path the user gave). `cell`: it is what one cell or
    row of a sheet holds, and its name (`prices.xlsx!fees!C7`) is the whole place."""

    name: str
    text: str
    cell: bool = field(default=False, kw_only=True)
    _starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        object.__setattr__(self, "_starts", tuple(starts))

    def position(self, offset: int) -> Position:
        """Line and column of the character at `offset`; the end of the text counts as a place."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return Position(line, offset - self._starts[line - 1] + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of `line` and `column`, both counted from 0 as YAML marks count them."""
        return min(self._starts[min(line, len(self._starts) - 1)] + column, len(self.text))

    def line(self, number: int) -> str:
        """The text of line `number` (from 1) without its line break."""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True, slots=True)
class Span:
    """The characters `start` up to but not including `end` of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def position(self) -> Position:
        return self.source.position(self.start)

    def __str__(self) -> str:
        place = self.position
        if self.source.cell:
            return self.source.name
        return f"{self.source.name}:{place.line}:{place.column}"
