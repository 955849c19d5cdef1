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
        measures = tuple(dict.fromkeys(name for name in ends.values() if _measured(ground, record, name)))
        fields = {word: name for word, name in ends.items() if name not in measures}
        good = [_is_day(reporter, (*path, "standing", word), record, name) for word, name in fields.items()]
        return replace(axis, placed=Standing(ends["from"], ends["until"], measures)) if all(good) else None
    name = body.dated or ""
    if _measured(ground, record, name):
        return replace(axis, placed=Dated(name, (name,)))
    return dated_by(reporter, ground, path, axis, name)


def _measured(ground: Ground, record: RecordKind, name: str) -> bool:
    """Whether a name is that of a measure of single records of a kind."""
    return name not in record.types and ground.measures.get(name) == Grain(record.name)


def is_a_day(reporter: Reporter, path: Address, axis: Axis | None, measures: Mapping[str, Measure]) -> bool:
    """Whether the measures that place the records of an axis in time, if some do, are dates; complains where not."""
    placed = axis.placed if isinstance(axis, RecordAxis) else None
    if not isinstance(axis, RecordAxis) or placed is None:
        return True
    for name in placed.measures:
        measure = measures.get(name)
        if measure is None:
            return False  # Its own complaint was made.
        if not isinstance(measure.type, (Date, DateTime)):
            ends = ("standing", "from" if name == placed.field else "until")
            where = ends if isinstance(placed, Standing) else ("dated",)
            said = type(measure.type).__name__.lower()
            reporter.refuse("CR876", (*path, *where), found=name, record=axis.record, type=said)
            return False
    return True


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
