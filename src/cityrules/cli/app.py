"""The commands and their options. What they do lies in the modules beside this one."""

from __future__ import annotations

import datetime as dt
import enum
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from cityrules.cli.console import drop_output, progress, ready_streams
from cityrules.cli.failures import DEFECT, INTERRUPTED, USAGE, speaking, warn
from cityrules.cli.options import (
    calendar_ends,
    caps_begin_before,
    changed,
    instant,
    kinds_and_files,
    nobody_registered,
    span_of,
    tables_and_files,
)
from cityrules.cli.usage import diagnosed, is_usage_error
from cityrules.io.write import make_folder
from cityrules.loaded import Assessment, CheckFailed, EngineName, Scheme, load
from cityrules.text.diagnostic import Language

if TYPE_CHECKING:
    from cityrules.calendar.periods import Span
    from cityrules.io.binding.inputs import Binding

app = typer.Typer(
    name="cityrules",
    help="Check, score and explain assessment schemes. 检查、计算并说明考核办法。",
    epilog="Exit codes: 0 all is well; 1 the document or the data has errors; 2 wrong usage; 3 a defect.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Lang(enum.StrEnum):
    EN = "en"
    ZH = "zh"


class Engines(enum.StrEnum):
    PYTHON = "python"
    DUCKDB = "duckdb"


class ExampleEngines(enum.StrEnum):
    PYTHON = "python"
    DUCKDB = "duckdb"
    BOTH = "both"


class Chains(enum.StrEnum):
    DURABLE = "durable"
    PLAIN = "plain"


class Formats(enum.StrEnum):
    CSV = "csv"
    PARQUET = "parquet"
    JSON = "json"
    XLSX = "xlsx"


class ReadingsFormats(enum.StrEnum):
    TEXT = "text"
    CSV = "csv"
    JSON = "json"


class Shown(enum.StrEnum):
    TEXT = "text"
    JSON = "json"


SchemeArgument = Annotated[str, typer.Argument(help="A scheme file, a folder with scheme.yaml, or a shipped name.")]
LangOption = Annotated[
    Lang | None, typer.Option("--lang", envvar="CITYRULES_LANG", help="Language; without it that of the system.")
]
RecordsOption = Annotated[list[str] | None, typer.Option("--records", metavar="KIND=FILE", help="Rows of a kind.")]
TargetsOption = Annotated[list[str] | None, typer.Option("--targets", metavar="KIND=FILE", help="Targets of a kind.")]
BindingOption = Annotated[
    Path | None, typer.Option("--binding", help="How the tables of a host become records and targets.")
]
TableOption = Annotated[list[str] | None, typer.Option("--table", metavar="NAME=FILE", help="A table of the binding.")]
PeriodOption = Annotated[str, typer.Option("--period", help="2015, 2015-03, 2015-Q1, 2015-H1 or 2008-08..2009-02.")]
OpeningOption = Annotated[
    Path | None, typer.Option("--opening", help="The table `values` of an earlier assessment, to go on from.")
]
AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="What was known then, local time; without it the end of the period.")
]
EngineOption = Annotated[Engines, typer.Option("--engine", help="The results are the same.")]
UnderOption = Annotated[
    list[str] | None, typer.Option("--under", metavar="PATH=VALUE", help="A change of the document, by its address.")
]
ReadingOption = Annotated[
    list[str] | None, typer.Option("--reading", metavar="NAME=OPTION", help="Another reading than the chosen one.")
]


@app.command("check")
def check_command(
    things: Annotated[list[str], typer.Argument(help="Files, folders (every scheme.yaml below) or shipped names.")],
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
    examples: Annotated[bool, typer.Option("--examples/--no-examples", help="Run the worked examples.")] = True,
    engine: Annotated[
        ExampleEngines, typer.Option("--engine", help="What runs the worked examples; both: and must agree.")
    ] = ExampleEngines.PYTHON,
    binding: Annotated[Path | None, typer.Option("--binding", help="A binding to check against the document.")] = None,
) -> None:
    """Check documents: text, form, names and types, readings, worked examples; and a binding for them."""
    language = _language(lang)
    with speaking(language, follow=lang is None):
        from cityrules.cli.checking import run_check

        code = run_check(things, language, format is Shown.JSON, examples, lang is None, binding, engine.value)
    raise typer.Exit(code)


@app.command("score")
def score_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    as_of: AsOfOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="The folder for the result tables.")] = None,
    format: Annotated[Formats, typer.Option("--format")] = Formats.CSV,
    engine: EngineOption = Engines.PYTHON,
    under: UnderOption = None,
    reading: ReadingOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when any row could not be used.")] = False,
    lang: LangOption = None,
) -> None:
    """Assess all targets, write every result table, and show a summary."""
    with speaking(_language(lang), follow=lang is None) as voice:
        from cityrules.cli.scoring import report

        if out is not None:
            # Before the work, so that none is lost.
            make_folder(out)
        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        assessment = _assess(loaded, _Given(records, targets, binding, table, opening), period, as_of, engine, language)
        changes = [*(reading or []), *(under or [])]
        code = report(loaded, assessment, period, language, out, format.value, strict, changes)
    raise typer.Exit(code)


