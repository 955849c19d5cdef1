"""Values as they stand in result tables: texts and decimals with static scales. Knows types, no engine and no file.

`as_text` writes what `values`, `grades`, `inputs` and evidence show; `as_decimal` what the number columns hold.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Context, Decimal
from fractions import Fraction

from cityrules.feel.tree import Months, Value
from cityrules.feel.types import Number, Type
from cityrules.plan.model import Consequence, Constant, Ledger, Missing, Plan
from cityrules.plan.rational import DECIMALS
from cityrules.plan.reading import all_items
from cityrules.scheme.notation import FieldType, plain_number, scale_of

# How evidence writes a value that is not there.
NOTHING = "null"
# The default context would round to 28 digits.
_EXACT = Context(prec=400)


def as_text(value: Value, type_: Type) -> str | None:
    """A value in words: a number with exactly the digits of its type's scale (an unrounded quotient as `fraction_text`
    writes it), `true` and `false`, dates ISO, durations ISO 8601; None stays None.

    Raises ValueError for a number with more digits than its scale.
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        scale = type_.scale if isinstance(type_, Number) else None
        return fraction_text(value) if scale is None else _digits(scaled(value, scale), scale)
    if isinstance(value, dt.datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    return _months(value) if isinstance(value, Months) else _days(value)


def fraction_text(value: int | Fraction) -> str:
    """An exact number in at most six decimals, without zeros at the end; else as `n/d` in lowest terms."""
    if (value * 10**DECIMALS).denominator == 1:
        return plain_number(value)
    return f"{value.numerator}/{value.denominator}"


def as_evidence(named: Iterable[tuple[str, Value, Type]]) -> str:
    """`name=value; name=value` in the given order, each name once; what is missing is written `null`."""
    parts: dict[str, str] = {}
    for name, value, type_ in named:
        text = as_text(value, type_)
        parts.setdefault(name, NOTHING if text is None else text)
    return "; ".join(f"{name}={text}" for name, text in parts.items())


def as_decimal(value: int | Fraction, scale: int) -> Decimal:
    """The exact decimal with `scale` digits after the point. Raises ValueError where it would take more digits."""
    return Decimal(scaled(value, scale)).scaleb(-scale, _EXACT)


def scaled(value: int | Fraction, scale: int) -> int:
    """`value` times 10 to the power of `scale`. Raises ValueError where that is not whole."""
    power: int = 10**scale
    if isinstance(value, int):
        return value * power
    whole, rest = divmod(value.numerator * power, value.denominator)
    if rest:
        raise ValueError(f"{value} has more than {scale} digits")
    return whole


def number_scale(type_: Type) -> int:
    """Digits after the point of a number type, 0 for all others."""
    return (type_.scale or 0) if isinstance(type_, Number) else 0


def ledger_scale(ledger: Ledger) -> int:
    """Digits of `nominal` and `points` in the lines of a ledger: enough for its value, base, every price times
    quantity, every cap, floor and ceiling. (Price and quantity are written with the scales of their expressions.)"""
    bounds: list[Constant] = [ledger.floor, ledger.ceiling]
    return max(
        number_scale(ledger.type),
        number_scale(ledger.base.type),
        *(
            number_scale(rule.points.type) + (number_scale(rule.times.type) if rule.times else 0)
            for rule in ledger.rules
        ),
        *(number_scale(cap.at.type) for cap in ledger.caps),
        *(number_scale(item.worth.type) for item in all_items(ledger.items)),
        *(scale_of(bound) or 0 for bound in bounds if isinstance(bound, (int, Fraction))),
        0,
    )


def ledger_digits(plan: Plan) -> Mapping[str, int]:
    """Digits after the point that each column of numbers of the table `ledger` needs for all ledgers of a plan."""
    ledgers = [measure for measure in plan.measures.values() if isinstance(measure, Ledger)]
    rules = [rule for ledger in ledgers for rule in ledger.rules]
    points = max((ledger_scale(ledger) for ledger in ledgers), default=0)
    return {
        "price": max((number_scale(rule.points.type) for rule in rules), default=0),
        "quantity": max((number_scale(rule.times.type) for rule in rules if rule.times), default=0),
        "nominal": points,
        "points": points,
    }


def with_stand_in(type_: Type, missing: Missing | None) -> Type:
    """The type of a value for which a stated one may stand in: with as many digits as either has."""
    value = missing.value if missing else None
    if not isinstance(type_, Number) or type_.scale is None or isinstance(value, bool):
        return type_
    if not isinstance(value, (int, Fraction)):
        return type_
    return replace(type_, scale=max(type_.scale, scale_of(value) or 0))


def level_type(consequence: Consequence, counted: Type) -> Type:
    """The type of a ladder's level: that of what it counts, with the digits of the bound that a restart takes off."""
    if consequence.surplus != "carried" or not isinstance(counted, Number):
        return counted
    bounds = (step.bound for step in consequence.steps if step.name == consequence.restart_after)
    return replace(counted, scale=max([counted.scale or 0, *(number_scale(bound.type) for bound in bounds if bound)]))


def as_field_text(value: Value, type_: FieldType) -> str:
    """The canonical text of a field's value, as keys write it; nothing is the empty text."""
    return as_text(value, Number(type_.scale)) or ""


def _digits(whole: int, scale: int) -> str:
    if scale == 0:
        return str(whole)
    sign = "-" if whole < 0 else ""
    digits = str(abs(whole)).rjust(scale + 1, "0")
    return f"{sign}{digits[:-scale]}.{digits[-scale:]}"


def _months(value: Months) -> str:
    years, months = divmod(abs(value.count), 12)
    parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return ("-" if value.count < 0 else "") + "P" + (parts or "0M")


def _days(value: dt.timedelta) -> str:
    seconds = value.days * 86_400 + value.seconds
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    time = "".join(f"{n}{mark}" for n, mark in ((hours, "H"), (minutes, "M"), (rest, "S")) if n)
    if not days and not time:
        return "PT0S"
    return f"{sign}P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")
