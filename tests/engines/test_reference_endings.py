"""Worked examples of acts that are lifted: by which record, on which day, and what is unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from engines.handmade import ALONE, CITY, Results, assess, finding
from engines.test_reference_acts import TARGETS, marks


def lifted(
    act: str, days: Sequence[object], *, got: object = 1, more: str = "", as_of: dt.datetime | None = None
) -> Results:
    """`a` is banned on the last day of January; each day of `days` (with its points) is a finding at `a`."""
    body = f"""{ALONE}
measures:
  got: {{for: squad each month, formula: bonus, missing: error}}
{more}
consequences:
  ban: {{for: squad each month, when: got < 5, do: ban, kind: listing, {act}}}
"""
    rows = [
        one if isinstance(one, dict) else finding(number, "a", *([one] if isinstance(one, str) else one))
        for number, one in enumerate(days)
    ]
    question = {} if as_of is None else {"as_of": as_of}
    return assess(body, span="2015-01..2015-03", targets=TARGETS, extra=marks(a=[got, 9, 9], b=[9, 9, 9], c=[9, 9, 9]),
                  finding=rows, **question)  # type: ignore[arg-type]  # fmt: skip


def told(found: Results) -> list[tuple[str | None, ...]]:
    rows = found.tables["consequences"]
    return [
        tuple(None if row[name] is None else str(row[name]) for name in ("starts", "until", "ended_by")) for row in rows
    ]


FIRST = "2015-01-31"


@pytest.mark.parametrize(
    ("act", "days", "expected"),
    [
        ("ends: {over: finding}", [], (FIRST, None, None)),
        # What lay before does not count, what lies on the first day does: there is no day of effect then.
        ("ends: {over: finding}", ["2015-01-30"], (FIRST, None, None)),
        ("ends: {over: finding}", ["2015-01-30", FIRST], (FIRST, FIRST, "1")),
        ("ends: {over: finding}", ["2015-03-09", "2015-02-03", "2015-02-04"], (FIRST, "2015-02-03", "1")),
        # Of one day the least key, in binary order.
        ("ends: {over: finding}", ["2015-03-09", *["2015-02-03"] * 10], (FIRST, "2015-02-03", "1")),
        # The fixed end holds where it comes first, or on the same day.
        ("ends: {over: finding}, lasts: 10 days", ["2015-02-09"], (FIRST, "2015-02-09", "0")),
        ("ends: {over: finding}, lasts: 10 days", ["2015-02-10"], (FIRST, "2015-02-10", None)),
        ("ends: {over: finding}, lasts: 10 days", ["2015-02-11"], (FIRST, "2015-02-10", None)),
        ("ends: {over: finding, where: points > 2}", [("2015-02-03", "2.0"), ("2015-02-05", "2.1")],
         (FIRST, "2015-02-05", "1")),
        ("ends: {over: finding}, starts: month.start", ["2015-01-01"], ("2015-01-01", "2015-01-01", "0")),
        ("ends: {over: finding}, starts: quarter.last_day", ["2015-02-03"], ("2015-03-31", None, None)),
    ],
)  # fmt: skip
def test_the_first_record_from_its_first_day_on_lifts_an_act(
    act: str, days: Sequence[object], expected: tuple[str | None, ...]
) -> None:
    assert told(lifted(act, days)) == [expected]


def test_records_of_others_lift_nothing() -> None:
    found = lifted("ends: {over: finding}", [finding(1, "b", "2015-02-03")])
    assert told(found) == [(FIRST, None, None)]


def test_what_is_not_known_yet_lifts_nothing() -> None:
    days = ["2015-02-03"]
    assert told(lifted("ends: {over: finding}", days, as_of=dt.datetime(2015, 2, 2, 23, 59))) == [(FIRST, None, None)]
    assert told(lifted("ends: {over: finding}", days, as_of=dt.datetime(2015, 2, 3))) == [(FIRST, "2015-02-03", "0")]


SEEN = "ends: {over: finding, where: seen > 0}"
DOUBTFUL = """  seen: {for: finding, formula: n, missing: error}
  big: {for: finding, applies: points > 1, formula: points}"""


@pytest.mark.parametrize(
    ("act", "days", "expected"),
    [
        # Of the finding of the third it is not known; what is sure and not later makes it of no account.
        (SEEN, [("2015-02-04", 1, 1), ("2015-02-03", 1, None)], None),
        (SEEN, [("2015-02-03", 1, 1), ("2015-02-04", 1, None)], ("2015-02-03", "0")),
        (SEEN, [("2015-02-03", 1, 1), ("2015-02-03", 1, None)], ("2015-02-03", "0")),
        (f"{SEEN}, lasts: 2 days", [("2015-02-01", 1, None)], None),
        (f"{SEEN}, lasts: 2 days", [("2015-02-02", 1, None)], ("2015-02-02", None)),
        (SEEN, [("2015-01-30", 1, None)], (None, None)),
        # Where a measure of the record has no cell, the record is passed over.
        ("ends: {over: finding, where: big < 3}", [("2015-02-03", 1, None), ("2015-02-05", 2, None)],
         ("2015-02-05", "1")),
        ("ends: {over: finding, where: 'default(n, 0) = 0'}", [("2015-02-03", 1, None)], ("2015-02-03", "0")),
        # Every name is the record's own: its squad is in the same bureau, its month is its own.
        ("ends: {over: finding, where: month.number = 3}", ["2015-02-03", "2015-03-05"], ("2015-03-05", "1")),
        ("ends: {over: finding, where: got = 9 and squad = \"a\"}", [FIRST, "2015-02-05"], ("2015-02-05", "1")),
    ],
)  # fmt: skip
def test_what_lifts_is_asked_of_the_record_alone(
    act: str, days: Sequence[object], expected: tuple[str | None, str | None] | None
) -> None:
    rows = [
        one if isinstance(one, str) else finding(number, "a", one[0], one[1], n=one[2])  # type: ignore[index]
        for number, one in enumerate(days)
    ]
    found = lifted(act, rows, more=DOUBTFUL)
    if expected is None:
        assert not found.tables["consequences"]
        assert found.problems("ban") == {"a 2015-01": "depends: finding"}
    else:
        assert [row[1:] for row in told(found)] == [expected]


def test_a_lifted_act_is_in_force_no_more() -> None:
    ask = """  barred: {for: finding, formula: "in_force(ban, held)"}
  months: {for: bureau each month, count: ban, standing: {from: starts, until: until}}
  by: {for: squad each quarter, count: ban, where: ended_by != null}"""
    found = lifted(
        "ends: {over: finding, where: points > 1}", ["2015-02-02", ("2015-02-03", 2), "2015-02-04"], more=ask
    )
    assert found.values("barred") == {"0": "true", "1": "false", "2": "false"}
    assert {cell: value for cell, value in found.values("months").items() if value != "0"} == {
        "A 2015-01": "1", "A 2015-02": "1",
    }  # fmt: skip
    assert found.values("by") == {"a 2015-Q1": "1", "b 2015-Q1": "0", "c 2015-Q1": "0"}


def test_what_followed_can_lift_and_steps_say_by_what() -> None:
    body = f"""{ALONE}
