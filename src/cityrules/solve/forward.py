"""What a piece of code can come to, from what the names in it can be. Never too few values; exact where each name has
one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cityrules.feel.tree import Binding
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
    Lookup,
    Mul,
    Neg,
    Not,
    Or,
    Same,
    Slot,
    Within,
)
from cityrules.plan.whole import add_months, divided, part_of, related
from cityrules.solve.linear import Form, Sum, as_sum
from cityrules.solve.values import (
    BOTH,
    NULL,
    Values,
    common,
    exactly,
    join,
    meet,
    of_truths,
    whole,
)


class Exhausted(Exception):
    """The work that one question is worth has been done."""


@dataclass(slots=True)
class Work:
    """How many pieces of code may still be looked at: the same on every machine, unlike a time."""

    left: int

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Exhausted


@dataclass(slots=True)
class Box:
    """What is known: what each name can be, and what sums of other terms can come to where they are there."""

    names: dict[Binding, Values]
    forms: dict[Form, Values] = field(default_factory=dict)
    sums: dict[int, Sum] = field(default_factory=dict)
    """Comparisons as sums, by the identity of their nodes; shared between boxes."""
    work: Work | None = None
    """What a search may still do, shared between its boxes; None where nobody searches."""
    _known: dict[int, Values] = field(default_factory=dict)

    def copy(self) -> Box:
        return Box(dict(self.names), dict(self.forms), self.sums, self.work)

    def forget(self) -> None:
        """Something has been narrowed: what was worked out may be narrower now."""
        self._known.clear()

    def sum_of(self, compare: Compare) -> Sum:
        if id(compare) not in self.sums:
            self.sums[id(compare)] = as_sum(compare)
        return self.sums[id(compare)]

    def values(self, code: Code) -> Values:
        """What a code can come to."""
        found = self._known.get(id(code))
        if found is None:
            if self.work is not None:
                self.work.spend()
            found = self._known[id(code)] = _values(code, self)
        return found

    def of_form(self, form: Form) -> Values:
        """What a sum can come to."""
        parts = [(self.values(term), factor) for term, factor in form]
        null = any(part.null for part, _ in parts)
        if not all(part.some for part, _ in parts):
            return Values(null=null)
        if len(parts) == 1 and parts[0][1] == 1:
            found = parts[0][0]
        else:
            ends = [sorted((part.low * factor, part.high * factor)) for part, factor in parts]
            found = whole(sum(end[0] for end in ends), sum(end[1] for end in ends), null=null)
        return meet(found, self.forms[form]) if form in self.forms else found


def _values(code: Code, box: Box) -> Values:
    match code:
        case Const(value=value):
            return exactly(value)
        case Slot(binding=binding):
            return box.names[binding]
        case Compare() | Same():
            return _compared(code, box)
        case And() | Or():
            return _logic([box.values(item).truths for item in code.items], decides=isinstance(code, Or))
        case Not(item=item):
            return of_truths(None if one is None else not one for one in box.values(item).truths)
        case IsNull(item=item):
            found = box.values(item)
            return of_truths(one for one, can in ((True, found.null), (False, found.some)) if can)
        case Choose():
            return _chosen(code, box)
        case Coalesce(first=first, second=second):
            found = box.values(first)
            return join(found.without_null(), box.values(second)) if found.null else found
        case _:
            return _number(code, box)


def _chosen(code: Choose, box: Box) -> Values:
    truths = box.values(code.condition).truths
    parts = [box.values(part) for truth, part in ((True, code.then), (False, code.otherwise)) if truth in truths]
    return join(*parts, NULL) if None in truths else join(*parts)


def _logic(items: Sequence[frozenset[bool | None]], *, decides: bool) -> Values:
    """Kleene's `or` (`decides` True) and `and`."""
    found: set[bool | None] = set()
    if any(decides in item for item in items):
        found.add(decides)
    if all((not decides) in item for item in items):
        found.add(not decides)
    if any(None in item for item in items) and all(None in item or (not decides) in item for item in items):
        found.add(None)
    return of_truths(found)


def _compared(code: Compare | Same, box: Box) -> Values:
    if isinstance(code, Compare) and code.left.sort == "int":
        said = box.sum_of(code)
        found = box.of_form(said.form)
        true, false = common(found.spans, said.true), common(found.spans, said.false)
        able = frozenset(flag for flag, spans in ((True, true), (False, false)) if spans)
        return Values(flags=able, null=found.null)
    left, right = box.values(code.left), box.values(code.right)
    if isinstance(code, Same):
        return exactly(True) if code.left == code.right else _same(left, right)
    null = left.null or right.null
    if not (left.some and right.some):
        return Values(null=null)
    if code.left == code.right:
        return Values(flags=frozenset((code.op in ("=", "<=", ">="),)), null=null)
    left, right = left.without_null(), right.without_null()
    if code.op in ("=", "!="):
        flags = _equal(left, right)
        return Values(flags=flags if code.op == "=" else frozenset(not flag for flag in flags), null=null)
    if left.single and right.single and left.words and right.words:
        return Values(flags=frozenset((related(code.op, min(left.words), min(right.words)),)), null=null)
    return Values(flags=BOTH, null=null)


