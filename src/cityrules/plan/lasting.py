"""From when and until when an act has effect, and by when it is to be carried out, as typed trees. Knows the day of a
row, notations and the calendar, no documents."""

from __future__ import annotations

from cityrules.feel.tree import Read, Tree
from cityrules.feel.types import Date, DateTime
from cityrules.plan.calendars import CalendarPlan
from cityrules.plan.due import Terms, due, fixed_day
from cityrules.plan.fields import field_type
from cityrules.plan.names import Field, PeriodPart
from cityrules.plan.times import AS_OF, day_of, days_later, months_later, whole
from cityrules.plan.views import Ground
from cityrules.scheme.durations import FixedDay, Lasts, Limit
from cityrules.scheme.notation import Grain


def day_of_row(ground: Ground, grain: Grain) -> Tree:
    """The day by which a row of a consequence is dated: the last of its period, the record's, without either that of
    `as_of`."""
    record = ground.records.get(grain.kind)
    if record is not None and record.dated is not None:
        type_ = field_type(record.fields[record.dated])
        day = Read(type_, 0, 0, record.dated, Field(type_, record.name, record.dated, "cell"))
        return day_of(day) if isinstance(type_, DateTime) else day
    if grain.period is None:
        return day_of(AS_OF)
    return Read(Date(), 0, 0, f"{grain.period}.last_day", PeriodPart(Date(), grain.period, "last_day", "cell"))


def last_in_time(starts: Tree, within: Limit | FixedDay, calendar: CalendarPlan) -> Tree:
    """The last day by which something is to be carried out that is counted from a day: as that of a deadline. The
    calendar says enough for it."""
    fixed, limit = (within, Limit(0, "days")) if isinstance(within, FixedDay) else (None, within)
    moves, included = bool(calendar.moves) and limit.unit != "working days", bool(calendar.start_included)
    return due(Terms(starts, limit.unit, whole(limit.count), fixed, None, calendar.working, included, moves))


def day_after(starts: Tree, lasts: Lasts, calendar: CalendarPlan | None) -> Tree | None:
    """The first day on which something that began on a day has no effect any more; None: for good."""
    match lasts:
        case Limit(unit="working days"):
            assert calendar is not None
            return days_later(last_in_time(starts, lasts, calendar), whole(1))
        case Limit(count=count, unit="months"):
            return months_later(starts, whole(count))
        case Limit(count=count, unit=unit):
            return days_later(starts, whole(count * (7 if unit == "weeks" else 1)))
        case FixedDay():
            return days_later(fixed_day(lasts, starts), whole(1))
        case _:
            return None
