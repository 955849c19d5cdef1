"""One address under many values: the same as separate runs under each, on both engines; and what cannot be asked."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.questions.asking import MOST_VALUES, value_row
from cityrules.compare.questions.sweep import Sweep
from cityrules.compare.unanswerable import Unanswerable
from cityrules.results.dependence import Run
from cityrules.results.verdicts import kinds_of, reads, same, silent, verdicts
from cityrules.text.diagnostic import Report
from cityrules.text.nodes import plain
from cityrules.text.source import Source
from cityrules.text.yaml import read

Engine = Literal["python", "duckdb"]
TEXT = """
cityrules: 1
scheme: lines
title: Lines
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: count}}
parameters: {fail: {value: 3, clause: 2}, fine: {value: 10, clause: 3}}
measures:
  lost: {for: street each month, sum: points, over: finding, clause: 1}
  grade: {for: street each month, bands: lost, below: {fail: good}, otherwise: bad, clause: 2}
  place: {for: street each month, rank: low lost, among: whole, ties: share, clause: 2}
  bad_months: {for: street each month, run: grade = "bad", new_year: continues, clause: 4}
consequences:
  fined: {for: street each month, when: lost >= fail, do: fine, kind: payment, amount: fine * lost, clause: 3}
  again:
    for: street each month
    ladder: bad_months
    restarts: no
    together: highest
    clause: 4
    steps: {talk: {reaches: 2, do: talk, kind: talk}, circular: {reaches: 3, do: circular, kind: circular}}
checks:
  few: {for: street each month, that: lost < 2 * fail, otherwise: warn, clause: 5}
