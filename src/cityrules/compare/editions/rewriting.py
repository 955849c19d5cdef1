"""Trees in which every measure that is read may be away: in cells of another edition it is. Knows no edition."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, cast

from cityrules.feel.tree import IsMissing, Node, Read, Tree
from cityrules.feel.types import as_optional
from cityrules.plan.names import Measured


def where_missing(tree: Tree) -> Tree:
    """The tree with all that is read of measures taken for what can be missing, and the types that come of it; the very
    same one where it reads none."""
    if isinstance(tree, Read):
        if not isinstance(tree.binding, Measured):
            return tree
        return replace(tree, type=as_optional(tree.type), binding=replace(tree.binding, type=as_optional(tree.type)))
    changes: dict[str, Any] = {}
    for one in fields(tree):
        part = getattr(tree, one.name)
        new = _part(part)
        if new is not part:
            changes[one.name] = new
    if not changes:
        return tree
    type_ = tree.type if isinstance(tree, IsMissing) else as_optional(tree.type)
    return cast("Tree", replace(tree, type=type_, **changes))


def _part(part: Any) -> Any:
    if isinstance(part, Node):
        return where_missing(cast("Tree", part))
    if isinstance(part, tuple) and any(isinstance(one, Node) for one in part):
        new = tuple(map(_part, part))
        return part if all(one is old for one, old in zip(new, part, strict=True)) else new
    return part
