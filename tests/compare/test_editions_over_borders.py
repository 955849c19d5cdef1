"""Editions whose periods reach beyond what is asked for, and beyond the edition next to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cityrules as cr
from cityrules.loaded import EngineName

TOP = """
cityrules: 1
scheme: NAME
title: Streets
in_force: {from: FROM}
periods: {week: {in: by Thursday}}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: 'number(1) [0, 10]'}}
measures:
"""
BY_MONTH = "  score: {for: street each month, sum: points, over: finding}\n"
BY_QUARTER = "  score: {for: street each quarter, sum: points, over: finding}\n"
OF_YEAR = "  year_score: {for: street each year, sum: score, over: month}\n"
ENGINES: tuple[EngineName, ...] = ("python", "duckdb")


def scheme(name: str, since: str, measures: str) -> str:
    return TOP.replace("NAME", name).replace("FROM", since) + measures


def editions(folder: Path, stated: dict[str, str], *schemes: tuple[str, str]) -> Any:
    """Editions `e1`, `e2`, ... by first day and measures, with what is stated of some."""
    lines = ["cityrules-editions: 1", "scheme: s", "title: s", "editions:"]
    for number, (since, measures) in enumerate(schemes, 1):
        name = f"e{number}"
        (folder / f"{name}.yaml").write_text(scheme(name, since, measures), "utf-8")
        lines.append(f"  {name}: {{is: {name}.yaml{stated.get(name, '')}}}")
    (folder / "editions.yaml").write_text("\n".join(lines) + "\n", "utf-8")
    return cr.load_editions(folder / "editions.yaml")


def assessed(found: Any, days: list[str], period: str, engine: EngineName = "python") -> Any:
    rows = [{"no": str(no), "street": "E", "found_on": day, "points": "1"} for no, day in enumerate(days)]
    return found.assess({"finding": rows}, targets={"street": [{"name": "E"}]}, period=period, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("whose", "week", "month"), [("earlier", "3", "5"), ("later", "6", "8")])
def test_a_week_that_counts_for_a_month_is_judged_alike_however_much_is_asked(
    tmp_path: Path, engine: EngineName, whose: str, week: str, month: str
) -> None:
    """A week that begins before the month, in the time of the edition before, was cut to the later one's days."""
    weekly = "  lost: {for: street each week, sum: 'points * FACTOR', over: finding}\n"
    weekly += "  total: {for: street each month, sum: lost, over: week}\n"
    first, second = (weekly.replace("FACTOR", factor) for factor in "12")
    found = editions(tmp_path, {"e2": f", periods: {{week: {whose}}}"}, ("2021-01-01", first), ("2024-08-01", second))
    days = ["2024-07-30", "2024-07-31", "2024-08-01", "2024-08-06"]
    for period in ("2024", "2024-08"):
        result = assessed(found, days, period, engine)
        told = result.value("lost", "E", "2024-W31"), result.value("total", "E", "2024-08")
        assert told == (f"{week}.0", f"{month}.0"), period


@pytest.mark.parametrize(
    ("before", "reason"),
    [(BY_QUARTER, "other cells"), ("  none: {for: street each month, count: finding}\n", "no such measure")],
)
def test_a_year_over_three_editions_is_of_the_months_of_all_or_says_so(
    tmp_path: Path, before: str, reason: str
) -> None:
    """The year of the third had only the months of the second and its own, and nothing said so."""
    schemes = ("2021-01-01", before), ("2024-04-01", BY_MONTH), ("2024-07-01", BY_MONTH + OF_YEAR)
    later = {"e2": "", "e3": ", periods: {year: later}"}
    with pytest.raises(cr.SchemeError, match=reason) as raised:
        editions(tmp_path, later, *schemes)
    assert [one.code for one in raised.value.diagnostics] == ["CR1152"]
    days = [f"2024-{month:02d}-10" for month in range(1, 13)]
    for edition, sum_ in (("e2", "9.0"), ("e3", "6.0")):
        stated = {**later, edition: later[edition] + ", before: {score: restarts}"}
        assert assessed(editions(tmp_path, stated, *schemes), days, "2024").value("year_score", "E", "2024") == sum_


def test_a_year_of_the_first_of_three_editions_needs_the_months_of_the_third(tmp_path: Path) -> None:
    schemes = ("2021-01-01", BY_MONTH + OF_YEAR), ("2024-04-01", BY_MONTH), ("2024-07-01", BY_QUARTER)
    stated = {"e2": ", periods: {year: earlier}"}
    with pytest.raises(cr.SchemeError, match="other cells"):
        editions(tmp_path, stated, *schemes)


def test_editions_of_other_years_are_none_of_the_matter(tmp_path: Path) -> None:
    schemes = ("2021-01-01", BY_QUARTER), ("2023-04-01", BY_MONTH), ("2024-07-01", BY_MONTH + OF_YEAR)
    found = editions(tmp_path, {"e3": ", periods: {year: later}"}, *schemes)
    assert assessed(found, ["2024-01-10", "2024-08-10"], "2024").value("year_score", "E", "2024") == "2.0"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_field_that_only_an_earlier_edition_has_can_be_corrected(tmp_path: Path, engine: EngineName) -> None:
    """A correction of it was refused as of an unknown field, and the points stayed as they were entered."""
    by_month = "  lost: {for: street each month, sum: points, over: finding}\n"
    editions(tmp_path, {}, ("2021-01-01", by_month), ("2024-07-01", by_month))
    later = scheme("e2", "2024-07-01", by_month).replace("points", "weight")
    (tmp_path / "e2.yaml").write_text(later, "utf-8")
    rows = [
        {"no": "1", "street": "E", "found_on": "2024-05-10", "points": "6", "weight": None},
        {"no": "2", "street": "E", "found_on": "2024-08-10", "points": None, "weight": "6"},
    ]
    made = [
        {"kind": "finding", "record": no, "known_on": "2024-09-01", "field": field, "value": "1", "reason": "slip"}
        for no, field in (("1", "points"), ("2", "weight"))
    ]
    result = cr.load_editions(tmp_path / "editions.yaml").assess(
        {"finding": rows}, targets={"street": [{"name": "E"}]}, period="2024", corrections=made, engine=engine
    )
    assert [*result.rows("rejects")] == []
    assert [result.value("lost", "E", period) for period in ("2024-05", "2024-08")] == ["1.0", "1.0"]
