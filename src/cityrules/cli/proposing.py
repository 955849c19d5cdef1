"""`cases`: worked cases proposed for a scheme, to the terminal or behind those of a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cityrules.cases.suites import cases_beside
from cityrules.cli.casefiles import CaseFile, named_from
from cityrules.cli.console import progress
from cityrules.loaded import Scheme, find
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language

if TYPE_CHECKING:
    from cityrules.testing.proposing.proposing import ProposedCases


def propose(thing: str, scheme: Scheme, out: Path | None, language: Language) -> None:
    """Propose cases for what neither the examples nor the cases in `out`, or in the file beside the scheme, exercise;
    write them to the terminal, into a new file or behind the cases of one; where there are none no file is made, for
    one without a case is none. Raises UsageError, SchemeError."""
    path = find(thing)
    beside = cases_beside(path)
    file = CaseFile.to_write(out, path) if out is not None else None if beside is None else CaseFile.at(beside)
    # What is written into a file is in its words, the rest in those of the scheme.
    words = scheme.language if file is None else file.words(scheme.language)
    known = None if file is None or file.text is None else file.path
    with progress() as note:
        found = scheme.propose_cases(cases=known, language=words, progress=note)
    if out is None and not found.proposals:
        typer.echo(_say("nothing_found" if found.left else "nothing_proposed", language))
        for line in found.foot(language):
            typer.echo(line)
        return
    if out is None or file is None:
        typer.echo(found.text(named_from(path, path.parent), language), nl=False)
        return
    if found.proposals:
        file.put(found.text(named_from(path, out.parent)), found.cases())
    typer.echo(_summary(found, out, language))


def _summary(found: ProposedCases, out: Path, language: Language) -> str:
    values = {
        "document": str(out),
        "number": str(len(found.proposals)),
        "parts": str(len(found.reached)),
        "left": str(len(found.left)),
    }
    return _say("proposed", language, **values)


def _say(kind: str, language: Language, **values: str) -> str:
    return wording("wording.yaml", "cityrules.cli").say(kind, values, language)
