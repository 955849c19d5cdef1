"""The parameters with their types and dated values, out of the document. Knows no names and no expressions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Mapping
from fractions import Fraction

from cityrules.feel.types import Date, Number, Type
from cityrules.plan.model import Constant, ParameterPlan
from cityrules.plan.reporting import Address, Reporter
from cityrules.scheme.document import ParameterBody
from cityrules.scheme.durations import LIMIT_UNITS, parse_limit, parse_own_limit
from cityrules.scheme.notation import NotationError, parse_numeral, scale_of

UNSTATED = "unstated"

# What is assumed of a number the text does not give, so that what reads it can be checked: positive, four digits, to a
# million. What reads it is not computed; once it is stated its own size counts, in sums over years of records, too.
_SCALE = 4
_LONGEST = Fraction(10**4)
_LOW, _HIGH = Fraction(1, 10**_SCALE), Fraction(10**6)


def build_parameters(reporter: Reporter) -> dict[str, ParameterPlan]:
    """Every parameter by name; complaints go to the reporter. One without a stated value has no `values`."""
    return {name: _parameter(reporter, name, body) for name, body in reporter.loaded.document.parameters.items()}


def _parameter(reporter: Reporter, name: str, body: ParameterBody) -> ParameterPlan:
    path = ("parameters", name)
    if body.values is not None:
        given = _dated(reporter, path, body.values)
    else:
        given = [(dt.date.min, body.value or UNSTATED, (*path, "value"))]
    values: list[tuple[dt.date, Constant]] = []
    unit = body.unit
    unstated = not given
    for day, text, place in given:
        if text == UNSTATED:
            unstated = True
            continue
        value, own_unit = _value(reporter, place, text)
        if own_unit is not None and unit is not None and own_unit != unit:
            reporter.refuse("CR413", place, found=own_unit, other=unit)
        unit = unit or own_unit
        if value is not None:
            values.append((day, value))
    if any(isinstance(value, dt.date) != isinstance(values[0][1], dt.date) for _, value in values):
        reporter.refuse("CR412", (*path, "values"), name=name)
    type_ = _type([value for _, value in values], unit, unit in LIMIT_UNITS or unit in _units(reporter))
    return ParameterPlan(name, type_, () if unstated else tuple(values), unit, body.clause, body.label)


def _dated(reporter: Reporter, path: Address, values: Mapping[str, str]) -> list[tuple[dt.date, str, Address]]:
    """The values by the day from which each holds, in order of the days."""
    found = [(dt.date.fromisoformat(key), text, (*path, "values", key)) for key, text in values.items()]
    found.sort(key=lambda entry: entry[0])
    begins = reporter.loaded.document.in_force.from_
    if isinstance(begins, dt.date) and found and found[0][0] > begins:
        reporter.refuse("CR414", found[0][2], found=found[0][0], begins=begins)
    return found


def _value(reporter: Reporter, path: Address, text: str) -> tuple[Fraction | dt.date | None, str | None]:
    """A number with the unit behind it, a limit likewise, or a date; None where the text is none of them."""
    own = parse_own_limit(text)
    if own is not None and own.unit in _units(reporter):
        return Fraction(own.count), own.unit
    try:
        limit = parse_limit(text)
        return Fraction(limit.count), limit.unit
    except NotationError:
        pass
    try:
        numeral = parse_numeral(text)
    except NotationError:
        try:
            return dt.date.fromisoformat(text if len(text) == 10 else ""), None
        except ValueError:
            reporter.refuse("CR411", path, found=text[:60])
            return None, None
    return numeral.value, numeral.unit


def _units(reporter: Reporter) -> Container[str]:
    """The units of time of the document's own."""
    calendar = reporter.loaded.document.calendar
    return calendar.units if calendar is not None else ()


def _type(values: list[Constant], unit: str | None, of_time: bool) -> Type:
    if any(isinstance(value, dt.date) for value in values):
        return Date()
    numbers = [Fraction(value) for value in values if isinstance(value, Fraction)]
    if not numbers and of_time:
        return Number(0, Fraction(1), _LONGEST, unit)
    if not numbers:
        return Number(_SCALE, _LOW, _HIGH, unit)
    # A numeral is a decimal number, so that each value has a scale.
    return Number(max(scale_of(value) or 0 for value in numbers), min(numbers), max(numbers), unit)
