"""Worked examples in documents: which days they assess, what their lists say, and their words in Chinese."""

from __future__ import annotations

from pathlib import Path

from cityrules.loaded import check, loads
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.show import show

HEAD = """cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered}}
records: {finding: {dated: seen, key: [no], fields: {no: text, squad: squad, seen: date}}}
measures:
  found: {for: squad each quarter, count: finding}
consequences:
  talk: {for: squad each quarter, when: found > 1, do: talk, kind: talk}
checks:
  few: {for: squad each quarter, that: found < 2, otherwise: warn}
  visit: {for: squad, every: FREQ=MONTHLY;BYMONTHDAY=5, within: until the next, over: finding, otherwise: warn}
examples:
  one:
    given:
      targets: {squad: [A]}
      finding: [{squad: A, seen: 2024-01-05}, {squad: A, seen: 2024-02-05}]
    expect: """


def found_in(folder: Path, text: str) -> list[Diagnostic]:
    path = folder / "scheme.yaml"
    path.write_text(text, "utf-8")
    return list(check(path)[1])


def codes(folder: Path, expect: str, given: str = "") -> list[str]:
    return [
        each.code for each in found_in(folder, HEAD.replace("    given:\n", f"    given:\n{given}") + expect + "\n")
    ]


def test_a_problem_that_is_expected_stretches_the_days_to_its_period(tmp_path: Path) -> None:
    assert codes(tmp_path, "{problems: {few: [A 2024-Q1]}}") == []
    assert codes(tmp_path, "{problems: {few: [A 2024-Q1]}}", "      as_of: 2024-02-15\n") == []


def test_an_interval_of_a_rule_of_dates_stretches_the_days_too(tmp_path: Path) -> None:
    # Of the interval to the 4th of April nobody has anything; without it January and February are assessed.
    assert codes(tmp_path, "{problems: {visit: []}}") == []
    assert codes(tmp_path, "{problems: {visit: [A 2024-03-05..2024-04-04]}}", "      as_of: 2024-05-01\n") == []


def test_an_empty_list_of_which_nothing_was_judged_is_refused(tmp_path: Path) -> None:
    assert codes(tmp_path, "{talk: []}") == ["CR950"]
    assert codes(tmp_path, "{problems: {few: []}}") == ["CR950"]
    assert codes(tmp_path, "{found: {A 2024-Q1: 2}, talk: []}") == ["CR702"]


def test_an_empty_map_of_problems_expects_none_at_all(tmp_path: Path) -> None:
    """It once said nothing, so that an example which expected no problem passed with any."""
    assert codes(tmp_path, "{problems: {}}") == []
    assert codes(tmp_path, "{talk: [A 2024-Q1], problems: {}}", "      as_of: 2024-05-01\n") == ["CR986"]
    assert codes(tmp_path, "{rejects: {}, problems: {}}") == []
    again = "      finding: [{squad: A, seen: 2024-01-05, no: 1}, {squad: B, seen: 2024-01-05}]\n    expect: "
    document = HEAD[: HEAD.index("      finding: [{")] + again + "{rejects: {}}\n"
    assert [each.code for each in found_in(tmp_path, document)] == ["CR705"]


def test_what_the_text_leaves_open_is_no_problem_of_an_example(tmp_path: Path) -> None:
    document = HEAD.replace("clause: 1", "clause: 1\nparameters: {line: {value: unstated}}").replace("> 1", "> line")
    assert found_in(tmp_path, document + "{problems: {}}\n") == []


def test_names_under_problems_and_rejects_are_known_ones(tmp_path: Path) -> None:
    assert codes(tmp_path, "{problems: {fews: []}, rejects: {findings: []}}") == ["CR703", "CR703"]


