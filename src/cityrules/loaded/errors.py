"""What is raised where there is no scheme or no result: every problem at once. Knows nothing of how they were found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cityrules.text.diagnostic import Diagnostic, Language

if TYPE_CHECKING:
    from cityrules.loaded.assessment import Assessment
    from cityrules.results.tables import Cell


class SchemeError(ValueError):
    """A document that does not pass the check. `diagnostics` holds every problem, in the order of the text."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        super().__init__(diagnostics)
        self.diagnostics = tuple(diagnostics)

    def show(self, language: Language | None = None) -> str:
        """All problems as text, with places and excerpts; without a language in that of the document's keywords."""
        from cityrules.text.show import show

        return "\n\n".join(show(diagnostic, language or diagnostic.words) for diagnostic in self.diagnostics)

    def __str__(self) -> str:
        return self.show()


class CheckFailed(ValueError):
    """A check with `otherwise: error` did not hold, so that there is no result. `problems` are the rows that say so;
    `assessment` is what they were found in: it holds for nothing, but can be asked `why`."""

    def __init__(self, problems: Sequence[Mapping[str, Cell]], assessment: Assessment) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)
        self.assessment = assessment

    def __str__(self) -> str:
        return "\n".join(
            f"{row['name']}: {row['record'] or ' '.join(str(p) for p in (row['target'], row['period']) if p)}"
            f" ({row['detail']})"
            for row in self.problems
        )
