"""What parameters, targets and records must state beyond their keys. Knows nothing of what is computed from them."""

from __future__ import annotations

from typing import Final

from cityrules.scheme.borrowing import paths
from cityrules.scheme.document import Document, MembersBody, ParameterBody, RecordBody, SheetBody, TableBody, TargetBody
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter

UNKNOWN_FIELD: Final = "CR330"
NOT_A_DATE: Final = "CR331"
OPTIONAL: Final = "CR332"
NOTHING_IN_IT: Final = "CR337"
NOTHING_TO_BORROW: Final = "CR883"
NOT_IN_ORDER: Final = "CR881"
IN_KEY: Final = "CR882"
NO_TABLE: Final = "CR990"
NO_MEMBERS: Final = "CR991"
LISTED_TWICE: Final = "CR343"
ALIAS_AND_NAME: Final = "CR376"
ALIAS_OF_NOBODY: Final = "CR377"
NO_COLUMN: Final = "CR830"
SHEET: Final = "CR843"
TOO_LONG: Final = "CR844"
MOST_ROWS: Final = 400


def check_inputs(document: Document, reporter: Reporter) -> None:
    """Complain about every parameter, target and kind of record that leaves something open or says it twice."""
    for name, parameter in document.parameters.items():
        _parameter(parameter, ("parameters", name), reporter)
    for name, table in document.tables.items():
        _table(table, ("tables", name), reporter)
    for name, target in document.targets.items():
        if isinstance(target.members, tuple):
            listed_once(target.members, ("targets", name, "members"), reporter)
        elif isinstance(target.members, MembersBody):
            _members(document, name, target, target.members.table, reporter)
        _aliases(target, ("targets", name, "aliases"), reporter)
    for name, record in document.records.items():
        _record(record, ("records", name), reporter)
    for section, bodies in (("targets", document.targets), ("records", document.records)):
        for name, body in bodies.items():
            for field, type_ in body.fields.items():
                if type_.base == "borrowed":
                    place = (section, name, "fields", field)
                    reporter.refuse_name(NOTHING_TO_BORROW, place, type_.kind or "", paths(document))


def _members(document: Document, name: str, target: TargetBody, said: str, reporter: Reporter) -> None:
    """The table that lists the members of a kind has a key and columns for it."""
    path = ("targets", name, "members", "table")
    table = document.tables.get(said)
    if table is None:
        reporter.refuse_name(NO_TABLE, path, said, document.tables)
        return
    if reporter.plain(("targets", name, "fields")) is not None:
        reporter.refused(("targets", name), "fields", f"members: {{table: {said}}}")
    wanted = [] if table.key == (name,) else [f"key: [{name}]"]
    wanted += [f"{kind}: {kind}" for kind in (name, target.in_) if kind is not None and not _is_of(table, kind)]
    wanted += ["rows"] if table.rows == "unstated" else []
    if wanted:
        reporter.refuse(NO_MEMBERS, path, found=said, kind=name, wanted="; ".join(f"`{one}`" for one in wanted))


def _is_of(table: TableBody, kind: str) -> bool:
    """Whether a table has a column of the name and type of a kind of target, with something in every row."""
    type_ = table.columns.get(kind)
    return type_ is not None and type_.kind == kind and not type_.optional


def _aliases(target: TargetBody, path: Path, reporter: Reporter) -> None:
    """Another name stands for a name, never for another alias, and is no name itself."""
    listed = target.members if isinstance(target.members, tuple) else None
    for alias, name in target.aliases.items():
        if name in target.aliases or (listed is not None and alias in listed):
            found = name if name in target.aliases else alias
            reporter.refuse_key(ALIAS_AND_NAME, (*path, alias), found=found)
        elif listed is not None and name not in listed:
            reporter.refuse_name(ALIAS_OF_NOBODY, (*path, alias), name, listed)


def _parameter(parameter: ParameterBody, path: Path, reporter: Reporter) -> None:
    if reporter.exactly_one(path, parameter, ("value", "values")) == "values" and not parameter.values:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "values"), key="values")


