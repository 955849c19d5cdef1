"""Duties that come again: a record must lie in each interval of a recurrence. The contract is `docs/engines.md`."""

from __future__ import annotations

from cityrules.calendar.recurrence import Recurrence
from cityrules.feel.check import CONDITION
from cityrules.plan.axes import find_axis
from cityrules.plan.consequences import YES_NO
from cityrules.plan.context import Context, missing_names
from cityrules.plan.drafts import known_grain
from cityrules.plan.meanings import place
from cityrules.plan.model import Duty, Expr, RecordAxis
from cityrules.plan.parts import read_part
from cityrules.plan.placement import dated_by
from cityrules.plan.policies import stated
from cityrules.plan.reporting import Address
from cityrules.scheme.document import CheckBody
from cityrules.scheme.durations import Limit
from cityrules.scheme.notation import Grain


def build_duty(context: Context, name: str, body: CheckBody) -> Duty | None:
    """A duty, or None after a complaint."""
    path, grain, ground = ("checks", name), body.for_, context.ground
    if grain is None or not known_grain(context.reporter, ground, path, grain):
        return None
    if isinstance(body.every, str) and (whose := ground.whose(body.every)) is not None:
        context.reporter.refuse("CR971", (*path, "every"), found=f"every: {body.every}", period=body.every, kind=whose)
        return None
    if grain.period is not None or grain.kind in ground.records:
        context.reporter.refuse("CR922", (*path, "for"), found=grain)
        return None
    under = None
    if body.applies is not None:
        under = context.under(read_part(context.reporter, (*path, "applies"), body.applies, place(ground, grain)))
        if under is None:
            return None
    axis = _axis(context, path, body, grain)
    if axis is None or not _countable(context, path, body):
        return None
    where: Expr | None = None
    can_be, names = False, "-"
    if body.where is not None:
        part = read_part(context.reporter, (*path, "where"), body.where, place(ground, grain, axis))
        checked = context.check(part, CONDITION)
        if checked is None:
            return None
        can_be, names = checked.tree.type.optional, missing_names(checked.tree)
        where = context.expr(part, checked)
    word = stated(context, path, body.missing, can_be, names, YES_NO)
    within = body.within if isinstance(body.within, Limit) else None
    counts = within is not None and within.unit == "working days"
    return Duty(
        name=name,
        grain=grain,
        applies=under.expr if under is not None else None,
        every=body.every if isinstance(body.every, Recurrence) else str(body.every),
        begins=body.from_,
        within=within,
        working=ground.calendar.working if counts and ground.calendar is not None else None,
        axis=axis,
        where=where,
        unknown=next((known for known in YES_NO if known == word), None),
        otherwise=body.otherwise,
        clause=context.clause(body.clause),
        label=body.label,
        path=".".join(path),
    )


def _axis(context: Context, path: Address, body: CheckBody, grain: Grain) -> RecordAxis | None:
    """The records that can meet the duty."""
    ground, over = context.ground, body.over or ""
    if over not in ground.records:
        dated = [record.name for record in ground.records.values() if record.dated]
        context.reporter.refuse_name("CR923", (*path, "over"), over, dated)
        return None
    axis = find_axis(context.reporter, ground, path, "over", over, grain, body.via, None)
    if not isinstance(axis, RecordAxis):
        return None
    return axis if body.dated is None else dated_by(context.reporter, ground, path, axis, body.dated)


def _countable(context: Context, path: Address, body: CheckBody) -> bool:
    """Whether the working days of an interval can be counted; complains where they cannot."""
    within = body.within
    if isinstance(within, Limit) and within.unit == "working days" and context.ground.calendar is None:
        context.reporter.refuse("CR800", (*path, "within"), found=within)
        return False
    return True
