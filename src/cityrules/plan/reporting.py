"""Where the plan's complaints go: codes and values at addresses of the document. Knows the document only by address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from cityrules.scheme.document import Document
from cityrules.text.diagnostic import Diagnostic, Report, Severity
from cityrules.text.source import Span
from cityrules.text.suggest import nearest

Address = tuple[str, ...]

MOST_SUGGESTIONS = 50
"""Complaints after which no more names are looked for."""


class Text(Protocol):
    """One text of the document and where its characters stand in the file."""

    @property
    def span(self) -> Span: ...

    def part(self, start: int, end: int) -> Span: ...


class Loaded(Protocol):
    """A document that passed the scheme room, and where its values stand; nowhere, for one built in Python."""

    @property
    def document(self) -> Document: ...

    def locate(self, path: Address) -> Text | None:
        """The text at an address, None where there is none."""
        ...

    def span(self, path: Address) -> Span | None:
        """The best place for an address: the value, else the key, else the nearest thing around it."""
        ...

    def locate_key(self, path: Address) -> Text | None:
        """The key at an address, None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Reporter:
    """Takes complaints about addresses of one document."""

    loaded: Loaded
    report: Report

    @property
    def patient(self) -> bool:
        """Whether to look for what was probably meant: in a flood of complaints that takes longer than it helps."""
        return len(self.report) < MOST_SUGGESTIONS

    def refuse(self, code: str, path: Address, **values: object) -> None:
        """Complain about what stands at an address."""
        self.put(code, self.loaded.span(path), path, values)

    def refuse_key(self, code: str, path: Address, **values: object) -> None:
        """Complain about the key at an address."""
        key = self.loaded.locate_key(path)
        self.put(code, self.loaded.span(path) if key is None else key.span, path, values)

    def warn(self, code: str, path: Address, *, at_key: bool = False, **values: object) -> None:
        """Point out what has no effect where it stands, and so was probably meant otherwise."""
        key = self.loaded.locate_key(path) if at_key else None
        self.put(code, self.loaded.span(path) if key is None else key.span, path, values, "warning")

    def put(
        self, code: str, at: Span | None, path: Address, values: Mapping[str, object], severity: Severity = "error"
    ) -> None:
        """Complain about some characters of what stands at an address."""
        said = {name: str(value) for name, value in values.items()}
        self.report.put(Diagnostic(code, at, ".".join(path), said, severity))

    def refuse_name(self, code: str, path: Address, found: str, known: Iterable[str], **values: object) -> None:
        """Complain about a name nobody knows, with those that are known and the one that was probably meant.

        It stands as value or, where the path ends with it, as key.
        """
        names = list(dict.fromkeys(known))
        meant = nearest(found, names) if self.patient else None
        suggestion = {"suggestion": meant} if meant else {}
        complain = self.refuse_key if path[-1] == found else self.refuse
        complain(code, path, found=found, expected=listed(names), **suggestion, **values)


def listed(names: Iterable[str], most: int = 12) -> str:
    """Names for a message, shortened where there are many."""
    given = list(names)
    return ", ".join(given[:most]) + (", ..." if len(given) > most else "") if given else "-"
