"""How a check tells what it has found in what a text declares. Knows entries by their address, no check."""

from __future__ import annotations

from typing import Any

from cityrules.lint.silences import Silences
from cityrules.lint.stated.load import LoadedStatement
from cityrules.scheme.places import Path
from cityrules.text.diagnostic import Report
from cityrules.text.source import Span


class Teller:
    """Puts findings into `report`, but for those that the statement silences."""

    def __init__(self, stated: LoadedStatement, report: Report) -> None:
        self.stated = stated
        self._silences = Silences(stated.document.silenced, stated.places, report)

    def tell(self, code: str, path: Path, *, at: Span | None = None, **values: Any) -> None:
        """A finding about the entry that `path` lies in; `at` says the place better than the path does."""
        self._silences.put(code, path[1], path, at, values)

    def written(self, path: Path) -> str:
        """The text at an address as it stands in the file, in the words of its language."""
        node = self.stated.places.value(path)
        return node.span.text.strip("\"'") if node is not None else "-"

    def written_key(self, path: Path) -> str:
        """The key at an address as it stands in the file."""
        node = self.stated.places.key(path)
        return node.span.text if node is not None else path[-1]

    def unused(self) -> None:
        """Tell which silences keep nothing silent."""
        self._silences.unused()
