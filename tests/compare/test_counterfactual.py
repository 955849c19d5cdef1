"""What would have had to be otherwise: smallest by trying every set of records, the latest day by trying every day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.counterfactuals.part import Parts, whole
from cityrules.compare.counterfactuals.sought import seen
from cityrules.loaded import Scheme
from cityrules.results.counterfactual import COUNTERFACTUAL, Counterfactual
from cityrules.results.verdicts import kinds_of, verdicts
from cityrules.results.why import NothingToExplain
from cityrules.text.show import show

SCHEME = """
cityrules: 1
scheme: small
title: Small
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
parameters: {line: {value: 6, clause: 2}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, cleared_on: optional date, points: "count [0, 4]", praise: flag}
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
      much: {each: finding, when: not(praise) and points = 4, deduct: 3, cap: 6, clause: 1.2}
      praise: {each: finding, when: praise, add: 1, clause: 1.3}
    together: all
    floor: 0
    clause: 1
  grade: {for: street each month, bands: score, at_least: {8: good, line: pass}, otherwise: bad, clause: 2}
  place: {for: street each month, rank: high score, among: whole, ties: share, clause: 3}
  found: {for: street each month, count: finding, clause: 4}
  share:
    {for: street each month, portion: cleared_on != null, over: finding, empty: null, round: half up to 2, clause: 4}
  year_score: {for: street each year, mean: score, over: month, empty: error, round: half up to 2, clause: 5}
  failing: {for: street each month, run: grade = "bad", new_year: continues, clause: 6}
consequences:
  circular: {for: street each month, when: grade = "bad", do: circular, kind: circular, clause: 7}
  failing_months:
    for: street each month
    ladder: failing
    restarts: no
    together: all
    steps:
      talk: {reaches: 1, do: talk, kind: talk, clause: 8.1}
      removal: {reaches: 2, do: removal, kind: sanction, clause: 8.2}
checks:
  seldom: {for: street each month, that: found <= 3, otherwise: warn, clause: 9}
