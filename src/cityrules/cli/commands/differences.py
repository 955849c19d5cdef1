"""Commands on two documents: what is different between them, and what that comes to on records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from cityrules.cli.asked import language_of
from cityrules.cli.declared import DiffFormats, LangOption, ReadingOption, SchemeArgument, UnderOption
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


COMMANDS: Final[Mapping[str, Callable[..., None]]] = {"diff": diff_command}
"""The functions by the name that is typed."""
