"""`cases`: worked cases proposed for a scheme, to the terminal or behind those of a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from cityrules.cases.suites import about_another, cases_beside
from cityrules.cli.console import progress
from cityrules.cli.failures import usage
from cityrules.cli.files import replace_text
from cityrules.loaded import SCHEME_FILE, Scheme, SchemeError, find, shipped, specs_folder
from cityrules.results.wording import wording
from cityrules.scheme.casebook import is_casebook, with_more_cases
from cityrules.scheme.document import CasesDocument
from cityrules.scheme.languages import language_of_text
from cityrules.text.diagnostic import Language, Report
from cityrules.text.files import read_file

if TYPE_CHECKING:
    from cityrules.testing.proposing.proposing import ProposedCases


def propose(thing: str, scheme: Scheme, out: Path | None, language: Language) -> None:
    """Propose cases for what neither the examples nor the cases in `out`, or in the file beside the scheme, exercise;
    write them to the terminal, into a new file or behind the cases of one; where there are none no file is made, for
    one without a case is none. Raises UsageError, SchemeError."""
    path = find(thing)
    known = out or cases_beside(path)
    there = _text(known) if known is not None and known.is_file() else None
    if there is not None and out is not None and not is_casebook(there):
        raise usage("CR1090", found=str(out))
    if there is not None and out is not None and (other := about_another(out, path)) is not None:
        raise usage("CR1095", found=str(out), scheme=other, asked=_named(path, out.parent))
    # What is written into a file is in its words, the rest in those of the scheme.
    words: Language = scheme.language if there is None else language_of_text(there, CasesDocument)
    with progress() as note:
        found = scheme.propose_cases(cases=known if there is not None else None, language=words, progress=note)
    if out is None and not found.proposals:
        typer.echo(_say("nothing_found" if found.left else "nothing_proposed", language))
        for line in found.foot(language):
            typer.echo(line)
        return
    if out is None:
        typer.echo(found.text(_named(path, path.parent), language), nl=False)
        return
    if there is None and found.proposals:
        out.write_text(found.text(_named(path, out.parent)), encoding="utf-8")
    elif there is not None and found.proposals:
        text = with_more_cases(there, found.cases())
        if text is None:
            raise usage("CR1091", found=str(out))
        replace_text(out, text)
    typer.echo(_summary(found, out, language))


def _text(path: Path) -> str:
    """Raises SchemeError for a file that cannot be read."""
    report = Report()
    source = read_file(path, report)
    if source is None:
        raise SchemeError(tuple(report))
    return source.text


def _named(scheme: Path, folder: Path) -> str:
    """How a file of cases in a folder names a scheme."""
    name = scheme.parent.name
    if (
        name in shipped()
        and scheme.resolve() == (specs_folder() / name / SCHEME_FILE).resolve()
        and scheme.parent != folder
    ):
        return name
    there = os.path.relpath(scheme.parent if scheme.name == SCHEME_FILE else scheme, folder)
    return there if there.startswith(".") else f"./{there}"


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
