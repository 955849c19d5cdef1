"""Shares: a total divided among the cells of a group so that the parts come to it, made of drafts."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Read
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes
from cityrules.plan.bounds import interval
from cityrules.plan.common import MOST_PLACES, common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import BY_NAME, Draft
from cityrules.plan.magnitudes import check_sum
from cityrules.plan.model import Expr, Rank, Share
from cityrules.plan.names import Attribute, Dial, Field, Identity, Measured, Name, Now, PeriodPart, Tied
from cityrules.plan.policies import ERROR, SKIP, VALUE, after, empty, missing, with_values
from cityrules.plan.standings import groups, in_order
from cityrules.plan.views import WHOLE
from cityrules.scheme.document import ShareBody
from cityrules.scheme.notation import parts_of, plain_number, scale_of

_ALLOWED: Final = (ERROR, SKIP, VALUE)


def build_share(context: Context, draft: Draft, body: ShareBody, under: Under) -> Share | None:
    """A share: the total, which all of a group have alike, what each has its part by, and where what remains goes."""
    path, part, by = draft.path, draft.parts["apportion"], draft.parts["in_proportion_to"]
    if body.remainder[-1:] != (BY_NAME,):
        context.reporter.refuse("CR898", (*path, "remainder"), found=", ".join(body.remainder))
        return None
    total, weight = context.number(part, under=under), context.number(by, under=under)
    among = groups(context, draft, body.among, under, measured=True)
    order = in_order(context, draft, "remainder", body.remainder[:-1], 0, under)
    if total is None or weight is None or among is None or order is None:
        return None
    whole, each = total.tree.type, weight.tree.type
    assert isinstance(whole, Number)
    assert isinstance(each, Number)
    if whole.optional:
        context.refuse("CR478", part, total.tree, key="apportion", names=missing_names(total.tree))
        return None
    unlike = next((node for node in nodes(total.tree) if _unlike(context, node, among)), None)
    if unlike is not None:
        context.refuse("CR895", part, unlike, found=getattr(unlike, "name", part.text))
        return None
    policy = missing(context, path, body.missing, each, each.optional, missing_names(weight.tree), _ALLOWED)
    if policy is not None and policy.policy == "value" and policy.value is None:
        context.reporter.refuse("CR472", (*path, "missing"), found=body.missing, expected=", ".join(_ALLOWED))
        return None
    widest = with_values(each, policy.value) if policy is not None and policy.policy == "value" else each
    assert isinstance(widest, Number)
    if widest.low is None or widest.low < 0:
        context.refuse("CR896", by, weight.tree, found=by.text)
        return None
    step = body.step.value
    if body.step.unit is not None and body.step.unit != whole.unit:
        context.reporter.refuse("CR464", (*path, "step"), found=body.step.unit, other=whole.unit or "-")
        return None
    smallest = Fraction(1, 10 ** (whole.scale or 0))
    if step <= 0 or (smallest / step).denominator != 1:
        context.reporter.refuse(
            "CR897", (*path, "step"), found=plain_number(step), text=part.text, smallest=plain_number(smallest)
        )
        return None
    if not _fits(context, draft, whole, widest, step):
        return None
    result = Number(scale_of(step) or 0, min(whole.low, Fraction(0)) if whole.low is not None else None,
                    max(whole.high, Fraction(0)) if whole.high is not None else None, whole.unit)  # fmt: skip
    when_empty = empty(context, path, body.empty, result, widest.low == 0)
    skipped = policy if policy is not None and policy.policy == "skip" else None
    if body.round is not None:
        context.reporter.refuse("CR462", (*path, "round"), found=body.round)
    return Share(
        **common(context, draft, under, with_unit(context, path, body.unit, after(result, skipped, when_empty))),
        total=context.expr(part, total),
        weight=context.expr(by, weight),
        among=among,
        step=step,
        order=order,
        missing=policy,
        empty=when_empty,
    )


def _fits(context: Context, draft: Draft, whole: Number, weight: Number, step: Fraction) -> bool:
    """Whether the total in steps times a weight, and the sum of all weights, fit as whole numbers."""
    low, high = interval(whole)
    steps = max(-low, high) * Fraction(1, 10 ** (whole.scale or 0)) / step
    most = interval(weight)[1]
    found = draft.parts["in_proportion_to"].text
    place = (*draft.path, "in_proportion_to")
    return check_sum(context.reporter, place, found, Fraction(0), max(steps, MOST_PLACES) * most, 0)


def _unlike(context: Context, node: object, among: tuple[Expr, ...]) -> bool:
    """Whether a name can be something else for two cells of a group."""
    if not isinstance(node, Read):
        return False
    binding: Name = node.binding  # type: ignore[assignment]
    alike = [expr.tree.binding for expr in among if isinstance(expr.tree, Read)]
    kinds = context.ground.kinds
    shared = {WHOLE}
    for one in alike:
        if isinstance(one, Identity):
            shared |= {one.kind, *kinds[one.kind].ancestors}
    if binding in alike:
        return False
    match binding:
        case Dial() | Now() | PeriodPart():
            return False
        case Identity(kind=kind, by=None) | Attribute(kind=kind, by=None):
            return kind not in shared
        case Measured(measure=measure, through=None):
            return not shared.issuperset(parts_of(context.ground.measures[measure].kind))
        case Tied(measure=measure):
            # As many share a place wherever those among whom it is one are the same.
            rank = context.built[measure]
            places = {one.measure for one in alike if isinstance(one, Measured) and not one.back}
            within = (
                {expr.tree.binding for expr in rank.among if isinstance(expr.tree, Read)}
                if isinstance(rank, Rank)
                else None
            )
            return measure not in places or within is None or not within <= {*alike}
        case Field(record=record):
            grain = context.ground.records[record].one_per
            return grain is None or not shared.issuperset(parts_of(grain.kind))
        case _:
            return True
