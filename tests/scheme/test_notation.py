from __future__ import annotations

import contextlib
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.feel.functions import FUNCTIONS, OVER_NAMES
from cityrules.scheme import notation as n
from cityrules.scheme.names import CALLED, WORDS

UNITS = st.none() | st.sampled_from(["%", "元", "m2", "起"])
BOUNDS = st.none() | st.integers(0, 10**6).map(lambda i: Fraction(i, 100))
GRAINS = st.builds(n.Grain, st.sampled_from(["squad", "whole", "中队"]), st.none() | st.sampled_from(n.PERIODS))
ROUNDINGS = st.builds(n.Rounding, st.sampled_from(n.ROUNDING_MODES), st.integers(0, 9))
WINDOWS = st.builds(n.Window, st.just("last"), st.sampled_from(n.PERIODS), st.integers(1, 999)) | st.builds(
    n.Window, st.just("to_date"), st.sampled_from(n.PERIODS[1:])
)
NUMERALS = st.builds(n.Numeral, st.integers(-(10**12), 10**12).map(lambda i: Fraction(i, 1000)), UNITS)


@st.composite
def field_types(draw: st.DrawFn) -> n.FieldType:
    base = draw(st.sampled_from(["text", "flag", "date", "datetime", "number", "count", "enumeration", "kind"]))
    optional = draw(st.booleans())
    if base == "enumeration":
        labels = draw(st.lists(st.sampled_from(["大", "小", "中 等", "x"]), min_size=1, unique=True))
        return n.FieldType(base, optional, labels=tuple(labels))
    if base == "kind":
        return n.FieldType(base, optional, kind=draw(st.sampled_from(["squad", "中队"])))
    if base not in ("number", "count"):
        return n.FieldType(base, optional)
    low, high = draw(BOUNDS), draw(BOUNDS)
    if low is not None and high is not None and low > high:
        low, high = high, low
    if base == "count" and low is None:
        low = Fraction(0)
    return n.FieldType(base, optional, draw(st.integers(0, 9)) if base == "number" else 0, low, high, draw(UNITS))


@pytest.mark.parametrize(
    ("values", "parse"),
    [
        (GRAINS, n.parse_grain),
        (ROUNDINGS, n.parse_rounding),
        (WINDOWS, n.parse_window),
        (NUMERALS, n.parse_numeral),
        (field_types(), n.parse_field_type),
    ],
    ids=["grain", "rounding", "window", "numeral", "field type"],
)
def test_what_is_written_reads_the_same(values: st.SearchStrategy[Any], parse: Callable[[object], object]) -> None:
    @given(values)
    def property_(value: object) -> None:
        assert parse(str(value)) == value
        assert parse(value) == value

    property_()


PARSERS = [
    n.parse_grain, n.parse_rounding, n.parse_window, n.parse_numeral, n.parse_field_type, n.checked_name,
]  # fmt: skip


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
def test_any_text_is_read_or_refused(parse: Callable[[object], object]) -> None:
    @given(st.text(max_size=30) | st.text("number(0123456789)[], .-optional one of last months each", max_size=40))
    def property_(text: str) -> None:
        with contextlib.suppress(n.NotationError):
            parse(text)

    property_()


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (n.parse_grain, "squad each", "CR310"),
        (n.parse_rounding, "half up to ２", "CR312"),
        (n.parse_window, "last 0 months", "CR313"),
        (n.parse_window, "months up to date", "CR313"),
        (n.parse_numeral, "1,000", "CR314"),
        # Digits behind a letter or sign are no unit: these would have been 7, 0, 1, 10 and 3.
        (n.parse_numeral, "7e1", "CR314"),
        (n.parse_numeral, "0x1F", "CR314"),
        (n.parse_numeral, "1_000", "CR314"),
        (n.parse_numeral, "10:30", "CR314"),
        (n.parse_numeral, "3;5", "CR314"),
        (n.parse_numeral, "9" * 40, "CR314"),
        (n.parse_numeral, 0.1, "CR315"),
        (n.parse_field_type, "number", "CR316"),
        (n.parse_field_type, "optional", "CR316"),
        (n.parse_field_type, "count [-1, ]", "CR316"),
        (n.parse_field_type, "number(10)", "CR317"),
        (n.parse_field_type, "number(" + "1" * 5000 + ")", "CR316"),
        (n.parse_field_type, "number(0) [" + "1" * 5000 + ", ]", "CR316"),
        (n.parse_field_type, "one of a, a", "CR318"),
        (n.parse_field_type, "one of 大，小", "CR318"),
        (n.checked_name, "e\u0301", "CR319"),
    ],
)
def test_what_is_refused(parse: Callable[[object], object], text: object, code: str) -> None:
    with pytest.raises(n.NotationError) as caught:
        parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("95%", 95, "%"), ("15万", 150_000, None), ("1.5 亿元", 150_000_000, "元"), ("-0.10", Fraction(-1, 10), None)],
)
def test_numerals(text: str, value: int | Fraction, unit: str | None) -> None:
    assert n.parse_numeral(text) == n.Numeral(Fraction(value), unit)


def test_a_rounding_without_its_to_is_told_the_whole_of_it() -> None:
    # What was suggested was the mode alone, which is refused again.
    for text, meant in (("down 2", "down to 2"), ("half up 2", "half up to 2")):
        with pytest.raises(n.NotationError) as caught:
            n.parse_rounding(text)
        assert caught.value.values["suggestion"] == meant


def test_decimals_are_exact() -> None:
    assert n.parse_numeral(Decimal("0.10")) == n.Numeral(Fraction(1, 10))


def test_every_function_of_the_language_is_reserved() -> None:
    assert {*FUNCTIONS, *OVER_NAMES, "in_force", "fired", "sum_of"} <= CALLED
    assert not CALLED & {"score", "squad", "name"}
    assert {"and", "month", "as_of", "whole"} <= WORDS
