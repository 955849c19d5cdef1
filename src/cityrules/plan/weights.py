"""`weighted`: values by weights that sum to what the document says. Short for an expression, kept for readers."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from cityrules.feel.tree import Tree
from cityrules.feel.types import Number
from cityrules.plan.amounts import HUNDREDTH, PERCENT, Amount, amount
from cityrules.plan.common import common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Element, Expr, Missing, Weighted
from cityrules.plan.policies import ERROR, NULL, VALUE, after, empty, stand_in, stated
from cityrules.plan.quotients import stays_exact
from cityrules.plan.rounding import check_digits, choose_rounding, rounded
from cityrules.plan.trees import Unfit, chosen, combined, default, is_missing, number, over
from cityrules.scheme.document import WeightedBody
from cityrules.scheme.notation import Numeral, plain_number

RESCALE = "rescale"


def build_weighted(context: Context, draft: Draft, body: WeightedBody, under: Under) -> Weighted | None:
    """The elements with their weights, and the expression that they say together."""
    path = draft.path
    found: list[tuple[str, Expr, Amount]] = []
    for name, text in body.weighted.items():
        part = draft.parts.get(f"weighted.{name}")
        checked = context.number(part, under=under, exact=True)
        weight = amount(context, draft, (*path, "weighted", name), text)
        if part is not None and checked is not None and weight is not None:
            found.append((name, context.expr(part, checked), weight))
    if len(found) < len(body.weighted):
        return None
    total = _total(body.total)
    _check_total(context, draft, [weight for *_, weight in found], total)
    optional = [expr for _, expr, _ in found if expr.type.optional]
    names = missing_names(*(expr.tree for expr in optional))
    word = stated(context, path, body.missing, bool(optional), names, (ERROR, RESCALE, VALUE, NULL))
    rescales = word == RESCALE
    # Where nothing is left to rescale, nothing is what there is.
    hollow = rescales and len(optional) == len(found)
    widest = max((expr.type for _, expr, _ in found), key=lambda type_: getattr(type_, "scale", 0) or 0)
    when_empty = empty(context, path, body.empty, widest, hollow)
    policy, instead = _policy(context, draft, word, widest)
    try:
        tree, guard = _rescaled(found, total) if rescales else (_sum(found, instead), None)
    except Unfit as unfit:
        place = next((name for name, expr, _ in found if expr.tree is unfit.at), found[-1][0])
        context.refuse(unfit.refusal.code, draft.parts[f"weighted.{place}"], unfit.at, **unfit.refusal.values)
        return None
    type_ = tree.type
    assert isinstance(type_, Number)
    exact = stays_exact(body, context.ground.records)
    rounding = choose_rounding(context, path, body.round, type_, type_.scale is None, exact=exact)
    check_digits(context, (*path, "empty"), when_empty and when_empty.value, rounding)
    result = after(type_, policy, when_empty)
    assert isinstance(result, Number)
    span = context.reporter.loaded.span((*path, "weighted"))
    return Weighted(
        **common(context, draft, under, with_unit(context, path, body.unit, rounded(result, rounding, exact=exact))),
        value=Expr("weighted", ".".join((*path, "weighted")), tree, (guard,) if guard and hollow else (), span),
        missing=policy,
        empty=when_empty,
        round=rounding,
        round_default=rounding is not None and body.round is None,
        elements=tuple(Element(name, expr, weight.expr) for name, expr, weight in found),
        total=total,
        instead=None if instead is None else Missing("value", instead),
        rescales=rescales,
    )


def _total(given: Numeral) -> Fraction:
    return given.value * (HUNDREDTH if given.unit == PERCENT else 1)


def _check_total(context: Context, draft: Draft, weights: list[Amount], total: Fraction) -> None:
    """The weights sum to the total on every day on which one of them begins."""
    if not all(weight.line for weight in weights):
        return
    for day in sorted({day for weight in weights for day, _ in weight.line}):
        found = sum((weight.on(day) for weight in weights), Fraction(0))
        if found != total:
            since = "" if day == dt.date.min else day.isoformat()
            expected = plain_number(total)
            context.reporter.refuse(
                "CR849", (*draft.path, "total"), found=plain_number(found), expected=expected, since=since or "-"
            )
            return


def _policy(context: Context, draft: Draft, word: str | None, type_: object) -> tuple[Missing | None, Fraction | None]:
    """What the whole does where an element is missing, and the number that stands for a missing element."""
    path = (*draft.path, "missing")
    if word == ERROR:
        return Missing("error"), None
    if word == NULL:
        return Missing("value", None), None
    if word is None or word == RESCALE:
        return None, None
    assert isinstance(type_, Number)
    value = stand_in(context, path, word, type_)
    return None, Fraction(value) if isinstance(value, (int, Fraction)) else Fraction(0)


def _sum(found: list[tuple[str, Expr, Amount]], instead: Fraction | None) -> Tree:
    """The sum of all values times their weights. Raises Unfit."""
    tree: Tree | None = None
    for _, expr, weight in found:
        value = expr.tree
        if instead is not None and value.type.optional:
            value = default(value, number(instead, getattr(value.type, "unit", None)))
        product = combined("*", value, weight.tree)
        tree = product if tree is None else combined("+", tree, product)
    assert tree is not None
    return tree


def _rescaled(found: list[tuple[str, Expr, Amount]], total: Fraction) -> tuple[Tree, Tree]:
    """What is there, as if its weights summed to the total; and the sum of these weights, by which it is divided."""
    there: Tree | None = None
    for _, expr, weight in found:
        share = chosen(is_missing(expr.tree), number(0), weight.tree) if expr.type.optional else weight.tree
        there = share if there is None else combined("+", there, share)
    assert there is not None
    return over(combined("*", _sum(found, Fraction(0)), number(total)), there), there
