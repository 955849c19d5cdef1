"""Rule coverage: each side of each bound is its own, a comparison counts where it decides, special cases are seen."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded import specs_folder
from cityrules.testing.agreement import differences
from cityrules.testing.coverage.distance import beside, side
from cityrules.testing.coverage.sites import sites
from cityrules.testing.coverage.watching import Watcher
from cityrules.testing.given import prepare

DOCUMENT = """
cityrules: 1
scheme: sides
title: <Sides> & bounds
clause: "1"
in_force: {from: unstated}
targets:
  squad: {members: [A, B]}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, heaps: "count [0, 9]", loud: optional flag}
measures:
  found: {for: squad each month, count: finding}
  mean: {for: squad each month, mean: heaps, over: finding, empty: 0, round: half up to 1}
  score:
    for: squad each month
    clause: "2.1"
    from: 100
    rules:
      many: {each: finding, when: 'heaps >= 5 and
          found_on > date("2024-03-02")', deduct: 10, cap: 20}
      loud: {each: finding, when: loud, missing: no, deduct: 10, replaces: [many]}
    together: all
    floor: 70
  grade: {for: squad each month, bands: score, at_least: {90: good}, otherwise: poor}
  place: {for: squad each month, rank: high score, among: whole, ties: share}
consequences:
  climbing:
    for: squad each month
    ladder: found
    restarts: after two
    surplus: dropped
    together: highest
    steps: {one: {reaches: 1, do: a, kind: talk}, two: {reaches: 2, do: b, kind: talk}}
examples:
  tried:
    given:
      finding: ROWS
    expect: {found: {A 2024-03: 1}}
"""


def tried(*rows: str) -> cr.Scheme:
    return cr.loads(DOCUMENT.replace("ROWS", f"[{', '.join(rows)}]"), examples=False)


def row(heaps: int = 0, day: str = "2024-03-05", loud: str = "false", squad: str = "A") -> str:
    return f"{{squad: {squad}, found_on: {day}, heaps: {heaps}, loud: {loud}}}"


def seen(scheme: cr.Scheme, address: str) -> set[str]:
    return {one.part.sort for one in scheme.coverage().parts if one.part.address == address and one.by}


MANY = "measures.score.rules.many"


@pytest.mark.parametrize(
    ("rows", "address", "expected"),
    [
        ([row(5)], f"{MANY}.when", {"equal"}),
        ([row(4)], f"{MANY}.when", {"below"}),
        ([row(6)], f"{MANY}.when", {"above"}),
        # Two below the bound is not just below, and the other half of the condition does not decide then.
        ([row(3)], f"{MANY}.when", set()),
        # The day decides only where there are heaps enough; its bound is then reached and passed by a day.
        ([row(9, "2024-03-02")], f"{MANY}.when", {"equal"}),
        ([row(9, "2024-03-03")], f"{MANY}.when", {"above"}),
        ([row(3, "2024-03-02")], f"{MANY}.when", set()),
        ([row(8)], f"{MANY}.cap", {"below"}),
        ([row(8)] * 2, f"{MANY}.cap", {"equal"}),
        ([row(8)] * 3, f"{MANY}.cap", {"above"}),
        ([row()], "measures.score.floor", {"above"}),
        ([row(loud="true")] * 3, "measures.score.floor", {"equal"}),
        ([row(loud="true")] * 4, "measures.score.floor", {"above", "below"}),
        # The other squad stands at 100; tens are taken off, so that nothing lies nearer to 90 than 80 and 100.
        ([row(8), row(8)], "measures.grade.at_least.90", {"band", "above", "below"}),
        ([row(8)], "measures.grade.at_least.90", {"band", "above", "equal"}),
        ([row(), row(squad="B")], "measures.place.ties", {"ties"}),
        ([row(loud="true"), row(squad="B")], "measures.place.ties", set()),
        ([row(squad="B")], "measures.mean.empty", {"empty"}),
        ([row(), row(squad="B")], "measures.mean.empty", set()),
        ([row(loud="null")], "measures.score.rules.loud.missing", {"unknown"}),
        ([row()], "measures.score.rules.loud.missing", set()),
        ([row()], "measures.score.rules.loud.when", {"false"}),
        ([row(loud="true")], "measures.score.rules.loud.when", {"true"}),
        ([row(8, loud="true")], "measures.score.rules.loud.replaces", {"replaces"}),
        ([row(loud="true")], "measures.score.rules.loud.replaces", set()),
        ([row()], "consequences.climbing.steps.one", {"step", "below", "equal"}),
        ([row()] * 2, "consequences.climbing.steps.one", {"below", "above"}),
    ],
)  # fmt: skip
def test_what_one_case_exercises(rows: list[str], address: str, expected: set[str]) -> None:
    scheme = tried(*rows)
    assert address in {one.part.address for one in scheme.coverage().parts}
    found = seen(scheme, address)
    if address == "measures.score.floor":
        found = found - {"above"} | ({"above"} if "above" in expected else set())  # The other squad stands at 100.
    if address == "consequences.climbing.steps.one":
        found |= {"below"}
    assert found == expected


@pytest.mark.parametrize(
    ("bands", "exercised"),
    [
        # The same label twice: what came to lie in one band says nothing of the other.
        ("at_least: {90: good, 80: fair}, otherwise: good", ["at_least.90"]),
        # A number is no text: 1 is written 1.0 in the table of values.
        ("at_least: {90: 1, 80: 0.5}, otherwise: 0", ["at_least.90"]),
        ("at_least: {110: 1, 90: 0.5}, otherwise: 0", ["at_least.90"]),
    ],
)
def test_a_band_is_exercised_where_a_value_lies_in_it(bands: str, exercised: list[str]) -> None:
    text = DOCUMENT.replace("at_least: {90: good}, otherwise: poor", bands).replace("ROWS", f"[{row()}]")
    found = cr.loads(text, examples=False).coverage()
    counted = [one for one in found.parts if one.part.sort == "band" and one.by]
    assert [one.part.address for one in counted] == [f"measures.grade.{one}" for one in exercised]
    assert {one.part.name for one in found.parts if one.part.sort == "band"} <= {"good", "fair", "1", "0.5", "0"}


def test_watching_changes_nothing() -> None:
    scheme = tried(row(8), row(8, loud="true"), row(5, squad="B"))
    case = prepare("tried", scheme.document.examples["tried"], scheme.plan)
    watcher = Watcher(scheme.plan)
    watched = PythonEngine(watcher).assess(scheme.plan, case.inputs, case.question)
    assert differences(PythonEngine().assess(scheme.plan, case.inputs, case.question), watched) == []
    assert watcher.marks


def test_what_the_types_rule_out_is_no_part() -> None:
    scheme = tried(row())
    sides = [one.part.sort for one in scheme.coverage().parts if one.part.address == f"{MANY}.cap"]
    assert sides == ["below", "equal", "above"]
    # Tens never sum to 15.
    other = cr.loads(DOCUMENT.replace("cap: 20", "cap: 15").replace("ROWS", f"[{row()}]"), examples=False)
    sides = [one.part.sort for one in other.coverage().parts if one.part.address == f"{MANY}.cap"]
    assert sides == ["below", "above"]


@pytest.mark.parametrize(("rows", "side"), [(1, "below"), (2, "equal"), (3, "above")])
@pytest.mark.parametrize("direction", ["deduct", "add"])
def test_a_shared_cap_is_met_by_the_size_of_what_is_moved(rows: int, side: str, direction: str) -> None:
    shared = "caps: {most: {of: many, at: 20, per: squad, order: low found_on, short: part}}\n    floor: 70"
    text = DOCUMENT.replace("deduct: 10, cap: 20", f"{direction}: 10").replace("floor: 70", shared)
    found = cr.loads(text.replace("ROWS", f"[{', '.join([row(8)] * rows)}]"), examples=False).coverage()
    sides = {one.part.sort: one.by for one in found.parts if one.part.address.startswith("measures.score.caps.most")}
    assert set(sides) == {"below", "equal", "above"}
    # The other squad has nothing to share, and is below its bound in any case.
    assert bool(sides["equal"]) == (side == "equal")
    assert bool(sides["above"]) == (side == "above")


def test_a_condition_over_two_lines_is_found_in_the_text() -> None:
    parts = [one for one in tried(row()).coverage().parts if one.part.address == f"{MANY}.when"]
    assert {one.at.text for one in parts if one.at is not None} == {"heaps >= 5", 'found_on > date("2024-03-02")'}


def test_the_page_escapes_and_says_by_which_case() -> None:
    page = tried(row(5)).coverage().html("en")
    assert "&lt;Sides&gt; &amp; bounds" in page
    assert "<Sides>" not in page
    assert "<script" not in page
    assert "✓ `heaps &gt;= 5`: exactly equal: exercised by tried" in page
    assert "✗ `heaps &gt;= 5`: just below: not exercised" in page


def test_data_are_looked_at_instead_of_examples() -> None:
    scheme = tried(row())
    day = {"no": "1", "squad": "A", "found_on": "2024-03-05", "heaps": "5", "loud": "false"}
    found = scheme.coverage({"finding": [day]}, period="2024-03")
    assert found.cases == ("data",)
    assert {one.part.sort for one in found.parts if one.by and one.part.address == f"{MANY}.when"} == {"equal"}
    with pytest.raises(ValueError, match="period"):
        scheme.coverage({"finding": [day]})


def test_totals_are_those_of_the_parts() -> None:
    found = tried(row(5)).coverage()
    assert sum(all_ for _, all_ in found.totals.values()) == len(found.parts)
    assert sum(one for one, _ in found.totals.values()) == len(found.parts) - len(found.missing)
    assert not found.reaches(100)
    assert found.reaches(int(found.percent.partition(".")[0]))


@pytest.mark.parametrize(
    ("value", "bound", "where", "just"),
    [
        (59, 60, "below", True),
        (Fraction(5901, 100), 60, "below", True),
        (58, 60, "below", False),
        (Fraction(19, 20), Fraction(9, 10), "above", True),
        (1, Fraction(9, 10), "above", True),
        (Fraction(6, 5), Fraction(9, 10), "above", False),
        (dt.date(2024, 3, 1), dt.date(2024, 2, 29), "above", True),
        (dt.date(2024, 3, 2), dt.date(2024, 2, 29), "above", False),
        (dt.datetime(2024, 3, 1, 9), dt.datetime(2024, 3, 1, 9, 30), "below", True),
        (3, 3, "equal", True),
    ],
)
def test_where_a_value_lies(value: int | Fraction | dt.date, bound: int | Fraction | dt.date, where: str, just: bool) -> None:  # fmt: skip # noqa: E501
    assert side(value, bound) == where
    assert beside(value, bound) is just


CASES = """
cityrules-cases: 1
scheme: .
cases:
  five:
    given: {finding: [{squad: A, found_on: 2024-03-05, heaps: 5, loud: false}]}
    expect: {found: {A 2024-03: 1}}
  tried:
    given: {finding: [{squad: A, found_on: 2024-03-05, heaps: 6, loud: false}]}
    expect: {found: {A 2024-03: 9}}
"""


def test_cases_of_a_file_are_run_beside_the_examples(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(CASES, encoding="utf-8")
    found = tried(row(4)).coverage(cases=path)
    assert found.cases == ("tried", "five", "cases.tried")
    by = {
        one.part.sort: one.by for one in found.parts if one.part.address == f"{MANY}.when" and "heaps" in one.part.name
    }
    assert by == {"below": ("tried",), "equal": ("five",), "above": ("cases.tried",)}


def test_a_file_of_cases_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("cases: 1\n", encoding="utf-8")
    with pytest.raises(cr.SchemeError):
        tried(row(4)).coverage(cases=path)


REACH = """
cityrules: 1
scheme: reach
title: What can be
clause: "1"
in_force: {from: unstated}
targets:
  squad: {members: [A]}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, done_on: optional date}}
