"""Fields that refer to a record of another kind: the type of what stands in them, and what can be read by way of them.

A reference holds the key of the other record, so that kind needs a key of one plain field. Kinds refer to one another
without circles, so that records can be taken in one kind after the other. Knows kinds of records, no measures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from cityrules.plan.model import Condition, Kind, RecordAxis, RecordKind
from cityrules.plan.names import Field
from cityrules.plan.reading import Node, axes, bindings, expressions
from cityrules.plan.reporting import Reporter
from cityrules.scheme.document import RecordBody
from cityrules.scheme.notation import FieldType

KEY_TYPES: Final = ("text", "enumeration", "count", "number", "date")
"""What the key of a record that others refer to can be."""

MOST_PATHS: Final = 1_000
"""Fields that one kind can have through others: a hostile document could multiply them without end."""


def referred(
    reporter: Reporter, bodies: Mapping[str, RecordBody], kinds: Mapping[str, Kind]
) -> dict[str, dict[str, str]]:
    """By kind of record, its fields that refer to records and the kind of these; without those that cannot, after a
    complaint about each."""
    found: dict[str, dict[str, str]] = {}
    for name, body in bodies.items():
        wanted = {
            field: type_.kind
            for field, type_ in body.fields.items()
            if type_.base == "kind" and type_.kind is not None and type_.kind in bodies and type_.kind not in kinds
        }
        for field, other in wanted.items():
            if _can_be_named(reporter, ("records", name, "fields", field), other, bodies[other], bodies):
                found.setdefault(name, {})[field] = other
    for name in found:
        for field, other in list(found[name].items()):
            circle = _way(found, other, name)
            if circle is not None:
                said = " → ".join((name, *circle))
                reporter.refuse("CR931", ("records", name, "fields", field), found=other, circle=said)
                del found[name][field]
    return found


def _can_be_named(
    reporter: Reporter,
    path: tuple[str, ...],
    name: str,
    body: RecordBody,
    bodies: Mapping[str, RecordBody],
) -> bool:
    """Whether one value says which record of a kind is meant; complains where none can."""
    keys = [body.fields[key] for key in body.key or () if key in body.fields]
    if body.one_per is not None:
        reporter.refuse("CR930", path, found=name, reason=f"one_per: {body.one_per}")
    elif len(body.key or ()) != 1:
        reporter.refuse("CR930", path, found=name, reason=f"key: [{', '.join(body.key or ())}]")
    elif keys and (keys[0].base not in KEY_TYPES or keys[0].kind in bodies):
        reporter.refuse("CR930", path, found=name, reason=f"{(body.key or ('',))[0]}: {keys[0]}")
    else:
        return bool(keys)
    return False


def _way(found: Mapping[str, Mapping[str, str]], start: str, end: str) -> tuple[str, ...] | None:
    """The kinds from `start` to `end` along references, both included."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == end:
            return way
        for other in found.get(way[-1], {}).values():
            if other not in seen or other == end:
                seen.add(other)
                ways.append((*way, other))
    return None


def with_references(
    reporter: Reporter, records: dict[str, RecordKind], references: Mapping[str, Mapping[str, str]]
) -> dict[str, RecordKind]:
    """The kinds with their references, in the order of the document: fields typed with the key of the other kind, and
    everything that they have through it."""
    done: dict[str, RecordKind] = {}
    for name in in_order(records, references):
        record, own = records[name], references.get(name, {})
        fields, through = dict(record.fields), dict[str, FieldType]()
        for field, kind in own.items():
            other, optional = done[kind], record.fields[field].optional
            fields[field] = replace(other.fields[other.key[0]], optional=optional)
            for path, type_ in other.types.items():
                through[f"{field}.{path}"] = replace(type_, optional=optional or type_.optional)
        if len(through) > MOST_PATHS:
            reporter.refuse_key("CR932", ("records", name), found=name, limit=MOST_PATHS)
            through = {}
        done[name] = replace(record, fields=fields, references=own, through=through)
    return {name: done[name] for name in records}


def in_order(records: Iterable[str], references: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Kinds of records, each behind those that it refers to."""
    done: dict[str, None] = {}
    waiting = [*records][::-1]
    while waiting:
        name = waiting[-1]
        open_ = [other for other in references.get(name, {}).values() if other not in done]
        if open_:
            waiting += open_
        else:
            done[waiting.pop()] = None
    return [*done]


def referent(records: Mapping[str, RecordKind], record: RecordKind, path: str) -> str | None:
    """The kind of record that a field, or a path over references, refers to; None for what holds something else."""
    found: str | None = record.name
    for step in path.split("."):
        found = records[found].references.get(step) if found is not None else None
    return found


def as_used(
    records: Mapping[str, RecordKind],
    conditions: Mapping[str, tuple[Condition, ...]],
    nodes: Iterable[Node],
) -> dict[str, RecordKind]:
    """The kinds with the conditions on which their rows are accepted, and with only that through others which something
    reads: engines fetch no more."""
    used: dict[str, set[str]] = defaultdict(set)
    for node in (*nodes, *(one for found in conditions.values() for one in found)):
        for axis in axes(node):
            if isinstance(axis, RecordAxis):
                placed = axis.placed
                used[axis.record] |= {axis.route.field} if axis.route is not None else set()
                used[axis.record] |= {placed.field, getattr(placed, "until", "")} if placed is not None else set()
        for expr in expressions(node):
            used_here = (binding for binding in bindings(expr) if isinstance(binding, Field))
            for binding in used_here:
                used[binding.record].add(binding.name)
    for name, record in records.items():
        used[name] |= {route.field for route in record.routes.values()}
    # What is read through two references is read of the one between, too.
    for name in reversed(in_order(records, {name: record.references for name, record in records.items()})):
        for path in used[name] & records[name].through.keys():
            field, _, rest = path.partition(".")
            used[records[name].references[field]].add(rest)
    return {
        name: replace(
            record,
            through={path: type_ for path, type_ in record.through.items() if path in used[name]},
            accepted_if=conditions.get(name, ()),
        )
        for name, record in records.items()
    }
