"""Consequences and checks: what follows from measures that are built, and what data must meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from cityrules.feel.check import CONDITION, Checked
from cityrules.feel.types import Number
from cityrules.plan.acts import TRIGGERS, ActDraft, build_act, numbers_of
from cityrules.plan.constants import OF_DOCUMENT, constant_part
from cityrules.plan.context import ALWAYS, Context, Under, missing_names
from cityrules.plan.dated import falls_on
from cityrules.plan.drafts import known_grain
from cityrules.plan.fields import ends
from cityrules.plan.followings import LEVEL, amount_type, note_types
from cityrules.plan.meanings import place
from cityrules.plan.model import Check, Consequence, Expr, Step
from cityrules.plan.parts import Part, read_part
from cityrules.plan.policies import stated
from cityrules.plan.reporting import Address
from cityrules.scheme.document import CheckBody, ConsequenceBody, StepBody
from cityrules.scheme.notation import plain_number

Unknown = Literal["yes", "no", "undecided"]
YES_NO: Final[tuple[Unknown, ...]] = ("yes", "no", "undecided")
AFTER: Final = "after "


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
        _check_bounds(context, path, made, level, body)
    if condition is None or (body.ladder is not None and level is None) or len(made) < len(steps):
        return None
    expr, unknown, when = condition
    act = build_act(context, draft, body, None, under, when, unknown) if body.ladder is None else None
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
    amounts = {name: amount_type(types) for name, types in numbers_of(context, built).items()}
    note_types(context.ground, built, {LEVEL: _level_of(built, level), **amounts})
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
    act = build_act(context, draft, body, name, under, when, unknown)
    return None if act is None else Step(name, trigger, bound, expr, unknown, act, ".".join(path))


def _check_bounds(context: Context, path: Address, steps: Sequence[Step], level: Number, body: ConsequenceBody) -> None:
    """Complain about graver steps with lower bounds, of which only the highest would be kept; point out bounds that no
    level comes to, and those that become lower on some day. A count begins at 0, so that nothing is crossed there or
    below."""
    before: dict[str, tuple[Step, Number]] = {}
    for step in steps:
        bound = step.bound.type if step.bound is not None else None
        if step.bound is None or not isinstance(bound, Number):
            continue
        place_ = (*path, "steps", step.name, step.trigger)
        earlier, lower = before.get(step.trigger, (None, None))
        if body.together == "highest" and earlier and lower and _not_above(bound, lower):
            context.reporter.refuse("CR467", place_, found=step.bound.text, name=step.name, other=earlier.name)
        before[step.trigger] = step, bound
        if _never(step.trigger, bound, level):
            context.reporter.warn("CR468", place_, found=step.bound.text, name=step.name)
        falls = falls_on(step.bound, context.ground.parameters) if step.trigger != "at_least" else None
        if falls is not None:
            day, old, new = falls
            context.reporter.warn(
                "CR1010", place_, found=step.bound.text, name=step.name, day=day, ladder=body.ladder,
                old=plain_number(old), new=plain_number(new),
            )  # fmt: skip


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
