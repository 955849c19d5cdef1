"""How the value of an expression moves with the names in it: sign analysis on typed trees. Knows no plan.

Each rule is sound for any change of the names, not only for small ones: a product moves with a factor as the least and
greatest value of the other one say, a condition that changes sides moves its `if` as the bounds of the branches say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from cityrules.feel.interval import Interval
from cityrules.feel.tree import (
    Arithmetic,
    Binding,
    Call,
    Compare,
    If,
    IsMissing,
    Literal_,
    Logic,
    Lookup,
    Negate,
    Not,
    Property,
    Read,
    Tree,
    Working,
)
from cityrules.feel.types import Flag, Number, Text
from cityrules.feel.walk import nodes, reads
from cityrules.testing.monotone.moves import ANY, STILL, Move, joined
from cityrules.testing.monotone.narrowing import among

Order = tuple[str, ...]
"""Labels from the least to the greatest."""
SPLITS: Final = 8
"""On how many conditions two branches are told apart before nothing is known of them."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of names: how each moves, here and `anywhere`, and in which order its labels stand, if in any."""

    move: Callable[[Binding], Move]
    anywhere: Callable[[Binding], Move]
    order: Callable[[Binding], Order | None]


def motion(tree: Tree, sight: Sight) -> Move:
    """How the value of a tree moves. Labels move along `order_of` the tree."""
    if all(sight.move(binding).still for binding in reads(tree)):
        return STILL
    return _Motion(sight, order_of(tree, sight)).of(tree)


def order_of(tree: Tree, sight: Sight) -> Order | None:
    """The one order in which all labels stand that a tree of texts can give; None where there is none."""
    if not isinstance(tree.type, Text):
        return None
    found = {sight.order(leaf.binding) for leaf in _leaves(tree) if isinstance(leaf, Read)}
    if not found:
        return _chain(tree, sight)
    order = found.pop()
    labels = [leaf.value for leaf in _leaves(tree) if isinstance(leaf, Literal_)]
    return order if not found and order is not None and all(label in order for label in labels) else None


def _leaves(tree: Tree) -> list[Tree]:
    """What a tree can give: itself, or the leaves of its branches."""
    return [*_leaves(tree.then), *_leaves(tree.otherwise)] if isinstance(tree, If) else [tree]


def _chain(tree: Tree, sight: Sight) -> Order | None:
    """The order of the labels of a chain of conditions that all move one way: whoever leaves the first branch comes to
    a later one."""
    labels: list[str] = []
    moves = STILL
    # The order is the same wherever the measure has a cell, whatever moves there.
    wide = Sight(sight.anywhere, sight.anywhere, sight.order)
    while isinstance(tree, If):
        if not isinstance(tree.then, Literal_) or not isinstance(tree.then.value, str):
            return None
        labels.append(tree.then.value)
        moves |= motion(tree.condition, wide)
        tree = tree.otherwise
    if not isinstance(tree, Literal_) or not isinstance(tree.value, str):
        return None
    labels.append(tree.value)
    once = tuple(dict.fromkeys(labels))
    if len(once) < len(labels) or (moves.up and moves.down):
        return None
    return once if moves.up else once[::-1]


