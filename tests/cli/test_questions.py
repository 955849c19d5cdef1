"""The commands that ask what would change: what they write in both languages, and what cannot be asked.

UPDATE_GOLDEN=1 writes the texts anew.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from inspect import signature
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app

HERE = Path(__file__).parent
DATA = ("--records", "finding=finding.csv", "--targets", "street=street.csv", "--period", "2024-01..2024-02")
RECORDS_ONLY = "measures.lost={for: finding, formula: points, clause: 1}"
MAPS = "{64: 优秀, 50: 合格}, {90: 优秀, pass_line: 合格}, [70]"
LINE = ("sample.yaml", "parameters.pass_line.value")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths in texts are short, and the machine's own settings do not matter."""
    monkeypatch.chdir(HERE)
    for name in ("CITYRULES_LANG", "CITYRULES_TRACEBACK", "COLUMNS", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "dumb")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


GOLDEN: dict[str, tuple[str, ...]] = {
    "ask_sweep": ("sweep", *LINE, "--from", "60", "--to", "70", "--step", "2.5", *DATA),
    "ask_sweep_words": ("sweep", *LINE, "--values", "65, many", *DATA),
    "ask_sweep_maps": ("sweep", "sample.yaml", "measures.grade.at_least", "--values", MAPS, *DATA),
    "ask_cliffs": ("cliffs", "sample.yaml", "--within", "5", *DATA),
    "ask_sensitivity": ("sensitivity", "sample.yaml", "--step", "0.05", *DATA),
    "ask_by_period": ("by-period", "sample.yaml", *DATA),
    "ask_by_year": ("by-period", "sample.yaml", "--by", "year", "--of", "grade", *DATA),
    "wrong_ask_number": ("sensitivity", "sample.yaml", "--only", "targets", *DATA),
    "wrong_ask_period": ("by-period", "sample.yaml", "--by", "decade", *DATA),
    "ask_solve": ("solve", *LINE, "--from", "60", "--to", "70", "--wish", "grade = 不合格 at most 25%", *DATA),
    "ask_solve_scan": ("solve", *LINE, "--from", "85", "--to", "92", "--wish", "grade = 合格 at most 0", *DATA),
    "wrong_ask_wish": ("solve", *LINE, "--from", "60", "--to", "70", "--wish", "grade = 合格", *DATA),
    "wrong_ask_label": ("solve", *LINE, "--from", "60", "--to", "70", "--wish", "grade = 及格 at most 1", *DATA),
    "wrong_ask_part": ("solve", *LINE, "--from", "60", "--to", "70", "--wish", "circular at most 5%", *DATA),
    "wrong_ask_name": ("sweep", *LINE, "--values", "65", "--of", "grad", *DATA),
    "wrong_ask_address": ("sweep", "sample.yaml", "parameters.pas_line.value", "--values", "65", *DATA),
    "wrong_ask_key": ("sweep", "sample.yaml", "parameters.pass_line.vlaue", "--values", "65", *DATA),
    "wrong_ask_under": ("cliffs", "sample.yaml", "--under", "parameters.pass_line.vlaue=65", *DATA),
    "wrong_ask_record": ("sweep", *LINE, "--values", "65", "--of", "lost", "--under", RECORDS_ONLY, *DATA),
    "wrong_ask_row": ("sweep", *LINE, "--from", "90", "--to", "80", "--step", "1", *DATA),
    "wrong_ask_many": ("sweep", *LINE, "--from", "0", "--to", "100", "--step", "0.001", *DATA),
    "wrong_ask_values": ("sweep", *LINE, "--from", "90", *DATA),
    "wrong_ask_runs": ("compare", "sample.yaml", "--under", "parameters.pass_line.value=65", "--runs", "9999", *DATA),
    "wrong_ask_distance": ("cliffs", "sample.yaml", "--within", "near", *DATA),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, language: str) -> None:
    result = call(*GOLDEN[name], "--lang", language)
    text = f"exit {result.exit_code}\n--- stdout\n{result.stdout}--- stderr\n{result.stderr}"
    path = HERE / "golden" / f"{name}.{language}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text
    assert result.exit_code == (2 if name.startswith("wrong") else 0)


def test_an_address_in_the_words_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(call("fmt", "--lang", "zh", "sample.yaml").stdout, "utf-8")
    asked = ("--format", "csv", "--of", "grade", *DATA)
    found = call("sweep", str(path), "参数.pass_line.取值", "--values", "65, 70", *asked)
    assert found.exit_code == 0
    assert found.stdout == call("sweep", *LINE, "--values", "65, 70", *asked).stdout
    solved = call(
        "solve",
        str(path),
        "参数.pass_line.取值",
        "--from",
        "60",
        "--to",
        "70",
        "--wish",
        "grade = 不合格 至多 1",
        *DATA,
    )
    assert "取值自 60 至 64 时成立。" in solved.stdout


