"""Explanations of deadlines in both languages, of the shipped gallery scheme."""

from __future__ import annotations

import datetime as dt

import pytest

import cityrules as cr
from cityrules.loaded import specs_folder
from cityrules.results.why import Explainer
from cityrules.text.diagnostic import Language

FINDING = {"squad": "A", "found_on": "2024-02-07", "told_on": "2024-02-07", "reported_on": "2024-02-19"}
EN = [
    "in_time.late · finding b = true (clause 2)",
    "limit: done after it was due",
    "in_time.due · finding b = 2024-02-18 (clause 2)",
    "limit, the first day does not count",
    "in_time.started · finding b = 2024-02-07 (clause 2)",
    "it starts with told_on",
    "told_on = 2024-02-07",
]
ZH = [
    "in_time.late · finding b = true（依据：2）",
    "期限 limit：办结时已逾期",
    "in_time.due · finding b = 2024-02-18（依据：2）",
    "期限 limit，开始当日不计入",
    "in_time.started · finding b = 2024-02-07（依据：2）",
    "起算：told_on",
    "told_on = 2024-02-07",
]


@pytest.fixture(scope="module")
def explainer() -> Explainer:
    scheme = cr.load(specs_folder() / "gallery" / "deadlines", examples=False)
    findings = [
        {"no": "b", **FINDING, "cleared_on": "2024-02-19"},
        {"no": "c", **FINDING, "told_on": ""},
        {"no": "d", **FINDING},
    ]
    calls = [{"no": "a", "squad": "A", "called_at": "2024-02-19 17:30"}]
    as_of = dt.datetime(2024, 2, 20)
    result = scheme.assess(
        {"finding": findings, "call": calls}, targets={"squad": [{"name": "A"}]}, period="2024-02", as_of=as_of
    )
    return Explainer(scheme.plan, result.tables, result.outcome.facts)


@pytest.mark.parametrize(("language", "wanted"), [("en", EN), ("zh", ZH)])
def test_why_something_was_late(explainer: Explainer, language: Language, wanted: list[str]) -> None:
    told = explainer.record("finding", "b", "in_time.late", depth=9).render(language)
    lines = [line.lstrip(" │├└─") for line in told.splitlines()]
    start = lines.index(wanted[0])
    assert lines[start : start + len(wanted)] == wanted


@pytest.mark.parametrize(
    ("kind", "record", "measure", "en", "zh"),
    [
        ("finding", "c", "in_time.late", "nothing to count from; in time, as stated", "无从起算；按规定视为按期"),
        ("finding", "d", "in_time.late", "not done, and past due", "未办结，已逾期"),
        ("call", "a", "answer.late", "not done, and not yet due", "未办结，尚未到期"),
        ("call", "a", "answer.due", "8 hours, on the clock office", "期限 8 hours，按时钟 office"),
        ("call", "a", "answer.clock_due", "seconds of the clock office after 8", "时钟 office 走过 8 hours 后的秒数"),
        ("finding", "b", "checked.due", "moves to the next working day", "最后一日休假的顺延至下一工作日"),
    ],
)  # fmt: skip
def test_each_outcome_has_its_sentence(
    explainer: Explainer, kind: str, record: str, measure: str, en: str, zh: str
) -> None:
    told = explainer.record(kind, record, measure, depth=9)
    assert en in told.render("en")
    assert zh in told.render("zh")


def test_a_table_read_by_a_limit_and_its_extension_is_told_once_and_by_name() -> None:
    """Found as a line without a text: the extension's own places were looked for in the text of the limit."""
    scheme = cr.load("garbage-clearance", examples=False)
    row = {"no": "a", "street": "甲", "place": "p", "source": "日常检查", "found_on": "2024-03-04", "on_road": "false"}
    row |= {"newly": "true", "volume": "4", "notified_on": "2024-03-04", "in_writing": "true", "notices": "1"}
    as_of = dt.datetime(2024, 4, 1)
    given = {"finding": [row], "exposure": [], "remark": []}
    result = scheme.assess(given, targets={"street": [{"name": "甲"}]}, period="2024-03", as_of=as_of)
    explainer = Explainer(scheme.plan, result.tables, result.outcome.facts)
    told = explainer.record("finding", "a", "in_time.due", depth=9).render("en")
    assert told.count("(table") == 1
    assert "allowance(size).limit = 3" in told


def test_pauses_that_are_records_say_whose_they_are() -> None:
    scheme = cr.load(specs_folder() / "gallery" / "rain-stops", examples=False)
    job = {"no": "a", "street": "East", "told_on": "2024-03-01", "rung_at": "2024-03-01 10:00"}
    rain = {"no": "r", "warned_on": "2024-03-04", "starts_on": "2024-03-05", "ends_on": "2024-03-07"}
    as_of = dt.datetime(2024, 4, 1)
    result = scheme.assess(
        {"job": [job], "rain": [rain], "closure": []}, targets={"street": [{"name": "East"}]}, period="2024-03",
        as_of=as_of,
    )  # fmt: skip
    explainer = Explainer(scheme.plan, result.tables, result.outcome.facts)
    told = explainer.record("job", "a", "swept.due", depth=9).render("en")
    assert "swept.paused · job a = 2 (clause 2)" in told
    assert "how much of the time stood still, by each rain, what overlaps counted once" in told
    zh = explainer.record("job", "a", "answered.paused", depth=9).render("zh")
    assert "中止的时间：按每条 closure（street 相同），重叠部分只计一次" in zh
