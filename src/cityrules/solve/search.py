"""Finds values of names with which conditions come out as wanted, or shows that there are none.

Narrows, tells cases apart by one comparison after the other, and tries values in each. Knows code; no trees and no
schemes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.feel.tree import Binding
from cityrules.plan.code import Code, Compare, IsNull, Same, Slot, children
from cityrules.solve.backward import Contradiction, Truths, require, require_form, steps
from cityrules.solve.forward import Box, Exhausted, Work
from cityrules.solve.linear import Form
from cityrules.solve.values import Scalar, Values, exactly, meet, nearest, whole

MOST_CASES: Final = 1000
"""Of more cases than these it stays unknown."""
MOST_WORK: Final = 100_000
"""So many pieces of code are looked at for one question, some of them again and again."""
_ROUNDS: Final = 30

Wanted = tuple[Code, Truths]


@dataclass(frozen=True, slots=True)
class Found:
    """`yes` with values of the names that do it, `no`, or `unknown`."""

    answer: Literal["yes", "no", "unknown"]
    values: Mapping[Binding, Scalar]


NO: Final = Found("no", {})
UNKNOWN: Final = Found("unknown", {})


def search(
    wanted: Sequence[Wanted],
    names: Mapping[Binding, Values],
    near: Mapping[Binding, int],
    forms: Mapping[Form, Values],
) -> Found:
    """Whether each condition can come out as one of the truth values beside it, and each sum within what it may be.
    `near`: of numbers that are as good as others, the one to be preferred (0 where it says nothing)."""
    try:
        return _searched(wanted, Box(dict(names), work=Work(MOST_WORK)), near, forms)
    except Exhausted:
        return UNKNOWN


def _searched(
    wanted: Sequence[Wanted], whole_box: Box, near: Mapping[Binding, int], forms: Mapping[Form, Values]
) -> Found:
    waiting = [whole_box]
    atoms = _atoms([code for code, _ in wanted])
    doubt = False
    for _ in range(MOST_CASES):
        if not waiting:
            return UNKNOWN if doubt else NO
        box = waiting.pop()
        try:
            _narrow(wanted, forms, box)
        except Contradiction:
            continue
        if (values := _tried(wanted, box, near, forms)) is not None:
            return Found("yes", values)
        cases = _cases(wanted, atoms, box)
        if cases is None:
            doubt = True
        else:
            waiting.extend(cases)
    return UNKNOWN


def _narrow(wanted: Sequence[Wanted], forms: Mapping[Form, Values], box: Box) -> None:
    for _ in range(_ROUNDS):
        within = steps(require_form(form, values.spans, box) for form, values in forms.items())
        if not steps(require(code, truths, box) for code, truths in wanted) and not within:
            return


def _atoms(codes: Sequence[Code]) -> tuple[Code, ...]:
    """The conditions that have no condition in them that is told apart first, in the order of the text."""
    found: dict[int, Code] = {}
    seen: set[int] = set()
    rest = list(reversed(codes))
    while rest:
        node = rest.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, (Compare, Same, IsNull)) or (isinstance(node, Slot) and node.sort == "bool"):
            found[id(node)] = node
        rest.extend(reversed(children(node)))
    return tuple(found.values())


def _cases(wanted: Sequence[Wanted], atoms: Sequence[Code], box: Box) -> list[Box] | None:
    """The box as several that leave nothing out, the most likely last; None where it cannot be taken apart."""
    for atom in atoms:
        truths = box.values(atom).truths
        if len(truths) > 1:
            found = []
            for truth in sorted(truths, key=lambda one: (one is not None, one is True)):
                inside = box.copy()
                try:
                    require(atom, frozenset((truth,)), inside)
                except Contradiction:
                    continue
                found.append(inside)
            if all(one.names != box.names or one.forms != box.forms for one in found):
                return found
    return _halves(wanted, box)


def _halves(wanted: Sequence[Wanted], box: Box) -> list[Box] | None:
    """The box cut at a name that can be several values."""
    names = sorted(_names(wanted), key=lambda name: box.names[name].size)
    open_ = [name for name in names if not box.names[name].single]
    if not open_:
        return None
    name = open_[0]
    found = []
    for part in _parts(box.names[name]):
        inside = box.copy()
        inside.names[name] = part
        found.append(inside)
    return found


def _parts(values: Values) -> tuple[Values, Values]:
    if values.null:
        return Values(null=True), values.without_null()
    if values.words:
        first = min(values.words)
        return Values(words=values.words - {first}), exactly(first)
    if values.flags:
        return exactly(False), exactly(True)
    if len(values.spans) > 1:
        return Values(values.spans[1:]), Values(values.spans[:1])
    middle = (values.low + values.high) // 2
    return whole(middle + 1, values.high), whole(values.low, middle)


def _names(wanted: Sequence[Wanted]) -> tuple[Binding, ...]:
    found: dict[Binding, None] = {}
    seen: set[int] = set()
    rest = [code for code, _ in reversed(wanted)]
    while rest:
        node = rest.pop()
        if id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, Slot):
                found[node.binding] = None
            rest.extend(reversed(children(node)))
    return tuple(found)


def _tried(
    wanted: Sequence[Wanted], box: Box, near: Mapping[Binding, int], forms: Mapping[Form, Values]
) -> dict[Binding, Scalar] | None:
    """Values out of a box that do it, found by setting one name after the other; None where that leads nowhere."""
    for way in ("near", "low", "high"):
        tried = box.copy()
        try:
            for name in _names(wanted):
                values = tried.names[name]
                tried.names[name] = exactly(_pick(values, near.get(name, 0), way))
                tried.forget()
                if not values.single:
                    _narrow(wanted, forms, tried)
        except Contradiction:
            continue
        if comes_out(wanted, tried.names) and all(_within(form, at, tried.names) for form, at in forms.items()):
            # A name that the code does without can be anything.
            return {name: _pick(values, near.get(name, 0), "near") for name, values in tried.names.items()}
    return None


def comes_out(wanted: Sequence[Wanted], names: Mapping[Binding, Values]) -> bool:
    """Whether the conditions come out as wanted, where each name has one value."""
    box = Box(dict(names))
    return all(box.values(code).truths <= truths for code, truths in wanted)


def _pick(values: Values, near: int, way: str) -> Scalar:
    if values.flags:
        return way != "low" if len(values.flags) > 1 else next(iter(values.flags))
    if values.words:
        return max(values.words) if way == "high" else min(values.words)
    if values.spans:
        return nearest(values.spans, near) if way == "near" else values.low if way == "low" else values.high
    return None


def _within(form: Form, values: Values, names: Mapping[Binding, Values]) -> bool:
    return not meet(Box(dict(names)).of_form(form), values).empty
