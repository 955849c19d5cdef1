"""The readable reference interpreter of typed trees: exact numbers, None for what is missing, Kleene's logic.

Other engines are compared with it. It recurses; the checker keeps trees shallow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

from cityrules.feel import temporal
from cityrules.feel.functions import FUNCTIONS
from cityrules.feel.tree import (
    Arithmetic,
    Binding,
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
    Value,
    Working,
)
from cityrules.feel.walk import constant

Reader = Callable[[Binding], Value]


class EvaluationError(Exception):
    """No value by the fault of the data; an engine makes it a row of `problems`."""


class OutOfRange(EvaluationError):
    """A date would leave the years 1 to 9999 (or those that a working calendar knows), or a duration what dates can
    span."""


class ZeroDivisor(EvaluationError):
    """A divisor that the plan was to guard is zero."""


def evaluate(tree: Tree, read: Reader) -> Value:
    """The value of a tree, None where it is missing (or unknown, for a condition).

    `read` gives the value of a name: numbers as int or Fraction, durations of months as `Months`. Numbers come back as
    int where they are whole. An `If` with an unknown condition is missing; the checker admits one only where a
    condition to its left is then false or unknown as well. Raises `OutOfRange`, and `ZeroDivisor` where a guard
    named by the checker was not obeyed.
    """
    match tree:
        case Literal_(value=value):
            return _plain(value)
        case Read(binding=binding):
            return _plain(read(binding))
        case Logic():
            return _logic(tree, read)
        case If():
            condition = evaluate(tree.condition, read)
            return None if condition is None else evaluate(tree.then if condition else tree.otherwise, read)
        case IsMissing():
            return (evaluate(tree.operand, read) is None) is not tree.negated
        case Compare():
            return _compare(tree, evaluate(tree.left, read), evaluate(tree.right, read))
        case Arithmetic():
            return _arithmetic(tree, evaluate(tree.left, read), evaluate(tree.right, read))
        case Call():
            return _call(tree, [evaluate(argument, read) for argument in tree.arguments])
        case Lookup():
            return evaluate(tree.value, read)
        case Not():
            flag = evaluate(tree.operand, read)
            return None if flag is None else not flag
        case Negate():
            return _negate(evaluate(tree.operand, read))
        case Property():
            base = evaluate(tree.base, read)
            return None if base is None else temporal.part(base, tree.name)  # type: ignore[arg-type]
        case Working():
            return _working(tree, evaluate(tree.operand, read))


def constant_value(tree: Tree) -> Value:
    """The value of a tree that reads no name; None where it has none, and for a tree that reads one."""
    if not constant(tree):
        return None
    try:
        return evaluate(tree, _no_names)
    except EvaluationError:
        return None


def _no_names(_binding: Binding) -> Value:
    raise AssertionError("a constant reads no name")


def _plain(value: Value) -> Value:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def _logic(tree: Logic, read: Reader) -> bool | None:
    """From left to right up to the deciding item: what stands behind it may rely on it."""
    decides = tree.op == "or"
    unknown = False
    for item in tree.items:
        value = evaluate(item, read)
        if value is decides:
            return decides
        unknown = unknown or value is None
    return None if unknown else not decides


def _compare(tree: Compare, left: Value, right: Value) -> bool | None:
    if tree.op in ("=", "!=") and tree.null_safe:
        return (left == right) is (tree.op == "=")
    if left is None or right is None:
        return None
    if isinstance(left, Months) and isinstance(right, Months):
        left, right = left.count, right.count
    match tree.op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right  # type: ignore[operator]
        case "<=":
            return left <= right  # type: ignore[operator]
        case ">":
            return left > right  # type: ignore[operator]
        case ">=":
            return left >= right  # type: ignore[operator]


def _arithmetic(tree: Arithmetic, left: Value, right: Value) -> Value:
    if left is None or right is None:
        return None
    try:
        if isinstance(left, (int, Fraction)) and isinstance(right, (int, Fraction)):
            return _plain(_numbers(tree.op, left, right))
        return _times(tree.op, left, right)
    except OverflowError as error:
        raise OutOfRange(str(error)) from error


def _numbers(op: str, left: int | Fraction, right: int | Fraction) -> int | Fraction:
    match op:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
    if op == "/":
        if right == 0:
            raise ZeroDivisor("division by zero")
        return Fraction(left) / right
    if left == 0 and right < 0:
        raise ZeroDivisor("division by zero")
    power: Fraction = Fraction(left) ** int(right)
    return power


def _times(op: str, left: Value, right: Value) -> Value:
    """Arithmetic of dates, date-times and durations."""
    if op == "-" and isinstance(right, dt.date):
        return left - right  # type: ignore[operator]
    if op == "*":
        span, times = (right, left) if isinstance(left, (int, Fraction)) else (left, right)
        if isinstance(span, Months):
            return Months(span.count * int(times))  # type: ignore[arg-type]
        return span * int(times)  # type: ignore[operator, arg-type]
    if op == "-":
        right = _negate(right)
    if isinstance(left, dt.date):
        return temporal.add(left, right)  # type: ignore[arg-type]
    if isinstance(right, dt.date):
        return temporal.add(right, left)  # type: ignore[arg-type]
    if isinstance(left, Months) and isinstance(right, Months):
        return Months(left.count + right.count)
    return left + right  # type: ignore[operator]


def _working(tree: Working, value: Value) -> Value:
    if value is None:
        return None
    ask = tree.calendar.counted if tree.ask == "counted" else tree.calendar.nth
    found = ask(value)  # type: ignore[arg-type]
    if found is None:
        raise OutOfRange("a year that the working calendar does not know")
    return found


def _negate(value: Value) -> Value:
    if isinstance(value, Months):
        return Months(-value.count)
    return None if value is None else -value  # type: ignore[operator]


def _call(tree: Call, arguments: list[Value]) -> Value:
    function = FUNCTIONS[tree.function]
    if tree.function != "default" and any(argument is None for argument in arguments):
        return None
    if tree.function in ("full_steps", "begun_steps") and arguments[1] == 0:
        raise ZeroDivisor("a step of zero")
    value: Value = function.value(*arguments)
    return _plain(value)
