"""Rendering: carets under what they mean, whatever the line holds, and nothing hostile on the terminal."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.show import show, show_all, to_json, visible
from cityrules.text.source import Source, Span
from cityrules.text.vocabulary import vocabulary
from cityrules.text.width import width


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("环卫", 4),
        ("ａ：", 4),
        ("e\u0301", 1),
        ("\t", 1),
        ("\u200b", 0),
        ("😀", 2),
        ("", 0),
        ("\xad\x07", 0),
        ("각", 2),
    ],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


def test_the_form() -> None:
    source = Source("scheme.yaml", "a: 1\n  范围: socre < 60\n")
    start = source.text.index("socre")
    found = Diagnostic(
        "CR120", Span(source, start, start + 5), "a.b", {"found": "socre", "line": "1", "suggestion": "score"}
    )
    assert show(found).splitlines() == [
        "scheme.yaml:2:7: error CR120: The key socre stands twice in this map; the first is in line 1.",
        "    2 |   范围: socre < 60",
        "      |         ^^^^^",
        "   did you mean `score`?",
        "   how to mend: Remove one of the two, or give it another name.",
    ]
    assert (
        show(found, "zh").splitlines()[0]
        == "scheme.yaml:2:7：错误 CR120：键 socre 在同一映射中出现两次，第一次在第 1 行。"
    )


def test_without_a_place_the_address_stands_there() -> None:
    assert show(Diagnostic("CR114", None, "measures.score")).startswith("measures.score: error CR114: ")
    assert show(Diagnostic("CR114")).startswith("error CR114: ")
    assert show(Diagnostic("CR114", severity="warning"), "zh").startswith("警告 CR114：")


def test_a_span_over_lines_underlines_the_first() -> None:
    source = Source("s", "ab\r\ncd")
    lines = show(Diagnostic("CR114", Span(source, 1, 6))).splitlines()
    assert lines[1:3] == ["    1 | ab", "      |  ^"]


LINE = st.text(st.sampled_from("ab键\u0301\t\x1b\u202e😀 "), max_size=300)


@given(LINE, LINE, LINE)
def test_carets_stand_under_the_text(before: str, marked: str, after: str) -> None:
    source = Source("s", f"first\n{before}{marked}{after}\nlast")
    start = 6 + len(before)
    found = Diagnostic("CR114", Span(source, start, start + len(marked)))
    _, line, carets, *_ = show(found).split("\n")
    assert not set(line) & set("\t\x1b\u202e")
    assert (
        width(line) <= 8 + 96 + 2 + 6
    )  # The gutter, the line, two marks of a cut, a sign that stands for a hidden one.
    assert width(carets) <= 8 + 96 + 2 + 6
    if "…" not in line:
        assert carets == "      | " + " " * width(visible(before)) + "^" * max(1, width(visible(marked)))


def test_a_line_of_a_megabyte_is_cut_on_both_sides() -> None:
    source = Source("s", "垃" * 500_000)
    shown = show(Diagnostic("CR114", Span(source, 250_000, 250_010))).splitlines()
    assert all(width(line) < 120 for line in shown)
    assert shown[1].count("…") == 2
    assert shown[2].count("^") == 20


def test_values_are_shown_but_never_interpreted() -> None:
    hostile = "{line.__class__} %s \x1b[31m {found}"
    shown = show(Diagnostic("CR120", values={"found": hostile, "line": "1"}))
    assert "{line.__class__} %s \\x1b[31m {found}" in shown
    assert "\x1b" not in show(Diagnostic("CR120", None, "\x1b[2J", {"found": "x" * 10_000}))
    assert len(show(Diagnostic("CR120", values={"found": "x" * 10_000}))) < 500


def test_a_missing_value_or_an_unknown_code_still_reads() -> None:
    assert "{found}" in show(Diagnostic("CR120"))
    assert show(Diagnostic("CR999")) == "error CR999: CR999"


def test_json() -> None:
    source = Source("s.yaml", "ab\ncd")
    data = to_json(Diagnostic("CR120", Span(source, 3, 5), "x", {"found": "cd", "line": "1"}), "zh")
    assert json.loads(json.dumps(data)) == {
        "code": "CR120",
        "name": "duplicate-key",
        "severity": "error",
        "file": "s.yaml",
        "line": 2,
        "column": 1,
        "end_line": 2,
        "end_column": 3,
        "path": "x",
        "message": "键 cd 在同一映射中出现两次，第一次在第 1 行。",
        "expected": None,
        "mend": "请删除其中一个，或改用别的名称。",
        "suggestion": None,
        "found": "cd",
    }
    assert to_json(Diagnostic("CR114"))["line"] is None


def test_a_full_report_counts_the_rest() -> None:
    report = Report()
    for number in range(Report.LIMIT + 5):
        report.add("CR114", path=str(number))
    report.add("CR114", path="0")
    assert (len(report), report.dropped) == (Report.LIMIT, 5)
    assert show_all(report).endswith("\n\n... and 5 more.")


@pytest.mark.parametrize(
    ("sample", "expression", "said"),
    [
        ("for: {kind}", False, "粒度: {kind}"),
        ("via: {first}", False, "经由: {first}"),
        ("default({name}, ...)", False, "缺省({name}, ...)"),
        ("10 days", False, "10 日"),
        ("from: carried", False, "基础分: 结转"),
        ("in_force(banned, month.start)", False, "生效中(banned, 月.首日)"),
        ("{found}(warned.talk)", False, "{found}(warned.talk)"),
        ('pip install "cityrules[excel]"', False, 'pip install "cityrules[excel]"'),
        ("scheme.yaml", False, "scheme.yaml"),
        ("between", True, "介于"),
        ("between", False, "幅度"),
        ("x between a and b", True, "x 介于 a 与 b"),
        ("not(x in (a, b))", True, "非(x 属于 (a, b))"),
        ("text, flag, date, datetime", False, "文本, 是否, 日期, 日期时间"),
    ],
)
def test_samples_in_chinese_words_are_what_a_document_would_say(sample: str, expression: bool, said: str) -> None:
    """Places to fill were translated like words (`{kind}`), keys stood for operators, packages had Chinese names."""
    assert vocabulary().sentence(f"`{sample}`", expression=expression) == f"`{said}`"
