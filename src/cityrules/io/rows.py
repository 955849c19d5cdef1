"""Input rows in one normal form: texts by column, whatever they came from. Engines read nothing else.

Making a text of a typed value is exact: `Decimal`, `int` and dates as written, a binary float by its shortest decimal
text (so 0.1 is `0.1`, and 0.1 + 0.2 has too many digits and is a reject). Turning texts into typed values is the
engines' work, by the one grammar of `docs/engines.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from cityrules.text.diagnostic import Diagnostic, Language


class DataError(Exception):
    """Inputs that cannot be read at all: a file that is not there, a column that is missing. Holds the diagnostics."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("; ".join(d.code for d in diagnostics))
        self.diagnostics = diagnostics

    def show(self, language: Language | None = None) -> str:
        """All problems as text; without a language in that of the keywords of the scheme or binding."""
        from cityrules.text.show import show

        return "\n\n".join(show(diagnostic, language or diagnostic.words) for diagnostic in self.diagnostics)

    def __str__(self) -> str:
        return self.show()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One input row. `number` is its place in the source as a person finds it: the line of a CSV file in which it
    begins, the row of a sheet, else its running number from 1; numbers rise. `bad`: a reason for which the row cannot
    be read at all (`encoding`, `columns`, `type`, `merged`); its texts are then for display only."""

    number: int
    texts: tuple[str | None, ...]
    bad: str | None = None


class Rows(Protocol):
    """A table of input rows. `columns` are the names found; `optional_columns`: a declared field may be absent from
    `columns` when it is optional (true for rows built in Python, false for files, where it is a spelling mistake)."""

    @property
    def name(self) -> str: ...

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def optional_columns(self) -> bool: ...

    def rows(self) -> Iterator[RawRow]: ...