def _same(left: Values, right: Values) -> Values:
    flags: set[bool] = set()
    if left.null and right.null:
        flags.add(True)
    if (left.null and right.some) or (left.some and right.null):
        flags.add(False)
    if left.some and right.some:
        flags |= _equal(left.without_null(), right.without_null())
    return Values(flags=frozenset(flags))


def _equal(left: Values, right: Values) -> frozenset[bool]:
    """Whether two that are there can be equal, and can differ."""
    flags = {True} if meet(left, right).some else set()
    if not (left.single and right.single and left == right):
        flags.add(False)
    return frozenset(flags)


def _number(code: Code, box: Box) -> Values:
    match code:
        case Add() | Neg() | Abs() | Within() | Mul() | Div() | Least() | Greatest() | AddMonths() | DatePart():
            pass
        case Lookup(item=item, listing=listing):
            found = box.values(item)
            last = listing.first + len(listing.values) - 1
            inside = common(found.spans, ((listing.first, last),))
            null = found.null or inside != found.spans
            if not inside:
                return Values(null=null)
            part = listing.values[inside[0][0] - listing.first : inside[-1][1] - listing.first + 1]
            return whole(min(part), max(part), null=null)
        case _:
            raise TypeError(type(code).__name__)
    parts = [box.values(part) for part in _operands(code)]
    null = any(part.null for part in parts)
    if not all(part.some for part in parts):
        return Values(null=null)
    return _arithmetic(code, parts, null)


def _operands(code: Code) -> tuple[Code, ...]:
    match code:
        case Add(items=items) | Least(items=items) | Greatest(items=items):
            return items
        case Neg(item=item) | Abs(item=item) | Within(item=item):
            return (item,)
        case Mul(left=left, right=right):
            return left, right
        case Div(n=n, d=d):
            return n, d
        case AddMonths(day=day, months=months):
            return day, months
        case DatePart(day=day):
            return (day,)
        case _:
            raise TypeError(type(code).__name__)


def _arithmetic(code: Code, parts: Sequence[Values], null: bool) -> Values:
    first = parts[0]
    match code:
        case Add():
            return whole(sum(part.low for part in parts), sum(part.high for part in parts), null=null)
        case Neg():
            return Values(tuple((-high, -low) for low, high in reversed(first.spans)), null=null)
        case Abs():
            low = 0 if any(a <= 0 <= b for a, b in first.spans) else min(min(abs(a), abs(b)) for a, b in first.spans)
            return whole(low, max(-first.low, first.high), null=null)
        case Within(low=low, high=high):
            inside = common(first.spans, ((low, high),))
            return Values(inside, null=null or inside != first.spans)
        case Mul():
            corners = [a * b for a in (first.low, first.high) for b in (parts[1].low, parts[1].high)]
            return whole(min(corners), max(corners), null=null)
        case Div(mode=mode):
            divisor = common(parts[1].spans, ((1, 1 << 200),))
            null = null or divisor != parts[1].spans
            if not divisor:
                return Values(null=null)
            ends = [divided(n, d, mode) for n in (first.low, first.high) for d in (divisor[0][0], divisor[-1][1])]
            return whole(min(ends), max(ends), null=null)
        case Least():
            return whole(min(part.low for part in parts), min(part.high for part in parts), null=null)
        case Greatest():
            return whole(max(part.low for part in parts), max(part.high for part in parts), null=null)
        case AddMonths():
            return _later(first, parts[1], code, null=null)
        case DatePart(part=part):
            if first.single or (first.low == first.high):
                number = part_of(part, first.low)
                return whole(number, number, null=null)
            if part == "year":
                return whole(part_of(part, first.low), part_of(part, first.high), null=null)
            return whole(code.low, code.high, null=null)
        case _:
            raise TypeError(type(code).__name__)


def _later(day: Values, months: Values, code: AddMonths, *, null: bool) -> Values:
    if day.low == day.high and months.low == months.high:
        found = add_months(day.low, months.low)
        return Values(null=True) if found is None else whole(found, found, null=null)
    low, high = day.low + 31 * min(months.low, 0), day.high + 31 * max(months.high, 0)
    return whole(max(low, code.low), min(high, code.high), null=True)
