"""Which verdicts depend on a reading: against assessments under each option, with both engines; and what cannot run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import cityrules as cr
from cityrules.io.csv import CsvRows
from cityrules.io.rows import RawRow
from cityrules.loaded import specs_folder
from cityrules.results.dependence import CHOSEN, Dependence

SAMPLE = specs_folder() / "illegal-construction" / "sample"
RECORDS = {kind: SAMPLE / f"{kind}.csv" for kind in ("month_assessment", "building", "misconduct")}
SPAN = "2008-01..2008-06"
TARGETS = {kind: SAMPLE / f"{kind}.csv" for kind in ("bureau", "squad")}

SMALL = """
cityrules: 1
scheme: small
title: Small
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: count}}
measures:
  lost: {for: street each month, sum: points, over: finding, clause: 1}
  found: {for: street each month, count: finding, clause: 1}
  grade: {for: street each month, bands: lost, up_to: {3: good}, otherwise: bad, clause: 2}
consequences:
  circular: {for: street each month, when: grade = "bad", do: circular, kind: circular, clause: 3}
readings:
  bound:
    clause: 2
    question: Does three count
    chosen: CHOSEN
    because: it is unclear
    others:
      above: {measures.grade: {for: street each month, bands: lost, below: {3: good}, otherwise: bad, clause: 2}}
      two: {measures.grade: {for: street each month, bands: lost, up_to: {2: good}, otherwise: bad, clause: 2}}
  again:
    clause: 3
    question: To whom
    chosen: all
    because: it says so
    others:
      weighed:
        records.finding.fields: {no: text, street: street, found_on: date, points: count, weight: count}
"""
ROWS = [
    {"no": "1", "street": "A", "found_on": "2024-01-05", "points": 2},
    {"no": "2", "street": "B", "found_on": "2024-01-05", "points": 3},
    {"no": "3", "street": "C", "found_on": "2024-01-05", "points": 4},
]
STREETS = [{"name": name} for name in "ABC"]


def small(chosen: str, rows: Any = ROWS, engine: Any = "python") -> Dependence:
    scheme = cr.loads(SMALL.replace("CHOSEN", chosen))
    return scheme.study({"finding": rows}, targets={"street": STREETS}, period="2024-01", engine=engine).readings()


def under(found: Dependence, reading: str) -> dict[tuple[str, str | None], dict[str, tuple[str, str | None]]]:
    one = next(one for one in found.readings if one.name == reading)
    return {
        (each.about.name, each.about.target): {
            option: (verdict.state, verdict.text) for option, verdict in each.by_option.items()
        }
        for each in one.dependents
    }


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_a_reading_moves_and_what_it_does_not(engine: str) -> None:
    found = small("it does", engine=engine)
    good, bad = ("value", "good"), ("value", "bad")
    circular, nothing = ("follows", "circular"), ("nothing", None)
    assert under(found, "bound") == {
        ("grade", "B"): {CHOSEN: good, "above": bad, "two": bad},
        ("circular", "B"): {CHOSEN: nothing, "above": circular, "two": circular},
    }
    # Of A and C the grades stay, of C the circular; and three numbers that nothing else reads.
    assert (found.depend, found.same) == (2, 6)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_nobody_has_chosen_is_computed_under_each_option(engine: str) -> None:
    found = small("unstated", [*ROWS, {"no": "4", "street": "A", "found_on": "2024-01-06", "points": 0}], engine)
    reading = found.readings[0]
    assert (reading.chosen, reading.options, reading.dependents) == (None, ("above", "two"), ())
    # The other reading leaves this one open, and so has no grades at all.
    assert found.depend == 0
    # Under the options: three grades and two circulars. What the grades are made of is read by them.
    assert found.same == 3 + 3 + 2


def test_options_of_an_open_reading_are_compared_with_each_other() -> None:
    text = SMALL.replace("CHOSEN", "unstated").replace("up_to: {2: good}", "up_to: {1: good}")
    found = cr.loads(text).study({"finding": ROWS}, targets={"street": STREETS}, period="2024-01").readings()
    assert under(found, "bound")["grade", "A"] == {"above": ("value", "good"), "two": ("value", "bad")}


def test_what_an_option_leaves_unstated_is_not_computed_under_it() -> None:
    text = SMALL.replace("CHOSEN", "it does")
    text = text.replace("measures:\n", "parameters: {most: {value: 3, clause: 2}}\nmeasures:\n", 1)
    text = text.replace("above: {measures.grade:", "above: {parameters.most.value: unstated, measures.grade:")
    text = text.replace("below: {3: good}", "below: {most: good}")
    found = cr.loads(text).study({"finding": ROWS}, targets={"street": STREETS}, period="2024-01").readings()
    good, withheld = ("value", "good"), ("withheld", None)
    assert under(found, "bound")["grade", "A"] == {CHOSEN: good, "above": withheld, "two": good}
    assert under(found, "bound")["circular", "C"]["above"] == withheld


def test_an_option_that_these_rows_do_not_fit_is_told(tmp_path: Any) -> None:
    path = tmp_path / "finding.csv"
    path.write_text("no,street,found_on,points\n1,A,2024-01-05,3\n", encoding="utf-8")
    found = small("it does", path)
    failed = found.readings[1].failed
    assert [diagnostic.code for diagnostic in failed["weighed"]] == ["CR512"]
    assert found.readings[1].options == (CHOSEN,)
    assert found.to_json()["readings"][1]["failed"]["weighed"][0]["code"] == "CR512"


class Counting(CsvRows):
    """How often its rows were asked for."""

    asked = 0

    def rows(self) -> Iterator[RawRow]:
        self.asked += 1
        return super().rows()


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_inputs_are_read_once(tmp_path: Any, engine: str) -> None:
    path = tmp_path / "finding.csv"
    path.write_text("no,street,found_on,points\n1,A,2024-01-05,3\n", encoding="utf-8")
    rows = Counting(str(path))
    assert small("it does", rows, engine).depend == 2
    assert rows.asked == 1


def test_a_scheme_without_readings() -> None:
    text = SMALL.partition("readings:")[0]
    found = cr.loads(text).study({"finding": ROWS}, targets={"street": STREETS}, period="2024-01").readings()
    assert (found.readings, found.depend, found.same) == ((), 0, 3 + 3 + 1)


def test_the_sample_as_each_assessment_under_an_option_has_it() -> None:
    """Grades and places that differ are exactly those that whole assessments under the option have otherwise."""
    scheme = cr.load("illegal-construction", examples=False)

    def placed(one: cr.Scheme) -> dict[tuple[object, ...], str]:
        result = one.assess(RECORDS, targets=TARGETS, period=SPAN)
        grades = {(row["measure"], row["target"], row["period"]): row["grade"] for row in result.rows("grades")}
        places = {(row["measure"], row["target"], row["period"]): row["place"] for row in result.rows("ranks")}
        return {key: str(value) for key, value in {**grades, **places}.items()}

    found = scheme.study(RECORDS, targets=TARGETS, period=SPAN).readings()
    chosen = placed(scheme)
    for reading in found.readings:
        if reading.name not in ("digits_of_the_mean", "unscored_squad"):
            continue
        moved: dict[tuple[object, ...], Any] = {
            (one.about.name, one.about.target, one.about.period): one.by_option
            for one in reading.dependents
            if one.kind in ("grade", "place")
        }
        expected = set()
        for option in reading.options[1:]:
            other = placed(scheme.overlay({f"readings.{reading.name}": option}))
            differ = {key for key in chosen if chosen[key] != other[key]}
            expected |= differ
            assert all(moved[key][option].text == other[key] for key in differ)
        assert set(moved) == expected


def test_more_digits_of_the_same_number_are_no_other_verdict() -> None:
    text = """
