"""Ways through a typed tree."""

from __future__ import annotations

from collections.abc import Iterator

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


def children(tree: Tree) -> tuple[Tree, ...]:
    """The direct parts of a node, from left to right."""
    match tree:
        case Literal_() | Read():
            return ()
        case Property(base=base):
            return (base,)
        case Negate() | IsMissing() | Not() | Working():
            return (tree.operand,)
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return left, right
        case Logic(items=items):
            return items
        case If(condition=condition, then=then, otherwise=otherwise):
            return condition, then, otherwise
        case Call(arguments=arguments):
            return arguments
        case Lookup(value=value):
            return (value,)


def nodes(tree: Tree) -> Iterator[Tree]:
    """Every node, a parent before its parts, from left to right. A part used twice comes twice."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def reads(tree: Tree) -> tuple[Binding, ...]:
    """What the names in a tree mean, in the order of the text, each once."""
    return tuple(dict.fromkeys(node.binding for node in nodes(tree) if isinstance(node, Read)))


def constant(tree: Tree) -> bool:
    """Whether a tree reads no name."""
    return not any(isinstance(node, Read) for node in nodes(tree))
