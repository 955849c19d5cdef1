"""Mutants: each operator makes what it says, what is claimed of them holds, and a proposed case notices its mutant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import cityrules as cr
from cityrules.cases.suites import open_suite, run_all
from cityrules.cli.app import app
from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded.mutating import addresses, worked_cases
from cityrules.plan.build import build
from cityrules.scheme.convert import convert
from cityrules.scheme.document import Document
from cityrules.scheme.overlay import under_written
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.mutation.judging import Judge, mutation
from cityrules.testing.mutation.mutants import Mutant, mutants
from cityrules.testing.mutation.operators import operators
from cityrules.testing.mutation.searching import stated
from cityrules.testing.mutation.show import excerpt
from cityrules.testing.mutation.words import days_beside, lengths, numbers, rounded, spans
from cityrules.testing.mutation.writing import read_case
from cityrules.testing.writing.case import case_text
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source

LITTER = """\
cityrules: 1
scheme: litter
title: Litter found in the streets
clause: Article 1
in_force: {from: 2024-01-01}
parameters:
  price: {value: 0.5, clause: Article 2}
  grave_price: {value: 2.5, clause: Article 2}
targets:
  street: {members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      no: text
      street: street
      found_on: date
      size: one of small, large
      days: count
      late: flag
measures:
  lost:
    for: street each month
    from: 100
    rules:
      grave: {each: finding, when: 'size = "large" and (days >= 3 or late)', deduct: grave_price, group: one}
      light: {each: finding, when: days > 0, deduct: price, group: one}
    together: {one: first}
    floor: 90
    clause: Article 3
  grade: {for: street each month, bands: lost, at_least: {98: good, 95: fair}, otherwise: bad, clause: Article 4}
  mean: {for: street each year, mean: lost, over: month, round: half up to 1, empty: error, clause: Article 5}
consequences:
  circular: {for: street each month, when: 'grade = "bad"', do: circular, kind: circular, to: street, clause: Article 6}
examples:
  a_light_one:
    given:
      targets: {street: [East]}
      finding: [{street: East, found_on: 2024-03-04, size: small, days: 1, late: false}]
    expect: {lost: {East 2024-03: 99.5}, grade: {East 2024-03: good}}
"""


def _scheme(text: str = LITTER) -> cr.Scheme:
    return cr.loads(text)


def _made(address: str) -> set[tuple[str, str, str]]:
    return {(one.kind, one.before, one.after) for one in mutants(_scheme().written.raw) if one.address == address}


# ------------------------------------------------------------------------------------------------- what is made


def test_numbers_are_changed_by_their_last_digit_to_nothing_and_doubled() -> None:
    assert list(numbers("0.5")) == ["0.6", "0.4", "0", "1.0"]
    assert list(numbers("1")) == ["2", "0"]  # Less one is nothing, and more by one is twice as much.
    assert list(numbers("40%")) == ["41%", "39%", "0%", "80%"]
    assert list(numbers("grave_price")) == []
    assert list(numbers("-0.01")) == ["0", "-0.02"]
    assert list(numbers("0.00")) == ["0.01", "-0.01"]
    assert list(numbers("-1234567890123456789012345.6789")) == [  # No digit is rounded away, however many there are.
        "-1234567890123456789012345.6788",
        "-1234567890123456789012345.6790",
        "0",
        "-2469135780246913578024691.3578",
    ]
    assert next(numbers("123456789012345678901234567890万")) == "123456789012345678901234567891万"
    assert list(numbers("06001")) == []  # A code, as its zeros in front say.
    assert list(numbers("9" * 5000)) == []  # Of so many digits nothing is counted.
    assert list(spans("9" * 5000 + " days")) == ["9" * 5000 + other for other in (" working days", " hours", " weeks")]


def test_lengths_of_time_days_and_roundings() -> None:
    assert list(spans("3 months")) == ["4 months", "2 months", "6 months", "3 weeks", "3 years"]
    assert list(spans("5 working days"))[-1] == "5 days"
    assert list(spans("1 working day"))[-1] == "1 day"
    assert list(spans("ever")) == ["year to date"]
    assert list(lengths("3 months")) == list(spans("3 months"))
    assert list(lengths("GB/T 47678.5-2026 06 001")) == []  # A result with numbers in it that counts no days.
    assert list(days_beside("2024-03-01")) == ["2024-02-29", "2024-03-02"]
    assert "half even to 1" in list(rounded("half up to 1"))
    assert {"half up to 2", "half up to 0"} <= set(rounded("half up to 1"))


def test_an_expression_is_changed_on_its_syntax_tree() -> None:
    texts = {after for _, _, after in _made("measures.lost.rules.grave.when")}
    assert {
        'size = "large" and (days > 3 or late)',
        'size = "large" and (days < 3 or late)',
        'size = "large" and (days >= 4 or late)',
        'size = "small" and (days >= 3 or late)',
        '(size = "large" or (days >= 3 or late))',
        'size = "large" and ((days >= 3 and late))',
        'size = "large" and (days >= 3 or false)',
        "true and (days >= 3 or late)",
        'not(size = "large" and (days >= 3 or late))',
    } <= texts


@pytest.mark.parametrize(
    ("address", "made"),
    [
        ("parameters.price.value", ("number", "0.5", "0.6")),
        ("measures.lost.rules.grave.deduct", ("reference", "grave_price", "price")),
        ("measures.lost.rules.grave.deduct", ("key", "deduct", "add")),
        ("measures.lost.floor", ("number", "90", "89")),
        ("measures.lost.floor", ("left out", "90", "")),
        ("measures.lost.together.one", ("word", "first", "highest")),
        ("measures.lost.rules.light", ("order", "grave, light", "light, grave")),
        ("measures.grade.at_least.98", ("bound", "98", "97")),
        ("measures.grade.at_least", ("key", "at_least", "above")),
        ("measures.grade.at_least.98", ("exchange", "98: good, 95: fair", "98: fair, 95: good")),
        ("measures.grade.otherwise", ("label", "bad", "good")),
        ("measures.mean.round", ("rounding", "half up to 1", "half even to 1")),
        ("measures.mean.empty", ("policy", "error", "null")),
        ("in_force.from", ("date", "2024-01-01", "2023-12-31")),
        ("consequences.circular.when", ("comparison", 'grade = "bad"', 'grade != "bad"')),
    ],
)
def test_each_sort_of_text_has_its_operators(address: str, made: tuple[str, str, str]) -> None:
    assert made in _made(address)


def test_what_is_shown_of_a_change_is_its_surroundings() -> None:
    before, after = (
        "answerable and overdue and notices >= 2 and size > 3",
        "answerable and overdue and notices > 2 and size > 3",
    )
    assert excerpt(before, after, 12) == ("…notices >= 2 and size…", "…notices > 2 and size…")
    assert excerpt("3 months", "4 months") == ("3 months", "4 months")


def test_rules_are_left_out_whole() -> None:
    assert {before[:6] for kind, before, _ in _made("measures.lost.rules.grave") if kind == "left out"} == {"{each:"}


def test_what_the_document_calls_like_a_key_is_changed_too() -> None:
    text = LITTER.replace("grave:", "kind:").replace("light:", "note:").replace("  mean: {for", "  unit: {for")
    every = {one.address for one in mutants(cr.loads(text).written.raw)}
    assert {"measures.lost.rules.kind", "measures.lost.rules.note"} <= every
    assert {"measures.lost.rules.kind.when", "measures.lost.rules.note.deduct", "measures.unit.round"} <= every


def test_what_is_summed_is_changed_too() -> None:
    text = LITTER.replace("mean: lost, over: month, round: half up to 1, empty: error", "sum: lost * 2, over: month")
    made = {one.after for one in mutants(cr.loads(text).written.raw) if one.address == "measures.mean.sum"}
    assert "lost * 3" in made


def test_the_calendar_has_a_first_and_a_last_day() -> None:
    assert list(days_beside("9999-12-31")) == ["9999-12-30"]
    assert list(days_beside("0001-01-01")) == ["0001-01-02"]


def test_what_only_people_read_is_not_changed() -> None:
    keys = {key for address in addresses(_scheme()) for key in address.split(".")}
    assert not keys & {"title", "clause", "kind", "do", "to", "examples", "fields"}


def test_an_address_inside_a_list_changes_the_list() -> None:
    raw: dict[str, Any] = {"measures": {"place": {"for": "s each year", "rank": ["high a", "low b"], "ties": "share"}}}
    made = [one for one in mutants(raw) if one.address == "measures.place.rank.1" and one.kind == "direction"]
    assert [one.change for one in made] == [(("measures", "place", "rank"), ["high a", "high b"])]


def test_the_operators_know_what_they_speak_of() -> None:
    known = operators()
    for others in (known.comparisons, known.units):
        assert {new for news in others.values() for new in news} <= set(others)
    assert set(known.connectives) == {"and", "or"}


# ------------------------------------------------------------------------------------------- what becomes of them


def _judge(scheme: cr.Scheme) -> Judge:
    return Judge(scheme.written, scheme.plan, PythonEngine(), (), {})


def test_what_the_cases_notice_and_what_they_do_not() -> None:
    found = _scheme().mutate(only="measures.lost.rules.light")
    by_text = {one.judged.mutant.after: one for one in found.mutants}
    assert by_text["grave_price"].judged.state == "killed"
    assert by_text["grave_price"].judged.by == "a_light_one"
    shifted = by_text["days > 1"]
    assert shifted.judged.state == "killed"
    doubtful = by_text["days >= 0"]
    assert (doubtful.judged.state, doubtful.clause, doubtful.line) == ("survived", "Article 3", 28)


def test_the_case_proposed_for_a_survivor_notices_it() -> None:
    scheme = _scheme()
    found = scheme.mutate(only="measures.lost.rules.grave.when")
    assert found.proposed
    for one in found.proposed:
        assert one.judged.case is not None
        case = read_case(one.judged.case, scheme.written)
        assert case is not None
        judge = Judge(scheme.written, scheme.plan, PythonEngine(), (case,), {}, search=False)
        assert [each.name for each in judge.usable] == [case.name]
        assert judge.judge(one.judged.mutant).state == "killed"


def test_what_the_checker_refuses_is_told_apart() -> None:
    found = _scheme().mutate(only="measures.lost.together", search=False)
    refused = {one.judged.mutant.after: one.judged.by for one in found.mutants if one.judged.state == "refused"}
    assert {"first per event", "highest per event"} <= set(refused)
    assert all(code.startswith("CR") for code in refused.values())
    assert found.counted + found.totals["refused"] + found.totals["equivalent"] == len(found.mutants)


EQUIVALENT = """\
cityrules: 1
scheme: squares
title: Squares
in_force: {from: 2024-01-01}
parameters:
  unread: {value: 7}
targets:
  square: {members: registered}
records:
  visit: {dated: seen_on, key: [no], fields: {no: text, square: square, seen_on: date, marks: 'count [0, 5]'}}
measures:
  visits: {for: square each month, count: visit}
  well: {for: square each month, formula: 'if visits >= 0 then 1 else 0'}
  kept: {for: visit, bands: marks, at_least: {4: good, -1: bad}, otherwise: none}
"""


def test_equivalence_is_by_proof_and_never_contradicted_by_inputs() -> None:
    scheme = _scheme(EQUIVALENT)
    found = scheme.mutate()
    equivalent = {(one.judged.mutant.address, one.judged.mutant.after) for one in found.mutants
                  if one.judged.state == "equivalent"}  # fmt: skip
    assert ("parameters.unread.value", "8") in equivalent
    assert ("measures.well.formula", "if visits >= (-1) then 1 else 0") in equivalent
    assert ("measures.well.formula", "if visits > 0 then 1 else 0") not in equivalent
    assert ("measures.kept.at_least.-1", "-2") in equivalent
    judge = _judge(scheme)
    for one in found.mutants:
        if one.judged.state == "equivalent":
            _never_differ(scheme, judge, one.judged.mutant)


IDLE = """\
cityrules: 1
scheme: idle
title: What is stated and never decides
clause: '1'
in_force: {from: 2024-01-01}
rounding: half up to 2
targets: {street: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, sort: 'one of a, b', late: flag}
measures:
  score:
    for: street each month
    from: 100
    rules:
      of_a: {each: finding, when: sort = "a", deduct: 1, group: sorts}
      of_b: {each: finding, when: sort = "b", deduct: 2, group: sorts}
      found: {each: finding, deduct: 3, group: lateness}
      late: {each: finding, when: late, deduct: 4, group: lateness}
      often: {when: found > 2, deduct: 5, group: alone}
      dear: {each: finding, when: late, deduct: 1, group: price}
      dearer: {each: finding, deduct: 2, replaces: [dear], group: price}
    together: {sorts: highest, lateness: highest, price: all}
  found: {for: street each month, count: finding}
  months: {for: street each month, run: found > 0, new_year: continues}
consequences:
  talk:
    for: street each month
    ladder: months
    restarts: no
    together: highest
    steps: {talk: {reaches: 2, do: Talk, kind: talk, to: street}}
  after:
    for: street each month
    ladder: months
    restarts: no
    together: highest
    steps: {one: {reaches: 1, do: Talk, kind: talk, to: street}, two: {at_least: 1, do: Call, kind: talk, to: street}}
"""


def test_how_rules_stand_together_that_never_meet_means_nothing() -> None:
    scheme = _scheme(IDLE)
    found = {
        (one.judged.mutant.address, one.judged.mutant.after): one.judged
        for address in ("measures.score", "consequences", "rounding")
        for one in scheme.mutate(only=address, search=False).mutants
    }
    same = {key for key, judged in found.items() if judged.state == "equivalent"}
    assert {
        ("measures.score.together.sorts", "first"),
        ("measures.score.together.price", "highest"),
        ("measures.score.rules.often.group", ""),
        ("consequences.talk.together", "all"),
        ("rounding", "down to 2"),
    } <= same
    assert not same & {
        ("measures.score.together.lateness", "first"),
        ("measures.score.together.lateness", "all"),
        ("consequences.after.together", "all"),
    }
    judge = _judge(scheme)
    for key in same:
        _never_differ(scheme, judge, found[key].mutant)


def _never_differ(scheme: cr.Scheme, judge: Judge, mutant: Mutant, inputs: int = 6) -> None:
    report = Report()
    made = under_written(judge.base, mutation(judge.base, mutant), report)
    assert made is not None
    plan = build(made, report)
    assert plan is not None
    for number in range(inputs):
        drawn = Drawer(scheme.plan, f"never {number}").draw()
        one, other = (PythonEngine().assess(each, drawn.inputs, drawn.question(each)) for each in (scheme.plan, plan))
        assert stated(one) == stated(other), (mutant.address, mutant.after)


DATED = """\
cityrules: 1
scheme: dated
title: Dated
in_force: {from: 2024-01-01}
parameters:
  line: {values: {2024-01-01: 2, 2024-07-01: 5}}
  same: {values: {2024-01-01: 0, 2024-07-01: -1}}
targets:
  square: {members: registered}
records:
  visit: {dated: seen_on, key: [no], fields: {no: text, square: square, seen_on: date}}
  look: {one_per: square each month, fields: {marks: 'number(0) [0, 9]'}, absent: error}
measures:
  visits: {for: square each month, count: visit}
  many: {for: square each month, formula: visits >= line}
  grade: {for: square each month, bands: visits, at_least: {line: many}, otherwise: few}
  seen: {for: square each month, formula: visits > 3 and marks >= 0}
  held: {for: square each month, formula: 'if visits >= same then 1 else 0'}
checks:
  again: {for: square, every: month, within: 2 days, over: visit, otherwise: warn}
"""


def _equivalent(text: str, address: str) -> set[str]:
    found = cr.loads(text).mutate(search=False, only=address)
    return {one.judged.mutant.after for one in found.mutants if one.judged.state == "equivalent"}


def test_a_parameter_of_several_days_is_compared_day_by_day() -> None:
    assert _equivalent(DATED, "parameters.line") == {"2023-12-31"}  # Before the first day its value holds, too.
    assert _equivalent(DATED, "parameters.same.values.2024-07-01") == {"0", "-2", "2024-06-30", "2024-07-02"}


def test_what_reads_less_is_not_the_same_where_that_can_be_undetermined() -> None:
    assert _equivalent(DATED, "measures.seen") == {"visits > 3 and marks >= (-1)"}


def test_a_length_in_another_unit_is_another_length() -> None:
    assert _equivalent(DATED, "checks.again.within") == set()


FOLLOWED = """\
calendar: {days: weekdays, start_day: excluded, last_day_off: stays}
measures:
  cost: {for: square each year, sum: amount, over: listed}
"""
LISTED = """\
consequences:
  listed:
    for: square each month
    when: visits > 3
    do: Fine
    kind: payment
    to: square
    amount: visits * 2
    within: 30 days
    clause: '1'
"""


def test_what_no_case_can_state_is_told_apart() -> None:
    text = EQUIVALENT + (
        "consequences:\n"
        "  note: {for: visit, when: marks < 2, do: note, kind: circular, to: square, lasts: 30 days, clause: '1'}\n"
        "checks:\n  enough: {for: square each month, that: visits > 1, otherwise: warn}\n"
    )
    found = _scheme(text).mutate(only="consequences.note.lasts")
    assert {one.judged.state for one in found.mutants} == {"untold", "refused"}  # It lasts no working days or weeks.
    followed = _scheme(text.replace("measures:\n", FOLLOWED, 1).replace("consequences:\n", LISTED, 1))
    within = followed.mutate(only="consequences.listed.within", search=False).mutants
    assert "untold" in {one.judged.state for one in within} <= {"untold", "refused"}
    amounts = {one.judged.state for one in followed.mutate(only="consequences.listed.amount", search=False).mutants}
    assert "survived" in amounts
    assert "untold" not in amounts  # Its sum is read.
    words = _scheme(text).mutate(only="checks.enough.otherwise")
    assert {one.judged.state for one in words.mutants} == {"untold"}


OPEN = """\
cityrules: 1
scheme: open
title: What an open reading replaces, and what nothing reads
clause: Article 1
in_force: {from: unstated}
rounding: half up to 2
tables:
  squares:
    key: [square]
    columns: {square: square, sort: 'one of small, large'}
    rows: [[North, small], [South, large]]
targets:
  square: {members: {table: squares}}
records:
  visit: {dated: made_on, key: [no], fields: {no: text, square: square, made_on: date}}
measures:
  visits: {for: square each month, count: visit}
  points: {for: square each month, formula: visits * 2, clause: Article 2}
readings:
  how_much:
    clause: Article 2
    question: How many points has a visit?
    chosen: unstated
    because: the text does not say
    others:
      one: {measures.points: {for: square each month, formula: visits, clause: Article 2}}
      three: {measures.points: {for: square each month, formula: visits * 3, clause: Article 2}}
examples:
  one_visit:
    given: {visit: [{no: a, square: North, made_on: 2024-01-02}]}
    expect: {visits: {North 2024-01: 1, South 2024-01: 0}}
"""


@pytest.mark.parametrize(
    ("only", "state"),
    [("measures.points", "equivalent"), ("rounding", "equivalent"), ("tables.squares.rows", "untold")],
)
def test_what_is_never_computed_or_read_is_not_asked_of_the_cases(only: str, state: str) -> None:
    """Whichever option is chosen replaces the points; nothing is rounded; the sort of a square is read by nothing."""
    found = _scheme(OPEN).mutate(only=only, search=False)
    assert {one.judged.state for one in found.mutants} - {"refused"} == {state}


CITED = """\
cityrules: 1
scheme: cited
title: Cited
in_force: {from: 2024-01-01}
tables:
  prices:
    key: [code]
    columns: {code: text, price: 'number(0) [0, 9]', said: text, unit: text}
    rows: [[a, 1, Article 1, m2]]
    absent: null
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, code: text}}
measures:
  of_row: {for: finding, formula: prices(code).said, missing: null}
  unit_of: {for: finding, formula: prices(code).unit, missing: error}
  score:
    for: street each month
    from: 100
    clause: Article 1
    rules: {found: {each: finding, deduct: 'default(prices(code).price, 0)', cites: prices(code).said}}
