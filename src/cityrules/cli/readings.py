"""`readings`: which verdicts depend on how the text is read, as text, CSV or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Final, Literal

import typer
from rich.console import Console

from cityrules.cli.console import out, plain, show_table, table
from cityrules.io.write import csv_lines
from cityrules.loaded import Scheme
from cityrules.results.dependence import CHOSEN, Dependence, Dependent, ReadingResult
from cityrules.results.verdicts import Verdict
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import show

ReadingsFormat = Literal["text", "csv", "json"]

_WHOLE: Final = "whole"


def tell(
    scheme: Scheme, found: Dependence, period: str, engine: str, language: Language, format: ReadingsFormat, most: int
) -> None:
    """Write what was found to stdout. `most`: how many verdicts of one reading the text shows, 0 for all."""
    if format == "json":
        typer.echo(json.dumps(found.to_json(language), ensure_ascii=False, indent=2))
    elif format == "csv":
        for line in csv_lines(found.table):
            sys.stdout.write(line)
    else:
        _Told(scheme, found, language, out(), most).show(period, engine)


class _Told:
    """The text about all readings on one console."""

    def __init__(self, scheme: Scheme, found: Dependence, language: Language, console: Console, most: int) -> None:
        self._scheme = scheme
        self._found = found
        self._language: Language = language
        self._console = console
        self._most = most or None
        labels = scheme.document.labels
        # What an option is called is told beside its name, by which it is asked for (`--reading NAME=OPTION`).
        self._called = {} if labels is None else labels.zh if language == "zh" else labels.en

    def show(self, period: str, engine: str) -> None:
        self._print("heading", title=self._scheme.document.title, scheme=self._scheme.name)
        self._print("readings_of", period=period, engine=engine)
        quiet = [one for one in self._found.readings if not one.dependents and not one.failed]
        for one in self._found.readings:
            if one not in quiet:
                self._reading(one)
        self._console.print("")
        for one in quiet:
            self._print("reading_moves_nothing", **self._named(one))
        self._print("dependence", depend=str(self._found.depend), same=str(self._found.same))

    def _reading(self, one: ReadingResult) -> None:
        self._console.print("")
        self._print("reading", **self._named(one), question=one.question)
        if one.chosen is not None:
            self._print("reading_chosen", chosen=one.chosen, because=one.because)
        else:
            self._print("reading_unchosen", because=one.because)
        for option, reasons in one.failed.items():
            self._print("option_failed", option=option)
            for diagnostic in reasons:
                typer.echo(self._shown(diagnostic))
        if not one.dependents:
            self._print("nothing_differs")
            return
        for option in one.options:
            if option in self._called:
                self._print("option_called", option=option, label=self._called[option])
        names = [(self._say(name), "left") for name in ("verdict", "target", "period")]
        under = [(self._say("as_chosen") if option == CHOSEN else option, "left") for option in one.options]
        shown = one.dependents[: self._most]
        show_table(self._console, table([*names, *under], [self._row(each, one.options) for each in shown]))
        if len(one.dependents) > len(shown):
            self._print("more_rows", number=str(len(one.dependents) - len(shown)))

    def _row(self, one: Dependent, options: Sequence[str]) -> list[str]:
        about = one.about
        target = " / ".join(part for part in (about.target, about.dimension) if part)
        where = " ".join(part for part in (about.record_kind, about.record) if part)
        verdicts = [self._verdict(one.by_option[option]) for option in options]
        label = one.label or self._called.get(about.name) or about.name
        return [label, where or target or self._say(_WHOLE), about.period or "", *verdicts]

    def _verdict(self, verdict: Verdict) -> str:
        if verdict.text is not None:
            return verdict.text
        return self._word("verdict_states", verdict.state)

    def _named(self, one: ReadingResult) -> dict[str, str]:
        return {"name": one.name} if one.clause is None else {"name": one.name, "clause": one.clause}

    def _shown(self, diagnostic: Diagnostic) -> str:
        return show(diagnostic, self._language)

    def _word(self, of: str, value: str) -> str:
        return wording("wording.yaml", "cityrules.cli").lists[of].get(value, {}).get(self._language, value)

    def _say(self, kind: str, **values: str) -> str:
        return wording("wording.yaml", "cityrules.cli").say(kind, values, self._language)

    def _print(self, kind: str, **values: str) -> None:
        self._console.print(plain(self._say(kind, **values)), soft_wrap=True)
