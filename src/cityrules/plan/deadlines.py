"""Deadlines: one measure of the document becomes several of the plan, `NAME.started` to `NAME.late`, each a formula.

So everything that computes, checks or explains a formula does so for a deadline; what is special is in `plan.due`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from cityrules.feel.check import ANY, Checked
from cityrules.feel.kinds import literal_number, term
from cityrules.feel.tree import Literal_, Tree
from cityrules.feel.types import Date, DateTime, Flag, Number, Type
from cityrules.plan import times
from cityrules.plan.calendars import Clock, UnitPlan, enough, enough_before
from cityrules.plan.common import common
from cityrules.plan.context import ALWAYS, Context, Under, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.due import Terms, clock_due, due, due_moment, is_day
from cityrules.plan.model import Deadline, DeadlinePart, Expr, Pauses
from cityrules.plan.parts import Part
from cityrules.plan.pauses import build_pauses
from cityrules.plan.policies import stated
from cityrules.scheme.document import DeadlineBody
from cityrules.scheme.durations import (
    LIMIT_UNITS,
    MOMENT_UNITS,
    FixedDay,
    LimitUnit,
    parse_fixed_day,
    parse_limit,
    parse_own_limit,
)
from cityrules.scheme.notation import NotationError
from cityrules.scheme.reporting import KEY_REFUSED

_LATE, _IN_TIME = "late", "in time"


@dataclass(frozen=True, slots=True)
class _Length:
    """How long there is: the built-in `unit`, how many of it or of the document's `own`, or the fixed day."""

    unit: LimitUnit
    count: Tree
    fixed: FixedDay | None = None
    name: str | None = None
    own: UnitPlan | None = None

    @property
    def called(self) -> str:
        return self.name or self.unit


def build_deadline(context: Context, draft: Draft, body: DeadlineBody, under: Under) -> list[Deadline | Pauses]:
    """The parts of a deadline in the order in which they are computed; none where something is wrong with it."""
    return _Builder(context, draft, body, under).build()


