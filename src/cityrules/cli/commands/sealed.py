"""Commands on what was decided before: held against what is known now, and sealed results checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Final

import typer

from cityrules.cli.asked import Given, asked_for, language_of, warn_of_unused
from cityrules.cli.console import progress
from cityrules.cli.declared import (
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
    Shown,
    TableOption,
    TargetsOption,
    UnderOption,
)
from cityrules.cli.failures import speaking, usage
from cityrules.cli.options import changed, instant
from cityrules.loaded import load


def appeals_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    decided: Annotated[
        str, typer.Option("--decided", metavar="DAY", help="What was decided on the knowledge of then.")
    ],
    now: Annotated[
        str | None,
        typer.Option("--now", metavar="DAY", help="Against then; without it when the last correction was known."),
    ] = None,
    corrections: CorrectionsOption = None,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    engine: EngineOption = Engines.PYTHON,
    under: UnderOption = None,
    reading: ReadingOption = None,
    every: Annotated[bool, typer.Option("--every", help="Tell of measures that others read, too.")] = False,
    still: Annotated[
        bool, typer.Option("--still", help="Nothing but corrections is known since, and no time has gone by.")
    ] = False,
    most: Annotated[int, typer.Option("--most", min=0, help="Lines of one list; 0 for all.")] = 40,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say which verdicts would be decided otherwise now that records were corrected, annulled or entered late."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.appeals import tell

        before, after = instant(decided), instant(now)
        written = load(scheme, examples=False)
        language = voice.heed(written)
        if before is not None and after is not None and after < before:
            raise usage("CR1160", found=str(now), decided=decided)
        loaded = changed(written, under or [], reading or [])
        given = Given(records, targets, binding, table, opening, corrections)
        asked = asked_for(loaded, given, period, None, engine, language)
        with progress() as note:
            assert before is not None
            found = loaded.study(**asked, progress=note).since(before, after, every=every, still=still)
        warn_of_unused(found.unusable, language)
        tell(loaded, found, period, engine.value, language, format.value, most)


def verify_command(
    file: Annotated[str, typer.Argument(help="A sealed result, as `score --seal` writes it.")],
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    corrections: CorrectionsOption = None,
    engine: Annotated[
        Engines | None, typer.Option("--engine", help="Another than the one that it was computed on.")
    ] = None,
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
) -> None:
    """Check a sealed result: every digest, and every table by computing it again."""
    language = language_of(lang)
    with speaking(language, follow=lang is None):
        from cityrules.cli.sealing import handed_in, tell
        from cityrules.loaded.bundle import open_bundle

        bundle = open_bundle(file)
        given = handed_in(bundle, Given(records, targets, binding, table, opening, corrections))
        with progress() as note:
            found = bundle.verify(**given, engine=engine.value if engine is not None else None, progress=note)
        code = tell(bundle, found, language, format is Shown.JSON)
    raise typer.Exit(code)


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {"appeals": appeals_command, "verify": verify_command}
"""The functions by the name that is typed."""