def _table(table: TableBody, path: Path, reporter: Reporter) -> None:
    """Keys are columns, something is left to look up, and the rows are here."""
    for number, name in enumerate(table.key):
        if name not in table.columns:
            reporter.refuse_name(NO_COLUMN, _item((*path, "key"), number, reporter), name, table.columns)
    listed_once(table.key, (*path, "key"), reporter)
    if not set(table.columns) - set(table.key):
        reporter.refuse_key(NOTHING_IN_IT, (*path, "columns"), key="columns")
    if isinstance(table.rows, SheetBody):
        # Where the sheet could not be read, that was said.
        if not any(found.path == ".".join((*path, "rows")) for found in reporter.report):
            reporter.refuse(SHEET, (*path, "rows", "sheet"), found=table.rows.sheet)
    elif not table.rows:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "rows"), key="rows")
    elif len(table.rows) > MOST_ROWS and table.rows != "unstated":
        reporter.refuse_key(TOO_LONG, (*path, "rows"), count=len(table.rows), limit=MOST_ROWS)
    if table.rows == "unstated" and table.absent is not None:
        reporter.refused(path, "absent", "rows: unstated")


def _record(record: RecordBody, path: Path, reporter: Reporter) -> None:
    placed = reporter.exactly_one(path, record, ("dated", "one_per"))
    if not record.fields:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "fields"), key="fields")
        return
    if placed == "one_per":
        if record.key is not None:
            reporter.refused(path, "key", f"one_per: {record.one_per}")
        if record.absent is None:
            reporter.needed(path, "absent", f"one_per: {record.one_per}")
    if placed == "dated":
        if record.absent is not None:
            reporter.pointless(path, "absent", "one_per")
        if record.key is None:
            reporter.needed(path, "key", f"dated: {record.dated}")
        _dated(record, path, reporter)
        _key(record, path, reporter)
    if record.event is not None:
        if placed == "one_per":
            reporter.refused(path, "event", f"one_per: {record.one_per}")
        _named(record.event, record, (*path, "event"), reporter)
    if record.latest_by is not None:
        _latest(record, record.latest_by, path, reporter)


def _latest(record: RecordBody, name: str, path: Path, reporter: Reporter) -> None:
    """What says which of several rows is the last always has a value with an order, and is not what they share."""
    place, field = (*path, "latest_by"), record.fields.get(name)
    if field is None:
        reporter.refuse_name(UNKNOWN_FIELD, place, name, record.fields, key="latest_by")
    elif field.base not in ("date", "datetime", "number", "count"):
        reporter.refuse(NOT_IN_ORDER, place, found=name, type=str(field))
    elif field.optional:
        reporter.refuse(OPTIONAL, place, found=name, key="latest_by")
    elif name in (record.key or ()):
        reporter.refuse(IN_KEY, place, found=name)


def _dated(record: RecordBody, path: Path, reporter: Reporter) -> None:
    """The field that places a record in time always holds a date."""
    place, name = (*path, "dated"), record.dated or ""
    field = record.fields.get(name)
    if field is None:
        days = [name for name, type_ in record.fields.items() if type_.base in ("date", "datetime")]
        reporter.refuse_name(UNKNOWN_FIELD, place, name, days or record.fields, key="dated")
    elif field.base not in ("date", "datetime"):
        reporter.refuse(NOT_A_DATE, place, found=name, type=str(field))
    elif field.optional:
        reporter.refuse(OPTIONAL, place, found=name, key="dated")


def _key(record: RecordBody, path: Path, reporter: Reporter) -> None:
    """The fields that tell one record from another are always there."""
    place = (*path, "key")
    for number, name in enumerate(record.key or ()):
        field = record.fields.get(name)
        if field is not None and field.optional:
            reporter.refuse(OPTIONAL, _item(place, number, reporter), found=name, key="key")
    if record.key is not None:
        _named(record.key, record, place, reporter)


def _named(names: tuple[str, ...], record: RecordBody, place: Path, reporter: Reporter) -> None:
    """A list of fields of a record, none of them twice."""
    for number, name in enumerate(names):
        if name not in record.fields:
            here = _item(place, number, reporter)
            reporter.refuse_name(UNKNOWN_FIELD, here, name, record.fields, key=place[-1])
    listed_once(names, place, reporter)


def listed_once(names: tuple[str, ...], path: Path, reporter: Reporter) -> None:
    """A list that names something, and nothing twice."""
    if not names:
        reporter.refuse_key(NOTHING_IN_IT, path, key=path[-1])
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            reporter.refuse(LISTED_TWICE, _item(path, number, reporter), found=name)
        seen.add(name)


def _item(path: Path, number: int, reporter: Reporter) -> Path:
    """The address of an entry of a list; a single value may stand for a list of one."""
    return (*path, str(number)) if reporter.places.value(path) is None else path
