"""What rows of a scheme look like: their columns, their key, what they name, and when two of them say the same.

Reads types off the plan; judges no value, which is the engines' work.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from cityrules.io import grammar
from cityrules.io.normal import to_text
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan
from cityrules.plan.records import aliases_of
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import FieldType, parts_of
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

Texts = Mapping[str, str | None]
Key = tuple[str, ...]
Place = tuple[str, Key]
"""A row, or a target: its kind and key (of a target its name)."""

_NUMBER: Final = re.compile(grammar.NUMBER)
_MOMENT: Final = re.compile(f"{grammar.DATE}|{grammar.DATETIME}")


@dataclass(frozen=True)
class Form:
    """The rows of one kind. `columns`: with their types, None of a period. `key`: the columns that say which row is
    meant. `several`: whether several rows with one key can stand, of which the scheme says which counts."""

    plan: Plan
    kind: str
    columns: Mapping[str, FieldType | None]
    key: tuple[str, ...]
    period: str | None = None
    several: bool = False

    @property
    def of_target(self) -> bool:
        return self.kind in self.plan.kinds

    def texts(self, row: Mapping[str, Any], wanted: tuple[str, ...] | None = None) -> dict[str, str | None]:
        """The row with all columns, as texts; of `wanted` columns only, where they are given. Raises DataError for a
        column that there is not, a value that has no text, and a part of the key that is missing."""
        columns = wanted or tuple(self.columns)
        found: dict[str, str | None] = dict.fromkeys(columns)
        wrong = []
        for name, value in row.items():
            if name not in found:
                values = {"kind": self.kind, "found": str(name)[:80], "wanted": ", ".join(columns)}
                near = nearest(str(name), columns)
                wrong.append(Diagnostic("CR180", values=values | ({"suggestion": near} if near else {})))
                continue
            text, against = to_text(value)
            if against is not None:
                values = {"kind": self.kind, "field": name, "found": (text or "")[:80]}
                wrong.append(Diagnostic("CR181", values=values))
            found[name] = text
        for name in self.key:
            if not found[name] and (self.columns[name] is None or not self.optional(name)):
                wrong.append(Diagnostic("CR182", values={"kind": self.kind, "found": name}))
        if wrong:
            raise DataError(wrong)
        return found

    def optional(self, name: str) -> bool:
        type_ = self.columns[name]
        return type_ is not None and type_.optional

    def key_of(self, row: Texts) -> Key:
        """Which row is meant: two rows with equal keys are of one record."""
        return tuple(self._same(name, row[name]) for name in self.key)

    def sense(self, row: Texts) -> tuple[str, ...]:
        """What a row says: equal of rows that differ only in how values are written."""
        return tuple(self._same(name, row[name]) for name in self.columns)

    def named(self, row: Texts) -> Iterator[Place]:
        """The targets that a row names, and the rows that it refers to."""
        if self.of_target:
            yield self.kind, (self._same(grammar.NAME_COLUMN, row[grammar.NAME_COLUMN]),)
        record = self.plan.records.get(self.kind)
        references = record.references if record is not None else {}
        for name, type_ in self.columns.items():
            if row[name] and name in references:
                yield references[name], (self._same(name, row[name]),)
            elif row[name] and type_ is not None and type_.kind is not None and type_.kind in self.plan.kinds:
                yield type_.kind, (self._same(name, row[name]),)

    def _same(self, name: str, text: str | None) -> str:
        """One text for all that mean the same value; what is no value stands for itself."""
        type_ = self.columns[name]
        if not text:
            return ""
        try:
            if type_ is None:
                kind = self.plan.periods[self.period or ""]
                return kind.called(kind.parse(text))
            match type_.base:
                case "number" | "count" if len(text) <= grammar.MAX_NUMBER and _NUMBER.fullmatch(text):
                    return str(Fraction(text))
                case "flag":
                    return "true" if text in grammar.TRUE else "false" if text in grammar.FALSE else text
                case "date" | "datetime" if _MOMENT.fullmatch(text):
                    return dt.datetime.fromisoformat(text).isoformat()
        except ValueError:
            return text
        return self._aliases.get(name, {}).get(text, text)

    @cached_property
    def _aliases(self) -> Mapping[str, Mapping[str, str]]:
        found = {name: aliases_of(self.plan, type_) for name, type_ in self.columns.items() if type_ is not None}
        if self.of_target:
            found[grammar.NAME_COLUMN] = self.plan.kinds[self.kind].aliases
        return found


def forms_of(plan: Plan) -> dict[str, Form]:
    """The forms of all kinds that come as rows."""
    found = {}
    for kind in plan.kinds.values():
        if kind.members != "registered":
            continue
        parent = {kind.parent: FieldType("kind", kind=kind.parent)} if kind.parent else {}
        life = {name: FieldType("date", optional=True) for name in (grammar.SINCE_COLUMN, grammar.UNTIL_COLUMN)}
        columns = {grammar.NAME_COLUMN: FieldType("text"), **parent, **kind.fields, **life}
        found[kind.name] = Form(plan, kind.name, columns, (grammar.NAME_COLUMN, grammar.SINCE_COLUMN))
    for record in plan.records.values():
        grain = record.one_per
        if grain is None:
            several = record.latest_by is not None
            found[record.name] = Form(plan, record.name, record.fields, record.key, several=several)
            continue
        target, *dimensions = parts_of(grain.kind)
        cell: dict[str, FieldType | None] = {}
        if target != WHOLE:
            cell[target] = FieldType("kind", kind=target)
        if grain.period is not None:
            cell[grammar.PERIOD_COLUMN] = None
        cell |= {name: FieldType("kind", kind=name) for name in dimensions}
        several = record.latest_by is not None
        found[record.name] = Form(plan, record.name, {**cell, **record.fields}, tuple(cell), grain.period, several)
    return found
