"""Types of fields that are said by the name of something else: another field, or a measure by bands with its labels.

They are put in as soon as a document is read, so that nobody after this knows how a type was said. What cannot be
found stays as it is (`base` `borrowed`) and is complained about with the other faults of inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from cityrules.scheme.document import BandsBody, Document, MembersBody
from cityrules.scheme.notation import FieldType, NotationError, parse_numeral

LIFETIME: Final = ("since", "until")
"""Columns of targets that say from when to when they exist."""


def with_plain_types(document: Document) -> Document:
    """The document with the types of all fields of targets and records written out; targets that a table lists have
    its columns for fields."""
    document = _with_columns(document)
    changed: dict[str, object] = {}
    for section in ("targets", "records"):
        bodies = getattr(document, section)
        plain = {
            name: body.model_copy(update={"fields": fields})
            for name, body in bodies.items()
            if (fields := _plain(document, body.fields)) != body.fields
        }
        if plain:
            changed[section] = {**bodies, **plain}
    return document.model_copy(update=changed) if changed else document


def _with_columns(document: Document) -> Document:
    """Targets whose members stand in a table, with the columns that say neither who, nor where, nor since when."""
    found = {}
    for name, body in document.targets.items():
        table = document.tables.get(body.members.table) if isinstance(body.members, MembersBody) else None
        if table is not None and not body.fields:
            taken = {*table.key, body.in_, *LIFETIME}
            fields = {column: type_ for column, type_ in table.columns.items() if column not in taken}
            found[name] = body.model_copy(update={"fields": fields})
    return document.model_copy(update={"targets": {**document.targets, **found}}) if found else document


def paths(document: Document) -> Iterator[str]:
    """Everything that a type can be borrowed from."""
    for bodies in (document.records, document.targets):
        for name, body in bodies.items():
            yield from (f"{name}.{field}" for field, type_ in body.fields.items() if type_.base != "borrowed")


def _plain(document: Document, fields: Mapping[str, FieldType]) -> dict[str, FieldType]:
    return {name: _found(document, type_) or type_ for name, type_ in fields.items()}


def _found(document: Document, type_: FieldType) -> FieldType | None:
    """The type that is meant; None where it is plain, or nothing has that name. Whether it is optional is its own."""
    said = type_.kind or ""
    if type_.base == "borrowed":
        owner, _, name = said.partition(".")
        body = document.records.get(owner) or document.targets.get(owner)
        found = body.fields.get(name) if body is not None else None
        return replace(found, optional=type_.optional) if found is not None and found.base != "borrowed" else None
    measure = document.measures.get(said) if type_.base == "kind" and said not in document.targets else None
    if not isinstance(measure, BandsBody):
        return None
    given = (measure.at_least, measure.above, measure.up_to, measure.below)
    every = [*(label for one in given if one for label in one.values()), measure.otherwise]
    labels = tuple(dict.fromkeys(label for label in every if label != "null"))
    return None if all(_number(label) for label in labels) else FieldType("enumeration", type_.optional, labels=labels)


def _number(label: str) -> bool:
    try:
        parse_numeral(label)
    except NotationError:
        return False
    return True
