"""Records of targets that do not exist on their day, and more of either than an assessment takes."""

from __future__ import annotations

from fractions import Fraction

import pytest

from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.io.rows import DataError
from cityrules.plan import axes
from engines.handmade import Results, assess

BODY = """
targets:
  squad: {members: registered}
  team: {members: [T]}
records:
  finding:
    dated: held
    key: [no]
    fields: {no: text, squad: squad, helper: optional squad, team: optional team, held: datetime, n: count}
  rating: {one_per: squad each month, absent: "null", fields: {stars: count}}
measures:
  number: {for: squad each month, count: finding, via: squad}
"""
SQUADS = [
    {"name": "young", "since": "2015-02-10"},
    {"name": "old", "until": "2015-02-10"},
    {"name": "twice", "until": "2015-01-10"},
    {"name": "twice", "since": "2015-02-10"},
    {"name": "ever"},
]


def found(*rows: str, ratings: str = "") -> Results:
    names = ("no", "squad", "helper", "held", "n")
    findings = [{**dict.fromkeys(("team",)), **dict(zip(names, row.split(), strict=True))} for row in rows]
    findings = [{name: None if value == "-" else value for name, value in row.items()} for row in findings]
    rated = [dict(zip(("squad", "period", "stars"), row.split(), strict=True)) for row in ratings.split(",") if row]
    return assess(BODY, targets={"squad": SQUADS}, finding=findings, rating=rated)


def test_a_record_of_a_target_that_does_not_exist_on_its_day_is_a_reject() -> None:
    results = found(
        "a young - 2015-02-09T23:59:59 1",
        "b young - 2015-02-10T00:00 1",
        "c old - 2015-02-09T23:59:59 1",
        "d old - 2015-02-10T00:00 1",
        "e twice young 2015-01-10T00:00 1",
        "f twice old 2015-01-09T00:00 1",
        "g ever young 2015-01-09T00:00 1",
        "h ever - 2015-01-09T00:00 x",
        "i young - 2015-01-09T00:00 x",
    )
    assert results.rejects() == [
        "a: squad: outside_lifetime",
        "d: squad: outside_lifetime",
        "e: helper: outside_lifetime; squad: outside_lifetime",
        "g: helper: outside_lifetime",
        "h: n: not_a_number",
        "i: n: not_a_number",
    ]
    counted = {cell: value for cell, value in results.values("number").items() if value != "0"}
    assert counted == {"young 2015-02": "1", "old 2015-02": "1", "twice 2015-01": "1"}


def test_a_row_of_a_cell_that_never_is_is_a_reject() -> None:
    results = found(
        ratings="young 2015-01 3,young 2015-02 3,old 2015-02 3,old 2015-03 3,twice 2015-03 3,ever 2015-01 3"
    )
    assert results.rejects() == ["young 2015-01: squad: outside_lifetime", "old 2015-03: squad: outside_lifetime"]


@pytest.mark.parametrize("engine", [PythonEngine(), DuckDBEngine()], ids=["python", "duckdb"])
def test_more_records_or_targets_than_sums_are_sized_for_stop_the_engine(
    engine: PythonEngine | DuckDBEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"no": str(n), "squad": "ever", "held": "2015-01-01T00:00", "n": n} for n in range(3)]

    def run() -> Results:
        return assess(BODY, targets={"squad": SQUADS}, finding=rows, engine=engine)

    monkeypatch.setattr(axes, "MOST_RECORDS", 3)
    monkeypatch.setattr(axes, "MOST_TARGETS", 4)
    assert run().values("number")["ever 2015-01"] == "3"
    monkeypatch.setattr(axes, "MOST_RECORDS", 2)
    with pytest.raises(DataError) as caught:
        run()
    assert [(one.code, dict(one.values)) for one in caught.value.diagnostics] == [
        ("CR880", {"kind": "finding", "found": "3", "limit": "2"})
    ]
    monkeypatch.setattr(axes, "MOST_RECORDS", 3)
    monkeypatch.setattr(axes, "MOST_TARGETS", 3)
    with pytest.raises(DataError) as caught:
        run()
    assert [(one.code, one.values["kind"]) for one in caught.value.diagnostics] == [("CR880", "squad")]


@pytest.mark.parametrize(
    ("value", "said"),
    [(Fraction(7, 2), "more than 0 digits"), (Fraction(-1), "never"), ("many", "never"), (None, "never")],
)
def test_what_is_given_is_what_the_measure_can_be(value: Fraction | str | None, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        assess(BODY, targets={"squad": SQUADS}, given={"number": {"ever 2015-01": value}})
    known = assess(BODY, targets={"squad": SQUADS}, given={"number": {"ever 2015-01": 7}})
    assert known.values("number")["ever 2015-01"] == "7"
