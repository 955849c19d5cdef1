"""Where the commands write: tables on stdout, progress on stderr when that is a terminal. Knows rich, and no scheme."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

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
    terminal = sys.stdout.isatty()
    width = None if terminal or "COLUMNS" in os.environ else _WIDE
    return Console(file=sys.stdout, width=width, highlight=False, markup=False, emoji=False)


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
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn(),
        console=Console(file=sys.stderr), transient=True,
    )  # fmt: skip
    stages: dict[str, int] = {}
    with shown:

        def note(stage: str, done: int, total: int) -> None:
            task = stages.get(stage)
            if task is None:
                task = stages[stage] = shown.add_task(visible(stage))
            shown.update(task, completed=done, total=total or None)  # type: ignore[arg-type]

        yield note
