"""`robustness`: which verdicts hang on a single record being right, as text, CSV or JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Final, Literal

import typer
from rich.console import Console

from cityrules.cli.console import out, plain, show_table, table
from cityrules.io.write import csv_lines
from cityrules.loaded import Scheme
from cityrules.results.robustness import Decisive, Robustness, Tried
from cityrules.results.verdicts import Verdict
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language

RobustnessFormat = Literal["text", "csv", "json"]

_WHOLE: Final = "whole"


def tell(
    scheme: Scheme,
    found: Robustness,
    period: str,
    engine: str,
    language: Language,
    format: RobustnessFormat,
    most: int,
    changes: Sequence[str],
) -> None:
    """Write what was found to stdout. `most`: how many verdicts the text shows, 0 for all; `changes`: under which the
    document was asked."""
    if format == "json":
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    elif format == "csv":
        for line in csv_lines(found.table):
            sys.stdout.write(line)
    else:
        _Told(scheme, found, language, out(), most).show(period, engine, changes)


class _Told:
    """The text about all verdicts on one console."""

    def __init__(self, scheme: Scheme, found: Robustness, language: Language, console: Console, most: int) -> None:
        self._scheme = scheme
        self._found = found
        self._language: Language = language
        self._console = console
        self._most = most or None
        labels = scheme.document.labels
        self._called: Mapping[str, str] = {}
        if labels is not None:
            self._called = labels.zh if language == "zh" else labels.en

    def show(self, period: str, engine: str, changes: Sequence[str]) -> None:
        found = self._found
        self._print("heading", title=self._scheme.document.title, scheme=self._scheme.name)
        self._print("robustness_of", period=period, engine=engine)
        if changes:
            self._print("changes", changes=", ".join(changes))
        self._print("slips_tried")
        if found.missed:
            self._print("slips_missed", kinds=", ".join(self._called.get(kind, kind) for kind in found.missed))
        self._print("slips_number", number=str(found.records), every=str(found.all_records), changes=str(found.changes))
        if not found.complete:
            self._print("slips_left", runs=str(found.runs), changes=str(found.changes))
        self._console.print("")
        fragile = found.fragile
        if fragile:
            self._print("fragile", number=str(len(fragile)))
            names = ("verdict", "target", "period", "present", "record", "row_of", "if_wrong", "then_verdict", "ways")
            columns = [(self._say(name), "right" if name == "ways" else "left") for name in names]
            shown = fragile[: self._most]
            show_table(self._console, table(columns, [self._row(one) for one in shown]))
            if len(fragile) > len(shown):
                self._print("more_rows", number=str(len(fragile) - len(shown)))
        standing = Counter(self._name(one) for one in found.standing)
        kind = "standing" if found.complete else "standing_so_far"
        if standing:
            self._print(kind, names=", ".join(f"{name} {number}" for name, number in standing.items()))
        else:
            self._print("none_standing")

    def _row(self, one: Tried) -> list[str]:
        about, first = one.about, one.decisive[0]
        target = " / ".join(part for part in (about.target, about.dimension) if part) or self._say(_WHOLE)
        record = f"{self._called.get(first.record.kind, first.record.kind)} {first.record.key}"
        row = f"{PurePath(first.record.source).name}:{first.record.row}"
        return [
            self._name(one), target, about.period or "", self._verdict(one.verdict), record, row, self._change(first),
            self._verdict(first.verdict), str(len(one.decisive)),
        ]  # fmt: skip

    def _name(self, one: Tried) -> str:
        return one.label or self._called.get(one.about.name) or one.about.name

    def _change(self, one: Decisive) -> str:
        if one.field is None:
            return self._say("is_left_out")
        missing = self._word("verdict_states", "missing")
        name = self._called.get(one.field, one.field)
        return self._say("is_instead", name=name, before=one.found or missing, after=one.instead or missing)

    def _verdict(self, verdict: Verdict) -> str:
        return verdict.text if verdict.text is not None else self._word("verdict_states", verdict.state)

    def _word(self, of: str, value: str) -> str:
        return wording("wording.yaml", "cityrules.cli").lists[of].get(value, {}).get(self._language, value)

    def _say(self, said: str, /, **values: str) -> str:
        return wording("wording.yaml", "cityrules.cli").say(said, values, self._language)

    def _print(self, said: str, /, **values: str) -> None:
        self._console.print(plain(self._say(said, **values)), soft_wrap=True)
