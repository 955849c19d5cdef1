"""Formulas: measures that are an expression of their own cell, made of drafts with types and policies."""

from __future__ import annotations

from typing import Final

from cityrules.feel.check import Expectation
from cityrules.feel.types import Duration, Null, Number
from cityrules.plan.bench import Bench, Under, missing_names
from cityrules.plan.common import common, with_unit
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Formula
from cityrules.plan.policies import ERROR, NULL, VALUE, after, empty, missing
from cityrules.plan.rounding import check_digits, choose_rounding, rounded
from cityrules.scheme.document import FormulaBody

GUARDED: Final = Expectation("any", guards=True)


def build_formula(bench: Bench, draft: Draft, body: FormulaBody, under: Under) -> Formula | None:
    """A formula: its expression, what holds where it is missing or divides by zero, its rounding."""
    part = draft.parts["formula"]
    checked = bench.check(part, GUARDED, under=under)
    if checked is None:
        return None
    tree, path = checked.tree, draft.path
    if isinstance(tree.type, (Null, Duration)):
        bench.refuse("CR460", part, tree, found=part.text)
        return None
    names = missing_names(tree, *checked.divisors)
    policy = missing(bench, path, body.missing, tree.type, tree.type.optional, names, (ERROR, VALUE, NULL))
    when_zero = empty(bench, path, body.empty, tree.type, bool(checked.divisors))
    divides = isinstance(tree.type, Number) and tree.type.scale is None
    rounding = choose_rounding(bench, path, body.round, tree.type, divides)
    check_digits(bench, (*path, "missing"), policy and policy.value, rounding)
    check_digits(bench, (*path, "empty"), when_zero and when_zero.value, rounding)
    type_ = after(tree.type, policy, when_zero)
    if isinstance(type_, Number):
        type_ = rounded(type_, rounding)
    type_ = with_unit(bench, path, body.unit, type_)
    value = bench.expr(part, checked)
    return Formula(**common(bench, draft, under, type_), value=value, missing=policy, empty=when_zero, round=rounding)
