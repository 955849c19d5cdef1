"""From the declared type of a field to the static type of its value. Knows no names but those of kinds."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel.types import Date, DateTime, Flag, Member, Number, Text, Type
from cityrules.plan.bounds import MOST_SCALED
from cityrules.scheme.notation import FieldType

BASES = ("text", "flag", "date", "datetime", "count", "number(2)")
"""What can be written for a field besides a kind of target, for messages."""


def limit(scale: int) -> Fraction:
    """The size of a number without a stated range: 15 digits, of which `scale` are after the point."""
    return Fraction(MOST_SCALED, 10**scale)


def field_type(field: FieldType, optional: bool = False) -> Type:
    """The static type of a field's value; `optional`: it can be missing for another reason than its own type."""
    missing = field.optional or optional
    match field.base:
        case "text":
            return Text(None, missing)
        case "enumeration":
            return Text(field.labels, missing)
        case "flag":
            return Flag(missing)
        case "date":
            return Date(missing)
        case "datetime":
            return DateTime(missing)
        case "kind":
            return Member(field.kind or "", missing)
        case _:
            low = -limit(field.scale) if field.low is None else field.low
            high = max(low, limit(field.scale)) if field.high is None else field.high
            return Number(field.scale, min(low, high), high, field.unit, missing)


def ends(number: Number) -> tuple[Fraction, Fraction]:
    """The least and the greatest value of a number; where no bound is known, those of a number without a range."""
    size = limit(number.scale or 0)
    return -size if number.low is None else number.low, size if number.high is None else number.high
