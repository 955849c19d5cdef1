"""`mutate`: which small errors in a scheme its cases notice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from cityrules.cases.suites import cases_beside
from cityrules.cli.casefiles import CaseFile, named_from
from cityrules.cli.console import progress
from cityrules.cli.failures import ERRORS, usage, warn
from cityrules.loaded import Scheme, find
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.suggest import nearest

if TYPE_CHECKING:
    from cityrules.testing.mutation.found import Mutation

ALL: Final = 100


def check_asked(fail_under: int, search: bool, out: Path | None) -> None:
    """Raises UsageError for a bound that is no percentage, and for a file to which nothing would be written."""
    if not 0 <= fail_under <= ALL:
        raise usage("CR1060", found=str(fail_under))
    if out is not None and not search:
        raise usage("CR1068", found=str(out))


def mutate(thing: str, scheme: Scheme, only: str | None, search: bool, out: Path | None) -> Mutation:
    """What becomes of the mutants under the examples and the cases in `out`, or where that is not there yet in the file
    beside the scheme; what is proposed is written to `out`. Raises UsageError for an address at which
    nothing is changed and for a file that cannot be written so, SchemeError for one that cannot be read."""
    from cityrules.loaded.mutating import addresses

    path = find(thing)
    file = None if out is None else CaseFile.to_write(out, path)
    cases = file.path if file is not None and file.text is not None else cases_beside(path)
    with progress() as note:
        try:
            words = None if file is None else file.words(scheme.language)
            found = scheme.mutate(cases, only=only, search=search, language=words, progress=note)
        except KeyError:
            known = {part for one in addresses(scheme) for part in _heads(one)}
            meant = nearest(only or "", sorted(known))
            raise usage("CR1080", found=only or "", **({"suggestion": meant} if meant else {})) from None
    if file is not None and found.proposed:
        file.put(found.casebook(named_from(path, file.path.parent)), found.case_texts())
    return found


def _heads(address: str) -> list[str]:
    """An address and those around it."""
    parts = address.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def tell(found: Mutation, language: Language, as_json: bool, fail_under: int, out: Path | None) -> int:
    """Write what was found, and how many cases went to `out`; the exit code: 1 where less is noticed than asked for, or
    a case does not hold."""
    if not found.cases and not found.unusable:
        warn([Diagnostic("CR1081", values={"name": found.scheme})], language)
    if as_json:
        typer.echo(json.dumps(found.json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(found.text(language), nl=False)
    if out is not None:
        values = {"document": str(out), "number": str(len(found.proposed))}
        typer.echo(wording("wording.yaml", "cityrules.cli").say("noticing", values, language), err=as_json)
    if not found.reaches(fail_under):
        warn([Diagnostic("CR1082", values={"found": found.percent, "wanted": str(fail_under)})], language)
        return ERRORS
    return ERRORS if found.unusable else 0
