"""Whether conditions of a scheme can come out as wanted: what names can be, parameters day by day, answers that hold.

The answer `no` is proved; `yes` comes with values on which the reference evaluator says the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from itertools import count, islice
from typing import Final, Literal, cast

from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Binding, Literal_, Months, Node, Read, Tree, Value
from cityrules.feel.types import Date, DateTime, Duration, Member, Number, Text, Type
from cityrules.feel.walk import nodes, reads
from cityrules.plan import bounds
from cityrules.plan.code import Code, words
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Constant, Plan
from cityrules.plan.names import Dial, Field, Identity, Measured
from cityrules.plan.overflow import overflow
from cityrules.results.format import NOTHING, as_text
from cityrules.solve.backward import Truths
from cityrules.solve.linear import Form
from cityrules.solve.search import Found, search
from cityrules.solve.smt import decide
from cityrules.solve.values import Scalar, Values, meet, whole

TRUE: Final[Truths] = frozenset((True,))
FALSE: Final[Truths] = frozenset((False,))
HIT: Final[Truths] = frozenset((True, None))
MISSED: Final[Truths] = frozenset((False, None))

_LIKELY: Final = dt.datetime(2024, 1, 1)

Wanted = tuple[Tree, Truths]
Dials = Mapping[tuple[str, str], Constant]
"""The value of each parameter with dated values on each side (of the cell, of the element)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`yes` with values of the names as they are written, `no`, or `unknown`."""

    answer: Literal["yes", "no", "unknown"]
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def never(self) -> bool:
        return self.answer == "no"

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.values.items()) or "-"


@dataclass(frozen=True, slots=True)
class Asking:
    """Asks about one plan. `measured`: what a measure can be, as far as more is known than its type."""

    plan: Plan
    measured: Callable[[str], Values | None]

    def ask(self, wanted: Sequence[Wanted], within: Mapping[Form, Values] | None = None) -> Answer:
        """Whether each condition can come out as one of the truth values beside it at one and the same place; of sums
        of the same names `within` says where they lie. Parameters hold as on some day."""
        unknown = False
        for dials in self.days([tree for tree, _ in wanted]):
            now = [(with_dials(tree, dials), truths) for tree, truths in wanted]
            found = self._ask(now, within or {})
            if found.answer == "yes":
                return found
            unknown |= found.answer == "unknown"
        return Answer("unknown" if unknown else "no")

    def days(self, trees: Sequence[Tree]) -> Iterator[Dials]:
        """The values that the parameters in some trees have together on a day, on each side."""
        dials = {name for tree in trees for name in reads(tree) if isinstance(name, Dial)}
        found: list[dict[tuple[str, str], Constant]] = [{}]
        for side in ("cell", "element"):
            names = sorted({dial.name for dial in dials if dial.side == side})
            given = [self.plan.parameters[name] for name in names]
            days = sorted({dt.date.min, *(day for one in given for day, _ in one.values)})
            sides = []
            for day in days:
                held = {(one.name, side): one.on(day) for one in given if one.values}
                if held not in sides:
                    sides.append(held)
            found = [{**one, **other} for one in found for other in sides]
        yield from found

    def beyond_alike(self, one: Tree, other: Tree) -> bool:
        """Whether it is proved that the one leaves the calendar (a date beyond year 9999, a year that the working
        calendar does not know) wherever the other does. Lowered code has something missing there, and no difference."""
        try:
            beyond = overflow(one), overflow(other)
        except TooLargeError:
            return False
        ways = ([(beyond[place], TRUE), (beyond[1 - place], FALSE)] for place in (0, 1))
        return beyond[0] == beyond[1] or all(self._found(codes, [one, other], {}).answer == "no" for codes in ways)

    def names(self, codes: Sequence[Code], trees: Sequence[Tree]) -> dict[Binding, Values]:
        """What the names in some conditions can be."""
        every = dict.fromkeys(name for tree in trees for name in reads(tree))
        return with_words(codes, {name: self._values(name) for name in every})

    def _ask(self, wanted: Sequence[Wanted], within: Mapping[Form, Values]) -> Answer:
        try:
            codes = [(lower_flag(tree), truths) for tree, truths in wanted]
        except TooLargeError:
            return Answer("unknown")
        trees = [tree for tree, _ in wanted]
        found = self._found(codes, trees, within)
        if found.answer != "yes":
            return Answer(found.answer)
        if not confirmed(wanted, found.values):
            return Answer("unknown")
        return Answer("yes", _told(trees, found))

    def _found(
        self, codes: Sequence[tuple[Code, Truths]], trees: Sequence[Tree], within: Mapping[Form, Values]
    ) -> Found:
        names = self.names([code for code, _ in codes], trees)
        near = {name: _near(name.type) for name in names}
        found = search(codes, names, near, within)
        return decide(codes, names, within) if found.answer == "unknown" else found

    def _values(self, name: Binding) -> Values | None:
        """What a name can be; None for any text there is."""
        type_ = name.type
        values = by_type(type_)
        # An attribute that names a kind, and what is computed from one, can be any text.
        if values is None and isinstance(type_, Member) and isinstance(name, (Field, Identity)):
            members = self.plan.kinds[type_.kind].members
            values = Values(words=frozenset(members), null=type_.optional) if isinstance(members, tuple) else None
        # What was before what is assessed can be given, as whatever the type allows.
        if isinstance(name, Measured) and not name.back:
            known = self.measured(name.measure)
            same = _scale(self.plan.measures[name.measure].type) == _scale(type_)
            if known is not None and values is not None and known.some and same:
                values = meet(values, replace(known, null=True))
        return values


def with_words(codes: Sequence[Code], known: Mapping[Binding, Values | None]) -> dict[Binding, Values]:
    """What names can be in some conditions, where None says any text: what stands in the conditions, what other names
    can be, and as many texts besides as there are such names, so that they can all differ."""
    said = words(*codes).union(*(one.words for one in known.values() if one is not None))
    open_ = [name for name, values in known.items() if values is None]
    others = islice((f"other {number}" for number in count(1) if f"other {number}" not in said), len(open_))
    pool = said | frozenset(others)
    return {
        name: Values(words=pool, null=_optional(name.type)) if values is None else values
        for name, values in known.items()
    }


def by_type(type_: Type) -> Values | None:
    """What a value of a type can be, numbers in units of 10^-scale; None for any text there is."""
    null = _optional(type_)
    match type_:
        case Text(labels=labels):
            return None if labels is None else Values(words=frozenset(labels), null=null)
        case Member():
            return None
        case Number() | Date() | DateTime() | Duration():
            return whole(*bounds.interval(type_), null=null)
        case _:
            return Values(flags=frozenset((True, False)), null=null)


def _scale(type_: Type) -> int | None:
    return type_.scale if isinstance(type_, Number) else None


def _optional(type_: Type) -> bool:
    return type_.optional


def with_dials(tree: Tree, dials: Dials) -> Tree:
    """A tree with numbers and dates in the place of parameters."""
    if isinstance(tree, Read):
        if isinstance(tree.binding, Dial) and (tree.binding.name, tree.binding.side) in dials:
            value = dials[tree.binding.name, tree.binding.side]
            return Literal_(_of_constant(tree.type, value), tree.start, tree.end, value)
        return tree
    changed: dict[str, object] = {}
    for part in fields(tree):
        now = getattr(tree, part.name)
        if isinstance(now, Node):
            changed[part.name] = with_dials(cast("Tree", now), dials)
        elif isinstance(now, tuple) and now and isinstance(now[0], Node):
            changed[part.name] = tuple(with_dials(one, dials) for one in now)
    return replace(tree, **changed) if changed else tree  # type: ignore[arg-type]


def _of_constant(type_: Type, value: Constant) -> Type:
    if isinstance(type_, Number) and isinstance(value, (int, Fraction)):
        return replace(type_, low=Fraction(value), high=Fraction(value))
    return type_


def confirmed(wanted: Sequence[Wanted], values: Mapping[Binding, Scalar]) -> bool:
    """Whether the reference evaluator says of values what is wanted."""

    def read(name: Binding) -> Value:
        return as_value(name.type, values[name])

    try:
        return all(evaluate(tree, read) in truths for tree, truths in wanted)
    except EvaluationError:
        return False


def as_value(type_: Type, scalar: Scalar) -> Value:
    """A whole number, text or truth value as the value of a type that it stands for."""
    if scalar is None or isinstance(scalar, (bool, str)):
        return scalar
    match type_:
        case Number(scale=scale):
            exact = Fraction(scalar, 10 ** (scale or 0))
            return exact.numerator if exact.denominator == 1 else exact
        case Date():
            return bounds.EPOCH + dt.timedelta(days=scalar)
        case DateTime():
            return dt.datetime(1970, 1, 1) + dt.timedelta(seconds=scalar)
        case Duration(of="months"):
            return Months(scalar)
        case _:
            return dt.timedelta(seconds=scalar)


def _near(type_: Type) -> int:
    seconds = int((_LIKELY - dt.datetime(1970, 1, 1)).total_seconds())
    return seconds if isinstance(type_, DateTime) else seconds // 86_400 if isinstance(type_, Date) else 0


def _told(trees: Sequence[Tree], found: Found) -> dict[str, str]:
    names = {node.binding: node.name for tree in trees for node in nodes(tree) if isinstance(node, Read)}
    values = {name: (as_value(bound.type, found.values[bound]), bound.type) for bound, name in names.items()}
    return {name: as_text(value, type_) or NOTHING for name, (value, type_) in values.items()}
