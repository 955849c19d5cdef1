"""Makes the nodes of `plan.code`: bounds, missing values and sizes are worked out here, constants folded.

Raises `TooLargeError` for whole numbers beyond 126 bits and for code beyond `MOST_SIZE` nodes written out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from cityrules.feel.tree import Binding
from cityrules.feel.types import Date, DateTime, Duration, Flag, Member, Null, Number, Text, Type
from cityrules.plan import bounds
from cityrules.plan.code import (
    Abs,
    Add,
    AddMonths,
    And,
    Choose,
    Coalesce,
    Code,
    Compare,
    Const,
    DatePart,
    Div,
    Greatest,
    IsNull,
    Least,
    Listing,
    Lookup,
    Mul,
    Neg,
    Not,
    Or,
    Part,
    Relation,
    Same,
    Slot,
    Sort,
    Within,
)
from cityrules.plan.whole import divided, part_of, related
from cityrules.scheme.notation import RoundingMode

MOST_SIZE: Final = 50_000
_PARTS: Final[dict[Part, tuple[int, int]]] = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "weekday": (1, 7)}


class TooLargeError(Exception):
    """An expression whose exact whole numbers (or whose code) would grow too large, with its offsets in the text."""

    def __init__(self, start: int = -1, end: int = -1) -> None:
        super().__init__("too large")
        self.start, self.end = start, end


def sort_of(type_: Type) -> Sort:
    """What stands for values of a type. The literal null counts as an int."""
    match type_:
        case Text() | Member():
            return "text"
        case Flag():
            return "bool"
        case Number() | Date() | DateTime() | Duration() | Null():
            return "int"


def null(sort: Sort) -> Const:
    return Const(sort, 0, 0, True, 1, None)


def number(value: int) -> Const:
    return _held(Const("int", value, value, False, 1, value))


def text(value: str) -> Const:
    return Const("text", 0, 0, False, 1, value)


def truth(value: bool) -> Const:
    return Const("bool", 0, 0, False, 1, value)


TRUE: Final = truth(True)
FALSE: Final = truth(False)


def slot(binding: Binding) -> Slot:
    """The value of a binding; it may be missing as the binding's own type says, whatever is known at this place."""
    type_ = binding.type
    low, high = bounds.interval(type_)
    optional = isinstance(type_, Null) or type_.optional
    return _held(Slot(sort_of(type_), low, high, optional, 1, binding))


def add(*items: Code) -> Code:
    """The sum; sums inside are flattened, constants are joined into one."""
    if any(_is_null(item) for item in items):
        return null("int")
    flat: list[Code] = []
    constant = 0
    for item in items:
        for part in item.items if isinstance(item, Add) else (item,):
            if isinstance(part, Const) and isinstance(part.value, int):
                constant += part.value
            else:
                flat.append(part)
    if constant or not flat:
        flat.append(number(constant))
    if len(flat) == 1:
        return flat[0]
    work = bounds.bits_of(sum(min(i.low, 0) for i in flat), sum(max(i.high, 0) for i in flat))
    low, high = sum(i.low for i in flat), sum(i.high for i in flat)
    return _held(Add("int", low, high, _any_nullable(flat), _size(flat), tuple(flat), work), work)


def sub(left: Code, right: Code) -> Code:
    return add(left, neg(right))


def neg(item: Code) -> Code:
    match item:
        case Const(value=None):
            return item
        case Const(value=int(value)):
            return number(-value)
        case Neg():
            return item.item
        case Mul(left=Const(), right=right):
            return mul(neg(item.left), right)
        case Add():
            # Constants of both sides of a difference meet.
            return add(*(neg(part) for part in item.items))
        case _:
            return _held(Neg("int", -item.high, -item.low, item.nullable, item.size + 1, item))


