"""Commands on two documents: what is different between them, and what that comes to on records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cityrules.cli.asked import Given, asking, language_of
from cityrules.cli.declared import (
    AsOfOption,
    BindingOption,
    CompareFormats,
    CorrectionsOption,
    DiffFormats,
    EngineOption,
    Engines,
    LangOption,
    OpeningOption,
    PeriodOption,
    ReadingOption,
    RecordsOption,
    SchemeArgument,
    TableOption,
    TargetsOption,
    UnderOption,
)
from cityrules.cli.failures import speaking


def diff_command(
    scheme: SchemeArgument,
    other: Annotated[
        str | None,
        typer.Argument(help="The document after; without it the first one under changes, or the first after its base."),
    ] = None,
    under: UnderOption = None,
    reading: ReadingOption = None,
    format: Annotated[
        DiffFormats, typer.Option("--format", help="overlay: a document based on the first, with what is otherwise.")
    ] = DiffFormats.TEXT,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    lang: LangOption = None,
) -> None:
    """Say what is different between two documents, by clause (Markdown); of a proposal alone, from its base."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.differing import compared, shown
        from cityrules.cli.files import put_report

        found = compared(scheme, other, under or [], reading or [])
        put_report(shown(found, format.value, voice.heed(found.after)), out)


def compare_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    other: Annotated[
        str | None,
        typer.Argument(help="The document after; without it the first one under changes, or the first after its base."),
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
    near: Annotated[bool, typer.Option("--near/--no-near", help="Say who stands near a line on either side.")] = True,
    within: Annotated[
        str | None, typer.Option("--within", metavar="NUMBER", help="How far is near; else one unit of the last digit.")
    ] = None,
    causes: Annotated[
        bool, typer.Option("--causes/--no-causes", help="Find by which changes of the text each difference came.")
    ] = True,
    runs: Annotated[
        int, typer.Option("--runs", min=2, help="Documents to look at for causes; with more, orders are drawn.")
    ] = 64,
    seed: Annotated[int, typer.Option("--seed", help="By which orders are drawn, where not all are looked at.")] = 1,
    most: Annotated[int, typer.Option("--most", min=0, help="Rows of each table in text and page; 0 for all.")] = 20,
    format: Annotated[
        CompareFormats, typer.Option("--format", help="csv: a file for each table, in the folder `--out`.")
    ] = CompareFormats.TEXT,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to; of csv a folder.")] = None,
    lang: LangOption = None,
) -> None:
    """Say what two documents come to on the same records: who is graded, ranked, paid and sanctioned otherwise, and by
    which clause."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.comparing import check_asked, tell
        from cityrules.cli.differing import compared
        from cityrules.compare.questions.asking import distance, runs_asked

        check_asked(format.value, out)
        runs_asked(runs)
        far = None if within is None else distance(within)
        two = compared(scheme, other, under or [], reading or [])
        language = voice.heed(two.before)
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(two.before, given, period, as_of, engine, language, two.after) as study:
            found = study.compare(two.after, near=near, within=far, causes=causes, runs=runs, seed=seed)
        tell(found, language, format.value, out, most)


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {"diff": diff_command, "compare": compare_command}
"""The functions by the name that is typed."""
