"""A document says the same in either language, and its text comes back from the other one as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cityrules.loaded import SchemeError, check, loads
from cityrules.plan.build import build
from cityrules.scheme.convert import convert
from cityrules.scheme.document import ItemLedgerBody, LedgerBody
from cityrules.scheme.load import read_document
from cityrules.testing.random_schemes.scheme import make_scheme
from cityrules.text.diagnostic import Language, Report
from cityrules.text.show import show
from cityrules.text.source import Source
from cityrules.text.vocabulary import vocabulary
from scheme.good_document import GOOD

ROOT = Path(__file__).parents[2]
SPECS = sorted((ROOT / "specs").rglob("scheme.yaml"))


def into(text: str, to: Language) -> str:
    report = Report()
    made = convert(Source("scheme.yaml", text), to, report)
    assert made is not None, "\n".join(show(found) for found in report)
    return made


def there_and_back(text: str) -> str:
    """The text in Chinese keywords, after what holds for every conversion."""
    chinese = into(text, "zh")
    assert into(chinese, "zh") == chinese
    english = into(chinese, "en")
    assert into(english, "en") == english
    assert into(english, "zh") == chinese
    return chinese


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parent.name)
def test_every_shipped_scheme_says_the_same_in_either_language(path: Path) -> None:
    text = path.read_text("utf-8")
    chinese = there_and_back(text)
    one, other = (loads(said, folder=path.parent, examples=False) for said in (into(chinese, "en"), chinese))
    assert (one.language, other.language) == ("en", "zh")
    assert one.document == other.document
    if "\n规则语言:" not in text:
        assert into(chinese, "en") == text


def test_every_form_of_the_sample_document_comes_back() -> None:
    assert into(there_and_back(GOOD), "en") == GOOD


@settings(max_examples=10)
@given(st.integers(0, 10**9))
@example(3794)  # two measures with one `standing`, which was written as a copy of the other
def test_random_schemes_say_the_same_in_either_language(seed: int) -> None:
    scheme = make_scheme(seed)
    chinese = there_and_back(scheme.text)
    report = Report()
    loaded = read_document(Source("scheme.yaml", chinese), report)
    assert loaded is not None, chinese
    plan = build(loaded, report)
    assert plan is not None
    assert plan.measures.keys() == scheme.plan.measures.keys()
    original = read_document(Source("scheme.yaml", scheme.text), Report())
    assert original is not None
    assert loaded.document == original.document


HEAD = """规则语言: 1
办法: a
标题: 甲
施行: {自: 2024-01-01}
条款: 一
考核对象:
  街道: {成员: 登记, 字段: {商铺: 计数, 日数: 计数}}
