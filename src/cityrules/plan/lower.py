"""From typed trees to code over whole numbers: what generated Python and SQL compute. Knows no target language.

Divisions stay fractions until the one rounding at the end. The meaning is that of `feel.evaluate`, node by node, with
two differences in form: a date or duration beyond its range is missing here, and `plan.overflow` says that it happened;
a divisor of zero makes the quotient missing, and the guards of the expression (`is_zero`) say that it happened.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import partial

from cityrules.feel.tree import (
    Arithmetic,
    Call,
    Compare,
    If,
    IsMissing,
    Literal_,
    Logic,
    Lookup,
    Months,
    Negate,
    Not,
    Property,
    Read,
    Tree,
    Working,
)
from cityrules.feel.types import Date, DateTime, Duration, Null, Number, Type
from cityrules.plan import clock, coding, rational, working
from cityrules.plan.code import Code, Sort
from cityrules.plan.coding import TRUE, TooLargeError
from cityrules.plan.model import Missing
from cityrules.plan.rational import Rational
from cityrules.scheme.notation import Rounding, RoundingMode


def lower(tree: Tree) -> Code:
    """The value of an expression: a number in units of 10^-scale of its static type, which must have a scale.

    Raises TooLargeError with the offsets of the part that grows too large.
    """
    if isinstance(tree.type, Number):
        if tree.type.scale is None:
            raise ValueError("a quotient needs a rounding")
        return at_scale(lower_number(tree), tree.type.scale)
    return _value(tree, coding.sort_of(tree.type))


def lower_number(tree: Tree) -> Rational:
    """A number as an exact fraction. Raises TooLargeError."""
    try:
        return _number(tree)
    except TooLargeError as error:
        raise error if error.start >= 0 else TooLargeError(tree.start, tree.end) from None


def lower_rounded(tree: Tree, rounding: Rounding) -> Code:
    """A number rounded once, in units of 10^-digits of the rounding. Raises TooLargeError."""
    value = lower_number(tree)
    try:
        return rational.rounded(value, rounding.digits, rounding.mode)
    except TooLargeError:
        raise TooLargeError(tree.start, tree.end) from None


def at_scale(value: Rational, scale: int) -> Code:
    """A fraction that is known to be whole in units of 10^-scale, in these units."""
    if value.whole and value.scale <= scale:
        return rational.scaled_to(value, scale)
    return rational.rounded(value, scale, "half up")


def with_stand_in(value: Rational, stated: Missing | None) -> Rational:
    """A fraction, or the number that is stated for a missing one. Raises TooLargeError."""
    instead = stated.value if stated is not None and stated.policy == "value" else None
    if isinstance(instead, bool) or not isinstance(instead, (int, Fraction)):
        return value
    return rational.or_else(value, rational.exact(instead))


def is_zero(guard: Tree) -> Code:
    """Whether a guarded divisor is zero; missing where it is missing."""
    return rational.related("=", lower_number(guard), rational.exact(0))


def missing(tree: Tree) -> Code:
    """Whether the value is missing; never itself missing."""
    if isinstance(tree.type, Null):
        return TRUE
    if isinstance(tree.type, Number):
        return rational.missing(lower_number(tree))
    return coding.is_null(_value(tree, coding.sort_of(tree.type)))


# ------------------------------------------------------------------------------------------------ numbers


def _number(tree: Tree) -> Rational:
    match tree:
        case Literal_(value=value):
            if value is not None and (isinstance(value, (bool, str, dt.date, dt.timedelta, Months))):
                raise TypeError(f"no number: {value!r}")
            return rational.exact(value)
        case Read(binding=binding):
            type_ = binding.type
            if not isinstance(type_, Number) or type_.scale is None:
                raise TypeError(f"no number with a scale: {tree.name}")
            return Rational(coding.slot(binding), rational.ONE, type_.scale)
        case Negate(operand=operand):
            return rational.opposite(lower_number(operand))
        case Arithmetic():
            return _arithmetic(tree)
        case If():
            return rational.chosen(_flag(tree.condition), lower_number(tree.then), lower_number(tree.otherwise))
        case Property():
            return Rational(clock.part(_value(tree.base, "int"), tree.base.type, tree.name), rational.ONE, 0)
        case Call():
            return _call(tree)
        case Lookup(value=value):
            return lower_number(value)
        case Working():
            return Rational(working.counted(_value(tree.operand, "int"), tree.calendar), rational.ONE, 0)
        case _:
            raise TypeError(f"no number: {type(tree).__name__}")


def _arithmetic(tree: Arithmetic) -> Rational:
    left = lower_number(tree.left)
    match tree.op:
        case "**":
            if not isinstance(tree.right, (Literal_, Negate)):
                raise TypeError("an exponent is a literal")
            return rational.power(left, _exponent(tree.right))
        case "+":
            return rational.plus(left, lower_number(tree.right))
        case "-":
            return rational.minus(left, lower_number(tree.right))
        case "*":
            return rational.times(left, lower_number(tree.right))
        case "/":
            return rational.over(left, lower_number(tree.right))


def _exponent(tree: Tree) -> int:
    match tree:
        case Negate(operand=operand):
            return -_exponent(operand)
        case Literal_(value=value) if isinstance(value, int) or getattr(value, "denominator", 0) == 1:
            return int(value)  # type: ignore[arg-type]
        case _:
            raise TypeError("an exponent is a whole literal")


def _call(tree: Call) -> Rational:
    arguments = tree.arguments
    match tree.function:
        case "min" | "max":
            return rational.extreme([lower_number(a) for a in arguments], most=tree.function == "max")
        case "abs":
            return rational.magnitude(lower_number(arguments[0]))
        case "default":
            return rational.or_else(lower_number(arguments[0]), lower_number(arguments[1]))
        case "full_steps" | "begun_steps":
            mode: RoundingMode = "floor" if tree.function == "full_steps" else "ceiling"
            count = rational.steps(lower_number(arguments[0]), lower_number(arguments[1]), mode)
            return Rational(count, rational.ONE, 0)
        case "count_true":
            ones = (coding.choose(_flag(a), coding.number(1), coding.number(0)) for a in arguments)
            return Rational(coding.add(*ones), rational.ONE, 0)
        case "days_between":
            start, end = (_value(a, "int") for a in arguments)
            return Rational(coding.sub(end, start), rational.ONE, 0)
        case "minutes_between":
            start, end = (_value(a, "int") for a in arguments)
            minutes = coding.div(coding.sub(end, start), coding.number(60), "floor")
            return Rational(minutes, rational.ONE, 0)
        case _:
            raise TypeError(f"no number: {tree.function}")


# ------------------------------------------------------------------------------------------------ other values


def _value(tree: Tree, sort: Sort) -> Code:
    """A text, flag, date, date-time or duration."""
    try:
        return _other(tree, sort)
    except TooLargeError as error:
        raise error if error.start >= 0 else TooLargeError(tree.start, tree.end) from None


_flag = partial(_value, sort="bool")


def lower_flag(tree: Tree) -> Code:
    """A condition. Raises TooLargeError."""
    return _flag(tree)


def _other(tree: Tree, sort: Sort) -> Code:
    match tree:
        case Literal_():
            return _literal(tree, sort)
        case Read(binding=binding):
            return coding.slot(binding)
        case Logic():
            return (coding.all_of if tree.op == "and" else coding.any_of)(_flag(item) for item in tree.items)
        case Not(operand=operand):
            return coding.negated(_flag(operand))
        case IsMissing():
            found = missing(tree.operand)
            return coding.negated(found) if tree.negated else found
        case Compare():
            return _comparison(tree)
        case If():
            return coding.choose(_flag(tree.condition), _value(tree.then, sort), _value(tree.otherwise, sort))
        case Negate(operand=operand):
            return coding.neg(_value(operand, "int"))
        case Arithmetic():
            return _time(tree)
        case Call():
            return _other_call(tree, sort)
        case Lookup(value=value):
            return _value(value, sort)
        case Property():
            return clock.part(_value(tree.base, "int"), tree.base.type, tree.name)
        case Working():
            return working.nth(at_scale(lower_number(tree.operand), 0), tree.calendar)


def _time(tree: Arithmetic) -> Code:
    """Dates, date-times and durations with each other."""
    left, right = tree.left, tree.right
    if tree.op == "*":
        span, times = (right, left) if isinstance(left.type, Number) else (left, right)
        return clock.repeated(_value(span, "int"), at_scale(lower_number(times), 0), tree.type)
    if isinstance(right.type, (Date, DateTime)) and isinstance(left.type, Duration):
        left, right = right, left
    one, two = _value(left, "int"), _value(right, "int")
    if tree.op == "-":
        two = coding.neg(two)
    if isinstance(tree.type, Duration):
        return clock.sum_of_spans(one, two, left.type, tree.type)
    return clock.later(one, two, tree.type, right.type)


def _literal(tree: Literal_, sort: Sort) -> Code:
    match tree.value:
        case None:
            return coding.null(sort)
        case bool(value):
            return coding.truth(value)
        case str(value):
            return coding.text(value)
        case dt.date() | dt.timedelta() | Months() as value:
            return coding.number(clock.counted(value))
        case _:
            raise TypeError("a number where another value is expected")


def _comparison(tree: Compare) -> Code:
    types = (tree.left.type, tree.right.type)
    kind: Type = types[1] if isinstance(types[0], Null) else types[0]
    null_safe = tree.null_safe and tree.op in ("=", "!=")
    if isinstance(kind, Number):
        one, two = lower_number(tree.left), lower_number(tree.right)
        equal = rational.equal(one, two) if null_safe else None
        plain = None if null_safe else rational.related(tree.op, one, two)
    else:
        sort = coding.sort_of(kind)
        left, right = _value(tree.left, sort), _value(tree.right, sort)
        equal = coding.same(left, right) if null_safe else None
        plain = None if null_safe else coding.compare(tree.op, left, right)
    if equal is not None:
        return equal if tree.op == "=" else coding.negated(equal)
    assert plain is not None
    return plain


def _other_call(tree: Call, sort: Sort) -> Code:
    arguments = tree.arguments
    match tree.function:
        case "default":
            return coding.coalesce(_value(arguments[0], sort), _value(arguments[1], sort))
        case "not":
            return coding.negated(_flag(arguments[0]))
        case "min":
            return coding.least([_value(a, "int") for a in arguments])
        case "max":
            return coding.greatest([_value(a, "int") for a in arguments])
        case "abs":
            return coding.absolute(_value(arguments[0], "int"))
        case "date":
            return clock.day_of(_value(arguments[0], "int"))
        case _:
            raise TypeError(f"unknown function {tree.function}")
