"""Rows that name the period of their cell, of every kind of period, on both engines."""

from __future__ import annotations

import pytest

from cityrules.calendar.periods import BUILT_IN
from engines.handmade import HEAD, assess, plan_of

BODY = """
periods:
  billing: {window: month closing on 28}
  season: {seasons: {warm: 03-15, cold: 11-15}}
  fortnight: {every: 14 days, from: 2015-01-05}
  term: {every: 5 months, from: 2015-01-15}
targets: {squad: {members: [a]}}
records:
  rating: {one_per: squad each %(kind)s, absent: "null", fields: {stars: count}}
measures:
  star: {for: squad each %(kind)s, formula: stars, missing: null}
"""


@pytest.mark.parametrize(
    ("kind", "given", "none"),
    [
        ("day", ["2015-01-05", "2015-12-31"], ["2015-02-29", "2015-1-5", "0000-01-01", "2015-W05"]),
        ("week", ["2015-W02", "2015-W52"], ["2015-W54", "2015-W00", "2014-W53", "2015-02"]),
        ("ten_days", ["2015-01-X1", "2015-12-X3"], ["2015-01-X0", "2015-01-X4", "2015-13-X1"]),
        ("month", ["2015-01", "2015-12"], ["2015-00", "2015-13", "2015", "2015-01@billing"]),
        ("quarter", ["2015-Q1", "2015-Q4"], ["2015-Q0", "2015-Q5", "2015"]),
        ("half_year", ["2015-H1", "2015-H2"], ["2015-H0", "2015-H3"]),
        ("year", ["2015"], ["0000", "15", "2015-01"]),
        ("billing", ["2015-02@billing", "2015-12@billing"], ["2015-02", "2015-13@billing", "2015-02@term"]),
        ("season", ["2015-warm@season"], ["2015-warm", "2015-hot@season"]),
        ("fortnight", ["1@fortnight", "25@fortnight"], ["0@fortnight", "1", "01@fortnight", "-1@fortnight"]),
        ("term", ["1@term", "2@term"], ["0@term", "1@fortnight", "1.5@term"]),
    ],
)
def test_a_row_names_its_cell(kind: str, given: list[str], none: list[str]) -> None:
    rows = [{"squad": "a", "period": name, "stars": n} for n, name in enumerate([*given, *none], 1)]
    found = assess(BODY % {"kind": kind}, "2015", rating=rows)
    values = {cell: value for cell, value in found.values("star").items() if value is not None}
    assert values == {f"a {name}": str(n) for n, name in enumerate(given, 1)}
    assert [line.partition(": ")[2] for line in found.rejects()] == ["period: not_a_period"] * len(none)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        # 2020 has a week 53, the years beside it have none; 29 February is in leap years alone.
        ("week", {"2020-W01": "2019-W01", "2020-W52": "2019-W52", "2020-W53": None, "2021-W01": "2020-W01"}),
        ("week", {"2021-W51": "2020-W51", "2019-W30": "2018-W30"}),
        ("day", {"2020-02-28": "2019-02-28", "2020-02-29": None, "2021-03-01": "2020-03-01"}),
        ("ten_days", {"2020-02-X3": "2019-02-X3", "2020-01-X1": "2019-01-X1"}),
        ("month", {"2020-01": "2019-01", "2020-12": "2019-12"}),
        ("quarter", {"2020-Q1": "2019-Q1"}),
        ("half_year", {"2020-H2": "2019-H2"}),
        ("year", {"2020": "2019"}),
        ("billing", {"2020-01@billing": "2019-01@billing"}),
        ("season", {"2020-warm@season": "2019-warm@season"}),
    ],
)
def test_the_same_cell_of_the_year_before(kind: str, cells: dict[str, str | None]) -> None:
    own = "  change: {for: squad each %(kind)s, formula: star - year_before(star), missing: null}\n"
    named = dict.fromkeys([name for pair in cells.items() for name in pair if name is not None])
    # Each cell has a number of its own, so that the difference says which one was looked at.
    worth = {name: (n + 1) ** 2 for n, name in enumerate(named)}
    rows = [{"squad": "a", "period": name, "stars": stars} for name, stars in worth.items()]
    found = assess((BODY + own) % {"kind": kind}, "2018..2021", rating=rows).values("change")
    for name, before in cells.items():
        expected = None if before is None else str(worth[name] - worth[before])
        assert found[f"a {name}"] == expected, name


