"""What a condition proves when it is true, and when it is false: names that are not missing, numbers that are not zero.

Only definite outcomes prove anything; an unknown condition proves nothing. A fact about a number holds for every
expression of the same shape, wherever it stands. Behind an item of `and` or `or` that is unknown, evaluation goes on:
what is said there about numbers has to hold even then (`unless_true`, `unless_false`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import reduce

from cityrules.feel.tree import (
    Arithmetic,
    Binding,
    Call,
    Compare,
    Comparison,
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
from cityrules.feel.types import Number
from cityrules.feel.walk import children, nodes

Shape = Hashable


@dataclass(frozen=True, slots=True)
class Facts:
    present: frozenset[Binding] = frozenset()
    positive: frozenset[Shape] = frozenset()
    nonzero: frozenset[Shape] = frozenset()

    def both(self, other: Facts) -> Facts:
        """What holds where both hold."""
        if other is NOTHING:
            return self
        return Facts(self.present | other.present, self.positive | other.positive, self.nonzero | other.nonzero)

    def either(self, other: Facts) -> Facts:
        """What holds where one of the two holds."""
        return Facts(self.present & other.present, self.positive & other.positive, self.nonzero & other.nonzero)


NOTHING = Facts()


def shape(tree: Tree) -> Shape:
    """The same for two expressions that say the same, wherever they stand."""
    match tree:
        case Literal_(value=value):
            return (type(value).__name__, value)
        case Read(binding=binding):
            return binding
        case Property(name=name) | Call(function=name):
            mark = name
        case Arithmetic(op=op) | Compare(op=op) | Logic(op=op):
            mark = op
        case IsMissing(negated=negated):
            mark = f"missing {negated}"
        case Working(ask=ask):
            mark = ask
        case _:
            mark = ""
    return (type(tree).__name__, mark, *(shape(part) for part in children(tree)))


def when_true(tree: Tree) -> Facts:
    """What holds where a condition is true."""
    return _facts(tree, True, False)


def when_false(tree: Tree) -> Facts:
    """What holds where a condition is false."""
    return _facts(tree, False, False)


def unless_false(tree: Tree) -> Facts:
    """What may be relied on behind an item of an `and`: it is true, or unknown, and then so is all that follows."""
    return _facts(tree, True, True)


def unless_true(tree: Tree) -> Facts:
    """What may be relied on behind an item of an `or`: it is false, or unknown, and then so is all that follows."""
    return _facts(tree, False, True)


def _facts(tree: Tree, outcome: bool, doubtful: bool) -> Facts:
    """`doubtful`: the outcome may also be unknown. Names that are missing then make what reads them missing, which
    does no harm; a sign has to be certain, for a divisor would be zero."""
    match tree:
        case Read():
            return Facts(frozenset({tree.binding}))
        case Not():
            return _facts(tree.operand, not outcome, doubtful)
        case IsMissing(operand=operand):
            return Facts(needed(operand)) if tree.negated is outcome else NOTHING
        case Logic():
            found = (_facts(item, outcome, doubtful) for item in tree.items)
            return _all(found) if (tree.op == "and") is outcome else _any(found)
        case Compare():
            return _compared(tree, outcome, doubtful)
        case _:
            return NOTHING


def _all(found: Iterable[Facts]) -> Facts:
    every = list(found)
    return Facts(
        frozenset().union(*(facts.present for facts in every)),
        frozenset().union(*(facts.positive for facts in every)),
        frozenset().union(*(facts.nonzero for facts in every)),
    )


def _any(found: Iterable[Facts]) -> Facts:
    return reduce(Facts.either, found)


_OPPOSITE: dict[Comparison, Comparison] = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_MIRROR: dict[Comparison, Comparison] = {"=": "=", "!=": "!=", "<": ">", ">": "<", ">=": "<=", "<=": ">="}


def _compared(tree: Compare, outcome: bool, doubtful: bool) -> Facts:
    op = tree.op if outcome else _OPPOSITE[tree.op]
    present: frozenset[Binding] = frozenset()
    if not tree.null_safe or tree.op not in ("=", "!="):
        present = needed(tree.left) | needed(tree.right)
    elif op == "=":
        # Equal to something that is never missing is not missing itself.
        if _never_missing(tree.right):
            present = needed(tree.left)
        elif _never_missing(tree.left):
            present = needed(tree.right)
    found = Facts(present)
    # Beside something that is there, a number of the wrong sign gives a definite answer; only a missing one gives none.
    if not doubtful or _surely_there(tree.right):
        found = found.both(_sign(tree.left, op, tree.right))
    if not doubtful or _surely_there(tree.left):
        found = found.both(_sign(tree.right, _MIRROR[op], tree.left))
    return found.both(_difference(tree.left, op, tree.right))


def _difference(left: Tree, op: Comparison, right: Tree) -> Facts:
    """What `left op right` says about `left - right` and `right - left`. Where one side is missing, so are they, which
    does no harm whatever the outcome."""
    if op not in (">", "<", "!=") or not (isinstance(left.type, Number) and isinstance(right.type, Number)):
        return NOTHING
    forth, back = (("Arithmetic", "-", shape(a), shape(b)) for a, b in ((left, right), (right, left)))
    positive = {">": frozenset({forth}), "<": frozenset({back})}.get(op, frozenset())
    return Facts(positive=positive, nonzero=frozenset({forth, back}))


def _surely_there(tree: Tree) -> bool:
    """Whether a side of a comparison has a value whatever is missing: no part of it is a name that can be."""
    return all(_never_missing(node) for node in nodes(tree) if isinstance(node, (Read, Literal_)))


def _never_missing(tree: Tree) -> bool:
    """Whether a side of a comparison has a value whatever was proved before: a literal, or a name so typed."""
    if isinstance(tree, Read):
        return not tree.binding.type.optional
    return isinstance(tree, Literal_) and tree.value is not None


def _sign(tree: Tree, op: Comparison, other: Tree) -> Facts:
    """What `tree op other` says about the sign of `tree`, from the bounds of `other`."""
    if isinstance(tree, Literal_) or not (isinstance(tree.type, Number) and isinstance(other.type, Number)):
        return NOTHING
    low, high = other.type.low, other.type.high
    above = low is not None and ((op == ">" and low >= 0) or (op in (">=", "=") and low > 0))
    below = high is not None and ((op == "<" and high <= 0) or (op in ("<=", "=") and high < 0))
    other_than_zero = op == "!=" and low == 0 and high == 0
    if not (above or below or other_than_zero):
        return NOTHING
    key = frozenset({shape(tree)})
    return Facts(positive=key if above else frozenset(), nonzero=key)


def needed(tree: Tree) -> frozenset[Binding]:
    """The names that are not missing whenever the tree has a value."""
    match tree:
        case Read():
            return frozenset({tree.binding})
        case Property() | Negate() | Arithmetic() | Not() | Working():
            return frozenset().union(*(needed(part) for part in children(tree)))
        case Compare() if not (tree.null_safe and tree.op in ("=", "!=")):
            return needed(tree.left) | needed(tree.right)
        case Lookup():
            return frozenset().union(*(needed(key) for key in tree.keys))
        case Call() if tree.function != "default":
            return frozenset().union(*(needed(part) for part in tree.arguments))
        case _:
            return frozenset()
