"""What hangs on one record: against assessments of their own with every record wrong in every way that is stated."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.counterfactuals import slips
from cityrules.compare.counterfactuals.robustness import Search
from cityrules.compare.counterfactuals.slips import Slip
from cityrules.loaded import Scheme
from cityrules.results.robustness import ROBUSTNESS
from cityrules.results.verdicts import About, Verdict, kinds_of, silent, verdicts
from cityrules.results.why import NothingToExplain

SCHEME = """
cityrules: 1
scheme: small
title: Small
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      no: text
      street: street
      found_on: date
      cleared_on: optional date
      points: number(1) [0, 4]
      matter: one of dirt, noise, heat
      praise: flag
      note: text
measures:
  score:
    for: street each month
    from: 10
    rules:
      late:
        each: finding
        when: not(praise) and (cleared_on = null or cleared_on > found_on + duration("P3D"))
        deduct: points
        clause: 1.1
      noise: {each: finding, when: matter = "noise", deduct: 1, clause: 1.2}
    together: all
    floor: 0
    clause: 1
  grade: {for: street each month, bands: score, at_least: {8: good, 6: pass}, otherwise: bad, clause: 2}
  place: {for: street each month, rank: high score, among: whole, ties: share, clause: 3}
  failing: {for: street each month, run: grade = "bad", new_year: continues, clause: 4}
  size: {for: finding, bands: points, at_least: {3: large}, otherwise: small, clause: 5}
consequences:
  failing_months:
    for: street each month
    ladder: failing
    restarts: no
    together: all
    steps:
      talk: {reaches: 1, do: talk, kind: talk, clause: 6.1}
      removal: {reaches: 2, do: removal, kind: sanction, clause: 6.2}
