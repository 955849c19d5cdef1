"""Constants and checked expressions, as they stand in a plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction

from cityrules.feel.tree import Tree
from cityrules.feel.types import Type
from cityrules.text.source import Span

# A constant that stands in the document for a value: exact number, label, flag, or None for `null`.
Constant = int | Fraction | str | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class Expr:
    """A checked expression. `guards`: divisors that can be zero (the measure states `empty` for them). `span`: where it
    stands in the text; two that differ in nothing else are equal."""

    text: str
    path: str
    tree: Tree
    guards: tuple[Tree, ...] = ()
    span: Span | None = field(default=None, compare=False)

    @property
    def type(self) -> Type:
        return self.tree.type
