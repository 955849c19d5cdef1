"""A question that a scheme cannot be asked, and why. Knows diagnostics only."""

from __future__ import annotations

from cityrules.text.diagnostic import Diagnostic


class Unanswerable(ValueError):
    """A question that cannot be asked of this scheme. Holds the diagnostics that say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(*(diagnostic.code for diagnostic in diagnostics))
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        from cityrules.text.show import show

        return "\n".join(show(one, one.words) for one in self.diagnostics)
