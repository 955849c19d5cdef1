"""Which numbers a measure can take at all, where its parts are known numbers: 100 less tens is never 95.

Knows plans; runs nothing. Never too few numbers: where nothing is known, all that the type has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Arithmetic, Call, If, Literal_, Lookup, Negate, Read, Tree
from cityrules.feel.types import Number, Type
from cityrules.plan.model import Expr, Fold, Formula, Ledger, Measure, Plan, Rule
from cityrules.plan.names import Dial, Measured
from cityrules.plan.reading import all_items

_ZERO: Final = Fraction(0)
_KEEPS: Final = ("min", "max", "first", "last")


@dataclass(frozen=True, slots=True)
class Grid:
    """The numbers `base` plus whole multiples of `step`; of step 0 `base` alone."""

    base: Fraction
    step: Fraction

    def holds(self, value: Fraction) -> bool:
        """Whether a number is one of them."""
        apart = value - self.base
        return apart == 0 if self.step == 0 else (apart / self.step).denominator == 1

    def join(self, other: Grid) -> Grid:
        """All numbers of both, and what lies between on the same grid."""
        return Grid(self.base, common(common(self.step, other.step), abs(self.base - other.base)))

    def plus(self, other: Grid) -> Grid:
        return Grid(self.base + other.base, common(self.step, other.step))

    def by(self, factor: Fraction) -> Grid:
        return Grid(self.base * factor, self.step * abs(factor))

    def summed(self) -> Grid:
        """Sums of any number of them."""
        return Grid(_ZERO, common(self.step, abs(self.base)))


def common(one: Fraction, other: Fraction) -> Fraction:
    """The greatest number of which both are multiples."""
    while other:
        one, other = other, one % other
    return one


@dataclass(slots=True)
class Grids:
    """The grids of a plan, worked out when they are asked for."""

    plan: Plan
    _known: dict[str, Grid | None] = field(default_factory=dict)

    def step(self, tree: Tree) -> Fraction | None:
        """How far from one value of an expression the next can be; None where that is not known."""
        grid = self.of(tree)
        return grid.step if grid is not None and grid.step else None

    def of(self, tree: Tree) -> Grid | None:
        """The numbers that an expression can come to; None where it is no number, or has no last digit."""
        found = self._of(tree)
        return _by_type(tree.type) if found is None else found

    def of_measure(self, name: str) -> Grid | None:
        """The numbers that a measure can have. One that is read while it is worked out is as its type says."""
        if name not in self._known:
            type_ = self.plan.measures[name].type
            self._known[name] = _by_type(type_)
            found = self._of_measure(self.plan.measures[name])
            if found is not None:
                self._known[name] = found
        return self._known[name]

    def _of(self, tree: Tree) -> Grid | None:
        match tree:
            case Literal_(value=value) if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
                return Grid(Fraction(value), _ZERO)
            case Read(binding=Dial(name=name)):
                return _constants(value for _, value in self.plan.parameters[name].values)
            case Read(binding=Measured(measure=name, back="", through=None)):  # What was before can be given.
                return self.of_measure(name)
            case Lookup():
                return self._of(tree.value)
            case Negate():
                found = self.of(tree.operand)
                return None if found is None else found.by(Fraction(-1))
            case Arithmetic(op="+" | "-" | "*" as op):
                return self._calculated(op, self.of(tree.left), self.of(tree.right))
            case If():
                return _joined((self.of(tree.then), self.of(tree.otherwise)))
            case Call(function="default" | "min" | "max"):
                return _joined(self.of(one) for one in tree.arguments)
            case _:
                return None

    def _calculated(self, op: str, left: Grid | None, right: Grid | None) -> Grid | None:
        if left is None or right is None:
            return None
        if op != "*":
            return left.plus(right if op == "+" else right.by(Fraction(-1)))
        if left.step and right.step:
            return Grid(_ZERO, _product(left, right))
        return left.by(right.base) if right.step == 0 else right.by(left.base)

    def _of_measure(self, measure: Measure) -> Grid | None:
        if not isinstance(measure.type, Number):
            return None
        match measure:
            case Ledger(carried=False, rescale=False):
                return self._ledger(measure)
            case Formula(round=None):
                return self._with_stated(self.of(measure.value.tree), measure)
            case Fold(op="count" | "distinct"):
                return Grid(_ZERO, Fraction(1))
            case Fold(op="sum", value=value, round=None) if value is not None:
                found = self._with_stated(self.of(value.tree), measure)
                return None if found is None else found.summed()
            case Fold(op=op, value=value, round=None) if op in _KEEPS and value is not None:
                return self._with_stated(self.of(value.tree), measure)
            case _:
                return None

    def _with_stated(self, found: Grid | None, measure: Formula | Fold) -> Grid | None:
        """With what is stated for nothing."""
        stated = [one.value for one in (measure.missing, measure.empty) if one is not None and one.value is not None]
        return _joined((found, _constants(stated))) if stated else found

    def _ledger(self, ledger: Ledger) -> Grid | None:
        base = self.of(ledger.base.tree)
        moves = [self._moved(rule) for rule in ledger.rules]
        moves += [self._at(cap.at) for cap in ledger.caps]
        moves += [self._at(item.worth) for item in all_items(ledger.items)]
        if base is None or any(move is None for move in moves):
            return None
        for move in moves:
            assert move is not None
            base = base.plus(Grid(_ZERO, move.summed().step))
        for bound in (ledger.floor, ledger.ceiling):
            base = base if bound is None else base.join(Grid(bound, _ZERO))
        digits = None if ledger.round is None else Fraction(1, 10**ledger.round.digits)
        return base if digits is None or Grid(_ZERO, digits).join(base).step == digits else Grid(_ZERO, digits)

    def _moved(self, rule: Rule) -> Grid | None:
        points = self.of(rule.points.tree)
        if points is None or rule.times is None:
            return points
        return self._calculated("*", points, self.of(rule.times.tree))

    def _at(self, expr: Expr) -> Grid | None:
        return self.of(expr.tree)


def _product(one: Grid, other: Grid) -> Fraction:
    """A step of which all products of two are multiples."""
    parts = (one.base, one.step), (other.base, other.step)
    found = _ZERO
    for left in parts[0]:
        for right in parts[1]:
            found = common(found, abs(left * right))
    return found


def _constants(values: Iterable[object]) -> Grid | None:
    found: Grid | None = None
    for value in values:
        if not isinstance(value, (int, Fraction)) or isinstance(value, bool):
            return None
        one = Grid(Fraction(value), _ZERO)
        found = one if found is None else found.join(one)
    return found


def _joined(grids: Iterable[Grid | None]) -> Grid | None:
    found: Grid | None = None
    for grid in grids:
        if grid is None:
            return None
        found = grid if found is None else found.join(grid)
    return found


def _by_type(type_: Type) -> Grid | None:
    return Grid(_ZERO, Fraction(1, 10**type_.scale)) if isinstance(type_, Number) and type_.scale is not None else None
