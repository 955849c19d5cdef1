"""Evaluating expressions: Kleene's tables, missing values, dates, and exactness against an oracle of fractions."""

from __future__ import annotations

import datetime as dt
import itertools
import operator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.feel.check import ANY, CONDITION, check
from cityrules.feel.evaluate import OutOfRange, ZeroDivisor, evaluate
from cityrules.feel.tree import Months, Value
from cityrules.feel.types import Number, Text
from cityrules.text.diagnostic import Report
from feel.checking import condition, tree, value
from feel.sample_scope import NAMES, SampleScope

THREE: tuple[bool | None, ...] = (True, False, None)


def kleene_and(one: bool | None, two: bool | None) -> bool | None:
    if one is False or two is False:
        return False
    return None if one is None or two is None else True


@pytest.mark.parametrize(("one", "two"), list(itertools.product(THREE, THREE)))
def test_kleene(one: bool | None, two: bool | None) -> None:
    words = {True: "true", False: "false", None: "null"}
    both, either = f"{words[one]} and {words[two]}", f"{words[one]} or {words[two]}"
    assert value(both) is kleene_and(one, two)
    opposite = kleene_and(*(None if flag is None else not flag for flag in (one, two)))
    assert value(either) is (None if opposite is None else not opposite)
    assert value(f"not({words[one]})") is (None if one is None else not one)


def at(text: str, **values: Value) -> Value:
    known = {NAMES[name.replace("__", ".")]: each for name, each in values.items()}
    return evaluate(tree(text), lambda name: known[name])  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = y", True),
        ("x = 3", False),
        ("x != 3", True),
        ("x > 3", None),
        ("x + 3", None),
        ("-x", None),
        ("abs(x)", None),
        ("default(x, 3)", 3),
        ("default(x, y)", None),
        ("x = null", True),
        ("count_true(x > 3, true)", None),
        ("x > 3 and false", False),
        ("x > 3 or true", True),
        ("min(x, 3)", None),
        ("due.year", None),
        ("due + span", None),
    ],
)
def test_missing(text: str, expected: Value) -> None:
    assert at(text, x=None, y=None, due=None, span=dt.timedelta(1)) is expected


def test_a_condition_with_something_missing_is_unknown() -> None:
    known: dict[object, Value] = {NAMES["x"]: None, NAMES["y"]: None}
    for text in ("x = y", "x = 3", "x != 3", "x in (1, 2)"):
        assert evaluate(condition(text).tree, lambda name: known[name]) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@"2024-01-31" + @"P1M"', dt.date(2024, 2, 29)),
        ('@"2024-03-31" - @"P1M"', dt.date(2024, 2, 29)),
        ('@"2024-02-29" + @"P1Y"', dt.date(2025, 2, 28)),
        ('@"2024-01-31T10:00:00" + @"P1M"', dt.datetime(2024, 2, 29, 10)),
        ('@"2024-01-01" + @"PT36H"', dt.date(2024, 1, 2)),
        ('@"2024-01-02" - @"PT1H"', dt.date(2024, 1, 1)),
        ('@"2024-01-02T00:30:00" - @"PT1H"', dt.datetime(2024, 1, 1, 23, 30)),
        ('@"2024-03-01" - @"2024-02-28"', dt.timedelta(days=2)),
        ('@"P1Y" - @"P1M"', Months(11)),
        ('@"P1D" * 3', dt.timedelta(days=3)),
        ('-2 * @"P1Y1M"', Months(-26)),
        ('-@"P1M"', Months(-1)),
        ('abs(@"-P1M")', Months(1)),
        ('@"P11M" < @"P1Y"', True),
        ('@"P12M" = @"P1Y"', True),
        ('@"PT24H" >= @"P1D"', True),
        ('@"2024-03-04".weekday', 1),
        ('@"-P1DT2H3M4S".hours', -2),
        ('@"-P1Y2M".months', -2),
        ('@"P14M".years', 1),
        ('days_between(@"2024-02-28", @"2024-03-01")', 2),
        ('minutes_between(@"2024-01-01T00:00:30", @"2024-01-01T00:02:00")', 1),
        ('minutes_between(@"2024-01-01T00:00:30", @"2024-01-01T00:00:00")', -1),
        ('max(@"2024-01-01", @"2024-01-02")', dt.date(2024, 1, 2)),
        ("full_steps(7, 2)", 3),
        ("full_steps(-7, 2)", -4),
        ("begun_steps(7, 2)", 4),
        ("begun_steps(6, 2)", 3),
        ("full_steps(0.3, 0.1)", 3),
        ("1 / 3 * 3", 1),
        ("count_true(true, false, 1 < 2)", 2),
    ],
)
def test_values(text: str, expected: Value) -> None:
    found = value(text)
    assert (type(found), found) == (type(expected), expected)