def mul(left: Code, right: Code) -> Code:
    """The product; a constant factor comes first."""
    if isinstance(right, Const) and not isinstance(left, Const):
        left, right = right, left
    if _is_null(left) or _is_null(right):
        return null("int")
    if isinstance(left, Const) and isinstance(left.value, int):
        if left.value == 1:
            return right
        if isinstance(right, Const) and isinstance(right.value, int):
            return number(left.value * right.value)
        if isinstance(right, Mul) and isinstance(right.left, Const) and isinstance(right.left.value, int):
            return mul(number(left.value * right.left.value), right.right)
        if left.value == 0 and not right.nullable:
            return number(0)
    corners = [a * b for a in (left.low, left.high) for b in (right.low, right.high)]
    return _held(
        Mul("int", min(corners), max(corners), _any_nullable((left, right)), _size((left, right)), left, right)
    )


def rescale(item: Code, digits: int) -> Code:
    """`item` times 10^digits; digits may not be negative."""
    return mul(number(10**digits), item)


def absolute(item: Code) -> Code:
    if item.low >= 0:
        return item
    low = 0 if item.high >= 0 else -item.high
    return _held(Abs("int", low, max(-item.low, item.high), item.nullable, item.size + 1, item))


def sign_of(item: Code) -> Code:
    """1 for zero and positive numbers, -1 for negative ones. Missing where `item` is."""
    if item.low >= 0 and not item.nullable:
        return number(1)
    return choose(compare("<", item, number(0)), number(-1), number(1))


def div(n: Code, d: Code, mode: RoundingMode) -> Code:
    """`n / d` rounded once; see `Div`."""
    if isinstance(d, Const) and d.value == 1:
        return n
    if isinstance(n, Const) and isinstance(d, Const) and isinstance(n.value, int) and isinstance(d.value, int):
        return number(divided(n.value, d.value, mode)) if d.value > 0 else null("int")
    least, most = max(1, d.low), max(1, d.high)
    low = min(divided(n.low, least, mode), divided(n.low, most, mode))
    high = max(divided(n.high, least, mode), divided(n.high, most, mode))
    guarded = d.low <= 0
    reach = 2 * max(abs(n.low), abs(n.high)) + most
    work = bounds.bits_of(-reach, reach)
    nullable = guarded or _any_nullable((n, d))
    return _held(Div("int", low, high, nullable, _size((n, d)), n, d, mode, guarded, work), work)


def compare(op: Relation, left: Code, right: Code) -> Code:
    both = (left, right)
    if any(_is_null(item) for item in both):
        return null("bool")
    if isinstance(left, Const) and isinstance(right, Const):
        return truth(related(op, left.value, right.value))
    return _held(Compare("bool", 0, 0, _any_nullable(both), _size(both), op, left, right))


def same(left: Code, right: Code) -> Code:
    """Equal, missing counted as a value; a plain comparison where nothing can be missing."""
    if not left.nullable and not right.nullable:
        return compare("=", left, right)
    if isinstance(right, Const) and right.value is None:
        return is_null(left)
    if isinstance(left, Const) and left.value is None:
        return is_null(right)
    return _held(Same("bool", 0, 0, False, _size((left, right)), left, right))


def is_null(item: Code) -> Code:
    if isinstance(item, Const):
        return truth(item.value is None)
    return _held(IsNull("bool", 0, 0, False, item.size + 1, item)) if item.nullable else FALSE


def all_of(items: Iterable[Code]) -> Code:
    """Kleene's and, flattened."""
    flat: list[Code] = []
    for item in items:
        flat.extend(item.items if isinstance(item, And) else (item,))
    if any(isinstance(i, Const) and i.value is False for i in flat):
        return FALSE
    flat = [i for i in flat if not (isinstance(i, Const) and i.value is True)]
    if len(flat) < 2:
        return flat[0] if flat else TRUE
    return _held(And("bool", 0, 0, _any_nullable(flat), _size(flat), tuple(flat)))


def any_of(items: Iterable[Code]) -> Code:
    """Kleene's or, flattened."""
    flat: list[Code] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Or) else (item,))
    if any(isinstance(i, Const) and i.value is True for i in flat):
        return TRUE
    flat = [i for i in flat if not (isinstance(i, Const) and i.value is False)]
    if len(flat) < 2:
        return flat[0] if flat else FALSE
    return _held(Or("bool", 0, 0, _any_nullable(flat), _size(flat), tuple(flat)))


