"""Pauses that stand as records: how much of a deadline's time stood still, as a measure beside its parts.

Every unit of time has a running count (`plan.due`), so that a pause is a stretch of it, and engines need know nothing
of units, calendars and clocks.
"""

from __future__ import annotations

from fractions import Fraction

from cityrules.calendar.working import Weekdays
from cityrules.feel.tree import Tree
from cityrules.feel.types import Number
from cityrules.plan import times
from cityrules.plan.alike import alike, uncertain
from cityrules.plan.calendars import Clock
from cityrules.plan.common import common
from cityrules.plan.context import Context, Under
from cityrules.plan.drafts import Draft
from cityrules.plan.due import Terms, length, nothing_yet
from cityrules.plan.model import Expr, Pauses, RecordAxis
from cityrules.plan.running import FIRST_DAY, ran
from cityrules.scheme.durations import MOMENT_UNITS, Hours

_ALWAYS = Clock(False, (Hours(0, 24 * 60),))


def build_pauses(context: Context, draft: Draft, under: Under, terms: Terms, pause: tuple[Tree, Tree]) -> Pauses | None:
    """The measure `NAME.paused`, or None after a complaint. `pause`: from when until when a record stops the time."""
    axis, among = draft.axes[""], alike(context, draft, under)
    if not isinstance(axis, RecordAxis) or among is None:
        return None
    names = uncertain(among)
    if names:
        # Whom it would be like is unknown, and nobody says what then.
        context.reporter.refuse("CR925", (*draft.path, "paused", "among"), found=", ".join(names))
        return None
    start, until = pause
    optional = terms.starts.type.optional or terms.count.type.optional
    made = common(context, draft, under, Number(0, Fraction(0), times.MOST, None, optional))
    made["name"] = f"{draft.name}.paused"

    def expr(key: str, tree: Tree) -> Expr:
        path = (*draft.path, "paused", key)
        return Expr(draft.parts[f"paused.{key}"].text, ".".join(path), tree, (), context.reporter.loaded.span(path))

    return Pauses(
        **made,
        deadline=draft.name,
        axis=axis,
        among=among,
        starts=expr("from", _begin(terms)),
        length=expr("from", length(terms)),
        begins=expr("from", _count(terms, start, before=True)),
        ends=expr("until", _end(terms, until)),
    )


def _begin(terms: Terms) -> Tree:
    """The count at which the time begins."""
    if terms.unit in MOMENT_UNITS:
        return _count(terms, terms.starts)
    return _count(terms, nothing_yet(terms))


def _end(terms: Terms, until: Tree) -> Tree:
    """The count at which a pause ends; one without an end lasts through `as_of`."""
    if terms.unit in MOMENT_UNITS:
        return _count(terms, times.default(until, times.AS_OF))
    return _count(terms, times.default(times.day_before(until), times.day_of(times.AS_OF)))


def _count(terms: Terms, point: Tree, *, before: bool = False) -> Tree:
    """The running count up to a moment, or up to and including a day (`before`: up to the day before it)."""
    if terms.unit in MOMENT_UNITS:
        if terms.clock is None:
            return ran(point, _ALWAYS, Weekdays())
        assert terms.working is not None
        return ran(point, terms.clock, terms.working)
    day = times.day_before(point) if before else point
    if terms.unit == "working days":
        assert terms.working is not None
        return times.counted(day, terms.working)
    return times.days_between(FIRST_DAY, day)
