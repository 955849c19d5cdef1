"""How a check tells what it has found, and what keeps it silent. Knows entries by their address, no check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from cityrules.lint.stated.load import LoadedStatement
from cityrules.scheme.places import Path
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.source import Span

UNUSED: Final = "L93"


@dataclass(slots=True)
class Teller:
    """Puts findings into `report`, but for those that the statement silences."""

    stated: LoadedStatement
    report: Report
    used: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, code: str, path: Path, *, at: Span | None = None, **values: Any) -> None:
        """A finding about the entry that `path` lies in; `at` says the place better than the path does."""
        name = path[1]
        if name in self.stated.document.silenced.get(code, {}):
            self.used.add((code, name))
            return
        said = {"name": name, **{key: str(value) for key, value in values.items()}}
        at = at or self.stated.places.span(path)
        self.report.put(Diagnostic(code, at, ".".join(path), said, "finding"))

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
        for code, names in self.stated.document.silenced.items():
            for name in names:
                if (code, name) not in self.used:
                    path = ("silenced", code, name)
                    at = self.stated.places.key_span(path)
                    self.report.put(Diagnostic(UNUSED, at, ".".join(path), {"code": code, "name": name}, "finding"))