cityrules: 1
scheme: digits
title: Digits
in_force: {from: 2024-01-01}
rounding: half up to 2
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: count}}
measures: {average: {for: street each month, mean: points, over: finding, empty: null, clause: 1}}
readings:
  digits: {clause: 1, question: How many digits, chosen: two, because: usual, others: {one: {rounding: half up to 1}}}
"""
    rows = [*ROWS, {"no": "4", "street": "B", "found_on": "2024-01-06", "points": 4}]
    rows += [{"no": f"c{n}", "street": "C", "found_on": "2024-01-06", "points": 4 + (n == 1)} for n in range(3)]
    found = cr.loads(text).study({"finding": rows}, targets={"street": STREETS}, period="2024-01").readings()
    # A has 2, B 3.5; only of C, 17 / 4, the second digit says something.
    assert under(found, "digits") == {("average", "C"): {CHOSEN: ("value", "4.25"), "one": ("value", "4.3")}}
    assert (found.depend, found.same) == (1, 2)


def test_both_engines_and_all_forms_say_the_same() -> None:
    scheme = cr.load("illegal-construction", examples=False)
    first, second = (
        scheme.study(RECORDS, targets=TARGETS, period=SPAN, engine=engine).readings() for engine in ("python", "duckdb")
    )
    assert first == second
    assert list(first.table.rows()) == list(second.table.rows())
    told = first.to_json()["readings"]
    lines = sum(len(one["under"]) for reading in told for one in reading["verdicts"])
    assert lines == len(list(first.table.rows()))
    assert len({one.about for reading in first.readings for one in reading.dependents}) == first.depend
    # The third month in a row was March: a talk again in April is what the other reading says.
    assert ("bureau_months", "鱼梁洲") in under(first, "repeated_talk")


OPENED = """
cityrules: 1
scheme: opened
title: Opened
clause: 1
in_force: {from: 2024-01-01}
targets: {street: {members: [A]}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: count}}
parameters: {fine: {value: 0.5}}
measures:
  found: {for: street each month, count: finding}
  owed: {for: street each month, from: carried, rules: {late: {each: finding, add: fine}}}
  more: {for: street each month, formula: found}
readings:
  r:
    question: What follows from the month before
    chosen: nothing
    because: it says so
    others:
      growth: {measures.more.formula: 'found - default(previous(found), 0)'}
      whole: {parameters.fine.value: 1}
      dropped: {measures.owed: null}
"""


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_was_before_is_read_for_each_option(engine: Any) -> None:
    # Once it was read for the document as it is: an option did not see what it alone looks back at, and one that makes
    # what was before impossible ended in a ValueError.
    scheme = cr.loads(OPENED)
    days = {month: [{"no": month, "street": "A", "found_on": f"{month}-05", "points": 1}] for month in ("2024-01",)}
    before = scheme.assess({"finding": days["2024-01"]}, period="2024-01")
    rows: list[dict[str, object]] = []
    found = scheme.study({"finding": rows}, period="2024-02", opening=before, engine=engine).readings()
    alone = scheme.overlay({"readings.r": "growth"}).assess({"finding": rows}, period="2024-02", opening=before)
    assert [row["value"] for row in alone.rows("values") if row["measure"] == "more"][-1] == "-1"
    assert under(found, "r")[("more", "A")]["growth"] == ("value", "-1")
    assert {name: [one.code for one in why] for name, why in found.readings[0].failed.items()} == {"whole": ["CR996"]}
    assert ("owed", "A") in under(found, "r")
