"""Commands on worked cases: run, proposed, and asked what they exercise and notice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cityrules.cli.asked import Given, language_of
from cityrules.cli.declared import (
    AsOfOption,
    BindingOption,
    CoverageFormats,
    ExampleEngines,
    LangOption,
    OpeningOption,
    ReadingOption,
    RecordsOption,
    SchemeArgument,
    Shown,
    TableOption,
    TargetsOption,
    UnderOption,
)
from cityrules.cli.failures import speaking
from cityrules.cli.options import changed
from cityrules.loaded import load


def cases_command(
    things: Annotated[
        list[str], typer.Argument(help="Schemes, files of cases, folders (all below them) or shipped names.")
    ],
    case: Annotated[
        list[str] | None, typer.Option("--case", metavar="NAME", help="Only the case of this name.")
    ] = None,
    engine: Annotated[
        ExampleEngines, typer.Option("--engine", help="What runs the cases; both: and must agree.")
    ] = ExampleEngines.PYTHON,
    update: Annotated[
        bool, typer.Option("--update", help="Accept what comes out: write it where the expectation stands.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Run worked cases: the examples of schemes, and the `cases.yaml` beside them. Exit code 1 where one fails."""
    language = language_of(lang)
    with speaking(language, follow=lang is None):
        from cityrules.cli.testing import run_test

        code = run_test(things, case or [], engine.value, update, language, lang is None)
    raise typer.Exit(code)


def coverage_command(
    scheme: SchemeArgument,
    period: Annotated[
        str | None, typer.Option("--period", help="Look at rows over this period instead of at the examples.")
    ] = None,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    as_of: AsOfOption = None,
    under: UnderOption = None,
    reading: ReadingOption = None,
    fail_under: Annotated[
        int, typer.Option("--fail-under", metavar="PERCENT", help="Exit 1 where less than this is exercised.")
    ] = 0,
    format: Annotated[CoverageFormats, typer.Option("--format")] = CoverageFormats.TEXT,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    lang: LangOption = None,
) -> None:
    """Say which rules, sides of conditions, special cases and boundaries the examples (or rows) exercise."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.covering import check_asked, cover, tell

        given = Given(records, targets, binding, table, opening, None)
        check_asked(given, period, as_of, fail_under, out)
        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        code = tell(cover(scheme, loaded, given, period, as_of, language), language, format.value, out, fail_under)
    raise typer.Exit(code)


def mutate_command(
    scheme: SchemeArgument,
    only: Annotated[
        str | None, typer.Option("--only", metavar="ADDRESS", help="Change only what stands at or below an address.")
    ] = None,
    search: Annotated[
        bool, typer.Option("--search/--no-search", help="Look for an input on which each survivor shows.")
    ] = True,
    fail_under: Annotated[
        int, typer.Option("--fail-under", metavar="PERCENT", help="Exit 1 where less than this is noticed.")
    ] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", help="A file of cases to write the proposed ones to, behind those it has.")
    ] = None,
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
) -> None:
    """Put one small error after another into a scheme, and say which of them its cases notice."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.mutating import check_asked, mutate, tell

        check_asked(fail_under, search, out)
        loaded = load(scheme, examples=False)
        language = voice.heed(loaded)
        found = mutate(scheme, loaded, only, search, out)
        code = tell(found, language, format is Shown.JSON, fail_under, out)
    raise typer.Exit(code)


def proposed_command(
    scheme: SchemeArgument,
    out: Annotated[
        Path | None, typer.Option("--out", help="A file of cases to write them to, behind those that it has.")
    ] = None,
    lang: LangOption = None,
) -> None:
    """Propose worked cases for what no example or case exercises, for you to confirm line by line."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.proposing import propose

        written = load(scheme, examples=False)
        propose(scheme, written, out, voice.heed(written))


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "test": cases_command,
    "coverage": coverage_command,
    "mutate": mutate_command,
    "cases": proposed_command,
}
"""The functions by the name that is typed."""