def test_addresses_and_values_are_told_as_the_document_says_them(tmp_path: Path) -> None:
    """Of a document in Chinese keywords the answers told `parameters.pass_line.value`, which stands nowhere in it."""
    path = tmp_path / "scheme.yaml"
    path.write_text(call("fmt", "--lang", "zh", "sample.yaml").stdout, "utf-8")
    line = ("参数.pass_line.取值", "--from", "60", "--to", "70")
    maps = "{64: 优秀, 50: 合格}"
    wish = ("--wish", "grade = 不合格 至多 25%")
    changed = ("--under", "参数.pass_line.取值=65", "--under", "默认修约=截去 1 位")
    asked = {
        "sweep": ("sweep", str(path), "参数.pass_line.取值", "--values", "65", *DATA),
        "words": ("sweep", str(path), "默认修约", "--values", "截去 1 位", *DATA),
        "maps": ("sweep", str(path), "指标.grade.以上", "--values", maps, *DATA),
        "refused": ("sweep", str(path), "默认修约", "--values", "两位", *DATA),
        "solve": ("solve", str(path), *line, *wish, *DATA),
        "sensitivity": ("sensitivity", str(path), "--step", "0.05", *DATA),
        "compare": ("compare", str(path), *changed, *DATA),
        "diff": ("diff", str(path), *changed),
    }
    told = {name: call(*arguments, "--lang", "zh") for name, arguments in asked.items()}
    for name, found in told.items():
        assert found.exit_code == 0, (name, found.stderr)
        assert not re.search(r"\b(parameters|measures|value|at_least|half_up|down)\b", found.stdout), name
    assert "参数.pass_line.取值" in told["sweep"].stdout
    assert "截去 1 位" in told["diff"].stdout
    assert "{64: 优秀, 50: 合格}" in told["maps"].stdout
    assert "参数.pass_line.取值: 60 -> 65" in told["compare"].stdout
    assert "如 `四舍五入 2 位`；方式有 四舍五入, 四舍六入五成双" in told["refused"].stdout
    assert "由 60 改为 65" in told["diff"].stdout
    # Programs ask in the canonical words, whatever the document says.
    for name, canonical in (
        ("words", ("sweep", "sample.yaml", "rounding", "--values", "down to 1", *DATA)),
        ("sensitivity", ("sensitivity", "sample.yaml", "--step", "0.05", *DATA)),
    ):
        assert call(*asked[name], "--format", "json").stdout == call(*canonical, "--format", "json").stdout, name


def test_a_mistyped_address_is_told_in_the_words_of_the_document(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    path.write_text(call("fmt", "--lang", "zh", "sample.yaml").stdout, "utf-8")
    wrong = "参数.pass_line.取直"
    for asked in (("sweep", str(path), wrong, "--values", "65"), ("cliffs", str(path), "--under", f"{wrong}=65")):
        found = call(*asked, *DATA)
        assert found.exit_code == 2
        assert "是否应为 `取值`？" in found.stderr
        assert "value" not in found.stderr


@pytest.mark.parametrize("name", ["ask_sweep", "ask_cliffs"])
def test_data_says_what_the_text_does(name: str) -> None:
    told = json.loads(call(*GOLDEN[name], "--format", "json").stdout)
    rows = list(csv.DictReader(io.StringIO(call(*GOLDEN[name], "--format", "csv").stdout)))
    counted = [one["tallies"] for one in told["values"]] if name == "ask_sweep" else [told["near"]]
    assert len(rows) == len(told.get("as_written", [])) + sum(map(len, counted)) > 0


def test_whatever_asks_a_study_takes_corrections() -> None:
    """`sweep`, `solve`, `sensitivity`, `cliffs` and `by-period` did not, though `score` and `compare` do: they told of
    another year than the one that stands."""
    commands = {str(one.name): one.callback for one in app.registered_commands if one.callback is not None}
    asking = [name for name, command in commands.items() if {"records", "period"} <= {*signature(command).parameters}]
    assert {"sweep", "solve", "sensitivity", "cliffs", "by-period", "compare", "readings"} <= {*asking}
    # Which rules rows exercise is asked of the rows as they are.
    for name in {*asking} - {"coverage"}:
        assert "corrections" in signature(commands[name]).parameters, name
    corrected = (*DATA, "--as-of", "2024-03-10", "--corrections", "appeals.csv", "--format", "json")
    wish = ("--from", "60", "--to", "61", "--wish", "grade = 不合格 at most 25%")
    for asked in (
        ("sweep", *LINE, "--values", "65"),
        ("solve", *LINE, *wish),
        ("cliffs", "sample.yaml", "--within", "10"),
        ("by-period", "sample.yaml"),
        ("sensitivity", "sample.yaml"),
    ):
        found = call(*asked, *corrected)
        assert found.exit_code == 0, found.stderr
        assert found.stdout != call(*asked, *DATA, "--format", "json").stdout, asked


def test_kinds_of_periods_are_told_in_the_language() -> None:
    """The Chinese sentence had the English word in it, and the Chinese word was refused."""
    told = {by: call("by-period", "sample.yaml", "--by", by, *DATA, "--lang", "zh").stdout for by in ("year", "年")}
    assert "逐期对照，按 年 统计" in told["年"]
    assert told["year"] == told["年"]


@pytest.mark.parametrize("period", ["2019", "2024-01..2024-02"])
def test_where_nothing_was_assessed_an_answer_says_so(period: str) -> None:
    """Before the scheme was in force every wish held and nobody stood near a line, without a word about why."""
    wish = ("solve", *LINE, "--from", "60", "--to", "62", "--wish", "grade = 不合格 at most 3")
    told = call(*wish, *DATA[:-1], period, "--lang", "en")
    assert told.exit_code == 0
    assert ("CR1116" in told.stderr) == (period == "2019")


def test_of_places_alone_it_is_not_said_that_nothing_came_out() -> None:
    told = call("by-period", "sample.yaml", "--of", "place", *DATA, "--lang", "en").stdout
    assert "places are not counted" in told


@pytest.mark.parametrize("command", ["diff", "compare"])
def test_a_report_that_cannot_be_written_says_so(command: str, tmp_path: Path) -> None:
    """The answer was the system's own sentence, in English and without the name of what was to be written."""
    out = tmp_path / "nowhere" / "report.md"
    asked = (command, "sample.yaml", "--under", "parameters.pass_line.value=65", "--out", str(out), "--lang", "zh")
    result = call(*asked, *(DATA if command == "compare" else ()))
    assert result.exit_code == 1
    assert f"错误 CR545：无法写出 `{out}`" in result.stderr
