"""`fmt`, `new`, and the language in which complaints about a document in Chinese keywords are told."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app
from cityrules.io import grammar
from cityrules.loaded import load, specs_folder
from cityrules.results.wording import wording

ENGLISH = (
    "# head\ncityrules: 1\nscheme: a # tail\ntitle: a\nin_force: {from: unstated}\n"
    "targets:\n  街道: {members: registered}\n"
)
CHINESE = "# head\n规则语言: 1\n办法: a # tail\n标题: a\n施行: {自: 未写明}\n考核对象:\n  街道: {成员: 登记}\n"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"LANG": "C.UTF-8", "LC_ALL": "", "CITYRULES_LANG": None})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "scheme.yaml"
    path.write_text(ENGLISH, "utf-8", newline="")
    return path


def test_fmt_writes_to_stdout(file: Path) -> None:
    result = call("fmt", "--lang", "zh", str(file))
    assert (result.exit_code, result.stdout) == (0, CHINESE)
    assert file.read_text("utf-8") == ENGLISH


def test_fmt_writes_into_the_file_and_back(file: Path) -> None:
    before = file.stat().st_mode
    assert call("fmt", "--lang", "zh", "--write", str(file)).exit_code == 0
    assert file.read_text("utf-8") == CHINESE
    assert file.stat().st_mode == before
    assert call("fmt", "--lang", "zh", "--write", str(file)).stdout == ""
    assert call("fmt", "--lang", "en", "--write", str(file)).exit_code == 0
    assert file.read_text("utf-8") == ENGLISH
    assert [path.name for path in file.parent.iterdir()] == ["scheme.yaml"]


def test_fmt_keeps_line_ends_and_the_mark_at_the_start(file: Path) -> None:
    windows = b"\xef\xbb\xbf" + ENGLISH.replace("\n", "\r\n").encode()
    file.write_bytes(windows)
    assert call("fmt", "--lang", "zh", "--write", str(file)).exit_code == 0
    assert file.read_bytes() == b"\xef\xbb\xbf" + CHINESE.replace("\n", "\r\n").encode()


def test_fmt_checks(file: Path) -> None:
    assert call("fmt", "--lang", "en", "--check", str(file)).exit_code == 0
    result = call("fmt", "--lang", "zh", "--check", str(file))
    assert result.exit_code == 1
    assert str(file) in result.stdout
    assert file.read_text("utf-8") == ENGLISH


@pytest.mark.parametrize(
    ("options", "code", "exit_code"),
    [
        (["--check", "--write", "A"], "CR616", 2),
        (["A", "A"], "CR617", 2),
        (["none.yaml"], "CR1", 2),
    ],
)
def test_fmt_refuses(file: Path, options: list[str], code: str, exit_code: int) -> None:
    result = call("fmt", "--lang", "zh", *(str(file) if option == "A" else option for option in options))
    assert result.exit_code == exit_code
    assert code in result.stderr


def test_fmt_refuses_what_would_not_say_the_same(file: Path) -> None:
    file.write_text(ENGLISH.replace("街道", "月"), "utf-8")
    result = call("fmt", "--lang", "zh", "--write", str(file))
    assert result.exit_code == 1
    assert "CR177" in result.stderr
    assert "月" in file.read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_new_scheme_passes_the_check_with_its_example(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "there" / "my-scheme"
    result = call("new", str(folder), "--lang", language)
    assert result.exit_code == 0, result.stderr
    scheme = load(folder)
    assert (scheme.name, scheme.language) == ("my-scheme", language)
    assert len(scheme.document.examples) == 1
    assert "my-scheme" in (folder / "README.md").read_text("utf-8")
    again = call("new", str(folder), "--lang", language)
    assert again.exit_code == 2
    assert "CR619" in again.stderr


@pytest.mark.parametrize("name", ["9th", "a b", "-", "a.b"])
def test_a_new_scheme_needs_a_name(tmp_path: Path, name: str) -> None:
    result = call("new", str(tmp_path / name))
    assert result.exit_code == 2
    assert "CR618" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_complaints_speak_the_language_of_the_document(file: Path) -> None:
    file.write_text(CHINESE.replace("成员", "成圆"), "utf-8")
    told = call("check", str(file))
    assert "错误 CR301：这里没有 `成圆` 这个键。" in told.stdout
    assert "是否应为 `成员`？" in told.stdout
    asked = call("check", str(file), "--lang", "en")
    assert "There is no key `成圆` here." in asked.stdout
    scored = call("score", str(file), "--period", "2024")
    assert "错误 CR301" in scored.stderr


@pytest.mark.parametrize(
    ("change", "flags"),
    [("参数.授旗名额.取值=1", 3), ("parameters.授旗名额.value=1", 3), ("后果.红旗.条件=名次 介于 1 与 3 且 非(假)", 9)],
)
def test_changes_by_address_are_in_the_words_of_the_document(change: str, flags: int, tmp_path: Path) -> None:
    folder = specs_folder() / "market-flags" / "sample"
    given = [
        f"--{option}={kind}={folder / kind}.csv"
        for option, kinds in (("targets", ("地区", "市场")), ("records", ("集中考核", "暗访检查")))
        for kind in kinds
    ]
    result = call(
        "score", "market-flags", *given, "--period", "2014-01..2014-03", "--under", change, "--out", str(tmp_path)
    )
    assert result.exit_code == 0, result.stderr
    rows = (tmp_path / "consequences.csv").read_text("utf-8").splitlines()
    assert sum("授予流动红旗" in row for row in rows) == flags


def test_every_reason_against_a_row_has_its_words() -> None:
    """Some were once shown by their code."""
    texts = {name: value for name, value in vars(grammar).items() if name.isupper() and isinstance(value, str)}
    codes = {value for name, value in texts.items() if value.islower() and not name.endswith("_COLUMN")}
    assert {grammar.UNKNOWN_RECORD, grammar.COLUMNS} <= codes
    said = wording().lists["rejects"]
    assert [code for code in sorted(codes) if set(said.get(code, ())) != {"en", "zh"}] == []


CHINESE_SCHEME = """规则语言: 1
办法: a
标题: a
条款: 1
施行: {自: 未写明}
考核对象:
  街道: {成员: 登记}