class _Motion:
    def __init__(self, sight: Sight, order: Order | None) -> None:
        self._sight = sight
        self._order = order
        self._known: dict[int, Move] = {}

    def of(self, tree: Tree) -> Move:
        # A part that stands in two places is one object, and is looked at once.
        found = self._known.get(id(tree))
        if found is None:
            found = self._known[id(tree)] = self._of(tree)
        return found

    def _of(self, tree: Tree) -> Move:
        match tree:
            case Literal_():
                return STILL
            case Read(binding=binding):
                found = self._sight.move(binding)
                # A label that moves along another order than that of the whole says nothing.
                ordered = not isinstance(tree.type, Text) or self._sight.order(binding) == self._order is not None
                return found if ordered or found.still else ANY
            case Property(base=base, name=name):
                found = self.of(base)
                return found if found.still or name == "year" else ANY
            case Negate(operand=operand):
                return -self.of(operand)
            case Not(operand=operand):
                return -self.of(operand)
            case Working(operand=operand):
                return self.of(operand)
            case Lookup(value=value):
                return self.of(value)
            case IsMissing(operand=operand):
                found = motion(operand, self._sight)
                return STILL if found.steady else ANY
            case Arithmetic():
                return self._arithmetic(tree)
            case Compare():
                return self._compare(tree)
            case Logic(items=items):
                return self._logic(tree, items)
            case If():
                return self._if(tree)
            case Call(function=function, arguments=arguments):
                return self._call(function, arguments)

    def _arithmetic(self, tree: Arithmetic) -> Move:
        left, right = self.of(tree.left), self.of(tree.right)
        if left.still and right.still:
            return STILL
        if tree.op in "+-":
            return left | (right if tree.op == "+" else -right)
        one, two = tree.left.type, tree.right.type
        if not isinstance(one, Number) or not isinstance(two, Number):
            return ANY
        if tree.op == "*":
            return left.times(Interval.of(two)) | right.times(Interval.of(one))
        if tree.op == "/":
            if two.low is not None and (two.low > 0 or (two.low == 0 and right.still)):
                return left | (-right).times(Interval.of(one))
            return ANY
        exponent = Interval.of(two).low
        if exponent is None or exponent < 0:
            return -left if one.low is not None and one.low > 0 else ANY
        return left if exponent % 2 == 1 or (one.low is not None and one.low >= 0) else ANY

    def _compare(self, tree: Compare) -> Move:
        asked = self._labels(tree)
        if asked is not None:
            return asked
        left, right = motion(tree.left, self._sight), motion(tree.right, self._sight)
        if left.still and right.still:
            return STILL
        # Texts are compared in binary order, which is not the one that labels move along.
        if not (left.steady and right.steady) or isinstance(tree.left.type, Text):
            return ANY
        if tree.op in (">", ">="):
            return _flag(left | -right)
        if tree.op in ("<", "<="):
            return _flag(-left | right)
        return _equal(tree, left, right)

    def _logic(self, tree: Logic, items: tuple[Tree, ...]) -> Move:
        asked = self._labels(tree)
        if asked is not None:
            return asked
        found = joined(self.of(item) for item in items)
        # Where one part is unknown, another one that moves decides whether the whole is.
        return Move(found.up, found.down, found.steady and (found.still or not tree.type.optional))

    def _if(self, tree: If) -> Move:
        condition, then, otherwise = motion(tree.condition, self._sight), self.of(tree.then), self.of(tree.otherwise)
        if condition.still:
            return then | otherwise
        if not condition.steady:
            turned = ANY
        elif self._not_less(tree.then, tree.otherwise):
            turned = condition
        else:
            turned = -condition if self._not_less(tree.otherwise, tree.then) else ANY
        sure = not (tree.then.type.optional or tree.otherwise.type.optional or tree.condition.type.optional)
        found = turned | then | otherwise
        return Move(found.up, found.down, found.steady and sure)

    def _call(self, function: str, arguments: tuple[Tree, ...]) -> Move:
        moves = [self.of(argument) for argument in arguments]
        found = joined(moves)
        if found.still:
            return STILL
        match function:
            case "min" | "max" | "date":
                return found
            case "count_true" if not any(argument.type.optional for argument in arguments):
                return found
            case "not":
                return -found
            case "abs":
                type_ = arguments[0].type
                if isinstance(type_, Number) and type_.low is not None and type_.low >= 0:
                    return found
            case "full_steps" | "begun_steps" if moves[1].still:
                return moves[0]
            case "days_between" | "minutes_between" | "working_days_between":
                return -moves[0] | moves[1]
            case "default" if moves[0].steady or isinstance(arguments[0].type, Flag):
                # A flag that is unknown stands between the two others, and so does what is made of it.
                return found
        return ANY

    def _not_less(self, one: Tree, two: Tree, splits: int = SPLITS) -> bool:
        """Whether no value of one tree is less than the other's at the same place: whatever they lie between, and where
        that does not decide it, whatever the conditions say that do not move."""
        first, second = self._extent(one), self._extent(two)
        if first is not None and second is not None and _above(first, second):
            return True
        turns = (part.condition for tree in (one, two) for part in nodes(tree) if isinstance(part, If))
        condition = next((each for each in turns if motion(each, self._sight).still), None)
        if condition is None or splits == 0:
            return False
        return all(
            self._not_less(_given(one, condition, holds), _given(two, condition, holds), splits - 1)
            for holds in (True, False)
        )

    def _extent(self, tree: Tree) -> Interval | None:
        """Between what a value lies: a number, a flag as 0 and 1, a label as its place in the order."""
        if isinstance(tree, Lookup):
            return self._extent(tree.value)
        if isinstance(tree, If):
            one, two = self._extent(tree.then), self._extent(tree.otherwise)
            return None if one is None or two is None else one.hull(two)
        match tree.type:
            case Number():
                return Interval.of(tree.type)
            case Flag():
                value = tree.value if isinstance(tree, Literal_) else None
                return _from_to(value is True, value is not False)
            case Text(labels=labels):
                found = (str(tree.value),) if isinstance(tree, Literal_) else labels
                if self._order is None or not found or not all(label in self._order for label in found):
                    return None
                places = [self._order.index(label) for label in found]
                return _from_to(min(places), max(places))
        return None

    def _labels(self, tree: Tree) -> Move | None:
        """How a question moves whether one name is among some labels; None where it is another question."""
        asked = among(tree)
        if asked is None:
            return None
        binding, labels = asked
        move, order = self._sight.move(binding), self._sight.order(binding)
        if move.still:
            return STILL
        if order is None or not move.steady or not all(label in order for label in labels):
            return ANY
        places = sorted(order.index(label) for label in labels)
        if places == list(range(len(places))):
            return -move
        return move if places == list(range(len(order) - len(places), len(order))) else ANY


