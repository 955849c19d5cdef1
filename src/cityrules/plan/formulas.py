"""Formulas: measures that are an expression of their own cell, made of drafts with types and policies."""

from __future__ import annotations

from typing import Final

from cityrules.feel.check import Expectation
from cityrules.feel.types import Duration, Null, Number
from cityrules.plan.common import common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Formula
from cityrules.plan.policies import ERROR, NULL, VALUE, after, empty, missing
from cityrules.plan.quotients import stays_exact
from cityrules.plan.rounding import check_digits, choose_rounding, rounded
from cityrules.scheme.document import FormulaBody

GUARDED: Final = Expectation("any", guards=True)


def build_formula(context: Context, draft: Draft, body: FormulaBody, under: Under) -> Formula | None:
    """A formula: its expression, what holds where it is missing or divides by zero, its rounding."""
    part = draft.parts["formula"]
    checked = context.check(part, GUARDED, under=under)
    if checked is None:
        return None
    tree, path = checked.tree, draft.path
    if isinstance(tree.type, (Null, Duration)):
        context.refuse("CR460", part, tree, found=part.text)
        return None
    names = missing_names(tree, *checked.divisors)
    policy = missing(context, path, body.missing, tree.type, tree.type.optional, names, (ERROR, VALUE, NULL))
    when_zero = empty(context, path, body.empty, tree.type, bool(checked.divisors))
    divides = isinstance(tree.type, Number) and tree.type.scale is None
    exact = stays_exact(body, context.ground.records)
    rounding = choose_rounding(context, path, body.round, tree.type, divides, exact=exact)
    check_digits(context, (*path, "missing"), policy and policy.value, rounding)
    check_digits(context, (*path, "empty"), when_zero and when_zero.value, rounding)
    type_ = after(tree.type, policy, when_zero)
    if isinstance(type_, Number):
        type_ = rounded(type_, rounding, exact=exact)
    type_ = with_unit(context, path, body.unit, type_)
    value = context.expr(part, checked)
    return Formula(
        **common(context, draft, under, type_),
        value=value,
        missing=policy,
        empty=when_zero,
        round=rounding,
        round_default=rounding is not None and body.round is None,
    )