class _Builder:
    def __init__(self, context: Context, draft: Draft, body: DeadlineBody, under: Under) -> None:
        self.context = context
        self.draft = draft
        self.body = body
        self.under = under
        self.calendar = context.ground.calendar

    def build(self) -> list[Deadline | Pauses]:
        for key, word in (("round", self.body.round), ("unit", self.body.unit)):
            if word is not None:
                self.context.reporter.refuse(
                    "CR462" if key == "round" else "CR465", (*self.draft.path, key), found=word
                )
        given = self._count()
        if given is None or (self.body.starts is None) == (self.body.before is None):
            return []
        unit, count, fixed, own = given.unit, given.count, given.fixed, given.own
        if self.calendar is not None and own is not None:
            self.calendar = self.calendar.counted_in(own)
        clock, clock_name = self._clock(given)
        starts, done = self._time(self.start_key, unit), self._time("done", unit)
        extended = self._extended(given.called, count)
        if extended is not None and own is not None and own.length.count > 1:
            extended = times.number("*", extended, times.whole(own.length.count))
        pause = self._pause(unit)
        if starts is None or done is None or extended is None or pause is None or not self._rules(unit, fixed):
            return []
        started = self._part("started", starts.tree, self.draft.parts[self.start_key].text)
        finished = self._part("done", done.tree, self.draft.parts["done"].text)
        calendar = self.calendar
        terms = Terms(
            times.read(started), unit, extended, fixed, pause or None,
            calendar.working if calendar is not None else None,
            bool(calendar and calendar.start_included),
            bool(calendar and calendar.moves) and unit not in ("working days", *MOMENT_UNITS),
            clock,
        )  # fmt: skip
        if self.body.before is not None:
            terms = self._back(terms)
        names = missing_names(starts.tree, count)
        stopped: list[Pauses] = []
        if self.body.paused is not None and self.body.paused.over is not None and pause:
            found = build_pauses(self.context, self.draft, self.under, terms, pause)
            if found is None:
                return []
            stopped.append(found)
            terms = replace(terms, pause=None, stopped=times.read(found))
        clocked: list[Deadline] = []
        if clock is None:
            last = self._part("due", due(terms), self.body.deadline)
        else:
            assert terms.working is not None
            clocked.append(self._part("clock_due", clock_due(terms), self.body.deadline))
            moment = due_moment(terms, times.read(clocked[0]))
            last = self._part("due", moment, self.body.deadline)
        moves: Literal["next working day", "previous working day"] | None = "next working day" if terms.moves else None
        if terms.back is not None:
            moves = "previous working day" if terms.moves else None
            last = replace(last, day_before=None if unit in MOMENT_UNITS else terms.back)
        elif unit not in MOMENT_UNITS and fixed is None:
            last = replace(last, first_day="included" if terms.included else "excluded")
        length = None if own is None else str(own.length)
        last = replace(last, last_day=moves, clock=clock_name, unit=given.name, length=length)
        clocked = [replace(one, clock=clock_name) for one in clocked]
        if terms.pause is not None:
            stops = (terms.starts, *terms.pause)
            clocked = [replace(one, stops=stops) for one in clocked]
            last = last if clocked else replace(last, stops=stops)
        word = stated(self.context, self.draft.path, self.body.missing, last.type.optional, names, (_LATE, _IN_TIME))
        return [started, finished, *stopped, *clocked, last, *self._outcome(terms, finished, last, word == _LATE)]

    @property
    def start_key(self) -> str:
        """The key of what the time is counted from."""
        return "starts" if self.body.before is None else "before"

    def _back(self, terms: Terms) -> Terms:
        """The terms of a time that is counted back from what it has to be done before."""
        if terms.unit in MOMENT_UNITS or self.calendar is None:
            return replace(terms, back="in time", moves=False)
        moves = terms.unit != "working days" and self.calendar.day_before_off == "previous working day"
        return replace(terms, back=self.calendar.day_before, moves=moves)

    # --- how long -------------------------------------------------------------------------------------------------

    def _count(self) -> _Length | None:
        """The unit, how many of it, and the fixed day if it is one."""
        text = self.body.deadline
        fixed = parse_fixed_day(text)
        if fixed is not None and self.body.before is not None:
            self.context.reporter.refuse_key(
                KEY_REFUSED, (*self.draft.path, "before"), key="before", where=f"deadline: {text}"
            )
            return None
        if fixed is not None:
            return _Length("days", times.whole(0), fixed)
        own = parse_own_limit(text)
        if own is not None:
            type_ = replace(literal_number(Fraction(own.count)), unit=own.unit)
            return self._in_unit(own.unit, Literal_(type_, 0, len(text), own.count))
        try:
            limit = parse_limit(text)
        except NotationError:
            return self._expression()
        type_ = replace(literal_number(Fraction(limit.count)), unit=limit.unit)
        return _Length(limit.unit, Literal_(type_, 0, len(text), limit.count))

    def _in_unit(self, unit: str, count: Tree) -> _Length | None:
        """So many of a built-in unit, or of one of the document's own."""
        own = self.calendar.units.get(unit) if self.calendar is not None else None
        if own is not None:
            return _Length(own.length.unit, count, None, unit, own)
        known = [*LIMIT_UNITS, *(self.calendar.units if self.calendar is not None else ())]
        place = (*self.draft.path, "deadline")
        self.context.reporter.refuse("CR1000", place, found=unit, expected=", ".join(known))
        return None

    def _expression(self) -> _Length | None:
        part = self.draft.parts["deadline"]
        checked = self.context.check(part, ANY)
        if checked is None:
            return None
        type_ = checked.tree.type
        unit = next((unit for unit in LIMIT_UNITS if isinstance(type_, Number) and unit == type_.unit), None)
        why = _why_no_count(type_, 1) or (None if unit else "no_unit")
        if unit is not None and why is None:
            return _Length(unit, checked.tree)
        if isinstance(type_, Number) and type_.unit is not None and _why_no_count(type_, 1) is None:
            return self._in_unit(type_.unit, checked.tree)
        self._no_limit(part, checked.tree, why or "no_unit")
        return None

    def _no_limit(self, part: Part, tree: Tree, why: str) -> None:
        self.context.refuse("CR810", part, tree, found=part.text, why_type=why, expected=", ".join(LIMIT_UNITS))

    def _extended(self, unit: str, count: Tree) -> Tree | None:
        """The count with the extension, which is nothing where it is missing, and never more than `at_most`."""
        part, most = self.draft.parts.get("extended_by"), self.body.at_most
        if most is not None and most.unit != unit:
            self.context.reporter.refuse("CR464", (*self.draft.path, "at_most"), found=most.unit, other=unit)
            return None
        if part is None:
            return count
        checked = self.context.check(part, ANY)
        if checked is None:
            return None
        type_ = checked.tree.type
        if (why := _why_no_count(type_, 0)) is not None:
            self._no_limit(part, checked.tree, why)
            return None
        if isinstance(type_, Number) and type_.unit not in (None, unit):
            self.context.refuse("CR464", part, checked.tree, found=type_.unit, other=unit)
            return None
        more = times.default(checked.tree, times.whole(0))
        if most is not None:
            more = times.smaller_of(more, times.whole(most.count))
        return times.number("+", count, more)

    # --- from when to when ----------------------------------------------------------------------------------------

    def _time(self, key: str, unit: LimitUnit, under: Under | None = None) -> Checked | None:
        """A day, or for hours and minutes a moment."""
        part = self.draft.parts[key]
        checked = self.context.check(part, ANY, under=under or self.under)
        if checked is None:
            return None
        wanted = DateTime() if unit in MOMENT_UNITS else Date()
        if isinstance(checked.tree.type, type(wanted)):
            return checked
        values = {"found_type": term(checked.tree.type), "expected_type": term(wanted)}
        self.context.refuse("CR811", part, checked.tree, found=part.text, unit=unit, **values)
        return None

    def _pause(self, unit: LimitUnit) -> tuple[Tree, Tree] | tuple[()] | None:
        """From when and until when the time does not run; empty without a pause, None where it is wrong."""
        if self.body.paused is None:
            return ()
        if "paused.from" not in self.draft.parts:
            return None  # Whose records they are is in doubt.
        # Of a record that stops the time nothing is known by what holds of the deadline's own.
        under = self.under if self.body.paused.over is None else ALWAYS
        start, until = self._time("paused.from", unit, under), self._time("paused.until", unit, under)
        return None if start is None or until is None else (start.tree, until.tree)

    def _clock(self, length: _Length) -> tuple[Clock | None, str | None]:
        """When time in hours runs, if the unit or the deadline says so, and what that is called."""
        name = self.body.clock
        known = self.calendar.clocks if self.calendar is not None else {}
        if name is None:
            name = length.own.clock if length.own is not None else None
            return (known.get(name), name) if name is not None else (None, None)
        if length.own is None and name in known and length.unit in MOMENT_UNITS:
            return known[name], name
        why = "clock_for_days" if name in known else "unknown_clock"
        why = "clock_of_unit" if length.own is not None and length.unit in MOMENT_UNITS else why
        expected = ", ".join(known) or "-"
        self.context.reporter.refuse("CR812", (*self.draft.path, "clock"), found=name, why_type=why, expected=expected)
        return None, None

    def _rules(self, unit: LimitUnit, fixed: FixedDay | None) -> bool:
        """Whether the calendar says all that a limit in this unit needs."""
        if unit in MOMENT_UNITS:
            return True
        place, of = (*self.draft.path, "deadline"), unit if fixed is None else None
        if self.body.before is not None:
            back = self.body.before
            return enough_before(self.context.reporter, place, self.calendar, self.body.deadline, back, unit)
        return enough(self.context.reporter, place, self.calendar, self.body.deadline, of)

    # --- what comes of it -----------------------------------------------------------------------------------------

    def _outcome(self, terms: Terms, done: Deadline, last: Deadline, late_without: bool) -> list[Deadline]:
        """`late`, which is never missing, and by how much, which is missing where it is late without a last day."""
        end, finished = times.there(times.read(last)), times.read(done)
        now = times.day_of(times.AS_OF) if is_day(terms) else times.AS_OF
        after = times.holds(">", times.there(finished), end)
        after = times.if_missing(finished, times.holds(">", now, end), after)
        given = times.read(last)
        after = times.if_missing(given, times.YES if late_without else times.NO, after)
        late = self._part("late", after, self.body.deadline, Flag())
        until = times.default(finished, now)
        over = times.days_between(end, until) if is_day(terms) else times.minutes_between(end, until)
        over = times.choose(times.read(late), over, times.whole(0))
        over = times.if_missing(given, times.NOTHING if late_without else times.whole(0), over)
        type_ = Number(0, Fraction(0), _farthest(is_day(terms)), None, over.type.optional)
        return [late, self._part("days_over" if is_day(terms) else "minutes_over", over, self.body.deadline, type_)]

    def _part(self, part: DeadlinePart, tree: Tree, text: str, type_: Type | None = None) -> Deadline:
        made = common(self.context, self.draft, self.under, type_ or tree.type)
        made["name"] = f"{self.draft.name}.{part}"
        key = {"started": self.start_key, "done": "done"}.get(part, "deadline")
        path = (*self.draft.path, key)
        expr = Expr(text, ".".join(path), tree, (), self.context.reporter.loaded.span(path))
        return Deadline(
            **made,
            value=expr,
            missing=None,
            empty=None,
            round=None,
            round_default=False,
            deadline=self.draft.name,
            part=part,
            limit=self.body.deadline,
        )


def _why_no_count(type_: Type, least: int) -> str | None:
    """Why a value is not a whole number of at least so many; None where it is one."""
    if not isinstance(type_, Number):
        return "not_number"
    return None if type_.scale == 0 and type_.low is not None and type_.low >= least else "not_whole"


def _farthest(days: bool) -> Fraction:
    """No two dates of the years 1 to 9999 lie farther apart, in days or in minutes."""
    return Fraction(3_652_059 if days else 3_652_059 * 24 * 60)