measures:
  score:
    for: squad each month
    from: 100
    rules: {each_one: {each: finding, deduct: 15, clause: "2"}}
    floor: 10
  grade: {for: squad each month, bands: score, at_least: {90: best, 70: good}, otherwise: poor}
  rest: {for: squad each month, choose: {low: {when: score < 70, give: 1}, high: {when: score >= 70, give: 2}}, otherwise: 3}
  open: {for: squad each month, count: finding, where: 'done_on = null or done_on > date("2024-02-01") and done_on != null'}
"""  # noqa: E501


def book(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "cases.yaml"
    (tmp_path / "scheme.yaml").write_text(REACH, encoding="utf-8")
    case = "cases: {one: {given: {finding: [{repeat: 2, row: {squad: A, found_on: 2024-03-05}}]}, expect: {score: {A 2024-03: 70}}}}"  # noqa: E501
    path.write_text("\n".join(["cityrules-cases: 1", "scheme: .", *lines, case, ""]), encoding="utf-8")
    return path


def test_what_conditions_and_numbers_rule_out_is_out_of_reach_and_not_counted(tmp_path: Path) -> None:
    path = book(tmp_path)
    found = cr.load(tmp_path, examples=False).coverage(cases=path)
    assert {one.part.key for one in found.out_of_reach} == {
        # Fifteens off a hundred: 100, 85, 70, 55, 40, 25 and, cut at the floor, 10.
        "measures.grade.at_least.90 equal",
        # Whoever has less than 70 has gone the way of `low`, and nobody is left for the rest.
        "measures.rest.choose.high.when score >= 70 below",
        "measures.rest.otherwise branch",
        # What is not null has a day.
        "measures.open.where done_on != null false",
        # One rule cannot meet another.
        "measures.score.together together",
    }
    assert not {one.part.key for one in found.out_of_reach} & {one.part.key for one in found.parts}
    assert "Out of reach, and not counted: 5" in found.text()
    assert "已证明" in found.text("zh")
    assert '<span class="out"' in found.html()
    assert [one["proved"] for one in found.json()["out_of_reach"]] == [True] * 5  # type: ignore[attr-defined]


GIVEN = """
cityrules: 1
scheme: given
title: What is given and cannot be computed
clause: "1"
in_force: {from: unstated}
targets:
  person: {members: [Ann, Bob]}
  squad: {members: registered, fields: {head: person}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date}}