measures:
  got: {{for: squad each month, formula: bonus, missing: 0}}
  row: {{for: squad each month, run: got < 5, new_year: continues}}
  good: {{for: squad each month, run: got >= 5, new_year: continues}}
consequences:
  cleared: {{for: squad each month, when: good >= 2, do: off the list, kind: listing}}
  pardon: {{for: finding, when: points > 5, do: pardon, kind: award}}
  listed:
    for: squad each month
    ladder: row
    restarts: no
    together: all
    kind: listing
    ends: {{over: cleared}}
    steps:
      once: {{reaches: 1, do: listed}}
      twice: {{at_least: 2, do: barred, ends: {{over: pardon}}, lasts: 1 month}}
"""
    rows = marks(a=[1, 1, 9, 9, 1], b=[1, 9, 1, 1, 9], c=[9, 9, 9, 9, 9])
    given = [finding(1, "a", "2015-02-28", 9), finding(2, "b", "2015-05-01", 5), finding(3, "b", "2015-05-02", 6)]
    found = assess(body, span="2015-01..2015-05", targets=TARGETS, extra=rows, finding=given)
    shown = [[row[name] if name == "target" else None if row[name] is None else str(row[name])
              for name in ("target", "step", "starts", "until", "ended_by")]
             for row in found.tables["consequences"] if row["consequence"] == "listed"]  # fmt: skip
    assert shown == [
        ["a", "once", "2015-01-31", "2015-04-30", "a / 2015-04"],
        ["a", "twice", "2015-02-28", "2015-02-28", "1"],
        ["a", "once", "2015-05-31", None, None],
        ["b", "once", "2015-01-31", None, None],
        ["b", "once", "2015-03-31", None, None],
        ["b", "twice", "2015-04-30", "2015-05-02", "3"],
    ]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ("{over: finding, via: squad}", ("2015-02-05", "2")),
        ("{over: finding, via: helper}", ("2015-02-04", "1")),
        ("{over: finding, via: whose}", ("2015-02-04", "1")),
        ("{over: finding, via: squad, dated: until}", ("2015-02-03", "3")),
    ],
)
def test_which_field_leads_to_the_target_and_which_day_counts(ends: str, expected: tuple[str, str]) -> None:
    city = CITY.replace("      held: date", "      held: date\n      until: optional date")
    body = f"""{city}
measures:
  whose: {{for: finding, formula: helper, missing: null}}
consequences:
  ban: {{for: squad each month, when: bonus < 5, missing: no, do: ban, kind: listing, ends: {ends}}}
