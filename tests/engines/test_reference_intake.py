"""Texts to typed values, rejects with every reason, keys, duplicates and conflicts."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from cityrules.engines.python.fields import Refused, converter
from cityrules.io.rows import DataError
from cityrules.scheme.notation import parse_field_type
from engines.handmade import CITY, TARGETS, Raw, RawRow, Results, assess, finding, plan_of

DAY = "2015-02-01"


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("number(2)", "1.5", Fraction(3, 2)),
        ("number(2)", "-0.50", Fraction(-1, 2)),
        ("number(2)", "-0", 0),
        ("number(2)", "1.5000000", Fraction(3, 2)),
        ("number(2)", "007", 7),
        ("number(2)", "1.505", "excess_digits"),
        ("number(2)", "+1", "not_a_number"),
        ("number(2)", "1.", "not_a_number"),
        ("number(2)", ".5", "not_a_number"),
        ("number(2)", "1e3", "not_a_number"),
        ("number(2)", " 1", "not_a_number"),
        ("number(2)", "1\n", "not_a_number"),
        ("number(2)", "１", "not_a_number"),
        ("number(2)", "--1", "not_a_number"),
        ("number(2)", "1" * 31, "not_a_number"),
        ("number(2)", "1" * 30, "out_of_range"),
        ("number(2)", "9999999999999.99", Fraction(999999999999999, 100)),
        ("number(2)", "10000000000000", "out_of_range"),
        ("number(1) [0.5, 2]", "0.4", "out_of_range"),
        ("number(1) [0.5, 2]", "2.0", 2),
        ("number(1) [, 2]", "-99999999999999.9", Fraction(-999999999999999, 10)),
        ("count", "3", 3),
        ("count", "3.0", 3),
        ("count", "3.5", "excess_digits"),
        ("count", "-1", "out_of_range"),
        ("flag", "true", True),
        ("flag", "False", False),
        ("flag", "TRUE", True),
        ("flag", "tRUE", "not_a_flag"),
        ("flag", "1", "not_a_flag"),
        ("date", "2015-02-28", dt.date(2015, 2, 28)),
        ("date", "2015-02-29", "not_a_date"),
        ("date", "2015-2-8", "not_a_date"),
        ("date", "0000-01-01", "not_a_date"),
        ("date", "0001-01-01", dt.date(1, 1, 1)),
        ("date", "2015-02-28 ", "not_a_date"),
        ("date", "２015-02-28", "not_a_date"),
        ("datetime", "2015-02-28 09:30", dt.datetime(2015, 2, 28, 9, 30)),
        ("datetime", "2015-02-28T23:59:59", dt.datetime(2015, 2, 28, 23, 59, 59)),
        ("datetime", "2015-02-28T24:00", "not_a_timestamp"),
        ("datetime", "2015-02-28T23:59:60", "not_a_timestamp"),
        ("datetime", "2015-02-28T09:30:00Z", "not_a_timestamp"),
        ("datetime", "2015-02-28", "not_a_timestamp"),
        ("datetime", "2015-02-30 09:30", "not_a_timestamp"),
        ("one of 大, 小", "小", "小"),
        ("one of 大, 小", "中", "unknown_label"),
        ("text", " x ", " x "),
        ("squad", "nobody", "nobody"),
    ],
)
def test_a_text_becomes_a_value_or_a_reason(type_: str, text: str, expected: object) -> None:
    found = converter(parse_field_type(type_))(text)
    assert found == (Refused(expected) if isinstance(expected, str) and "_" in expected else expected)
    assert not isinstance(found, float)


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({"points": None}, "points: missing"),
        ({"points": ""}, "points: missing"),
        ({"squad": "nobody"}, "squad: unknown_target"),
        ({"helper": "nobody"}, "helper: unknown_target"),
        ({"helper": "A"}, "helper: unknown_target"),
        ({"no": "a\0b"}, "no: nul"),
        ({"no": "x" * 10_001}, "no: too_long"),
        ({"held": "2015-04-01"}, "held: outside_period"),
        ({"held": "2014-12-31"}, "held: outside_period"),
        ({"held": "2015-03-11"}, "held: after_as_of"),
        ({"held": "2016-01-01"}, "held: after_as_of"),
        ({"held": "x", "points": "y", "bad": "z"}, "bad: not_a_flag; held: not_a_date; points: not_a_number"),
        ({"held": "2015-03-11", "points": "0.001"}, "held: after_as_of; points: excess_digits"),
    ],
)
def test_a_bad_row_is_a_reject_with_all_its_reasons(changed: dict[str, object], reasons: str) -> None:
    row = {**finding("1", "a1", DAY), **changed}
    # What is after `as_of` is told so even where it lies outside the span as well.
    late = "outside_period" not in reasons or changed["held"] != "2015-04-01"
    as_of = dt.datetime(2015, 3, 10, 12) if late else dt.datetime(2015, 5, 1)
    found = assess(CITY, targets=TARGETS, as_of=as_of, finding=[row])
    assert [r["reasons"] for r in found.tables["rejects"]] == [reasons]


def test_the_last_day_and_the_day_of_as_of_are_inside() -> None:
    rows = [finding(1, "a1", "2015-01-01"), finding(2, "a1", "2015-03-10"), finding(3, "a1", "2015-03-31")]
    found = assess(CITY, targets=TARGETS, as_of=dt.datetime(2015, 3, 10, 0, 0), finding=rows)
    assert found.rejects() == ["3: held: after_as_of"]
    assert assess(CITY, targets=TARGETS, finding=rows).rejects() == []


def test_a_date_time_is_compared_with_the_instant() -> None:
    body = CITY.replace("held: date", "held: datetime")
    rows = [finding(1, "a1", "2015-03-10 12:00"), finding(2, "a1", "2015-03-10 12:00:01")]
    found = assess(body, targets=TARGETS, as_of=dt.datetime(2015, 3, 10, 12, 0, 0, 999), finding=rows)
    assert found.rejects() == ["2: held: after_as_of"]


def test_rows_outside_the_time_in_force_are_rejects() -> None:
    head = """
