"""`choose`: the first branch whose condition holds. Short for an expression, and kept with its branches for readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cityrules.feel.check import ANY, CONDITION, Checked
from cityrules.feel.facts import when_false
from cityrules.feel.tree import Tree
from cityrules.feel.types import Duration, Null, Number
from cityrules.plan.common import common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Branch, Choice, Expr
from cityrules.plan.parts import Part
from cityrules.plan.policies import ERROR, NULL, VALUE, after, missing
from cityrules.plan.rounding import check_digits, choose_rounding, rounded
from cityrules.plan.trees import Unfit, chosen
from cityrules.scheme.document import ChooseBody

MOST_BRANCHES: Final = 60


def build_choice(context: Context, draft: Draft, body: ChooseBody, under: Under) -> Choice | None:
    """The branches, and the expression that they say together."""
    path = draft.path
    if len(body.choose) > MOST_BRANCHES:
        context.reporter.refuse_key("CR847", (*path, "choose"), count=len(body.choose), limit=MOST_BRANCHES)
        return None
    found: list[tuple[str, Checked, Checked]] = []
    known = under.present
    whole = True
    for name in body.choose:
        condition = context.check(draft.parts.get(f"choose.{name}.when"), CONDITION, under=under, present=known)
        present = known | condition.proves if condition else known
        give = context.check(draft.parts.get(f"choose.{name}.give"), ANY, under=under, present=present)
        if condition is None or give is None:
            whole = False
            continue
        found.append((name, condition, give))
        known |= when_false(condition.tree).present
    otherwise = context.check(draft.parts.get("otherwise"), ANY, under=under, present=known)
    if otherwise is None or not whole:
        return None
    tree = _together(context, draft, found, otherwise.tree)
    if tree is None:
        return None
    if isinstance(tree.type, (Null, Duration)):
        context.refuse("CR460", draft.parts["otherwise"], otherwise.tree, found=body.otherwise)
        return None
    parts = [part for _, condition, give in found for part in (condition.tree, give.tree)]
    names = missing_names(*parts, otherwise.tree)
    policy = missing(context, path, body.missing, tree.type, tree.type.optional, names, (ERROR, VALUE, NULL))
    divides = isinstance(tree.type, Number) and tree.type.scale is None
    rounding = choose_rounding(context, path, body.round, tree.type, divides)
    check_digits(context, (*path, "missing"), policy and policy.value, rounding)
    type_ = after(tree.type, policy)
    if isinstance(type_, Number):
        type_ = rounded(type_, rounding)
    type_ = with_unit(context, path, body.unit, type_)
    span = context.reporter.loaded.span((*path, "choose"))
    return Choice(
        **common(context, draft, under, type_),
        value=Expr("choose", ".".join((*path, "choose")), tree, (), span),
        missing=policy,
        empty=None,
        round=rounding,
        round_default=rounding is not None and body.round is None,
        branches=branches(context, draft.parts, "choose", "give", found, body.choose),
        otherwise=context.expr(draft.parts["otherwise"], otherwise),
    )


def branches(
    context: Context,
    parts: Mapping[str, Part],
    key: str,
    give: str,
    found: list[tuple[str, Checked, Checked]],
    bodies: Mapping[str, object],
) -> tuple[Branch, ...]:
    """Checked branches as the plan keeps them."""
    made = []
    for name, condition, value in found:
        body = bodies[name]
        made.append(
            Branch(
                name,
                context.expr(parts[f"{key}.{name}.when"], condition),
                context.expr(parts[f"{key}.{name}.{give}"], value),
                getattr(body, "clause", None),
                getattr(body, "label", None),
            )
        )
    return tuple(made)


def _together(
    context: Context, draft: Draft, found: list[tuple[str, Checked, Checked]], otherwise: Tree
) -> Tree | None:
    """All branches as one expression; complains where their values are of different kinds."""
    tree = otherwise
    for name, condition, give in reversed(found):
        try:
            tree = chosen(condition.tree, give.tree, tree)
        except Unfit as unfit:
            part = draft.parts[f"choose.{name}.give"]
            context.refuse(unfit.refusal.code, part, give.tree, **unfit.refusal.values)
            return None
    return tree
