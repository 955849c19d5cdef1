"""Commands that ask what would change: an address under other values, lines and who stands near them."""

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

AddressArgument = Annotated[
    str, typer.Argument(metavar="ADDRESS", help="Where it stands: `parameters.fail_line.value`.")
]
FromOption = Annotated[str | None, typer.Option("--from", metavar="NUMBER", help="The first value.")]
ToOption = Annotated[str | None, typer.Option("--to", metavar="NUMBER", help="The last value, included.")]
StepOption = Annotated[str | None, typer.Option("--step", metavar="NUMBER", help="From one value to the next.")]
OfOption = Annotated[
    list[str] | None, typer.Option("--of", metavar="NAME", help="What to tell about: a measure, consequence or check.")
]


def sweep_command(
    scheme: SchemeArgument,
    address: AddressArgument,
    period: PeriodOption,
    first: FromOption = None,
    last: ToOption = None,
    step: StepOption = None,
    values: Annotated[
        str | None, typer.Option("--values", metavar="A,B,..", help="Values as they would stand in the document.")
    ] = None,
    of: OfOption = None,
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
    most: Annotated[int, typer.Option("--most", min=0, help="Targets named of one change; 0 for all.")] = 8,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Put many values at one address: how many verdicts of each sort, and who changes from value to value."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.sweeping import asked_values, tell

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        path, tried = asked_values(loaded, address, first, last, step, values)
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.sweep(path, tried, of=of or ())
        tell(loaded, found, period, engine.value, language, format.value, most, [*(reading or []), *(under or [])])


def cliffs_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    within: Annotated[
        str | None, typer.Option("--within", metavar="NUMBER", help="How far is near; else one unit of the last digit.")
    ] = None,
    of: OfOption = None,
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
    most: Annotated[int, typer.Option("--most", min=0, help="Rows of one line; 0 for all.")] = 20,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say who stands near a line, above or below: bounds, steps of ladders, thresholds in conditions."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.nearing import tell
        from cityrules.compare.questions.asking import distance

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        near = None if within is None else distance(within)
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.cliffs(near, of=of or ())
        changes = [*(reading or []), *(under or [])]
        tell(loaded, found, within, period, engine.value, language, format.value, most, changes)


def solve_command(
    scheme: SchemeArgument,
    address: AddressArgument,
    period: PeriodOption,
    first: Annotated[str, typer.Option("--from", metavar="NUMBER", help="The first value.")],
    last: Annotated[str, typer.Option("--to", metavar="NUMBER", help="The last value, included.")],
    wish: Annotated[
        str,
        typer.Option(
            "--wish", metavar="WISH", help="`grade = bad at most 10%`, `score < 60 at most 3`, `talk at least 1`."
        ),
    ],
    step: Annotated[str, typer.Option("--step", metavar="NUMBER", help="From one value to the next.")] = "1",
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
    most: Annotated[int, typer.Option("--most", min=0, help="Values in the table; 0 for all.")] = 40,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Find the values at one address for which a wish holds: which line fails at most 10 %."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.solving import tell
        from cityrules.cli.sweeping import canonical
        from cityrules.compare.questions.asking import value_row
        from cityrules.compare.questions.wishes import wish_of

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        path = canonical(loaded, address)
        value_row(first, last, step)
        wished = wish_of(wish, loaded.plan)
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.solve(path, between=(first, last), step=step, wish=wished)
        changes = [*(reading or []), *(under or [])]
        tell(loaded, found, period, engine.value, language, format.value, most, changes)


def sensitivity_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    step: Annotated[
        str | None,
        typer.Option("--step", metavar="PART", help="A part of each number, such as 0.05; else its last digit."),
    ] = None,
    only: Annotated[str | None, typer.Option("--only", metavar="ADDRESS", help="The numbers at or below it.")] = None,
    of: OfOption = None,
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
    most: Annotated[int, typer.Option("--most", min=0, help="Numbers in the table; 0 for all.")] = 20,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say which number in the scheme moves most verdicts: each one step down and up, on the same records."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.sweeping import canonical
        from cityrules.cli.weighing import tell
        from cityrules.compare.questions.asking import part

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        size = None if step is None else part(step)
        below = None if only is None else canonical(loaded, only)
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.sensitivity(step=size, only=below, of=of or ())
        changes = [*(reading or []), *(under or [])]
        tell(loaded, found, period, engine.value, language, format.value, most, changes)


def by_period_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    by: Annotated[
        str | None, typer.Option("--by", metavar="PERIOD", help="Count shorter periods in those of this kind: `year`.")
    ] = None,
    of: OfOption = None,
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
    most: Annotated[int, typer.Option("--most", min=0, help="Targets named of one change; 0 for all.")] = 8,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Show periods side by side: how many verdicts of each sort in each, and who has another grade than before."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.following import tell

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        given = Given(records, targets, binding, table, opening, corrections)
        with asking(loaded, given, period, as_of, engine, language) as study:
            found = study.by_period(by, of=of or ())
        changes = [*(reading or []), *(under or [])]
        tell(loaded, found, period, engine.value, language, format.value, most, changes)


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "sweep": sweep_command,
    "solve": solve_command,
    "cliffs": cliffs_command,
    "sensitivity": sensitivity_command,
    "by-period": by_period_command,
}
"""The functions by the name that is typed."""
