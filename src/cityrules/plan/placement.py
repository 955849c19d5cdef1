"""How records on an axis are placed in time where it is not by the date of their kind. Knows kinds, no expressions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cityrules.feel.types import Date, DateTime
from cityrules.plan.model import Axis, Dated, Measure, RecordAxis, RecordKind, Standing
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import Ground
from cityrules.scheme.document import FoldBody, RuleBody
from cityrules.scheme.notation import Grain

DAYS = ("date", "datetime")


def placed(
    reporter: Reporter, ground: Ground, path: Address, axis: Axis | None, grain: Grain, body: FoldBody | RuleBody
) -> Axis | None:
    """The axis of a fold or rule with what its body says of dates, or None after a complaint."""
    if body.dated is not None and body.standing is not None:
        reporter.refuse_key("CR878", (*path, "standing"), found="standing", other="dated")
        return None
    key = "dated" if body.dated is not None else "standing" if body.standing is not None else None
    if key is None:
        return axis
    if grain.period is None or (axis is not None and not isinstance(axis, RecordAxis)):
        # A cell for all time holds every record, a record looks back from its own date, nothing else is dated.
        reporter.refuse_key("CR877", (*path, key), found=key)
        return None
    if axis is None:
        return None
    record = ground.record(axis.record)
    assert record is not None
    if body.standing is not None:
        ends = {"from": body.standing.from_, "until": body.standing.until}
        good = [_is_day(reporter, (*path, "standing", word), record, name) for word, name in ends.items()]
        return replace(axis, placed=Standing(*ends.values())) if all(good) else None
    name = body.dated or ""
    if name not in record.types and ground.measures.get(name) == Grain(record.name):
        return replace(axis, placed=Dated(name, measured=True))
    return dated_by(reporter, ground, path, axis, name)


def is_a_day(reporter: Reporter, path: Address, axis: Axis | None, measures: Mapping[str, Measure]) -> bool:
    """Whether the measure that places the records of an axis in time, if one does, is a date; complains where not."""
    placed = axis.placed if isinstance(axis, RecordAxis) else None
    if not isinstance(axis, RecordAxis) or not isinstance(placed, Dated) or not placed.measured:
        return True
    measure = measures.get(placed.field)
    if measure is None:
        return False  # Its own complaint was made.
    if isinstance(measure.type, (Date, DateTime)):
        return True
    said = type(measure.type).__name__.lower()
    reporter.refuse("CR876", (*path, "dated"), found=placed.field, record=axis.record, type=said)
    return False


def dated_by(reporter: Reporter, ground: Ground, path: Address, axis: RecordAxis, name: str) -> RecordAxis | None:
    """The axis with another date of its records, whatever the cells; None after a complaint."""
    record = ground.record(axis.record)
    good = record is not None and _is_day(reporter, (*path, "dated"), record, name)
    return replace(axis, placed=Dated(name)) if good else None


def _is_day(reporter: Reporter, path: Address, record: RecordKind, name: str) -> bool:
    """Whether a field of the record is a date; complains where it is not."""
    field = record.types.get(name)
    if field is None:
        days = [other for other, type_ in record.types.items() if type_.base in DAYS]
        reporter.refuse_name("CR875", path, name, days, record=record.name)
    elif field.base not in DAYS:
        reporter.refuse("CR876", path, found=name, record=record.name, type=field)
    return field is not None and field.base in DAYS
