"""`score`: one assessment, its tables as files, and a summary that a person can read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console

from cityrules.calendar.periods import Periods
from cityrules.cli.console import out, plain, show_table, table
from cityrules.io.rows import DataError
from cityrules.io.write import TableFormat, write_tables
from cityrules.loaded import Assessment, Editions, Scheme
from cityrules.results.tables import Cell
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Diagnostic, Language

_RANKED: Final = 20
_COUNTED: Final = 30

Row = Mapping[str, Cell]


def report(
    scheme: Scheme | Editions,
    assessment: Assessment,
    period: str,
    language: Language,
    folder: Path | None,
    format: TableFormat,
    strict: bool,
    changes: Sequence[str] = (),
) -> int:
    """Write the tables, show the summary, return the exit code."""
    paths = write_tables(assessment.tables, folder, format, language) if folder is not None else {}
    rejected = Summary(scheme, assessment, language, out()).show(period, changes)
    if paths and folder is not None:
        files = ", ".join(dict.fromkeys(path.name for path in paths.values()))
        out().print(plain(_say("written", language, folder=str(folder), files=files)))
    if strict and rejected:
        raise DataError([Diagnostic("CR604", values={"number": str(rejected)})])
    return 0


class Summary:
    """The summary of one assessment on one console."""

    def __init__(self, scheme: Scheme | Editions, assessment: Assessment, language: Language, console: Console) -> None:
        self._scheme = scheme
        self._assessment = assessment
        self._language = language
        self._console = console

    def show(self, period: str, changes: Sequence[str] = ()) -> int:
        """Write all of it; the answer is how many rows were rejected."""
        title = self._say("heading", title=str(self._scheme.document.title or ""), scheme=self._scheme.name)
        self._print(title)
        as_of = self._assessment.as_of.isoformat(timespec="seconds")
        self._print(self._say("asked", period=period, as_of=as_of, engine=self._assessment.engine))
        if changes:
            self._print(self._say("changes", changes="; ".join(changes)))
        if "corrections" in self._assessment.tables:
            self._print(self._say("corrected", number=str(sum(1 for _ in self._assessment.rows("corrections")))))
        if any(row["provisional"] for row in self._assessment.rows("values")):
            self._print(self._say("provisional"))
        self._print("")
        self._ranks()
        self._grades()
        self._consequences()
        self._problems()
        return self._rejects()

    def _ranks(self) -> None:
        """The last period of each ranking, best places first."""
        for name, (period, rows) in _last_of(self._assessment.rows("ranks"), self._assessment.plan.periods).items():
            placed = sorted((row for row in rows if row["place"] is not None), key=_by_place)
            if not placed:
                continue
            grouped = any(row["group"] for row in placed)
            columns = [("place", "right"), ("target", "left"), ("value", "right")]
            if grouped:
                columns.insert(0, ("group", "left"))
            shown = [[row[column] for column, _ in columns] for row in placed[:_RANKED]]
            heading = self._say("ranking", label=self._label(name), period=period or "")
            self._table(heading, columns, shown, len(placed) - _RANKED)

    def _grades(self) -> None:
        """How often each grade was given in the last period of each banded measure."""
        lines: list[list[object]] = []
        for name, (period, rows) in _last_of(self._assessment.rows("grades"), self._assessment.plan.periods).items():
            counts = Counter(str(row["grade"]) for row in rows)
            order = {label: place for place, label in enumerate(self._assessment.plan.labels(name))}
            grades = sorted(counts, key=lambda grade: (order.get(grade, len(order)), grade))
            lines += [[self._label(name), period, grade, counts[grade]] for grade in grades]
        columns = [("measure", "left"), ("period", "left"), ("grade", "left"), ("number", "right")]
        self._table(self._say("grades"), columns, lines[:_COUNTED], len(lines) - _COUNTED)

    def _consequences(self) -> None:
        counts: Counter[tuple[str, str, str]] = Counter()
        for row in self._assessment.rows("consequences"):
            decision = (
                self._say("proposal_to", organ=str(row["decided_by"]))
                if row["decision"] == "proposal"
                else self._say("automatic")
            )
            counts[self._label(str(row["consequence"])), str(row["act"]), decision] += 1
        columns = [("consequence", "left"), ("act", "left"), ("decision", "left"), ("number", "right")]
        self._counts("consequences", columns, counts)

    def _problems(self) -> None:
        counts = Counter(
            (self._word("levels", row["level"]), self._label(str(row["name"])), self._word("causes", row["cause"]))
            for row in self._assessment.rows("problems")
        )
        columns = [("level", "left"), ("name", "left"), ("cause", "left"), ("number", "right")]
        self._counts("problems", columns, counts, "no_problems")

    def _rejects(self) -> int:
        counts = Counter(
            (str(row["kind"]), str(row["source"]), self._reasons(str(row["reasons"])))
            for row in self._assessment.rows("rejects")
        )
        columns = [("kind", "left"), ("source", "left"), ("reasons", "left"), ("number", "right")]
        return self._counts("rejects", columns, counts, "no_rejects")

    def _counts(
        self, heading: str, columns: Sequence[tuple[str, str]], counts: Counter[tuple[str, str, str]], none: str = ""
    ) -> int:
        """A table of what occurs how often, the most frequent first; the answer is how many in all."""
        total = sum(counts.values())
        rows = [[*key, number] for key, number in _ordered(counts)]
        if rows:
            self._table(self._say(heading, number=str(total)), columns, rows[:_COUNTED], len(rows) - _COUNTED)
        elif none:
            self._print(self._say(none))
        return total

    def _table(
        self, heading: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]], more: int
    ) -> None:
        if not rows:
            return
        names = [(self._say(name), side) for name, side in columns]
        self._print(heading)
        show_table(self._console, table(names, rows))
        if more > 0:
            self._print(self._say("more_rows", number=str(more)))

    def _label(self, name: str) -> str:
        plan = self._assessment.plan
        body = plan.measures.get(name) or plan.consequences.get(name) or plan.checks.get(name)
        return body.label or name if body is not None else name

    def _reasons(self, text: str) -> str:
        """`field: code; field: code` in words."""
        said = []
        for reason in text.split("; "):
            field, sign, code = reason.rpartition(": ")
            said.append(f"{field}{sign}{self._word('rejects', code)}")
        return "; ".join(said)

    def _word(self, of: str, value: object) -> str:
        lists = wording("wording.yaml", "cityrules.cli").lists.get(of) or wording().lists.get(of, {})
        return lists.get(str(value), {}).get(self._language, str(value))

    def _say(self, kind: str, **values: str) -> str:
        return _say(kind, self._language, **values)

    def _print(self, text: str) -> None:
        self._console.print(plain(text))


def _say(kind: str, language: Language, **values: str) -> str:
    return wording("wording.yaml", "cityrules.cli").say(kind, values, language)


def _last_of(rows: Iterable[Row], periods: Periods) -> dict[str, tuple[str | None, list[Row]]]:
    """The rows of the last period of each measure, by measure in order of first appearance."""
    found: dict[str, tuple[str | None, list[Row]]] = {}
    for row in rows:
        name, period = str(row["measure"]), row["period"]
        known = found.get(name)
        if known is None or _day(periods, period) > _day(periods, known[0]):
            found[name] = (None if period is None else str(period), [row])
        elif period == known[0]:
            known[1].append(row)
    return found


def _day(periods: Periods, period: object) -> dt.date:
    return dt.date.min if period is None else periods.start_of(*periods.parse(str(period)))


def _by_place(row: Row) -> tuple[str, int, str]:
    place = row["place"]
    return str(row["group"] or ""), place if isinstance(place, int) else 0, str(row["target"])


def _ordered(counts: Counter[Any]) -> Iterator[tuple[Any, int]]:
    return iter(sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))))
