"""Consequences and checks: what follows from measures that are built, and what data must meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from cityrules.feel.check import ANY, CONDITION, Checked
from cityrules.feel.kinds import term
from cityrules.feel.tree import Binding
from cityrules.feel.types import Date, Number
from cityrules.plan.calendars import enough
from cityrules.plan.constants import OF_DOCUMENT, constant_part
from cityrules.plan.context import ALWAYS, Context, Under, missing_names
from cityrules.plan.drafts import known_grain, led_by
from cityrules.plan.endings import by_itself, ending_axis
from cityrules.plan.fields import ends
from cityrules.plan.followings import amount_type, note_types, with_followed
from cityrules.plan.lasting import day_after, day_of_row, last_in_time
from cityrules.plan.meanings import place
from cityrules.plan.model import ActPlan, Check, Consequence, Ending, Expr, RecordAxis, Step
from cityrules.plan.parts import Part, read_part
from cityrules.plan.policies import stated
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import Ground
from cityrules.scheme.acts import effective, has_effect
from cityrules.scheme.document import Act, CheckBody, ConsequenceBody, StepBody
from cityrules.scheme.durations import Limit, said

Unknown = Literal["yes", "no", "undecided"]
YES_NO: Final[tuple[Unknown, ...]] = ("yes", "no", "undecided")
AFTER: Final = "after "
TRIGGERS: Final[tuple[Literal["reaches", "exceeds", "at_least"], ...]] = ("reaches", "exceeds", "at_least")


def build_check(context: Context, name: str, body: CheckBody) -> Check | None:
    """A check: its condition, and what it means where that is unknown. One without `for` is about the document."""
    path, grain = ("checks", name), body.for_ or OF_DOCUMENT
    if not known_grain(context.reporter, context.ground, path, grain):
        return None
    here = place(context.ground, grain)
    part: Part | None
    if body.for_ is None:
        part = constant_part(context.reporter, (*path, "that"), body.that or "", here)
        if part is None:
            return None
    else:
        part = read_part(context.reporter, (*path, "that"), body.that or "", here)
    found = _condition(context, path, part, body.missing, ALWAYS)
    if found is None or found[0] is None:
        return None
    return Check(
        name=name,
        grain=grain,
        of_record=grain.kind in context.ground.records,
        that=found[0],
        unknown=found[1],
        otherwise=body.otherwise,
        clause=context.clause(body.clause),
        label=body.label,
        path=".".join(path),
    )


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
    texts |= {"amount": body.amount, "starts": body.starts}
    for step, given in (body.steps or {}).items():
        for key in ("when", *TRIGGERS, "amount", "starts"):
            texts[f"steps.{step}.{key}"] = getattr(given, key)
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


def build_consequence(context: Context, draft: ActDraft) -> Consequence | None:
    """A consequence with `when`, or a ladder with its steps."""
    path, name, body = draft.path, draft.name, draft.body
    grain = body.for_
    under: Under | None = context.under(draft.parts.get("applies"))
    if under is None:
        return None
    condition = _condition(context, path, draft.parts.get("when"), body.missing, under)
    level = _ladder(context, path, body) if body.ladder is not None else None
    steps = [_step(context, draft, step, given, under, level) for step, given in (body.steps or {}).items()]
    made = tuple(step for step in steps if step is not None)
    if level is not None:
        _check_bounds(context, path, made, level, body.together)
    if condition is None or (body.ladder is not None and level is None) or len(made) < len(steps):
        return None
    expr, unknown, when = condition
    act = _act(context, draft, body, None, under, when, unknown) if body.ladder is None else None
    if act is None and body.ladder is None:
        return None
    restart_after = body.restarts.removeprefix(AFTER).strip() if body.restarts and body.restarts != "no" else None
    built = Consequence(
        name=name,
        grain=grain,
        of_record=grain.kind in context.ground.records,
        applies=under.expr,
        path=".".join(path),
        clause=context.clause(body.clause),
        label=body.label,
        when=expr,
        unknown=unknown,
        act=act,
        ladder=body.ladder,
        steps=made,
        restart_after=restart_after,
        surplus=body.surplus,
        together=body.together,
    )
    note_types(context.ground, built, _level_of(built, level), amount_type(_one_unit(context, built)))
    return built


def _level_of(built: Consequence, level: Number | None) -> Number | None:
    """The type of the level of a row: less what restarts have taken off, which is never more than the level itself."""
    if level is None:
        return None
    after = [step.bound.type for step in built.steps if step.bound is not None and step.name == built.restart_after]
    scales = [one.scale or 0 for one in after if isinstance(one, Number)] if built.surplus == "carried" else []
    low, high = ends(level)
    size = max(abs(low), abs(high))
    return replace(level, scale=max([level.scale or 0, *scales]), low=-2 * size, high=2 * size)


def _act(
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
    parts = {key: _nearest(draft, step, key) for key in ("amount", "starts")}
    amount = _amount(context, parts["amount"], under, present)
    days = _days(context, draft, step, act, parts["starts"], under, present)
    of_step = own is not draft.body and own.ends is not None
    ends = _ending(context, draft, f"steps.{step}.ends" if of_step else "ends") if act.ends is not None else None
    if (parts["amount"] is not None and amount is None) or days is None or (act.ends is not None and ends is None):
        return None
    return ActPlan(
        do=act.do or "",
        kind=act.kind or "",
        to=act.to,
        follows=act.follows,
        decided_by=act.decided_by or (),
        clause=context.clause(own.clause, draft.body.clause),
        amount=amount,
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


def _one_unit(context: Context, built: Consequence) -> list[Number]:
    """The types of the amounts of a consequence; complains where they are in several units."""
    amounts = [(act.amount, act.amount.type) for act in built.acts if act.amount is not None]
    numbers = [type_ for _, type_ in amounts if isinstance(type_, Number)]
    for (expr, _), type_ in zip(amounts, numbers, strict=True):
        if type_.unit != numbers[0].unit:
            path = tuple(expr.path.split("."))
            context.reporter.refuse("CR464", path, found=type_.unit or "-", other=numbers[0].unit or "-")
            break
    return numbers


def _condition(
    context: Context, path: Address, part: Part | None, missing: str | None, under: Under
) -> tuple[Expr | None, Unknown | None, Checked | None] | None:
    """A condition with the word for where it is unknown; None where something is wrong, thrice None without one."""
    checked: Checked | None = None
    if part is not None:
        checked = context.check(part, CONDITION, under=under)
        if checked is None:
            return None
    can_be = checked is not None and checked.tree.type.optional
    names = missing_names(checked.tree) if checked is not None else "-"
    word = stated(context, path, missing, can_be, names, YES_NO)
    expr = context.expr(part, checked) if part is not None and checked is not None else None
    return expr, next((known for known in YES_NO if known == word), None), checked


def _counts(context: Context, name: str) -> bool:
    """Whether a measure is a number, as far as it is known what it is."""
    measure = context.built.get(name)
    return measure is None or isinstance(measure.type, Number)


def _ladder(context: Context, path: Address, body: ConsequenceBody) -> Number | None:
    """The type of the level that a ladder goes by: a number at the consequence's own grain, period after period."""
    place_ = (*path, "ladder")
    name = body.ladder or ""
    grain = context.ground.measures.get(name)
    if grain is None:
        if name not in context.reporter.loaded.document.measures:
            same = [
                known for known, at in context.ground.measures.items() if at == body.for_ and _counts(context, known)
            ]
            context.reporter.refuse_name("CR494", place_, name, same)
        return None
    if grain != body.for_:
        context.reporter.refuse("CR495", place_, found=name, grain=grain, here=body.for_)
        return None
    if grain.period is None:
        context.reporter.refuse("CR427", place_, grain=grain)
        return None
    measure = context.built.get(name)
    if measure is None:
        return None
    if not isinstance(measure.type, Number):
        context.reporter.refuse("CR496", place_, found=name)
        return None
    if measure.type.scale is None:
        context.reporter.refuse("CR973", place_, found=name, name=name)
        return None
    if measure.type.optional:
        context.reporter.refuse("CR497", place_, found=name)
        return None
    return measure.type


