"""The commands and their options. What they do lies in the modules beside this one."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from cityrules.cli.asked import Given, asked_for, assess, language_of
from cityrules.cli.console import drop_output, progress, ready_streams
from cityrules.cli.declared import (
    AsOfOption,
    BindingOption,
    Chains,
    CoverageFormats,
    EngineOption,
    Engines,
    ExampleEngines,
    Formats,
    Lang,
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
from cityrules.cli.failures import DEFECT, INTERRUPTED, USAGE, speaking, warn
from cityrules.cli.options import changed
from cityrules.cli.scaffolding import hint_at_labels
from cityrules.cli.usage import diagnosed, is_usage_error
from cityrules.io.write import make_folder
from cityrules.loaded import CheckFailed, load
from cityrules.text.diagnostic import Language

app = typer.Typer(
    name="cityrules",
    help="Check, score and explain assessment schemes. 检查、计算并说明考核办法。",
    epilog="Exit codes: 0 all is well; 1 the document or the data has errors; 2 wrong usage; 3 a defect.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    language = language_of(lang)
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
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.scoring import report

        if out is not None:
            # Before the work, so that none is lost.
            make_folder(out)
        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        assessment = assess(loaded, Given(records, targets, binding, table, opening), period, as_of, engine, language)
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
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.explaining import explain, tell
        from cityrules.results.in_words import in_words

        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        try:
            assessment = assess(
                loaded, Given(records, targets, binding, table, opening), period, as_of, engine, language
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


@app.command("coverage")
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

        given = Given(records, targets, binding, table, opening)
        check_asked(given, period, as_of, fail_under)
        written = load(scheme, examples=False)
        language = voice.heed(written)
        loaded = changed(written, under or [], reading or [])
        code = tell(cover(scheme, loaded, given, period, as_of, language), language, format.value, out, fail_under)
    raise typer.Exit(code)


@app.command("mutate")
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


@app.command("cases")
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
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.readings import tell

        loaded = load(scheme, examples=False)
        language = voice.heed(loaded)
        asked = asked_for(loaded, Given(records, targets, binding, table, opening), period, as_of, engine, language)
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
    with speaking(language_of(lang), follow=lang is None) as voice:
        written = load(scheme, examples=False)
        language = voice.heed(written)
        read = changed(written, under or [], reading or [])
        text = read.regulation(language)
        if out is None:
            typer.echo(text, nl=False)
        else:
            out.write_text(text, encoding="utf-8")
        hint_at_labels(read, language)


@app.command("template")
def template_command(
    scheme: SchemeArgument,
    out: Annotated[Path, typer.Option("--out", help="The workbook to write (.xlsx).")],
    lang: LangOption = None,
) -> None:
    """Write the tables of a scheme as a workbook to fill: a sheet for each, with the rows there are."""
    with speaking(language_of(lang), follow=lang is None) as voice:
        from cityrules.cli.scaffolding import run_template

        loaded = load(scheme, examples=False)
        run_template(loaded, out, voice.heed(loaded))


@app.command("live")
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


@app.command("fmt")
def fmt_command(
    things: Annotated[list[str], typer.Argument(help="Files, folders with scheme.yaml, or shipped names.")],
    lang: Annotated[Lang, typer.Option("--lang", help="The language of the keywords to write.")],
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 where something would change.")] = False,
    write: Annotated[bool, typer.Option("--write", help="Write into the files instead of to stdout.")] = False,
) -> None:
    """Write a document with Chinese or English keywords. Comments, order, quoting and layout stay as they are."""
    language = language_of(None)
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
    language = language_of(lang)
    with speaking(language, follow=lang is None):
        from cityrules.cli.linting import run_lint

        code = run_lint(things, language, format is Shown.JSON, lang is None)
    raise typer.Exit(code)


@app.command("test")
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


@app.command("new")
def new_command(
    folder: Annotated[Path, typer.Argument(help="The folder to make; its name is that of the scheme.")],
    lang: LangOption = None,
) -> None:
    """Begin a scheme: a folder with a document that passes the check, one worked example and a README."""
    language = language_of(lang)
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
    language = language_of(lang)
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
    cases: Annotated[bool, typer.Option("--cases", help="The schema of files of cases.")] = False,
) -> None:
    """Print the JSON Schema of the document, for editors; with `--lang zh` that of documents in Chinese keywords."""
    with speaking(language_of(lang)):
        from cityrules.io.binding.document import BindingDocument
        from cityrules.lint.stated.document import AsStated
        from cityrules.scheme.document import CasesDocument, Document
        from cityrules.scheme.schema import text

        spoken: Language = "zh" if lang is Lang.ZH else "en"
        if binding:
            made = text(spoken, BindingDocument, "binding")
        elif cases:
            made = text(spoken, CasesDocument, "cases")
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
    return language_of(Lang(after[0]) if after and after[0] in list(Lang) else None)