"""
STREETS = [{"name": name} for name in "ABCD"]
SPAN = "2024-01..2024-03"
FEW = settings(
    max_examples=8,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)
Row = dict[str, Any]
Change = tuple[str, str | None, str | None]


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return cr.loads(SCHEME)


def finding(number: int, street: str, found: str, points: str = "4", **more: Any) -> Row:
    row = {"no": str(number), "street": street, "found_on": found, "cleared_on": None, "points": points}
    return {**row, "matter": "dirt", "praise": "false", "note": "as seen", **more}


@st.composite
def findings(draw: st.DrawFn) -> list[Row]:
    days = ["2024-01-05", "2024-01-31", "2024-02-01", "2024-03-20"]
    return [
        finding(
            one,
            draw(st.sampled_from("AAB")),
            draw(st.sampled_from(days)),
            draw(st.sampled_from(["4", "3.9", "2", "0"])),
            cleared_on=draw(st.sampled_from([None, "2024-01-08", "2024-01-09", "2024-02-05"])),
            matter=draw(st.sampled_from(["dirt", "noise"])),
            praise=draw(st.sampled_from(["false", "true"])),
        )
        for one in range(draw(st.integers(1, 3)))
    ]


def judged(scheme: Scheme, rows: Sequence[Row], names: Sequence[str]) -> dict[About, Verdict]:
    found = scheme.assess({"finding": rows}, targets={"street": STREETS}, period=SPAN)
    kinds = {name: kind for name, kind in kinds_of(scheme.plan, ()).items() if name in names}
    return verdicts(found.outcome.tables, kinds)


def wrong_ways(row: Row) -> Iterator[tuple[str, str | None]]:
    """The ways of the page, written out for this kind of record."""
    place = "ABCD".index(row["street"])
    yield "street", "ABCD"[place - 1]
    yield "street", "ABCD"[(place + 1) % 4]
    first = dt.date.fromisoformat(row["found_on"]).replace(day=1)
    yield "found_on", (first - dt.timedelta(1)).isoformat()
    yield "found_on", (first + dt.timedelta(32)).replace(day=1).isoformat()
    if row["cleared_on"] is not None:
        day = dt.date.fromisoformat(row["cleared_on"])
        yield "cleared_on", (day - dt.timedelta(1)).isoformat()
        yield "cleared_on", (day + dt.timedelta(1)).isoformat()
        yield "cleared_on", None
    tenths = round(float(row["points"]) * 10)
    for one in (tenths - 1, tenths + 1):
        if 0 <= one <= 40:
            yield "points", f"{one / 10:g}"
    yield from (("matter", one) for one in ("dirt", "noise", "heat") if one != row["matter"])
    yield "praise", "false" if row["praise"] == "true" else "true"


@FEW
@given(findings(), st.sampled_from([("grade", "failing_months"), ("grade",), ("place",)]))
@example([finding(1, "A", "2024-01-05", "2.1"), finding(2, "A", "2024-01-09", "2")], ("grade",))
def test_every_change_is_one_of_an_assessment_of_its_own(
    scheme: Scheme, rows: list[Row], names: tuple[str, ...]
) -> None:
    found = scheme.study({"finding": rows}, targets={"street": STREETS}, period=SPAN).robustness(of=names)
    kinds = kinds_of(scheme.plan, ())
    now = judged(scheme, rows, names)
    wanted: dict[About, set[Change]] = {about: set() for about in now}
    number = 0
    for place, row in enumerate(rows):
        changes: list[tuple[str | None, str | None, list[Row]]] = [(None, None, [*rows[:place], *rows[place + 1 :]])]
        changes += [
            (field, text, [*rows[:place], {**row, field: text}, *rows[place + 1 :]]) for field, text in wrong_ways(row)
        ]
        number += len(changes)
        for field, text, changed in changes:
            then = judged(scheme, changed, names)
            for about in {*now, *then}:
                if (now.get(about) or silent(kinds[about.name])) != (then.get(about) or silent(kinds[about.name])):
                    wanted.setdefault(about, set()).add((row["no"], field, text))
    told = {one.about: {(each.record.key, each.field, each.instead) for each in one.decisive} for one in found.verdicts}
    assert told == wanted
    assert found.complete
    assert (found.changes, found.runs, found.records) == (number, number, len(rows))
    assert {one.about for one in found.fragile} == {about for about, changes in wanted.items() if changes}


def test_of_one_target_in_one_period_the_same_is_told(scheme: Scheme) -> None:
    rows = [finding(1, "A", "2024-01-05"), finding(2, "B", "2024-02-05"), finding(3, "A", "2024-02-01", "3")]
    study = scheme.study({"finding": rows}, targets={"street": STREETS}, period=SPAN)
    every = {one.about: one for one in study.robustness(of=["grade"]).verdicts}
    found = study.robustness(of=["grade"], target="A", period="2024-01")
    assert [one.about for one in found.verdicts] == [About("grade", "street", "A", None, "2024-01")]
    (one,) = found.verdicts
    assert set(one.decisive) == set(every[one.about].decisive)
    # Of the other months only what could come into this one, of other streets only what could come to this.
    assert (found.records, found.changes) == (2, 10)


def test_where_runs_are_spent_nothing_is_said_to_stand(scheme: Scheme) -> None:
    rows = [finding(1, "A", "2024-01-05"), finding(2, "B", "2024-01-05", "0")]
    study = scheme.study({"finding": rows}, targets={"street": STREETS}, period="2024-01")
    found = study.robustness(of=["grade"], runs=2)
    assert (found.runs, found.complete, found.changes > 2) == (2, False, True)
    # Those that leave a record out come first.
    assert [[each.field for each in one.decisive] for one in found.fragile] == [[None]]
    assert {row[9] for row in found.table.rows()} == {"no", "unknown"}
    assert {one["needs"] for one in found.to_json()["verdicts"]} == {1, None}
    found = study.robustness(of=["grade"])
    assert {row[9] for row in found.table.rows()} == {"no", "yes"}
    assert {one["needs"] for one in found.to_json()["verdicts"]} == {1, 2}


@FEW
@given(findings(), st.none() | st.sampled_from("AB"), st.none() | st.sampled_from(["2024-01", "2024-02"]))
def test_as_many_changes_are_counted_as_are_made(rows: list[Row], target: str | None, period: str | None) -> None:
    text = SCHEME.replace("matter: one of dirt, noise, heat", "matter: optional one of dirt, noise, heat")
    text = text.replace('when: matter = "noise"', 'when: matter = "noise", missing: no')
    for one in rows[1:]:
        one["matter"] = None
    study = cr.loads(text).study({"finding": rows}, targets={"street": STREETS}, period=SPAN)
    search = Search(study.basis, ("grade",), target, period)
    made = list(search.slips())
    assert search.changes == len(made) == len(set(made))
    assert {slip.at for slip in made} == set(search.bearing)


def test_no_more_changes_are_made_than_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of every record were made before `runs` was looked at: of thousands of categories millions, for one run."""
    labels = ", ".join(f"m{number}" for number in range(500))
    scheme = cr.loads(SCHEME.replace("dirt, noise, heat", f"dirt, noise, heat, {labels}"))
    rows = [finding(number, "AB"[number % 2], "2024-01-05") for number in range(20)]
    study = scheme.study({"finding": rows}, targets={"street": STREETS}, period="2024-01")
    made = 0

    def counted(*given: Any) -> Slip:
        nonlocal made
        made += 1
        return Slip(*given)

    monkeypatch.setattr(slips, "Slip", counted)
    found = study.robustness(of=["grade"], runs=3)
    assert (found.runs, found.records) == (3, 20)
    assert found.changes > 20 * 500
    assert made < 20 * 20


