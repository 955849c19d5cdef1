"""`fmt`: documents with their keywords in the other language, to stdout, into the file, or only compared."""

from __future__ import annotations

import typer

from cityrules.cli.failures import ERRORS, UsageError, usage
from cityrules.cli.files import replace_text
from cityrules.io.binding.document import BindingDocument
from cityrules.lint.stated.document import AsStated
from cityrules.loaded import SchemeError, find
from cityrules.results.wording import wording
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument, Document
from cityrules.scheme.editions import EditionsDocument
from cityrules.text.diagnostic import Language, Report
from cityrules.text.files import read_file


def run_fmt(things: list[str], to: Language, check: bool, write: bool, language: Language) -> int:
    """Convert documents; the exit code. With `check` nothing is written and a document in other words is an error.

    Raises UsageError, SchemeError.
    """
    if check and write:
        raise usage("CR616", one="--check", other="--write")
    if len(things) > 1 and not (check or write):
        raise usage("CR617", number=str(len(things)))
    made = [(find(thing), *_converted(thing, to)) for thing in things]
    if not (check or write):
        typer.echo(made[0][2], nl=False)
        return 0
    changed = [(path, new) for path, old, new in made if new != old]
    for path, new in changed:
        if write:
            replace_text(path, new)
        kind = "rewritten" if write else "would_rewrite"
        typer.echo(wording("wording.yaml", "cityrules.cli").say(kind, {"document": str(path)}, language))
    return ERRORS if check and changed else 0


def _converted(thing: str, to: Language) -> tuple[str, str]:
    """The text of a document, and the text in the words of a language."""
    report = Report()
    source = read_file(find(thing), report)
    if source is None:
        raise UsageError(*report)
    new = convert(source, to, report, (Document, BindingDocument, AsStated, CasesDocument, EditionsDocument))
    if new is None:
        raise SchemeError(tuple(report))
    return source.text, new
