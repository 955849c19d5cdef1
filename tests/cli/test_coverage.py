"""`coverage` on the command line: formats, exit codes, and what goes wrong in a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copy

import pytest
from typer.testing import CliRunner

from cityrules.cli.app import app

VETOES = str(Path(__file__).parents[2] / "specs" / "gallery" / "vetoes")


def said(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["coverage", VETOES, *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_json_adds_up() -> None:
    code, out, _ = said("--format", "json")
    data = json.loads(out)
    assert (code, len(data["covered"])) == (0, data["parts"])
    assert sum(bool(one["by"]) for one in data["covered"]) == data["exercised"]
    assert {by for one in data["covered"] for by in one["by"]} <= set(data["cases"])


def test_too_little_is_an_error(tmp_path: Path) -> None:
    # Without the cases beside it, whose number grows.
    scheme = copy(Path(VETOES).parent / "cleared-in-time" / "scheme.yaml", tmp_path)
    result = CliRunner().invoke(app, ["coverage", str(scheme), "--fail-under", "100", "--lang", "zh"])
    assert (result.exit_code, "CR1063" in result.stderr) == (1, True)
    assert "规则与后果" in result.stdout


def test_the_page_is_written(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert said("--format", "html", "--out", str(page), "--lang", "zh")[:2] == (0, "")
    assert page.read_text("utf-8").startswith('<!DOCTYPE html>\n<html lang="zh">')


def test_a_document_is_not_written_over(tmp_path: Path) -> None:
    """`--out scheme.yaml` put the page in the place of the scheme."""
    scheme = tmp_path / "scheme.yaml"
    copy(Path(VETOES) / "scheme.yaml", scheme)
    before = scheme.read_text("utf-8")
    for command in (["coverage", str(scheme)], ["read", str(scheme)], ["models", str(scheme)], ["schema"]):
        result = CliRunner().invoke(app, [*command, "--out", str(scheme), "--lang", "en"])
        assert (result.exit_code, "CR1097" in result.stderr) == (2, True), command
    assert scheme.read_text("utf-8") == before
    out = tmp_path / "report.md"
    out.write_text("an earlier one", encoding="utf-8")
    assert CliRunner().invoke(app, ["read", str(scheme), "--out", str(out)]).exit_code == 0
    assert "an earlier one" not in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--fail-under", "101"], "CR1060"),
        (["--fail-under", "-1"], "CR1060"),
        (["--records", "event=none.csv"], "CR1061"),
        (["--as-of", "2024-02-01"], "CR1061"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_wrong_options_get_a_sentence(arguments: list[str], code: str, language: str) -> None:
    exit_code, out, err = said(*arguments, "--lang", language)
    assert (exit_code, out, code in err) == (2, "", True)


def test_a_scheme_without_examples_is_said_to_have_none(tmp_path: Path) -> None:
    text = (Path(VETOES) / "scheme.yaml").read_text("utf-8").partition("\nexamples:")[0]
    path = tmp_path / "scheme.yaml"
    path.write_text(text + "\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["coverage", str(path), "--lang", "en"])
    assert (result.exit_code, "CR1062" in result.stderr) == (0, True)
    assert ": 0 of " in result.stdout