MARKED = """
cityrules: 1
scheme: marked
title: Marked
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  mark: {one_per: street each month, fields: {points: 'number(0) [0, 100]'}, absent: ABSENT}
measures:
  grade: {for: street each month, bands: points, at_least: {80: good}, otherwise: bad, missing: GRADE}
  place: {for: street each month, rank: high points, among: whole, ties: share, missing: POLICY}
consequences:
  flag: {for: street each month, when: place = 1, do: Flag, kind: flag, missing: no, clause: 1}
"""


@pytest.mark.parametrize("absent", ["error", "null"])
def test_what_a_missing_row_leaves_open_is_no_other_verdict(absent: str) -> None:
    """Every verdict about a rank was told to hang on the first record: without it nobody has a place. But without it
    the assessment says itself that a row is missing."""
    text = MARKED.replace("ABSENT", absent)
    text = (
        text.replace("POLICY", "skip").replace("GRADE", "bad")
        if absent == "null"
        else re.sub(", missing: (POLICY|GRADE|no)", "", text)
    )
    scheme = cr.loads(text)
    marks = [
        {"street": name, "period": "2024-01", "points": mark} for name, mark in (("A", "90"), ("B", "85"), ("C", "80"))
    ]
    found = scheme.study({"mark": marks}, targets={"street": STREETS[:3]}, period="2024-01").robustness()
    assert found.missed == (("mark",) if absent == "error" else ())
    assert found.to_json()["missed"] == [*found.missed]
    left_out = {one.about.target for one in found.fragile for each in one.decisive if each.field is None}
    assert left_out == (set() if absent == "error" else {"A", "B", "C"})
    # The grade of C stands on the line.
    changed = {(one.about.name, one.about.target) for one in found.fragile if one.decisive[-1].field == "points"}
    assert ("grade", "C") in changed
    assert found.changes == found.runs == 9