"""


def test_which_clause_a_movement_cites_is_stated_by_no_case() -> None:
    assert set(_states(CITED, "measures.score.rules.found.cites")) == {"untold"}
    # What cannot be determined is stated, and makes the score so.
    measured = CITED.replace("cites: prices(code).said", "cites: of_row")
    assert set(_states(measured, "measures.score.rules.found.cites")) == {"survived"}


MONTHS = """\
cityrules: 1
scheme: months
title: Months
in_force: {from: 2024-01-01}
targets:
  street: {members: registered}
records:
  mark: {one_per: street each month, absent: null, fields: {points: 'number(0) [0, 100]', told: 'number(0) [0, 9]'}}
measures:
  bad: {for: street each month, run: points < 60, missing: breaks, new_year: continues}
  mean: {for: street each year, mean: points, over: month, missing: skip, empty: 0, round: half up to 1}
consequences:
  talk:
    for: street each month
    ladder: bad
    restarts: no
    together: highest
    clause: '1'
    steps: {talk: {reaches: 2, do: talk, kind: talk}}
  noted:
    for: street each month
    when: points < 60
    missing: no
    do: note
    kind: circular
    amount: default(told, 0)
    clause: '1'
  called:
    for: street each month
    when: points < 60 and points != null
    missing: no
    do: call
    kind: circular
    clause: '1'
