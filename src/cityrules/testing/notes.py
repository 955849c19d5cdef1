"""What is noted while a worked case is compared: complaints at their places, and what differs. Knows no table."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from cityrules.testing.cells import Path, UnreadableError
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.source import Span

Address = str | tuple[str | None, ...]
"""The key of a record, or target, period and dimension."""
Writing = str | list[str] | dict[str, "str | list[str]"]
"""A value, cells or keys, or these with what is said of each."""


class Text(Protocol):
    """A text of the document."""

    @property
    def span(self) -> Span: ...


class Located(Protocol):
    """A document as far as an example needs it: where its addresses stand, None where nothing has a place."""

    def span(self, path: Path) -> Span | None: ...

    def locate_key(self, path: Path) -> Text | None: ...


@dataclass(frozen=True, slots=True)
class Difference:
    """What was expected at one place (`path`, from the top) of a case, and what came out: lines of text to be laid side
    by side, and the same as it would be `written`. `name` and `cells`: what it is about, and the cells (or keys of
    records, where `kind` says of which) that differ."""

    path: Path
    name: str
    wanted: tuple[str, ...]
    found: tuple[str, ...]
    written: Writing
    cells: tuple[Address, ...] = ()
    kind: str | None = None


class Notes:
    """Complaints about one case, which stands `at` a path of a document, by paths below it; and its differences, by
    the address of the complaint."""

    def __init__(self, name: str, at: Path, report: Report, document: Located) -> None:
        self.example, self.at, self.report, self.document = name, at, report, document
        self.differences: dict[str, Difference] = {}

    def add(self, code: str, path: Path, at_key: bool = False, **values: str) -> None:
        full = (*self.at, *path)
        key = self.document.locate_key(full) if at_key else None
        at = self.document.span(full) if key is None else key.span
        self.report.put(Diagnostic(code, at, ".".join(full), {"example": self.example, **values}))

    def differs(self, difference: Difference) -> None:
        """Keep what was expected at a path below the case, and what came out."""
        full = (*self.at, *difference.path)
        self.differences[".".join(full)] = replace(difference, path=full)

    def unreadable(self, error: UnreadableError) -> None:
        self.add(error.code, error.path, error.at_key, **error.values)
