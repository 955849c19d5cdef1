"""`counterfactual`: what would have had to be otherwise for a verdict to come out otherwise, as text, CSV or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final, Literal

import typer
from rich.console import Console

from cityrules.cli.console import out, plain, show_table, table
from cityrules.io.write import csv_lines
from cityrules.loaded import Scheme
from cityrules.results.counterfactual import Counterfactual, RecordRow
from cityrules.results.verdicts import Verdict
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language

CounterfactualFormat = Literal["text", "csv", "json"]

_WHOLE: Final = "whole"


def tell(
    scheme: Scheme,
    found: Counterfactual,
    period: str,
    engine: str,
    language: Language,
    format: CounterfactualFormat,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `changes`: under which the document was asked."""
    if format == "json":
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    elif format == "csv":
        for line in csv_lines(found.table):
            sys.stdout.write(line)
    else:
        _Told(scheme, found, language, out()).show(period, engine, changes)


class _Told:
    """The text about one verdict on one console."""

    def __init__(self, scheme: Scheme, found: Counterfactual, language: Language, console: Console) -> None:
        self._scheme = scheme
        self._found = found
        self._language: Language = language
        self._console = console
        labels = scheme.document.labels
        self._called: Mapping[str, str] = {}
        if labels is not None:
            self._called = labels.zh if language == "zh" else labels.en

    def show(self, period: str, engine: str, changes: Sequence[str]) -> None:
        found, about = self._found, self._found.about
        self._print("heading", title=self._scheme.document.title, scheme=self._scheme.name)
        self._print("counterfactual_of", period=period, engine=engine)
        if changes:
            self._print("changes", changes=", ".join(changes))
        target = " / ".join(part for part in (about.target, about.dimension) if part) or self._say(_WHOLE)
        name = found.label or self._called.get(about.name) or about.name
        verdict = self._verdict(found.verdict)
        where = {"name": name, "target": target, "verdict": verdict}
        if about.period is not None:
            where["at"] = about.period
        self._print("verdict_now", **where)
        self._print("sought_other" if found.wanted == "other" else "sought", wanted=self._wanted())
        self._print("records_bearing", number=str(found.records), every=str(found.all_records))
        self._console.print("")
        if not found.records:
            self._print("leaving_out_none")
            return
        self._sets()
        if not found.sets or (found.outcome == "smallest" and not found.every):
            # A table ends with an empty line of its own.
            self._console.print("")
        self._in_time()
        self._print("runs_of", number=str(found.runs))

    def _wanted(self) -> str:
        wanted = self._found.wanted
        return self._word("verdict_states", wanted) if wanted in ("nothing", "holds") else wanted

    def _sets(self) -> None:
        found = self._found
        without = self._verdict(found.without_all)
        match found.outcome:
            case "impossible":
                self._print("leaving_out_never", number=str(found.records), verdict=without)
                return
            case "unknown":
                self._print("leaving_out_unknown", at_least=str(found.at_least), verdict=without)
                return
            case "found":
                size = str(len(found.sets[0].records))
                self._print("leaving_out_found", size=size, at_least=str(found.at_least))
            case "smallest":
                kind = "leaving_out_one" if found.at_least == 1 else "leaving_out"
                self._print(kind, size=str(found.at_least), number=str(len(found.sets)))
        columns = [(self._say(name), "left") for name in ("set", "record", "row_of", "then_verdict")]
        rows = []
        for number, one in enumerate(found.sets, 1):
            head, end = str(number), self._verdict(one.verdict)
            for each in one.records:
                rows.append([head, self._record(each), self._row(each), end])
                head = end = ""
        show_table(self._console, table(columns, rows))
        if found.outcome == "smallest" and not found.every:
            self._print("more_sets")

    def _in_time(self) -> None:
        found = self._found
        if found.in_time:
            self._print("in_time", number=str(len(found.in_time)))
            columns = [
                (self._say(name), "left") for name in ("record", "row_of", "field", "stands", "latest", "then_verdict")
            ]
            rows = [
                [self._record(one.record), self._row(one.record), self._called.get(one.field, one.field),
                 one.found or self._word("verdict_states", "missing"), one.latest, self._verdict(one.verdict)]
                for one in found.in_time
            ]  # fmt: skip
            show_table(self._console, table(columns, rows))
        elif found.fields_tried:
            self._print("none_in_time" if found.in_time_all else "none_in_time_yet", number=str(found.fields_tried))
        else:
            self._print("no_dates")
        if found.in_time and not found.in_time_all:
            self._print("in_time_not_all", number=str(found.fields_tried))

    def _record(self, one: RecordRow) -> str:
        return f"{self._called.get(one.kind, one.kind)} {one.key}"

    def _row(self, one: RecordRow) -> str:
        return f"{PurePath(one.source).name}:{one.row}"

    def _verdict(self, verdict: Verdict) -> str:
        return verdict.text if verdict.text is not None else self._word("verdict_states", verdict.state)

    def _word(self, of: str, value: str) -> str:
        return wording("wording.yaml", "cityrules.cli").lists[of].get(value, {}).get(self._language, value)

    def _say(self, said: str, /, **values: str) -> str:
        return wording("wording.yaml", "cityrules.cli").say(said, values, self._language)

    def _print(self, said: str, /, **values: str) -> None:
        self._console.print(plain(self._say(said, **values)), soft_wrap=True)
