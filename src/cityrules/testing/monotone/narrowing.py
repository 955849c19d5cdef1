"""What a condition says of the names in it: between what numbers lie where it holds, among which labels a name is."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from cityrules.feel.interval import Interval
from cityrules.feel.tree import Arithmetic, Binding, Compare, Literal_, Logic, Read, Tree
from cityrules.feel.types import Number, Text


def among(tree: Tree) -> tuple[Binding, frozenset[str]] | None:
    """`x = "a"`, or several of these about the same name: the name and the labels."""
    match tree:
        case Compare(op="=", left=Read(binding=binding), right=Literal_(value=str() as label)):
            return binding, frozenset((label,))
        case Compare(op="=", left=Literal_(value=str() as label), right=Read(binding=binding)):
            return binding, frozenset((label,))
        case Compare(op="!=", left=Read(binding=binding, type=Text(labels=labels)), right=Literal_(value=label)):
            known = labels is not None and isinstance(label, str)
            return (binding, frozenset(labels or ()) - {str(label)}) if known else None
        case Logic(op="or", items=items):
            found = [among(item) for item in items]
            first = found[0]
            if first is None or any(one is None or one[0] != first[0] for one in found):
                return None
            return first[0], frozenset(label for one in found if one is not None for label in one[1])
    return None


def bounds_where(tree: Tree, condition: Tree | None) -> Interval:
    """Between what a number lies where a condition holds: what it says of names on the way is made use of."""
    known: dict[Binding, Interval] = {}
    waiting = [] if condition is None else [condition]
    while waiting:
        part = waiting.pop()
        match part:
            case Logic(op="and", items=items):
                waiting.extend(items)
            case Compare(op=">" | ">=", left=Read(binding=binding), right=Literal_(value=int() | Fraction() as value)):
                known[binding] = Interval(Fraction(value))
            case Compare(op="<" | "<=", left=Literal_(value=int() | Fraction() as value), right=Read(binding=binding)):
                known[binding] = Interval(Fraction(value))
    return _bounds(tree, known)


def _bounds(tree: Tree, known: Mapping[Binding, Interval]) -> Interval:
    stated = Interval.of(tree.type) if isinstance(tree.type, Number) else Interval()
    found = stated
    match tree:
        case Read(binding=binding) if binding in known:
            found = known[binding]
        case Arithmetic(op="+", left=left, right=right):
            found = _bounds(left, known) + _bounds(right, known)
        case Arithmetic(op="-", left=left, right=right):
            found = _bounds(left, known) - _bounds(right, known)
        case Arithmetic(op="*", left=left, right=right):
            found = _bounds(left, known) * _bounds(right, known)
    low = max((end for end in (stated.low, found.low) if end is not None), default=None)
    return Interval(low, stated.high)