def test_what_cannot_be_a_date_is_an_error_of_its_own() -> None:
    with pytest.raises(OutOfRange):
        at("day + span", day=dt.date(9999, 12, 31), span=dt.timedelta(days=1))
    with pytest.raises(OutOfRange):
        at("day - term", day=dt.date(1, 1, 1), term=Months(1))
    with pytest.raises(OutOfRange):
        at("span * n", span=dt.timedelta(days=10**8), n=10**9)
    found = check("rate / n", SampleScope(), Report(), expect=type(ANY)("number", guards=True))
    assert found is not None
    with pytest.raises(ZeroDivisor):
        evaluate(found.tree, lambda _name: 0)


# --- random arithmetic against an oracle -----------------------------------------------------------------------------

Random = tuple[str, Fraction]


def _literals() -> st.SearchStrategy[Random]:
    def built(digits: int, scale: int) -> Random:
        exact = Fraction(digits, 10**scale)
        sign = "-" if digits < 0 else ""
        padded = str(abs(digits)).rjust(scale + 1, "0")
        return sign + (f"{padded[:-scale]}.{padded[-scale:]}" if scale else padded), exact

    return st.builds(built, st.integers(-9999, 9999), st.integers(0, 3))


def _grown(inner: st.SearchStrategy[Random]) -> st.SearchStrategy[Random]:
    operators = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}

    def combined(op: str, one: Random, two: Random) -> Random:
        if op == "/" and two[1] == 0:
            op = "+"
        return f"({one[0]} {op} {two[0]})", operators[op](one[1], two[1])

    def called(name: str, one: Random, two: Random) -> Random:
        return f"{name}({one[0]}, {two[0]})", {"min": min, "max": max}[name](one[1], two[1])

    def chosen(op: str, one: Random, two: Random) -> Random:
        holds = {"<": operator.lt, ">=": operator.ge, "=": operator.eq}[op](one[1], two[1])
        return f"(if {one[0]} {op} {two[0]} then {one[0]} else {two[0]})", one[1] if holds else two[1]

    return (
        st.builds(combined, st.sampled_from("+-*/"), inner, inner)
        | st.builds(called, st.sampled_from(["min", "max"]), inner, inner)
        | st.builds(chosen, st.sampled_from(["<", ">=", "="]), inner, inner)
        | inner.map(lambda one: (f"abs({one[0]})", abs(one[1])))
        | inner.map(lambda one: (f"-{one[0]}", -one[1]))
        | inner.map(lambda one: (f"{one[0]} ** 2", one[1] ** 2)).map(lambda one: (f"({one[0]})", one[1]))
    )


@given(st.recursive(_literals(), _grown, max_leaves=12))
def test_arithmetic_is_exact(one: Random) -> None:
    text, expected = one
    report = Report()
    checked = check(text, SampleScope(), report)
    if checked is None:
        # Only a divisor whose sign the bounds do not tell may be refused, or a result too large.
        assert {each.code for each in report} <= {"CR224", "CR266", "CR267", "CR283"}
        return
    assert evaluate(checked.tree, lambda _name: None) == expected


# --- random expressions over names -----------------------------------------------------------------------------------

_NUMBERS = st.sampled_from(["x", "y", "n", "k", "d", "rate", "3", "0.25", "-1", "previous(rate)"])
_FLAGS = st.sampled_from(["on", "perhaps", "true", "late.late", 'grade = "优秀"', "x = null", "y != null"])


