"""The shipped scheme in Chinese keywords: it says the same in English ones, to the last row of both engines."""

from __future__ import annotations

from pathlib import Path

import pytest

import cityrules as cr
from cityrules.loaded import loads, specs_folder
from cityrules.results.tables import SHAPES
from cityrules.scheme.convert import convert
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source

FOLDER = specs_folder() / "market-flags"
KINDS = {"targets": ("地区", "市场"), "records": ("集中考核", "暗访检查")}


def files(names: tuple[str, ...]) -> dict[str, list[Path]]:
    return {name: [FOLDER / "sample" / f"{name}.csv"] for name in names}


def assessed(scheme: cr.Scheme, engine: str) -> cr.Assessment:
    return scheme.assess(
        files(KINDS["records"]), targets=files(KINDS["targets"]), period="2014-01..2014-03", engine=engine
    )


@pytest.fixture(scope="module")
def both() -> tuple[cr.Scheme, cr.Scheme]:
    text = (FOLDER / "scheme.yaml").read_text("utf-8")
    english = convert(Source("scheme.yaml", text), "en", Report())
    assert english is not None
    return cr.load(FOLDER), loads(english)


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_the_results_are_the_same_in_either_language(both: tuple[cr.Scheme, cr.Scheme], engine: str) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    chinese, english = (assessed(scheme, engine) for scheme in both)
    reference = assessed(both[1], "python")
    assert len(list(reference.rows("consequences"))) >= 12
    for table in SHAPES:
        rows = sorted(map(repr, reference.rows(table)))
        assert sorted(map(repr, chinese.rows(table))) == rows
        assert sorted(map(repr, english.rows(table))) == rows


def test_an_explanation_quotes_the_scheme_in_its_own_words() -> None:
    text = """规则语言: 1
办法: a
标题: 甲
施行: {自: 2014-01-01}
考核对象:
  街道: {成员: [东街]}
指标:
  甲: {粒度: 街道 每 月, 公式: 若 月.序号 介于 1 与 6 且 非(月.序号 = 2) 则 1 否则 0}
  乙: {粒度: 街道 每 月, 求和: 甲, 遍历: 月, 筛选: 甲 > 0 或 假, 窗口: 最近 3 个月}
"""
    result = loads(text).assess({}, period="2014")
    assert "若 月.序号 介于 1 与 6 且 非(月.序号 = 2) 则 1 否则 0" in result.why("东街", "2014-03", "甲").render("zh")
    shown = result.why("东街", "2014-03", "乙").render("zh")
    assert "最近 3 个月" in shown
    assert "限于 甲 > 0 或 假" in shown
    assert "按 月 " in shown
