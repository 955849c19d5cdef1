"""The static types of the expression language. Values of these types are compared with their own kind only.

A number knows its scale (digits after the point; None while it is an exact fraction that still has to be rounded) and
the interval it must lie in, as far as that is known. `optional` says that a value can be missing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeVar


@dataclass(frozen=True, slots=True)
class Number:
    """An exact number. `scale` None: a quotient not yet rounded. `low`, `high`: closed bounds, None where unknown."""

    scale: int | None = 0
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A text; `labels` is the closed set it is drawn from, where that is known (a band, an enumeration)."""

    labels: tuple[str, ...] | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """true or false; an optional flag is three-valued."""

    optional: bool = False


@dataclass(frozen=True, slots=True)
class Date:
    optional: bool = False


@dataclass(frozen=True, slots=True)
class DateTime:
    """Local civil time to the second, without zone."""

    optional: bool = False


@dataclass(frozen=True, slots=True)
class Duration:
    """`days`: days, hours, minutes and seconds; `months`: years and months. The two do not mix."""

    of: Literal["days", "months"]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """The name of a target of `kind`. Compared with `=` only, with its own kind or a text literal."""

    kind: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Null:
    """The literal null."""

    optional: bool = True


Type = Number | Text | Flag | Date | DateTime | Duration | Member | Null

T = TypeVar("T", Number, Text, Flag, Date, DateTime, Duration, Member, Type)


def as_optional(type_: Type, optional: bool = True) -> Type:
    """The same type, missing allowed or not. Null stays Null."""
    if isinstance(type_, Null) or type_.optional == optional:
        return type_
    return replace(type_, optional=optional)
