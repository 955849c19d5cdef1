"""Commands on records: assessed, explained, read in every way a text allows, and taken as they come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cityrules.cli.asked import Given, asking, assess, language_of, scheme_or_editions
from cityrules.cli.declared import (
    AsOfOption,
    BindingOption,
    Chains,
    CorrectionsOption,
    EngineOption,
    Engines,
    Formats,
    LangOption,
    OpeningOption,
    PeriodOption,
    ReadingOption,
    ReadingsFormats,
    RecordsOption,
    SchemeArgument,
    Shown,
    TableOption,
    TargetsOption,
    UnderOption,
)
from cityrules.cli.failures import speaking
from cityrules.cli.options import changed
from cityrules.io.write import make_folder
from cityrules.loaded import CheckFailed, load


def score_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    corrections: CorrectionsOption = None,
    as_of: AsOfOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder for the result tables.")] = None,
    format: Annotated[Formats, typer.Option("--format")] = Formats.CSV,
    engine: EngineOption = Engines.PYTHON,
    under: UnderOption = None,
    reading: ReadingOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when any row could not be used.")] = False,
    seal: Annotated[
        Path | None, typer.Option("--seal", metavar="FILE", help="Write a sealed result, for `verify`.")
    ] = None,
    without_inputs: Annotated[
        bool, typer.Option("--without-inputs", help="Seal the digests of the rows, not the rows.")
    ] = False,
    lang: LangOption = None,
) -> None:
    """Assess all targets, write every result table, and show a summary."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.scoring import report
        from cityrules.cli.sealing import check_seal, put_seal

        if out is not None:
            # Before the work, so that none is lost.
            make_folder(out)
        written = scheme_or_editions(scheme)
        check_seal(seal, without_inputs, written)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        assessment = assess(
            loaded, Given(records, targets, binding, table, opening, corrections), period, as_of, engine, language
        )
        changes = [*(reading or []), *(under or [])]
        code = report(loaded, assessment, period, language, out, format.value, strict, changes)
        if seal is not None:
            put_seal(assessment, seal, inputs=not without_inputs, language=language)
    raise typer.Exit(code)


def why_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    target: Annotated[str | None, typer.Option("--target", help="A target; `whole` for the whole city.")] = None,
    record: Annotated[str | None, typer.Option("--record", metavar="KIND=KEY", help="A single record.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="The period to explain, inside what is assessed.")] = None,
    measure: Annotated[str | None, typer.Option("--measure", help="A measure, consequence or check; else all.")] = None,
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
    depth: Annotated[int, typer.Option("--depth", min=0, max=20, help="Cells below the one asked for.")] = 4,
    most: Annotated[int, typer.Option("--most", min=0, help="Lines of one branch; 0 for all.")] = 40,
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
) -> None:
    """Explain a value: every movement, bound, place and step, down to the clause and the record."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.explaining import explain, tell

        written = scheme_or_editions(scheme)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        try:
            assessment = assess(
                loaded, Given(records, targets, binding, table, opening, corrections), period, as_of, engine, language
            )
        except CheckFailed as failed:
            # That there is no result is what is to be explained, or what the rest of it hangs on.
            assessment = failed.assessment
        explanation = explain(assessment, target, record, at, measure, depth)
        tell(
            explanation,
            language,
            format is Shown.JSON,
            most,
            [*(reading or []), *(under or [])],
        )


def readings_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    corrections: CorrectionsOption = None,
    as_of: AsOfOption = None,
    engine: EngineOption = Engines.PYTHON,
    most: Annotated[int, typer.Option("--most", min=0, help="Verdicts of one reading; 0 for all.")] = 40,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say which verdicts depend on how the text is read: every option of every reading, on the same records."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.readings import tell

        loaded = load(scheme, examples=False)
        language = voice.heed(loaded)
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.readings()
        tell(loaded, found, period, engine.value, language, format.value, most)


def live_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    events: Annotated[str, typer.Option("--events", metavar="FILE", help="Events, a line of JSON each; `-`: stdin.")],
    journal: Annotated[
        Path | None, typer.Option("--journal", help="A file to keep the events in, and go on from.")
    ] = None,
    revised: Annotated[
        bool, typer.Option("--revised", help="Go on with a journal that was kept under another text of the document.")
    ] = False,
    opening: OpeningOption = None,
    chain: Annotated[Chains, typer.Option("--chain", help="What walks the ladders; the results are the same.")] = (
        Chains.DURABLE
    ),
    under: UnderOption = None,
    reading: ReadingOption = None,
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
) -> None:
    """Take events as they come, and print each consequence as it is raised or withdrawn."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.living import known_period, run_live
        from cityrules.live import Session

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        span, as_json = known_period(loaded, period), format is Shown.JSON
        with Session(
            loaded, period=span, chain=chain.value, journal=journal, revised=revised, opening=opening
        ) as session:
            run_live(session, events, language, as_json)


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "score": score_command,
    "why": why_command,
    "readings": readings_command,
    "live": live_command,
}
"""The functions by the name that is typed."""
