"""Scored items of a ledger: their worths, conditions and values, and the rules that these become. Knows no engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Binding
from cityrules.feel.types import Number
from cityrules.plan.caps import Reach
from cityrules.plan.compose import all_of, constant, difference, negation
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.dated import constant_tree, turning_days, value_on
from cityrules.plan.drafts import Draft
from cityrules.plan.fields import ends
from cityrules.plan.model import Expr, Item, Rule
from cityrules.plan.reporting import Address
from cityrules.plan.sheets import ItemEntry, walk
from cityrules.scheme.document import ItemLedgerBody, LedgerBody
from cityrules.scheme.notation import NotationError, parse_numeral, plain_number

ABSENT: Final = "(absent)"
"""How the rule that takes the worth of an item that does not apply is called, behind the item's name."""


@dataclass(frozen=True, slots=True)
class Scored:
    """An item with what was checked of it. `around`: its condition and those of the items around it."""

    entry: ItemEntry
    worth: Expr
    applies: Expr | None
    around: tuple[Expr, ...]
    present: frozenset[Binding]
    value: Expr | None


def read_items(
    context: Context, draft: Draft, items: Sequence[ItemEntry], unit: str | None, under: Under
) -> dict[str, Scored]:
    """The items that are sound, by name; one in an unsound item is left out, too."""
    found: dict[str, Scored] = {}
    for item in walk(items):
        above = found.get(item.around[-1].name) if item.around else None
        if item.around and above is None:
            continue
        worth = _worth(context, draft, item, unit)
        own = context.under(draft.parts.get(f"items.{item.name}.applies"))
        if worth is None or own is None:
            continue
        around = (*(above.around if above else ()), *([own.expr] if own.expr else ()))
        present = (above.present if above else frozenset()) | own.present
        value = _value(context, draft, item, unit, under, present)
        if item.body.value is not None and value is None:
            continue
        found[item.name] = Scored(item, worth, own.expr, around, present, value)
    return found


def _worth(context: Context, draft: Draft, item: ItemEntry, unit: str | None) -> Expr | None:
    """What an item is worth: a numeral, or an expression of nothing but numbers and parameters."""
    path, text = (*item.path, "worth"), item.body.worth
    try:
        numeral = parse_numeral(text)
    except NotationError:
        part = draft.parts.get(f"items.{item.name}.worth")
        checked = context.number(part)
        if part is None or checked is None:
            return None
        worth = context.expr(part, checked)
        if not constant_tree(worth):
            context.reporter.refuse("CR861", path, found=text)
            return None
    else:
        worth = constant(numeral.value, numeral.unit or unit, text, ".".join(path))
    assert isinstance(worth.type, Number)
    if worth.type.unit is not None and worth.type.unit != unit:
        context.reporter.refuse("CR464", path, found=worth.type.unit, other=unit or "-")
    if ends(worth.type)[0] < 0:
        context.reporter.refuse("CR862", path, found=text)
        return None
    return worth


def _value(
    context: Context,
    draft: Draft,
    item: ItemEntry,
    unit: str | None,
    under: Under,
    present: frozenset[Binding],
) -> Expr | None:
    part = draft.parts.get(f"items.{item.name}.value")
    checked = context.number(part, under=under, present=present)
    if part is None or checked is None:
        return None
    type_ = checked.tree.type
    assert isinstance(type_, Number)
    if type_.optional:
        context.refuse("CR863", part, checked.tree, names=missing_names(checked.tree), name=item.name)
        return None
    if type_.unit is not None and type_.unit != unit:
        context.refuse("CR464", part, checked.tree, found=type_.unit, other=unit or "-")
    return context.expr(part, checked)


def check_worths(
    context: Context, draft: Draft, items: Sequence[ItemEntry], scored: Mapping[str, Scored], whole: Expr, path: Address
) -> None:
    """Complain where the worths of the items side by side do not come to the whole, on some day."""
    counted = [scored[item.name].worth for item in items if not item.body.extra and item.name in scored]
    if len(counted) == len([item for item in items if not item.body.extra]):
        if not constant_tree(whole):
            context.reporter.refuse("CR861", (*draft.path, "from"), found=whole.text)
            return
        _check_sum(context, counted, whole, path)
    for item in items:
        if item.below and item.name in scored:
            check_worths(context, draft, item.below, scored, scored[item.name].worth, (*item.path, "items"))


def _check_sum(context: Context, counted: Sequence[Expr], whole: Expr, path: Address) -> None:
    parameters = context.ground.parameters
    for day in turning_days((*counted, whole), parameters):
        counts = (value_on(expr, day, parameters) for expr in counted)
        total, full = sum(counts, Fraction(0)), value_on(whole, day, parameters)
        if total != full:
            context.reporter.refuse_key("CR860", path, found=plain_number(total), whole=plain_number(full))
            return


def own_rules(body: LedgerBody, scored: Mapping[str, Scored], clause: str | None) -> dict[str, tuple[Rule, Reach]]:
    """The rules that items stand for: a value, and the worth of one that does not apply and gets nothing."""
    found: dict[str, tuple[Rule, Reach]] = {}
    zero = isinstance(body, ItemLedgerBody) and body.absent_items == "zero"
    for name, item in scored.items():
        own = item.entry.clause or clause
        if item.value is not None:
            extra = bool(item.entry.body.extra)
            points = item.value if extra else difference(item.value, item.worth)
            found[name] = _rule(name, item, points, 1, all_of(item.around), own)
        if zero and item.applies is not None and not item.entry.body.extra:
            when = all_of((*item.around[:-1], negation(item.applies)))
            found[f"{name}.{ABSENT}"] = _rule(f"{name}.{ABSENT}", item, item.worth, -1, when, own)
    return found


def _rule(
    name: str, item: Scored, points: Expr, sign: int, when: Expr | None, clause: str | None
) -> tuple[Rule, Reach]:
    rule = Rule(
        name=name,
        axis=None,
        when=when,
        unknown=None,
        sign=1 if sign > 0 else -1,
        points=points,
        times=None,
        replaces=(),
        group=None,
        clause=clause,
        label=item.entry.body.label,
        path=".".join(item.entry.path),
    )
    assert isinstance(points.type, Number)
    low, high = ends(points.type)
    low, high = (low, high) if sign > 0 else (-high, -low)
    return rule, Reach(points.type.scale or 0, min(low, Fraction(0)), max(high, Fraction(0)))


def nest(
    items: Sequence[ItemEntry], scored: Mapping[str, Scored], rules: Mapping[str, Sequence[str]]
) -> tuple[Item, ...]:
    """The items of the plan. `rules`: by item, the names of its own rules."""
    return tuple(
        Item(
            name=item.name,
            worth=scored[item.name].worth,
            extra=bool(item.body.extra),
            applies=scored[item.name].applies,
            rules=tuple(rules.get(item.name, ())),
            items=nest(item.below, scored, rules),
            clause=item.clause,
            label=item.body.label,
            path=".".join(item.path),
        )
        for item in items
    )


def span(items: Sequence[Item]) -> tuple[Fraction, Fraction]:
    """The least and the greatest that items side by side can move the sum."""
    low = high = Fraction(0)
    for item in items:
        assert isinstance(item.worth.type, Number)
        size = ends(item.worth.type)[1]
        low, high = low - size, high + (size if item.extra else 0)
    return low, high
