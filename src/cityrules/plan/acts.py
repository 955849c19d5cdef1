"""Acts of consequences: their expressions before types, and what is done, how much, when, until when.

Knows no conditions and no ladders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.feel.check import ANY, CONDITION, Checked
from cityrules.feel.kinds import term
from cityrules.feel.tree import Binding
from cityrules.feel.types import Date, Number
from cityrules.plan.calendars import enough
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import led_by
from cityrules.plan.endings import by_itself, ending_axis
from cityrules.plan.followings import with_followed
from cityrules.plan.lasting import day_after, day_of_row, last_in_time
from cityrules.plan.meanings import place
from cityrules.plan.model import ActPlan, Between, Consequence, Ending, Expr, RecordAxis
from cityrules.plan.parts import Part, read_part
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.trees import compared
from cityrules.plan.views import Ground
from cityrules.scheme.acts import effective, has_effect
from cityrules.scheme.document import Act, ConsequenceBody
from cityrules.scheme.durations import Limit, said

TRIGGERS: Final[tuple[Literal["reaches", "exceeds", "at_least"], ...]] = ("reaches", "exceeds", "at_least")


@dataclass(frozen=True, slots=True)
class ActDraft:
    """A consequence before types: its expressions by their keys in the body (`steps.talk.when`), all about its cell but
    those of what ends an act; `axes`: what does, by the same keys, None where that is in doubt."""

    name: str
    body: ConsequenceBody
    parts: Mapping[str, Part]
    axes: Mapping[str, RecordAxis | None]

    @property
    def path(self) -> Address:
        return ("consequences", self.name)

    @property
    def reads(self) -> tuple[str, ...]:
        """The measures and consequences it reads, in the order of the text."""
        ladder = [self.body.ladder] if self.body.ladder is not None else []
        led = [name for axis in self.axes.values() for name in led_by(axis)]
        return tuple(dict.fromkeys([*ladder, *(name for part in self.parts.values() for name in part.reads), *led]))


def draft_consequence(reporter: Reporter, ground: Ground, name: str, body: ConsequenceBody) -> ActDraft:
    """The draft of a consequence whose grain is known."""
    here = place(ground, body.for_)
    texts: dict[str, str | None] = {"applies": body.applies, "when": body.when}
    texts |= _of_act("", body)
    for step, given in (body.steps or {}).items():
        texts |= {f"steps.{step}.{key}": getattr(given, key) for key in ("when", *TRIGGERS)}
        texts |= _of_act(f"steps.{step}.", given)
    path = ("consequences", name)
    parts = {
        key: read_part(reporter, (*path, *key.split(".")), text, here)
        for key, text in texts.items()
        if text is not None
    }
    axes: dict[str, RecordAxis | None] = {}
    for key, act in {"ends": body, **{f"steps.{step}.ends": one for step, one in (body.steps or {}).items()}}.items():
        if act.ends is None:
            continue
        at = (*path, *key.split("."))
        axis = axes[key] = ending_axis(reporter, ground, at, act.ends, body.for_)
        if axis is not None and act.ends.where is not None:
            parts[f"{key}.where"] = read_part(reporter, (*at, "where"), act.ends.where, by_itself(ground, axis))
    return ActDraft(name, body, parts, axes)


def _of_act(prefix: str, act: Act) -> dict[str, str | None]:
    """The expressions of an act, by key."""
    bounds = dict(zip(("between.0", "between.1"), act.between or (), strict=False))
    return {f"{prefix}{key}": text for key, text in {"amount": act.amount, "starts": act.starts, **bounds}.items()}


def build_act(
    context: Context,
    draft: ActDraft,
    own: Act,
    step: str | None,
    under: Under,
    when: Checked | None,
    unknown: str | None,
) -> ActPlan | None:
    """What is done; a step takes from the consequence what it does not say itself. `when`: the condition under which
    it is done, if it is one."""
    act = effective(own, draft.body)
    # What follows in spite of an unknown condition proves nothing about the names in it.
    present = when.proves if when is not None and unknown != "yes" else frozenset()
    parts = {key: _nearest(draft, step, key) for key in ("amount", "starts", "between.0", "between.1")}
    # What a step fixes takes the place of what the consequence leaves open, and the other way round.
    amount = _amount(context, parts["amount"], under, present) if act.amount is not None else None
    bounds = [_amount(context, parts[f"between.{n}"], under, present) for n in (0, 1)] if act.between else []
    between = _between(context, *bounds) if bounds else None
    days = _days(context, draft, step, act, parts["starts"], under, present)
    of_step = own is not draft.body and own.ends is not None
    ends = _ending(context, draft, f"steps.{step}.ends" if of_step else "ends") if act.ends is not None else None
    wrong = (act.amount is not None and amount is None) or (act.between is not None and between is None)
    if wrong or days is None or (act.ends is not None and ends is None):
        return None
    return ActPlan(
        do=act.do,
        options=act.pick or (),
        kind=act.kind or "",
        to=act.to,
        follows=act.follows,
        decided_by=act.decided_by or (),
        clause=context.clause(own.clause, draft.body.clause),
        amount=amount,
        between=between,
        **days,
        ends=ends,
        stated=parts["starts"] is not None,
        lasts=None if act.lasts is None else said(act.lasts),
        within=None if act.within is None else said(act.within),
    )


def _days(
    context: Context,
    draft: ActDraft,
    step: str | None,
    act: Act,
    given: Part | None,
    under: Under,
    present: frozenset[Binding],
) -> dict[str, Expr] | None:
    """From when and until when an act has effect, and by when it is to be carried out; None after a complaint."""
    if not has_effect(act) and act.within is None:
        return {}
    path, calendar = (*draft.path, "steps", step) if step is not None else draft.path, context.ground.calendar
    here, days = ".".join(path), {}
    if given is None:
        starts: Expr | None = Expr("", f"{here}.starts", day_of_row(context.ground, draft.body.for_))
    else:
        starts = _day(context, given, under, present)
    fine = starts is not None
    for key, span in (("lasts", act.lasts), ("within", act.within)):
        unit = span.unit if isinstance(span, Limit) else None
        counts = span is not None and (key == "within" or unit == "working days")
        of_step = getattr(draft.body.steps[step], key) if step is not None and draft.body.steps else None
        at = (*(path if of_step is not None else draft.path), key)
        if counts and not enough(context.reporter, at, calendar, span, unit):
            fine = False
    if starts is None or not fine:
        return None
    if act.within is not None and calendar is not None:
        days["due"] = Expr(said(act.within), f"{here}.within", last_in_time(starts.tree, act.within, calendar))
    if has_effect(act):
        days["starts"] = starts
        end = day_after(starts.tree, act.lasts, calendar) if act.lasts is not None else None
        if act.lasts is not None and end is not None:
            days["until"] = Expr(said(act.lasts), f"{here}.lasts", end)
    return days


def _ending(context: Context, draft: ActDraft, key: str) -> Ending | None:
    """What lifts an act, or None where something is wrong with it."""
    axis, part = draft.axes.get(key), draft.parts.get(f"{key}.where")
    if axis is None:
        return None
    path = ".".join((*draft.path, key))
    where: Expr | None = None
    if part is not None:
        checked = context.check(part, CONDITION)
        if checked is None:
            return None
        if checked.tree.type.optional:
            context.refuse("CR478", part, checked.tree, key="where", names=missing_names(checked.tree))
            return None
        where = context.expr(part, checked)
    return Ending(axis, with_followed(axis, where, path), path)


def _nearest(draft: ActDraft, step: str | None, key: str) -> Part | None:
    own = draft.parts.get(f"steps.{step}.{key}") if step is not None else None
    return own or draft.parts.get(key)


def _amount(context: Context, part: Part | None, under: Under, present: frozenset[Binding]) -> Expr | None:
    checked = context.number(part, under=under, present=present)
    if part is None or checked is None or not _never_missing(context, part, checked):
        return None
    return context.expr(part, checked)


def _between(context: Context, least: Expr | None, most: Expr | None) -> Between | None:
    """The bounds of an amount; complains where nothing can lie between them."""
    if least is None or most is None:
        return None
    low, high = least.type, most.type
    assert isinstance(low, Number)
    assert isinstance(high, Number)
    if low.low is not None and high.high is not None and low.low > high.high:
        path = tuple(least.path.split("."))[:-1]
        context.reporter.refuse("CR964", path, low=least.text, high=most.text)
        return None
    if low.high is not None and high.low is not None and low.high <= high.low:
        return Between(least, most, None)
    return Between(least, most, Expr(f"{least.text} > {most.text}", least.path, compared(">", least.tree, most.tree)))


def _day(context: Context, part: Part, under: Under, present: frozenset[Binding]) -> Expr | None:
    checked = context.check(part, ANY, under=under, present=present)
    if checked is None or not _never_missing(context, part, checked):
        return None
    if not isinstance(checked.tree.type, Date):
        context.refuse("CR915", part, checked.tree, found=part.text, found_type=term(checked.tree.type))
        return None
    return context.expr(part, checked)


def _never_missing(context: Context, part: Part, checked: Checked) -> bool:
    if checked.tree.type.optional:
        context.refuse("CR478", part, checked.tree, key=part.path[-1], names=missing_names(checked.tree))
    return not checked.tree.type.optional


def numbers_of(context: Context, built: Consequence) -> dict[str, list[Number]]:
    """The types of the numbers in each column of the rows of a consequence; complains where they are in several
    units."""
    found: dict[str, list[Number]] = {}
    for act in built.acts:
        for name, expr in act.terms.items():
            if not isinstance(expr.type, Number):
                continue
            first = next((types[0] for types in found.values()), expr.type)
            found.setdefault(name, []).append(expr.type)
            if expr.type.unit != first.unit:
                path = tuple(expr.path.split("."))
                context.reporter.refuse("CR464", path, found=expr.type.unit or "-", other=first.unit or "-")
                return found
    return found
