"""Commands on what verdicts hang on: which records would have to be otherwise, and what if any one is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer

from cityrules.cli.asked import Given, asking, language_of
from cityrules.cli.declared import (
    AsOfOption,
    BindingOption,
    CorrectionsOption,
    EngineOption,
    Engines,
    LangOption,
    OpeningOption,
    PeriodOption,
    ReadingOption,
    ReadingsFormats,
    RecordsOption,
    SchemeArgument,
    TableOption,
    TargetsOption,
    UnderOption,
)
from cityrules.cli.failures import speaking
from cityrules.cli.options import changed
from cityrules.loaded import load


def counterfactual_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    measure: Annotated[str, typer.Option("--measure", help="A measure, consequence or check.")],
    target: Annotated[str, typer.Option("--target", help="A target; `whole` for the whole city.")] = "whole",
    at: Annotated[str | None, typer.Option("--at", help="The period of the verdict, inside what is assessed.")] = None,
    wanted: Annotated[
        str | None,
        typer.Option("--wanted", help="A grade, number, place, step, `nothing`, `>= 60`; without it any other."),
    ] = None,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    corrections: CorrectionsOption = None,
    as_of: AsOfOption = None,
    engine: EngineOption = Engines.PYTHON,
    under: UnderOption = None,
    reading: ReadingOption = None,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Of the scheme, in each of the two searches.")] = 2_000,
    most: Annotated[int, typer.Option("--most", min=1, help="Sets, and records cleared too late.")] = 10,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say without which records a verdict would have come out otherwise, and by when one would have been in time."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.counterfactual import tell

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.counterfactual(measure, target, at, wanted=wanted, most=most, runs=runs)
        tell(loaded, found, period, engine.value, language, format.value, [*(reading or []), *(under or [])])


def robustness_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    of: Annotated[
        list[str] | None,
        typer.Option("--of", metavar="NAME", help="Measures, consequences, checks; else all grades and consequences."),
    ] = None,
    target: Annotated[str | None, typer.Option("--target", help="Only verdicts about this target.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="Only verdicts of this period.")] = None,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    corrections: CorrectionsOption = None,
    as_of: AsOfOption = None,
    engine: EngineOption = Engines.PYTHON,
    under: UnderOption = None,
    reading: ReadingOption = None,
    runs: Annotated[
        int, typer.Option("--runs", min=1, help="Changes that are tried, a run of the scheme each.")
    ] = 2_000,
    most: Annotated[int, typer.Option("--most", min=0, help="Verdicts that are shown; 0 for all.")] = 40,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say which grades and consequences would change if any one record were wrong."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.robustness import tell

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.robustness(of=of or (), target=target, period=at, runs=runs)
        tell(loaded, found, period, engine.value, language, format.value, most, [*(reading or []), *(under or [])])


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "counterfactual": counterfactual_command,
    "robustness": robustness_command,
}
"""The functions by the name that is typed."""
