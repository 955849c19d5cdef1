"""Folds: many values made one, of drafts with their types and policies."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cityrules.feel.check import ANY, CONDITION, Checked
from cityrules.feel.types import Date, DateTime, Duration, Null, Number, Type, as_optional
from cityrules.plan.alike import alike, uncertain
from cityrules.plan.axes import most_elements
from cityrules.plan.common import common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafting import element
from cityrules.plan.drafts import Draft
from cityrules.plan.fields import ends
from cityrules.plan.followings import with_followed
from cityrules.plan.magnitudes import check_sum
from cityrules.plan.model import Axis, Fold, FoldOp, Missing, RecordAxis
from cityrules.plan.placement import is_a_day
from cityrules.plan.policies import ERROR, SKIP, VALUE, empty, missing, with_values
from cityrules.plan.quotients import stays_exact
from cityrules.plan.rounding import check_digits, choose_rounding, rounded
from cityrules.scheme.document import FoldBody
from cityrules.scheme.notation import Rounding

PERCENT = "%"


def build_fold(context: Context, draft: Draft, body: FoldBody, under: Under) -> Fold | None:
    """A fold: what it runs over, the value of an element, what holds where something is missing or nothing is there."""
    axis = draft.axes.get("")
    op = _op(body)
    where = context.check(draft.parts.get("where"), CONDITION, under=under)
    value = _value(context, draft, op, where, under)
    if axis is None or (op != "count" and value is None) or ("where" in draft.parts and where is None):
        return None
    path = draft.path
    if not is_a_day(context.reporter, path, axis, context.built):
        return None
    among = alike(context, draft, under)
    if among is None:
        return None
    # Whoever refers to nothing is counted nowhere, which nobody has to state.
    doubtful = uncertain(among) if body.via is None else ()
    policy = _missing(context, draft, body, op, where, value, doubtful)
    times = 100 if op == "portion" and body.unit == PERCENT else 1
    most = most_elements(axis, draft.grain, draft.window, context.ground.periods)
    of = _element_type(value, policy)
    result = _result(op, of, most, times)
    if op == "count" and where is None and not uncertain(among) and _counts_itself(axis, draft):
        result = Number(0, Fraction(1), Fraction(most))
    exact = stays_exact(body, context.ground.records)
    rounding = choose_rounding(context, path, body.round, result, op in ("mean", "portion"), exact=exact)
    # What reads a sum that is too large is not judged: its own bounds would be too large as well.
    if op in ("sum", "mean") and isinstance(of, Number) and not _fits(context, draft, op, of, most, rounding):
        return None
    if isinstance(result, Number):
        result = rounded(result, rounding, exact=exact)
    result = with_unit(context, path, body.unit, result)
    nothing = empty(context, path, body.empty, result, op not in ("count", "sum", "distinct"))
    if nothing is not None and not nothing.error:
        check_digits(context, (*path, "empty"), nothing.value, rounding)
        result = with_values(result, nothing.value)
    return Fold(
        **common(context, draft, under, result),
        op=op,
        axis=axis,
        value=context.expr(draft.parts[op], value) if value is not None else None,
        where=with_followed(
            axis, context.expr(draft.parts["where"], where) if where is not None else None, ".".join(path)
        ),
        window=draft.window,
        missing=policy,
        empty=nothing,
        round=rounding,
        times=times,
        round_default=rounding is not None and body.round is None,
        among=among,
    )


def _counts_itself(axis: Axis, draft: Draft) -> bool:
    """Whether a single record looks back at its own kind, and so is always one of those that it counts."""
    return isinstance(axis, RecordAxis) and axis.record == draft.grain.kind and axis.placed is None


def _op(body: FoldBody) -> FoldOp:
    word = element(body)[0]
    ops: tuple[FoldOp, ...] = ("sum", "mean", "min", "max", "first", "last", "distinct", "portion")
    return next((op for op in ops if op == word), "count")


def _value(context: Context, draft: Draft, op: FoldOp, where: Checked | None, under: Under) -> Checked | None:
    """The value of an element. What a true `where` proves to be there is there."""
    part = draft.parts.get(op)
    if part is None or op == "count":
        return None
    present = where.proves if where is not None else frozenset()
    if op == "portion":
        return context.check(part, CONDITION, under=under, present=present)
    if op in ("sum", "mean"):
        return context.number(part, under=under, present=present)
    checked = context.check(part, ANY, under=under, present=present)
    if checked is None:
        return None
    any_kind = op in ("first", "last", "distinct") and not isinstance(checked.tree.type, (Null, Duration))
    if not any_kind and not isinstance(checked.tree.type, (Number, Date, DateTime)):
        context.refuse("CR459", part, checked.tree, found=part.text, key=op)
        return None
    return checked if context.scaled(part, checked.tree) else None


def _missing(
    context: Context,
    draft: Draft,
    body: FoldBody,
    op: FoldOp,
    where: Checked | None,
    value: Checked | None,
    likeness: tuple[str, ...],
) -> Missing | None:
    """The policy for a missing value, an unknown `where` and names in which records agree (`likeness`) that can be
    missing; a value can stand in for the first only."""
    trees = [checked.tree for checked in (where, value) if checked is not None]
    doubtful = (where is not None and where.tree.type.optional) or bool(likeness)
    can_be = any(tree.type.optional for tree in trees) or doubtful
    allowed = (ERROR, SKIP) if op == "count" or doubtful else (ERROR, SKIP, VALUE)
    type_ = value.tree.type if value is not None else Number()
    names = ", ".join(name for name in (missing_names(*trees), *likeness) if name != "-") or "-"
    policy = missing(context, draft.path, body.missing, type_, can_be, names, allowed)
    if policy is not None and policy.policy == "value" and policy.value is None:
        context.reporter.refuse("CR472", (*draft.path, "missing"), found=body.missing, expected=", ".join(allowed))
    return policy


def _element_type(value: Checked | None, policy: Missing | None) -> Type | None:
    """What an element that counts can be."""
    if value is None:
        return None
    type_ = as_optional(value.tree.type, False)
    if policy is not None and policy.policy == "value" and policy.value is not None:
        return with_values(type_, policy.value)
    return type_


def _fits(context: Context, draft: Draft, op: FoldOp, of: Number, most: int, rounding: Rounding | None) -> bool:
    """Whether the sum fits, one that is rounded at the digits of its rounding too; complains where it does not."""
    part = draft.parts[op]
    low, high = ends(of)
    digits = (of.scale or 0) + (rounding.digits if rounding is not None else 0)
    return check_sum(context.reporter, part.path, part.text, low * most, high * most, digits)


def _result(op: FoldOp, of: Type | None, most: int, times: int) -> Type:
    """The type of the exact result over at most so many elements, before rounding."""
    zero = Fraction(0)
    if op in ("count", "distinct") or of is None:
        return Number(0, zero, Fraction(most))
    if op == "portion":
        return Number(None, zero, Fraction(times), PERCENT if times == 100 else None)
    if not isinstance(of, Number):
        return of
    if op == "sum":
        low, high = ends(of)
        return replace(of, low=min(zero, low * most), high=max(zero, high * most))
    return replace(of, scale=None) if op == "mean" else of
