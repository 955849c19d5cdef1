"""Asks the solver z3 what intervals and cases leave unknown. Imported late; without z3 it stays unknown.

Whole numbers are its integers, texts their places in the order of all that can come up; each value has a flag beside it
that says whether it is missing. Parts of dates and look-ups in lists are not told to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from importlib.util import find_spec
from typing import Any, Final

from cityrules.feel.tree import Binding
from cityrules.plan.code import (
    Abs,
    Add,
    And,
    Choose,
    Coalesce,
    Code,
    Compare,
    Const,
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
    children,
    words,
)
from cityrules.scheme.notation import RoundingMode
from cityrules.solve.backward import Truths
from cityrules.solve.linear import Form
from cityrules.solve.search import NO, UNKNOWN, Found, Wanted
from cityrules.solve.values import FAR, Scalar, Values

MOST_STEPS: Final = 2_000_000
"""The work allowed for one question, in z3's own units: the same on every machine, unlike a time."""

Pair = tuple[Any, Any]
"""A value, and whether it is missing."""


def available() -> bool:
    """Whether z3 is installed (extra `analysis`)."""
    return find_spec("z3") is not None


def decide(wanted: Sequence[Wanted], names: Mapping[Binding, Values], forms: Mapping[Form, Values]) -> Found:
    """What `search` answers, by z3; `unknown` where it is not installed, gives up, or would have to know a calendar."""
    if not available():
        return UNKNOWN
    import z3

    texts = sorted(words(*(code for code, _ in wanted)).union(*(one.words for one in names.values())))
    said = _Said(z3, names, {text: place for place, text in enumerate(texts)})
    solver = z3.Solver()
    solver.set("rlimit", MOST_STEPS)
    try:
        for code, truths in wanted:
            solver.add(said.among(code, truths))
        for form, values in forms.items():
            total, null = said.total([(said.pair(term), factor) for term, factor in form])
            solver.add(z3.Not(null), said.within(total, values))
    except NotImplementedError:
        return UNKNOWN
    solver.add(*said.known)
    answer = solver.check()
    if answer == z3.unsat:
        return NO
    if answer != z3.sat:
        return UNKNOWN
    model = solver.model()
    return Found("yes", {name: said.value(name, model, texts) for name in names})


