"""`tiers`: rates by how far a number goes, for each part or for all. Short for an expression, kept for readers."""

from __future__ import annotations

from dataclasses import replace

from cityrules.feel.tree import Tree
from cityrules.feel.types import Number
from cityrules.plan.amounts import Amount, amount
from cityrules.plan.bands import bounds_of
from cityrules.plan.common import common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Expr, Tier, Tiers
from cityrules.plan.policies import ERROR, NULL, VALUE, after, missing
from cityrules.plan.rounding import check_digits, choose_rounding, rounded
from cityrules.plan.trees import chosen, combined, compared, extreme
from cityrules.scheme.document import TiersBody

MOST_TIERS = 60


def build_tiers(context: Context, draft: Draft, body: TiersBody, under: Under) -> Tiers | None:
    """The tiers from the lowest up, and the expression that they say together."""
    part, path = draft.parts["tiers"], draft.path
    checked = context.number(part, under=under)
    if checked is None:
        return None
    value = checked.tree
    assert isinstance(value.type, Number)
    if len(body.up_to) > MOST_TIERS:
        context.reporter.refuse_key("CR847", (*path, "up_to"), count=len(body.up_to), limit=MOST_TIERS)
        return None
    if value.type.low is None or value.type.low < 0:
        context.refuse("CR848", part, value, found=part.text)
        return None
    bounds = bounds_of(context, draft, "up_to", body.up_to, value.type, {text: text for text in body.up_to.values()})
    rates = {key: amount(context, draft, (*path, "up_to", key), text) for key, text in body.up_to.items()}
    beyond = amount(context, draft, (*path, "beyond"), body.beyond)
    for bound, _ in bounds:
        if isinstance(bound.type, Number) and bound.type.low is not None and bound.type.low <= 0:
            context.reporter.refuse_key("CR848", (*path, "up_to", bound.text), found=bound.text)
            return None
    found = [(bound, rate) for bound, _ in bounds if (rate := rates.get(bound.text)) is not None]
    if beyond is None or len(found) < len(body.up_to):
        return None
    tree = (_marginal if body.apply == "marginal" else _whole)(value, found, beyond)
    assert isinstance(tree.type, Number)
    policy = missing(
        context, path, body.missing, tree.type, tree.type.optional, missing_names(value), (ERROR, VALUE, NULL)
    )
    rounding = choose_rounding(context, path, body.round, tree.type, False)
    check_digits(context, (*path, "missing"), policy and policy.value, rounding)
    type_ = after(tree.type, policy)
    assert isinstance(type_, Number)
    # A rate may turn one unit into another (元 per m2): the measure then says which.
    type_ = rounded(replace(type_, unit=None) if body.unit is not None else type_, rounding)
    span = context.reporter.loaded.span((*path, "tiers"))
    tiers = [Tier(bound, rate.expr) for bound, rate in found]
    return Tiers(
        **common(context, draft, under, with_unit(context, path, body.unit, type_)),
        value=Expr(part.text, ".".join(part.path), tree, (), span),
        missing=policy,
        empty=None,
        round=rounding,
        round_default=False,
        number=context.expr(part, checked),
        tiers=(*tiers, Tier(None, beyond.expr)),
        apply=body.apply,
    )


def _marginal(value: Tree, found: list[tuple[Expr, Amount]], beyond: Amount) -> Tree:
    """Each rate on the part of the number that lies in its tier."""
    below: Tree | None = None
    parts: list[Tree] = []
    for bound, rate in found:
        reached = extreme("min", value if below is None else extreme("max", value, below), bound.tree)
        parts.append(combined("*", reached if below is None else combined("-", reached, below), rate.tree))
        below = bound.tree
    above = value if below is None else combined("-", extreme("max", value, below), below)
    tree = combined("*", above, beyond.tree)
    for part in parts:
        tree = combined("+", part, tree)
    return tree


def _whole(value: Tree, found: list[tuple[Expr, Amount]], beyond: Amount) -> Tree:
    """The rate of the tier that the number comes to, on all of it."""
    tree = combined("*", value, beyond.tree)
    for bound, rate in reversed(found):
        tree = chosen(compared("<=", value, bound.tree), combined("*", value, rate.tree), tree)
    return tree