def _given(tree: Tree, condition: Tree, holds: bool) -> Tree:
    """A tree where it is known of a condition whether it holds."""
    while isinstance(tree, Lookup):
        tree = tree.value
    if not isinstance(tree, If):
        return tree
    if tree.condition == condition:
        return _given(tree.then if holds else tree.otherwise, condition, holds)
    then, otherwise = (_given(part, condition, holds) for part in (tree.then, tree.otherwise))
    return replace(tree, then=then, otherwise=otherwise)


def _above(one: Interval, two: Interval) -> bool:
    """Whether no value of one interval is less than any of the other."""
    return one.low is not None and two.high is not None and one.low >= two.high


def _from_to(low: int, high: int) -> Interval:
    return Interval(Fraction(low), Fraction(high))


def _flag(move: Move) -> Move:
    """A comparison of what is steady is steady."""
    return Move(move.up, move.down)


def _equal(tree: Compare, left: Move, right: Move) -> Move:
    """A number that equals the least or greatest that it can be, or a flag that equals true or false."""
    sides = ((tree.left, left, tree.right, right), (tree.right, right, tree.left, left))
    for side, move, other, stays in sides:
        if not stays.still or not isinstance(other, Literal_):
            continue
        match side.type:
            case Flag():
                found = move if other.value is True else -move
            case Number(low=low) if low is not None and other.value == low:
                found = -move
            case Number(high=high) if high is not None and other.value == high:
                found = move
            case _:
                continue
        # An unknown flag is no value that equals true or false: it goes with what is not meant.
        if isinstance(side.type, Flag) and side.type.optional:
            return ANY
        return _flag(found if tree.op == "=" else -found)
    return ANY