measures:
  score: {for: squad each month, from: 100, rules: {each_one: {each: finding, deduct: 10}}}
  early: {for: squad each month, formula: 'default(previous(score), 100) >= 85'}
  who:
    for: squad each month
    choose: {first: {when: head = "Ann", give: 1}, second: {when: head = "Bob", give: 2}}
    otherwise: 3
examples:
  usual:
    given: {targets: {squad: [{name: S, head: Ann}, {name: T, head: Bob}]}}
    expect: {early: {S 2024-03: true, T 2024-03: true}, who: {S 2024-03: 1, T 2024-03: 2}}
"""
SELDOM = """
  an_opening_value_and_a_name_that_nobody_lists:
    given: {targets: {squad: [{name: S, head: Carl}]}, values: {score: {S 2024-02: 85}}}
    expect: {early: {S 2024-03: true}, who: {S 2024-03: 3}}
"""


def test_nothing_is_out_of_reach_that_a_case_exercises() -> None:
    # What was before is given as it was; what an attribute names need not be on the list.
    seldom = cr.loads(GIVEN + SELDOM)
    shown = {one.part.key for one in seldom.coverage().parts if one.by}
    beyond = {one.part.key for one in cr.loads(GIVEN).coverage().out_of_reach}
    assert {"measures.early.formula default(previous(score), 100) >= 85 equal", "measures.who.otherwise branch"} < shown
    assert not beyond & shown
    assert "measures.score.together together" in beyond


APART = """
cityrules: 1
scheme: apart
title: Rules over two kinds of record
clause: "1"
in_force: {from: unstated}
targets:
  squad: {members: [A]}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, what: "one of litter, bench"}}
  complaint: {dated: came_on, key: [no], fields: {no: text, squad: squad, came_on: date}}
