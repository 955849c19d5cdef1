"""Ledgers: points that rules add and deduct from a base, made of drafts with their types, groups and bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal

from cityrules.feel.check import ANY, CONDITION, Checked
from cityrules.feel.tree import Binding, Literal_
from cityrules.feel.types import Number, Text
from cityrules.plan.axes import most_elements
from cityrules.plan.caps import Reach, Reaches, build_caps
from cityrules.plan.carried import closing_before, nothing_yet
from cityrules.plan.common import common, with_unit
from cityrules.plan.compose import all_of, product
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.discretion import Asked, build_discretion
from cityrules.plan.drafts import CARRIED, Draft
from cityrules.plan.fields import ends
from cityrules.plan.followings import with_followed
from cityrules.plan.items import ABSENT, Scored, check_worths, nest, own_rules, read_items, span
from cityrules.plan.magnitudes import check_sum
from cityrules.plan.model import Expr, Item, Ledger, Rule
from cityrules.plan.placement import is_a_day
from cityrules.plan.policies import stated
from cityrules.plan.precedence import check_replaces, group_policies
from cityrules.plan.reading import all_items
from cityrules.plan.reporting import Address
from cityrules.plan.rounding import choose_rounding, rounded
from cityrules.plan.sheets import Entry, entries, item_entries, walk
from cityrules.plan.splits import check_split
from cityrules.scheme.document import ItemLedgerBody, LedgerBody
from cityrules.scheme.notation import plain_number, scale_of

YES_NO: Final[tuple[Literal["yes", "no", "undecided"], ...]] = ("yes", "no", "undecided")


def build_ledger(context: Context, draft: Draft, body: LedgerBody, under: Under) -> Ledger | None:
    """A ledger: its base, its rules in order, what several hits on one element do, its floor and ceiling."""
    carried = body.from_ == CARRIED
    base = nothing_yet(body.unit) if carried else _start(context, draft, body.unit, under)
    written = list(entries(body, draft.path))
    start = base.tree.type if base is not None else None
    unit = start.unit if isinstance(start, Number) else None
    nested = item_entries(body, draft.path)
    scored = read_items(context, draft, nested, unit, under)
    made = {entry.name: _rule(context, draft, entry, base, under, scored) for entry in written}
    found = {name: one for name, one in made.items() if one is not None}
    found |= own_rules(body, scored, context.clause(draft.body.clause))
    rules = {name: rule for name, (rule, _) in found.items()}
    check_replaces(context.reporter, draft, body)
    groups = group_policies(context.reporter, draft, body, context.ground.records)
    stated(context, draft.path, body.missing, False, "-", ())
    laid = Reaches({name: reach for name, (_, reach) in found.items()})
    caps = build_caps(context, draft, rules, laid, unit, under)
    if base is None or None in made.values() or len(caps) < len(draft.caps):
        return None
    if len(scored) < len(list(walk(nested))):
        return None
    if base.tree.type.optional:
        names = missing_names(base.tree)
        context.refuse("CR477", draft.parts["from"], base.tree, names=names)
        return None
    assert isinstance(start, Number)
    floor, ceiling = _limits(context, draft.path, body, start.unit)
    if carried:
        scale, moved = _moved(laid.all(), floor, ceiling)
        base = closing_before(draft, scale, moved, floor, ceiling, unit)
        start = base.tree.type
        assert isinstance(start, Number)
        if body.round is not None:
            context.reporter.refuse("CR865", (*draft.path, "round"), found=body.round)
    start_expr = Expr(CARRIED, ".".join((*draft.path, "from")), base.tree) if carried else _base(context, draft, base)
    if nested:
        check_worths(context, draft, nested, scored, start_expr, (*draft.path, "items"))
    items = nest(nested, scored, _by_item(written, rules, scored))
    exact = _type(context, draft.path, start, laid.all(), items, floor, ceiling)
    if exact is None:
        return None
    rescale = isinstance(body, ItemLedgerBody) and body.absent_items == "rescale"
    rounding = choose_rounding(context, draft.path, body.round, exact, rescale)
    type_ = with_unit(context, draft.path, body.unit, rounded(exact, rounding))
    return Ledger(
        **common(context, draft, under, type_),
        base=start_expr,
        rules=tuple(rules.values()),
        caps=caps,
        groups=groups.policies,
        events=groups.events,
        floor=floor,
        ceiling=ceiling,
        round=rounding,
        items=items,
        rescale=rescale,
        round_default=rounding is not None and body.round is None,
        carried=carried,
    )


def _start(context: Context, draft: Draft, unit: str | None, under: Under) -> Checked | None:
    """What the ledger starts from. A constant without a unit takes the ledger's: `from: 0` of a fund in 元."""
    base = context.number(draft.parts.get("from"), under=under)
    if base is None or not isinstance(base.tree, Literal_) or not isinstance(base.tree.type, Number):
        return base
    type_ = base.tree.type
    return replace(base, tree=replace(base.tree, type=replace(type_, unit=type_.unit or unit)))