cityrules: 1
scheme: test
title: A test
clause: "1"
in_force: {from: 2015-01-10, until: 2015-02-10}
"""
    rows = [finding(n, "a1", day) for n, day in enumerate(("2015-01-09", "2015-01-10", "2015-02-09", "2015-02-10"))]
    found = assess(plan_of(CITY, head), targets=TARGETS, finding=rows)
    assert found.rejects() == ["0: held: outside_period", "3: held: outside_period"]


def test_equal_rows_count_once_and_conflicting_ones_not_at_all() -> None:
    rows = [
        finding(1, "a1", DAY, "1.5"),
        finding(1, "a1", DAY, "1.50"),
        finding(2, "a1", DAY, "1"),
        finding(2, "a1", DAY, "1"),
        finding(2, "a1", DAY, "2"),
        finding(3, "a1", DAY, "x"),
        finding(3, "a1", DAY, "3"),
    ]
    found = assess(CITY, targets=TARGETS, finding=rows)
    assert [(r["row"], r["reasons"]) for r in found.tables["rejects"]] == [
        (2, "duplicate"),
        (3, "conflict"),
        (4, "conflict"),
        (5, "conflict"),
        (6, "points: not_a_number"),
    ]
    assert found.outcome.facts.record("finding", "1")["points"] == Fraction(3, 2)  # type: ignore[index]
    assert found.outcome.facts.record("finding", "2") is None


def test_a_duplicate_is_found_across_sources() -> None:
    row = ("1", "a1", DAY, "1")
    columns = ("no", "squad", "held", "points")
    one, two = (Raw(name, columns, (RawRow(7, row),)) for name in ("one", "two"))
    found = assess(CITY, targets=TARGETS, finding=[one, two])
    assert [(r["source"], r["row"], r["reasons"]) for r in found.tables["rejects"]] == [("two", 7, "duplicate")]


@pytest.mark.parametrize("bad", ["encoding", "columns", "type"])
def test_what_the_reader_could_not_read_has_that_reason_alone(bad: str) -> None:
    columns = ("no", "squad", "held", "points", "other")
    rows = Raw("f", columns, (RawRow(1, ("x", "", "y"), bad), RawRow(2, ("", "a1", "y", "1", "o", "beyond"), bad)))
    found = assess(CITY, targets=TARGETS, finding=[rows])
    assert found.rejects() == [f"x: {bad}", f": {bad}"]
    assert [row["values"] for row in found.tables["rejects"]] == [
        '{"held":"y","no":"x","other":null,"points":null,"squad":null}',
        '{"held":"y","no":null,"other":"o","points":"1","squad":"a1"}',
    ]


def test_the_values_of_a_reject_are_the_declared_texts_as_they_were() -> None:
    row = {"no": "三", "squad": "a1", "held": DAY, "points": "x", "more": "not declared"}
    [found] = assess(CITY, targets=TARGETS, finding=[row]).tables["rejects"]
    assert found["values"] == (
        '{"bad":null,"held":"2015-02-01","helper":null,"n":null,"no":"三","points":"x","squad":"a1"}'
    )


def test_a_missing_column_of_a_file_is_an_error_and_of_a_list_only_when_required() -> None:
    row = RawRow(1, ("1", "a1", DAY, "1"))
    rows = Raw("f.csv", ("no", "squad", "held", "points"), (row,), optional_columns=False)
    with pytest.raises(DataError) as error:
        assess(CITY, targets=TARGETS, finding=[rows])
    assert sorted(d.values["found"] for d in error.value.diagnostics) == ["bad", "helper", "n"]
    with pytest.raises(DataError):
        assess(CITY, targets=TARGETS, finding=[Raw("f", ("no",), (row,))])


def test_a_list_without_rows_lacks_no_column() -> None:
    assert assess(CITY, targets=TARGETS, finding=[]).rejects() == []


def test_targets_are_rows_like_others_and_children_need_accepted_parents() -> None:
    targets = {
        "bureau": [
            {"name": "A", "quota": 1, "size": "s"},
            {"name": "A", "quota": 1, "size": "s"},
            {"name": "B", "quota": 1, "size": "s"},
            {"name": "B", "quota": 2, "size": "s"},
            {"name": "C", "quota": -1, "size": "s"},
            {"name": "D", "quota": 1, "size": "s", "since": "soon"},
        ],
        "squad": [{"name": "a1", "bureau": "A"}, {"name": "b1", "bureau": "B"}, {"name": "x", "bureau": None}],
    }
    found = assess(CITY, targets=targets, finding=[finding(1, "b1", DAY)])
    assert found.rejects() == [
        "A: duplicate",
        "B: conflict",
        "B: conflict",
        "C: quota: out_of_range",
        "D: since: not_a_date",
        "1: squad: unknown_target",
        "b1: bureau: unknown_target",
        "x: bureau: missing",
    ]
    assert found.outcome.facts.target("squad", "a1") == {"bureau": "A"}


@pytest.mark.parametrize(
    ("row", "reasons"),
    [
        ({"bureau": "A", "period": "2015-02", "stars": "1.5"}, None),
        ({"bureau": "A", "period": "2015-04", "stars": "1.5"}, "period: outside_period"),
        ({"bureau": "A", "period": "2015-Q1", "stars": "1.5"}, "period: not_a_period"),
        ({"bureau": "A", "period": " 2015-02", "stars": "1.5"}, "period: not_a_period"),
        ({"bureau": "A", "period": "0000-02", "stars": "1.5"}, "period: not_a_period"),
        ({"bureau": "A", "period": "", "stars": "1.5"}, "period: missing"),
        ({"bureau": "a1", "period": "2015-02", "stars": "x"}, "bureau: unknown_target; stars: not_a_number"),
    ],
)
def test_rows_of_a_cell_name_its_target_and_period(row: dict[str, object], reasons: str | None) -> None:
    found = assess(CITY, targets=TARGETS, rating=[row])
    assert [r["reasons"] for r in found.tables["rejects"]] == ([reasons] if reasons else [])
    if reasons:
        assert found.tables["rejects"][0]["key"] == f"{row['bureau']} {row['period']}"
    else:
        assert found.outcome.facts.record("rating", "A 2015-02") == {"stars": Fraction(3, 2)}


def test_two_rows_of_one_cell_conflict() -> None:
    rows = [{"bureau": "A", "period": "2015-02", "stars": stars} for stars in ("1.0", "1", "2")]
    assert assess(CITY, targets=TARGETS, rating=rows).rejects() == ["A 2015-02: conflict"] * 3
    assert assess(CITY, targets=TARGETS, rating=rows[:2]).rejects() == ["A 2015-02: duplicate"]


KEYS = """
targets:
  street: {members: as they appear}
  ward: {members: [东, 西]}
