"""Worked examples in words: what is given as tables and sentences, and what it has to come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from cityrules.report.names import plain, say, word
from cityrules.report.values import Values
from cityrules.results.wording import wording
from cityrules.scheme.document import Document, ExampleBody

_APART: Final = frozenset({"as_of", "targets", "values"})

Lines = Iterator[str]


class Cases:
    """The worked examples of one document in one language."""

    def __init__(self, document: Document, values: Values) -> None:
        self._document = document
        self._values = values
        self._names = values.names
        self._language = values.language

    def example(self, body: ExampleBody) -> Lines:
        """An example, paragraph by paragraph."""
        if body.under:
            changed = self._joined(self.change(path, value) for path, value in body.under.items())
            yield self._say("example_under", under=changed)
        for kind, fields in body.defaults.items():
            told = self._joined(f"{self._names.of(name)} = {self._plain(value)}" for name, value in fields.items())
            yield self._say("example_default", kind=self._names.of(kind), fields=told)
        given = body.given
        if "as_of" in given:
            yield self._say("example_as_of", as_of=self._plain(given["as_of"]))
        for kind, listed in _map(given.get("targets")).items():
            yield from self._targets(kind, _rows(listed))
        for kind, listed in given.items():
            if kind not in _APART:
                yield self._say("example_records", kind=self._names.of(kind))
                yield from self._table([*map(_repeated, _rows(listed))], kind)
        for measure, cells in _map(given.get("values")).items():
            yield self._say("example_values", measure=self._names.of(measure), cells=self._cells(measure, cells))
        yield self._say("example_expect")
        yield "\n".join(f"- {line}" for line in self._expected(body.expect))

    def change(self, path: str, value: object) -> str:
        """A change of the document: what it is about, and its new value where that is a single one."""
        section, _, rest = path.partition(".")
        about = self.part(path, value)
        if value is None or isinstance(value, (Mapping, list, tuple)):
            return about
        if section == "readings" and "." not in rest:
            told = self._say("literal", text=self.option(rest, str(value)))
        else:
            text = str(value)
            told = self._values.notation(text, "limit") if section == "parameters" else self._setting(path, text)
        return self._say("under_one", path=about, value=told)

    def option(self, reading: str, name: str) -> str:
        """What an option of a reading is called: by its word, else by its number."""
        body = self._document.readings.get(reading)
        others = [] if body is None else list(body.others)
        told = self._names.told(name)
        if told is not None or name not in others:
            return plain(told or name)
        return self._say("option", number=str(others.index(name) + 1))

    def _setting(self, path: str, value: str) -> str:
        """The new value of a key: one of its words, a rounding, else an expression."""
        key = path.rpartition(".")[2]
        words = f"policy_{key}"
        if value in wording("wording.yaml", "cityrules.report").lists.get(words, {}):
            return word(words, value, self._language)
        if key in ("round", "rounding", "window"):
            return self._values.notation(value, "window" if key == "window" else "rounding")
        return self._values.expression(value)

    def part(self, path: str, new: object = None) -> str:
        """What a change of the document is about. `new`: what it puts there, which may have a label."""
        section, _, rest = path.partition(".")
        name = rest.partition(".")[0]
        if section == "readings" and name in self._document.readings:
            clause = self._document.readings[name].clause
            return self._say("reading_of", clause=plain(clause or name))
        if not name:
            return self._say(f"section_{section}") if section in _SECTIONS else self._say("the_document")
        if section == "calendar":
            return self._say("section_time")
        label = _map(new).get("label") if rest == name else None
        return (
            self._names.of(name)
            if label is None or name in self._names
            else plain(self._names.called(name, str(label)))
        )

    def _targets(self, kind: str, rows: Sequence[object]) -> Lines:
        if not rows:
            yield self._say("example_nobody", kind=self._names.of(kind))
            return
        yield self._say("example_targets", kind=self._names.of(kind))
        if all(not isinstance(row, Mapping) for row in rows):
            yield self._names.joined([self._plain(row) for row in rows])
        else:
            yield from self._table([(row if isinstance(row, Mapping) else {"name": row}, None) for row in rows], kind)

    def _table(self, rows: Sequence[tuple[Mapping[str, Any], str | None]], kind: str) -> Lines:
        """Rows as a table; those that stand for several say so behind."""
        if not rows:
            yield self._say("example_no_rows")
            return
        columns = list(dict.fromkeys(name for row, _ in rows for name in row))
        repeated = any(number is not None for _, number in rows)
        heads = [self._names.heading(name, kind) for name in columns] + ([" "] if repeated else [])
        lines = [_line(heads), _line(["---"] * len(heads))]
        for row, number in rows:
            cells = [self._plain(row.get(name)) if name in row else "" for name in columns]
            if repeated:
                cells.append("" if number is None else self._say("example_repeat", number=number))
            lines.append(_line(cells))
        yield "\n".join(lines)

    def _expected(self, expect: Mapping[str, Any]) -> Lines:
        for name, cells in expect.items():
            if name in ("rejects", "problems"):
                for about, found in _map(cells).items():
                    listed = [*self._refused(about, found)] if isinstance(found, Mapping) else None
                    yield self._listed(f"expect_{name}", about, listed or _list(found))
            elif name == "movements":
                yield from self._moves(cells)
            elif isinstance(cells, Mapping):
                yield self._say("expect_values", measure=self._names.of(name), cells=self._cells(name, cells))
            elif isinstance(cells, (list, tuple)):
                yield self._listed("expect_fires", name, cells)
            else:
                yield self._say("not_computed", name=self._names.of(name))

    def _moves(self, ledgers: object) -> Lines:
        """What each rule moves in a cell, or by which record."""
        for ledger, cells in _map(ledgers).items():
            for cell, rules in _map(cells).items():
                told = [
                    self._say("expect_move", rule=self._names.of(rule), points=self._plain(one), **about)
                    for rule, points in _map(rules).items()
                    for about, one in (
                        [({"record": plain(str(key))}, text) for key, text in points.items()]
                        if isinstance(points, Mapping)
                        else [({}, points)]
                    )
                ]
                moves = self._names.joined(told)
                yield self._say("expect_moves", measure=self._names.of(ledger), cell=self._cell(str(cell)), moves=moves)

    def _refused(self, kind: str, rows: Mapping[str, object]) -> Iterator[str]:
        """Rows with the reason for which each is not used: `FIELD: REASON`, or a condition by its name."""
        reasons = wording("wording.yaml").lists["rejects"]
        for row, why in rows.items():
            field, _, reason = str(why).rpartition(": ")
            about = self._refusing(kind, field) if field else None
            told = reasons.get(reason, {}).get(self._language, reason)
            yield self._say("refused_row", row=str(row), reason=told, **({} if about is None else {"about": about}))

    def _refusing(self, kind: str, field: str) -> str:
        """The field of a record, or the condition on it, for which a row is not used."""
        _, sign, name = field.partition("accepted_if.")
        record = self._document.records.get(kind)
        condition = record.accepted_if.get(name) if sign and record is not None else None
        if condition is None:
            return self._names.heading(field, kind)
        return plain(self._names.called(name, condition.label))

    def _listed(self, kind: str, name: str, cells: Sequence[object]) -> str:
        """Where something follows, is open or is not used."""
        listed = self._names.joined([self._cell(str(cell)) for cell in cells])
        if not listed:
            return self._say("expect_none", name=self._names.of(name))
        return self._say(kind, name=self._names.of(name), cells=listed)

    def _cells(self, name: str, cells: object) -> str:
        """Cells with their values; of a ladder the values are its steps."""
        ladder = name in self._document.consequences
        return self._joined(
            self._say(
                "cell",
                cell=self._cell(str(cell)),
                value=self._names.joined(
                    [self._names.member(name, str(one)) if ladder else self._plain(one) for one in _list(value)]
                ),
            )
            for cell, value in _map(cells).items()
        )

    def _cell(self, cell: str) -> str:
        """The name of a cell: a target, a period, a dimension; periods of the document's own in words."""
        return " ".join(self._period(part) for part in cell.split(" "))

    def _period(self, part: str) -> str:
        number, _, period = part.rpartition("@")
        if not number or (period not in self._document.periods and self._names.told(period) is None):
            return plain(part)
        return self._say("own_period", number=plain(number), period=self._names.of(period))

    def _plain(self, value: object) -> str:
        """A value of the example as it is."""
        if isinstance(value, str) and "@" in value:
            return self._period(value)
        text = "null" if value is None else str(value)
        if text == "null":
            return word("cells", text, self._language)
        return self._values.label(text.lower() if isinstance(value, bool) else text)

    def _joined(self, texts: Iterable[str]) -> str:
        return ("；" if self._language == "zh" else "; ").join(texts)

    def _say(self, kind: str, /, **values: str) -> str:
        return say(kind, self._language, **values)


_SECTIONS: Final = frozenset({"targets", "records", "parameters", "tables", "measures", "consequences", "checks"})


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else [value]


def _rows(listed: object) -> Sequence[object]:
    """The rows of a kind: a list, or one that is repeated."""
    return listed if isinstance(listed, (list, tuple)) else [listed]


def _repeated(row: object) -> tuple[Mapping[str, Any], str | None]:
    """A row, and how many times it stands there where that is said."""
    body = _map(row)
    if "row" in body and "repeat" in body:
        return _map(body["row"]), str(body["repeat"])
    return body, None


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
