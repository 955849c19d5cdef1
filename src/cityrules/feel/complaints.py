"""Where the passes of one expression leave their complaints. Knows offsets in the expression; `locate` the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from cityrules.text.diagnostic import Report
from cityrules.text.source import Span

Locate = Callable[[int, int], Span | None]


class Placed(Protocol):
    """Anything with characters of the expression: nodes of both trees."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def nowhere(_start: int, _end: int) -> Span | None:
    """The place of an expression that stands in no file."""
    return None


@dataclass(slots=True)
class Complaints:
    """Complaints about one expression, handed on to the report with their places in the file."""

    report: Report
    text: str
    locate: Locate = nowhere
    path: str = ""
    count: int = field(default=0, init=False)

    def add(self, code: str, start: int, end: int, **values: object) -> None:
        """Complain about the characters `start` up to `end`; an empty stretch is widened to one character."""
        start = max(0, min(start, len(self.text)))
        end = max(start, min(end, len(self.text)))
        if start == end:
            start, end = (start, end + 1) if end < len(self.text) else (max(0, start - 1), end)
        self.count += 1
        self.report.add(code, self.locate(start, end), self.path, severity="error", **values)

    def quote(self, start: int, end: int) -> str:
        """The characters themselves, shortened for a message."""
        found = self.text[start:end].strip()
        return found if len(found) <= 40 else found[:37] + "..."
