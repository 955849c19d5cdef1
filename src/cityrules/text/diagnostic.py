"""Diagnostics as values: what is wrong, where, what was expected, how to mend it.

The sentences live as data under `messages/` (one file a room, Chinese and English side by side); this module holds
the value, the report that collects all of them, and the one way to show them. It knows no document and no engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cityrules.text.source import Span

Severity = Literal["error", "warning", "finding"]
"""A finding says what is left open in the text that a document is made from; the document itself may be good."""
Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One complaint.

    `code` is stable (`CR203`) and names an entry of the message catalogue. `at` is the offending text, or None for a
    document that was built from Python. `path` is the dotted address in the document, empty where there is none
    (`measures.score.rules.late.when`). `values` fill the placeholders of the sentence; by convention `found`,
    `expected` and `suggestion` are among them when they apply.
    """

    code: str
    at: Span | None = None
    path: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    severity: Severity = "error"
    words: Language = "en"
    """The language of the document's keywords, in which the words of the language are quoted."""


class Report:
    """Collects every diagnostic of one load, so that a user sees all problems at once.

    Keeps the first `LIMIT`; of a hostile document's million complaints the rest are only counted in `dropped`.
    """

    LIMIT = 1000

    def __init__(self) -> None:
        self._all: list[Diagnostic] = []
        self._known: set[tuple[object, ...]] = set()
        self._failed = False
        self.dropped = 0

    def add(
        self,
        code: str,
        at: Span | None = None,
        path: str = "",
        *,
        severity: Severity = "error",
        **values: object,
    ) -> None:
        """Note one diagnostic. The same complaint about the same place is kept once."""
        self.put(Diagnostic(code, at, path, {name: str(value) for name, value in values.items()}, severity))

    def put(self, found: Diagnostic) -> None:
        """Note a diagnostic that is made already. The same complaint about the same place is kept once."""
        at = found.at and (found.at.source.name, found.at.start, found.at.end)
        known = (found.code, at, found.path, found.severity, *sorted(found.values.items()))
        if known in self._known:
            return
        self._failed |= found.severity == "error"
        if len(self._all) == self.LIMIT:
            self.dropped += 1
            return
        self._known.add(known)
        self._all.append(found)

    def __iter__(self) -> Iterator[Diagnostic]:
        """In the order of the text; those without a place come last, in the order they were noted."""
        placed = sorted(
            (d for d in self._all if d.at is not None),
            key=lambda d: (d.at.source.name, d.at.start, d.code) if d.at else ("", 0, ""),
        )
        return iter([*placed, *(d for d in self._all if d.at is None)])

    def __len__(self) -> int:
        return len(self._all)

    @property
    def failed(self) -> bool:
        """Whether any diagnostic is an error."""
        return self._failed