记录:
  问题: {时间字段: 发现, 主键: [号], 字段: {号: 文本, 街道: 街道, 发现: 日期}}
指标:
  数: {粒度: 街道 每 月, 计数: 问题}
"""
CHINESE_BINDING = (
    "数据对接: 1\n办法: a\n来源表: {t: {}}\n数据行: {r: {来自: t, 成为: 问题, 字段: {号: 编号, 街道: 街, 发现: 日}}}\n"
)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--records", "问题={f}"], "CR512"),
        (["--records", "问题=nothing.csv"], "CR5"),
        (["--records", "事=x.csv"], "CR601"),
        (["--binding", "{b}", "--table", "t={f}"], "CR590"),
        (["--binding", "{b}"], "CR588"),
        (["--reading", "x=y"], "CR611"),
        (["--records", "问题={g}", "--targets", "街道={s}", "--target", "乙"], "CR64"),
        (["--records", "问题={g}", "--targets", "街道={s}", "--target", "甲", "--measure", "总数"], "CR640"),
    ],
)
def test_what_is_wrong_with_data_is_told_in_the_words_of_the_scheme(
    tmp_path: Path, options: list[str], code: str
) -> None:
    """Complaints about data were in the language of the system, whatever that of the document."""
    files = {
        "f": "x\n1\n",
        "g": "号,街道,发现\n1,甲,2024-01-02\n",
        "s": "name\n甲\n",
        "b": CHINESE_BINDING,
        "d": CHINESE_SCHEME,
    }
    for name, text in files.items():
        (tmp_path / name).with_suffix({"b": ".yaml", "d": ".yaml"}.get(name, ".csv")).write_text(text, "utf-8")
    there = {name: str((tmp_path / name).with_suffix(".yaml" if name in "bd" else ".csv")) for name in files}
    command = ["why"] if "--target" in options else ["score"]
    arguments = [*command, there["d"], "--period", "2024-01", *(option.format(**there) for option in options)]
    result = call(*arguments)
    assert code in result.stderr
    assert f"错误 {code}" in result.stderr
    assert "error" not in result.stderr
    # Paths are no words of the language, whatever they hold.
    assert str(tmp_path) in result.stderr or "CR512" not in code
    assert f"error {code}" in call(*arguments, "--lang", "en").stderr


def test_why_of_a_chinese_document_is_in_its_words_throughout(tmp_path: Path) -> None:
    """Limits were told in English (`3 working days`), parts of deadlines too, and `as_of`."""
    (tmp_path / "s.yaml").write_text(
        "规则语言: 1\n办法: a\n标题: a\n条款: 一\n施行: {自: 2024-01-01}\n日历: {工作日: 周一至周五, 起算日: 不计入}\n"
        "考核对象: {街道: {成员: 随数据出现}}\n"
        "记录: {问题: {时间字段: 发现日, 主键: [号], 字段: {号: 文本, 街道: 街道, 发现日: 日期, 办结日: 可缺 日期}}}\n"
        "指标: {时限: {粒度: 问题, 期限: 3 个工作日, 起算: 发现日, 办结: 办结日}}\n",
        "utf-8",
    )
    (tmp_path / "f.csv").write_text("号,街道,发现日,办结日\n1,东,2024-01-02,\n", "utf-8")
    data = ("--records", f"问题={tmp_path / 'f.csv'}", "--period", "2024-01", "--record", "问题=1")
    for measure in ("时限.逾期", "时限.late"):
        told = call("why", str(tmp_path / "s.yaml"), *data, "--measure", measure)
        assert told.exit_code == 0
        assert all(said in told.stdout for said in ("时限.到期 · 问题 1", "期限 3 个工作日", "截至 = 2024-02-01"))
        assert "working" not in told.stdout
    assert "CR640" in call("why", str(tmp_path / "s.yaml"), *data, "--measure", "时限.逾").stderr
