"""Rows of targets to the registry: their columns, their versions, those who appear in records. Knows no measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping, Sequence

from cityrules.engines.base import CellKey
from cityrules.engines.python.fields import Column, converter, named
from cityrules.engines.python.intake import Accepted, Form
from cityrules.engines.python.records import Record
from cityrules.engines.python.registry import Member, Registry
from cityrules.io import grammar
from cityrules.plan.model import Kind, Plan
from cityrules.plan.records import aliases_of
from cityrules.scheme.notation import FieldType, parts_of, split_name

_TEXT = FieldType("text")
_DATE = FieldType("date", optional=True)


def members_known(plan: Plan, registry: Registry, kind: str | None) -> Container[str] | None:
    """The members that a field of a kind may name; None where any text is one."""
    if kind is None or plan.kinds[kind].members == "as they appear":
        return None
    return registry.members(kind)


def target_form(plan: Plan, kind: Kind, registry: Registry) -> Form:
    # An attribute may name a kind whose members are not known yet: it is a text.
    fields = tuple(
        Column(name, named(converter(type_), aliases_of(plan, type_)), type_.optional)
        for name, type_ in kind.fields.items()
    )
    columns = [Column(grammar.NAME_COLUMN, named(converter(_TEXT), kind.aliases), False)]
    if kind.parent:
        convert = converter(FieldType("kind"), members_known(plan, registry, kind.parent))
        columns.append(Column(kind.parent, named(convert, plan.kinds[kind.parent].aliases), False))
    columns += fields
    columns += [Column(name, converter(_DATE), True) for name in (grammar.SINCE_COLUMN, grammar.UNTIL_COLUMN)]
    life = len(columns) - 2, len(columns) - 1
    names, begins = [column.name for column in columns], plan.begins_with(kind.name)
    fixed = tuple(names.index(name) for name in begins)
    return Form(
        kind.name, tuple(columns), (0,), grammar.KEY_JOIN, lambda values: [str(values[0])], life=life, fixed=fixed
    )


def member_of(kind: Kind, row: Accepted) -> Member:
    name, *rest = row.values
    parent = rest.pop(0) if kind.parent else None
    *attributes, since, until = rest
    assert isinstance(parent, str | None)
    return Member(
        str(name),
        parent,
        dict(zip(kind.fields, attributes, strict=True)),
        since if isinstance(since, dt.date) else dt.date.min,
        until if isinstance(until, dt.date) else None,
    )


def note_appearing(
    plan: Plan,
    registry: Registry,
    records: Mapping[str, Sequence[Record]],
    rows: Mapping[str, Mapping[CellKey, Record]],
) -> None:
    """Targets of kinds whose members appear: whatever accepted records name, themselves or by way of those that they
    refer to."""
    appearing = {kind.name for kind in plan.kinds.values() if kind.members == "as they appear"}
    for record in plan.records.values():
        fields = {name: type_.kind for name, type_ in record.types.items() if type_.kind in appearing}
        for row in (*records.get(record.name, ()), *rows.get(record.name, {}).values()):
            for field, kind in fields.items():
                if isinstance(name := row.values[field], str) and name not in registry.members(kind or ""):
                    registry.add(kind or "", Member(name, None, {}))
            if record.one_per is not None:
                for kind, name in zip(parts_of(record.one_per.kind), split_name(row.target), strict=True):
                    if kind in appearing and name not in registry.members(kind):
                        registry.add(kind, Member(name, None, {}))
