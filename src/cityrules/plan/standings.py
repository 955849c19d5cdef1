"""Ranks and runs: measures that compare a cell with other cells, made of drafts with their types and policies."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from cityrules.feel.check import ANY, CONDITION
from cityrules.feel.tree import Read
from cityrules.feel.types import Date, DateTime, Number
from cityrules.plan.common import MOST_CELLS, MOST_PLACES, common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import DIRECTIONS, Draft
from cityrules.plan.model import Expr, Rank, Run
from cityrules.plan.names import Attribute, Field, Identity, Measured
from cityrules.plan.parts import Part
from cityrules.plan.policies import ERROR, SKIP, VALUE, missing, stated
from cityrules.plan.views import WHOLE
from cityrules.scheme.document import RankBody, RunBody

RUN_WORDS: tuple[Literal["breaks", "holds", "counts"], ...] = ("breaks", "holds", "counts")


def build_rank(context: Context, draft: Draft, body: RankBody, under: Under) -> Rank | None:
    """A rank: what is compared, what decides between equals, the groups, what holds where the value is missing."""
    part = draft.parts.get("rank.0")
    checked = context.number(part, under=under, exact=True)
    among = groups(context, draft, body.among, under)
    tie_breaks = in_order(context, draft, "rank", body.rank, 1, under)
    if part is None or checked is None or among is None or tie_breaks is None:
        return None
    allowed = (ERROR, SKIP, VALUE)
    type_ = checked.tree.type
    names = missing_names(checked.tree)
    policy = missing(context, draft.path, body.missing, type_, type_.optional, names, allowed)
    if policy is not None and policy.policy == "value" and policy.value is None:
        context.reporter.refuse("CR472", (*draft.path, "missing"), found=body.missing, expected=", ".join(allowed))
    unplaced = policy is not None and policy.policy == "skip"
    place = with_unit(context, draft.path, body.unit, Number(0, Fraction(1), MOST_PLACES, None, unplaced))
    if body.round is not None:
        context.reporter.refuse("CR462", (*draft.path, "round"), found=body.round)
    return Rank(
        **common(context, draft, under, place),
        value=context.expr(part, checked),
        high=body.rank[0].startswith(DIRECTIONS[0]),
        among=among,
        ties=body.ties,
        missing=policy,
        tie_breaks=tie_breaks,
    )


def in_order(
    context: Context, draft: Draft, key: str, texts: Sequence[str], first: int, under: Under
) -> tuple[tuple[Expr, bool], ...] | None:
    """What decides between equal ones, from the `first` of the texts of a key on: numbers or days that are never
    missing, and whether the highest comes first."""
    parts = [draft.parts.get(f"{key}.{number}") for number in range(first, len(texts))]
    exprs = comparable(context, parts, key, under)
    if exprs is None:
        return None
    return tuple((expr, said.startswith(DIRECTIONS[0])) for expr, said in zip(exprs, texts[first:], strict=True))


def comparable(
    context: Context, parts: Sequence[Part | None], key: str, under: Under, *, scaled: bool = False
) -> tuple[Expr, ...] | None:
    """What an order goes by: numbers or days that are never missing; None after a complaint about any of them.
    `scaled`: numbers need a scale."""
    found: list[Expr] = []
    for part in parts:
        checked = context.check(part, ANY, under=under)
        if part is None or checked is None or (scaled and not context.scaled(part, checked.tree)):
            continue
        if not isinstance(checked.tree.type, (Number, Date, DateTime)):
            context.refuse("CR459", part, checked.tree, found=part.text, key=key)
        elif checked.tree.type.optional:
            context.refuse("CR478", part, checked.tree, key=key, names=missing_names(checked.tree))
        else:
            found.append(context.expr(part, checked))
    return tuple(found) if len(found) == len(parts) else None


def groups(
    context: Context, draft: Draft, among: Sequence[str], under: Under, *, measured: bool = False
) -> tuple[Expr, ...] | None:
    """Whose equal values make one group: kinds and attributes that every cell has; none for the whole field."""
    if tuple(among) == (WHOLE,):
        return ()
    found = []
    for key, part in draft.parts.items():
        if key.partition(".")[0] != "among":
            continue
        checked = context.check(part, ANY, under=under)
        if checked is None:
            continue
        tree = checked.tree
        binding = tree.binding if isinstance(tree, Read) else None
        if not (isinstance(binding, (Identity, Attribute, Field)) or (measured and _own(binding))):
            context.reporter.refuse("CR493", part.path, found=part.text)
        elif tree.type.optional:
            context.reporter.refuse("CR478", part.path, key="among", names=part.text)
        else:
            if isinstance(binding, Identity) and binding.kind == draft.grain.kind:
                context.reporter.warn("CR469", part.path, found=part.text, grain=draft.grain)
            found.append(context.expr(part, checked))
    return tuple(found) if len(found) == len(among) else None


def _own(binding: object) -> bool:
    """Whether a name is a measure as the cell has it now."""
    return isinstance(binding, Measured) and not binding.back and binding.through is None


def build_run(context: Context, draft: Draft, body: RunBody, under: Under) -> Run | None:
    """A run: the condition, and what it means where it is unknown."""
    part = draft.parts["run"]
    checked = context.check(part, CONDITION, under=under)
    if checked is None:
        return None
    periods, period = context.ground.periods, draft.grain.period
    if body.new_year == "breaks" and period is not None and periods.torn(period, "year"):
        context.reporter.refuse(context.ground.across(period), (*draft.path, "new_year"), found=period, longer="year")
        return None
    tree = checked.tree
    word = stated(context, draft.path, body.missing, tree.type.optional, missing_names(tree), RUN_WORDS)
    if body.round is not None:
        context.reporter.refuse("CR462", (*draft.path, "round"), found=body.round)
    return Run(
        **common(context, draft, under, with_unit(context, draft.path, body.unit, Number(0, Fraction(0), MOST_CELLS))),
        condition=context.expr(part, checked),
        missing=next((known for known in RUN_WORDS if known == word), None),
        new_year=body.new_year,
    )
