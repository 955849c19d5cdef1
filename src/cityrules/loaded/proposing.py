"""Cases that the library proposes for a scheme: from its own text, its examples and the cases beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cityrules.loaded.covering import casebook, cover_cases
from cityrules.testing.proposing.bench import Bench
from cityrules.testing.proposing.proposing import ProposedCases, propose

if TYPE_CHECKING:
    from cityrules.engines.base import Progress
    from cityrules.loaded.scheme import Scheme
    from cityrules.scheme.document import ExampleBody
    from cityrules.text.diagnostic import Language


def propose_cases(
    scheme: Scheme, cases: str | Path | None, language: Language | None, progress: Progress | None = None
) -> ProposedCases:
    """Cases for what neither the examples of a scheme exercise nor the cases of a file. Raises SchemeError for a file
    of cases that is none."""
    known: dict[str, ExampleBody] = dict(scheme.document.examples)
    if cases is not None:
        known |= casebook(scheme, cases).document.cases
    coverage = cover_cases(scheme, cases, waiting=True)
    return propose(Bench(scheme.written, scheme.plan), coverage, known, language or scheme.language, progress)
