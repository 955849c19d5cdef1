"""Typed pydantic models of what a scheme takes in: one for each kind of record, one for each kind of target.

Made from a plan, for hosts that like attributes and types. A model checks what types can; engines check every row
again, by the one grammar of input texts. Knows no engine.
"""

from __future__ import annotations

import datetime as dt
import keyword
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model

from cityrules.calendar.periods import Periods
from cityrules.io.grammar import MAX_TEXT, NAME_COLUMN, PERIOD_COLUMN, SINCE_COLUMN, UNTIL_COLUMN, scaled_range
from cityrules.plan.model import Kind, RecordKind
from cityrules.scheme.notation import FieldType

_NAMED = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


def record_model(kind: RecordKind, periods: Periods) -> type[BaseModel]:
    """The frozen model of a record: its declared fields, and for kinds `one_per` a cell the target and the period.

    A field whose name a model cannot have as an attribute gets an underscore behind it; the name itself is its alias.
    """
    columns: dict[str, Any] = {}
    if kind.one_per is not None and kind.one_per.kind != "whole":
        columns[kind.one_per.kind] = _NAMED
    if kind.one_per is not None and kind.one_per.period is not None:
        columns[PERIOD_COLUMN] = Annotated[str, Field(pattern=f"^{periods[kind.one_per.period].pattern}$")]
    return _model(kind.name, columns | _typed(kind.fields))


def target_model(kind: Kind) -> type[BaseModel]:
    """The frozen model of a target: its name, its parent's name, its attributes, and from when to when it exists."""
    columns: dict[str, Any] = {NAME_COLUMN: _NAMED}
    if kind.parent is not None:
        columns[kind.parent] = _NAMED
    lifetime = dict.fromkeys((SINCE_COLUMN, UNTIL_COLUMN), dt.date | None)
    return _model(kind.name, columns | _typed(kind.fields) | lifetime)


def _typed(fields: Mapping[str, FieldType]) -> dict[str, Any]:
    return {name: python_type(type_) | None if type_.optional else python_type(type_) for name, type_ in fields.items()}


def _model(name: str, columns: Mapping[str, Any]) -> type[BaseModel]:
    attributes = _attributes(columns)

    class Row(BaseModel):
        model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)
        __cityrules_attributes__: ClassVar[dict[str, str]] = attributes

    fields: dict[str, Any] = {}
    for column, annotation in columns.items():
        alias = column if attributes[column] != column else None
        default = None if _optional(annotation) else ...
        fields[attributes[column]] = (annotation, Field(default, alias=alias, title=column))
    made: type[BaseModel] = create_model(name, __base__=Row, **fields)
    return made


def _optional(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())


def _attributes(columns: Iterable[str]) -> dict[str, str]:
    """The attribute of a model for each column, no two the same (`class` and `class_` may both be fields)."""
    found = {column: _attribute(column) for column in columns}
    used = {column for column, name in found.items() if name == column}
    for column, name in found.items():
        while name != column and name in used:
            name += "_"
        used.add(name)
        found[column] = name
    return found


def _attribute(name: str) -> str:
    """A name that a model can have as an attribute."""
    taken = hasattr(BaseModel, name) or keyword.iskeyword(name) or name.startswith(("_", "model_"))
    return f"{name.strip('_') or 'field'}_" if taken else name


def python_type(type_: FieldType) -> Any:
    """The annotation of a field, leaving aside whether it may be missing: exact numbers, dates and enumerations as the
    types of Python."""
    match type_.base:
        case "number" | "count":
            low, high = scaled_range(type_)
            unit = Decimal(1).scaleb(-type_.scale)
            if type_.scale == 0:
                return Annotated[int, Field(ge=low, le=high)]
            return Annotated[Decimal, Field(ge=low * unit, le=high * unit, decimal_places=type_.scale)]
        case "flag":
            return bool
        case "date":
            return dt.date
        case "datetime":
            return dt.datetime
        case "enumeration":
            return Literal[type_.labels]
        case _:
            return _NAMED
