"""The functions of values: for each its arity, its typing and its evaluation, as one table.

`default` and the forms that read a literal text are typed here too but need the checker's or the evaluator's help:
`default` alone is called with missing arguments.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cityrules.feel.interval import Interval
from cityrules.feel.kinds import Refusal, common_unit, number, refusal, same_kind, term, widest
from cityrules.feel.tree import Months, Tree
from cityrules.feel.types import Date, DateTime, Duration, Flag, Null, Number, Type
from cityrules.feel.walk import constant

# No two dates of the years 1 to 9999 lie farther apart.
_FARTHEST_DAYS = 3_652_058

Typing = Callable[[tuple[Tree, ...]], Type | Refusal]


@dataclass(frozen=True, slots=True)
class Function:
    """`most` None: any number of arguments. `value` gets arguments that are not missing."""

    least: int
    most: int | None
    type: Typing
    value: Callable[..., Any]

    @property
    def arity(self) -> str:
        """The number of arguments as a message shows it."""
        if self.most is None:
            return f"{self.least}+"
        return str(self.least) if self.least == self.most else f"{self.least}-{self.most}"


def _optional(arguments: tuple[Tree, ...]) -> bool:
    return any(argument.type.optional for argument in arguments)


def _wrong(place: int, arguments: tuple[Tree, ...], expected: str) -> Refusal:
    found = arguments[place].type
    if isinstance(found, Null):
        return refusal("CR274", place, operator="( )")
    return refusal("CR265", place, found_type=term(found), expected_type=expected)


def _extreme(pick: Callable[[Interval, Interval], Interval]) -> Typing:
    """The typing of min and max: numbers of one unit, or dates, or date-times."""

    def typed(arguments: tuple[Tree, ...]) -> Type | Refusal:
        first = arguments[0].type
        if not isinstance(first, (Number, Date, DateTime)):
            return _wrong(0, arguments, "number")
        result: Type = first
        fixed = constant(arguments[0])
        for place, argument in enumerate(arguments[1:], 1):
            other = argument.type
            if not same_kind(first, other):
                return _wrong(place, arguments, term(first))
            if isinstance(result, Number) and isinstance(other, Number):
                unit = common_unit(result, other, (fixed, constant(argument)))
                if isinstance(unit, Refusal):
                    return unit
                bounds = pick(Interval.of(result), Interval.of(other))
                result = number(widest(result.scale, other.scale), bounds, unit, False)
                fixed = fixed and constant(argument)
        if isinstance(result, Number):
            return number(result.scale, Interval.of(result), result.unit, _optional(arguments))
        return type(first)(_optional(arguments))

    return typed


def _abs(arguments: tuple[Tree, ...]) -> Type | Refusal:
    found = arguments[0].type
    if isinstance(found, Number):
        return number(found.scale, Interval.of(found).size(), found.unit, found.optional)
    return found if isinstance(found, Duration) else _wrong(0, arguments, "number")


def _steps(round_: Callable[[Interval], Interval]) -> Typing:
    """The typing of full_steps and begun_steps; that the step is positive is the checker's to prove."""

    def typed(arguments: tuple[Tree, ...]) -> Type | Refusal:
        value, step = arguments[0].type, arguments[1].type
        if not isinstance(value, Number):
            return _wrong(0, arguments, "number")
        if not isinstance(step, Number):
            return _wrong(1, arguments, "number")
        unit = common_unit(value, step, (constant(arguments[0]), constant(arguments[1])))
        if isinstance(unit, Refusal):
            return unit
        low = max(step.low, Fraction(0)) if step.low is not None else Fraction(0)
        bounds = round_(Interval.of(value) * Interval(low, step.high).inverse())
        return number(0, bounds, None, _optional(arguments))

    return typed


def _count_true(arguments: tuple[Tree, ...]) -> Type | Refusal:
    for place, argument in enumerate(arguments):
        if not isinstance(argument.type, Flag):
            return _wrong(place, arguments, "flag")
    return number(0, Interval(Fraction(0), Fraction(len(arguments))), None, _optional(arguments))


def _distance(kind: type[Date] | type[DateTime], name: str, farthest: int) -> Typing:
    def typed(arguments: tuple[Tree, ...]) -> Type | Refusal:
        for place, argument in enumerate(arguments):
            if not isinstance(argument.type, kind):
                return _wrong(place, arguments, name)
        return number(0, Interval(Fraction(-farthest), Fraction(farthest)), None, _optional(arguments))

    return typed


def _date(arguments: tuple[Tree, ...]) -> Type | Refusal:
    found = arguments[0].type
    return Date(found.optional) if isinstance(found, DateTime) else _wrong(0, arguments, "datetime")


def _size(value: Any) -> Any:
    return Months(abs(value.count)) if isinstance(value, Months) else abs(value)


def _minutes(start: dt.datetime, end: dt.datetime) -> int:
    return (end - start) // dt.timedelta(minutes=1)


def _literal_only(arguments: tuple[Tree, ...]) -> Type | Refusal:
    return refusal("CR279", 0)


def _by_checker(arguments: tuple[Tree, ...]) -> Type | Refusal:
    raise NotImplementedError("typed by the checker")


FUNCTIONS: dict[str, Function] = {
    "min": Function(2, None, _extreme(Interval.least), min),
    "max": Function(2, None, _extreme(Interval.greatest), max),
    "abs": Function(1, 1, _abs, _size),
    "full_steps": Function(2, 2, _steps(Interval.floor), lambda x, n: math.floor(Fraction(x) / n)),
    "begun_steps": Function(2, 2, _steps(Interval.ceil), lambda x, n: math.ceil(Fraction(x) / n)),
    "default": Function(2, 2, _by_checker, lambda x, y: y if x is None else x),
    "count_true": Function(1, None, _count_true, lambda *flags: sum(flags)),
    "days_between": Function(2, 2, _distance(Date, "date", _FARTHEST_DAYS), lambda a, b: (b - a).days),
    "working_days_between": Function(2, 2, _distance(Date, "date", _FARTHEST_DAYS), _literal_only),
    "minutes_between": Function(2, 2, _distance(DateTime, "datetime", (_FARTHEST_DAYS + 1) * 1440), _minutes),
    "date": Function(1, 1, _date, dt.datetime.date),
    "date and time": Function(1, 1, _literal_only, _literal_only),
    "duration": Function(1, 1, _literal_only, _literal_only),
    "not": Function(1, 1, _by_checker, lambda flag: not flag),
}

# Functions whose arguments are names rather than values; the scope knows them, the list is for suggestions only.
OVER_NAMES = ("previous", "year_before", "tied", "in_force", "fired", "sum_of")