def _step(
    context: Context, draft: ActDraft, name: str, body: StepBody, under: Under, level: Number | None
) -> Step | None:
    path = (*draft.path, "steps", name)
    trigger: Literal["reaches", "exceeds", "at_least", "each_period", "on_entry"]
    bound: Expr | None = None
    condition = _condition(context, path, draft.parts.get(f"steps.{name}.when"), body.missing, under)
    if condition is None:
        return None
    if body.when is not None:
        trigger = "on_entry" if body.fires == "on entry" else "each_period"
    else:
        trigger = next((key for key in TRIGGERS if getattr(body, key) is not None), "at_least")
        bound = _bound(context, draft.parts.get(f"steps.{name}.{trigger}"), under, level)
        if bound is None:
            return None
    expr, unknown, when = condition
    act = _act(context, draft, body, name, under, when, unknown)
    return None if act is None else Step(name, trigger, bound, expr, unknown, act, ".".join(path))


def _check_bounds(context: Context, path: Address, steps: Sequence[Step], level: Number, together: str | None) -> None:
    """Complain about graver steps with lower bounds, of which only the highest would be kept; point out bounds that no
    level comes to. A count begins at 0, so that nothing is crossed there or below."""
    before: dict[str, tuple[Step, Number]] = {}
    for step in steps:
        bound = step.bound.type if step.bound is not None else None
        if step.bound is None or not isinstance(bound, Number):
            continue
        place_ = (*path, "steps", step.name, step.trigger)
        earlier, lower = before.get(step.trigger, (None, None))
        if together == "highest" and earlier and lower and _not_above(bound, lower):
            context.reporter.refuse("CR467", place_, found=step.bound.text, name=step.name, other=earlier.name)
        before[step.trigger] = step, bound
        if _never(step.trigger, bound, level):
            context.reporter.warn("CR468", place_, found=step.bound.text, name=step.name)


def _never(trigger: str, bound: Number, level: Number) -> bool:
    """Whether no level comes to a bound, or a crossing would have to lie where counting begins."""
    strict = trigger == "exceeds"
    if bound.low is not None and level.high is not None and bound.low >= level.high:
        return strict or bound.low > level.high
    if trigger == "at_least" or bound.high is None or level.low is None or level.low < 0:
        return False
    return bound.high < 0 or (bound.high == 0 and not strict)


def _not_above(bound: Number, other: Number) -> bool:
    """Whether a number can never be greater than another."""
    return bound.high is not None and other.low is not None and bound.high <= other.low


def _bound(context: Context, part: Part | None, under: Under, level: Number | None) -> Expr | None:
    """The bound of a step: a number in the ladder's unit that is never missing."""
    checked = context.number(part, under=under)
    if part is None or checked is None:
        return None
    tree = checked.tree
    assert isinstance(tree.type, Number)
    if tree.type.optional:
        context.refuse("CR478", part, tree, key=part.path[-1], names=missing_names(tree))
        return None
    if level is not None and tree.type.unit is not None and tree.type.unit != level.unit:
        context.refuse("CR464", part, tree, found=tree.type.unit, other=level.unit or "-")
        return None
    return context.expr(part, checked)