def _base(context: Context, draft: Draft, base: Checked) -> Expr:
    return context.expr(draft.parts["from"], base)


def _moved(
    reaches: list[Reach], floor: Fraction | None, ceiling: Fraction | None
) -> tuple[int, tuple[Fraction, Fraction]]:
    """The digits of a sum from 0, and what one cell can move it."""
    digits = [scale_of(value) or 0 for value in (floor, ceiling) if value is not None]
    low, high = sum(reach.low for reach in reaches), sum(reach.high for reach in reaches)
    return max([0, *digits, *(reach.scale for reach in reaches)]), (Fraction(low), Fraction(high))


def _by_item(
    written: Sequence[Entry], rules: Mapping[str, Rule], scored: Mapping[str, Scored]
) -> Mapping[str, Sequence[str]]:
    """The names of the rules of each item."""
    found: dict[str, list[str]] = {name: [name] if name in rules else [] for name in scored}
    for name, item in scored.items():
        # Where an item does not apply it moves nothing itself: its worth is lost by what is around it.
        if f"{name}.{ABSENT}" in rules and item.entry.around:
            found[item.entry.around[-1].name].append(f"{name}.{ABSENT}")
    for entry in written:
        if entry.item is not None:
            found[entry.item.name].append(entry.name)
    return found


def _rule(
    context: Context,
    draft: Draft,
    entry: Entry,
    base: Checked | None,
    under: Under,
    scored: Mapping[str, Scored],
) -> tuple[Rule, Reach] | None:
    """A rule and what it can come to, or None where a part of it is in doubt."""
    name, path, body = entry.name, entry.path, entry.body
    axis = draft.axes.get(name)
    if body.each is not None and axis is None:
        return None
    if not is_a_day(context.reporter, path, axis, context.built):
        return None
    item = scored.get(entry.item.name) if entry.item is not None else None
    if entry.item is not None and item is None:
        return None
    present = item.present if item is not None else frozenset()
    when_part = draft.parts.get(f"rules.{name}.when")
    when = context.check(when_part, CONDITION, under=under, present=present)
    if when_part is not None and when is None:
        return None
    unknown = _unknown(context, path, body.missing, when)
    # A hit in spite of an unknown condition proves nothing about the names in it.
    proved = present | (when.proves if when is not None and unknown != "yes" else frozenset())
    word: Literal["deduct", "add"] = "deduct" if body.deduct is not None else "add"
    points = _amount(context, draft, name, word, under, proved)
    times = _amount(context, draft, name, "times", under, proved) if body.times is not None else None
    if points is None or (body.times is not None and times is None):
        return None
    price = points.tree.type
    quantity = times.tree.type if times is not None else Number(0, Fraction(1), Fraction(1))
    assert isinstance(price, Number)
    assert isinstance(quantity, Number)
    unit = base.tree.type.unit if base is not None and isinstance(base.tree.type, Number) else None
    if price.unit is not None and base is not None and price.unit != unit:
        context.refuse("CR464", draft.parts[f"rules.{name}.{word}"], points.tree, found=price.unit, other=unit or "-")
    amount = context.expr(draft.parts[f"rules.{name}.times"], times) if times is not None else None
    cites_part = draft.parts.get(f"rules.{name}.cites")
    cites = context.check(cites_part, ANY, under=under, present=proved)
    if cites_part is not None:
        if cites is None:
            return None
        if not isinstance(cites.tree.type, Text):
            context.refuse("CR989", cites_part, cites.tree, found=cites_part.text)
            return None
    discretion = None
    if body.between is not None:
        discretion = build_discretion(context, draft, entry, axis, Asked(when_part, when, unknown), points, proved)
        if discretion is None:
            return None
    if entry.share is not None:
        check_split(context, entry, axis, proved)
        amount = product(amount, entry.share, ".".join((*path, "split", entry.via or "")))
        quantity = amount.type
        assert isinstance(quantity, Number)
    most = 1 if axis is None else most_elements(axis, draft.grain, None, context.ground.periods)
    sign: Literal[-1, 1] = -1 if word == "deduct" else 1
    own_when = [context.expr(when_part, when)] if when_part is not None and when is not None else []
    rule = Rule(
        name=name,
        axis=axis,
        when=with_followed(axis, all_of((*(item.around if item is not None else ()), *own_when)), ".".join(path)),
        unknown=unknown,
        sign=sign,
        points=context.expr(draft.parts[f"rules.{name}.{word}"], points),
        times=amount,
        replaces=tuple(part for other in body.replaces or () for part in draft.rules.get(entry.sibling(other), ())),
        group=body.group,
        clause=context.clause(entry.clause, draft.body.clause),
        label=body.label,
        path=".".join(path),
        discretion=discretion,
        cites=context.expr(cites_part, cites) if cites_part is not None and cites is not None else None,
    )
    return rule, _reach(price, quantity, sign, most)


