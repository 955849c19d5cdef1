"""A small typed code over whole numbers, texts and truth values that may be missing: what engines compute.

Knows bindings only as opaque slots and no target language. Every number is whole: numbers in units of 10^-scale, dates
as days and date-times as seconds of local civil time since 1970-01-01, durations as seconds or as months.

Meaning, for every back end:

* a missing operand makes a number or a comparison missing; nothing ever raises;
* `And`, `Or` and `Not` are Kleene's; `Same` and `IsNull` are never missing;
* `Choose` is missing where its condition is: CASE WHEN c THEN a WHEN NOT c THEN b END;
* `Div` is missing where its divisor is not positive; `AddMonths`, `Within` and `Lookup` where it is out of bounds.

Nodes are made by the functions of `plan.coding`, which fold constants and keep `low`, `high`, `nullable` and `size`.
Nodes are shared; `size` counts a shared node once for each use, so that writing the code out as text is bounded too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from cityrules.feel.tree import Binding
from cityrules.scheme.notation import RoundingMode

Sort = Literal["int", "text", "bool"]
Relation = Literal["=", "!=", "<", "<=", ">", ">="]
Part = Literal["year", "month", "day", "weekday"]


@dataclass(frozen=True, slots=True)
class Node:
    """`low`, `high`: bounds of an int (0, 0 for others), valid wherever it is not missing. `size`: nodes in all."""

    sort: Sort
    low: int
    high: int
    nullable: bool
    size: int

    @property
    def bits(self) -> int:
        """Bits of the value, sign included."""
        return max(self.low.bit_length(), self.high.bit_length()) + 1


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A constant; None is the missing value of its sort."""

    value: int | str | bool | None


@dataclass(frozen=True, slots=True)
class Slot(Node):
    """The value of a binding in its lowered form (a Number in units of 10^-scale of the binding's type)."""

    binding: Binding


@dataclass(frozen=True, slots=True)
class Add(Node):
    """The sum of two or more ints. `work` are the bits that hold every partial sum, in any order."""

    items: tuple[Code, ...]
    work: int


@dataclass(frozen=True, slots=True)
class Mul(Node):
    left: Code
    right: Code


@dataclass(frozen=True, slots=True)
class Neg(Node):
    item: Code


@dataclass(frozen=True, slots=True)
class Abs(Node):
    item: Code


@dataclass(frozen=True, slots=True)
class Div(Node):
    """`n / d`, d > 0, rounded to a whole number by `mode` (`floor` toward minus infinity, `down` toward zero, ...).

    Missing where d is 0 or negative; `guarded` says that this can happen. `work` are the bits of 2|n| + d.
    """

    n: Code
    d: Code
    mode: RoundingMode
    guarded: bool
    work: int


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """Of two ints, texts (binary order) or bools; missing when an operand is."""

    op: Relation
    left: Code
    right: Code


@dataclass(frozen=True, slots=True)
class Same(Node):
    """Equal, or both missing."""

    left: Code
    right: Code


@dataclass(frozen=True, slots=True)
class IsNull(Node):
    item: Code


@dataclass(frozen=True, slots=True)
class And(Node):
    items: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    items: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    item: Code


@dataclass(frozen=True, slots=True)
class Choose(Node):
    condition: Code
    then: Code
    otherwise: Code


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """`first`, or where it is missing `second`."""

    first: Code
    second: Code


@dataclass(frozen=True, slots=True)
class Least(Node):
    """The least of two or more ints; missing if any is."""

    items: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Greatest(Node):
    """The greatest of two or more ints; missing if any is."""

    items: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class DatePart(Node):
    """`year`, `month` (1-12), `day` (1-31) or `weekday` (1 Monday to 7) of a day of the calendar."""

    part: Part
    day: Code


@dataclass(frozen=True, slots=True)
class AddMonths(Node):
    """A day some months on, clipped to the end of the month; missing where that is outside the years 1 to 9999."""

    day: Code
    months: Code


@dataclass(frozen=True, slots=True)
class Within(Node):
    """`item` where it lies from `low` to `high`, else missing. A day or moment that left the calendar ends here."""

    item: Code


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """Whole numbers by their place, the first of them at `first`. Compared by identity, for they are long."""

    first: int
    values: tuple[int, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lookup(Node):
    """What a list has at the place `item`; missing beyond its ends."""

    item: Code
    listing: Listing


Code = (
    Const | Slot | Add | Mul | Neg | Abs | Div | Compare | Same | IsNull | And | Or | Not | Choose | Coalesce
    | Least | Greatest | DatePart | AddMonths | Within | Lookup
)  # fmt: skip


def children(code: Code) -> tuple[Code, ...]:
    """The operands of a node, in order."""
    match code:
        case Const() | Slot():
            return ()
        case Add(items=items) | And(items=items) | Or(items=items) | Least(items=items) | Greatest(items=items):
            return items
        case Mul() | Compare() | Same():
            return code.left, code.right
        case Neg() | Abs() | IsNull() | Not() | Within() | Lookup():
            return (code.item,)
        case Div():
            return code.n, code.d
        case Choose():
            return code.condition, code.then, code.otherwise
        case Coalesce():
            return code.first, code.second
        case DatePart():
            return (code.day,)
        case AddMonths():
            return code.day, code.months


def nodes(*codes: Code) -> Iterator[Code]:
    """All nodes of some codes, each object once, however often it stands in them."""
    seen: set[int] = set()
    rest = list(codes)
    while rest:
        node = rest.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            rest.extend(children(node))


def slots(code: Code) -> frozenset[Binding]:
    """Every binding that the code reads."""
    return frozenset(node.binding for node in nodes(code) if isinstance(node, Slot))


def words(*codes: Code) -> frozenset[str]:
    """Every text that stands in some codes."""
    return frozenset(n.value for n in nodes(*codes) if isinstance(n, Const) and isinstance(n.value, str))
