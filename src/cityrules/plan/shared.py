"""Caps that several cells share, first come, first served: the wider grain, the order, and what they may bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityrules.feel.tree import Read
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes
from cityrules.plan.context import Context, Under
from cityrules.plan.drafts import CARRIED, CapDraft, Draft
from cityrules.plan.fields import ends
from cityrules.plan.model import Expr, Rule
from cityrules.plan.names import Dial, Measured
from cityrules.plan.standings import comparable
from cityrules.plan.views import WHOLE
from cityrules.scheme.document import ItemLedgerBody, LedgerBody
from cityrules.scheme.notation import Grain, NotationError, parse_grain


def wider_grain(context: Context, draft: Draft, one: CapDraft) -> Grain | None:
    """The grain whose cells share the bound, or None after a complaint: it holds several cells of the ledger's."""
    path, ground, own = (*one.path, "per"), context.ground, draft.grain
    try:
        grain = parse_grain(one.shared)
    except NotationError:
        grain = None
    if grain is not None and grain != own and ground.view(own).sees(grain):
        return grain
    context.reporter.refuse("CR918", path, found=one.shared, grain=own)
    return None


def ordering(
    context: Context, draft: Draft, one: CapDraft, rules: Sequence[str], under: Under
) -> Mapping[str, tuple[Expr, ...]] | None:
    """By rule what its movements are ordered by: numbers or days that are never missing."""
    found: dict[str, tuple[Expr, ...]] = {}
    for rule in rules:
        parts = [draft.parts.get(f"caps.{one.name}.per.{rule}.{number}") for number in range(len(one.per))]
        exprs = comparable(context, parts, "order", under, scaled=True)
        if exprs is None:
            return None
        found[rule] = exprs
    kinds = {tuple(type(expr.type) for expr in exprs) for exprs in found.values()}
    if len(kinds) > 1:
        context.reporter.refuse("CR853", (*one.path, "order"), name=one.name)
        return None
    return found


def may_share(
    context: Context,
    draft: Draft,
    one: CapDraft,
    grain: Grain,
    at: Expr,
    rules: Sequence[Rule],
    per: Mapping[str, tuple[Expr, ...]],
) -> bool:
    """Whether the cap is the only one of its kind, on rules of one direction, in a ledger whose cells stand alone; and
    its bound the same for all cells of the wider grain."""
    body = draft.body
    assert isinstance(body, LedgerBody)
    alone = body.from_ != CARRIED and not isinstance(body, ItemLedgerBody)
    alone = alone and sum(cap.shared is not None for cap in draft.caps) == 1
    if not alone or len({rule.sign for rule in rules}) > 1 or not all(_one_way(rule) for rule in rules):
        context.reporter.refuse("CR919", one.path, name=one.name)
        return False
    for node in nodes(at.tree):
        if isinstance(node, Read) and not _same_for_all(context, node, grain):
            context.reporter.refuse("CR858", one.at_path, name=one.name, found=node.name, grain=grain)
            return False
    return True


def _one_way(rule: Rule) -> bool:
    """Whether a rule never moves against its direction."""
    amounts = [rule.points.type, *([rule.times.type] if rule.times is not None else [])]
    return all(isinstance(type_, Number) and ends(type_)[0] >= 0 for type_ in amounts)


def _same_for_all(context: Context, node: Read, grain: Grain) -> bool:
    """Whether a name is the same in all cells of a grain: what changes within it would have to be read on some day."""
    binding = node.binding
    if isinstance(binding, Dial):
        return len(context.ground.parameters[binding.name].values) == 1
    if not isinstance(binding, Measured) or binding.back:
        return False
    own = context.built[binding.measure].grain
    return own.kind in (grain.kind, WHOLE) and context.ground.view(grain).sees(own)
