"""A binding against the scheme that it is for: names, types, and what must be stated. Reads no table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cityrules.io.binding.dates import date_format
from cityrules.io.binding.document import BindingDocument, BindingField, BindingRows
from cityrules.io.binding.load import LoadedBinding
from cityrules.io.grammar import NAME_COLUMN, PERIOD_COLUMN, SINCE_COLUMN, UNTIL_COLUMN
from cityrules.plan.model import Kind, Plan, RecordKind
from cityrules.scheme.inputs import NOTHING_IN_IT
from cityrules.scheme.notation import FieldType
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import SEVERAL_OF, Reporter
from cityrules.text.diagnostic import Report

OTHER_SCHEME: Final = "CR576"
UNKNOWN_KIND: Final = "CR577"
UNKNOWN_TABLE: Final = "CR578"
UNKNOWN_FIELD: Final = "CR579"
DATE_FORMAT: Final = "CR580"
OTHER_TYPE: Final = "CR581"
UNKNOWN_LABEL: Final = "CR582"
ABSENT_REQUIRED: Final = "CR583"
TABLE_UNUSED: Final = "CR584"
UNLISTED_NEEDED: Final = "CR585"
UNLISTED_POINTLESS: Final = "CR586"
ABSENT_BOUND: Final = "CR587"
NO_FACTOR: Final = "CR591"
NO_HEADER_ROW: Final = "CR592"
TIMELESS: Final = "CR593"

Fields = Mapping[str, FieldType]
_TEXT: Final = FieldType("text")
_ROW: Final = re.compile("[1-9][0-9]{0,6}")


def fields_of(kind: Kind | RecordKind) -> Fields:
    """Every column that rows of a kind have, with its type."""
    columns: dict[str, FieldType] = {}
    if isinstance(kind, Kind):
        columns = {NAME_COLUMN: _TEXT} | ({kind.parent: _TEXT} if kind.parent else {})
        lifetime = dict.fromkeys((SINCE_COLUMN, UNTIL_COLUMN), FieldType("date", optional=True))
        return columns | dict(kind.fields) | lifetime
    if kind.one_per is not None:
        columns = {} if kind.one_per.kind == "whole" else {kind.one_per.kind: _TEXT}
        columns |= {PERIOD_COLUMN: _TEXT} if kind.one_per.period else {}
    return columns | dict(kind.fields)


def kind_of(plan: Plan, name: str) -> Kind | RecordKind | None:
    """The kind of records, or of registered targets, that rows can be of."""
    target = plan.kinds.get(name)
    return target if target is not None and target.members == "registered" else plan.records.get(name)


def check_binding(binding: LoadedBinding, plan: Plan, report: Report) -> None:
    """Complain about all in a binding that does not fit the scheme, or leaves something open."""
    document = binding.document
    reporter = Reporter(binding.raw, binding.places, report, BindingDocument)
    if document.scheme != plan.scheme:
        reporter.refuse(OTHER_SCHEME, ("scheme",), found=document.scheme, expected=plan.scheme)
    if not document.rows:
        reporter.refuse_key(NOTHING_IN_IT, ("rows",), key="rows")
    _tables(document, reporter)
    for name, body in document.rows.items():
        _rows(body, ("rows", name), document, plan, reporter)


def _tables(document: BindingDocument, reporter: Reporter) -> None:
    for name, table in document.tables.items():
        path = ("tables", name)
        uses = [body for body in document.rows.values() if body.from_ == name]
        # A name misspelt in `from` is told there, and the table it meant is not also unused.
        if not uses and all(body.from_ in document.tables for body in document.rows.values()):
            reporter.refuse_key(TABLE_UNUSED, path, found=name)
        split = all(body.when is not None for body in uses)
        if uses and split and table.unlisted is None:
            reporter.refuse_key(UNLISTED_NEEDED, path, found=name)
        if uses and not split and table.unlisted is not None:
            reporter.refuse_key(UNLISTED_POINTLESS, (*path, "unlisted"), found=name)
        if table.encoding is not None and (table.sheet or table.header):
            second = "sheet" if table.sheet else "header"
            keys = f"encoding, {second}"
            reporter.refuse_key(SEVERAL_OF, (*path, second), first="encoding", second=second, keys=keys)
        if table.header is not None and not (
            table.header.isascii() and table.header.isdigit() and int(table.header[:8])
        ):
            reporter.refuse(NO_HEADER_ROW, (*path, "header"), found=table.header)


def _rows(body: BindingRows, path: Path, document: BindingDocument, plan: Plan, reporter: Reporter) -> None:
    if body.from_ not in document.tables:
        reporter.refuse_name(UNKNOWN_TABLE, (*path, "from"), body.from_, document.tables)
    if body.when is not None and not body.when.is_:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "when", "is"), key="is")
    kind = kind_of(plan, body.to)
    if kind is None:
        known = [*plan.records, *(name for name in plan.kinds if kind_of(plan, name))]
        reporter.refuse_name(UNKNOWN_KIND, (*path, "to"), body.to, known)
        return
    fields = fields_of(kind)
    for field, source in body.fields.items():
        place = (*path, "fields", field)
        if field not in fields:
            reporter.refuse_name(UNKNOWN_FIELD, place, field, fields, kind=body.to)
        elif isinstance(source, BindingField):
            _field(source, place, fields[field], reporter)
    for number, field in enumerate(body.absent):
        place = (
            (*path, "absent", str(number)) if reporter.places.value((*path, "absent")) is None else (*path, "absent")
        )
        if field not in fields:
            reporter.refuse_name(UNKNOWN_FIELD, place, field, fields, kind=body.to)
        elif field in body.fields:
            reporter.refuse(ABSENT_BOUND, place, found=field)
        elif not fields[field].optional:
            reporter.refuse(ABSENT_REQUIRED, place, found=field, kind=body.to)


def _field(body: BindingField, path: Path, type_: FieldType, reporter: Reporter) -> None:
    source = reporter.exactly_one(path, body, ("column", "join", "value"))
    if source == "join" and body.with_ is None:
        reporter.needed(path, "with", "join")
    if source != "join" and body.with_ is not None:
        reporter.pointless(path, "with", "join")
    given = [key for key in ("codes", "date", "times") if getattr(body, key) is not None]
    if len(given) > 1:
        reporter.refuse_key(SEVERAL_OF, (*path, given[1]), first=given[0], second=given[1], keys="codes, date, times")
    if source == "value":
        for key in [key for key in ("empty", *given) if getattr(body, key) is not None]:
            reporter.refused(path, key, "value")
        if type_.base == "enumeration" and body.value not in type_.labels:
            reporter.refuse_name(UNKNOWN_LABEL, (*path, "value"), body.value or "", type_.labels, field=path[-1])
    _codes(body, path, type_, reporter)
    _date(body, path, type_, reporter)
    if body.times is not None:
        if type_.base not in ("number", "count"):
            reporter.refuse_key(OTHER_TYPE, (*path, "times"), key="times", field=path[-1], type=str(type_))
        if body.times.unit is not None or not body.times.value:
            reporter.refuse(NO_FACTOR, (*path, "times"), found=str(body.times))


def _codes(body: BindingField, path: Path, type_: FieldType, reporter: Reporter) -> None:
    if body.codes is None:
        if body.otherwise is not None:
            reporter.pointless(path, "otherwise", "codes")
        return
    if not body.codes:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "codes"), key="codes")
    if body.otherwise is None:
        reporter.needed(path, "otherwise", "codes")
    for code, label in body.codes.items():
        if type_.base == "enumeration" and label not in type_.labels:
            reporter.refuse_name(UNKNOWN_LABEL, (*path, "codes", code), label, type_.labels, field=path[-1])


def _date(body: BindingField, path: Path, type_: FieldType, reporter: Reporter) -> None:
    if body.date is None:
        return
    if type_.base not in ("date", "datetime"):
        reporter.refuse_key(OTHER_TYPE, (*path, "date"), key="date", field=path[-1], type=str(type_))
    if not body.date:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "date"), key="date")
    for number, text in enumerate(body.date):
        place = _item((*path, "date"), number, reporter)
        found = date_format(text)
        if found is None:
            reporter.refuse(DATE_FORMAT, place, found=text)
        elif type_.base == "datetime" and not found.timed:
            reporter.refuse(TIMELESS, place, found=text, field=path[-1])


def _item(path: Path, number: int, reporter: Reporter) -> Path:
    """The address of an entry of a list; a single value may stand for a list of one."""
    return (*path, str(number)) if reporter.places.value(path) is None else path