def negated(item: Code) -> Code:
    match item:
        case Const(value=bool(value)):
            return truth(not value)
        case Const():
            return item
        case Not():
            return item.item
        case _:
            return _held(Not("bool", 0, 0, item.nullable, item.size + 1, item))


def holds(item: Code) -> Code:
    """True where `item` is true, else false: missing counts as false."""
    return coalesce(item, FALSE)


def choose(condition: Code, then: Code, otherwise: Code) -> Code:
    """`then` where the condition is true, `otherwise` where it is false, missing where it is missing."""
    if isinstance(condition, Const):
        return null(then.sort) if condition.value is None else then if condition.value else otherwise
    if then == otherwise and not condition.nullable:
        return then
    branches = [i for i in (then, otherwise) if not (isinstance(i, Const) and i.value is None)] or [then]
    low, high = min(i.low for i in branches), max(i.high for i in branches)
    size = _size((condition, then, otherwise))
    nullable = _any_nullable((condition, then, otherwise))
    return _held(Choose(branches[0].sort, low, high, nullable, size, condition, then, otherwise))


def coalesce(first: Code, second: Code) -> Code:
    if not first.nullable:
        return first
    if isinstance(first, Const):
        return second
    if isinstance(second, Const) and second.value is None:
        return first
    low, high = min(first.low, second.low), max(first.high, second.high)
    return _held(Coalesce(first.sort, low, high, second.nullable, _size((first, second)), first, second))


def least(items: Sequence[Code]) -> Code:
    if len(items) == 1:
        return items[0]
    low, high = min(i.low for i in items), min(i.high for i in items)
    return _held(Least("int", low, high, _any_nullable(items), _size(items), tuple(items)))


def greatest(items: Sequence[Code]) -> Code:
    if len(items) == 1:
        return items[0]
    low, high = max(i.low for i in items), max(i.high for i in items)
    return _held(Greatest("int", low, high, _any_nullable(items), _size(items), tuple(items)))


def date_part(part: Part, day: Code) -> Code:
    low, high = _PARTS[part]
    day = within(day, bounds.FIRST_DAY, bounds.LAST_DAY)
    if isinstance(day, Const) and isinstance(day.value, int):
        return number(part_of(part, day.value))
    return _held(DatePart("int", low, high, day.nullable, day.size + 1, part, day))


def add_months(day: Code, months: Code) -> Code:
    if isinstance(months, Const) and months.value == 0:
        return day
    low = max(bounds.FIRST_DAY, day.low + 31 * min(months.low, 0))
    high = min(bounds.LAST_DAY, day.high + 31 * max(months.high, 0))
    return _held(AddMonths("int", min(low, high), high, True, _size((day, months)), day, months))


def within(item: Code, low: int, high: int) -> Code:
    """`item`, missing outside `low` to `high`; `item` itself where it cannot be outside."""
    if low <= item.low and item.high <= high:
        return item
    if isinstance(item, Const):
        return null("int")
    low, high = min(max(low, item.low), high), max(min(high, item.high), low)
    return _held(Within("int", low, high, True, item.size + 1, item))


def look_up(item: Code, listing: Listing) -> Code:
    """What a list has at a place; missing beyond its ends."""
    if _is_null(item) or not listing.values:
        return null("int")
    last = listing.first + len(listing.values) - 1
    if isinstance(item, Const) and isinstance(item.value, int):
        inside = listing.first <= item.value <= last
        return number(listing.values[item.value - listing.first]) if inside else null("int")
    low, high = min(listing.values), max(listing.values)
    return _held(Lookup("int", low, high, True, item.size + 1, item, listing))


def _is_null(item: Code) -> bool:
    return isinstance(item, Const) and item.value is None


def _any_nullable(items: Iterable[Code]) -> bool:
    return any(item.nullable for item in items)


def _size(items: Iterable[Code]) -> int:
    return 1 + sum(item.size for item in items)


C = TypeVar("C", bound=Code)


def _held(node: C, work: int = 0) -> C:
    if node.size > MOST_SIZE or max(node.bits, work) > bounds.MOST_BITS:
        raise TooLargeError
    return node
