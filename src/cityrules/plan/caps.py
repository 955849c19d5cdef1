"""Caps of a ledger: what bounds which rules, told apart by what, in which order. Knows rules and what they come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.feel.check import ANY
from cityrules.feel.tree import Read
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes
from cityrules.plan.axes import meets
from cityrules.plan.compose import constant
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import CapDraft, Draft
from cityrules.plan.fields import ends
from cityrules.plan.model import Cap, Expr, Rule
from cityrules.plan.names import Counted, Dial, Identity, PeriodPart
from cityrules.plan.shared import may_share, ordering, wider_grain
from cityrules.scheme.notation import NotationError, parse_numeral

DIRECTIONS: Final[Mapping[str, int]] = {"add": 1, "deduct": -1}


@dataclass(frozen=True, slots=True)
class Reach:
    """What the lines of some rules can come to in one cell: digits after the point, least and greatest sum."""

    scale: int
    low: Fraction
    high: Fraction


class Reaches:
    """What the rules of a ledger can come to as its caps are laid on one after the other: together where they have a
    cap in common, else each on its own."""

    def __init__(self, found: Mapping[str, Reach]) -> None:
        self._of: dict[frozenset[str], Reach] = {frozenset([name]): reach for name, reach in found.items()}

    def all(self) -> list[Reach]:
        return list(self._of.values())

    def cap(self, rules: Sequence[str], at: Number, *, whole: bool) -> None:
        """Lay a cap on some rules; `whole`: on their sum in the cell, not on parts of it."""
        within = [names for names in self._of if names & set(rules)]
        digits = at.scale or 0
        for names in within:
            reach = self._of[names]
            self._of[names] = Reach(max(reach.scale, digits), reach.low, reach.high)
        if not whole or at.high is None or not all(names <= set(rules) for names in within):
            return
        # Cut line by line, so that a sum on the way never lies beyond the bound.
        size = max(at.high, Fraction(0))
        parts = [self._of.pop(names) for names in within]
        low, high = sum(part.low for part in parts), sum(part.high for part in parts)
        scale = max((part.scale for part in parts), default=digits)
        self._of[frozenset().union(*within)] = Reach(scale, max(Fraction(low), -size), min(Fraction(high), size))

    def counted(self, rules: Sequence[str], sign: int, unit: str | None) -> Counted:
        """What rules have counted so far, in their own direction."""
        parts = [reach for names, reach in self._of.items() if names & set(rules)]
        low, high = Fraction(sum(part.low for part in parts)), Fraction(sum(part.high for part in parts))
        if sign < 0:
            low, high = -high, -low
        return Counted(Number(max(part.scale for part in parts), low, high, unit), tuple(rules))


def build_caps(
    context: Context, draft: Draft, rules: Mapping[str, Rule], reaches: Reaches, unit: str | None, under: Under
) -> tuple[Cap, ...]:
    """The caps of a ledger in the order in which they hold, laid on `reaches`."""
    parts = {written: found for written, found in draft.rules.items() if all(name in rules for name in found)}
    found: list[Cap] = []
    read: dict[str, str] = {}
    # What several cells share is laid on what single cells have left.
    for one in sorted(draft.caps, key=lambda cap: cap.shared is not None):
        names = _rules(context, draft, one, parts, rules)
        for name in names:
            if name in read:
                context.reporter.refuse("CR852", one.path, name=read[name], rule=name, other=one.name)
        counted = {
            written: reaches.counted(own, rules[own[0]].sign, unit) for written, own in parts.items()
        }  # fmt: skip
        at = _at(context, draft, one, unit, under, counted)
        per = _per(context, draft, one, names, under)
        if not names or at is None or per is None:
            continue
        shared = None
        if one.shared is not None:
            shared = wider_grain(context, draft, one)
            if shared is None or not may_share(context, draft, one, shared, at, [rules[name] for name in names], per):
                continue
        for node in nodes(at.tree):
            if isinstance(node, Read) and isinstance(node.binding, Counted):
                read |= dict.fromkeys(node.binding.rules, one.name)
        assert isinstance(at.type, Number)
        reaches.cap(names, at.type, whole=not one.per or shared is not None)
        clause = context.clause(one.clause, draft.body.clause)
        path = ".".join(one.path)
        found.append(Cap(one.name, at, names, per, clause, one.label, path, shared, one.high, one.short))
    return tuple(found)


def _rules(
    context: Context, draft: Draft, one: CapDraft, parts: Mapping[str, tuple[str, ...]], rules: Mapping[str, Rule]
) -> tuple[str, ...]:
    """The rules that a cap is about, in order of the document. What is wrong with a rule itself has been said."""
    found: set[str] = set()
    for number, word in enumerate(one.of):
        sign = DIRECTIONS.get(word)
        meant = [written for written in draft.rules if sign is not None or f"{written}.".startswith(f"{word}.")]
        wrong = any(written not in parts for written in meant)
        below = {name for written in meant if not wrong for name in parts[written] if sign in (None, rules[name].sign)}
        found |= below
        if not below and not wrong:
            path = (*one.path, "of")
            path = path if context.reporter.loaded.locate(path) is not None else (*path, str(number))
            context.reporter.refuse_name("CR850", path, word, [*parts, *DIRECTIONS])
    return tuple(name for name in rules if name in found)


def _at(
    context: Context, draft: Draft, one: CapDraft, unit: str | None, under: Under, counted: Mapping[str, Counted]
) -> Expr | None:
    """The bound: a numeral, with or without the unit of the ledger, or an expression that is never missing."""
    try:
        numeral = parse_numeral(one.at)
    except NotationError:
        return _computed(context, draft, one, unit, under, counted)
    if numeral.unit is not None and numeral.unit != unit:
        context.reporter.refuse("CR464", one.at_path, found=numeral.unit, other=unit or "-")
    if numeral.value < 0:
        context.reporter.refuse("CR489", one.at_path, found=numeral)
    return constant(numeral.value, unit, one.at, ".".join(one.at_path))


def _computed(
    context: Context, draft: Draft, one: CapDraft, unit: str | None, under: Under, counted: Mapping[str, Counted]
) -> Expr | None:
    part = draft.parts.get(f"caps.{one.name}.at")
    checked = context.number(part, under=under, counted=counted)
    if part is None or checked is None:
        return None
    type_ = checked.tree.type
    assert isinstance(type_, Number)
    if type_.optional:
        names = missing_names(checked.tree)
        context.refuse("CR851", part, checked.tree, names=names, name=names.split(", ")[0])
        return None
    if type_.unit is not None and type_.unit != unit:
        context.refuse("CR464", part, checked.tree, found=type_.unit, other=unit or "-")
    if ends(type_)[1] < 0:
        context.refuse("CR489", part, checked.tree, found=part.text)
    return context.expr(part, checked)


def _per(
    context: Context, draft: Draft, one: CapDraft, rules: Sequence[str], under: Under
) -> Mapping[str, tuple[Expr, ...]] | None:
    """What a cap tells apart among the elements of each of its rules; None where something is wrong with it."""
    if not one.per:
        return {}
    if one.shared is not None:
        return ordering(context, draft, one, rules, under)
    path = (*one.path, "per")
    axes = [draft.axes.get(rule) for rule in rules]
    if None in axes or len({meets(axis) for axis in axes}) > 1:
        context.reporter.refuse("CR853", path, name=one.name)
        return None
    found: dict[str, tuple[Expr, ...]] = {}
    for rule in rules:
        exprs = tuple(_keys(context, draft, one, rule, under))
        if len(exprs) < len(one.per):
            return None
        found[rule] = exprs
    return found


def _keys(context: Context, draft: Draft, one: CapDraft, rule: str, under: Under) -> Iterator[Expr]:
    for number in range(len(one.per)):
        part = draft.parts.get(f"caps.{one.name}.per.{rule}.{number}")
        checked = context.check(part, ANY, under=under)
        if part is None or checked is None:
            continue
        path, binding = (*one.path, "per"), getattr(checked.tree, "binding", None)
        if _wider(context, draft, binding):
            context.reporter.refuse("CR858", path, found=part.text, name=one.name, grain=draft.grain)
        elif getattr(binding, "side", "cell") != "element" or isinstance(binding, Dial):
            context.reporter.refuse("CR854", path, found=part.text, name=one.name)
        else:
            yield context.expr(part, checked)


def _wider(context: Context, draft: Draft, binding: object) -> bool:
    """Whether all movements of a cell have the same of a name because the cell itself belongs to it."""
    if isinstance(binding, PeriodPart):
        return context.ground.within(draft.grain.period, binding.period)
    kind = context.ground.kinds.get(draft.grain.kind)
    return (
        isinstance(binding, Identity)
        and binding.by is None
        and kind is not None
        and binding.kind in (kind.name, *kind.ancestors)
    )
