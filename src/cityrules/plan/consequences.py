"""Consequences and checks: what follows from measures that are built, and what data must meet."""

from __future__ import annotations

from typing import Final, Literal

from cityrules.feel.check import CONDITION, Checked
from cityrules.feel.types import Number
from cityrules.plan.bench import ALWAYS, Bench, Under, missing_names
from cityrules.plan.desk import Address
from cityrules.plan.drafts import known_grain
from cityrules.plan.meanings import Place, place
from cityrules.plan.model import ActPlan, Check, Consequence, Expr, Step
from cityrules.plan.parts import Part, read_part
from cityrules.plan.policies import stated
from cityrules.scheme.document import Act, CheckBody, ConsequenceBody, StepBody

Unknown = Literal["yes", "no", "undecided"]
YES_NO: Final[tuple[Unknown, ...]] = ("yes", "no", "undecided")
AFTER: Final = "after "


def build_check(bench: Bench, name: str, body: CheckBody) -> Check | None:
    """A check: its condition, and what it means where that is unknown."""
    path = ("checks", name)
    if not known_grain(bench.desk, bench.ground, path, body.for_):
        return None
    found = _condition(bench, path, "that", body.that, place(bench.ground, body.for_), body.missing, ALWAYS)
    if found is None or found[0] is None:
        return None
    return Check(
        name=name,
        grain=body.for_,
        of_record=body.for_.kind in bench.ground.records,
        that=found[0],
        unknown=found[1],
        otherwise=body.otherwise,
        clause=body.clause,
        label=body.label,
        path=".".join(path),
    )


def build_consequence(bench: Bench, name: str, body: ConsequenceBody) -> Consequence | None:
    """A consequence with `when`, or a ladder with its steps."""
    path = ("consequences", name)
    grain = body.for_
    if not known_grain(bench.desk, bench.ground, path, grain):
        return None
    here = place(bench.ground, grain)
    under: Under | None = ALWAYS
    if body.applies is not None:
        under = bench.under(read_part(bench.desk, (*path, "applies"), body.applies, here))
    if under is None:
        return None
    condition = _condition(bench, path, "when", body.when, here, body.missing, under)
    level = _ladder(bench, path, body) if body.ladder is not None else None
    steps = [_step(bench, path, step, given, body, here, under, level) for step, given in (body.steps or {}).items()]
    made = tuple(step for step in steps if step is not None)
    if condition is None or (body.ladder is not None and level is None) or len(made) < len(steps):
        return None
    restart_after = body.restarts.removeprefix(AFTER).strip() if body.restarts and body.restarts != "no" else None
    return Consequence(
        name=name,
        grain=grain,
        of_record=grain.kind in bench.ground.records,
        applies=under.expr,
        path=".".join(path),
        clause=body.clause,
        label=body.label,
        when=condition[0],
        unknown=condition[1],
        act=_act(body, body) if body.ladder is None else None,
        ladder=body.ladder,
        steps=made,
        restart_after=restart_after,
        surplus=body.surplus,
        together=body.together,
    )


def _act(own: Act, around: Act) -> ActPlan:
    """What is done; a step takes from the consequence what it does not say itself."""
    return ActPlan(
        do=own.do or around.do or "",
        kind=own.kind or around.kind or "",
        to=own.to or around.to,
        follows=own.follows or around.follows,
        decided_by=(own.decided_by if own.decided_by is not None else around.decided_by) or (),
        clause=own.clause or around.clause,
    )


def _condition(
    bench: Bench, path: Address, key: str, text: str | None, here: Place, missing: str | None, under: Under
) -> tuple[Expr | None, Unknown | None] | None:
    """A condition with the word for where it is unknown; None where something is wrong, (None, None) without one."""
    part: Part | None = None
    checked: Checked | None = None
    if text is not None:
        part = read_part(bench.desk, (*path, key), text, here)
        checked = bench.check(part, CONDITION, under=under)
        if checked is None:
            return None
    can_be = checked is not None and checked.tree.type.optional
    names = missing_names(checked.tree) if checked is not None else "-"
    word = stated(bench, path, missing, can_be, names, YES_NO)
    expr = bench.expr(part, checked) if part is not None and checked is not None else None
    return expr, next((known for known in YES_NO if known == word), None)


def _ladder(bench: Bench, path: Address, body: ConsequenceBody) -> Number | None:
    """The type of the level that a ladder goes by: a number at the consequence's own grain, period after period."""
    place_ = (*path, "ladder")
    name = body.ladder or ""
    grain = bench.ground.measures.get(name)
    if grain is None:
        if name not in bench.desk.loaded.document.measures:
            same = [known for known, at in bench.ground.measures.items() if at == body.for_]
            bench.desk.refuse_name("CR494", place_, name, same)
        return None
    if grain != body.for_:
        bench.desk.refuse("CR495", place_, found=name, grain=grain, here=body.for_)
        return None
    if grain.period is None:
        bench.desk.refuse("CR427", place_, grain=grain)
        return None
    measure = bench.built.get(name)
    if measure is None:
        return None
    if not isinstance(measure.type, Number):
        bench.desk.refuse("CR496", place_, found=name)
        return None
    return measure.type


def _step(
    bench: Bench,
    path: Address,
    name: str,
    body: StepBody,
    around: ConsequenceBody,
    here: Place,
    under: Under,
    level: Number | None,
) -> Step | None:
    place_ = (*path, "steps", name)
    trigger: Literal["reaches", "exceeds", "at_least", "each_period", "on_entry"]
    bound: Expr | None = None
    condition = _condition(bench, place_, "when", body.when, here, body.missing, under)
    if condition is None:
        return None
    if body.when is not None:
        trigger = "on_entry" if body.fires == "on entry" else "each_period"
    else:
        if body.reaches is not None:
            trigger, text = "reaches", body.reaches
        elif body.exceeds is not None:
            trigger, text = "exceeds", body.exceeds
        else:
            trigger, text = "at_least", body.at_least or ""
        bound = _bound(bench, (*place_, trigger), text, here, under, level)
        if bound is None:
            return None
    return Step(name, trigger, bound, condition[0], condition[1], _act(body, around), ".".join(place_))


def _bound(bench: Bench, path: Address, text: str, here: Place, under: Under, level: Number | None) -> Expr | None:
    """The bound of a step: a number in the ladder's unit that is never missing."""
    part = read_part(bench.desk, path, text, here)
    checked = bench.number(part, under=under)
    if checked is None:
        return None
    tree = checked.tree
    assert isinstance(tree.type, Number)
    if tree.type.optional:
        bench.refuse("CR478", part, tree, key=path[-1], names=missing_names(tree))
        return None
    if level is not None and tree.type.unit is not None and tree.type.unit != level.unit:
        bench.refuse("CR464", part, tree, found=tree.type.unit, other=level.unit or "-")
        return None
    return bench.expr(part, checked)
