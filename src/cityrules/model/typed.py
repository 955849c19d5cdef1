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
from cityrules.scheme.notation import MAX_SCALE, FieldType, parts_of

# What the source of a model needs under its own name, so that no attribute may hide it.
MODEL_NAMES = frozenset((
    "dt", "Decimal", "Annotated", "ClassVar", "Literal", "BaseModel", "ConfigDict", "Field", "Row", "Text",
    "str", "int", "bool", "dict", "None", "True", "False", *(f"Number{scale}" for scale in range(1, MAX_SCALE + 1)),
))  # fmt: skip
_TEXT = FieldType("text")
_NAMED = Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


def record_model(kind: RecordKind, periods: Periods) -> type[BaseModel]:
    """The frozen model of a record: its declared fields, and for kinds `one_per` a cell the target and the period.

    A field whose name a model cannot have as an attribute gets an underscore behind it; the name itself is its alias.
    """
    columns = record_columns(kind)
    typed: dict[str, Any] = {name: None if type_ is None else _typed(type_) for name, type_ in columns.items()}
    if kind.one_per is not None and kind.one_per.period is not None:
        typed[PERIOD_COLUMN] = Annotated[str, Field(pattern=f"^{periods[kind.one_per.period].pattern}$")]
    return _model(kind.name, typed)


def target_model(kind: Kind) -> type[BaseModel]:
    """The frozen model of a target: its name, its parent's name, its attributes, and from when to when it exists."""
    return _model(kind.name, {name: _typed(type_) for name, type_ in target_columns(kind).items()})


def record_columns(kind: RecordKind) -> dict[str, FieldType | None]:
    """The columns of a record and their types; None for the name of a period."""
    columns: dict[str, FieldType | None] = {}
    target, *dimensions = parts_of(kind.one_per.kind) if kind.one_per is not None else ("whole",)
    if target != "whole":
        columns[target] = _TEXT
    if kind.one_per is not None and kind.one_per.period is not None:
        columns[PERIOD_COLUMN] = None
    return columns | dict.fromkeys(dimensions, _TEXT) | dict(kind.fields)


def target_columns(kind: Kind) -> dict[str, FieldType]:
    """The columns of a target and their types."""
    parent = {kind.parent: _TEXT} if kind.parent is not None else {}
    lifetime = dict.fromkeys((SINCE_COLUMN, UNTIL_COLUMN), FieldType("date", optional=True))
    return {NAME_COLUMN: _TEXT} | parent | dict(kind.fields) | lifetime


def _typed(type_: FieldType) -> Any:
    return python_type(type_) | None if type_.optional else python_type(type_)


def _model(name: str, columns: Mapping[str, Any]) -> type[BaseModel]:
    named = attributes(columns)

    class Row(BaseModel):
        model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)
        __cityrules_attributes__: ClassVar[dict[str, str]] = named

    fields: dict[str, Any] = {}
    for column, annotation in columns.items():
        alias = column if named[column] != column else None
        default = None if _optional(annotation) else ...
        fields[named[column]] = (annotation, Field(default, alias=alias, title=column))
    made: type[BaseModel] = create_model(name, __base__=Row, **fields)
    return made


def _optional(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())


def attributes(columns: Iterable[str]) -> dict[str, str]:
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
    taken = taken or name in MODEL_NAMES
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
