"""Where the commands write: tables on stdout, progress on stderr when that is a terminal. Knows rich, and no scheme."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from cityrules.text.show import visible

_WIDE = 120

Note = Callable[[str, int, int], None]


def out() -> Console:
    """The console for results. A file or pipe gets lines of a fixed width and no colour."""
    return onto(sys.stdout)


def onto(file: TextIO) -> Console:
    """A console that writes where it is told."""
    width = None if file.isatty() or "COLUMNS" in os.environ else _WIDE
    return _Console(file=file, width=width, highlight=False, markup=False, emoji=False)


class _Console(Console):
    """Rich would end the process with an error where a reader has closed the pipe."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def ready_streams() -> None:
    """Make stdout and stderr fit to be written to, whatever they are."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Closed by whoever started the command (`>&-`).
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - it stays open to the end
        elif hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character gets its number instead of an exception.
            stream.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Write no more to stdout, whose reader is gone; else Python would complain when it flushes at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def plain(text: object) -> Text:
    """A value as it is: nothing in it is taken for markup or for an order to the terminal."""
    return Text("" if text is None else visible(str(text)))


def show_table(console: Console, made: Table) -> None:
    """Write a table without the blanks that fill its lines."""
    with console.capture() as captured:
        console.print(made)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    console.out("\n".join(lines), highlight=False)


def table(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> Table:
    """A table; columns are names with `left` or `right`."""
    made = Table(box=SIMPLE, pad_edge=False)
    for name, side in columns:
        made.add_column(plain(name), justify="right" if side == "right" else "left", overflow="fold")
    for row in rows:
        made.add_row(*map(plain, row))
    return made


@contextmanager
def progress() -> Iterator[Note | None]:
    """What engines report their progress to; None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    shown = Progress(
        TextColumn("{task.description}", markup=False), BarColumn(),
        TextColumn("{task.fields[done]}"), TimeElapsedColumn(),
        console=Console(file=sys.stderr), transient=True,
    )  # fmt: skip
    with shown:
        task = shown.add_task("", total=None, done="")

        def note(stage: str, done: int, total: int) -> None:
            written = f"{done:,}/{total:,}" if total else f"{done:,}" if done else ""
            shown.update(task, description=visible(stage), completed=done, total=total or 0, done=written)
            if not total:
                # How much there is to read is not known: the bar only shows that something goes on.
                shown.tasks[0].total = None

        yield note
