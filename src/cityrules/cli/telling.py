"""How answers to questions are told: sentences of one file on a console, and verdicts, targets and reasons in words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import typer
from rich.console import Console

from cityrules.cli.console import plain, show_table, table
from cityrules.io.write import csv_lines
from cityrules.loaded import Scheme
from cityrules.results.tables import Table
from cityrules.results.verdicts import About, Verdict
from cityrules.results.wording import wording
from cityrules.scheme.said import Said
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import show

_FILE: Final = "questions.yaml"
_OF_ALL: Final = "wording.yaml"
_REASONS: Final = 3
"""How many reasons of one value are told."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells about one scheme in one language. `most`: how many of one list are told, 0 for all."""

    scheme: Scheme
    language: Language
    console: Console
    most: int = 0

    def say(self, kind: str, **values: str) -> str:
        return wording(_FILE, "cityrules.cli").say(kind, values, self.language)

    def tell(self, kind: str, **values: str | None) -> None:
        """A sentence on a line; values that are None are not there."""
        given = {name: value for name, value in values.items() if value is not None}
        self.console.print(plain(self.say(kind, **given)), soft_wrap=True)

    def head(self) -> None:
        text = wording(_OF_ALL, "cityrules.cli")
        said = {"title": self.scheme.document.title, "scheme": self.scheme.name}
        self.console.print(plain(text.say("heading", said, self.language)), soft_wrap=True)

    def under(self, changes: Sequence[str]) -> None:
        """That it is not the document as it is written that was asked."""
        if changes:
            text = wording(_OF_ALL, "cityrules.cli").say("changes", {"changes": ", ".join(changes)}, self.language)
            self.console.print(plain(text), soft_wrap=True)

    def gap(self) -> None:
        self.console.print("")

    def show(self, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> None:
        show_table(self.console, table(columns, rows))

    def state(self, state: str) -> str:
        """A state of a verdict in words."""
        words = wording(_OF_ALL, "cityrules.cli").lists["verdict_states"]
        return words.get(state, {}).get(self.language, state)

    def verdict(self, verdict: Verdict) -> str:
        return self.state(verdict.state) if verdict.text is None else verdict.text

    def where(self, about: About) -> str:
        """A target in a period, or a record."""
        target = " / ".join(part for part in (about.target, about.dimension) if part)
        record = " ".join(part for part in (about.record_kind, about.record) if part)
        found = [record or target or self.say("whole"), about.period or ""]
        return " ".join(part for part in found if part)

    def some(self, told: Sequence[str]) -> dict[str, str]:
        """The first of many, and how many more there are."""
        shown = told[: self.most or None]
        left = len(told) - len(shown)
        return {"who": ", ".join(shown), **({"more": str(left)} if left else {})}

    def failures(self, failed: Iterable[tuple[str, Sequence[Diagnostic]]]) -> None:
        """The values that could not be run, those with the same reasons together; the first reasons of each."""
        alike: dict[tuple[tuple[str, str], ...], tuple[list[str], Sequence[Diagnostic]]] = {}
        for value, found in failed:
            # What a complaint quotes of the value itself differs.
            alike.setdefault(tuple((one.code, one.path) for one in found), ([], found))[0].append(value)
        for values, found in alike.values():
            self.gap()
            self.tell("value_failed", value=", ".join(values))
            for diagnostic in found[:_REASONS]:
                typer.echo(show(diagnostic, self.language))
            if len(found) > _REASONS:
                self.tell("more_rows", number=str(len(found) - _REASONS))

    def address(self, dotted: str) -> str:
        """An address as the document says it."""
        return Said(self.scheme.written).address(dotted)

    def called(self, name: str, label: str | None) -> str:
        return name if label in (None, name) else self.say("about", label=str(label), name=name)


def as_data(format: str, made: Table, data: Mapping[str, Any]) -> bool:
    """Write an answer as JSON, or its table as CSV, where that is asked for; whether it was."""
    if format == "json":
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    elif format == "csv":
        for line in csv_lines(made):
            sys.stdout.write(line)
    return format != "text"