records:
  visit:
    dated: seen
    key: [street, seen, n, price, ok]
    fields: {street: street, seen: datetime, n: count, price: number(2), ok: flag, ward: optional ward}
measures:
  visits: {for: street each month, count: visit}
"""


def test_a_key_is_written_canonically_and_targets_appear() -> None:
    rows = [
        {"street": "S", "seen": "2015-01-02 03:04", "n": "01", "price": "1.5", "ok": "TRUE", "ward": "东"},
        {"street": "T", "seen": "x", "n": "01", "price": "1.5", "ok": "TRUE", "ward": "南"},
    ]
    found = assess(KEYS, span="2015-01", visit=rows)
    assert found.rejects() == ["T / x / 01 / 1.5 / TRUE: seen: not_a_timestamp; ward: unknown_target"]
    assert found.outcome.facts.record("visit", "S / 2015-01-02T03:04:00 / 1 / 1.50 / true") is not None
    assert found.values("visits") == {"S 2015-01": "1"}


CORRECTED = """
targets:
  squad: {members: [S]}
records:
  finding:
    dated: held
    key: [no]
    latest_by: entered
    fields: {no: text, squad: squad, held: date, entered: date, n: count}
measures:
  total: {for: squad each month, sum: n, over: finding}
"""


def corrected(*rows: str) -> Results:
    names = ("no", "squad", "held", "entered", "n")
    found = [dict(zip(names, row.split(), strict=True)) for row in rows]
    return assess(CORRECTED, "2015-01", dt.datetime(2015, 1, 31, 12), finding=found)


@pytest.mark.parametrize(
    ("rows", "total", "rejects"),
    [
        (("a 2015-01-01 2015-01-01 1", "a 2015-01-01 2015-01-02 2"), "2", ["superseded"]),
        (("a 2015-01-01 2015-01-02 2", "a 2015-01-01 2015-01-01 1"), "2", ["superseded"]),
        (("a 2015-01-01 2015-01-02 2", "a 2015-01-01 2015-01-02 2"), "2", ["duplicate"]),
        (
            ("a 2015-01-01 2015-01-01 1", "a 2015-01-01 2015-01-02 2", "a 2015-01-01 2015-01-02 3"),
            "0",
            ["superseded", "conflict", "conflict"],
        ),
        # A correction of tomorrow is not known today.
        (("a 2015-01-01 2015-01-01 1", "a 2015-01-01 2015-02-01 2"), "1", ["entered: after_as_of"]),
        # What was corrected to another year has left what is assessed.
        (("a 2015-01-01 2015-01-01 1", "a 2014-01-01 2015-01-02 2"), "0", ["superseded", "held: outside_period"]),
        (
            ("a 2014-01-01 2015-01-02 2", "a 2015-01-01 2015-01-02 2", "a 2014-01-01 2015-01-01 3"),
            "0",
            ["held: outside_period", "conflict", "held: outside_period"],
        ),
        # A faulty row corrects nothing.
        (("a 2015-01-01 2015-01-01 1", "a 2015-01-01 2015-01-02 x"), "1", ["n: not_a_number"]),
    ],
)
def test_the_latest_row_of_a_key_counts(rows: tuple[str, ...], total: str, rejects: list[str]) -> None:
    found = corrected(*(row.replace(" ", " S ", 1) for row in rows))
    assert found.values("total") == {"S 2015-01": total}
    assert [reject.removeprefix("a: ") for reject in found.rejects()] == rejects


def test_what_all_tables_lack_is_told_at_once() -> None:
    targets = {"bureau": [{"name": "A", "quota": 1}], "squad": [{"name": "a1"}]}
    with pytest.raises(DataError) as caught:
        assess(f"{CITY}\nmeasures:\n  m: {{for: squad, formula: 1}}\n", targets=targets, rating=[{"stars": 1}])
    lacking = [(one.values["kind"], one.values["found"]) for one in caught.value.diagnostics]
    assert lacking == [("bureau", "size"), ("squad", "bureau"), ("rating", "bureau"), ("rating", "period")]
