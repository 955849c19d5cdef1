"""What the names in a piece of code can still be, once it is known how it comes out. Never too few values.

Narrows a box in place; raises Contradiction where nothing is left.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cityrules.plan.code import (
    Add,
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
    Mul,
    Neg,
    Not,
    Or,
    Same,
    Slot,
    Within,
)
from cityrules.solve.forward import Box
from cityrules.solve.linear import Form
from cityrules.solve.values import (
    ALL,
    FAR,
    Spans,
    Values,
    common,
    complement,
    meet,
    of_truths,
)

Truths = frozenset[bool | None]
_TRUE: Truths = frozenset((True,))
_FALSE: Truths = frozenset((False,))
_NULL: Truths = frozenset((None,))
_THERE: Truths = frozenset((True, False))
_ANY: Truths = frozenset((True, False, None))


class Contradiction(Exception):
    """No values of the names do it."""


def steps(narrowed: Iterable[bool]) -> bool:
    """Whether any of several steps, all of which are taken, narrowed anything."""
    return sum(narrowed) > 0


def require(code: Code, truths: Truths, box: Box) -> bool:
    """Know that a condition comes out as one of some truth values. Says whether that narrowed anything."""
    now = box.values(code).truths
    wanted = now & truths
    if not wanted:
        raise Contradiction
    if wanted == now:
        return False
    match code:
        case Slot():
            return _narrow_name(code, of_truths(wanted), box)
        case Not(item=item):
            return require(item, frozenset(None if one is None else not one for one in wanted), box)
        case And(items=items):
            return _require_logic(items, wanted, False, box)
        case Or(items=items):
            return _require_logic(items, wanted, True, box)
        case IsNull(item=item):
            return require_null(item, True in wanted, box) if len(wanted) == 1 else False
        case Coalesce(first=first, second=second):
            return _require_first(first, second, wanted, box)
        case Choose():
            return _require_choice(code, wanted, box)
        case Compare():
            return _require_comparison(code, wanted, box)
        case Same(left=left, right=right):
            return _require_same(left, right, wanted, box)
        case _:
            return False


def require_null(code: Code, null: bool, box: Box) -> bool:
    """Know whether something is missing."""
    found = box.values(code)
    if not (found.null if null else found.some):
        raise Contradiction
    if not (found.null and found.some):
        return False
    if code.sort == "bool":
        return require(code, _NULL if null else _THERE, box)
    match code:
        case Slot():
            now = box.names[code.binding]
            return _narrow_name(code, Values(null=True) if null else now.without_null(), box)
        case Add() | Neg() | Mul() | Least() | Greatest() if not null:
            parts = (
                code.items if isinstance(code, (Add, Least, Greatest))
                else (code.item,) if isinstance(code, Neg) else (code.left, code.right)
            )  # fmt: skip
            return steps(require_null(part, False, box) for part in parts)
        case DatePart(day=day):
            return require_null(day, null, box)
        case Coalesce(first=first, second=second) if null:
            return steps((require_null(first, True, box), require_null(second, True, box)))
    return False


def require_values(code: Code, wanted: Values, box: Box) -> bool:
    """Know that something is one of some values; the missing one may be among them."""
    now = box.values(code)
    found = meet(now, wanted)
    if found.empty:
        raise Contradiction
    if found == now:
        return False
    if code.sort == "bool":
        return require(code, found.truths, box)
    match code:
        case Slot():
            return _narrow_name(code, found, box)
        case Neg(item=item):
            back = Values(tuple((-high, -low) for low, high in reversed(found.spans)), null=found.null)
            return require_values(item, back, box)
        case Coalesce(first=first, second=second):
            other = meet(box.values(second), wanted)
            changed = require_values(first, Values(found.spans, found.words, null=not other.empty), box)
            if not box.values(first).some:
                changed |= require_values(second, wanted, box)
            return changed
        case Choose(condition=condition, then=then, otherwise=otherwise):
            able = {True: then, False: otherwise}
            truths = {truth for truth, part in able.items() if not meet(box.values(part), wanted).empty}
            changed = require(condition, frozenset((*truths, None) if wanted.null else truths), box)
            left = box.values(condition).truths
            if len(left) == 1 and None not in left:
                changed |= require_values(able[True in left], wanted, box)
            return changed
        case _ if found.null:
            return False
    changed = require_null(code, False, box)
    return _narrow_number(code, found.spans, box) or changed if found.spans else changed


def _narrow_number(code: Code, spans: Spans, box: Box) -> bool:
    low, high = spans[0][0], spans[-1][1]
    match code:
        case Add(items=items):
            return _narrow_terms([(item, 1) for item in items], low, high, box)
        case Mul(left=Const(value=int(value)), right=right) if value:
            return _narrow_terms([(right, value)], low, high, box)
        case Div(n=n, d=Const(value=int(value)), mode=mode):
            # What is rounded to a number lies less than one off it.
            more = (0, 1) if mode == "floor" else (1, 1)
            inside = ((low - more[0]) * value, (high + more[1]) * value - (mode == "floor"))
            return require_values(n, Values((inside,), null=False), box)
        case Least(items=items):
            return steps(require_values(item, Values(((low, FAR),)), box) for item in items)
        case Greatest(items=items):
            return steps(require_values(item, Values(((-FAR, high),)), box) for item in items)
        case Within(item=item):
            return require_values(item, Values(spans), box)
        case _:
            return False


def _narrow_terms(terms: Sequence[tuple[Code, int]], low: int, high: int, box: Box) -> bool:
    """Know from where to where a sum of terms that are all there lies."""
    changed = False
    hulls = []
    for term, factor in terms:
        found = box.values(term)
        if not found.some:
            raise Contradiction
        hulls.append(sorted((found.low * factor, found.high * factor)))
    least, most = sum(hull[0] for hull in hulls), sum(hull[1] for hull in hulls)
    if least > high or most < low:
        raise Contradiction
    for (term, factor), (own_low, own_high) in zip(terms, hulls, strict=True):
        if not factor:
            continue
        ends = low - (most - own_high), high - (least - own_low)
        if factor < 0:
            ends = -ends[1], -ends[0]
        size = abs(factor)
        inside = Values(((-(-ends[0] // size), ends[1] // size),)) if -(-ends[0] // size) <= ends[1] // size else None
        if inside is None:
            raise Contradiction
        changed |= require_values(term, inside, box)
    return changed


def _narrow_name(slot: Slot, wanted: Values, box: Box) -> bool:
    now = box.names[slot.binding]
    found = meet(now, wanted)
    if found.empty:
        raise Contradiction
    if found == now:
        return False
    box.names[slot.binding] = found
    box.forget()
    return True


def require_form(form: Form, spans: Spans, box: Box) -> bool:
    """Know where a sum lies whose terms are all there."""
    changed = steps(require_null(term, False, box) for term, _ in form)
    now = box.of_form(form)
    found = common(now.spans, spans)
    if not found:
        raise Contradiction
    alone = len(form) == 1 and form[0][1] == 1
    # A name keeps what is known of it; of what is worked out from names, the month of a day among it, the box does.
    if alone and isinstance(form[0][0], Slot):
        return require_values(form[0][0], Values(found), box) or changed
    if box.forms.get(form) != Values(found, null=True) and found != now.spans:
        box.forms[form] = Values(found, null=True)
        box.forget()
        changed = True
    if alone:
        return require_values(form[0][0], Values(found), box) or changed
    return _narrow_terms(form, found[0][0], found[-1][1], box) or changed


def _require_comparison(code: Compare, wanted: Truths, box: Box) -> bool:
    if wanted == _NULL:
        parts = [part for part in (code.left, code.right) if box.values(part).null]
        if not parts:
            raise Contradiction
        return require_null(parts[0], True, box) if len(parts) == 1 else False
    if None in wanted:
        return False
    if code.left.sort == "int":
        said = box.sum_of(code)
        if len(wanted) == 2:
            return steps(require_null(term, False, box) for term, _ in said.form)
        return require_form(said.form, said.true if True in wanted else said.false, box)
    changed = steps(require_null(part, False, box) for part in (code.left, code.right))
    if len(wanted) == 2 or code.op not in ("=", "!="):
        return changed
    equal = (True in wanted) is (code.op == "=")
    return _narrow_equal(code.left, code.right, equal, box) or changed


def _narrow_equal(left: Code, right: Code, equal: bool, box: Box) -> bool:
    """Know whether two things, both there, are equal."""
    changed = False
    for one, other in ((left, right), (right, left)):
        found = box.values(other).without_null()
        if equal:
            changed |= require_values(one, found, box)
        elif found.single:
            now = box.values(one)
            rest = Values(
                common(now.spans, complement(found.spans) if found.spans else ALL),
                now.words - found.words,
                now.flags - found.flags,
                now.null,
            )
            changed |= require_values(one, rest, box)
    return changed


def _require_same(left: Code, right: Code, wanted: Truths, box: Box) -> bool:
    one, other = box.values(left), box.values(right)
    if wanted == _TRUE:
        both = meet(one, other)
        return steps((require_values(left, both, box), require_values(right, both, box)))
    for code, found, against in ((left, one, other), (right, other, one)):
        if not against.some:
            return require_null(code, False, box)
        if against.single and not found.null:
            return _narrow_equal(left, right, False, box)
        if against.single:
            rest = Values(
                common(found.spans, complement(against.spans) if against.spans else ALL),
                found.words - against.words,
                found.flags - against.flags,
                True,
            )
            return require_values(code, rest, box)
    return False


def _require_logic(items: Sequence[Code], wanted: Truths, decides: bool, box: Box) -> bool:
    """`or` where True decides it, `and` where False does."""
    if decides not in wanted:
        # None of the items decides; where the whole is known each of them is.
        rest = _ANY - {decides} if None in wanted else frozenset((not decides,))
        return steps(require(item, rest, box) for item in items)
    if wanted == {decides}:
        able = [item for item in items if decides in box.values(item).truths]
        if not able:
            raise Contradiction
        return require(able[0], frozenset((decides,)), box) if len(able) == 1 else False
    return False


def _require_first(first: Code, second: Code, wanted: Truths, box: Box) -> bool:
    able = bool(box.values(second).truths & wanted)
    changed = require(first, (wanted - _NULL) | (_NULL if able else frozenset()), box)
    if box.values(first).truths == _NULL:
        changed |= require(second, wanted, box)
    return changed


def _require_choice(code: Choose, wanted: Truths, box: Box) -> bool:
    able: set[bool | None] = {None} if None in wanted else set()
    able |= {True} if box.values(code.then).truths & wanted else set()
    able |= {False} if box.values(code.otherwise).truths & wanted else set()
    changed = require(code.condition, frozenset(able), box)
    left = box.values(code.condition).truths
    if left == _TRUE:
        changed |= require(code.then, wanted, box)
    elif left == _FALSE:
        changed |= require(code.otherwise, wanted, box)
    return changed
