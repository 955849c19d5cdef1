"""The typed syntax tree: what the checker makes of an expression, and all that evaluation and the plan need to see.

Sugar is gone: `between`, `in` and `if` chains are comparisons, `and`, `or`, `If`. Every node carries its static type
and the characters of the expression it came from. Semantics, which every engine obeys:

* missing operands make arithmetic, ordering and function results missing;
* `Compare` with `=` or `!=` and `null_safe` treats missing as a value (missing = missing is true); without it a missing
  operand makes the comparison unknown;
* `Logic` and `Not` are Kleene's: false decides an `and`, true an `or`, whatever else is unknown;
* the condition of an `If` is never unknown (the checker refuses it), except behind a condition in the same `and` or
  `or` that is itself unknown then; the `If` is missing there.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

from cityrules.feel.types import Type


class Binding(Protocol):
    """What a name means, decided by the scope that resolved it. Opaque here; hashable."""

    @property
    def type(self) -> Type: ...

    def __hash__(self) -> int: ...


class WorkingCalendar(Protocol):
    """The days on which there is work, counted. Opaque here; hashable. None: a year that the calendar does not know."""

    def counted(self, day: dt.date) -> int | None:
        """How many working days there were from some first day up to and including `day`."""

    def nth(self, number: int) -> dt.date | None:
        """The working day at which the count comes to `number`."""


@dataclass(frozen=True, slots=True)
class Months:
    """A years-and-months duration."""

    count: int


# A value at evaluation time. Numbers are int or Fraction (never float); days durations are timedelta of whole seconds.
Value = int | Fraction | str | bool | dt.date | dt.datetime | dt.timedelta | Months | None

Operator = Literal["+", "-", "*", "/", "**"]
Comparison = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    type: Type
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal_(Node):
    value: Value


@dataclass(frozen=True, slots=True)
class Read(Node):
    """The value of a name (or of a dotted name such as `late.due`) that the scope resolved."""

    name: str
    binding: Binding


@dataclass(frozen=True, slots=True)
class Property(Node):
    """`.year .month .day .weekday .hour .minute .second` of a date or date-time; `.years .days ...` of a duration."""

    base: Tree
    name: str


@dataclass(frozen=True, slots=True)
class Negate(Node):
    operand: Tree


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`**` has a whole literal exponent on its right. `/` has a divisor that the checker proved to be never zero."""

    op: Operator
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Compare(Node):
    op: Comparison
    left: Tree
    right: Tree
    null_safe: bool


@dataclass(frozen=True, slots=True)
class IsMissing(Node):
    """`x = null`, and with `negated` `x != null`. Never unknown."""

    operand: Tree
    negated: bool


@dataclass(frozen=True, slots=True)
class Logic(Node):
    op: Literal["and", "or"]
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    operand: Tree


@dataclass(frozen=True, slots=True)
class If(Node):
    condition: Tree
    then: Tree
    otherwise: Tree


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function of values. Names are those of the function table in `functions.py`."""

    function: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """`table(keys).column`. `value` says the same as comparisons of the keys with those of the rows, and is what is
    evaluated; a missing key makes it missing. `keys`: the arguments, as far as a reader wants to see them."""

    table: str
    column: str
    keys: tuple[Tree, ...]
    value: Tree


@dataclass(frozen=True, slots=True)
class Working(Node):
    """A look into a calendar of working days: how many there were up to a date, or the date that makes so many."""

    ask: Literal["counted", "nth"]
    operand: Tree
    calendar: WorkingCalendar


Tree = (
    Literal_ | Read | Property | Negate | Arithmetic | Compare | IsMissing | Logic | Not | If | Call | Lookup | Working
)
