"""Typed trees that the plan makes itself, of names and of dates, moments and whole numbers. Knows no documents.

They stand at no characters of any text (0 to 0). Their operands may be missing; the result is missing then.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from cityrules.feel.kinds import literal_number
from cityrules.feel.tree import (
    Arithmetic,
    Call,
    Compare,
    Comparison,
    If,
    IsMissing,
    Literal_,
    Months,
    Operator,
    Property,
    Read,
    Tree,
    Working,
    WorkingCalendar,
)
from cityrules.feel.types import Date, DateTime, Duration, Flag, Null, Number, Type, as_optional
from cityrules.plan.model import Measure
from cityrules.plan.names import Measured, Now

MOST = Fraction(10**15)
NOTHING = Literal_(Null(), 0, 0, None)
NO = Literal_(Flag(), 0, 0, False)
YES = Literal_(Flag(), 0, 0, True)
AS_OF = Read(DateTime(), 0, 0, "as_of", Now())
DAY = Literal_(Duration("days"), 0, 0, dt.timedelta(days=1))
NO_TIME = Literal_(Duration("days"), 0, 0, dt.timedelta())
MONTH = Literal_(Duration("months"), 0, 0, Months(1))


def read(measure: Measure) -> Read:
    """The value of a measure at the same cell."""
    return Read(measure.type, 0, 0, measure.name, Measured(measure.type, measure.name, "cell"))


def there(tree: Tree) -> Tree:
    """A name where it is known not to be missing."""
    return Read(as_optional(tree.type, False), 0, 0, tree.name, tree.binding) if isinstance(tree, Read) else tree


def whole(value: int) -> Literal_:
    return Literal_(literal_number(Fraction(value)), 0, 0, value)


def _any(*trees: Tree) -> bool:
    return any(tree.type.optional for tree in trees)


def number(op: Operator, left: Tree, right: Tree) -> Tree:
    """Arithmetic of whole numbers, without a unit."""
    return Arithmetic(Number(0, -MOST, MOST, None, _any(left, right)), 0, 0, op, left, right)


def moved(start: Tree, op: Operator, by: Tree) -> Tree:
    """A date or moment later (`+`) or earlier (`-`) by a duration."""
    return Arithmetic(as_optional(start.type, _any(start, by)), 0, 0, op, start, by)


def times(count: Tree, span: Literal_) -> Tree:
    """A duration so many times."""
    return Arithmetic(as_optional(span.type, count.type.optional), 0, 0, "*", count, span)


def days_later(day: Tree, count: Tree) -> Tree:
    return moved(day, "+", times(count, DAY))


def day_before(day: Tree) -> Tree:
    return moved(day, "-", DAY)


def months_later(day: Tree, count: Tree) -> Tree:
    return moved(day, "+", times(count, MONTH))


def between(start: Tree, end: Tree) -> Tree:
    """The time from one moment to another."""
    return Arithmetic(Duration("days", _any(start, end)), 0, 0, "-", end, start)


def days_between(start: Tree, end: Tree) -> Tree:
    return Call(Number(0, -MOST, MOST, None, _any(start, end)), 0, 0, "days_between", (start, end))


def minutes_between(start: Tree, end: Tree) -> Tree:
    return Call(Number(0, -MOST, MOST, None, _any(start, end)), 0, 0, "minutes_between", (start, end))


def later_of(one: Tree, other: Tree) -> Tree:
    """The later of two dates or moments, the greater of two numbers, the longer of two durations."""
    type_: Type = one.type
    if isinstance(type_, Number):
        type_ = Number(0, -MOST, MOST)
    return Call(as_optional(type_, _any(one, other)), 0, 0, "max", (one, other))


def smaller_of(one: Tree, other: Tree) -> Tree:
    return Call(Number(0, -MOST, MOST, None, _any(one, other)), 0, 0, "min", (one, other))


def default(one: Tree, other: Tree) -> Tree:
    """The first where it is there, else the other."""
    if not one.type.optional:
        return one
    return Call(as_optional(one.type, other.type.optional), 0, 0, "default", (one, other))


def day_of(moment: Tree) -> Tree:
    return Call(Date(moment.type.optional), 0, 0, "date", (moment,))


def part(day: Tree, name: str) -> Tree:
    """A part of a date (`day`, `month`) or of a moment (`hour`, `minute`, `second`)."""
    return Property(Number(0, Fraction(0), Fraction(59), None, day.type.optional), 0, 0, day, name)


def full_steps(value: Tree, size: int) -> Tree:
    return Call(Number(0, -MOST, MOST, None, value.type.optional), 0, 0, "full_steps", (value, whole(size)))


def begun_steps(value: Tree, size: int) -> Tree:
    return Call(Number(0, -MOST, MOST, None, value.type.optional), 0, 0, "begun_steps", (value, whole(size)))


def counted(day: Tree, calendar: WorkingCalendar) -> Tree:
    """How many working days there were up to and including a day."""
    return Working(Number(0, -MOST, MOST, None, day.type.optional), 0, 0, "counted", day, calendar)


def nth(count: Tree, calendar: WorkingCalendar) -> Tree:
    """The working day at which the count comes to a number."""
    return Working(Date(count.type.optional), 0, 0, "nth", count, calendar)


def holds(op: Comparison, left: Tree, right: Tree) -> Tree:
    return Compare(Flag(_any(left, right)), 0, 0, op, left, right, False)


def choose(condition: Tree, then: Tree, otherwise: Tree) -> Tree:
    """One or the other; `NOTHING` makes the choice optional."""
    type_ = otherwise.type if isinstance(then.type, Null) else then.type
    return If(as_optional(type_, _any(then, otherwise)), 0, 0, condition, then, otherwise)


def unless_missing(trees: tuple[Tree, ...], result: Tree) -> Tree:
    """A result for which some names are known to be there; missing where one of them is."""
    for tree in trees:
        if tree.type.optional:
            result = choose(IsMissing(Flag(), 0, 0, tree, False), NOTHING, result)
    return result


def if_missing(tree: Tree, then: Tree, otherwise: Tree) -> Tree:
    """`then` where a name is missing; `otherwise` may rely on it."""
    return choose(IsMissing(Flag(), 0, 0, tree, False), then, otherwise) if tree.type.optional else otherwise
