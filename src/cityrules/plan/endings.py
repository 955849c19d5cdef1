"""What lifts an act that has effect: which records, and where their condition stands. Knows kinds, no expressions."""

from __future__ import annotations

from cityrules.plan.axes import find_axis
from cityrules.plan.meanings import Place
from cityrules.plan.model import RecordAxis
from cityrules.plan.placement import dated_by
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import Ground, view_of_element
from cityrules.scheme.document import EndsBody
from cityrules.scheme.notation import Grain


def ending_axis(reporter: Reporter, ground: Ground, path: Address, body: EndsBody, grain: Grain) -> RecordAxis | None:
    """The records, or the rows of a consequence, by which acts for the targets of a grain end; None after a
    complaint."""
    if grain.kind in ground.records:
        reporter.refuse_key("CR961", path, found=grain)
        return None
    if body.over not in ground.records and body.over not in ground.following:
        dated = [record.name for record in ground.records.values() if record.dated]
        reporter.refuse_name("CR962", (*path, "over"), body.over, [*dated, *ground.following])
        return None
    # Whatever the period of the cell: a record of any day can lift what began before.
    axis = find_axis(reporter, ground, path, "over", body.over, Grain(grain.kind), body.via, None)
    if not isinstance(axis, RecordAxis):
        return None
    return axis if body.dated is None else dated_by(reporter, ground, path, axis, body.dated)


def by_itself(ground: Ground, axis: RecordAxis) -> Place:
    """Where a condition of a record stands that is the same whatever it lifts: every name is the record's own."""
    view = view_of_element(ground, axis)
    return Place(ground, view, view, axis)
