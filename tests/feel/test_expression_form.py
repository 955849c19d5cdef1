"""Reading expressions: precedence, literals, and complaints about form with their places."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from cityrules.feel.tree import Logic, Months
from feel.checking import codes, complaints, tree, value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 3 - 2", 5),
        ("24 / 4 / 3", 2),
        ("2 ** 3 ** 2", 64),
        ("-3 ** 2", 9),
        ("2 ** -2", Fraction(1, 4)),
        ("--10", 10),
        (".5 + 0.25", Fraction(3, 4)),
        ("1 < 2 and 2 < 3", True),
        ("false and true or true", True),
        ("true or true and false", True),
        ("not(1 = 2)", True),
        ("1 + 2 = 3", True),
        ("if 1 < 2 then 1 else 2 + 3", 1),
        ("if false then 1 else if true then 2 else 3", 2),
        ("2 between 1 and 3 and true", True),
        ("2 in (1, 2)", True),
        ("2 in [1, 3]", False),
        ("2 in ([1..2), [2..3])", True),
        ("2 in ]2..3]", False),
        ("2 in [1..2[", False),
        ("2 in < 3", True),
        ("2 in (> 5, = 2)", True),
        ("2 in 1 + 1", True),
        ("(1 + 1) in ((1), (1 + 1))", True),
        ("1 /* one */ + // two\n 1", 2),
        ('"a\\"\\\\\\n\\t\\u4e2d\\uD83D\\uDCA9"', 'a"\\\n\t中\U0001f4a9'),
        ('date("2024-02-29")', dt.date(2024, 2, 29)),
        ('@"2024-02-29"', dt.date(2024, 2, 29)),
        ('date and time("2024-02-29T01:02:03")', dt.datetime(2024, 2, 29, 1, 2, 3)),
        ('date and time("2024-02-29")', dt.datetime(2024, 2, 29)),
        ('duration("P1DT2H")', dt.timedelta(days=1, hours=2)),
        ('duration("-P1Y2M")', Months(-14)),
        ('@"P3D"', dt.timedelta(days=3)),
        ('date("2024-01-31").day', 31),
        ('date(@"2024-01-31T10:00:00")', dt.date(2024, 1, 31)),
        ("null = null", True),
        ("1 = null", False),
        ("1 != null", True),
    ],
)
def test_it_means(text: str, expected: object) -> None:
    found = value(text)
    assert (type(found), found) == (type(expected), expected)


def test_a_name_in_another_normal_form_is_the_same_name() -> None:
    assert codes("得分 > 3") == []
    assert complaints("cafe\u0301 > 3") == [("CR250", "cafe\u0301")]


def test_a_long_chain_is_flat() -> None:
    found = tree(" or ".join(f"n = {i}" for i in range(300)))
    assert isinstance(found, Logic)
    assert len(found.items) == 300


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("得分 ＞＝ ６０", [("CR201", "＞＝"), ("CR202", "６０")]),
        ("max（n， 3）", [("CR201", "（"), ("CR201", "，"), ("CR201", "）")]),
        ("n × 3 ≠ 4", [("CR201", "×"), ("CR201", "≠")]),
        ("ｎ > 3", [("CR201", "ｎ")]),
        ("grade = “优秀” && n == 3", [("CR203", "“优秀”"), ("CR207", "&&"), ("CR206", "==")]),
        ("!on || n <> 3", [("CR209", "!"), ("CR208", "||"), ("CR211", "<>")]),
        ("n > 15万", [("CR210", "15万")]),
        ("n > 3个", [("CR210", "3个")]),
        ("n > 3k", [("CR215", "3k")]),
        ("n > 1.", [("CR215", "1.")]),
        ("n + * 3", [("CR226", "+")]),
        ("(n + ) * 2 + nnn", [("CR226", "+"), ("CR250", "nnn")]),
        ("n + scroe * (3 +)", [("CR250", "scroe"), ("CR226", "+")]),
        ("max(n, )", [("CR226", ",")]),
        ("max(n, 3", [("CR228", "(")]),
        ("n in (1, 2", [("CR228", "(")]),
        ("((n)", [("CR228", "(")]),
        ("n in [1..2", [("CR228", "[")]),
        ("1 < n < 3 and sqare > 2", [("CR231", "1 < n < 3"), ("CR250", "sqare")]),
        ("1 = n in (1, 2)", [("CR231", "1 = n")]),
        ("Full Name", [("CR235", "Full Name")]),
        ("day of week(day)", [("CR251", "day of week")]),
        ('"a" "b"', [("CR236", '"a" "b"')]),
        ("on and", [("CR226", "and")]),
        ("", [("CR225", "")]),
        ("  ", [("CR225", "  ")]),
        ("n[1] > 3", [("CR240", "[")]),
        ("n instance of number", [("CR240", "instance")]),
        ("{a: 1}", [("CR240", "{")]),
        ("on 并且 late.late", [("CR245", "并且")]),
        ("n ? 3 : 4", [("CR227", "?")]),
    ],
)
def test_complaints_point_at_the_place(text: str, expected: list[tuple[str, str]]) -> None:
    assert complaints(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("(" * 5000, "CR222"),
        ("-" * 5000, "CR222"),
        ("if on then 1 else " * 500 + "1", "CR222"),
        (" + ".join(["n"] * 100), "CR222"),
        ("n" * 10_001, "CR221"),
        (" or ".join(["n=1"] * 1400), "CR223"),
        ("n in (" + ",".join(["on"] * 2500) + ")", "CR223"),
        ("1" * 5000, "CR219"),
        ("(((n ** 999) ** 999) ** 999) ** 999", "CR224"),
        ("n ** (9 ** 999 ** 999)", "CR224"),
    ],
)
def test_limits(text: str, code: str) -> None:
    assert code in codes(text)


def test_repeated_values_of_nested_memberships_are_counted() -> None:
    text = "on"
    for _ in range(20):
        text = f"({text} in (true, false, on))"
    assert codes(text) == ["CR223"]