@st.composite
def numbers(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0:
        return draw(_NUMBERS)
    one, two = numbers(depth - 1), numbers(depth - 1)
    match draw(st.integers(0, 8)):
        case 8:
            high, low = draw(two), draw(numbers(depth - 1))
            first = f"({high}) {draw(st.sampled_from(['>', '<', '!=']))} ({low})"
            there = f"({high}) != null and ({low}) != null"
            return f"(if {there} and {first} then {draw(one)} / (({high}) - ({low})) else {draw(one)})"
        case 0:
            return f"({draw(one)} {draw(st.sampled_from('+-*'))} {draw(two)})"
        case 1:
            divisor = draw(two)
            return f"(if {divisor} != null and {divisor} > 0 then {draw(one)} / {divisor} else {draw(one)})"
        case 2:
            return f"{draw(st.sampled_from(['min', 'max', 'default']))}({draw(one)}, {draw(two)})"
        case 3:
            return f"abs({draw(one)})"
        case 4:
            return f"(if {draw(flags(depth - 1))} then {draw(one)} else {draw(two)})"
        case 5:
            return f"{draw(st.sampled_from(['full_steps', 'begun_steps']))}({draw(one)}, {draw(st.sampled_from('3k'))})"
        case 6:
            return f"({draw(one)}) ** {draw(st.integers(1, 3))}"
        case _:
            return f"-({draw(one)})"


@st.composite
def flags(draw: st.DrawFn, depth: int = 3) -> str:
    if depth == 0:
        return draw(_FLAGS)
    one, two = numbers(depth - 1), numbers(depth - 1)
    match draw(st.integers(0, 6)):
        case 0:
            return f"({draw(one)} {draw(st.sampled_from(['<', '<=', '>', '>=', '=', '!=']))} {draw(two)})"
        case 1:
            return f"({draw(flags(depth - 1))} {draw(st.sampled_from(['and', 'or']))} {draw(flags(depth - 1))})"
        case 2:
            return f"not({draw(flags(depth - 1))})"
        case 3:
            return f"({draw(one)} in (1, [2..5), > 7))"
        case 4:
            return f"({draw(one)} between {draw(two)} and {draw(one)})"
        case 5:
            return f"(if {draw(flags(depth - 1))} then {draw(flags(depth - 1))} else {draw(flags(depth - 1))})"
        case _:
            return f"default({draw(flags(depth - 1))}, {draw(flags(depth - 1))})"


def _value(type_: object) -> st.SearchStrategy[Value]:
    if isinstance(type_, Number):
        scale = type_.scale or 0
        low, high = (None if end is None else int(end * 10**scale) for end in (type_.low, type_.high))
        whole = st.integers(-300 if low is None else low, 300 if high is None else high)
        found: st.SearchStrategy[Value] = whole.map(lambda digits: Fraction(digits, 10**scale))
    elif isinstance(type_, Text):
        found = st.sampled_from(type_.labels or ("a", "优秀"))
    else:
        found = st.booleans()
    return found | st.none() if type_.optional else found  # type: ignore[attr-defined]


USED = ("x", "y", "n", "k", "d", "rate", "on", "perhaps", "late.late", "grade")
VALUES = st.fixed_dictionaries(
    {name: _value(NAMES[name].type) for name in USED} | {"previous(rate)": st.none() | st.integers(0, 100)}
)


@given(numbers() | flags(), VALUES, st.sampled_from([ANY, CONDITION]))
def test_types_are_sound(text: str, values: dict[str, Value], expect: object) -> None:
    """A value lies within its bounds, has no more digits than its scale, and is missing only where the type says so."""
    found = check(text, SampleScope(), Report(), expect=ANY)
    if expect is CONDITION:
        found = check(text, SampleScope(), Report(), expect=CONDITION) or found
    if found is None:
        return
    result = evaluate(found.tree, lambda name: values[name.name])  # type: ignore[attr-defined]
    type_ = found.tree.type
    if result is None:
        assert type_.optional
    elif isinstance(type_, Number):
        assert isinstance(result, (int, Fraction))
        assert type_.low is None or result >= type_.low
        assert type_.high is None or result <= type_.high
        assert type_.scale is None or (result * 10**type_.scale).denominator == 1
    elif result is True:
        assert all(values[name.name] is not None for name in found.proves)  # type: ignore[attr-defined]
