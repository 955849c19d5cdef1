"""The untyped parse tree: what was written, with the characters it was written in. Knows no names and no types."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Relator = Literal["=", "!=", "<", "<=", ">", ">="]
Operator = Literal["+", "-", "*", "/", "**"]


@dataclass(frozen=True, slots=True)
class Node:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Bad(Node):
    """Something the parser has already complained about; the checker passes over it in silence."""


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A literal number, text, true, false or null."""

    value: Fraction | str | bool | None


@dataclass(frozen=True, slots=True)
class At(Node):
    """`@"..."`: a date, a date-time or a duration, told apart by its text."""

    text: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """A dotted name; `ends` holds where each part ends."""

    names: tuple[str, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dot(Node):
    """A property of something that is not a name, such as `date("2024-01-01").year`."""

    base: Expr
    name: str


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments by position; `name_end` is where the name ends."""

    name: str
    name_end: int
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Minus(Node):
    operand: Expr


@dataclass(frozen=True, slots=True)
class Binary(Node):
    op: Operator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Relation(Node):
    op: Relator
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Junction(Node):
    """`and` or `or` over two or more items; a chain of one word is one flat node."""

    op: Literal["and", "or"]
    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Between(Node):
    value: Expr
    low: Expr
    high: Expr


@dataclass(frozen=True, slots=True)
class RelationTest(Node):
    """`< 5` inside `in (...)`."""

    op: Relator
    operand: Expr


@dataclass(frozen=True, slots=True)
class RangeTest(Node):
    """`[a..b]` and its open forms."""

    low: Expr
    high: Expr
    low_closed: bool
    high_closed: bool


@dataclass(frozen=True, slots=True)
class ValueTest(Node):
    """A plain value: equality."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class In(Node):
    value: Expr
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Choice(Node):
    """`if condition then ... else ...`."""

    condition: Expr
    then: Expr
    otherwise: Expr


Test = RelationTest | RangeTest | ValueTest
Expr = Bad | Constant | At | Path | Dot | Call | Minus | Binary | Relation | Junction | Between | In | Choice
