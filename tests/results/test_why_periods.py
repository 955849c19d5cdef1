"""Explanations of weeks, of windows of weeks and of periods of one's own, on both engines (golden files)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cityrules.loaded import Assessment, EngineName, Scheme, load, loads
from cityrules.text.diagnostic import Language

HERE = Path(__file__).parent
GALLERY = HERE.parents[1] / "specs" / "gallery"

ENGINES: tuple[EngineName, ...] = ("python", "duckdb")

CHECKS = [
    {"no": str(number), "street": "A", "checked_on": day, "lost": lost}
    for number, (day, lost) in enumerate([("2014-12-29", "6"), ("2015-01-05", "7.5"), ("2015-01-18", "8")])
]
READINGS = [
    {"no": str(number), "plant": "A", "read_on": day, "tons_of": tons}
    for number, (day, tons) in enumerate([("2015-01-28", "1"), ("2015-01-29", "2"), ("2015-02-28", "4")])
]
FINDINGS = [
    {"no": str(number), "contractor": "A", "item": "roads", "found_on": day, "points": points}
    for number, (day, points) in enumerate(
        [("2022-05-10", "30"), ("2023-05-02", "20"), ("2023-05-09", "10"), ("2023-05-10", "35"), ("2023-06-10", "5")]
    )
]
CELLS = {
    "week_in_month": ("weeks", "A", "2015-01", "month_points"),
    "week_run": ("weeks", "A", "2015-W02", "bad_this_year"),
    "week_window": ("weeks", "A", "2015-W03", "last_four"),
    "closing_ever": ("own-periods", "A", "2015-02@closing", "all_so_far"),
    "own_year": ("contract-year", "A", "2@contract_year", "change"),
    "own_months": ("contract-year", "A", "1@contract_year", "worst_month"),
    "own_window": ("contract-year", "A", "14@contract_month", "so_far"),
    "own_parts": ("contract-year", "A", "1@contract_year", "quiet_months"),
    "own_ladder": ("contract-year", "A", "2@contract_year", "ended"),
    "own_overview": ("contract-year", "A", "1@contract_year"),
    "own_dimension": ("contract-year", "A / roads", "1@contract_year"),
    "ten_days_window": ("own-periods", "A", "2015-02-X1", "three_decades"),
}


def assessed(name: str, engine: EngineName) -> Assessment:
    scheme: Scheme = load(GALLERY / name / "scheme.yaml")
    if name == "weeks":
        return scheme.assess({"check": CHECKS}, period="2015-01", engine=engine)
    if name == "contract-year":
        officers = [{"name": "Li", "appointed_on": None}]
        targets = {"contractor": [{"name": "A", "signed_on": "2022-05-10", "class": "large"}], "officer": officers}
        return scheme.assess({"finding": FINDINGS}, targets=targets, period="2022-05..2024-05", engine=engine)
    price = [{"period": "2014-cold@heating", "per_ton": "2.5"}, {"period": "2015-warm@heating", "per_ton": "1"}]
    return scheme.assess({"reading": READINGS, "price": price}, period="2015-01..2015-03", engine=engine)


@pytest.mark.parametrize("case", CELLS)
def test_periods_are_explained(case: str) -> None:
    name, *cell = CELLS[case]
    said = assessed(name, "python").why(*cell)
    assert assessed(name, "duckdb").why(*cell) == said
    languages: tuple[Language, ...] = ("en", "zh")
    for language in languages:
        golden = HERE / "golden" / f"{case}.{language}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            golden.write_text(said.render(language) + "\n", "utf-8", newline="\n")
        assert said.render(language) + "\n" == golden.read_text("utf-8")


FOLLOWED = """
cityrules: 1
scheme: terms
title: terms
clause: 1
in_force: {from: 2020-01-01}
periods: {term: {every: 1 year, from: contractor.signed_on}}
targets:
  contractor: {members: registered, fields: {signed_on: optional date}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, contractor: contractor, found_on: date, points: optional count}
measures:
  lost: {for: contractor each term, sum: points, over: finding, missing: MISSING}
  low: {for: contractor each term, run: lost > 5, new_year: continues}
  warnings: {for: contractor, count: warned, clause: 2}
  steps: {for: contractor, count: climb, clause: 2}
consequences:
  warned: {for: contractor each term, when: lost > 5, do: warn, kind: talk, clause: 3}
  climb:
    for: contractor each term
    ladder: low
    restarts: no
    together: highest
    steps: {one: {reaches: 1, do: a, kind: talk}, two: {reaches: 2, do: b, kind: talk}}
"""
TERMS = [
    {"no": str(number), "contractor": "A", "found_on": day, "points": points}
    for number, (day, points) in enumerate([("2022-06-01", "9"), ("2023-06-01", None)])
]


@pytest.mark.parametrize("missing", ["skip", "error"])
def test_why_something_counts_what_followed_in_periods_of_ones_own(missing: str) -> None:
    scheme = loads(FOLLOWED.replace("MISSING", missing))
    targets = {"contractor": [{"name": "A", "signed_on": "2022-05-10"}]}
    python, duckdb = (
        scheme.assess({"finding": TERMS}, targets=targets, period="2022..2025", engine=engine) for engine in ENGINES
    )
    for measure in ("warnings", "steps"):
        said = python.why("A", None, measure)
        assert duckdb.why("A", None, measure) == said
        told = said.render("en")
        name = "climb" if measure == "steps" else "warned"
        if missing == "error":
            assert f"{name} · A · 2@term: undecided" in told
        else:
            assert told.splitlines()[0] == f"{measure} · A = 1 (clause 2)"
            assert f"{name} A / 1@term" in told