def test_what_the_text_leaves_open_is_expected_as_a_whole(tmp_path: Path) -> None:
    document = HEAD.replace("clause: 1", "clause: 1\nparameters: {line: {value: unstated}}").replace("> 1", "> line")
    expected = {
        "{talk: undetermined}": [],
        "{talk: []}": ["CR715"],
        "{found: undetermined}": ["CR707"],
        "{few: undetermined}": ["CR703"],
    }
    for expect, codes in expected.items():
        assert [each.code for each in found_in(tmp_path, document + expect + "\n")] == codes, expect


CHINESE = """规则语言: 1
办法: s
标题: 考评
条款: 一
施行: {自: 2024-01-01}
考核对象: {街道: {成员: 登记}}
记录: {案件: {时间字段: 发现日, 主键: [编号], 字段: {编号: 文本, 街道: 街道, 发现日: 日期}}}
指标:
  件数: {粒度: 街道 每 月, 计数: 案件, 改判: {年末: {条件: 月.序号 = 12, 改为: 9}}}
  倍数: {粒度: 街道 每 月, 公式: 件数.原值 * 2}
算例:
  一:
    已知: {考核对象: {街道: [甲]}, 案件: [{街道: 甲, 发现日: 2024-01-05}]}
    应得: {件数.原值: {甲 2024-01: 1}, 倍数: {甲 2024-01: 2}, 未决: {件数.原值: []}}
  二:
    已知: {考核对象: {街道: [甲]}, 指标值: {件数.原值: {甲 2024-01: 5}}}
    应得: {件数: {甲 2024-01: 5}}
"""


def test_parts_of_measures_are_said_as_in_expressions(tmp_path: Path) -> None:
    assert found_in(tmp_path, CHINESE) == []
    foreign = found_in(tmp_path, CHINESE.replace("应得: {件数.原值", "应得: {件数.raw"))
    assert [(each.code, each.values["found"], each.values["suggestion"]) for each in foreign] == [
        ("CR176", "raw", "原值")
    ]


def test_what_an_example_could_name_is_listed_in_the_words_of_the_document(tmp_path: Path) -> None:
    found = found_in(
        tmp_path, CHINESE.replace("      应得: {件数.原值", "应得: {件数.原值").replace("倍数: {甲", "倍率: {甲")
    )
    assert "应为：下列之一：件数.原值, 件数, 倍数, 退回, 未决" in show(found[0], "zh").replace("`", "")
    found = found_in(tmp_path, CHINESE.replace("指标值:", "指标数:"))
    assert "截至, 考核对象, 指标值, 案件" in show(found[0], "zh")


def test_steps_that_follow_together_are_expected_as_a_list(tmp_path: Path) -> None:
    """A list was once refused as more than one value, so that no example could hold a ladder with `together: all`."""
    both = HEAD.replace(
        "{for: squad each quarter, when: found > 1, do: talk, kind: talk}",
        "{for: squad each quarter, ladder: found, restarts: no, together: all, kind: talk, "
        "steps: {one: {reaches: 1, do: a}, two: {reaches: 2, do: b}}}",
    )
    assert [each.code for each in found_in(tmp_path, both + "{talk: {A 2024-Q1: [one, two]}}\n")] == []
    assert [each.code for each in found_in(tmp_path, both + "{talk: {A 2024-Q1: two}}\n")] == ["CR702"]
    assert [each.code for each in found_in(tmp_path, both + "{talk: {A 2024-Q1: [one, [two]]}}\n")] == ["CR302"]


def test_the_last_of_all_days_has_no_day_after_it() -> None:
    document = """
cityrules: 1
scheme: last
title: Last
clause: 1
in_force: {from: 2024-01-01}
targets: {squad: {members: [s]}}
records: {finding: {dated: seen, key: [no], fields: {no: text, squad: squad, seen: date}}}
measures: {found: {for: squad each month, count: finding}}
examples:
  the_end:
    clause: 1
    given: {finding: [{no: 1, squad: s, seen: 9999-12-31}]}
    expect: {found: {s 9999-12: 1}}
"""
    scheme = loads(document)
    found = scheme.assess({"finding": []}, period="9999-12")
    assert [row["value"] for row in found.rows("values")] == ["0"]