@app.command("why")
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
    with speaking(_language(lang), follow=lang is None) as voice:
        from cityrules.cli.explaining import explain, tell
        from cityrules.results.in_words import in_words

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        try:
            assessment = _assess(
                loaded, _Given(records, targets, binding, table, opening), period, as_of, engine, language
            )
        except CheckFailed as failed:
            # That there is no result is what is to be explained, or what the rest of it hangs on.
            assessment = failed.assessment
        explanation = explain(assessment, target, record, at, measure, depth)
        tell(
            in_words(explanation, loaded.language, loaded.plan.rows),
            language,
            format is Shown.JSON,
            most,
            [*(reading or []), *(under or [])],
        )


@app.command("readings")
def readings_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    records: RecordsOption = None,
    targets: TargetsOption = None,
    binding: BindingOption = None,
    table: TableOption = None,
    opening: OpeningOption = None,
    as_of: AsOfOption = None,
    engine: EngineOption = Engines.PYTHON,
    most: Annotated[int, typer.Option("--most", min=0, help="Verdicts of one reading; 0 for all.")] = 40,
    format: Annotated[ReadingsFormats, typer.Option("--format")] = ReadingsFormats.TEXT,
    lang: LangOption = None,
) -> None:
    """Say which verdicts depend on how the text is read: every option of every reading, on the same records."""
    with speaking(_language(lang), follow=lang is None) as voice:
        from cityrules.cli.readings import tell

        loaded = load(scheme, examples=False)
        language = voice.heed(loaded)
        asked = _asked(loaded, _Given(records, targets, binding, table, opening), period, as_of, engine, language)
        with progress() as note:
            found = loaded.readings(**asked, progress=note)
        tell(loaded, found, period, engine.value, language, format.value, most)


@app.command("read")
def read_command(
    scheme: SchemeArgument,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    under: UnderOption = None,
    reading: ReadingOption = None,
    lang: LangOption = None,
) -> None:
    """Write a scheme as plain regulation text with its examples, for a person to sign (Markdown)."""
    with speaking(_language(lang), follow=lang is None) as voice:
        written = load(scheme, examples=False)
        language = voice.heed(written)
        text = changed(written, under or [], reading or []).regulation(language)
        if out is None:
            typer.echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8")


@app.command("live")
def live_command(
    scheme: SchemeArgument,
    period: PeriodOption,
    events: Annotated[str, typer.Option("--events", metavar="FILE", help="Events, a line of JSON each; `-`: stdin.")],
    journal: Annotated[
        Path | None, typer.Option("--journal", help="A file to keep the events in, and go on from.")
    ] = None,
    chain: Annotated[Chains, typer.Option("--chain", help="What walks the ladders; the results are the same.")] = (
        Chains.DURABLE
    ),
    under: UnderOption = None,
    reading: ReadingOption = None,
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
) -> None:
    """Take events as they come, and print each consequence as it is raised or withdrawn."""
    with speaking(_language(lang), follow=lang is None) as voice:
        from cityrules.cli.living import known_period, run_live

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        run_live(loaded, known_period(loaded, period), events, journal, chain.value, language, format is Shown.JSON)


@app.command("fmt")
def fmt_command(
    things: Annotated[list[str], typer.Argument(help="Files, folders with scheme.yaml, or shipped names.")],
    lang: Annotated[Lang, typer.Option("--lang", help="The language of the keywords to write.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where something would change.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write into the files instead of to stdout.")] = False,
) -> None:
    """Write a document with Chinese or English keywords. Comments, order, quoting and layout stay as they are."""
    language = _language(None)
    with speaking(language):
        from cityrules.cli.formatting import run_fmt

        code = run_fmt(things, lang.value, check, write, language)
    raise typer.Exit(code)


@app.command("lint")
def lint_command(
    things: Annotated[
        list[str], typer.Argument(help="Files `as-stated.yaml`, folders (all below), schemes or shipped names.")
    ],
    format: Annotated[Shown, typer.Option("--format")] = Shown.TEXT,
    lang: LangOption = None,
) -> None:
    """Say what a text leaves open, from what it declares, and what the rules of a scheme can never do."""
    language = _language(lang)
    with speaking(language, follow=lang is None):
        from cityrules.cli.linting import run_lint

        code = run_lint(things, language, format is Shown.JSON, lang is None)
    raise typer.Exit(code)