"""


def _states(text: str, only: str, cases: Path | None = None) -> list[str]:
    found = _scheme(text).mutate(cases, only=only, search=False)
    return [one.judged.state for one in found.mutants if one.judged.state != "refused"]


def test_what_is_said_of_several_steps_decides_nothing_of_one() -> None:
    assert _states(MONTHS, "consequences.talk.together") == ["equivalent", "equivalent"]
    two = MONTHS.replace("steps: {talk:", "steps: {note: {reaches: 1, do: note, kind: circular}, talk:")
    assert set(_states(two, "consequences.talk.together")) == {"survived"}


def test_where_a_rounding_stands_means_nothing() -> None:
    address = "measures.mean.round"
    assert "" not in _equivalent(MONTHS, address)
    alike = MONTHS.replace("targets:", "rounding: half up to 1\ntargets:")
    assert "" in _equivalent(alike, address)
    other = MONTHS.replace("targets:", "rounding: half even to 1\ntargets:")
    assert "" not in _equivalent(other, address)


def test_no_new_year_comes_within_a_run_of_years() -> None:
    assert _states(MONTHS, "measures.bad.new_year") == ["survived"]
    years = MONTHS.replace(
        "measures:",
        "  of_year: {one_per: street each year, absent: null, fields: {good: flag}}\n"
        "measures:\n  well: {for: street each year, run: good, missing: breaks, new_year: continues}",
    )
    assert _states(years, "measures.well.new_year") == ["equivalent"]


def test_of_one_act_the_least_is_the_most() -> None:
    told = "  most: {for: street each month, max: amount, over: noted, empty: null}\n"
    with_it = MONTHS.replace("consequences:\n", told + "consequences:\n")
    assert set(_states(with_it, "measures.most.max")) == {"equivalent"}
    for longer in (
        with_it.replace("most: {for: street each month", "most: {for: street each year"),
        with_it.replace("empty: null}", "window: last 2 months, empty: null}"),
    ):
        assert set(_states(longer, "measures.most.max")) == {"survived"}
    # Several steps of a ladder can be reached in one month.
    steps = "{one: {reaches: 1, do: talk, kind: talk, amount: 1}, two: {at_least: 1, do: talk, kind: talk, amount: 2}}"
    ladder = with_it.replace("over: noted", "over: talk").replace("{talk: {reaches: 2, do: talk, kind: talk}}", steps)
    assert set(_states(ladder, "measures.most.max")) == {"equivalent"}
    assert set(_states(ladder.replace("together: highest", "together: all"), "measures.most.max")) == {"survived"}


def test_of_a_month_it_counts_whether_it_touches_the_time_in_force() -> None:
    assert _states(MONTHS, "in_force.from") == ["survived", "equivalent"]  # The day before lies in another month.
    ending = MONTHS.replace("in_force: {from: 2024-01-01}", "in_force: {from: 2024-01-01, until: 2025-01-01}")
    assert _equivalent(ending, "in_force.until") == {"2024-12-31"}  # A day more touches another month.
    dated = MONTHS.replace(
        "measures:", "  visit: {dated: seen_on, key: [no], fields: {no: text, seen_on: date}}\nmeasures:"
    )
    assert _states(dated, "in_force.from") == ["survived", "survived"]


SHARED = """\
cityrules: 1
scheme: shared
title: Shared
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  mark: {one_per: street each month, absent: null, fields: {points: 'number(0) [0, 100]'}}
measures:
  part:
    for: street each month
    apportion: 100
    in_proportion_to: 1
    among: whole
    step: 0.01
    remainder: by name
