"""Units of time of a document's own, and times counted back: both engines against days and minutes walked."""

from __future__ import annotations

import datetime as dt

import pytest

import cityrules as cr
from cityrules.loaded import EngineName
from cityrules.text.diagnostic import Language

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
OFF = {dt.date(2024, 2, 9) + n * DAY for n in range(9)}
WORKED = {dt.date(2024, 2, 4), dt.date(2024, 2, 18)}
HEAD = """
cityrules: 1
scheme: units
title: Units
clause: 1
in_force: {from: 2024-01-01}
calendar:
  days: stated
  years:
    2023: {}
    2024: {off: 2024-02-09..2024-02-17, working: [2024-02-04, 2024-02-18]}
  start_day: excluded
  last_day_off: next working day
  day_before: DAY_BEFORE
  day_before_off: DAY_OFF
  clocks:
    office: {runs: working days, hours: [09:00..12:00, 14:00..18:00]}
    round: {runs: every day, hours: ['00:00..24:00']}
  units:
    office_hours: {length: 1 hour, clock: office}
    urgent_hours: {length: 1 hour, clock: round}
    urgent_days: {length: 2 days, last_day_off: stays}
    turns: {length: 2 working days, start_day: included}
parameters:
  few: {value: 5, unit: urgent_hours}
targets:
  squad: {members: registered}
records:
  finding: {dated: found_on, key: [no], fields: {no: count, squad: squad, found_on: date, at: datetime}}
measures:
"""
MEASURES = """\
  working: {for: finding, deadline: 3 working days, before: found_on, done: found_on}
  days: {for: finding, deadline: 5 days, before: found_on, done: found_on}
  months: {for: finding, deadline: 1 month, before: found_on, done: found_on}
  office: {for: finding, deadline: 9 office_hours, before: at, done: at}
  turns: {for: finding, deadline: 2 turns, starts: found_on, done: found_on}
  plain_turns: {for: finding, deadline: 4 working days, starts: found_on - duration("P1D"), done: found_on}
  urgent: {for: finding, deadline: few, starts: at, done: at}
  urgent_days: {for: finding, deadline: 3 urgent_days, starts: found_on, done: found_on}
"""
DAYS = [dt.date(2024, 1, 31) + n * DAY for n in range(32)]
HOURS = ((0, 0), (9, 0), (11, 0), (12, 30), (18, 0), (23, 59))


def works(day: dt.date) -> bool:
    return day in WORKED or (day.isoweekday() <= 5 and day not in OFF)


def open_at(moment: dt.datetime) -> bool:
    minute = moment.hour * 60 + moment.minute
    return works(moment.date()) and (540 <= minute < 720 or 840 <= minute < 1080)


def back(day: dt.date, unit: str, late: bool, previous: bool) -> dt.date:
    """The last day in time, walked back a day at a time."""
    if unit == "working":
        left = 3
        while left:
            day -= DAY
            left -= works(day)
        return day - DAY if late else day
    if unit == "days":
        day -= 5 * DAY
    else:
        first = day.replace(day=1) - DAY
        day = first.replace(day=min(day.day, first.day))
    day = day - DAY if late else day
    while previous and not works(day):
        day -= DAY
    return day


def back_on_the_clock(moment: dt.datetime, minutes: int) -> dt.datetime:
    while minutes:
        moment -= MINUTE
        minutes -= open_at(moment)
    return moment


def assessed(engine: EngineName, late: bool, previous: bool) -> dict[tuple[str, int], str]:
    head = HEAD.replace("DAY_BEFORE", "late" if late else "in time")
    head = head.replace("DAY_OFF", "previous working day" if previous else "stays")
    rows = [
        {"no": no, "squad": "A", "found_on": day, "at": dt.datetime.combine(day, dt.time(*HOURS[no % len(HOURS)]))}
        for no, day in enumerate(DAYS)
    ]
    year = cr.loads(head + MEASURES).assess(
        {"finding": rows},
        targets={"squad": [{"name": "A"}]},
        period="2024",
        as_of=dt.datetime(2024, 4, 1),
        engine=engine,
    )
    return {(str(row["measure"]), int(str(row["record"]))): str(row["value"]) for row in year.rows("record_values")}


@pytest.mark.parametrize("engine", ["python", "duckdb"])
@pytest.mark.parametrize(("late", "previous"), [(False, False), (False, True), (True, False), (True, True)])
def test_days_before(engine: EngineName, late: bool, previous: bool) -> None:
    found = assessed(engine, late, previous)
    for no, day in enumerate(DAYS):
        for unit in ("working", "days", "months"):
            assert found[f"{unit}.due", no] == str(back(day, unit, late, previous)), (unit, day)
        moment = dt.datetime.combine(day, dt.time(*HOURS[no % len(HOURS)]))
        assert found["office.due", no] == back_on_the_clock(moment, 9 * 60).isoformat(), moment
        assert found["urgent.due", no] == (moment + 5 * 60 * MINUTE).isoformat()
        assert found["turns.due", no] == found["plain_turns.due", no]
        assert found["urgent_days.due", no] == str(day + 6 * DAY)