@dataclass(slots=True)
class _Said:
    """Code as z3 has it; `known` is what is known of the names."""

    z3: Any
    names: Mapping[Binding, Values]
    places: Mapping[str, int]
    known: list[Any] = field(default_factory=list)
    _slots: dict[Binding, Pair] = field(default_factory=dict)
    _pairs: dict[int, Pair] = field(default_factory=dict)

    def among(self, code: Code, truths: Truths) -> Any:
        """That a condition comes out as one of some truth values."""
        value, null = self.pair(code)
        z3 = self.z3
        able = {None: null, True: z3.And(z3.Not(null), value), False: z3.And(z3.Not(null), z3.Not(value))}
        return z3.Or(*(able[truth] for truth in truths))

    def within(self, number: Any, values: Values) -> Any:
        z3 = self.z3
        spans = [
            z3.And(*(side for side, far in ((number >= low, low == -FAR), (number <= high, high == FAR)) if not far))
            for low, high in values.spans
        ]
        return z3.Or(*spans, *(number == self.places[word] for word in values.words))

    def value(self, name: Binding, model: Any, words: Sequence[str]) -> Scalar:
        """What a name is in a model."""
        known = self.names[name]
        value, null = self._slot(name)
        if not known.some or (known.null and self.z3.is_true(model.eval(null, model_completion=True))):
            return None
        found = model.eval(value, model_completion=True)
        if known.flags:
            return bool(self.z3.is_true(found))
        number = int(found.as_long())
        return words[number] if known.words else number

    def pair(self, code: Code) -> Pair:
        if id(code) not in self._pairs:
            self._pairs[id(code)] = self._pair(code)
        return self._pairs[id(code)]

    def _slot(self, name: Binding) -> Pair:
        if name not in self._slots:
            z3, known, number = self.z3, self.names[name], len(self._slots)
            value = z3.Bool(f"v{number}") if known.flags or not known.some else z3.Int(f"v{number}")
            null = z3.Bool(f"n{number}") if known.null else z3.BoolVal(False)
            if known.flags:
                inside = z3.Or(*(value == flag for flag in known.flags))
            else:
                inside = self.within(value, known) if known.some else z3.BoolVal(False)
            # What is missing is within what it could be as well: nothing reads it there.
            self.known.append(inside if known.some else null)
            self._slots[name] = value, null
        return self._slots[name]

    def _pair(self, code: Code) -> Pair:
        z3 = self.z3
        match code:
            case Const(value=None):
                return (z3.BoolVal(False) if code.sort == "bool" else z3.IntVal(0)), z3.BoolVal(True)
            case Const(value=bool(flag)):
                return z3.BoolVal(flag), z3.BoolVal(False)
            case Const(value=int(number)):
                return z3.IntVal(number), z3.BoolVal(False)
            case Const(value=str(word)):
                return z3.IntVal(self.places[word]), z3.BoolVal(False)
            case Slot(binding=binding):
                return self._slot(binding)
            case And() | Or():
                return self._logic(code)
            case Not(item=item):
                value, null = self.pair(item)
                return z3.Not(value), null
            case IsNull(item=item):
                return self.pair(item)[1], z3.BoolVal(False)
            case Compare(left=left, right=right):
                one, other = self.pair(left), self.pair(right)
                return _related(code.op, one[0], other[0]), z3.Or(one[1], other[1])
            case Same(left=left, right=right):
                one, other = self.pair(left), self.pair(right)
                both = z3.And(z3.Not(one[1]), z3.Not(other[1]), one[0] == other[0])
                return z3.Or(z3.And(one[1], other[1]), both), z3.BoolVal(False)
            case Choose(condition=condition, then=then, otherwise=otherwise):
                (truth, null), one, other = self.pair(condition), self.pair(then), self.pair(otherwise)
                return z3.If(truth, one[0], other[0]), z3.Or(null, z3.If(truth, one[1], other[1]))
            case Coalesce(first=first, second=second):
                one, other = self.pair(first), self.pair(second)
                return z3.If(one[1], other[0], one[0]), z3.And(one[1], other[1])
            case _:
                return self._number(code)

    def _logic(self, code: And | Or) -> Pair:
        z3, decides = self.z3, isinstance(code, Or)
        items = [self.pair(item) for item in code.items]
        decided = z3.Or(*(z3.And(z3.Not(null), value == decides) for value, null in items))
        return decided == decides, z3.And(z3.Not(decided), z3.Or(*(null for _, null in items)))

    def total(self, parts: Sequence[tuple[Pair, int]]) -> Pair:
        return self.z3.Sum(*(pair[0] * factor for pair, factor in parts)), self.z3.Or(*(pair[1] for pair, _ in parts))

    def _number(self, code: Code) -> Pair:
        z3 = self.z3
        if not isinstance(code, (Add, Mul, Neg, Abs, Div, Least, Greatest, Within)):
            raise NotImplementedError(type(code).__name__)
        parts = [self.pair(part) for part in children(code)]
        values, null = [part[0] for part in parts], z3.Or(*(part[1] for part in parts))
        match code:
            case Add():
                return z3.Sum(*values), null
            case Mul():
                return values[0] * values[1], null
            case Neg():
                return -values[0], null
            case Abs():
                return z3.If(values[0] < 0, -values[0], values[0]), null
            case Div(mode=mode):
                return self._divided(values[0], values[1], mode), z3.Or(null, values[1] <= 0)
            case Least():
                return reduce(lambda one, other: z3.If(one < other, one, other), values), null
            case Greatest():
                return reduce(lambda one, other: z3.If(one > other, one, other), values), null
            case Within(low=low, high=high):
                return values[0], z3.Or(null, values[0] < low, values[0] > high)

    def _divided(self, n: Any, d: Any, mode: RoundingMode) -> Any:
        """A quotient of a positive divisor, rounded; z3 divides integers toward minus infinity then."""
        z3 = self.z3
        if mode == "floor":
            return n / d
        if mode == "ceiling":
            return -(-n / d)
        size = z3.If(n < 0, -n, n)
        whole = size / d
        rest = size - whole * d
        more = {
            "half up": 2 * rest >= d,
            "half down": 2 * rest > d,
            "half even": z3.Or(2 * rest > d, z3.And(2 * rest == d, whole % 2 == 1)),
            "up": rest > 0,
            "down": z3.BoolVal(False),
        }[mode]
        found = whole + z3.If(more, 1, 0)
        return z3.If(n < 0, -found, found)


def _related(op: str, left: Any, right: Any) -> Any:
    match op:
        case "=":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case _:
            return left >= right