def _unknown(
    context: Context, path: Address, given: str | None, when: Checked | None
) -> Literal["yes", "no", "undecided"] | None:
    can_be = when is not None and when.tree.type.optional
    names = missing_names(when.tree) if when is not None else "-"
    word = stated(context, path, given, can_be, names, YES_NO)
    return next((known for known in YES_NO if known == word), None)


def _amount(
    context: Context, draft: Draft, name: str, key: str, under: Under, proved: frozenset[Binding]
) -> Checked | None:
    """The points or the quantity of a rule, which may not be missing where the rule hits."""
    part = draft.parts.get(f"rules.{name}.{key}")
    checked = context.number(part, under=under, present=proved)
    if part is None or checked is None:
        return None
    if checked.tree.type.optional:
        names = missing_names(checked.tree)
        context.refuse("CR476", part, checked.tree, names=names, condition=f"{names.split(', ')[0]} != null")
    type_ = checked.tree.type
    if isinstance(type_, Number) and type_.high is not None and type_.high < 0:
        context.refuse("CR485", part, checked.tree, key=key, found=part.text)
    return checked


def _reach(price: Number, quantity: Number, sign: int, most: int) -> Reach:
    """The least and greatest sum of a rule's lines in a cell, and the digits it needs."""
    products = [one * two for one in ends(price) for two in ends(quantity)]
    least, greatest = (min(products), max(products)) if sign > 0 else (-max(products), -min(products))
    low, high = min(least * most, Fraction(0)), max(greatest * most, Fraction(0))
    return Reach((price.scale or 0) + (quantity.scale or 0), low, high)


def _limits(
    context: Context, path: Address, body: LedgerBody, unit: str | None
) -> tuple[Fraction | None, Fraction | None]:
    """Floor and ceiling, the former below the latter."""
    for key, given in (("floor", body.floor), ("ceiling", body.ceiling)):
        if given is not None and given.unit is not None and given.unit != unit:
            context.reporter.refuse("CR464", (*path, key), found=given.unit, other=unit or "-")
    floor = body.floor.value if body.floor is not None else None
    ceiling = body.ceiling.value if body.ceiling is not None else None
    if floor is not None and ceiling is not None and floor >= ceiling:
        context.reporter.refuse("CR490", (*path, "floor"), found=plain_number(floor), ceiling=plain_number(ceiling))
    return floor, ceiling


def _type(
    context: Context,
    path: Address,
    start: Number,
    reaches: list[Reach],
    items: Sequence[Item],
    floor: Fraction | None,
    ceiling: Fraction | None,
) -> Number | None:
    """The type of the sum, held between floor and ceiling; None where it is too large."""
    digits = [scale_of(value) or 0 for value in (floor, ceiling) if value is not None]
    # What an item is held within shows in the sum.
    digits += [item.worth.type.scale or 0 for item in all_items(items) if isinstance(item.worth.type, Number)]
    scale = max([start.scale or 0, *(reach.scale for reach in reaches), *digits])
    low, high = ends(start)
    low += sum(reach.low for reach in reaches)
    high += sum(reach.high for reach in reaches)
    if not check_sum(context.reporter, (*path, "rules"), path[-1], low, high, scale):
        return None
    if items:
        least, most = span(items)
        low, high = ends(start)[0] + least, ends(start)[1] + most
    if floor is not None:
        low, high = max(low, floor), max(high, floor)
    if ceiling is not None:
        low, high = min(low, ceiling), min(high, ceiling)
    return replace(start, scale=scale, low=low, high=high)
