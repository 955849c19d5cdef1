"""What a comparison is told in: text and page, in both languages, bounded, and complete in their words.

UPDATE_GOLDEN=1 writes the golden files anew.
"""

from __future__ import annotations

import csv
import html
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cityrules as cr
from cityrules.cli.comparing import tell
from cityrules.compare.documents.comparison import Comparison
from cityrules.compare.documents.telling import told
from cityrules.compare.documents.words import Grid
from cityrules.loaded import specs_folder
from cityrules.results.wording import placeholders, wording

GOLDEN = Path(__file__).parent / "golden"
SAMPLE = specs_folder() / "street-order" / "sample"


@cache
def comparison() -> Comparison:
    scheme = cr.load("street-order", examples=False)
    changes = {
        "parameters.fail_line.value": 75,
        "measures.score.rules.late_large.deduct": "1.5",
        "consequences.failing_months.steps.talk.reaches": 2,
        "checks.fixed_after_found": None,
    }
    # A third of the year, so that the test takes a third of the time.
    with (SAMPLE / "finding.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if "2024-05" <= row["found_on"] < "2024-09"]
    study = scheme.study({"finding": rows}, targets={"street": SAMPLE / "street.csv"}, period="2024-05..2024-08")
    return study.compare(changes)


def same_as_golden(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8", newline="\n")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text(language: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    tell(comparison(), language, "text", tmp_path / "found.txt", 5)
    same_as_golden(f"comparison.{language}.txt", (tmp_path / "found.txt").read_text("utf-8"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_text_of_the_page(language: Any) -> None:
    page = comparison().page(language, 5)
    body = page.partition("<main>")[2]
    cells = re.sub(r"</t[hd]><t[hd][^>]*>", " | ", body)
    lines = [line.strip() for line in html.unescape(re.sub(r"<[^>]+>", "", cells)).splitlines()]
    same_as_golden(f"page.{language}.txt", "\n".join(line for line in lines if line) + "\n")
    # It stands alone: nothing is loaded, nothing runs, and what leads somewhere leads into it.
    assert not re.search(r"<(script|link|img|iframe)|https?:|@import|url\(", page)
    assert set(re.findall(r'href="#(\w+)"', page)) == set(re.findall(r'id="(\w+)"', page))


def test_at_most_so_many_rows_are_shown_and_the_rest_is_counted() -> None:
    whole = [part for part in told(comparison(), "en", 0) if isinstance(part, Grid)]
    few = [part for part in told(comparison(), "en", 2) if isinstance(part, Grid)]
    assert len(whole) == len(few)
    assert all(part.more is None for part in whole)
    for one, other in zip(few, whole, strict=True):
        if other.columns[0][0]:  # A matrix of grades is never cut.
            assert one.rows == other.rows[:2]
            left = len(other.rows) - len(one.rows)
            assert one.more == (f"... and {left} more" if left else None)


def test_what_is_data_is_escaped() -> None:
    text = """
cityrules: 1
scheme: sharp
title: <b>&
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
measures: {score: {for: street each month, label: "<i>", formula: "1", clause: "<1>"}}
"""
    study = cr.loads(text).study({}, targets={"street": [{"name": "<script>x</script>"}]}, period="2024-01")
    page = study.compare({"measures.score.formula": "2"}).page("en")
    assert "&lt;script&gt;x&lt;/script&gt;" in page
    assert not re.search("<(script|b|i)>|<1>", page)


def test_both_languages_say_the_same() -> None:
    words = wording("comparison.yaml", "cityrules.compare.documents")
    for kind, texts in words.lines.items():
        assert texts.keys() == {"en", "zh"}, kind
        assert placeholders(texts["en"]) == placeholders(texts["zh"]), kind
    assert all(texts.keys() == {"en", "zh"} for values in words.lists.values() for texts in values.values())
    room = Path(cr.__file__).parent / "compare" / "documents"
    used = "".join((room / name).read_text("utf-8") for name in ("telling.py", "words.py"))
    for kind in words.lines:
        assert re.search(rf"""["'>]{kind}["']""", used), f"{kind} is said nowhere"


# ----------------------------------------------------------------------------------------------------- the command line

ROWS = ("--records", f"finding={SAMPLE / 'finding.csv'}", "--targets", f"street={SAMPLE / 'street.csv'}")
ASKED = (
    "compare",
    "street-order",
    *ROWS,
    "--period",
    "2024-07",
    "--under",
    "measures.score.rules.late_large.deduct=1.5",
)


def called(*arguments: str) -> tuple[int, str, str]:
    from typer.testing import CliRunner

    from cityrules.cli.app import app

    done = CliRunner().invoke(app, [*ASKED, *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_the_command_tells_the_same_in_every_format(tmp_path: Path) -> None:
    code, said, _ = called("--format", "json", "--lang", "en")
    found = json.loads(said)
    assert code == 0
    assert [(row["target"], row["before"], row["after"]) for row in found["regraded"]] == [
        (row["target"], row["before"], row["after"]) for row in csv_rows(tmp_path, "regraded")
    ]
    assert found["attribution"] == {
        "asked": True,
        "needed": None,
        "given_up": None,
        "exact": True,
        "orders": None,
        "seed": None,
        "runs": 0,
    }
    page = tmp_path / "page.html"
    assert called("--format", "html", "--out", str(page), "--lang", "zh")[:2] == (0, "")
    assert page.read_text("utf-8").startswith('<!DOCTYPE html>\n<html lang="zh">')
    code, said, _ = called("--engine", "duckdb", "--no-causes", "--no-near", "--lang", "en")
    assert code == 0
    assert "Causes were not asked for." in said
    assert "Who stands near a line" not in said


def csv_rows(folder: Path, name: str) -> list[dict[str, str]]:
    assert called("--format", "csv", "--out", str(folder / "tables"))[0] == 0
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--format", "csv"], "CR1110"),
        (["--within", "1e9"], "CR1127"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_wrong_options_get_a_sentence(arguments: list[str], code: str, language: str) -> None:
    exit_code, out, said = called(*arguments, "--lang", language)
    assert (exit_code, out) == (2, "")
    same_as_golden(f"{code}{'.'.join(arguments[1:])}.{language}.txt", said)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            "The second is in force from 2025-01-01 until 2026-01-01. Here it is taken as in force from 2024-01-01,",
        ),
        ("zh", "后一份自 2025-01-01 起、至 2026-01-01 前施行。这里视为与前一份同样自 2024-01-01 起施行，"),
    ],
)
def test_that_the_second_comes_into_force_later_is_said(language: Any, said: str) -> None:
    text = """
cityrules: 1
scheme: later
title: Later
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
measures: {score: {for: street each month, formula: "1", clause: "1"}}
"""
    later = cr.loads(text.replace("from: 2024-01-01", "from: 2025-01-01, until: 2026-01-01"))
    found = cr.loads(text).study({}, targets={"street": [{"name": "A"}]}, period="2024-01").compare(later)
    lines = [part.text for part in told(found, language, 5) if not isinstance(part, Grid)]
    assert lines[2].startswith(said)
    assert len(lines) == 4  # The title, what was asked, this, and that nothing differs.
