"""Whether an expression leaves the calendar: dates beyond the years 1 to 9999 or beyond
those that a working calendar knows, spans beyond what dates can bear.

Lowered code says only "missing" there; this is the condition that tells the two apart. Knows no target language.
"""

from __future__ import annotations

from cityrules.calendar.working import Weekdays
from cityrules.feel.tree import (
    Arithmetic,
    Call,
    Compare,
    If,
    IsMissing,
    Literal_,
    Logic,
    Lookup,
    Negate,
    Not,
    Property,
    Read,
    Tree,
    Working,
)
from cityrules.feel.types import Date, DateTime, Duration
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import FALSE
from cityrules.plan.lower import lower_flag, missing


def overflow(tree: Tree) -> Code:
    """Whether evaluation meets a date or duration beyond its range; never missing, FALSE where it cannot happen.

    Parts that evaluation does not reach do not count: the branch not taken, what follows a decided `and` or `or`.
    """
    match tree:
        case Literal_() | Read():
            return FALSE
        case Logic():
            return _overflow_of_logic(tree)
        case If():
            found = overflow(tree.condition), overflow(tree.then), overflow(tree.otherwise)
            if found == (FALSE, FALSE, FALSE):
                return FALSE
            condition = lower_flag(tree.condition)
            then = coding.all_of((coding.holds(condition), found[1]))
            otherwise = coding.all_of((coding.holds(coding.negated(condition)), found[2]))
            return coding.any_of((found[0], then, otherwise))
        case Property():
            return overflow(tree.base)
        case Lookup():
            return overflow(tree.value)
        case Negate() | Not() | IsMissing():
            return overflow(tree.operand)
        case Compare():
            return coding.any_of((overflow(tree.left), overflow(tree.right)))
        case Call():
            return coding.any_of(overflow(argument) for argument in tree.arguments)
        case Working(ask="counted", calendar=Weekdays()):
            return overflow(tree.operand)  # It knows every day.
        case Working():
            unknown = coding.all_of((coding.negated(missing(tree.operand)), missing(tree)))
            return coding.any_of((overflow(tree.operand), unknown))
        case Arithmetic():
            parts = [overflow(tree.left), overflow(tree.right)]
            if isinstance(tree.type, (Date, DateTime, Duration)):
                operands = [missing(tree.left), missing(tree.right)]
                there = [coding.negated(operand) for operand in operands]
                parts.append(coding.all_of([*there, missing(tree)]))
            return coding.any_of(parts)


def _overflow_of_logic(tree: Logic) -> Code:
    found: list[Code] = []
    reached: list[Code] = []
    items = [overflow(item) for item in tree.items]
    for item, beyond in zip(tree.items, items, strict=True):
        if beyond != FALSE:
            found.append(coding.all_of([*reached, beyond]))
        if any(later != FALSE for later in items):
            flag = lower_flag(item)
            decided = flag if tree.op == "or" else coding.negated(flag)
            reached.append(coding.negated(coding.holds(decided)))
    return coding.any_of(found)
