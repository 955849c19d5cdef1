"""`lint` on the command line: findings, silence, exit codes, languages, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app

EMPTY = "cityrules-stated: 1\ntexts: {a: 考核办法}\nheadings:\n  h: {clause: 四, heading: 四, sentences: 0}\n"


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments), env={"LANG": "C.UTF-8", "LC_ALL": "", "CITYRULES_LANG": None})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "as-stated.yaml"
    path.write_text(EMPTY, "utf-8")
    return path


def test_findings_are_told_with_their_place_and_the_exit_code_is_1(file: Path) -> None:
    result = call("lint", str(file.parent))
    assert result.exit_code == 1
    assert f"{file}:4:27: finding L22: The section `四` is announced" in result.stdout
    assert result.stdout.endswith("documents: 1; findings: 1; silenced with a reason: 0\n")


def test_what_is_silenced_is_counted_and_the_exit_code_is_0(file: Path) -> None:
    file.write_text(EMPTY + "silenced: {L22: {h: it is a title page}}\n", "utf-8")
    result = call("lint", str(file))
    assert (result.exit_code, result.stdout) == (0, "documents: 1; findings: 0; silenced with a reason: 1\n")


def test_a_statement_in_chinese_keywords_is_told_in_chinese(file: Path) -> None:
    assert call("fmt", "--lang", "zh", "--write", str(file)).exit_code == 0
    assert file.read_text("utf-8").startswith("文本声明: 1\n")
    assert "发现 L22：“四”只有标题" in call("lint", str(file)).stdout
    assert "finding L22" in call("lint", "--lang", "en", str(file)).stdout


def test_json_has_codes_and_places(file: Path) -> None:
    result = call("lint", "--format", "json", str(file))
    assert result.exit_code == 1
    (document,) = json.loads(result.stdout)
    (found,) = document["found"]
    assert (found["code"], found["severity"], found["path"], found["line"]) == (
        "L22",
        "finding",
        "headings.h.heading",
        4,
    )


def test_a_folder_without_a_statement_is_wrong_usage(tmp_path: Path) -> None:
    result = call("lint", str(tmp_path))
    assert (result.exit_code, "CR988" in result.stderr) == (2, True)


def test_an_error_in_the_statement_is_told_like_one_of_a_scheme(file: Path) -> None:
    file.write_text(EMPTY.replace("sentences", "sentence"), "utf-8")
    result = call("lint", str(file))
    assert (result.exit_code, "error CR301" in result.stdout) == (1, True)


def test_the_schema_of_statements_is_printed() -> None:
    assert '"title": "cityrules stated, version 1"' in call("schema", "--stated").stdout


@pytest.mark.parametrize(("key", "said"), [("cityrules-editions", "editions of a scheme"), ("版本沿革", "版本")])
def test_editions_are_refused_as_such(tmp_path: Path, key: str, said: str) -> None:
    """Each of their keys was told to be unknown, as if this were a statement of what a text declares."""
    path = tmp_path / "editions.yaml"
    path.write_text(f"{key}: 1\n", "utf-8")
    result = call("lint", str(path))
    assert result.exit_code == 1
    assert result.stdout.count("CR") == 1
    assert "CR1159" in result.stdout
    assert said in result.stdout
