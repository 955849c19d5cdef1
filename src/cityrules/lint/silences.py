"""What keeps a finding silent: the reasons that a file states, by code and by what it is about. Knows no check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cityrules.scheme.places import Path, Places
from cityrules.text.diagnostic import Diagnostic, Report, Severity
from cityrules.text.source import Span

UNUSED: Final = "L93"


@dataclass(slots=True)
class Silences:
    """Puts findings into `report`, but for those silenced in the file that `places` are of."""

    reasons: Mapping[str, Mapping[str, str]]
    places: Places
    report: Report
    used: set[tuple[str, str]] = field(default_factory=set)

    def put(
        self,
        code: str,
        name: str,
        path: Path,
        at: Span | None,
        values: Mapping[str, object],
        severity: Severity = "finding",
    ) -> None:
        """A finding about what is called `name`, at an address; `at` says the place better than the address does."""
        if name in self.reasons.get(code, {}):
            self.used.add((code, name))
            return
        said = {"name": name, **{key: str(value) for key, value in values.items()}}
        self.report.put(Diagnostic(code, at or self.places.span(path), ".".join(path), said, severity))

    def unused(self) -> None:
        """Tell which silences keep nothing silent."""
        for code, names in self.reasons.items():
            for name in names:
                if (code, name) not in self.used:
                    path = ("silenced", code, name)
                    at = self.places.key_span(path)
                    self.report.put(Diagnostic(UNUSED, at, ".".join(path), {"code": code, "name": name}, "finding"))