@app.command("new")
def new_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is that of the scheme.")],
    lang: LangOption = None,
) -> None:
    """Begin a scheme: a folder with a document that passes the check, one worked example and a README."""
    language = _language(lang)
    with speaking(language):
        from cityrules.cli.scaffolding import run_new

        code = run_new(folder, language, language)
    raise typer.Exit(code)


@app.command("models")
def models_command(
    scheme: SchemeArgument,
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    lang: LangOption = None,
) -> None:
    """Print the source of typed pydantic models of the records and targets, for a host to import."""
    language = _language(lang)
    with speaking(language, follow=lang is None):
        from cityrules.model.source import models_source

        text = models_source(load(scheme, examples=False).plan)
        if out is None:
            typer.echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8")


@app.command("schema")
def schema_command(
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    lang: LangOption = None,
    binding: Annotated[bool, typer.Option("--binding", help="The schema of bindings.")] = False,
    stated: Annotated[bool, typer.Option("--stated", help="The schema of what a text declares.")] = False,
) -> None:
    """Print the JSON Schema of the document, for editors; with `--lang zh` that of documents in Chinese keywords."""
    with speaking(_language(lang)):
        from cityrules.io.binding.document import BindingDocument
        from cityrules.lint.stated.document import AsStated
        from cityrules.scheme.document import Document
        from cityrules.scheme.schema import text

        spoken: Language = "zh" if lang is Lang.ZH else "en"
        if binding:
            made = text(spoken, BindingDocument, "binding")
        else:
            made = text(spoken, AsStated, "stated") if stated else text(spoken, Document)
        if out is None:
            typer.echo(made, nl=False)
        else:
            out.write_text(made, encoding="utf-8")


def run() -> int:
    """The command line as a whole; returns the exit code. No exception leaves, save for the interrupt of a user."""
    ready_streams()
    try:
        code = app(standalone_mode=False)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0 if end.code is None else DEFECT
    except typer.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return 0
    except Exception as problem:
        if not is_usage_error(problem):
            raise
        if type(problem).__name__ == "NoArgsIsHelpError":
            app(["--help"], standalone_mode=False)
        else:
            commands = [command.name for command in app.registered_commands if command.name]
            warn([diagnosed(problem, commands, sys.argv[1:])], _spoken(sys.argv[1:]))
        return USAGE
    return code if isinstance(code, int) else 0


def _spoken(arguments: Sequence[str]) -> Language:
    """The language that a call asks for which could not be understood."""
    said = " ".join(arguments).replace("--lang=", "--lang ").split()
    after = said[said.index("--lang") + 1 :][:1] if "--lang" in said else [os.environ.get("CITYRULES_LANG", "")]
    return _language(Lang(after[0]) if after and after[0] in list(Lang) else None)


@dataclass(frozen=True)
class _Given:
    """What was given of inputs, as it was written."""

    records: list[str] | None
    targets: list[str] | None
    binding: Path | None
    tables: list[str] | None
    opening: Path | None


def _assess(
    scheme: Scheme, given: _Given, period: str, as_of: str | None, engine: Engines, language: Language
) -> Assessment:
    asked = _asked(scheme, given, period, as_of, engine, language)
    with progress() as note:
        return scheme.assess(**asked, progress=note)


class _Asked(TypedDict):
    """The options as arguments of `Scheme.assess` and `Scheme.readings`."""

    records: dict[str, Any]
    targets: dict[str, Any]
    period: Span
    as_of: dt.datetime | None
    engine: EngineName
    binding: Binding | None
    opening: Path | None


def _asked(
    scheme: Scheme, given: _Given, period: str, as_of: str | None, engine: Engines, language: Language
) -> _Asked:
    """The options as values; warns of what is likely to surprise."""
    span = span_of(period, scheme.plan.periods)
    moment = instant(as_of)
    rows = kinds_and_files(given.records or [], "--records", scheme.plan.records)
    members = kinds_and_files(given.targets or [], "--targets", scheme.plan.kinds)
    binding = scheme.binding(given.binding) if given.binding is not None else None
    tables = tables_and_files(given.tables or [], binding.tables if binding is not None else None)
    bound = binding.kinds if binding is not None else frozenset()
    warn(
        [
            *nobody_registered(scheme.plan, {*members, *bound}),
            *calendar_ends(scheme.plan, moment, span),
            *caps_begin_before(scheme.plan, span),
        ],
        language,
    )
    return {
        "records": {**rows, **tables},
        "targets": members,
        "period": span,
        "as_of": moment,
        "engine": engine.value,
        "binding": binding,
        "opening": given.opening,
    }


def _language(lang: Lang | None) -> Language:
    """The language that was asked for, else that of the system's settings, else English."""
    if lang is not None:
        return lang.value
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((text for text in settings if text), "").lower().startswith("zh") else "en"