"""


def test_equal_parts_are_equal_whatever_number_they_are_in_proportion_to() -> None:
    assert _equivalent(SHARED, "measures.part.in_proportion_to") == {"2"}
    half = SHARED.replace("in_proportion_to: 1", "in_proportion_to: 0.5")
    assert _equivalent(half, "measures.part.in_proportion_to") == {"0.4", "0.6", "1.0"}
    # A number that is added is none that all parts are multiplied by.
    added = SHARED.replace("in_proportion_to: 1", "in_proportion_to: points + 1\n    missing: 0\n    empty: 0")
    assert not _equivalent(added, "measures.part.in_proportion_to")


BEYOND = """\
cityrules: 1
scheme: beyond
title: Days beyond the calendar
clause: '1'
in_force: {from: 2024-01-01}
targets: {squad: {members: [A]}}
records:
  matter:
    dated: made_on
    key: [no]
    fields: {no: text, squad: squad, made_on: date, done_on: date, sort: 'one of a, b, c'}
measures:
  worth:
    for: matter
    choose:
      plain: {when: sort = "a", give: 1}
      slow: {when: 'done_on + @"P30D" > made_on and sort = "b"', give: 2}
    otherwise: 3
examples:
  far_away:
    given:
      matter: [{no: x, squad: A, made_on: 2024-03-04, done_on: 2024-03-04, sort: a}]
    expect: {worth: {x: 1}}
