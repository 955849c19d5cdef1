"""The plainest reading of `plan.code`: a recursive interpreter, to compare lowering and generated code with."""

from __future__ import annotations

from collections.abc import Mapping

from cityrules.feel.tree import Binding
from cityrules.plan import bounds, whole
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
    children,
)

Plain = int | str | bool | None


def run(code: Code, values: Mapping[Binding, Plain]) -> Plain:
    """The value of code for given values of its slots; every bound that the code claims is asserted on the way."""
    found = _run(code, values)
    if found is None:
        assert code.nullable, code
    elif code.sort == "int":
        assert isinstance(found, int)
        assert code.low <= found <= code.high, (code, found)
    else:
        assert isinstance(found, bool if code.sort == "bool" else str), (code, found)
    return found


def _run(code: Code, values: Mapping[Binding, Plain]) -> Plain:
    match code:
        case Const():
            return code.value
        case Slot():
            return values[code.binding]
        case Coalesce():
            first = run(code.first, values)
            return run(code.second, values) if first is None else first
        case Choose():
            condition = run(code.condition, values)
            return None if condition is None else run(code.then if condition else code.otherwise, values)
    parts = [run(part, values) for part in children(code)]
    match code:
        case IsNull():
            return parts[0] is None
        case Same():
            return parts[0] == parts[1]
        case And():
            return False if False in parts else None if None in parts else True
        case Or():
            return True if True in parts else None if None in parts else False
    if None in parts:
        return None
    return _strict(code, parts)


def _strict(code: Code, parts: list) -> Plain:
    match code:
        case Add():
            for n in range(len(parts)):
                assert bounds.bits_of(sum(parts[: n + 1]), 0) <= code.work
            return sum(parts)
        case Mul():
            return parts[0] * parts[1]
        case Neg():
            return -parts[0]
        case Abs():
            return abs(parts[0])
        case Div():
            assert bounds.bits_of(0, 2 * abs(parts[0]) + parts[1]) <= code.work
            assert code.guarded or parts[1] > 0
            return whole.divided(parts[0], parts[1], code.mode) if parts[1] > 0 else None
        case Compare():
            return whole.related(code.op, *parts)
        case Not():
            return not parts[0]
        case Least():
            return min(parts)
        case Greatest():
            return max(parts)
        case DatePart():
            return whole.part_of(code.part, parts[0])
        case AddMonths():
            return whole.add_months(*parts)
        case Within():
            return parts[0] if code.low <= parts[0] <= code.high else None
        case Lookup():
            place = parts[0] - code.listing.first
            return code.listing.values[place] if 0 <= place < len(code.listing.values) else None
    raise AssertionError(code)
