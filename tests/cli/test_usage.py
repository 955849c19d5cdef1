"""What the parser of the command line complains about is told in the language that was asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cityrules.cli.usage import diagnosed, is_usage_error
from cityrules.text.catalogue import unfilled

CASES = {
    "score": ("`SCHEME` is missing", "缺少 `SCHEME`"),
    "score x": ("`--period` is missing", "缺少 `--period`"),
    "scor x": ("did you mean `score`?", "没有命令 `scor`"),
    "score x --perod 2024": ("did you mean `--period`?", "没有选项 `--perod`"),
    "score x --period": ("`--period` needs a value", "选项 `--period` 需要一个值"),
    "score x --period 1 --engine spark": ("expected: python, duckdb", "`--engine` 不能是 `spark`"),
    "schema a b": ("than the command takes: `a b`", "多出了命令不接受的内容：`a b`"),
    "why x --period 1 --depth 99": ("`--depth` cannot be `99`", "范围内的整数"),
    "why x --period 1 --depth=x": ("`--depth` cannot be `x`", "`--depth` 不能是 `x`"),
    "check x --format yaml": ("expected: text, json", "`--format` 不能是 `yaml`"),
}


def run(arguments: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> tuple[int, str]:
    from cityrules.cli.app import run as main

    monkeypatch.setattr(sys, "argv", ["cityrules", *arguments.split()])
    code = main()
    return code, capsys.readouterr().err


@pytest.mark.parametrize("arguments", CASES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_wrong_usage_is_a_sentence(
    arguments: str, language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYRULES_LANG", language)
    code, said = run(arguments, capsys, monkeypatch)
    assert code == 2
    assert CASES[arguments][language == "zh"] in said
    assert "Usage" not in said


def test_the_language_of_a_call_that_was_not_understood(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYRULES_LANG", "en")
    for arguments in ("schema a --lang zh", "schema a --lang=zh"):
        assert "多出了" in run(arguments, capsys, monkeypatch)[1]
    assert "expected: en, zh" in run("schema --lang de", capsys, monkeypatch)[1]


def test_help_and_nothing_at_all() -> None:
    for arguments, code in ((["--help"], 0), (["score", "--help"], 0), ([], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "cityrules", *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == code
        assert "Usage" in done.stdout


def test_a_complaint_of_another_kind_is_still_told() -> None:
    class UsageError(Exception):
        message = "no idea"

        def format_message(self) -> str:
            return self.message

    problem = UsageError()
    assert is_usage_error(problem)
    assert not is_usage_error(ValueError("x"))
    found = diagnosed(problem, [], [])
    assert (found.code, unfilled(found)) == ("CR636", [])