"""


def test_a_branch_that_leaves_the_calendar_does_not_stand_in_any_order() -> None:
    def state(text: str) -> list[str]:
        found = _scheme(text).mutate(only="measures.worth.choose.slow", search=False).mutants
        return [one.judged.state for one in found if one.judged.mutant.kind == "order"]

    # A month after the last of all days there is none, where the condition is come to.
    assert state(BEYOND) == ["survived"]
    assert state(BEYOND.replace("done_on: 2024-03-04", "done_on: 9999-12-31")) == ["killed"]
    assert state(BEYOND.replace(' + @"P30D"', "")) == ["equivalent"]


TWO_WAYS = """\
cityrules: 1
scheme: two_ways
title: Two ways to one bureau
clause: '1'
in_force: {from: 2024-01-01}
targets:
  bureau: {members: [B]}
  squad: {members: registered, in: bureau, fields: {class: 'one of a, b'}}
records:
  handover: {dated: made_on, key: [no], fields: {no: text, giver: squad, taker: squad, made_on: date, fine: flag}}
measures:
  score:
    for: bureau each month
    from: 100
    together: {classes: highest, flags: highest}
    rules:
      given: {each: handover, via: giver, when: class = "a", deduct: 1, group: classes}
      taken: {each: handover, via: taker, when: class = "b", deduct: 2, group: classes}
      fine: {each: handover, via: giver, when: fine, deduct: 3, group: flags}
      poor: {each: handover, via: taker, when: not(fine), deduct: 4, group: flags}
examples:
  both:
    given:
      targets: {squad: [{name: one, bureau: B, class: a}, {name: two, bureau: B, class: b}]}
      handover: [{giver: two, taker: two, made_on: 2024-03-04, fine: true}]
    expect: {score: {B 2024-03: 95}}
"""


def test_rules_by_two_fields_meet_on_a_record_of_two_targets() -> None:
    # The giver is of one class and the taker of the other, and both belong to the cell.
    assert set(_states(TWO_WAYS, "measures.score.together.classes")) == {"survived"}
    met = TWO_WAYS.replace("giver: two", "giver: one")
    assert set(_states(met, "measures.score.together.classes")) == {"killed"}
    # What the record itself says is one thing, whichever way it goes; so is what the cell is.
    assert set(_states(TWO_WAYS, "measures.score.together.flags")) == {"equivalent"}
    own = TWO_WAYS.replace("for: bureau each month", "for: squad each month").replace("B 2024-03", "two 2024-03")
    assert set(_states(own, "measures.score.together.classes")) == {"equivalent"}


ROUNDED = """\
cityrules: 1
scheme: rounded
title: Rounded
in_force: {from: 2024-01-01}
rounding: half up to 2
targets: {street: {members: registered}}
records:
  mark: {dated: made_on, key: [no], fields: {no: text, street: street, made_on: date, points: 'number(1) [0, 10]'}}
measures:
  mean: {for: street each month, mean: points, over: mark, round: half up to 2, empty: null}
"""
UNDER_ONE_DIGIT = """\
examples:
  one:
    under: {rounding: half up to 1}
    given: {targets: {street: [East]}, mark: [{no: a, street: East, made_on: 2024-01-02, points: 5}]}
    expect: {mean: {East 2024-01: 5}}
"""


def test_where_the_same_rounding_is_written_makes_no_difference() -> None:
    assert _equivalent(ROUNDED, "measures.mean.round") == {""}
    # Neither where it is another one, nor where a case rounds the document otherwise.
    assert not _equivalent(ROUNDED.replace("rounding: half up to 2", "rounding: half up to 1"), "measures.mean.round")
    assert not _equivalent(ROUNDED + UNDER_ONE_DIGIT, "measures.mean.round")


BRANCHES = """\
cityrules: 1
scheme: branches
title: Branches
clause: '1'
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    fields:
      {no: text, street: street, found_on: date, sort: 'one of a, b, c', late: optional flag, marks: 'count [0, 9]'}
measures:
  apart:
    for: finding
    choose: {one: {when: sort = "a", give: 1}, two: {when: sort = "b" and marks > 3, give: marks}}
    otherwise: 3
  meeting:
    for: finding
    choose: {one: {when: marks > 3, give: 1}, two: {when: sort = "b", give: 2}}
    otherwise: 3
  doubtful:
    for: finding
    choose: {one: {when: sort = "a" and late, give: 1}, two: {when: sort != "a" and marks > 2, give: 2}}
    otherwise: 3
    missing: 7
  unsure:
    for: finding
    choose:
      one: {when: late and sort = "b", give: 1}
      two: {when: 'sort = "b" and not(default(late, false))', give: 2}
    otherwise: 3
    missing: 7
"""


def test_branches_that_never_hold_together_stand_in_any_order() -> None:
    scheme = _scheme(BRANCHES)
    same = {}
    for name in ("apart", "meeting", "doubtful", "unsure"):
        found = scheme.mutate(only=f"measures.{name}.choose", search=False).mutants
        of_order = [one.judged for one in found if one.judged.mutant.kind == "order"]
        same[name] = [judged.mutant.before for judged in of_order if judged.state == "equivalent"]
        for judged in of_order:
            if judged.state == "equivalent":
                _never_differ(scheme, _judge(scheme), judged.mutant)
    # Where it is not known whether it is late, the second branch would decide if it came before.
    assert same == {"apart": ["one, two"], "meeting": [], "doubtful": ["one, two"], "unsure": []}


COUNTS = """\
cityrules: 1
scheme: counts
title: Counts
clause: '1'
in_force: {from: 2024-01-01}
targets:
  town: {members: registered}
  rater: {members: registered}
  street: {members: registered, in: town}
records:
  visit: {dated: made_on, key: [no], fields: {no: text, street: street, made_on: date, by: text, good: flag}}
  call: {dated: made_on, key: [no], fields: {no: text, street: street, made_on: date, good: flag}}
  look: {one_per: street each month per rater, fields: {points: 'number(0) [0, 9]'}, absent: null}
measures:
  looks: {for: street each month, count: rater, where: points != null}
  raters: {for: whole each month, count: rater}
  visits: {for: street each month, count: visit}
  good_ones: {for: street each month, count: visit, where: good}
  bad_ones: {for: street each month, count: visit, where: not(good)}
  good_by_a: {for: street each month, count: visit, where: by = "a" and good}
  visitors: {for: street each month, distinct: by, over: visit}
  good_visitors: {for: street each month, distinct: by, over: visit, where: good}
  calls: {for: street each month, count: call, where: good}
  lately: {for: street each month, count: visit, where: good, window: last 2 months}
  of_all: {for: whole each month, count: visit}