@pytest.mark.parametrize("kind", ["day", "week", "ten_days", "month", "quarter", "half_year", "year"])
def test_years_before_1000_have_four_digits(kind: str) -> None:
    body = (BODY % {"kind": kind}).replace("formula: stars, missing: null", "formula: 1")
    found = assess(plan_of(body, HEAD.replace("2000-01-01", "0900-01-01")), "0987", rating=[])
    names = {cell.removeprefix("a ") for cell in found.values("star")}
    assert {name[:4] for name in names} == {"0987"}
    assert {BUILT_IN.parse(name)[0] for name in names} == {kind}


APPEARING = """
targets: {squad: {members: as they appear}, yard: {members: as they appear}}
records:
  rating: {one_per: squad each month, absent: "null", fields: {stars: count, yard: optional yard}}
measures:
  star: {for: squad each month, formula: stars, missing: null}
  yards: {for: yard each month, formula: 1}
"""


def test_targets_appear_by_rows_of_cells_alone() -> None:
    rows = [{"squad": "a", "period": "2015-01", "stars": 3, "yard": None}]
    rows += [{"squad": "b", "period": "2015-02", "stars": 4, "yard": "y"}]
    found = assess(APPEARING, "2015-01..2015-02", rating=rows)
    assert found.values("star") == {"a 2015-01": "3", "a 2015-02": None, "b 2015-01": None, "b 2015-02": "4"}
    assert found.values("yards") == {"y 2015-01": "1", "y 2015-02": "1"}


FORCE = """
targets: {squad: {members: [a]}}
records:
  finding: {dated: held, key: [no], fields: {no: text, squad: squad, held: %s}}
measures:
  found: {for: squad each month, count: finding}
"""


@pytest.mark.parametrize("type_", ["date", "datetime"])
def test_records_count_from_the_first_day_in_force_to_the_last(type_: str) -> None:
    head = HEAD.replace("{from: 2000-01-01}", "{from: 2015-01-10, until: 2015-02-10}")
    days = ["2015-01-09", "2015-01-10", "2015-02-09", "2015-02-10"]
    clock = {"2015-01-09": "23:59:59", "2015-02-09": "23:59:59"}
    rows = [
        {"no": day, "squad": "a", "held": day if type_ == "date" else f"{day}T{clock.get(day, '00:00:00')}"}
        for day in days
    ]
    found = assess(plan_of(FORCE % type_, head), finding=rows)
    assert found.values("found") == {"a 2015-01": "1", "a 2015-02": "1"}
    assert [line.partition(":")[0] for line in found.rejects()] == ["2015-01-09", "2015-02-10"]


CORRECTED = """
targets: {squad: {members: [a, b]}}
records:
  rating: {one_per: squad each month, absent: "null", latest_by: edition, fields: {stars: count, edition: count}}
measures:
  star: {for: squad each month, formula: stars, missing: null}
"""


def test_the_latest_edition_of_a_cell_counts() -> None:
    rows = [("a", 1, 5), ("a", 3, 7), ("a", 2, 6), ("b", 1, 1), ("b", 2, 2), ("b", 2, 3)]
    found = assess(
        CORRECTED,
        "2015-01",
        rating=[{"squad": name, "period": "2015-01", "edition": n, "stars": stars} for name, n, stars in rows],
    )
    # Two latest ones that differ are none.
    assert found.values("star") == {"a 2015-01": "7", "b 2015-01": None}
    assert sorted({line.rpartition(" ")[2] for line in found.rejects()}) == ["conflict", "superseded"]


@pytest.mark.parametrize("type_", ["date", "datetime"])
def test_there_is_no_year_0(type_: str) -> None:
    head = HEAD.replace("2000-01-01", "0001-01-01")
    days = ["0000-05-01", "0000-12-31", "0001-01-01"]
    rows = [{"no": day, "squad": "a", "held": day if type_ == "date" else f"{day}T10:00:00"} for day in days]
    found = assess(plan_of(FORCE % type_, head), "0001-01", finding=rows)
    assert found.values("found") == {"a 0001-01": "1"}
    assert [line.partition(":")[0] for line in found.rejects()] == ["0000-05-01", "0000-12-31"]
    assert {line.rpartition("_")[0].rpartition(" ")[2] for line in found.rejects()} == {"not_a"}