@pytest.mark.parametrize(
    ("language", "measure", "said"),
    [
        ("en", "urgent.due", "few, one urgent_hours being 1 hour, on the clock round"),
        ("zh", "urgent.due", "期限 few，一个urgent_hours为 1 hour，按时钟 round"),
        ("en", "working.due", "3 working days, a day so long before is too late"),
        ("zh", "working.due", "期限 3 working days，推到的当日已逾期"),
        ("en", "days.due", "5 days, a day so long before is too late, a last day that is off moves to the previous"),
        ("en", "days.started", "counted back from found_on"),
        ("zh", "days.started", "倒推自：found_on"),
    ],
)  # fmt: skip
def test_why_says_the_unit_and_what_it_is_counted_back_from(language: Language, measure: str, said: str) -> None:
    head = HEAD.replace("DAY_BEFORE", "late").replace("DAY_OFF", "previous working day")
    rows = [{"no": 1, "squad": "A", "found_on": "2024-02-20", "at": "2024-02-20T11:00:00"}]
    year = cr.loads(head + MEASURES).assess(
        {"finding": rows}, targets={"squad": [{"name": "A"}]}, period="2024", as_of=dt.datetime(2024, 4, 1)
    )
    assert said in year.why("1", measure=measure).render(language)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("deadline: 4 office_hours, starts: at, clock: round", "CR812"),
        ("deadline: 4 office_hours, starts: at, extended_by: 1, at_most: 2 hours", "CR464"),
        ("deadline: 4 office_hours, starts: found_on", "CR811"),
        ("deadline: 4 office_hours", "CR323"),
        ("deadline: 4 days, starts: found_on, before: found_on", "CR324"),
        ("deadline: 4 days, before: found_on, extended_by: 1", "CR324"),
        ("deadline: by day 5 of month, before: found_on", "CR324"),
    ],
)
def test_what_does_not_go_together(body: str, code: str) -> None:
    head = HEAD.replace("DAY_BEFORE", "late").replace("DAY_OFF", "stays")
    with pytest.raises(cr.SchemeError) as raised:
        cr.loads(f"{head}  x: {{for: finding, {body}, done: found_on}}\n")
    assert code in [one.code for one in raised.value.diagnostics]


@pytest.mark.parametrize(
    ("unit", "code"),
    [
        ("{length: 1 day, clock: office}", "CR812"),
        ("{length: 1 hour, clock: none}", "CR812"),
        ("{length: 1 hour, clock: office, start_day: included}", "CR324"),
        ("{length: 1 working day, last_day_off: stays}", "CR324"),
        ("{length: 3}", "CR804"),
        ("{length: 2 turns}", "CR804"),
    ],
)
def test_units_that_say_too_much_or_nothing(unit: str, code: str) -> None:
    head = HEAD.replace("DAY_BEFORE", "late").replace("DAY_OFF", "stays")
    head = head.replace("  units:\n", f"  units:\n    mine: {unit}\n")
    with pytest.raises(cr.SchemeError) as raised:
        cr.loads(head + MEASURES)
    assert [one.code for one in raised.value.diagnostics] == [code]


def test_in_chinese_keywords() -> None:
    text = """
规则语言: 1
办法: 工时
标题: 工时
条款: 1
施行: {自: 2024-01-01}
日历:
  工作日: 国家
  倒推当日: 按期
  时钟:
    班时: {走时: 工作日, 时段: ['09:00..12:00', '14:00..18:00']}
  时间单位:
    工作时: {折合: 1 小时, 用时钟: 班时}
考核对象: {中队: {成员: 登记}}
记录:
  案件: {时间字段: 立案日, 主键: [编号], 字段: {编号: 文本, 中队: 中队, 立案日: 日期, 时刻: 日期时间}}
指标:
  答复: {粒度: 案件, 期限: 4 工作时, 起算: 时刻, 办结: 时刻}
  预告: {粒度: 案件, 期限: 3 个工作日, 倒推自: 立案日, 办结: 立案日}
"""
    scheme = cr.loads(text)
    assert scheme.plan.measures["答复.due"].limit == "4 工作时"
    with pytest.raises(cr.SchemeError) as raised:
        cr.loads(text.replace("4 工作时", "4 紧急工作时"))
    assert [one.code for one in raised.value.diagnostics] == ["CR1000"]