"""
STREETS = [{"name": name} for name in "ABC"]


def rows_of(points: list[int]) -> list[dict[str, object]]:
    """One finding for each street and month, in their order."""
    return [
        {"no": str(number), "street": "ABC"[number % 3], "found_on": f"2024-0{1 + number // 3}-05", "points": lost}
        for number, lost in enumerate(points)
    ]


def swept(points: list[int], path: str, values: Any, engine: Engine = "python", of: Any = ()) -> Sweep:
    scheme = cr.loads(TEXT)
    study = scheme.study(
        {"finding": rows_of(points)}, targets={"street": STREETS}, period="2024-01..2024-03", engine=engine
    )
    return study.sweep(path, values, of=of)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
@given(
    points=st.lists(st.integers(0, 8), min_size=9, max_size=9),
    path=st.sampled_from(["parameters.fail.value", "parameters.fine.value", "consequences.again.steps.talk.reaches"]),
    values=st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
@settings(max_examples=4, deadline=None)
def test_a_sweep_is_what_separate_runs_are(engine: Engine, points: list[int], path: str, values: list[int]) -> None:
    found = swept(points, path, values, engine)
    base = cr.loads(TEXT)
    given_rows: dict[str, Any] = {"finding": rows_of(points)}

    def alone(scheme: cr.Scheme) -> tuple[cr.Assessment, Run]:
        one = scheme.assess(given_rows, targets={"street": STREETS}, period="2024-01..2024-03")
        return one, Run("", verdicts(one.tables, kinds_of(scheme.plan, reads(scheme.plan))))

    kinds = kinds_of(base.plan, reads(base.plan))
    last = first = alone(base)[1]
    for value, step in zip(values, found.values, strict=True):
        if step.failed:
            with pytest.raises(cr.SchemeError, match=step.failed[0].code):
                base.overlay({path: value})
            continue
        varied = base.overlay({path: value})
        one, run = alone(varied)
        for moved, before in ((step.moved, first), (step.newly, last)):
            told = {move.about: (move.before, move.after) for move in moved}
            for about in {*before.verdicts, *run.verdicts}:
                kind = kinds[about.name]
                pair = before.about(about, kind), run.about(about, kind)
                assert (about in told) is (same(kind, pair[0]) != same(kind, pair[1]))
                assert told.get(about, pair) == pair
            assert set(told) <= {*before.verdicts, *run.verdicts}
        last = run
        grades = Counter(row["grade"] for row in one.rows("grades"))
        acts = Counter((row["consequence"], row["step"]) for row in one.rows("consequences"))
        money = sum((Fraction(str(row["amount"])) for row in one.rows("consequences") if row["amount"]), Fraction(0))
        checks = sum(row["name"] == "few" for row in one.rows("problems"))
        assert {tally.result: tally.number for tally in step.tallies if tally.name == "grade"} == grades
        assert {(t.name, t.result): t.number for t in step.tallies if t.kind == "consequence"} == acts
        assert sum((tally.total or Fraction(0) for tally in step.tallies), Fraction(0)) == money
        assert sum(tally.number for tally in step.tallies if tally.kind == "check") == checks


def test_who_falls_at_which_value() -> None:
    found = swept([2, 3, 4, 0, 0, 0, 0, 0, 0], "parameters.fail.value", value_row("2", "4", "1"), of=["grade"])
    fell = {
        one.value: [(move.about.target, move.before.text, move.after.text) for move in one.newly]
        for one in found.values
    }
    assert fell == {"2": [("A", "good", "bad")], "3": [("A", "bad", "good")], "4": [("B", "bad", "good")]}
    assert [len(one.moved) for one in found.values] == [1, 0, 1]
    assert (found.written, found.clause) == ("3", "2")
    first, second = found.tables.values()
    assert [row[1:3] for row in first.rows()][:2] == [("3", True), ("3", True)]
    assert len(list(second.rows())) == 5
    assert [one["value"] for one in found.to_json()["values"]] == ["2", "3", "4"]


def test_a_value_that_is_no_good_scheme_is_told() -> None:
    found = swept([1] * 9, "parameters.fail.value", ["3", "three", "4"])
    assert [[one.code for one in step.failed] for step in found.values] == [[], ["CR411"], []]
    # What changes at the last value is told against the last one that could be run.
    assert found.values[2].newly == found.values[2].moved
    assert found.to_json()["values"][1]["failed"][0]["code"] == "CR411"


def test_what_cannot_be_asked() -> None:
    with pytest.raises(Unanswerable, match="CR350"):
        swept([1] * 9, "parameters.fial.value", [1, 2])
    with pytest.raises(Unanswerable, match="CR1120"):
        swept([1] * 9, "parameters.fail.value", [1], of=["grad"])
    with pytest.raises(Unanswerable, match="CR1123"):
        swept([1] * 9, "parameters.fail.value", range(MOST_VALUES + 1))


@pytest.mark.parametrize("row", [("1", "2", "0"), ("2", "1", "1"), ("a", "2", "1"), ("1%", "2 days", "1"), (0.5, 1, 1)])
def test_what_is_no_row_of_values(row: tuple[Any, Any, Any]) -> None:
    with pytest.raises(Unanswerable, match="CR1122"):
        value_row(*row)


def test_rows_of_values_are_exact() -> None:
    assert value_row("0.1", "0.5", "0.2") == ("0.1", "0.3", "0.5")
    assert value_row("1%", "2%", "0.5") == ("1.0%", "1.5%", "2.0%")
    assert value_row("-1", "1", "1.5") == ("-1.0", "0.5")
    with pytest.raises(Unanswerable, match="CR1123"):
        value_row("0", "1", "0.00001")


def test_what_nothing_is_said_of_is_the_same() -> None:
    assert silent("check").state == "holds"
    found = swept([0] * 9, "parameters.fine.value", [20])
    assert (found.values[0].moved, found.values[0].newly) == ((), ())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"fail": "good"}, "{fail: good}"),
        ({"3": "good", "5": "so, so"}, '{3: good, 5: "so, so"}'),
        ([1, "a", None, True, [Decimal("0.50")]], "[1, a, null, true, [0.50]]"),
        ({}, "{}"),
        (True, "true"),
        (Decimal("1E+2"), "100"),
        ("x: y", "x: y"),
        (None, None),
    ],
)
def test_values_are_told_as_a_document_has_them(value: object, told: str | None) -> None:
    """Maps and lists were written as Python has them: `{'fail': 'good'}`."""
    found = swept([1, 2, 4], "measures.grade.below", [value])
    assert found.values[0].value == told
    assert found.to_json()["values"][0]["value"] == told
    assert {row[1] for row in found.table.rows() if not row[2]} <= {told}
    if isinstance(value, (dict, list)):
        again = read(Source("x", f"value: {told}"), Report())
        assert again is not None
        back = plain(again.get("value") or again)
        assert swept([1, 2, 4], "measures.grade.below", [back]).values[0].value == told


@pytest.mark.parametrize(
    ("path", "values", "meant"),
    [
        ("parameters.fail.vlaue", [3], "value"),
        ("consequences.again.steps.talk.reachs", [3, 4], "reaches"),
        ("parameters.fial", [3], "fail"),
        ("measures.grade.below.fial", ["x"], "fail"),
        ("consequences.again.steps.tlk", [3], "talk"),
        ("measure", [3], "measures"),
        ("parameters.something_else", [3], None),
        ("readings.none", ["x"], None),
    ],
)
def test_a_mistyped_address_is_told_as_such(path: str, values: list[object], meant: str | None) -> None:
    """Inside a body it was told as values under which the document is not in order, by a question that was answered."""
    with pytest.raises(Unanswerable) as problem:
        swept([1, 2], path, values)
    (found,) = problem.value.diagnostics
    assert found.code == ("CR353" if path.startswith("readings") else "CR350")
    assert found.values.get("suggestion") == meant


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("parameters.fail.unit", ["%%"]),
        ("measures.lost.note", ["a new key"]),
        ("measures.grade.below.5", ["a new bound"]),
        ("measures.lots", [{"for": "street each month", "formula": "lost +"}]),
        ("parameters.fail.value", ["x y"]),
        ("parameters.fial", [{"value": 3, "clause": 2}, 3]),
    ],
)
def test_a_new_name_that_could_stand_there_is_no_slip(path: str, values: list[object]) -> None:
    assert len(swept([1, 2], path, values).values) == len(values)


def test_solve_tells_of_a_mistyped_address_too() -> None:
    study = cr.loads(TEXT).study({"finding": rows_of([1, 2])}, targets={"street": STREETS}, period="2024-01")
    with pytest.raises(Unanswerable) as problem:
        study.solve("parameters.fail.vlaue", between=(1, 3), wish="grade = bad at most 1")
    assert problem.value.diagnostics[0].values["suggestion"] == "value"
