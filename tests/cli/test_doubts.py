"""What verdicts hang on: what the commands write in both languages, and what cannot be asked.

UPDATE_GOLDEN=1 writes the texts anew.
"""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app

HERE = Path(__file__).parent
DATA = ("--records", "finding=finding.csv", "--targets", "street=street.csv", "--period", "2024-01..2024-02")
EAST = ("counterfactual", "sample.yaml", "--target", "东街", "--at", "2024-01")
LATE = (
    "counterfactual", "street-order", "--records", "finding=late.csv", "--targets", "street=late-street.csv",
    "--period", "2024-01", "--at", "2024-01", "--target", "东街",
)  # fmt: skip


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
    "doubt_grade": (*EAST, "--measure", "grade", *DATA),
    "doubt_wanted": (*EAST, "--measure", "score", "--wanted", ">= 96", *DATA),
    "doubt_never": (*EAST, "--measure", "grade", "--wanted", "不合格", *DATA),
    "doubt_spent": (*EAST, "--measure", "place", "--wanted", "> 3", "--runs", "1", *DATA),
    "doubt_under": (*EAST, "--measure", "circular", "--under", "parameters.pass_line.value=70", *DATA),
    "doubt_late": (*LATE, "--measure", "grade"),
    "doubt_late_short": (*LATE, "--measure", "score", "--wanted", ">= 99.8", "--runs", "3"),
    "doubt_robust": ("robustness", "sample.yaml", *DATA),
    "doubt_robust_cell": ("robustness", "sample.yaml", "--of", "place", "--target", "东街", "--at", "2024-01", *DATA),
    "doubt_robust_short": ("robustness", "sample.yaml", "--runs", "2", "--most", "1", *DATA),
    "wrong_doubt_name": (*EAST, "--measure", "grad", *DATA),
    "wrong_doubt_period": ("counterfactual", "sample.yaml", "--target", "东街", "--measure", "grade", *DATA),
    "wrong_doubt_target": ("counterfactual", "sample.yaml", "--target", "东衔", "--at", "2024-01", "--measure", "grade",
                           *DATA),
    "wrong_doubt_nothing": (*EAST, "--measure", "circular", *DATA),
    "wrong_doubt_wanted": (*EAST, "--measure", "grade", "--wanted", "优", *DATA),
    "wrong_doubt_already": (*EAST, "--measure", "grade", "--wanted", "合格", *DATA),
    "wrong_doubt_there": ("robustness", "sample.yaml", "--target", "东衔", *DATA),
    "wrong_doubt_grades": ("robustness", "sample.yaml", "--under", "measures.grade=null", "--under",
                           "consequences=null", "--under", "readings=null", *DATA),
}  # fmt: skip


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


MARKETS = ("counterfactual", "market-flags", "--period", "2014-01", "--lang", "zh")


def test_where_no_record_bears_on_a_verdict_none_is_counted() -> None:
    """The answer was about the sets of 0 records, and what was verified by 0 runs."""
    told = call(*MARKETS, "--measure", "每次都抽取", "--at", "2014-01")
    assert told.exit_code == 0
    assert told.stdout.rstrip().endswith("没有可能影响它的记录，因此没有可以去掉或更改的记录。")


def test_a_refusal_about_a_scheme_in_chinese_keywords_is_in_chinese() -> None:
    """`市场 each month` stood in a Chinese sentence about a Chinese document, and `holds` in the place of 成立."""
    grain = call(*MARKETS, "--measure", "月得分", "--target", "甲", "--at", "2014").stderr
    assert "`月得分` 的粒度是 `市场 每 月`" in grain
    held = call(*MARKETS, "--measure", "每次都抽取", "--at", "2014-01", "--under", "参数.每月抽取.取值=0").stderr
    assert "`每次都抽取` 已经是 `成立`" in held


def test_data_says_what_the_text_does() -> None:
    for name, rows_of in (("doubt_grade", "sets"), ("doubt_robust", "verdicts")):
        told = json.loads(call(*GOLDEN[name], "--format", "json").stdout)
        rows = list(csv.DictReader(io.StringIO(call(*GOLDEN[name], "--format", "csv").stdout)))
        inner = "records" if rows_of == "sets" else "decisive"
        assert len(rows) == sum(max(1, len(one[inner])) for one in told[rows_of]) > 0