"""


def test_places_are_those_of_the_written_words() -> None:
    text = HEAD + "指标:\n  甲: {粒度: 街道 每 月, 公式: 若 商铺 > 0 且 商埔 > 1 则 1 否则 0}\n"
    _, found = check_text(text)
    assert [(each.code, each.at.text) for each in found if each.at] == [("CR250", "商埔")]


def check_text(text: str) -> tuple[object, tuple[object, ...]]:
    import cityrules.loaded as loaded

    try:
        return loads(text), ()
    except loaded.SchemeError as problem:
        return None, problem.diagnostics


def test_a_field_named_like_a_property_stays_a_field() -> None:
    text = HEAD + "指标:\n  甲: {粒度: 街道 每 月, 公式: 日数 + 月.末日.日}\n"
    assert loads(text).document.measures["甲"].formula == "日数 + month.last_day.day"


def test_comments_order_quoting_and_layout_stay() -> None:
    text = (
        "# 首\ncityrules:   1   # a\r\nscheme: a\ntitle: 'measures: and'\n\nin_force: {  \"from\": unstated }\n"
        "targets:\n    street:   {members: registered}   # each month\nmeasures:\n  m:\n    formula: >-\n"
        "      if month.number > 3\n\n      then 1 else\n      2\n    for: 'street each month'\n"
    ).replace("\r\n", "\n")
    assert into(text, "zh") == (
        "# 首\n规则语言:   1   # a\n办法: a\n标题: 'measures: and'\n\n施行: {  \"自\": 未写明 }\n"
        "考核对象:\n    street:   {成员: 登记}   # each month\n指标:\n  m:\n    公式: >-\n"
        "      若 月.序号 > 3\n\n      则 1 否则\n      2\n    粒度: 'street 每 月'\n"
    )
    assert into(into(text, "zh"), "en") == text


@pytest.mark.parametrize(
    "given_there",
    [
        "月: {粒度: 街道 每 月, 公式: 1}",  # the name of a period
        "与: {粒度: 街道 每 月, 公式: 1}",
        "甲: {粒度: 街道 每 月, 公式: 1 and 2}",
        "甲: {粒度: 街道 each month, 公式: 1}",
        "甲: {for: 街道 每 月, 公式: 1}",
    ],
)
def test_words_of_two_languages_are_refused(given_there: str) -> None:
    _, found = check_text(f"{HEAD}指标:\n  {given_there}\n")
    assert {"CR176", "CR177"} & {each.code for each in found}


def test_an_english_document_with_a_chinese_key_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text("cityrules: 1\nscheme: a\ntitle: a\nin_force: {自: unstated}\n", "utf-8")
    scheme, found = check(path)
    assert scheme is None
    assert [(each.code, each.values["suggestion"]) for each in found] == [("CR176", "from")]


@pytest.mark.parametrize(
    "window", ["last 1 month", "last 12 months", "last 30 days", "last 3 half_years", "year to date", "ever"]
)
def test_windows_come_back_as_they_are_written(window: str) -> None:
    text = f"cityrules: 1\nmeasures:\n  m: {{for: a, sum: b, window: {window}}}\n"
    assert into(into(text, "zh"), "en") == text


@pytest.mark.parametrize(("rounding", "chinese"), [("exact", "不修约"), ("half up to 2", "四舍五入 2 位")])
def test_roundings_come_back_as_they_are_written(rounding: str, chinese: str) -> None:
    """`exact` had a Chinese word in the schema and none in the document: `修约: 不修约` was refused."""
    text = f"cityrules: 1\nmeasures:\n  m: {{for: a, formula: b / 3, round: {rounding}}}\n"
    made = into(text, "zh")
    assert f"修约: {chinese}}}" in made
    assert into(made, "en") == text


@pytest.mark.parametrize(
    ("deadline", "chinese"),
    [
        ("1 working day", "1 个工作日"),
        ("3 working days", "3 个工作日"),
        ("24 hours", "24 小时"),
        ("by day 28 of next month", "不迟于 次月 28 日"),
        ("before last day of quarter", "早于 当季 末日"),
        ("limit + 1", "limit + 1"),
    ],
)
def test_deadlines_come_back_as_they_are_written(deadline: str, chinese: str) -> None:
    text = (
        f"cityrules: 1\nparameters:\n  p: {{values: {{2024-01-01: 3 working days, 2025-01-01: 1 month}}}}\n"
        f"measures:\n  m: {{for: a, deadline: {deadline}}}\n"
    )
    made = into(text, "zh")
    assert f"期限: {chinese}}}" in made
    assert "{2024-01-01: 3 个工作日, 2025-01-01: 1 个月}" in made
    assert into(made, "en") == text


def test_a_built_in_period_is_called_by_its_word_where_the_document_says_more_of_it() -> None:
    text = f"{HEAD}周期:\n  周: {{归入: 按星期四}}\n指标:\n  甲: {{粒度: 街道 每 月, 计数: 周, 条款: 一}}\n"
    english = into(text, "en")
    assert "periods:\n  week: {in: by Thursday}\n" in english
    assert into(english, "zh") == text
    _, found = check_text(text.replace("  周: {", "  week: {"))
    assert [(each.code, each.values["suggestion"]) for each in found][:1] == [("CR176", "周")]


def test_the_way_out_of_a_torn_week_is_told_in_the_words_of_the_document() -> None:
    text = f"{HEAD}指标:\n  甲: {{粒度: 街道 每 周, 公式: 1}}\n  乙: {{粒度: 街道 每 月, 求和: 甲, 遍历: 周}}\n"
    _, found = check_text(text)
    assert [each.code for each in found] == ["CR821"]
    assert "`周期: {周: {归入: 按末日}}`" in show(found[0], "zh")
    text = text.replace("指标:", "周期: {周: {归入: 按末日}}\n指标:")
    assert loads(text)


def test_a_change_names_a_built_in_period_by_its_word() -> None:
    text = f"{HEAD}算例:\n  一:\n    前提: {{周期.周.归入: 按末日, 周期: {{周: {{归入: 按首日}}}}}}\n"
    english = into(text, "en")
    assert "under: {periods.week.in: by last day, periods: {week: {in: by first day}}}\n" in english
    assert into(english, "zh") == text


def test_the_start_of_a_ledger_has_one_chinese_word() -> None:
    said = {vocabulary().key(model.__name__, "from") for model in (LedgerBody, ItemLedgerBody)}
    assert said == {"基础分"}


ROWS = """cityrules: 1
scheme: a
title: a
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered, fields: {mark: count}}}
records: {visit: {dated: date, key: [no], fields: {no: text, squad: squad, date: date, step: text}}}
measures:
  low: {for: squad each month, run: mark < 5, new_year: continues}
  deep: {for: squad each year, max: level, over: warned, where: step = "talk" and date > date("2024-01-31"), empty: 0}
  standing: {for: squad each month, count: warned, standing: {from: starts, until: until}}
  cost: {for: squad each year, from: 9, rules: {one: {each: warned, when: step = "talk", deduct: amount, times: level}}}
  visits: {for: squad each month, count: visit, where: step = "x", dated: date}
consequences:
  warned:
    for: squad each month
    ladder: low
    restarts: no
    together: highest
    steps:
      talk: {reaches: 1, do: t, kind: talk, amount: mark + 1, lasts: 3 days}
readings:
  r: {question: q, chosen: one, because: b, others: {other: {measures.deep.where: step = "talk"}}}
"""


def test_columns_of_consequences_have_words_where_their_rows_are_run_over() -> None:
    """They were English names in documents in Chinese keywords."""
    chinese = there_and_back(ROWS)
    assert into(chinese, "en") == ROWS
    for said in (
        '最大: 级别, 遍历: warned, 筛选: 档次 = "talk" 且 日期 > 日期("2024-01-31")',
        "存续: {自: 生效日, 止: 失效日}",
        '条件: 档次 = "talk", 扣分: 金额, 乘以: 级别',
        '指标.deep.筛选: 档次 = "talk"',
        # Fields of records stay what the document calls them.
        '计数: visit, 筛选: step = "x", 时间字段: date',
    ):
        assert said in chinese, chinese
    assert loads(chinese, examples=False).document == loads(ROWS, examples=False).document
    with pytest.raises(SchemeError) as wrong:
        loads(chinese.replace("档次 = ", "step = "), examples=False)
    assert [each.code for each in wrong.value.diagnostics] == ["CR176", "CR176", "CR176"]
