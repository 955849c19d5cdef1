"""Bindings in Chinese keywords, and their JSON Schema: they say the same as in English, and complain in Chinese."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

import cityrules as cr
from cityrules.cli.formatting import run_fmt
from cityrules.io.binding.document import BindingDocument
from cityrules.io.binding.load import read_binding
from cityrules.loaded import SchemeError
from cityrules.scheme.convert import convert
from cityrules.scheme.document import Document
from cityrules.scheme.schema import json_schema, text
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source
from scheme.test_schema import edited, leaves

ROOT = Path(__file__).parents[2]
ENGLISH = """\
cityrules-binding: 1  # each host has its own
scheme: street-order
tables:
  cases: {encoding: gb18030, unlisted: ignore}
  places: {sheet: 街道, header: 2}
rows:
  findings:
    from: cases
    to: finding
    when: {column: 类别, is: [01, 02]}
    fields:
      no: {join: [年度, 编号], with: "-"}
      street: {column: 辖区, codes: {E: 东街, W: 西街}, otherwise: reject}
      found_on: {column: 上报日期, date: [YYYY/M/D, YYYY-MM-DD]}
      matter: {column: 类别, codes: {01: 暴露垃圾, 02: 占道经营}, otherwise: keep}
      area: {column: 面积, times: 100}
      due_on: {column: 到期日, date: YYYY/M/D}
      notices: 通知
      media: {value: false}
    absent: [fixed_on]
  streets: {from: places, to: street, fields: {name: 街道名称}}
"""
CHINESE = """\
数据对接: 1  # each host has its own
办法: street-order
来源表:
  cases: {编码: gb18030, 未列行: 忽略}
  places: {工作表: 街道, 表头行: 2}
数据行:
  findings:
    来自: cases
    成为: finding
    条件: {所在列: 类别, 等于: [01, 02]}
    字段:
      no: {拼接: [年度, 编号], 间隔: "-"}
      street: {所在列: 辖区, 代码: {E: 东街, W: 西街}, 其余: 退回}
      found_on: {所在列: 上报日期, 日期格式: [YYYY/M/D, YYYY-MM-DD]}
      matter: {所在列: 类别, 代码: {01: 暴露垃圾, 02: 占道经营}, 其余: 保留}
      area: {所在列: 面积, 乘以: 100}
      due_on: {所在列: 到期日, 日期格式: YYYY/M/D}
      notices: 通知
      media: {固定值: false}
    所缺字段: [fixed_on]
  streets: {来自: places, 成为: street, 字段: {name: 街道名称}}
"""
MODELS = (Document, BindingDocument)


def schema(language: Language) -> Draft7Validator:
    made = json_schema(language, BindingDocument, "binding")
    Draft7Validator.check_schema(made)
    return Draft7Validator(made)


@pytest.mark.parametrize(("language", "name"), [("en", "cityrules-binding-1"), ("zh", "cityrules-binding-1.zh")])
def test_the_committed_schema_is_fresh(language: Language, name: str) -> None:
    path, made = ROOT / f"docs/schema/{name}.schema.json", text(language, BindingDocument, "binding")
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, "utf-8", newline="\n")
    assert path.read_text("utf-8") == made, f"UPDATE_GOLDEN=1, or cityrules schema --binding --lang {language}"
    assert "definitions" in json.loads(made)


@pytest.mark.parametrize(("language", "said"), [("en", ENGLISH), ("zh", CHINESE)])
def test_the_schema_takes_a_good_binding(language: Language, said: str) -> None:
    assert leaves(schema(language).iter_errors(edited(said))) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("unlisted: ignore", "unlisted: ignored"),
        ("encoding:", "encodings:"),
        ("to: finding", "for: finding"),
        ("otherwise: keep", "otherwise: kept"),
        ("{value: false}", "{values: false}"),
        ("{value: false}", "[false]"),
        ("scheme: street-order", "schemes: street-order"),
        ("when: {column: 类别, is: [01, 02]}", "when: 类别"),
    ],
)
def test_the_schema_gives_one_error_for_one_mistake(right: str, wrong: str) -> None:
    assert right in ENGLISH
    assert len(leaves(schema("en").iter_errors(edited(ENGLISH.replace(right, wrong, 1))))) == 1


def test_a_binding_is_converted_without_loss() -> None:
    assert convert(Source("host.yaml", ENGLISH), "zh", Report(), MODELS) == CHINESE
    assert convert(Source("host.yaml", CHINESE), "en", Report(), MODELS) == ENGLISH
    assert convert(Source("host.yaml", CHINESE), "zh", Report(), MODELS) == CHINESE


def test_both_say_the_same() -> None:
    report = Report()
    (one, english), (other, chinese) = (read_binding(Source("host.yaml", said), report) for said in (ENGLISH, CHINESE))
    assert not list(report)
    assert (english, chinese) == ("en", "zh")
    assert one is not None
    assert other is not None
    assert one.document == other.document


def test_fmt_knows_bindings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "host.yaml"
    path.write_text(ENGLISH, "utf-8")
    assert run_fmt([str(path)], "zh", check=False, write=False, language="en") == 0
    assert capsys.readouterr().out == CHINESE


@pytest.mark.parametrize(
    ("right", "wrong", "code", "told"),
    [
        ("其余: 退回", "otherwise: 退回", "CR176", "其余"),
        ("成为: finding", "成为: findings", "CR577", "findings"),
        ("未列行: 忽略", "未列行: 忽视", "CR309", "忽略"),
        ("表头行: 2", "表头: 2", "CR301", "表头行"),
        ("    成为: finding\n", "", "CR305", "成为"),
    ],
)
def test_complaints_about_chinese_bindings_are_in_chinese(
    tmp_path: Path, right: str, wrong: str, code: str, told: str
) -> None:
    path = tmp_path / "host.yaml"
    assert right in CHINESE
    path.write_text(CHINESE.replace(right, wrong, 1), "utf-8")
    with pytest.raises(SchemeError) as caught:
        cr.load("street-order", examples=False).binding(path)
    assert [found.code for found in caught.value.diagnostics][:1] == [code]
    assert told in caught.value.show()
    assert "错误" in caught.value.show()
