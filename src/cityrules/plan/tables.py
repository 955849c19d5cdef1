"""The tables of the document as expressions look things up in them: types, cells as values, no key twice or forgotten.

Knows kinds of targets and records, and of measures only the labels that their bodies spell out.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from cityrules.feel.lookup import Table, column_type, values_of
from cityrules.feel.tree import Value
from cityrules.feel.types import Date, Flag, Member, Number, Text, Type, as_optional
from cityrules.plan.fields import BASES, field_type
from cityrules.plan.model import Kind, TablePlan
from cityrules.plan.policies import NULL
from cityrules.plan.reporting import Address, Reporter
from cityrules.scheme.document import BandsBody, TableBody
from cityrules.scheme.notation import FieldType, NotationError, parse_numeral, plain_number, scale_of
from cityrules.text.suggest import nearest

UNSTATED: Final = "unstated"
MOST_KEYS: Final = 100_000
"""Combinations of closed keys that are tried one by one; nobody writes tables with so many rows."""


def build_tables(reporter: Reporter, kinds: Mapping[str, Kind]) -> dict[str, TablePlan | None]:
    """Every table by name; complaints go to the reporter, and a table in doubt is None."""
    document = reporter.loaded.document
    made: dict[str, TablePlan | None] = {}
    for name, body in document.tables.items():
        pen = _Pen(reporter, kinds, name, body)
        table = pen.table()
        clause = body.clause or document.clause
        made[name] = None if table is None else TablePlan(name, table, clause, body.label, pen.types)
    return made


class _Pen:
    """Reads one table."""

    def __init__(self, reporter: Reporter, kinds: Mapping[str, Kind], name: str, body: TableBody) -> None:
        self.reporter = reporter
        self.kinds = kinds
        self.name = name
        self.body = body
        self.path = ("tables", name)
        self.types: Mapping[str, Type] = {}

    def table(self) -> Table | None:
        """The table, None where something is wrong with it."""
        body, before = self.body, len(self.reporter.report)
        types = {column: self.type(column, given) for column, given in body.columns.items()}
        known = {column: type_ for column, type_ in types.items() if type_ is not None}
        if len(known) < len(types):
            return None
        self.types = known
        keys = tuple((key, known[key]) for key in body.key if key in known)
        columns = {column: type_ for column, type_ in known.items() if column not in body.key}
        if body.rows == UNSTATED:
            return Table(self.name, keys, columns, {}, None, stated=False)
        assert isinstance(body.rows, tuple)
        rows = self.rows(body.rows, known)
        if len(self.reporter.report) > before:
            return None
        absent = self.absent(columns)
        plain = Table(self.name, keys, columns, rows, absent)
        self.check_total(plain)
        self.check_sums(plain)
        if len(self.reporter.report) > before:
            return None
        return Table(self.name, keys, {name: column_type(plain, name) for name in columns}, rows, absent)

    def type(self, column: str, given: FieldType) -> Type | None:
        """The type of a column; borrowed ones are those of a field, of a column, or the labels of a measure."""
        path = (*self.path, "columns", column)
        if given.optional and column in self.body.key:
            self.reporter.refuse("CR832", path, found=column)
            return None
        if given.base == "borrowed":
            return self.borrowed(path, given)
        if given.base == "kind" and given.kind not in self.kinds:
            measure = self.reporter.loaded.document.measures.get(given.kind or "")
            if not isinstance(measure, BandsBody):
                labelled = [n for n, m in self.reporter.loaded.document.measures.items() if isinstance(m, BandsBody)]
                self.reporter.refuse_name("CR831", path, given.kind or "", [*labelled, *self.kinds, *BASES])
                return None
            return _labels(measure, given.optional)
        return field_type(given)

    def borrowed(self, path: Address, given: FieldType) -> Type | None:
        """The type at `section.field`, where the section is a kind of record or target, or a table."""
        document = self.reporter.loaded.document
        owner, _, name = (given.kind or "").partition(".")
        if owner in document.tables and owner != self.name:
            found: FieldType | None = document.tables[owner].columns.get(name)
        elif owner in document.records:
            found = document.records[owner].fields.get(name)
        else:
            found = document.targets[owner].fields.get(name) if owner in document.targets else None
        if found is None or found.base == "borrowed":
            fields = {kind: body.fields for kind, body in document.records.items()}
            fields |= {kind: body.fields for kind, body in document.targets.items()}
            paths = [f"{kind}.{field}" for kind, names in fields.items() for field in names]
            self.reporter.refuse_name("CR831", path, given.kind or "", paths)
            return None
        if found.base == "kind" and found.kind not in self.kinds:
            return None  # Said where it stands.
        return as_optional(field_type(found), given.optional)

    def rows(
        self, given: Sequence[Sequence[str]], types: Mapping[str, Type]
    ) -> dict[tuple[Value, ...], tuple[Value, ...]]:
        """The values of the rows by their keys."""
        found: dict[tuple[Value, ...], tuple[Value, ...]] = {}
        names = list(types)
        for number, cells in enumerate(given):
            path = (*self.path, "rows", str(number))
            if len(cells) != len(names):
                self.reporter.refuse("CR833", path, count=len(cells), columns=", ".join(names))
                continue
            here = {
                name: self.cell((*path, str(place)), text, types[name], name)
                for place, (name, text) in enumerate(zip(names, cells, strict=True))
            }
            key = tuple(here[name] for name in self.body.key)
            if key in found:
                self.reporter.refuse("CR834", (*path, str(names.index(self.body.key[0]))), found=_said(key))
            found[key] = tuple(here[name] for name in names if name not in self.body.key)
        return found

    def cell(self, path: Address, text: str, type_: Type, column: str) -> Value:
        """The value of a cell; complains where it is none of the column's type."""
        if text == NULL and type_.optional:
            return None
        match type_:
            case Number():
                found = _number(text, type_)
                if found is not None:
                    return found
            case Flag() if text in ("true", "false"):
                return text == "true"
            case Date():
                try:
                    return dt.date.fromisoformat(text if len(text) == 10 else "")
                except ValueError:
                    pass
            case Text(labels=labels) if text != NULL and (labels is None or text in labels):
                return text
            case Member(kind=kind) if text != NULL:
                members = self.kinds[kind].members
                if not isinstance(members, tuple) or text in members:
                    return text
        declared = self.body.columns[column]
        if text == NULL:
            self.reporter.refuse("CR1028", path, column=column, type=declared)
            return None
        meant = nearest(text, type_.labels) if isinstance(type_, Text) and type_.labels else None
        suggestion = {"suggestion": meant} if meant else {}
        self.reporter.refuse("CR835", path, found=text, column=column, type=declared, **suggestion)
        return None

    def absent(self, columns: Mapping[str, Type]) -> dict[str, Value] | None:
        """What stands for the value of a key that no row has, by column."""
        text = self.body.absent
        if text is None:
            return None
        path = (*self.path, "absent")
        if text == NULL:
            return dict.fromkeys(columns)
        return {name: self.cell(path, text, type_, name) for name, type_ in columns.items()}

    def check_total(self, table: Table) -> None:
        """Every key that can be asked for has a row, or the table says what holds where it has none."""
        known = [self.values_of(type_) for _, type_ in table.keys]
        closed = [values for values in known if values is not None]
        if len(closed) < len(known):
            if self.body.absent is None:
                open_ = next(name for (name, _), values in zip(table.keys, known, strict=True) if values is None)
                self.reporter.refuse_key("CR836", self.path, name=self.name, key=open_, missing="...")
            return
        keys = itertools.islice(itertools.product(*closed), MOST_KEYS)
        lacking = [key for key in keys if key not in table.rows]
        if lacking and self.body.absent is None:
            shown = "; ".join(map(_said, lacking[:5])) + ("; ..." if len(lacking) > 5 else "")
            names = ", ".join(name for name, _ in table.keys)
            self.reporter.refuse_key("CR836", self.path, name=self.name, key=names, missing=shown)
        if not lacking and self.body.absent is not None:
            self.reporter.refuse_key("CR842", (*self.path, "absent"), name=self.name)

    def values_of(self, type_: Type) -> Sequence[Value] | None:
        """Every value that a key can have: those of a closed type, and the members that the document lists."""
        members = self.kinds[type_.kind].members if isinstance(type_, Member) else None
        return members if isinstance(members, tuple) else values_of(type_)

    def check_sums(self, table: Table) -> None:
        """The columns add up to what the document says."""
        for column, numeral in (self.body.sum or {}).items():
            path = (*self.path, "sum", column)
            if column not in table.columns or not isinstance(table.columns[column], Number):
                numbers = [name for name, type_ in table.columns.items() if isinstance(type_, Number)]
                self.reporter.refuse_name("CR830", path, column, numbers)
                continue
            total = sum((Fraction(v) for v in table.values(column) if isinstance(v, (int, Fraction))), Fraction(0))
            if total != numeral.value:
                found = plain_number(total)
                self.reporter.refuse("CR841", path, column=column, found=found, expected=plain_number(numeral.value))


def _labels(measure: BandsBody, optional: bool) -> Text:
    """The labels of a measure as its body spells them out."""
    given = (measure.at_least, measure.above, measure.up_to, measure.below)
    results = [label for one in given if one for label in one.values()]
    labels = dict.fromkeys(label for label in (*results, measure.otherwise) if label != NULL)
    return Text(tuple(labels), optional)


def _number(text: str, type_: Number) -> int | Fraction | None:
    try:
        numeral = parse_numeral(text)
    except NotationError:
        return None
    value, scale = numeral.value, scale_of(numeral.value)
    fits = (type_.low is None or value >= type_.low) and (type_.high is None or value <= type_.high)
    if numeral.unit not in (None, type_.unit) or scale is None or scale > (type_.scale or 0) or not fits:
        return None
    return value.numerator if value.denominator == 1 else value


def _said(key: tuple[Value, ...]) -> str:
    """A key as it would be written."""
    return ", ".join(
        str(value).lower()
        if isinstance(value, bool)
        else plain_number(value)
        if isinstance(value, (int, Fraction))
        else str(value)
        for value in key
    )