"""
    rows = [
        finding(1, "b", "2015-02-04", helper="a"),
        finding(2, "a", "2015-02-05", helper="b", until="2015-12-31"),
        finding(3, "a", "2015-02-06", until="2015-02-03"),
        finding(4, "a", "2015-02-07", until="2015-01-30"),
    ]
    found = assess(body, span="2015-01..2015-03", targets=TARGETS, extra=marks(a=[1, 9, 9], b=[9, 9, 9], c=[9, 9, 9]),
                   finding=rows, as_of=dt.datetime(2015, 6, 1))  # fmt: skip
    assert [row[1:] for row in told(found)] == [expected]


def test_what_befalls_the_whole_is_lifted_by_any_record() -> None:
    body = f"""{ALONE}
consequences:
  alarm: {{for: whole each month, when: month.number < 3, do: alarm, kind: circular, ends: {{over: finding}}}}
"""
    rows = [finding(1, "a", "2015-02-01"), finding(2, "b", "2015-02-28")]
    found = assess(body, span="2015-01..2015-03", targets=TARGETS, finding=rows)
    assert told(found) == [(FIRST, "2015-02-01", "1"), ("2015-02-28", "2015-02-28", "2")]


def test_a_sure_step_lifts_though_another_is_undecided_in_its_cell() -> None:
    """The engines differed: to the reference no step of such a cell was sure."""
    body = f"""{ALONE}
measures:
  one: {{for: squad each month, formula: 1}}
consequences:
  warned:
    for: squad each month
    ladder: one
    together: all
    kind: talk
    steps:
      sure: {{at_least: 1, do: talk}}
      open: {{when: bonus > 5, fires: each period, missing: undecided, do: talk}}
  ban:
    for: squad each month
    when: month.number = 1
    do: ban
    kind: listing
    ends: {{over: warned, where: step = "%s"}}
"""
    given = {"span": "2015-01..2015-03", "targets": {**TARGETS, "squad": TARGETS["squad"][:1]}, "extra": marks(a=[1])}
    sure = assess(body % "sure", **given)  # type: ignore[arg-type]
    assert [row for row in told(sure) if row[0]] == [(FIRST, FIRST, "a / 2015-01 / sure")]
    # In January the mark of 1 decides that the open step does not follow; of February on it is not known.
    unsure = assess(body % "open", **given)  # type: ignore[arg-type]
    assert not [row for row in told(unsure) if row[0]]
    assert unsure.problems("ban") == {"a 2015-01": "depends: warned"}


def test_what_lifts_matters_only_where_something_follows() -> None:
    """Of a ladder one step is then undecided, and the others are not."""
    body = f"""{ALONE}
measures:
  seen: {{for: finding, formula: n, missing: error}}
  row: {{for: squad each month, run: bonus < 5, new_year: continues, missing: breaks}}
consequences:
  listed:
    for: squad each month
    ladder: row
    restarts: after once
    surplus: dropped
    together: all
    kind: listing
    do: listed
    lasts: 40 days
    steps:
      once: {{reaches: 1, ends: {{over: finding, where: seen > 0}}}}
      twice: {{reaches: 2}}
      fined: {{at_least: 2, between: ['default(bonus, 0)', 2], decided_by: [organ]}}
"""
    rows = marks(a=[1, 1, 3, 9], b=[9, 9, 9, 9], c=[1, 9, 9, 9])
    given = [finding(1, "a", "2015-02-03", n=None), finding(2, "c", "2015-02-03", n=1), finding(3, "b", FIRST, n=None)]
    found = assess(body, span="2015-01..2015-04", targets=TARGETS, extra=rows, finding=given)
    assert found.problems("listed") == {"a 2015-01": "depends: finding", "a 2015-03": "crossed: listed"}
    shown = [(str(row["period"]), row["step"], str(row["until"])) for row in found.tables["consequences"]]
    # What is undecided starts nothing anew: in February the count is 2.
    assert shown == [
        ("2015-02", "fined", "2015-04-09"),
        ("2015-02", "twice", "2015-04-09"),
        ("2015-01", "once", "2015-02-03"),
    ]


def test_what_refers_to_a_record_reaches_by_it_and_can_have_its_date() -> None:
    city = ALONE.replace(
        "records:", "records:\n  order: {dated: given, key: [no], fields: {no: text, finding: finding, given: date}}"
    )
    body = f"""{city}
consequences:
  ban: {{for: squad each month, when: month.number = 1, do: ban, kind: listing, ends: {{over: order%s}}}}
"""
    given = [finding(1, "a", "2015-02-03"), finding(2, "a", "2015-02-05")]
    orders = [{"no": "x", "finding": "2", "given": "2015-03-01"}, {"no": "y", "finding": "1", "given": "2015-03-02"}]
    more = {"span": "2015-Q1", "targets": {**TARGETS, "squad": TARGETS["squad"][:1]}, "finding": given, "order": orders}
    assert told(assess(body % "", **more)) == [(FIRST, "2015-03-01", "x")]  # type: ignore[arg-type]
    by_finding = assess(body % ", via: finding.squad, dated: finding.held", **more)  # type: ignore[arg-type]
    assert told(by_finding) == [(FIRST, "2015-02-03", "y")]
