"""Small pieces of Python text: constants, relations, sums, divisions. Knows codes, no names of values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cityrules.feel.tree import Binding
from cityrules.plan.code import Code, Compare, Const, Neg, Relation, Slot
from cityrules.scheme.notation import RoundingMode

RELATORS: Final[dict[Relation, str]] = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
OPPOSITES: Final[dict[Relation, str]] = {"=": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
MOST_TERMS: Final = 50
"""Of a sum in one bracket."""


@dataclass(slots=True)
class Strict:
    """An expression that has a value when all `guards`, evaluated in order, are true."""

    guards: list[str]
    text: str


def divided(n: str, d: str, mode: RoundingMode, positive: bool) -> str:
    """`n / d` rounded, for d > 0; `positive`: n is never negative."""
    match mode:
        case "floor":
            return f"({n} // {d})"
        case "ceiling":
            return f"(-(-{n} // {d}))"
        case "down" if positive:
            return f"({n} // {d})"
        case "half up" if positive:
            return f"((2 * {n} + {d}) // (2 * {d}))"
        case _:
            return f"divided({n}, {d}, {mode!a})"


def constant(code: Code) -> str:
    """A constant as Python text."""
    assert isinstance(code, Const)
    if isinstance(code.value, int) and not isinstance(code.value, bool) and code.value < 0:
        return f"({code.value:d})"
    return ascii(code.value)


def equality(code: Code) -> tuple[Binding, str] | None:
    """The name and the constant of `name = constant`."""
    match code:
        case Compare(op="=", left=Slot(binding=binding), right=Const(value=int() | str()) as right):
            return binding, constant(right)
        case _:
            return None


def at_hand(text: str) -> bool:
    """Whether writing it twice costs nothing: a name or a whole number."""
    return text.isidentifier() or text.strip("(-)").isdecimal()


def every(texts: list[str]) -> str:
    return f"({' and '.join(texts)})" if len(texts) > 1 or not texts[0].startswith("(") else texts[0]


def total(items: tuple[Code, ...], texts: list[str]) -> str:
    """A sum, in bunches: the parser of CPython nests a long one to the left."""
    if len(texts) > MOST_TERMS:
        bunches = [" + ".join(texts[at : at + MOST_TERMS]) for at in range(0, len(texts), MOST_TERMS)]
        return f"(({') + ('.join(bunches)}))"
    text = texts[0]
    for item, part in zip(items[1:], texts[1:], strict=True):
        minus = isinstance(item, Neg) and part.startswith("(-")
        text += f" - {part[2:-1]}" if minus else f" + {part}"
    return f"({text})"