"""
STREETS = [{"name": name} for name in "AB"]
SPAN = "2024-01..2024-12"
VERDICTS = [
    ("grade", "2024-01", None),
    ("grade", "2024-02", "good"),
    ("score", "2024-01", ">= 7"),
    ("place", "2024-01", None),
    ("share", "2024-01", "> 0.5"),
    ("year_score", "2024", "> 9.5"),
    ("circular", "2024-01", None),
    ("failing_months", "2024-02", None),
    ("failing_months", "2024-02", "talk"),
    ("seldom", "2024-01", None),
]
FEW = settings(
    max_examples=8,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)


@pytest.fixture(scope="module")
def scheme() -> Scheme:
    return cr.loads(SCHEME)


def finding(number: int, street: str, day: int, points: int = 4, cleared: int | None = None, **more: Any) -> Row:
    """A finding of a day counted from the new year, cleared so many days later."""
    found = dt.date(2024, 1, 1) + dt.timedelta(days=day)
    gone = None if cleared is None else (found + dt.timedelta(days=cleared)).isoformat()
    row = {"no": str(number), "street": street, "found_on": found.isoformat(), "cleared_on": gone, "points": points}
    return {**row, "praise": False, **more}


Row = dict[str, Any]


@st.composite
def findings(draw: st.DrawFn) -> list[Row]:
    number = draw(st.integers(1, 5))
    return [
        finding(
            one,
            draw(st.sampled_from("AAB")),
            draw(st.sampled_from([0, 10, 30, 31, 50])),
            draw(st.sampled_from([4, 3, 1, 0])),
            draw(st.sampled_from([None, 3, 4, 6])),
            praise=draw(st.sampled_from([False, False, False, True])),
        )
        for one in range(number)
    ]


def asked(scheme: Scheme, rows: Sequence[Row], name: str, period: str, wanted: str | None, **more: Any) -> Any:
    """The answer; None where there is nothing to ask."""
    study = scheme.study({"finding": rows}, targets={"street": STREETS}, period=SPAN)
    try:
        return study.counterfactual(name, "A", period, wanted=wanted, **more)
    except NothingToExplain as nothing:
        if nothing.diagnostics[0].code not in ("CR1133", "CR1135"):
            raise
        return None


def judge(scheme: Scheme, rows: Sequence[Row], name: str, period: str) -> tuple[str | None, frozenset[str]]:
    """A verdict by an assessment of its own: its text and steps; an empty set of steps where nothing follows."""
    found = scheme.assess({"finding": rows}, targets={"street": STREETS}, period=SPAN)
    if name in scheme.plan.consequences:
        here = [
            row
            for row in found.rows("consequences")
            if (row["consequence"], row["target"], row["period"]) == (name, "A", period)
        ]
        return None, frozenset(str(row["step"] or "") for row in here)
    if name in scheme.plan.checks:
        bad = any((row["name"], row["target"], row["period"]) == (name, "A", period) for row in found.rows("problems"))
        return "broken" if bad else "holds", frozenset()
    text = next(
        row["value"]
        for row in found.rows("values")
        if (row["measure"], row["target"], row["period"]) == (name, "A", period)
    )
    return None if text is None else str(text), frozenset()


def is_sought(now: Any, then: Any, name: str, wanted: str | None, scheme: Scheme) -> bool:
    text, steps = then
    if name in scheme.plan.consequences:
        return not steps & now[1] if wanted is None else wanted in steps
    if name in scheme.plan.checks:
        return bool(text == "holds")
    if text is None:
        return False
    if wanted is None:
        return bool(text != now[0])
    return bool(eval(f"{float(text)} {wanted}")) if wanted[0] in "<>" else bool(text == wanted)  # noqa: S307


@FEW
@given(findings(), st.sampled_from(VERDICTS))
@example([finding(one, "A", 0) for one in range(4)], ("grade", "2024-01", None))
@example([finding(one, "A", one, 1) for one in range(5)], ("grade", "2024-01", "good"))
@example([finding(1, "A", 0), finding(2, "A", 31), finding(3, "A", 0)], ("failing_months", "2024-02", None))
def test_sets_are_the_smallest_of_all_subsets(scheme: Scheme, rows: list[Row], verdict: tuple[Any, ...]) -> None:
    """By assessments of their own without every subset, none of them through a study."""
    name, period, wanted = verdict
    found = asked(scheme, rows, name, period, wanted, most=1000)
    if found is None:
        return
    now = judge(scheme, rows, name, period)
    enough: list[set[str]] = []
    for size in range(1, len(rows) + 1):
        for gone in combinations(rows, size):
            then = judge(scheme, [row for row in rows if row not in gone], name, period)
            if is_sought(now, then, name, wanted, scheme):
                enough.append({row["no"] for row in gone})
        if enough:
            break
    assert sorted(sorted(one.key for one in each.records) for each in found.sets) == sorted(map(sorted, enough))
    assert found.every
    assert found.outcome == ("smallest" if enough else "impossible")
    if enough:
        assert found.smallest == len(enough[0])


@FEW
@given(findings(), st.sampled_from([one for one in VERDICTS if one[0] != "place"]))
@example([finding(1, "A", 0, 4, 9)], ("grade", "2024-01", None))
@example([finding(1, "A", 30, 3)], ("grade", "2024-01", "good"))
def test_the_latest_day_is_that_of_all_days(scheme: Scheme, rows: list[Row], verdict: tuple[Any, ...]) -> None:
    name, period, wanted = verdict
    found = asked(scheme, rows, name, period, wanted, most=1000)
    if found is None:
        return
    now = judge(scheme, rows, name, period)
    late = {one.record.key: one.latest for one in found.in_time}
    assert found.in_time_all

    def then(row: Row, cleared: dt.date) -> Any:
        others = [{**one, "cleared_on": cleared.isoformat()} if one is row else one for one in rows]
        return is_sought(now, judge(scheme, others, name, period), name, wanted, scheme)

    for row in rows:
        own = dt.date.fromisoformat(row["found_on"])
        until = dt.date(2024, 12, 31) if row["cleared_on"] is None else dt.date.fromisoformat(row["cleared_on"])
        if row["no"] not in late:
            assert not then(row, own)
            continue
        latest = dt.date.fromisoformat(late[row["no"]])
        assert own <= latest <= until
        assert then(row, latest)
        # The days after it: all up to a week, whatever is longer from there on the same.
        later = [latest + dt.timedelta(days=one) for one in range(1, 8)]
        assert not any(then(row, day) for day in later if day < until)


@FEW
@given(findings(), st.sampled_from(VERDICTS), st.sets(st.integers(0, 4)))
def test_a_part_says_what_the_whole_says(
    scheme: Scheme, rows: list[Row], verdict: tuple[Any, ...], gone: set[int]
) -> None:
    name, period, _ = verdict
    basis = scheme.study({"finding": rows}, targets={"street": STREETS}, period=SPAN).basis
    every = whole(basis)
    kinds = kinds_of(scheme.plan, ())
    of_name = [about for about in verdicts(every.run().tables, kinds) if about.name == name and about.period == period]
    left_out = {at: None for number, at in enumerate(every.rows.rows) if number in gone}
    for about in of_name:
        part = Parts(basis, [name]).about(about)
        assert seen(part.run(left_out).tables, about, kinds[name]) == seen(
            every.run(left_out).tables, about, kinds[name]
        )


def test_a_part_is_smaller_where_that_is_proved(scheme: Scheme) -> None:
    rows = [finding(1, "A", 0), finding(2, "B", 0), finding(3, "A", 40)]
    basis = scheme.study({"finding": rows}, targets={"street": STREETS}, period=SPAN).basis
    kinds = kinds_of(scheme.plan, ())
    abouts = {(one.name, one.target, one.period): one for one in verdicts(whole(basis).run().tables, kinds)}

    def part(name: str, period: str) -> tuple[list[int], str | None]:
        found = Parts(basis, [name]).about(abouts[name, "A", period])
        return [at.number for at in found.rows.rows], None if found.span is None else str(found.span.last_day)

    assert part("grade", "2024-01") == ([1], "2024-01-31")
    # What counts on from month to month needs the months before, a rank those beside it.
    assert part("failing", "2024-01") == ([1, 3], None)
    assert part("place", "2024-01") == ([1, 2], "2024-01-31")


def test_who_appears_with_a_row_is_there_in_every_month() -> None:
    """A place among all changes with a street that only a record of another month names."""
    text = SCHEME.replace("{street: {members: registered}}", "{street: {members: as they appear}}")
    scheme = cr.loads(text)
    rows = [finding(1, "A", 0), finding(2, "B", 40)]
    study = scheme.study({"finding": rows}, period="2024-01..2024-02")
    found = study.counterfactual("place", "A", "2024-01")
    assert [[one.key for one in each.records] for each in found.sets] == [["2"]]


def test_a_grade_of_too_few_records_is_not_reached_by_leaving_out(scheme: Scheme) -> None:
    rows = [finding(1, "A", 0, 4, 1), finding(2, "A", 1, 4, 9)]
    found = asked(scheme, rows, "found", "2024-01", ">= 3")
    assert (found.outcome, found.sets, found.every, found.records) == ("impossible", (), True, 2)
    assert found.without_all.text == "0"


def test_where_runs_are_spent_it_says_what_it_knows(scheme: Scheme) -> None:
    """Of eight equal findings five have to go; with so few runs sets of two are not all tried."""
    rows = [finding(one, "A", 0, 1) for one in range(8)]
    found = asked(scheme, rows, "failing_months", "2024-01", None, runs=20)
    assert (found.outcome, len(found.sets[0].records), found.every) == ("found", 4, False)
    assert found.at_least == 2
    assert found.smallest is None
    assert found.runs <= 40
    assert {row[0] for row in found.table.rows()} == {"left out, not proved"}


def test_what_weighs_too_little_is_not_tried(scheme: Scheme) -> None:
    rows = [finding(one, "A", 0, 1) for one in range(8)]
    found = asked(scheme, rows, "grade", "2024-01", None, most=100)
    assert (found.outcome, found.smallest, len(found.sets)) == ("smallest", 4, 70)
    assert found.runs < 100


def test_of_rows_that_were_not_used_none_is_left_out(scheme: Scheme) -> None:
    rows = [finding(1, "A", 0), {**finding(2, "A", 0), "points": 9}, finding(3, "A", 400)]
    found = asked(scheme, rows, "grade", "2024-01", None)
    assert [one.key for one in found.sets[0].records] == ["1"]
    assert found.all_records == 1


@pytest.mark.parametrize(
    ("asks", "code"),
    [
        (("grades", "A", "2024-01"), "CR1130"),
        (("grade", "A", "2024"), "CR1131"),
        (("grade", "A", None), "CR1131"),
        (("grade", "C", "2024-01"), "CR1132"),
        (("grade", "A", "2019-01"), "CR1132"),
        (("circular", "C", "2024-01"), "CR1138"),
        (("circular", "A", "2024-01"), "CR1133"),
        (("grade", "A", "2024-01", "bads"), "CR1134"),
        (("score", "A", "2024-01", ">> 3"), "CR1139"),
        (("grade", "A", "2024-01", "good"), "CR1135"),
        (("seldom", "A", "2024-01"), "CR1135"),
    ],
)
def test_what_cannot_be_asked(scheme: Scheme, asks: tuple[Any, ...], code: str) -> None:
    study = scheme.study({"finding": [finding(1, "B", 0)]}, targets={"street": STREETS}, period=SPAN)
    name, target, period, *wanted = asks
    with pytest.raises(NothingToExplain) as told:
        study.counterfactual(name, target, period, wanted=wanted[0] if wanted else None)
    assert told.value.diagnostics[0].code == code
    assert code not in str(told.value.diagnostics[0].values)
    assert told.value.diagnostics[0].values.get("suggestion") not in (target, name)
    assert "{" not in show(told.value.diagnostics[0], "en")


@pytest.mark.parametrize("told", ["nothing", "nothing follows", "无后果"])
def test_that_nothing_follows_is_asked_for_as_tables_tell_it(scheme: Scheme, told: str) -> None:
    """`--wanted 无后果` was refused, though the table of the answer says just that."""
    study = scheme.study({"finding": [finding(1, "B", 0)]}, targets={"street": STREETS}, period=SPAN)
    with pytest.raises(NothingToExplain) as refused:
        study.counterfactual("circular", "A", "2024-01", wanted=told)
    assert refused.value.diagnostics[0].code == "CR1135"


def test_an_answer_is_a_table_and_data(scheme: Scheme) -> None:
    rows = [finding(1, "A", 0, 4, 9), finding(2, "A", 0, 1, 1)]
    found: Counterfactual = asked(scheme, rows, "grade", "2024-01", None)
    table = found.table
    assert table.shape == COUNTERFACTUAL
    named = [dict(zip(table.shape.names, row, strict=True)) for row in table.rows()]
    assert named == [
        {"change": "left out", "set": 1, "record_kind": "finding", "record": "1", "source": "finding", "row": 1,
         "field": None, "found": None, "instead": None, "state": "value", "value": "good"},
        {"change": "in time", "set": None, "record_kind": "finding", "record": "1", "source": "finding", "row": 1,
         "field": "cleared_on", "found": "2024-01-10", "instead": "2024-01-04", "state": "value", "value": "pass"},
    ]  # fmt: skip
    data: Mapping[str, Any] = found.to_json()
    assert data["sets"] == [{"records": [{"record_kind": "finding", "record": "1", "source": "finding", "row": 1}],
                             "state": "value", "value": "good"}]  # fmt: skip
    assert (data["outcome"], data["at_least"], data["in_time"][0]["latest"]) == ("smallest", 1, "2024-01-04")


def test_both_engines_say_the_same(scheme: Scheme) -> None:
    rows = [finding(1, "A", 0, 4, 9)]
    python, duckdb = (
        scheme.study({"finding": rows}, targets={"street": STREETS}, period=SPAN, engine=engine).counterfactual(
            "grade", "A", "2024-01", runs=3
        )
        for engine in ("python", "duckdb")
    )
    assert python == duckdb


ROWS_OF_ONE = """
cityrules: 1
scheme: again
title: Again
clause: 1
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    LATEST
    fields: {no: text, version: count, street: street, found_on: date, points: "number(0) [-20, 20]"}
