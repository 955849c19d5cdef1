"""`mutate`: which small errors in a scheme its cases notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import typer

from cityrules.cases.suites import cases_beside
from cityrules.cli.console import progress
from cityrules.cli.failures import ERRORS, usage, warn
from cityrules.loaded import Scheme, find
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.suggest import nearest

if TYPE_CHECKING:
    from cityrules.testing.mutation.found import Mutation

ALL: Final = 100


def check_asked(fail_under: int) -> None:
    """Raises UsageError for a bound that is no percentage."""
    if not 0 <= fail_under <= ALL:
        raise usage("CR1060", found=str(fail_under))


def mutate(thing: str, scheme: Scheme, only: str | None, search: bool) -> Mutation:
    """What becomes of the mutants under the examples and the cases in the file beside the scheme. Raises UsageError for
    an address at which nothing is changed."""
    from cityrules.loaded.mutating import addresses

    cases = cases_beside(find(thing))
    with progress() as note:
        try:
            return scheme.mutate(cases, only=only, search=search, progress=note)
        except KeyError:
            known = {part for one in addresses(scheme) for part in _heads(one)}
            meant = nearest(only or "", sorted(known))
            raise usage("CR1080", found=only or "", **({"suggestion": meant} if meant else {})) from None


def _heads(address: str) -> list[str]:
    """An address and those around it."""
    parts = address.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def tell(found: Mutation, language: Language, as_json: bool, fail_under: int) -> int:
    """Write what was found; the exit code: 1 where less is noticed than asked for, or a case does not hold."""
    if not found.cases and not found.unusable:
        warn([Diagnostic("CR1081", values={"name": found.scheme})], language)
    if as_json:
        typer.echo(json.dumps(found.json(), ensure_ascii=False, indent=2))
    else:
        typer.echo(found.text(language), nl=False)
    if not found.reaches(fail_under):
        warn([Diagnostic("CR1082", values={"found": found.percent, "wanted": str(fail_under)})], language)
        return ERRORS
    return ERRORS if found.unusable else 0