measures:
  score:
    for: squad each month
    from: 100
    rules:
      litter: {each: finding, when: what = "litter", deduct: 1}
      bench: {each: finding, when: what = "bench", deduct: 2}
      complaint_made: {each: complaint, deduct: 3}
"""


def test_rules_over_two_kinds_of_record_never_meet(tmp_path: Path) -> None:
    # A finding is never a complaint; that two rules meet on one was asked for, and nothing could show it.
    (tmp_path / "scheme.yaml").write_text(APART, encoding="utf-8")
    found = cr.load(tmp_path).coverage()
    assert "measures.score.together together" in {one.part.key for one in found.out_of_reach}
    assert not [one.part.key for one in found.parts if one.part.sort == "together"]
    alone = APART.replace('      bench: {each: finding, when: what = "bench", deduct: 2}\n', "")
    assert alone != APART
    (tmp_path / "scheme.yaml").write_text(alone, encoding="utf-8")
    assert not [one.part.key for one in cr.load(tmp_path).coverage().parts if one.part.sort == "together"]
    met = APART.replace('when: what = "bench", ', "")
    (tmp_path / "scheme.yaml").write_text(met, encoding="utf-8")
    found = cr.load(tmp_path).coverage()
    assert "measures.score.together together" in {one.part.key for one in found.missing}


def test_just_beside_is_the_next_value_that_there_is(tmp_path: Path) -> None:
    path = book(tmp_path)
    path.write_text(path.read_text("utf-8").replace("repeat: 2", "repeat: 1").replace("70}", "85}"), encoding="utf-8")
    keys = {one.part.key for one in cr.load(tmp_path, examples=False).coverage(cases=path).parts if one.by}
    assert {"measures.grade.at_least.90 below", "measures.grade.at_least.70 above"} <= keys
    assert "measures.grade.at_least.70 below" not in keys


def test_what_a_person_says_to_be_out_of_reach_is_shown_with_the_reason(tmp_path: Path) -> None:
    path = book(tmp_path, "out_of_reach: {measures.score.floor below: never so bad}")
    before = cr.load(tmp_path, examples=False).coverage(cases=book(tmp_path))
    path = book(tmp_path, "out_of_reach: {measures.score.floor below: never so bad}")
    found = cr.load(tmp_path, examples=False).coverage(cases=path)
    assert len(found.parts) == len(before.parts) - 1
    assert "measures.score.floor below: never so bad" in found.text()
    assert {"key": "measures.score.floor below", "reason": "never so bad"}.items() <= next(
        one
        for one in found.json()["out_of_reach"]  # type: ignore[attr-defined]
        if not one["proved"]
    ).items()
    assert "never so bad" in found.html("zh")


@pytest.mark.parametrize("key", ["measures.score.floor", "measures.grade.at_least.70 equal"])
def test_what_is_no_part_or_is_exercised_cannot_be_out_of_reach(tmp_path: Path, key: str) -> None:
    path = book(tmp_path, f"out_of_reach: {{{key}: never}}")
    with pytest.raises(cr.SchemeError, match=r"CR104[78]"):
        cr.load(tmp_path, examples=False).coverage(cases=path)


CHOSEN = """
cityrules: 1
scheme: chosen
title: What is left to choose, and who may submit it
clause: "1"
in_force: {from: unstated}
targets:
  squad: {members: [A]}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, entered_on: date, points: 'number(1) [0, 9]', big: flag}
    accepted_if:
      in_time: {that: 'entered_on >= found_on and days_between(found_on, entered_on) <= 3', clause: "2"}