measures:
  score: {for: street each month, from: 70, rules: {found: {each: finding, deduct: points}}}
  grade: {for: street each month, bands: score, at_least: {75: good, 60: pass}, otherwise: bad}
"""


def again(rows: Sequence[tuple[str, int, int]], latest: str) -> tuple[Counterfactual, Any]:
    """What a grade hangs on where findings are rows of a number, a version and points."""
    scheme = cr.loads(ROWS_OF_ONE.replace("LATEST", latest))
    found = [
        {"no": no, "version": version, "street": "A", "found_on": "2024-01-05", "points": points}
        for no, version, points in rows
    ]
    study = scheme.study({"finding": found}, targets={"street": STREETS}, period="2024-01")
    return study.counterfactual("grade", "A", "2024-01"), study.robustness(of=["grade"], target="A")


def test_a_record_left_out_does_not_come_back_as_a_repeated_row() -> None:
    found, doubted = again([("1", 1, 11), ("1", 1, 11)], "")
    assert [[one.key for one in each.records] for each in found.sets] == [["1"]]
    assert found.sets[0].verdict.text == "pass"
    assert any(each.field is None for one in doubted.fragile for each in one.decisive)


def test_a_record_left_out_does_not_come_back_in_an_earlier_version() -> None:
    found, doubted = again([("1", 1, -20), ("1", 2, 4), ("2", 1, 5)], "latest_by: version")
    assert (found.outcome, found.without_all.text) == ("impossible", "pass")
    assert not any(each.field is None for one in doubted.fragile for each in one.decisive)


def test_a_record_that_others_refer_to_takes_these_with_it() -> None:
    visit = "  visit: {dated: seen, key: [no], fields: {no: text, finding: finding, street: street, seen: date}}\n"
    text = ROWS_OF_ONE.replace("LATEST", "").replace("measures:", f"{visit}measures:")
    scheme = cr.loads(text.replace("found: {each: finding, deduct: points}", "seen: {each: visit, deduct: 6}"))
    found = [{"no": "1", "version": 1, "street": "A", "found_on": "2024-01-05", "points": 1}]
    visits = [{"no": str(one), "finding": "1", "street": "A", "seen": "2024-01-06"} for one in range(2)]
    study = scheme.study({"finding": found, "visit": visits}, targets={"street": STREETS}, period="2024-01")
    answer = study.counterfactual("grade", "A", "2024-01")
    assert {(one.kind, one.key) for each in answer.sets for one in each.records} == {
        ("finding", "1"), ("visit", "0"), ("visit", "1"),
    }  # fmt: skip
    assert (answer.smallest, answer.every) == (1, True)
