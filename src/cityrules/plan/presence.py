"""What code proves about its names: which are there when it is true, which it needs, whether it can be missing."""

from __future__ import annotations

from collections.abc import Callable

from cityrules.feel.tree import Binding
from cityrules.plan.code import (
    AddMonths,
    And,
    Choose,
    Coalesce,
    Code,
    Compare,
    Const,
    Div,
    IsNull,
    Lookup,
    Not,
    Or,
    Same,
    Slot,
    Within,
    children,
)

Known = frozenset[Binding]
NOTHING: Known = frozenset()


def nullable(code: Code, known: Known, optional: Callable[[Binding], bool]) -> bool:
    """Whether the value can be missing where the `known` names are not; `optional` says it of the others."""
    if not code.nullable:
        return False
    match code:
        case Slot():
            return code.binding not in known and optional(code.binding)
        case Const():
            return code.value is None
        case Same() | IsNull():
            return False
        case Coalesce():
            return nullable(code.first, known, optional) and nullable(code.second, known, optional)
        case AddMonths() | Within() | Lookup():
            return True
        case Div() if code.guarded:
            return True
        case Choose():
            return (
                nullable(code.condition, known, optional)
                or nullable(code.then, known | proved(code.condition, True), optional)
                or nullable(code.otherwise, known | proved(code.condition, False), optional)
            )
        case And() | Or():
            for item in code.items:
                if nullable(item, known, optional):
                    return True
                known = known | proved(item, isinstance(code, And))
            return False
        case _:
            return any(nullable(part, known, optional) for part in children(code))


def proved(code: Code, outcome: bool) -> Known:
    """The names that are there when `code` is true (or false)."""
    match code:
        case And() | Or():
            found = [proved(item, outcome) for item in code.items]
            every = isinstance(code, And) is outcome
            return NOTHING.union(*found) if every else found[0].intersection(*found[1:])
        case Not():
            return proved(code.item, not outcome)
        case IsNull():
            return NOTHING if outcome else needed(code.item)
        case Slot() | Compare():
            return needed(code)
        case _:
            return NOTHING


def needed(code: Code) -> Known:
    """The names that are there whenever `code` has a value."""
    match code:
        case Slot():
            return frozenset({code.binding})
        case Coalesce() | Choose() | Same() | IsNull() | And() | Or():
            return NOTHING
        case _:
            return NOTHING.union(*(needed(part) for part in children(code)))
