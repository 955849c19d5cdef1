"""Commands on documents: written, checked, told to people and to programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cityrules.cli.asked import language_of
from cityrules.cli.declared import (
    ExampleEngines,
    Lang,
    LangOption,
    ReadingOption,
    SchemeArgument,
    Shown,
    UnderOption,
)
from cityrules.cli.failures import speaking
from cityrules.cli.files import put_report
from cityrules.cli.options import changed
from cityrules.cli.scaffolding import hint_at_labels
from cityrules.loaded import load
from cityrules.text.diagnostic import Language


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
        put_report(text, out)
        hint_at_labels(read, language)


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
        put_report(text, out)


def schema_command(
    out: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    lang: LangOption = None,
    binding: Annotated[bool, typer.Option("--binding", help="The schema of bindings.")] = False,
    stated: Annotated[bool, typer.Option("--stated", help="The schema of what a text declares.")] = False,
    cases: Annotated[bool, typer.Option("--cases", help="The schema of files of cases.")] = False,
    editions: Annotated[bool, typer.Option("--editions", help="The schema of editions by date.")] = False,
) -> None:
    """Print the JSON Schema of the document, for editors; with `--lang zh` that of documents in Chinese keywords."""
    with speaking(language_of(lang)):
        from cityrules.io.binding.document import BindingDocument
        from cityrules.lint.stated.document import AsStated
        from cityrules.scheme.document import CasesDocument, Document
        from cityrules.scheme.editions import EditionsDocument
        from cityrules.scheme.schema import text

        spoken: Language = "zh" if lang is Lang.ZH else "en"
        if binding:
            made = text(spoken, BindingDocument, "binding")
        elif cases:
            made = text(spoken, CasesDocument, "cases")
        elif editions:
            made = text(spoken, EditionsDocument, "editions")
        else:
            made = text(spoken, AsStated, "stated") if stated else text(spoken, Document)
        put_report(made, out)


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {
    "new": new_command,
    "check": check_command,
    "lint": lint_command,
    "fmt": fmt_command,
    "read": read_command,
    "template": template_command,
    "models": models_command,
    "schema": schema_command,
}
"""The functions by the name that is typed."""