checks:
  all_good: {for: street each month, that: good_ones = visits, otherwise: warn}
  somebody_else: {for: street each month, that: visitors = visits, otherwise: warn}
  good_by_others: {for: street each month, that: good_visitors = good_ones, otherwise: warn}
  others: {for: street each month, that: good_visitors = bad_ones, otherwise: warn}
  called: {for: street each month, that: calls = visits, otherwise: warn}
  two_months: {for: street each month, that: lately = visits, otherwise: warn}
  alone: {for: street each month, that: good_ones = of_all, otherwise: warn}
  the_other_way: {for: street each month, that: visits <= of_all, otherwise: warn}
  by_a: {for: street each month, that: good_by_a = good_ones, otherwise: warn}
  by_a_at_least: {for: street each month, that: bad_ones = good_by_a, otherwise: warn}
  everywhere: {for: street each month, that: looks = raters, otherwise: warn}
"""


def test_a_count_of_some_is_at_most_that_of_all() -> None:
    scheme = _scheme(COUNTS)
    found = {
        (one.judged.mutant.path[1], one.judged.mutant.after): one.judged
        for one in scheme.mutate(only="checks", search=False).mutants
        if one.judged.mutant.kind == "comparison"
    }
    same = {key for key, judged in found.items() if judged.state == "equivalent"}
    assert same == {
        ("all_good", "good_ones >= visits"),
        ("somebody_else", "visitors >= visits"),
        ("good_by_others", "good_visitors >= good_ones"),
        ("alone", "good_ones >= of_all"),
        ("everywhere", "looks >= raters"),
        ("by_a", "good_by_a >= good_ones"),
    }
    for key in same:
        _never_differ(scheme, _judge(scheme), found[key].mutant)


BY_A_MEASURE = """\
cityrules: 1
scheme: by_a_measure
title: By way of a measure
clause: '1'
in_force: {from: 2024-01-01}
tables:
  charge: {key: [spot], columns: {spot: 'one of P, Q', squad_there: squad}, rows: [[P, One], [Q, Two]]}
  squads: {key: [squad], columns: {squad: squad, class: 'one of a, b'}, rows: [[One, a], [Two, b]]}
targets: {squad: {members: {table: squads}}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, spot: 'one of P, Q', media: flag}
measures:
  responsible: {for: finding, formula: 'if media then charge(spot).squad_there else squad'}
  few: {for: squad each month, count: finding, via: responsible, where: class = "a"}
  many: {for: whole each month, count: finding, where: class = "a"}
  every_one: {for: squad each month, formula: few = many}
examples:
  one:
    given:
      finding: [{squad: One, found_on: 2024-03-04, spot: P, media: false}]
    expect: {every_one: {One 2024-03: true, Two 2024-03: false}}
"""


def test_a_count_by_another_way_may_be_more_than_that_of_all() -> None:
    # The class is that of who is responsible in the one, and of the squad that is named in the other.
    assert _states(BY_A_MEASURE, "measures.every_one.formula") == ["killed", "survived", "killed"]
    assert "equivalent" in _states(BY_A_MEASURE.replace("via: responsible, ", ""), "measures.every_one.formula")


QUOTIENTS = """\
cityrules: 1
scheme: rounded
title: Rounded
clause: '1'
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  mark: {one_per: street each month, absent: error, fields: {points: 'number(1) [0, 100]', change: 'number(1) [-5, 5]'}}
measures:
  half: {for: street each month, formula: points / 2, round: half up to 1}
  third: {for: street each month, formula: points / 3, round: half up to 1}
  half_or_all: {for: street each month, formula: if change > 0 then points / 2 else points, round: half up to 1}
  half_or_third: {for: street each month, formula: if change > 0 then points / 2 else points / 3, round: half up to 1}
  turned: {for: street each month, formula: change / 2, round: half up to 1}
  fifths: {for: street each month, formula: '(points * 4 + 10) / 20', round: half even to 1}
  twice: {for: street each month, formula: change * 2, round: half even to 1}
  part: {for: street each month, formula: points / (points + 1), round: down to 2}
  wandering: {for: street each month, formula: change / (points + 1), round: down to 2}
  mean: {for: street each year, mean: points, over: month, empty: null, round: up to 2}
  changes: {for: street each year, mean: change, over: month, empty: null, round: up to 2}
  instead: {for: street each month, formula: 'if points > 5 then null else points', missing: -0.5, round: down to 1}
"""
OTHERS = {"half up", "half even", "half down", "up", "down", "floor", "ceiling"}


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("half", {"up", "ceiling"}),  # Whatever is not whole lies in the middle.
        ("third", {"half even", "half down"}),  # Nothing lies in the middle.
        ("half_or_all", {"up", "ceiling"}),
        ("half_or_third", set()),
        ("turned", {"up"}),  # The ceiling of what is negative is nearer to nothing.
        ("fifths", {"half up", "half down"}),
        ("twice", OTHERS - {"half even"}),
        ("part", {"floor"}),
        ("wandering", set()),
        ("mean", {"ceiling"}),
        ("changes", set()),
        ("instead", OTHERS - {"down"}),
    ],
)
def test_roundings_that_come_to_the_same(name: str, same: set[str]) -> None:
    scheme = _scheme(QUOTIENTS)
    found = scheme.mutate(only=f"measures.{name}.round", search=False).mutants
    mode = scheme.document.measures[name].round.mode  # type: ignore[union-attr]
    equal = {one.judged.mutant.after.rpartition(" to ")[0] for one in found if one.judged.state == "equivalent"}
    assert equal - {mode} == same
    judge = _judge(scheme)
    for one in found:
        if one.judged.state == "equivalent":
            _never_differ(scheme, judge, one.judged.mutant, inputs=3)


def test_how_much_of_an_act_that_nothing_reads_is_stated_by_no_case() -> None:
    assert set(_states(MONTHS, "consequences.noted.amount")) == {"untold"}
    read = MONTHS.replace("consequences:", "  all: {for: street each month, sum: amount, over: noted}\nconsequences:")
    assert set(_states(read, "consequences.noted.amount")) == {"survived"}


LEFT_OPEN = """\
cityrules: 1
scheme: left_open
title: Amounts that are left open
clause: '1'
in_force: {from: 2024-01-01}
targets: {street: {members: [East]}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date}}
measures:
  found: {for: street each month, count: finding}
