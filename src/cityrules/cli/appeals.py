"""`appeals`: what would be decided otherwise now, and by which corrections, as text, CSV or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import typer
from rich.console import Console

from cityrules.cli.console import out, plain, show_table, table
from cityrules.io.write import csv_lines
from cityrules.loaded import Scheme
from cityrules.results.appealed import Appeals, Change, Moved, Ruling
from cityrules.results.tables import Row
from cityrules.results.verdicts import Verdict
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language

AppealsFormat = Literal["text", "csv", "json"]

_WHOLE: Final = "whole"


def tell(
    scheme: Scheme, found: Appeals, period: str, engine: str, language: Language, format: AppealsFormat, most: int
) -> None:
    """Write what was found to stdout. `most`: how many verdicts, rulings and unused corrections the text shows, 0 for
    all."""
    if format == "json":
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=2))
    elif format == "csv":
        for line in csv_lines(found.table):
            sys.stdout.write(line)
    else:
        _Told(scheme, found, language, out(), most).show(period, engine)


class _Told:
    """The text about all verdicts that differ on one console."""

    def __init__(self, scheme: Scheme, found: Appeals, language: Language, console: Console, most: int) -> None:
        self._scheme = scheme
        self._found = found
        self._language: Language = language
        self._console = console
        self._most = most or None
        labels = scheme.document.labels
        self._called: Mapping[str, str] = {}
        if labels is not None:
            self._called = labels.zh if language == "zh" else labels.en

    def show(self, period: str, engine: str) -> None:
        found = self._found
        self._print("heading", title=self._scheme.document.title, scheme=self._scheme.name)
        decided, now = (moment.isoformat(timespec="seconds") for moment in (found.decided, found.now))
        self._print("appeals_of", period=period, decided=decided, now=now, engine=engine)
        if found.still:
            self._print("appeals_still")
        self._rulings()
        self._moved()
        self._rejects("unused_corrections", found.unused)
        self._rejects("refused_records", found.refused)
        if found.unused or found.refused or not found.moved:
            self._console.print("")
        by = str(found.by_rulings)
        self._print("appeals_end", moved=str(len(found.moved)), by=by, same=str(found.same))
        if found.added:
            self._print("appeals_added", number=str(found.added))

    def _rulings(self) -> None:
        found = self._found
        self._console.print("")
        self._print("rulings" if found.rulings else "no_rulings", number=str(len(found.rulings)))
        shown = found.rulings[: self._most]
        for number, one in enumerate(shown, 1):
            self._print("ruling", place=str(number), **self._said(one))
            for change in one.changes:
                self._change(change)
        self._more(len(found.rulings) - len(shown))
        if 0 < found.alone < len(found.rulings):
            self._print("rulings_alone", number=str(found.alone))

    def _moved(self) -> None:
        found = self._found
        if not found.moved:
            return
        places = {id(one): str(place) for place, one in enumerate(found.rulings, 1)}
        names = [(self._say(name), "left") for name in ("verdict", "target", "period", "then", "now", "because_of")]
        shown = found.moved[: self._most]
        show_table(self._console, table(names, [self._row(one, places) for one in shown]))
        self._more(len(found.moved) - len(shown))

    def _rejects(self, heading: str, rejects: Sequence[Row]) -> None:
        if not rejects:
            return
        if not self._found.moved:
            self._console.print("")
        self._print(heading, number=str(len(rejects)))
        shown = rejects[: self._most]
        for _, source, row, record, reasons, _ in shown:
            said = []
            for reason in str(reasons).split("; "):
                field, sign, code = reason.rpartition(": ")
                said.append(f"{field}{sign}{self._word('rejects', code)}")
            values = {"source": str(source), "row": str(row), "reasons": "; ".join(said)}
            self._print("unused_correction", **values, **({"record": str(record)} if record else {}))
        self._more(len(rejects) - len(shown))

    def _row(self, one: Moved, places: Mapping[int, str]) -> list[str]:
        about = one.about
        target = " / ".join(part for part in (about.target, about.dimension) if part)
        where = " ".join(part for part in (about.record_kind, about.record) if part)
        label = one.label or self._called.get(about.name) or about.name
        verdicts = [self._verdict(one.decided), self._verdict(one.now)]
        return [label, where or target or self._say(_WHOLE), about.period or "", *verdicts, self._why(one, places)]

    def _why(self, one: Moved, places: Mapping[int, str]) -> str:
        parts = [places[id(by)] for by in one.rulings]
        if one.together:
            untried = self._found.alone < len(self._found.rulings)
            parts.append(self._say("not_by_those_tried" if untried else "only_together"))
        if one.passing:
            parts.append(self._say("by_passing"))
        return ", ".join(parts)

    def _said(self, one: Ruling) -> dict[str, str]:
        named = {name: getattr(one, name) for name in ("kind", "record", "known_on", "reason", "by", "number")}
        return {name: text for name, text in named.items() if text is not None}

    def _change(self, change: Change) -> None:
        if change.field is None:
            self._print("record_annulled" if change.annulled else "record_restored")
            return
        missing = self._word("verdict_states", "missing")
        self._print(
            "field_corrected", name=change.field, before=change.before or missing, after=change.after or missing
        )

    def _verdict(self, verdict: Verdict) -> str:
        return verdict.text if verdict.text is not None else self._word("verdict_states", verdict.state)

    def _more(self, number: int) -> None:
        if number > 0:
            self._print("more_rows", number=str(number))

    def _word(self, of: str, value: str) -> str:
        lists = wording("wording.yaml", "cityrules.cli").lists.get(of) or wording().lists.get(of, {})
        return lists.get(value, {}).get(self._language, value)

    def _say(self, said: str, /, **values: str) -> str:
        return wording("wording.yaml", "cityrules.cli").say(said, values, self._language)

    def _print(self, said: str, /, **values: str) -> None:
        self._console.print(plain(self._say(said, **values)), soft_wrap=True)