measures:
  score:
    for: squad each month
    from: 100
    clause: "3"
    rules:
      small: {each: finding, when: not(big), deduct: points, between: [1, 2]}
      large: {each: finding, when: big, deduct: 5}
    together: all
examples:
  one:
    given: {finding: [ROW]}
    expect: {score: {A 2024-03: 98}}
"""


@pytest.mark.parametrize(
    ("entered", "points", "big", "expected"),
    [
        ("2024-03-08", "1", "false", {"between below", "between equal", "in_time equal", "in_time above"}),
        ("2024-03-09", "2", "false", {"between equal", "between above", "in_time above", "in_time condition"}),
        ("2024-03-04", "0.9", "false", {"between below"}),
        ("2024-03-05", "2.1", "false", {"between above"}),
        ("2024-03-07", "2.1", "true", {"in_time above", "in_time below"}),
    ],
)
def test_what_decides_whether_a_row_is_used_is_seen(entered: str, points: str, big: str, expected: set[str]) -> None:
    fields = f"squad: A, found_on: 2024-03-05, entered_on: {entered}, points: {points}, big: {big}"
    found = cr.loads(CHOSEN.replace("ROW", f"{{{fields}}}"), examples=False).coverage()
    names = {
        one.part.address.split(".")[-1].replace("that", "in_time") + f" {one.part.sort}"
        for one in found.parts
        if one.by
    }
    assert {name for name in names if name.split()[0] in ("between", "in_time")} >= expected
    assert {one.part.key for one in found.out_of_reach} == {"measures.score.together together"}


def test_of_acts_that_are_run_over_only_what_is_written_is_asked() -> None:
    """That an act has followed stands before the written condition, and was shown with its text cut off."""
    parts = [one.part for one in cr.load(specs_folder() / "gallery/acts-counted").coverage().parts]
    asked = {(one.sort, one.name) for one in parts if one.address == "measures.talks.where"}
    assert asked == {("true", 'step = "talk"'), ("false", 'step = "talk"')}
    assert len([one for one in parts if one.address == "measures.talks.where"]) == 2


@pytest.mark.parametrize(("day", "expected"), [("9999-12-31", set()), ("2024-01-01", {"condition"})])
def test_a_condition_that_cannot_be_worked_out_has_judged_nothing(day: str, expected: set[str]) -> None:
    """A condition that leads beyond the last day there is refuses a row and says nothing of it."""
    scheme = cr.loads(
        """\