consequences:
  fine:
    for: street each month
    when: found >= 1
    do: fine
    kind: payment
    to: street
    decided_by: [Bureau]
    between: [10, found * 5]
examples:
  two:
    given: {finding: [{repeat: 2, row: {street: East, found_on: 2024-03-04}}]}
    expect: {fine: [East 2024-03]}
"""


def test_that_the_least_is_more_than_the_most_is_stated_by_a_case() -> None:
    found = _scheme(LEFT_OPEN).mutate(only="consequences.fine.between", search=False).mutants
    states = {one.judged.mutant.after: one.judged.state for one in found}
    # One finding comes to less than 9 and than 10 alike, and not to less than nothing.
    assert [states[after] for after in ("9", "0", "11")] == ["untold", "survived", "killed"]


def test_what_is_stated_for_what_never_comes(tmp_path: Path) -> None:
    """By proof it means the same; by what somebody says, no case can state it."""
    assert set(_states(MONTHS, "consequences.called.missing")) == {"equivalent"}
    assert set(_states(MONTHS, "consequences.noted.missing")) == {"survived"}
    assert "survived" in _states(MONTHS, "measures.mean.empty")
    (tmp_path / "scheme.yaml").write_text(MONTHS, "utf-8")
    cases = tmp_path / "cases.yaml"
    cases.write_text(
        "cityrules-cases: 1\nscheme: .\nout_of_reach: {measures.mean.empty empty: somebody says so}\n"
        "cases:\n  good:\n    given:\n      targets: {street: [A]}\n"
        "      mark: [{street: A, period: 2024-01, points: 60, told: 0}]\n"
        "    expect: {bad: {A 2024-01: 0}}\n",
        "utf-8",
    )
    assert set(_states(MONTHS, "measures.mean.empty", cases)) == {"untold"}


ACCEPTED = """\
cityrules: 1
scheme: accepted
title: Accepted
clause: '1'
in_force: {from: 2024-01-01}
parameters: {least: {values: {2024-01-01: 1, 2024-03-01: 3, 2024-05-01: 9}}}
targets: {street: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, pieces: count}
    accepted_if: {enough: {that: pieces >= least}}
measures:
  found: {for: street each month, count: finding}
examples:
  three_and_two:
    given:
      targets: {street: [East]}
      finding:
        - {no: a, street: East, found_on: 2024-03-04, pieces: 3}
        - {no: b, street: East, found_on: 2024-03-04, pieces: 2}
    expect: {rejects: {finding: [b]}}
"""


def test_what_decides_which_rows_are_used_is_looked_at_by_every_case() -> None:
    """The number on those days is neither the least nor the greatest, so that no type tells that it is another."""
    # What may be chosen decides it as well, in the ledger of whatever measure it stands.
    chosen = (
        ACCEPTED.replace("    accepted_if: {enough: {that: pieces >= least}}\n", "")
        .replace("pieces: count}", "pieces: 'count [0, 9]'}")
        .replace(
            "\nexamples:",
            "\n  lost: {for: street each month, from: 0, rules: {a: {each: finding, add: pieces, between: [least, 9]}}}"
            "\nexamples:",
        )
    )
    for text in (ACCEPTED, chosen):
        found = _scheme(text).mutate(only="parameters.least.values.2024-03-01", search=False).mutants
        assert {one.judged.state for one in found if one.judged.mutant.kind == "number"} == {"killed"}


# --------------------------------------------------------------------------------------------------- movements

MOVED = """\
cityrules: 1
scheme: moved
title: Which rule it is, and by what
clause: '1'
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, big: flag, late: flag}
measures:
  score:
    for: street each month
    from: 100
    rules:
      of_size: {each: finding, when: big, deduct: 2, group: one}
      of_time: {each: finding, when: late, deduct: 2, group: one}
    together: {one: first}
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_changes_only_the_movements_is_proposed_with_them(language: Language) -> None:
    text = convert(Source("scheme.yaml", MOVED), language, Report(), (Document,))
    assert text is not None
    scheme = cr.loads(text)
    found = scheme.mutate(only="measures.score.rules.of_time")
    (one,) = (each for each in found.survivors if each.judged.mutant.kind == "order")
    assert one.judged.case is not None
    assert "of_size" in str(one.judged.case.expect["movements"])
    assert ("movements:" if language == "en" else "计分明细:") in found.text()
    case = read_case(one.judged.case, scheme.written)
    assert case is not None
    judge = Judge(scheme.written, scheme.plan, PythonEngine(), (case,), {}, search=False)
    assert [each.name for each in judge.usable] == [case.name]
    assert judge.judge(one.judged.mutant).state == "killed"


@pytest.mark.parametrize(("language", "said"), [("en", "movements"), ("zh", "计分明细")])
def test_a_case_on_which_only_movements_differ_is_told_what_it_would_have_to_expect(
    language: Language, said: str
) -> None:
    text = MOVED + (
        "examples:\n  both:\n    given:\n      targets: {street: [East]}\n"
        "      finding: [{no: a, street: East, found_on: 2024-03-04, big: true, late: true}]\n"
        "    expect: {score: {East 2024-03: 98}}\n"
    )
    turned = convert(Source("scheme.yaml", text), language, Report(), (Document,))
    found = cr.loads(turned or "").mutate(only="measures.score.rules.of_time").survivors
    also = {one.also for one in found if one.judged.mutant.kind == "order"}
    assert also == {f"{said}: {{score: {{East 2024-03: {{of_size: {{a: -2}}}}}}}}"}


# ------------------------------------------------------------------------------------------- what a case looks at

TWO_SIDES = (
    LITTER
    + """\
  nothing_wrong:
    given:
      targets: {street: [East]}
      finding: [{street: East, found_on: 2024-03-04, size: small, days: 1, late: false}]
    expect: {problems: {}, grade: {East 2024-03: good}}
  of_a_year:
    under: {parameters.price.value: 0.7}
    given: {targets: {street: [East]}}
    expect: {mean: {East 2024: 100}}
"""
)


class _Counting:
    """The reference engine, and how often it was asked."""

    name = "python"

    def __init__(self) -> None:
        self.runs = 0

    def assess(self, plan: Any, inputs: Any, question: Any, progress: Any = None) -> Any:
        self.runs += 1
        return PythonEngine().assess(plan, inputs, question, progress)


