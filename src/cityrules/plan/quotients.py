"""`round: exact`: a measure that stays a fraction is two measures, its numerator and its denominator.

No engine divides: what reads the quotient reads the two (`plan.scope`), so that it is divided once, by whoever rounds,
and never by what only compares. Both halves are missing, or undetermined, where the quotient is.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from fractions import Fraction

from cityrules.feel.facts import shape
from cityrules.feel.tree import Arithmetic, Call, If, Literal_, Negate, Tree, Value
from cityrules.feel.types import Flag, Number, Type, as_optional
from cityrules.plan.axes import most_elements
from cityrules.plan.bounds import fits
from cityrules.plan.context import Context
from cityrules.plan.drafts import Draft
from cityrules.plan.fields import ends
from cityrules.plan.model import Empty, Expr, Fold, Formula, Measure, Missing, Plan, Quotient
from cityrules.plan.names import Measured
from cityrules.plan.policies import after, with_values
from cityrules.plan.scope import quotient_tree
from cityrules.plan.trees import Unfit, chosen, combined, compared, is_missing, nothing, number
from cityrules.plan.views import halves_of
from cityrules.scheme.document import FormulaBody, MeanBody, MeasureBody, PortionBody, WeightedBody
from cityrules.scheme.notation import EXACT

FORMS = (MeanBody, PortionBody, WeightedBody, FormulaBody)
"""The forms whose value can be written as one division."""

ONE = Fraction(1)


def stays_exact(body: MeasureBody, records: Container[str]) -> bool:
    """Whether a measure is carried as a fraction: of a form and at a grain that allow it, without overrides."""
    allowed = isinstance(body, FORMS) and body.overrides is None and body.for_.kind not in records
    return allowed and body.round == EXACT


def halved(context: Context, draft: Draft, whole: Fold | Formula) -> list[Measure]:
    """The numerator, the denominator and the quotient of a measure that is built and not rounded; none after a
    complaint."""
    if isinstance(whole.type, Number) and whole.type.scale is not None:
        return []  # It does not divide, which was said.
    found = _of_fold(context, draft, whole) if isinstance(whole, Fold) else _of_formula(context, draft, whole)
    if found is None:
        return []
    numerator, denominator = found
    text = "" if whole.value is None else whole.value.text
    span = None if whole.value is None else whole.value.span
    base = {name: getattr(whole, name) for name in ("grain", "of_record", "path", "applies", "clause", "label")}
    type_ = whole.type
    quotient = Quotient(
        name=whole.name, type=type_, value=Expr(text, whole.path, nothing()), missing=None, empty=None, round=None,
        round_default=False, numerator=numerator.name, denominator=denominator.name, **base,
    )  # fmt: skip
    halves: dict[str, Measure] = {half.name: half for half in found}
    tree = quotient_tree(Measured(type_, whole.name, "cell"), quotient, halves)
    return [numerator, denominator, replace(quotient, value=Expr(text, whole.path, tree, (), span))]


def halves_of_value(plan: Plan, whole: Quotient, value: Value) -> tuple[Value, Value] | None:
    """A value of a measure that stays a fraction as its halves can have it: the number by one, or, where that has too
    many digits, in lowest terms; None where they cannot."""
    ways: list[tuple[Value, Value]] = [(None, None), (None, 1), (1, None)]
    if isinstance(value, (int, Fraction)):
        ways = [(value, 1), (value.numerator, value.denominator)]
    types = [plan.measures[name].type for name in (whole.numerator, whole.denominator)]
    return next((way for way in ways if all(fits(*one) for one in zip(types, way, strict=True))), None)


def _of_fold(context: Context, draft: Draft, fold: Fold) -> tuple[Measure, Measure]:
    """The sum of a mean, or the hits of a portion, and the number of elements that count."""
    assert fold.value is not None
    value, policy, empty = fold.value.tree, fold.missing, fold.empty
    # What is counted is read as what is added up is: whoever has no cell of it is passed over in both.
    counted = chosen(is_missing(value), nothing(), number(1))
    added = value
    if isinstance(value.type, Flag):
        added = chosen(value, number(fold.times), number(0))
        if policy is not None and policy.policy == "value":
            policy = Missing("value", Fraction(fold.times if policy.value else 0))
    of = as_optional(added.type, False)
    of = of if policy is None else with_values(of, policy.value) if policy.policy == "value" else of
    assert isinstance(of, Number)
    most = most_elements(fold.axis, draft.grain, fold.window, context.ground.periods)
    low, high = ends(of)
    unit = fold.type.unit if isinstance(fold.type, Number) else None
    total: Type = replace(of, low=min(Fraction(0), low * most), high=max(Fraction(0), high * most), unit=unit)
    count: Type = Number(0, ONE, Fraction(most))
    if empty is not None and not empty.error:
        total = with_values(total, empty.value)
        count = as_optional(count, empty.value is None)
    name, other = halves_of(fold.name)
    numerator = replace(
        fold, name=name, op="sum", type=total, value=replace(fold.value, tree=added), missing=policy, times=1,
        of_quotient=fold.op,
    )  # fmt: skip
    denominator = replace(
        fold, name=other, op="sum", type=count, value=replace(fold.value, tree=counted), missing=_one(policy),
        empty=_by_one(empty), times=1,
    )  # fmt: skip
    return numerator, denominator


def _of_formula(context: Context, draft: Draft, formula: Formula) -> tuple[Measure, Measure] | None:
    """What is divided, and what it is divided by; None after a complaint."""
    try:
        found = _halves(formula.value.tree)
        if found is None:
            context.reporter.refuse("CR975", (*draft.path, "round"), found=formula.value.text)
            return None
        top, bottom = found
        if formula.missing is not None:
            kept = top
            top = chosen(is_missing(bottom), nothing(), top) if bottom.type.optional else top
            bottom = chosen(is_missing(kept), nothing(), bottom) if kept.type.optional else bottom
    except Unfit:
        context.reporter.refuse("CR975", (*draft.path, "round"), found=formula.value.text)
        return None
    assert isinstance(bottom.type, Number)
    policy, empty = formula.missing, formula.empty
    least = Fraction(1, 10 ** (bottom.type.scale or 0))
    positive = replace(bottom.type, low=max(least, bottom.type.low or least))
    name, other = halves_of(formula.name)
    numerator = replace(
        formula, name=name, type=after(top.type, policy, empty) if policy else _or(top.type, empty),
        value=replace(formula.value, tree=top),
    )  # fmt: skip
    kept_policy, kept_empty = _one(policy), _by_one(empty)
    denominator = Formula(
        name=other, grain=formula.grain, of_record=False, path=formula.path, applies=formula.applies,
        type=after(positive, kept_policy, kept_empty) if policy else _or(positive, kept_empty),
        clause=formula.clause, label=formula.label, value=replace(formula.value, tree=bottom), missing=kept_policy,
        empty=kept_empty, round=None, round_default=False,
    )  # fmt: skip
    return numerator, denominator


def _or(type_: Type, empty: Empty | None) -> Type:
    """The type of a value that can also be what is stated for nothing."""
    return type_ if empty is None or empty.error else with_values(type_, empty.value)


def _one(policy: Missing | None) -> Missing | None:
    """What stands below a value that stands in."""
    return Missing("value", ONE) if policy is not None and policy.value is not None else policy


def _by_one(empty: Empty | None) -> Empty | None:
    return Empty(ONE) if empty is not None and empty.value is not None else empty


def _halves(tree: Tree) -> tuple[Tree, Tree] | None:
    """A tree as one division of numbers with a scale, None where it is none. Raises Unfit."""
    found = _parted(tree)
    return None if found is None else (found[0], found[1] or number(1))


def _parted(tree: Tree) -> tuple[Tree, Tree | None] | None:
    """The numerator and, where it divides, the denominator, which is positive or guarded."""
    if not isinstance(tree.type, Number):
        return None
    if tree.type.scale is not None:
        return tree, None
    if isinstance(tree, Negate):
        found = _parted(tree.operand)
        return None if found is None else (_negative(found[0]), found[1])
    if isinstance(tree, If):
        return _either(tree.condition, tree.then, tree.otherwise)
    if isinstance(tree, Call) and tree.function == "default":
        value, instead = tree.arguments
        return _either(is_missing(value), instead, value)
    if not isinstance(tree, Arithmetic) or tree.op == "**":
        return None
    left, right = _parted(tree.left), _parted(tree.right)
    if left is None or right is None:
        return None
    (top, by), (other, other_by) = left, right
    match tree.op:
        case "*":
            return combined("*", top, other), _product(by, other_by)
        case "/":
            assert isinstance(other.type, Number)
            low, high = other.type.low, other.type.high
            top, by = _product(top, other_by) or top, _product(by, other)
            assert by is not None
            if high is not None and high < 0:
                return _negative(top), _negative(by)
            if low is None or low < 0:
                # Not zero, but of either sign as far as its type says.
                below = compared("<", other, number(0, other.type.unit))
                return chosen(below, _negative(top), top), chosen(below, _negative(by), by)
            return top, by
        case "+" | "-":
            if by is not None and other_by is not None and shape(by) == shape(other_by):
                return combined(tree.op, top, other), by
            one, two = _product(top, other_by) or top, _product(other, by) or other
            return combined(tree.op, one, two), _product(by, other_by)
    return None


def _either(condition: Tree, then: Tree, otherwise: Tree) -> tuple[Tree, Tree | None] | None:
    """One of two, above and below."""
    first, second = _parted(then), _parted(otherwise)
    if first is None or second is None:
        return None
    (top, by), (other, other_by) = first, second
    unit = next((one.type.unit for one in (by, other_by) if one is not None and isinstance(one.type, Number)), None)
    below = (one or number(1, unit) for one in (by, other_by))
    return chosen(condition, top, other), chosen(condition, next(below), next(below))


def _product(one: Tree | None, other: Tree | None) -> Tree | None:
    """The product, None standing for one."""
    if one is None or other is None:
        return one or other
    return combined("*", one, other)


def _negative(tree: Tree) -> Tree:
    assert isinstance(tree.type, Number)
    if isinstance(tree, Literal_):
        assert isinstance(tree.value, (int, Fraction))
        return number(-tree.value, tree.type.unit)
    low, high = tree.type.low, tree.type.high
    type_ = replace(tree.type, low=None if high is None else -high, high=None if low is None else -low)
    return Negate(type_, tree.start, tree.end, tree)
