"""Strategies that know a scheme: good rows, dirt where it is asked for, small failures that are worked cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

import cityrules as cr
from cityrules.cases.suites import open_suite, run_all
from cityrules.engines.python.engine import PythonEngine
from cityrules.testing.drawing.choices import Seeded
from cityrules.testing.drawing.days import distances, turning_days
from cityrules.testing.drawing.dirt import WRITABLE, dirtied
from cityrules.testing.drawing.drawn import Drawn
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.strategies import inputs, records, targets
from cityrules.testing.writing.case import case_text

SPECS = Path(__file__).parents[2] / "specs"
FEW = settings(max_examples=15, database=None, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(FEW, max_examples=400, phases=(Phase.generate, Phase.shrink))
STREET = cr.load(SPECS / "street-order" / "scheme.yaml", examples=False)


@FEW
@given(inputs(STREET))
def test_good_rows_are_used(drawn: Drawn) -> None:
    tables = PythonEngine().assess(STREET.plan, drawn.inputs, drawn.question(STREET.plan)).tables
    assert list(tables["rejects"].rows()) == []


def test_dirt_is_of_every_sort() -> None:
    reasons: set[str] = set()
    for seed in range(40):
        choices = Seeded(f"dirt {seed}")
        drawn = dirtied(STREET.plan, choices, Drawer(STREET.plan, choices).draw())
        tables = PythonEngine().assess(STREET.plan, drawn.inputs, drawn.question(STREET.plan)).tables
        reasons |= {part.rpartition(": ")[2] for row in tables["rejects"].rows() for part in str(row[4]).split("; ")}
    assert {"missing", "unknown_target", "duplicate", "conflict", "after_as_of", "not_a_date"} <= reasons


def test_a_failure_comes_down_to_the_record_it_is_about() -> None:
    drawn = find(inputs(STREET, dirty=True), lambda one: len(one.records["finding"]) >= 2, settings=MANY)
    assert len(drawn.records["finding"]) == 2
    assert [len(rows) for rows in drawn.targets.values()] == [2]
    assert drawn.as_of is None


@FEW
@given(targets(STREET, "street"))
def test_targets_have_the_columns_of_their_kind(rows: object) -> None:
    assert isinstance(rows, tuple)
    assert all(set(row) == {"name", "since", "until", *STREET.plan.kinds["street"].fields} for row in rows)


def test_a_record_beside_others_has_a_key_of_its_own() -> None:
    drawn = Drawer(STREET.plan, 3).draw()
    row = find(records(STREET, "finding", beside=drawn), lambda _: True, settings=MANY)
    key = STREET.plan.records["finding"].key[0]
    assert row[key] not in {one[key] for one in drawn.records["finding"]}
    assert row["street"] in {one["name"] for one in drawn.targets["street"]}


def test_a_period_can_be_asked_for() -> None:
    drawn = find(inputs(STREET, period="2025-02"), lambda one: bool(one.records["finding"]), settings=MANY)
    assert (drawn.span.start, drawn.span.last_day) == (dt.date(2025, 2, 1), dt.date(2025, 2, 28))
    with pytest.raises(ValueError, match="2025-99"):
        inputs(STREET, period="2025-99")


def test_what_is_no_kind_is_told_at_once() -> None:
    with pytest.raises(KeyError):
        records(STREET, "street")
    with pytest.raises(KeyError):
        targets(STREET, "finding")


def test_days_on_which_something_turns() -> None:
    """Ends of months, the leap day; around the holidays where working days are counted."""
    plan = cr.load(SPECS / "gallery" / "acts-in-time" / "scheme.yaml", examples=False).plan
    days = turning_days(plan, plan.periods.parse_span("2024-01..2024-03"))
    assert {dt.date(2024, 1, 31), dt.date(2024, 2, 1), dt.date(2024, 2, 29), dt.date(2024, 3, 1)} <= set(days)
    # The Spring Festival of 2024: off from Saturday the 10th of February to the 17th, worked on the 18th, a Sunday.
    assert {dt.date(2024, 2, 17), dt.date(2024, 2, 18)} <= set(days)
    assert dt.date(2024, 1, 23) not in days


def test_limits_of_the_scheme_are_among_the_distances() -> None:
    plan = cr.load(SPECS / "gallery" / "working-days" / "scheme.yaml", examples=False).plan
    assert set(distances(plan)) > {0, 1, 7, 30, 31}


def test_what_is_drawn_shows_itself_as_a_case_that_runs(tmp_path: Path) -> None:
    """Pasted into a file of cases it is read, and gives what was computed of it."""
    lines = ["cityrules-cases: 1", "scheme: street-order", "cases:"]
    for seed in range(4):
        drawn = Drawer(STREET.plan, seed).draw(4)
        tables = PythonEngine().assess(STREET.plan, drawn.inputs, drawn.question(STREET.plan)).tables
        scores = [row for row in tables["values"].rows() if row[3] == "score"]
        expect = {"score": {f"{row[1]} {row[2]}": str(row[4]) for row in scores}}
        lines.append(case_text(drawn.case(f"case_{seed}", expect)).rstrip("\n"))
    path = tmp_path / "cases.yaml"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    suite = open_suite(path)
    assert suite.found == ()
    results = list(run_all(suite))
    assert len(results) == 4
    assert [found for result in results for found in result.found] == []


def test_a_text_of_dirt_is_read_from_a_case_as_it_was_drawn(tmp_path: Path) -> None:
    """The word `null` was drawn, which a case reads as a missing value: what was shown was not what had failed."""
    drawn = Drawer(STREET.plan, 3).draw()
    (row, *_) = drawn.records["finding"]
    texts = [text for text in WRITABLE if text]
    rows = tuple({**row, "no": str(number), "street": text} for number, text in enumerate(texts))
    path = tmp_path / "cases.yaml"
    case = repr(drawn.with_records("finding", rows))
    path.write_text(f"cityrules-cases: 1\nscheme: street-order\ncases:\n{case}\n", "utf-8")
    suite = open_suite(path)
    assert suite.found == ()
    read = Situation.given(suite.cases["found"], STREET.plan).records["finding"]
    assert [one["street"] for one in read] == [one["street"] for one in rows]


def test_rows_are_told_shortly() -> None:
    drawn = Drawer(STREET.plan, 1).draw(2)
    text = repr(drawn.with_records("finding", [{"no": "1", "a": "x: y", "b": None}] * 3))
    assert "finding: [{repeat: 3, row: {no: 1}}]" in text
    assert 'defaults: {finding: {a: "x: y"}}' in text
