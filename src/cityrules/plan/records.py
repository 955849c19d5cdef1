"""The kinds of records with the ways they reach targets, out of the document. Knows kinds of targets, no measures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cityrules.plan.kinds import check_field, plain_kinds
from cityrules.plan.model import Kind, Plan, RecordKind, Route
from cityrules.plan.references import referred, with_references
from cityrules.plan.reporting import Reporter
from cityrules.scheme.document import RecordBody
from cityrules.scheme.notation import FieldType, parts_of


def build_records(reporter: Reporter, kinds: Mapping[str, Kind]) -> dict[str, RecordKind]:
    """Every kind of record by name; complaints go to the reporter."""
    bodies = reporter.loaded.document.records
    references = referred(reporter, bodies, kinds)
    plain = {name: _record(reporter, kinds, name, body) for name, body in bodies.items()}
    records = with_references(reporter, plain, references)
    return {name: replace(record, routes=_routes(record, kinds)) for name, record in records.items()}


def _routes(record: RecordKind, kinds: Mapping[str, Kind]) -> dict[str, Route]:
    """A kind that two fields lead to has no route of its own: the author has to say which is meant."""
    ways = ways_of(record, kinds) if record.one_per is None else {}
    return {kind: found[0] for kind, found in ways.items() if len(found) == 1}


def _record(reporter: Reporter, kinds: Mapping[str, Kind], name: str, body: RecordBody) -> RecordKind:
    path = ("records", name)
    known = "whole" if body.one_per is None else parts_of(body.one_per.kind)[0]
    if body.one_per is not None and known not in kinds and known != "whole":
        reporter.refuse_name("CR405", (*path, "one_per"), known, [*plain_kinds(kinds), "whole"])
    for field, type_ in body.fields.items():
        check_field(reporter, (*path, "fields", field), type_, {**kinds, **reporter.loaded.document.records})
    return RecordKind(
        name=name,
        fields=dict(body.fields),
        key=body.key or (),
        dated=body.dated,
        one_per=body.one_per,
        absent=body.absent,
        routes={},
        label=body.label,
        clause=body.clause,
        latest_by=body.latest_by,
        event=body.event or (),
    )


def routes_by_kind(fields: Mapping[str, FieldType], kinds: Mapping[str, Kind]) -> dict[str, list[Route]]:
    """Every way from the fields of a record to a kind of target, by that kind and in the order of the fields."""
    found: dict[str, list[Route]] = {}
    for field, type_ in fields.items():
        start = kinds.get(type_.kind or "")
        if start is None:
            continue
        for kind in (start.name, *start.ancestors):
            found.setdefault(kind, []).append(Route(field, start.name, kind))
    return found


def ways_of(record: RecordKind, kinds: Mapping[str, Kind]) -> dict[str, list[Route]]:
    """The ways from a record to a kind of target that need not be named: those by its own fields, and by way of the
    records that it refers to where no field of its own leads to the kind."""
    return {**routes_by_kind(record.through, kinds), **routes_by_kind(record.fields, kinds)}


def aliases_of(plan: Plan, field: FieldType) -> Mapping[str, str]:
    """Other names that a field's texts may have for targets; none for fields that name no target."""
    return plan.kinds[field.kind].aliases if field.kind is not None and field.kind in plan.kinds else {}