cityrules: 1
scheme: heaps
title: Heaps
clause: "1"
in_force: {from: unstated}
targets: {squad: {members: [A, B]}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, until: date}
    accepted_if: {small: {that: 'until + duration("P1Y") < found_on'}}
measures: {found: {for: squad each month, count: finding}}
examples:
  large:
    given: {finding: [{no: 1, squad: A, found_on: 2024-03-05, until: DAY}]}
    expect: {rejects: {finding: [1]}}
""".replace("DAY", day),
        examples=False,
    )
    assert seen(scheme, "records.finding.accepted_if.small") == expected


LIMITS = """\
cityrules: 1
scheme: limits
title: Limits that stand still, and prices that are not there
clause: "1"
in_force: {from: unstated}
calendar: {days: weekdays, start_day: excluded, last_day_off: stays}
tables:
  price: {key: [what], columns: {what: text, points: number(0)}, rows: [[litter, 2], [snow, 3]], absent: 1}
targets: {squad: {members: [A]}}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      {no: text, squad: squad, what: optional text, found_on: date, told_on: optional date, done_on: optional date,
       stopped_on: optional date, freed_on: optional date}
  rain: {dated: from_on, key: [no], fields: {no: text, from_on: date, until_on: date}}
measures:
  points: {for: finding, formula: price(what).points, missing: 0}
  own:
    for: finding
    deadline: 5 days
    starts: told_on
    done: done_on
    missing: late
    paused: {from: stopped_on, until: freed_on}
  others:
    for: finding
    deadline: 5 days
    starts: found_on
    done: done_on
    paused: {over: rain, among: whole, from: from_on, until: until_on}