@pytest.mark.parametrize(
    ("address", "after", "runs"),
    [
        ("measures.mean.round", "half up to 2", 2),  # The first case does not look there, one looks at all problems.
        ("measures.grade.at_least.95", "94", 2),  # What the mean is made of does not read the grade.
        ("consequences.circular.when", 'grade != "bad"', 1),
        ("in_force.from", "2023-12-31", 3),  # When something is in force, everything looks at.
    ],
)
def test_a_case_is_run_where_it_looks_at_what_was_changed(address: str, after: str, runs: int) -> None:
    scheme, engine = _scheme(TWO_SIDES), _Counting()
    judge = Judge(scheme.written, scheme.plan, engine, worked_cases(scheme, None), {}, search=False)
    mutant = next(one for one in mutants(judge.base.raw) if (one.address, one.after) == (address, after))
    engine.runs = 0
    assert judge.judge(mutant).state == "survived"
    assert engine.runs == runs


# ------------------------------------------------------------------------------------------------- the command


def _run(folder: Path, *options: str) -> Any:
    (folder / "scheme.yaml").write_text(LITTER, "utf-8")
    return CliRunner().invoke(app, ["mutate", str(folder), *options])


def test_the_command_lists_survivors_with_line_and_clause(tmp_path: Path) -> None:
    ran = _run(tmp_path, "--only", "measures.grade", "--no-search", "--lang", "en")
    assert ran.exit_code == 0
    assert "clause Article 4, measures.grade" in ran.stdout
    chinese = _run(tmp_path, "--only", "measures.grade", "--no-search", "--lang", "zh")
    assert "没有算例发现" in chinese.stdout


def test_the_command_fails_under_a_percentage(tmp_path: Path) -> None:
    assert _run(tmp_path, "--only", "measures.mean", "--no-search", "--fail-under", "95").exit_code == 1
    assert "CR1080" in _run(tmp_path, "--only", "measures.grad", "--lang", "en").output
    assert "measures.grade" in _run(tmp_path, "--only", "measures.grad", "--lang", "en").output
    assert "CR1060" in _run(tmp_path, "--fail-under", "101").output


OWN_CASES = """\
# Ours, and worked by hand.
cityrules-cases: 1
scheme: .
cases:
  a_light_one:  # one of five
    given:
      targets: {street: [East]}
      finding: [{street: East, found_on: 2024-03-04, size: small, days: 1, late: false}]
    expect: {lost: {East 2024-03: 99.5}}
"""


def test_the_command_writes_what_it_proposes_behind_the_cases_of_a_file(tmp_path: Path) -> None:
    out = tmp_path / "cases.yaml"
    out.write_text(OWN_CASES, "utf-8")
    asked = ("--only", "measures.lost.rules.grave.when", "--lang", "en", "--out", str(out))
    ran = _run(tmp_path, *asked)
    text = out.read_text("utf-8")
    assert text.startswith(OWN_CASES)
    assert "  # line 27, clause Article 3, measures.lost.rules.grave.when; comparison: `" in text
    added = text.count("status: proposed")
    assert added > 0
    assert f"cases.yaml: proposed cases: {added}\n" in ran.stdout
    # What waits is not proposed again: it is told beside the mutants that it notices.
    again = _run(tmp_path, *asked)
    assert out.read_text("utf-8") == text
    assert "the proposed case `notices_grave_when_1` notices it, too" in again.stdout
    out.write_text(text.replace("    status: proposed\n", ""), "utf-8")
    suite = open_suite(out)
    assert [result.found for result in run_all(suite)] == [()] * (1 + added)
    assert cr.load(tmp_path).mutate(out, only="measures.lost.rules.grave.when").survivors == ()


def test_the_command_writes_a_new_file_in_the_words_of_the_scheme(tmp_path: Path) -> None:
    turned = convert(Source("scheme.yaml", MOVED), "zh", Report(), (Document,))
    (tmp_path / "scheme.yaml").write_text(turned or "", "utf-8")
    out = tmp_path / "more" / "moved.yaml"
    out.parent.mkdir()
    options = ("--only", "measures.score.rules.of_time", "--lang", "zh", "--out", str(out))
    assert CliRunner().invoke(app, ["mutate", str(tmp_path), *options]).exit_code == 0
    text = out.read_text("utf-8")
    assert text.startswith('算例集: 1\n办法: ".."\n各算例:\n  # 第 18 行，条款 1，measures.score.rules.of_time；漏写：')
    assert "计分明细:" in text
    assert open_suite(out).found == ()


def test_a_file_to_which_nothing_can_be_written_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "cases.yaml"
    assert "CR1068" in _run(tmp_path, "--no-search", "--out", str(out), "--lang", "en").output
    assert not out.exists()
    out.write_text("name: other\n", "utf-8")
    assert "CR1090" in _run(tmp_path, "--out", str(out), "--lang", "en").output


def test_the_command_gives_plain_data(tmp_path: Path) -> None:
    ran = _run(tmp_path, "--only", "measures.lost.floor", "--no-search", "--format", "json")
    said = json.loads(ran.stdout)
    assert said["scheme"] == "litter"
    assert {one["state"] for one in said["mutants"]} <= {"survived", "killed", "refused", "equivalent", "untold"}
    assert all(one["clause"] == "Article 3" for one in said["mutants"])


WHERE_IT_APPLIES = """\
cityrules: 1
scheme: closed
title: Closed squares are not assessed
clause: Article 1
in_force: {from: 2024-01-01}
targets:
  square: {members: registered, fields: {size: "number(0) [0, 9]"}}
records:
  visit: {dated: made_on, key: [no], fields: {no: text, square: square, made_on: date}}
measures:
  visits: {for: square each month, count: visit, applies: size >= 3, clause: Article 2}
examples:
  large:
    given: {targets: {square: [{name: North, size: 5}]}, visit: [{square: North, made_on: 2024-03-01}]}
    expect: {visits: {North 2024-03: 1}}
"""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_mutant_that_applies_elsewhere_is_noticed_by_that_there_is_no_cell(
    language: Language,
) -> None:
    """That a measure has no cell could not be expected, so that no case noticed where it applies."""
    text = WHERE_IT_APPLIES
    if language == "zh":
        turned = convert(Source("scheme.yaml", text), "zh", Report())
        assert turned is not None
        text = turned
    scheme = _scheme(text)
    found = scheme.mutate(only="measures.visits.applies")
    word = "无此单元" if language == "zh" else "no cell"
    assert any(word in case_text(one.judged.case, language) for one in found.proposed if one.judged.case is not None)
    assert all(one.judged.case is not None or one.judged.by for one in found.survivors)
    for one in found.proposed:
        assert one.judged.case is not None
        case = read_case(one.judged.case, scheme.written)
        assert case is not None
        judge = Judge(scheme.written, scheme.plan, PythonEngine(), (case,), {}, search=False)
        assert judge.judge(one.judged.mutant).state == "killed"
