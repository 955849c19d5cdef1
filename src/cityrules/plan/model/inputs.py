"""What a scheme takes in, as it stands in a plan: kinds of targets and of records, parameters, tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cityrules.feel.lookup import Table
from cityrules.feel.types import Type
from cityrules.plan.model.expressions import Constant, Expr
from cityrules.scheme.notation import FieldType, Grain


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of target. `ancestors`: its parents upward. `members`: the fixed names, or how they become known.

    `aliases`: other names that data may use for its members.
    `stated`: rows that the document itself holds, in the columns of registered targets; engines take them in as if
    they had been given with the data.
    `parts`: of `squad per item`, the kinds that its members consist of, the target itself first. `ancestors` are then
    all kinds of which such a pair has exactly one member.
    """

    name: str
    ancestors: tuple[str, ...]
    members: tuple[str, ...] | Literal["registered", "as they appear"]
    fields: Mapping[str, FieldType]
    parts: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    stated: tuple[Mapping[str, str | None], ...] | None = None

    @property
    def in_rows(self) -> bool:
        """Whether its members are rows: given with the data, or stated in the document."""
        return self.members == "registered" or self.stated is not None

    @property
    def parent(self) -> str | None:
        return self.ancestors[0] if self.ancestors else None


@dataclass(frozen=True, slots=True)
class Route:
    """How a record reaches a target of `kind`: through `field` (typed with `start`), then up to `kind`. `measured`:
    `field` is a measure of the record that names the target."""

    field: str
    start: str
    kind: str
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must meet to be accepted; it reads the row, the targets that it reaches on its own day, and constants.
    `unknown`: whether a row of which it is unknown is accepted."""

    name: str
    that: Expr
    unknown: Literal["yes", "no"] | None
    clause: str | None
    label: str | None
    path: str

    @property
    def address(self) -> str:
        """Where it stands in its kind of record; in the reasons of rejects in the place of a field."""
        return f"accepted_if.{self.name}"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of input row.

    Dated kinds have `dated` (a date or date-time field) and `key`. Kinds `one_per` a grain have one row per cell of it;
    their columns are the kind of the grain (the target's name), the period (`2024-03`) and the fields; `absent` says
    what a cell without a row means (`error`: undetermined, `null`: its fields are missing).
    `latest_by`: the field that says which of several rows with one key counts.
    `event`: the fields in which rows of one event agree; a record without a value in one of them is an event by itself.
    `routes` lists one route for each kind of target that is reached by exactly one path.
    `references`: fields that hold the key of a record of another kind, and that kind; their type is that of the key.
    `through`: what something reads of records referred to, by path (`finding.found_on`): such a name can stand wherever
    the name of a field can. A record that refers to nobody is not accepted, so that these are missing only where the
    reference itself, or the field at its end, is.
    `accepted_if`: what its rows must meet, each condition by itself.
    """

    name: str
    fields: Mapping[str, FieldType]
    key: tuple[str, ...]
    dated: str | None
    one_per: Grain | None
    absent: Literal["error", "null"] | None
    routes: Mapping[str, Route]
    label: str | None = None
    clause: str | None = None
    latest_by: str | None = None
    event: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    through: Mapping[str, FieldType] = field(default_factory=dict)
    accepted_if: tuple[Condition, ...] = ()

    @property
    def types(self) -> Mapping[str, FieldType]:
        """The types of its own fields, and of those that it has through others."""
        return {**self.fields, **self.through}


@dataclass(frozen=True, slots=True)
class ParameterPlan:
    """A dial. `values`: (first day, value), sorted; the first day of a single value is `date.min`."""

    name: str
    type: Type
    values: tuple[tuple[dt.date, Constant], ...]
    unit: str | None
    clause: str | None = None
    label: str | None = None

    def on(self, day: dt.date) -> Constant:
        """The value in force on a day, before the first one that one; there must be one."""
        return next((value for since, value in reversed(self.values) if since <= day), self.values[0][1])


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Constants by exact keys. Look-ups in expressions hold what they need of it; the rest is for those who explain.
    `types`: those of all columns as declared, in the order of the rows (in `table` as narrow as its values)."""

    name: str
    table: Table
    clause: str | None = None
    label: str | None = None
    types: Mapping[str, Type] = field(default_factory=dict)