examples:
  tried:
    given: {finding: [{no: 1, squad: A, found_on: 2024-03-01, FINDING}], rain: [RAIN]}
    expect: {points: {1: 0}}
"""


@pytest.mark.parametrize(
    ("finding", "rain", "address", "expected"),
    [
        # A key of which there is no row; one that is missing, and one that is there, ask nothing.
        ("what: sand", "", "tables.price.absent", {"absent"}),
        ("what: snow", "", "tables.price.absent", set()),
        ("what: null", "", "tables.price.absent", set()),
        ("done_on: 2024-03-02", "", "measures.own.missing", {"missing"}),
        ("told_on: 2024-03-01", "", "measures.own.missing", set()),
        # Time stands still within the limit alone, for a day at least.
        ("told_on: 2024-03-01, stopped_on: 2024-03-03, freed_on: 2024-03-05", "", "measures.own.paused", {"paused"}),
        ("told_on: 2024-03-01, stopped_on: 2024-03-03", "", "measures.own.paused", {"paused"}),
        ("told_on: 2024-03-01, stopped_on: 2024-03-03, freed_on: 2024-03-03", "", "measures.own.paused", set()),
        ("told_on: 2024-03-01, stopped_on: 2024-03-07, freed_on: 2024-03-09", "", "measures.own.paused", set()),
        ("told_on: 2024-03-08, stopped_on: 2024-03-03, freed_on: 2024-03-05", "", "measures.own.paused", set()),
        ("told_on: 2024-03-01", "", "measures.own.paused", set()),
        ("", "{no: 1, from_on: 2024-03-03, until_on: 2024-03-05}", "measures.others.paused", {"paused"}),
        ("", "{no: 1, from_on: 2024-03-09, until_on: 2024-03-11}", "measures.others.paused", set()),
    ],
)
def test_absent_keys_pauses_and_limits_without_a_last_day(
    finding: str, rain: str, address: str, expected: set[str]
) -> None:
    text = LIMITS.replace(", FINDING", f", {finding}" if finding else "").replace("RAIN", rain)
    scheme = cr.loads(text, examples=False)
    assert address in {one.part.address for one in scheme.coverage().parts}
    assert seen(scheme, address) == expected


def test_what_may_be_chosen_from_is_held_against_its_own_ends() -> None:
    """`between` of an act, where the least may come to more than the most."""
    scheme = cr.load(specs_folder() / "gallery" / "sanction-periods", examples=False)
    sorts = {one.part.sort for one in scheme.coverage().parts if one.part.address == "consequences.warned.between.0"}
    assert sorts == {"below", "equal", "above"}


@pytest.mark.parametrize("name", ["market-flags", "gallery/park-upkeep", "street-order"])
def test_a_condition_is_told_in_the_words_that_stand_in_the_document(name: str) -> None:
    """In Chinese words they are not as long as those by which they are read."""
    plan = cr.load(specs_folder() / name / "scheme.yaml", examples=False).plan
    found = [(site.text, site.span.text) for site in sites(plan) if site.span is not None]
    assert [text for text, _ in found] == [" ".join(stands.split()) for _, stands in found]
    assert ("考核日期 <= 月.末日" in dict(found)) == (name == "market-flags")
    assert ("得分 >= 900" in dict(found)) == (name == "gallery/park-upkeep")