def test_who_appears_no_more_is_not_noticed_by_the_scheme() -> None:
    """A row has to be there for whoever is known; where its only row is left out, the target is not known, and nobody
    is told that anything is missing."""
    text = MARKED.replace("ABSENT", "error").replace("registered", "as they appear")
    scheme = cr.loads(re.sub(", missing: (POLICY|GRADE|no)", "", text))
    marks = [{"street": name, "period": "2024-01", "points": mark} for name, mark in (("A", "90"), ("B", "85"))]
    found = scheme.study({"mark": marks}, period="2024-01").robustness()
    (flag,) = (one for one in found.fragile if (one.about.name, one.about.target) == ("flag", "B"))
    assert [each.field for each in flag.decisive] == [None]
    assert (flag.verdict.state, flag.decisive[0].verdict.text) == ("nothing", "Flag")


def test_an_answer_is_a_table_and_data(scheme: Scheme) -> None:
    study = scheme.study(
        {"finding": [finding(1, "A", "2024-01-05", "0")]}, targets={"street": STREETS[:1]}, period="2024-01"
    )
    found = study.robustness(of=["grade"])
    assert found.table.shape == ROBUSTNESS
    (row,) = found.table.rows()
    named = dict(zip(ROBUSTNESS.names, row, strict=True))
    assert (named["name"], named["target"], named["value"], named["stands"]) == ("grade", "A", "good", "yes")
    assert named["record"] is None


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        ({"of": ["grades"]}, "CR1130"),
        ({"of": ["size"]}, "CR1130"),
        ({"target": "Z"}, "CR1137"),
        ({"period": "2024"}, "CR1137"),
        ({"period": "someday"}, "CR1137"),
        ({"period": "2019-01"}, "CR1137"),
    ],
)
def test_what_cannot_be_asked(scheme: Scheme, asks: dict[str, Any], code: str) -> None:
    study = scheme.study({"finding": [finding(1, "B", "2024-01-05")]}, targets={"street": STREETS}, period=SPAN)
    with pytest.raises(NothingToExplain) as told:
        study.robustness(**asks)
    assert told.value.diagnostics[0].code == code


def test_where_nothing_was_said_of_a_target_none_is_named(scheme: Scheme) -> None:
    """`--at 2019-01` alone was answered with a sentence about `whole 2019-01`, which nobody had asked about."""
    study = scheme.study({"finding": [finding(1, "B", "2024-01-05")]}, targets={"street": STREETS}, period=SPAN)
    with pytest.raises(NothingToExplain) as told:
        study.robustness(period="2019-01")
    assert told.value.diagnostics[0].values["where"] == "2019-01"


def test_a_scheme_without_grades_and_consequences_is_told() -> None:
    text = SCHEME.partition("  grade:")[0]
    study = cr.loads(text).study({"finding": []}, targets={"street": STREETS}, period=SPAN)
    with pytest.raises(NothingToExplain) as told:
        study.robustness()
    assert told.value.diagnostics[0].code == "CR1136"


def test_both_engines_say_the_same(scheme: Scheme) -> None:
    rows = [finding(1, "A", "2024-01-05", "2.1")]
    python, duckdb = (
        scheme.study({"finding": rows}, targets={"street": STREETS[:2]}, period="2024-01", engine=engine)
        for engine in ("python", "duckdb")
    )
    assert python.robustness(of=["grade"], runs=3) == duckdb.robustness(of=["grade"], runs=3)


def test_the_names_of_those_who_appear_come_from_records_of_every_kind() -> None:
    scheme = cr.loads("""
cityrules: 1
scheme: appearing
title: Appearing
clause: 1
in_force: {from: 2024-01-01}
targets: {street: {members: as they appear}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date}}
  praise: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date}}
measures:
  score: {for: street each month, from: 10, rules: {bad: {each: finding, deduct: 1}, good: {each: praise, add: 1}}}
""")
    rows = {kind: [{"no": "1", "street": kind[0], "found_on": "2024-01-05"}] for kind in ("finding", "praise")}
    found = scheme.study(rows, period="2024-01").robustness(of=["score"])
    moved = {
        (each.record.kind, each.instead) for one in found.fragile for each in one.decisive if each.field == "street"
    }
    assert moved == {("finding", "p"), ("praise", "f")}
