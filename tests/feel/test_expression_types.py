"""Checking expressions: types, units, labels, missing values, divisors, and the bounds that are inferred."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cityrules.feel.check import CONDITION, Expectation, check
from cityrules.feel.tree import Compare, IsMissing, Literal_, Read
from cityrules.feel.types import Date, DateTime, Duration, Flag, Number, Text
from cityrules.feel.walk import reads
from cityrules.text.diagnostic import Report
from feel.checking import checked, codes, complaints, condition, tree
from feel.sample_scope import NAMES, SampleScope

GUARDED = Expectation("number", guards=True)


@pytest.mark.parametrize(
    ("text", "scale", "low", "high"),
    [
        ("0.50", 1, "1/2", "1/2"),
        ("100", 0, 100, 100),
        ("rate + 0.125", 3, "1/8", "801/8"),
        ("rate * k", 2, 0, 1200),
        ("k - rate", 2, -99, 12),
        ("-k", 0, -12, -1),
        ("rate / k", None, 0, 100),
        ("k / k", None, "1/12", 12),
        ("d ** 2", 4, 0, 25),
        ("d ** 3", 6, -125, 125),
        ("k ** -1", None, "1/12", 1),
        ("abs(d)", 2, 0, 5),
        ("min(d, k, 3)", 2, -5, 3),
        ("max(d, k)", 2, 1, 12),
        ("full_steps(rate, k)", 0, 0, 100),
        ("begun_steps(d, 2)", 0, -2, 3),
        ("if on then rate else 200", 2, 0, 200),
        ("default(previous(rate), 0)", 2, 0, 100),
        ("count_true(on, late.late, d > 0)", 0, 0, 3),
        ("n + 1", 0, 1, None),
        ("day.month", 0, 1, 12),
        ("if n > 0 then rate / n else 0", None, 0, 100),
        ("if d > 0 then 1 / d else 0", None, 0, 100),
        ("if d != 0 then 1 / d else 0", None, None, None),
    ],
)
def test_scales_and_bounds(text: str, scale: int | None, low: str | int | None, high: str | int | None) -> None:
    ends = (None if end is None else Fraction(end) for end in (low, high))
    assert tree(text).type == Number(scale, *ends)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("day + span", Date()),
        ("due - term", Date(True)),
        ("moment + span", DateTime()),
        ("day - due", Duration("days", True)),
        ("moment - late.due", Duration("days", True)),
        ('span - @"PT1H"', Duration("days")),
        ("term + term", Duration("months")),
        ("3 * term", Duration("months")),
        ("-span", Duration("days")),
        ("abs(term)", Duration("months")),
        ("min(day, due)", Date(True)),
        ("date(moment)", Date()),
        ("grade", Text(("优秀", "良好", "合格"))),
        ('if on then "a" else "b"', Text(("a", "b"))),
        ('if on then "a" else word', Text()),
        ("if on then 5 else null", Number(0, Fraction(5), Fraction(5), None, True)),
        ("x = y", Flag()),
        ("x > y", Flag(True)),
        ("x = null", Flag()),
        ("perhaps and on", Flag(True)),
        ("n + 1 = 3", Flag()),
        ("area + 3", Number(1, Fraction(3), None, "m2")),
        ('squad = "东街"', Flag()),
        ('squad in ("东街", "西街")', Flag()),
        ("squad = squad", Flag()),
    ],
)
def test_types(text: str, expected: object) -> None:
    assert tree(text).type == expected


def test_equal_units_cancel() -> None:
    found = tree("if area > 0 then area * 2 / area else 1").type
    assert isinstance(found, Number)
    assert found.unit is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("area + n", [("CR260", "area + n")]),
        ("area > price", [("CR260", "area > price")]),
        ("if area > 0 then 3 / area else 1", [("CR261", "3 / area")]),
        ("if on then area else price", [("CR260", "if on then area else price")]),
        ('word < "b"', [("CR256", 'word < "b"')]),
        ("on < true", [("CR256", "on < true")]),
        ("squad = bureau", [("CR255", "bureau")]),
        ("squad = word", [("CR255", "word")]),
        ('grade in ("优秀", "良")', [("CR258", '"良"')]),
        ('"良" = grade', [("CR258", '"良"')]),
        ("grade in (size)", [("CR259", "size")]),
        ("day = moment", [("CR255", "moment")]),
        ("term = span", [("CR255", "span")]),
        ("day + moment", [("CR254", "moment")]),
        ("day + 3", [("CR254", "3")]),
        ("on + 3", [("CR254", "on")]),
        ("3 * day", [("CR254", "day")]),
        ("span / 2", [("CR254", "span")]),
        ("n and on and day", [("CR262", "n"), ("CR262", "day")]),
        ("not(n)", [("CR262", "n")]),
        ("count_true(on, n)", [("CR265", "n")]),
        ("min(n, day)", [("CR265", "day")]),
        ("min(word, word)", [("CR265", "word")]),
        ("abs(null)", [("CR274", "null")]),
        ("n in (1, null)", [("CR274", "null")]),
        ("default(null, 3)", [("CR274", "null")]),
        ("default(x, on)", [("CR264", "on")]),
        ("late.du", [("CR250", "late.du")]),
        ("late.due.yera", [("CR253", "yera")]),
        ("day.hour", [("CR253", "hour")]),
        ("term.days", [("CR253", "days")]),
        ("n.year", [("CR253", "year")]),
        ("tied(rate)", [("CR250", "tied(rate)")]),
        ("previos(rate)", [("CR251", "previos")]),
        ("full_steps(n, d)", [("CR278", "d")]),
        ("n ** 0", [("CR268", "0")]),
        ("n ** 1.5", [("CR268", "1.5")]),
        ("n ** -1", [("CR266", "n")]),
        ("2 in (3..3)", [("CR273", "3..3")]),
        (
            'day between date("2024-02-01") and date("2024-01-01")',
            [("CR273", 'date("2024-02-01") and date("2024-01-01")')],
        ),
        ('@"24:00:00"', [("CR272", '@"24:00:00"')]),
        ('@"2024-01-01T24:00:00"', [("CR281", '@"2024-01-01T24:00:00"')]),
        ('date("02024-01-01")', [("CR269", '"02024-01-01"')]),
        ("if perhaps then 1 else 2", [("CR263", "perhaps")]),
        ("if null then 1 else 2", [("CR263", "null")]),
        ("if x = 3 then 1 else 2", [("CR263", "x = 3")]),
    ],
)
def test_mismatches(text: str, expected: list[tuple[str, str]]) -> None:
    assert complaints(text) == expected


def test_suggestions() -> None:
    report = Report()
    check('ratee > 3 and aabs(n) > 1 and day.yaer > 1 and grade = "优良"', SampleScope(), report)
    assert [each.values.get("suggestion") for each in report] == ["rate", "abs", "year", '"优秀"']


# --- missing values --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "optional"),
    [
        ("x = 3", True),
        ("n = 3", False),
        ("x = null or x > 3", False),
        ("x != null and x > 3", False),
        ("x > 3 and y > x", True),
        ("not(x = null) and x > 3", False),
        ("not(x = null or y = null) and x > y", False),
        ("x != null and (y = null or y > x)", False),
        ("default(x, 0) > 3", False),
        ("default(x > 3, false)", False),
        ("if x != null then x > 3 else false", False),
        ("if x = null then on else x > 3", False),
        ("previous(rate) > 3", True),
        ("previous(rate) != null and previous(rate) > 3", False),
        ("late.due = null or late.due > moment", False),
        ("perhaps", True),
        ("perhaps = true", True),
    ],
)
def test_a_condition_is_unknown_where_something_is_missing(text: str, optional: bool) -> None:
    assert condition(text).tree.type == Flag(optional)


def test_equality_is_null_safe_as_a_value_and_not_in_a_condition() -> None:
    as_value, as_condition = tree("x = y"), condition("x = y").tree
    assert isinstance(as_value, Compare)
    assert isinstance(as_condition, Compare)
    assert (as_value.null_safe, as_condition.null_safe) == (True, False)
    asked = condition("null != x").tree
    assert isinstance(asked, IsMissing)
    assert asked.negated


@pytest.mark.parametrize(
    ("text", "proved"),
    [
        ("x > 3", {"x"}),
        ("x > 3 and y = 2", {"x", "y"}),
        ("x > 3 or y = 2", set()),
        ("x > 3 or x < y", {"x"}),
        ("x != null", {"x"}),
        ("x = null", set()),
        ("not(x = null)", {"x"}),
        ("not(x > 3 or y > 2)", {"x", "y"}),
        ("x in (1, 2)", {"x"}),
        ("x between 1 and y", {"x", "y"}),
        ("default(x, 0) > y", {"y"}),
        ("perhaps", {"perhaps"}),
        ("min(x, y) > 1", {"x", "y"}),
    ],
)
def test_what_a_true_condition_proves(text: str, proved: set[str]) -> None:
    found = {name.name for name in condition(text).proves}  # type: ignore[attr-defined]
    assert found & {"x", "y", "perhaps"} == proved


def test_what_is_known_to_be_present() -> None:
    present = frozenset({NAMES["x"]})
    found = check("x > 3", SampleScope(), Report(), expect=CONDITION, present=present)
    assert found is not None
    assert found.tree.type == Flag()


# --- divisors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "rate / k",
        "rate / (n + 1)",
        "rate / -k",
        "if n > 0 then rate / n else 0",
        "if n = 0 then 0 else rate / n",
        "if n >= 1 then rate / n else 0",
        "if 0 < n then rate / n else 0",
        "if not(n <= 0) then rate / n else 0",
        "if d < 0 then rate / d else 0",
        "if n + d > 0 then rate / (n + d) else 0",
        "if n > k then rate / n else 0",
        "if n > k then rate / (n - k) else 0",
        "if k < n then rate / (n - k) else 0",
        "if k != n then rate / (n - k) + rate / (k - n) else 0",
        "if k = 1 then 0 else rate / (k - 1)",
        "n <= 1 or rate / (n - 1) > 2",
        "few > n and rate / (few - n) > 2",  # where few is missing, so is the divisor
        "n > 0 and rate / n > 2",
        "n > 0 and on and rate / n > 2",
        "perhaps and n > 0 and rate / n > 2",
        "few > 0 and rate / few > 2",
        "if few != null then (if n > few then rate / n else 0) else 0",
        "n = 0 or rate / n > 2",
        "n != 0 and (on or rate / n > 2)",
        "rate / abs(k)",
        "if n > 0 then full_steps(rate, n) else 0",
        "k ** -2",
    ],
)
def test_a_divisor_that_is_proved(text: str) -> None:
    assert checked(text).divisors == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rate / n", ["CR266"]),
        ("if n > 0 or on then rate / n else 0", ["CR266"]),
        ("n > few and rate / n > 2", ["CR266"]),  # where few is missing, the second part is reached with n = 0
        ("n <= few or rate / n > 2", ["CR266"]),
        ("(n > few and on) and rate / n > 2", ["CR266"]),
        ("not(n <= few) and rate / n > 2", ["CR266"]),
        ("few > 1 and n > few and rate / n > 2", ["CR266"]),
        ("d > few and full_steps(rate, d) > 2", ["CR278"]),
        ("d > few and rate / d > 2", ["CR267"]),
        ("n > 0 or rate / n > 2", ["CR266"]),
        ("if n >= 0 then rate / n else 0", ["CR266"]),
        ("rate / d", ["CR267"]),
        ("if d >= 0 then rate / d else 0", ["CR267"]),
        ("rate / (k - 1)", ["CR266"]),
        ("if k >= n then rate / (k - n) else 0", ["CR267"]),
        ("if n > k then full_steps(rate, k - n) else 0", ["CR278"]),
        ("n > k or rate / (n - k) > 2", ["CR267"]),
        ("1 / (2 - 2)", ["CR283"]),
    ],
)
def test_a_divisor_that_is_not_proved(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_a_divisor_to_guard_is_handed_back_once() -> None:
    found = checked("rate / n + 2 * (rate / n)", GUARDED)
    assert [each.name for each in found.divisors if isinstance(each, Read)] == ["n"]
    assert codes("if on then rate / n else 0", GUARDED) == ["CR266"]
    assert codes("rate / d", GUARDED) == ["CR267"]


# --- the whole -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted", "fits"),
    [
        ("n", "number", True),
        ("on", "condition", True),
        ("n", "condition", False),
        ("null", "condition", False),
        ("day", "date", True),
        ("moment", "date", False),
        ("term", "duration", True),
        ('"a"', "text", True),
        ("null", "any", True),
    ],
)
def test_what_the_place_expects(text: str, wanted: str, fits: bool) -> None:
    assert codes(text, Expectation(wanted)) == ([] if fits else ["CR276"])  # type: ignore[arg-type]


def test_the_longest_name_is_taken_and_the_rest_are_properties() -> None:
    found = tree("late.due.year + fee(size).rate + previous(rate)")
    assert [name.name for name in reads(found)] == ["late.due", "fee.rate", "previous(rate)"]  # type: ignore[attr-defined]


def test_literals_are_folded() -> None:
    assert isinstance(tree("-5"), Literal_)
    assert tree("2 ** (1 + 2)").right.value == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("grade = 优秀", '"优秀"'),
        ("良子 != grade", '"良好"'),
        ("squad = 一中队", '"一中队"'),
        ('word in ("a", b)', '"b"'),
        ("size = small and rate > 3", '"small"'),
    ],
)
def test_a_word_beside_a_text_was_meant_as_one(text: str, meant: str) -> None:
    report = Report()
    assert check(text, SampleScope(), report) is None
    assert [(each.code, each.values.get("suggestion")) for each in report] == [("CR250", meant)]


def test_a_number_with_a_unit_says_so() -> None:
    report = Report()
    assert check("得分 < 70分", SampleScope(), report) is None
    assert [(each.code, each.values["suggestion"]) for each in report] == [("CR210", "70")]
