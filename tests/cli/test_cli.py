"""The commands: what they write in both languages, their exit codes, and that no argument makes a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app
from cityrules.engines.base import Inputs, Outcome, Progress, Question
from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded import engines, specs_folder
from cityrules.plan.model import Plan

HERE = Path(__file__).parent
DATA = ("sample.yaml", "--records", "finding=finding.csv", "--targets", "street=street.csv")
SPAN = ("--period", "2024-01..2024-02")


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


def compare(name: str, result: Result) -> None:
    text = f"exit {result.exit_code}\n--- stdout\n{result.stdout}--- stderr\n{result.stderr}"
    path = HERE / "golden" / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


GOLDEN: dict[str, tuple[str, ...]] = {
    "check_good": ("check", "sample.yaml"),
    "check_folder": ("check", "."),
    "check_missing": ("check", "nothing.yaml"),
    "score": ("score", *DATA, *SPAN, "--as-of", "2024-02-20"),
    "score_reading": (
        "score",
        *DATA,
        *SPAN,
        "--reading",
        "which_line=seventy",
        "--under",
        "parameters.pass_line.label=线",
    ),
    "score_strict": ("score", *DATA, *SPAN, "--strict"),
    "why_grade": ("why", *DATA, *SPAN, "--target", "东街", "--at", "2024-01", "--measure", "grade"),
    "why_consequence": ("why", *DATA, *SPAN, "--target", "西街", "--at", "2024-02", "--measure", "circular"),
    "why_all": ("why", *DATA, "--period", "2024-01", "--target", "东街"),
    "why_record": ("why", *DATA, *SPAN, "--record", "finding=2"),
    "readings": ("readings", *DATA, *SPAN),
    "readings_most": ("readings", *DATA, *SPAN, "--most", "1"),
    "readings_csv": ("readings", *DATA, *SPAN, "--format", "csv"),
    "readings_json": ("readings", *DATA, *SPAN, "--format", "json"),
    "diff": ("diff", "proposal.yaml"),
    "diff_under": ("diff", "sample.yaml", "--under", "parameters.pass_line.value=70"),
    "diff_same": ("diff", "sample.yaml", "sample.yaml"),
    "diff_json": ("diff", "sample.yaml", "proposal.yaml", "--format", "json"),
    "diff_overlay": ("diff", "sample.yaml", "proposal.yaml", "--format", "overlay"),
    "which_other": ("diff", "sample.yaml"),
    "read": ("read", "sample.yaml"),
    "read_reading": ("read", "sample.yaml", "--reading", "which_line=seventy"),
    "wrong_kind": ("score", "sample.yaml", "--records", "findings=finding.csv", *SPAN),
    "wrong_option": ("score", "sample.yaml", "--records", "finding.csv", *SPAN),
    "wrong_period": ("score", *DATA, "--period", "2024-13"),
    "wrong_as_of": ("score", *DATA, *SPAN, "--as-of", "yesterday"),
    "wrong_target": ("why", *DATA, *SPAN, "--target", "东", "--at", "2024-01", "--measure", "grade"),
    "wrong_measure": ("why", *DATA, *SPAN, "--target", "东街", "--at", "2024-01", "--measure", "grad"),
    "wrong_grain": ("why", *DATA, *SPAN, "--target", "东街", "--at", "2024", "--measure", "grade"),
    "which_period": ("why", *DATA, *SPAN, "--target", "东街", "--measure", "grade"),
    "which_thing": ("why", *DATA, *SPAN),
    "wrong_reading": ("score", *DATA, *SPAN, "--reading", "which_lin=seventy"),
    "wrong_reading_option": ("score", *DATA, *SPAN, "--reading", "which_line=sevent"),
    "wrong_path": ("score", *DATA, *SPAN, "--under", "parameters.pass_lin.value=3"),
    "wrong_opening": ("score", *DATA, *SPAN, "--opening", "finding.csv"),
    "missing_file": ("score", "sample.yaml", "--records", "finding=none.csv", "--targets", "street=street.csv", *SPAN),
    "missing_column": ("score", "sample.yaml", "--records", "finding=street.csv", *SPAN),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, language: str) -> None:
    result = call(*GOLDEN[name], "--lang", language)
    compare(f"{name}.{language}", result)
    assert result.exit_code in (0, 1, 2)


@pytest.mark.parametrize(
    ("name", "code"),
    [(name, 2) for name in GOLDEN if name.startswith(("wrong", "which")) and name != "wrong_opening"]
    + [("wrong_opening", 1)]
    + [("missing_file", 1), ("missing_column", 1), ("check_missing", 1), ("score_strict", 1)]
    + [("score", 0), ("check_good", 0), ("why_all", 0)],
)
def test_exit_codes(name: str, code: int) -> None:
    assert call(*GOLDEN[name]).exit_code == code


@pytest.mark.parametrize("format", ["csv", "json"])
def test_score_writes_every_table(tmp_path: Path, format: str) -> None:
    result = call("score", *DATA, *SPAN, "--out", str(tmp_path / "a" / "b"), "--format", format)
    assert result.exit_code == 0
    names = {"ledger", "values", "record_values", "grades", "ranks", "consequences", "inputs", "problems", "rejects"}
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == {f"{name}.{format}" for name in names}


def test_score_goes_on_from_an_earlier_one(tmp_path: Path) -> None:
    assert call("score", *DATA, "--period", "2024-01", "--out", str(tmp_path)).exit_code == 0
    assert call("score", *DATA, "--period", "2024-02", "--opening", str(tmp_path / "values.csv")).exit_code == 0
    # A period that is assessed has no opening values.
    again = call("score", *DATA, "--period", "2024-01", "--opening", str(tmp_path / "values.csv"))
    assert again.exit_code == 1
    assert "CR994" in again.output


def test_score_into_a_file_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("")
    result = call("score", *DATA, *SPAN, "--out", str(tmp_path / "x"))
    assert result.exit_code == 1
    assert "CR545" in result.stderr


def test_strict_still_writes_what_was_rejected(tmp_path: Path) -> None:
    result = call("score", *DATA, *SPAN, "--strict", "--out", str(tmp_path))
    assert result.exit_code == 1
    assert len((tmp_path / "rejects.csv").read_text("utf-8").splitlines()) == 3


def test_check_as_json(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("cityrules: 1\nscheme: bad\n")
    result = call("check", "sample.yaml", str(tmp_path / "bad.yaml"), "--format", "json")
    assert result.exit_code == 1
    good, bad = json.loads(result.stdout)
    assert good == {"document": "sample.yaml", "ok": True, "diagnostics": []}
    assert not bad["ok"]
    assert bad["diagnostics"][0]["code"].startswith("CR")


def test_why_as_json() -> None:
    result = call(*GOLDEN["why_grade"], "--format", "json")
    assert json.loads(result.stdout)["values"]["value"] == "合格"


def test_a_folder_without_schemes(tmp_path: Path) -> None:
    result = call("check", str(tmp_path))
    assert result.exit_code == 2
    assert "CR602" in result.stderr


def test_schema(tmp_path: Path) -> None:
    printed = call("schema")
    assert printed.exit_code == 0
    assert json.loads(printed.stdout)["title"]
    assert call("schema", "--out", str(tmp_path / "s.json")).exit_code == 0
    assert (tmp_path / "s.json").read_text("utf-8") == printed.stdout
    assert call("schema", "--out", str(tmp_path)).exit_code == 1


def test_the_system_decides_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "没有错误" not in call("check", "sample.yaml").stdout
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert "没有错误" in call("check", "sample.yaml").stdout
    monkeypatch.setenv("CITYRULES_LANG", "en")
    assert "没有错误" not in call("check", "sample.yaml").stdout


def test_a_defect_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("not\nexpected")

    monkeypatch.setattr("cityrules.cli.asked.load", broken)
    result = call("score", *DATA, *SPAN)
    assert result.exit_code == 3
    assert "CR639" in result.stderr
    assert "RuntimeError: not expected" in result.stderr


def test_a_package_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(*_: object, **__: object) -> None:
        raise ModuleNotFoundError("No module named 'duckdb'", name="duckdb")

    monkeypatch.setattr("cityrules.loaded.Scheme.assess", absent)
    result = call("score", *DATA, *SPAN, "--engine", "duckdb")
    assert result.exit_code == 2
    assert "cityrules[sql]" in result.stderr


@pytest.mark.parametrize(
    ("engine", "used"),
    [((), ["python"]), (("--engine", "duckdb"), ["duckdb"]), (("--engine", "both"), ["python", "duckdb"])],
)
def test_worked_examples_run_on_the_engine_asked_for(
    engine: tuple[str, ...], used: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = engines.engine_of
    monkeypatch.setattr(engines, "engine_of", lambda name: made.append(name) or real(name))
    result = call("check", str(specs_folder() / "gallery" / "beside-others"), *engine)
    assert (result.exit_code, made) == (0, used)


def test_engines_that_differ_fail_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgetful(PythonEngine):
        def assess(self, plan: Plan, inputs: Inputs, question: Question, progress: Progress | None = None) -> Outcome:
            return super().assess(plan, Inputs(), question, progress)

    real = engines.engine_of
    monkeypatch.setattr(engines, "engine_of", lambda name: Forgetful() if name == "duckdb" else real(name))
    result = call("check", str(specs_folder() / "gallery" / "beside-others"), "--engine", "both")
    assert result.exit_code == 1
    assert "CR716" in result.stdout


def _process(
    *arguments: str, code: str = "from cityrules.__main__ import main; main()"
) -> subprocess.CompletedProcess[str]:
    source = str(HERE.parents[1] / "src")
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, encoding="utf-8", cwd=HERE, check=False,
        env={**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def test_as_a_process() -> None:
    assert _process("check", "sample.yaml").returncode == 0
    wrong = _process("score", "sample.yaml", "--period", "x")
    assert (wrong.returncode, "Traceback" in wrong.stderr) == (2, False)
    assert _process("no-such-command").returncode == 2


def test_without_the_extra_it_says_how_to_install() -> None:
    hide = "import sys; sys.modules['typer'] = None; from cityrules.__main__ import main; main()"
    found = _process("check", "sample.yaml", code=hide)
    assert found.returncode == 2
    assert 'pip install "cityrules[cli]"' in found.stderr
    assert "Traceback" not in found.stderr


soup = st.one_of(
    st.sampled_from([
        "check", "score", "why", "readings", "read", "schema", "diff",
        "sample.yaml", "finding.csv", ".", "finding=finding.csv", "finding=.",
        "street=street.csv", "street=sample.yaml", "2024-01", "2024", "东街", "grade", "finding=2", "=", "a=b",
        "which_line=seventy",
        "parameters.pass_line.value=[", "parameters.pass_line=null", "--records", "--targets", "--period", "--as-of",
        "--target", "--at", "--measure", "--record", "--under", "--reading", "--format", "json", "--depth", "0",
        "--most", "--lang", "zh",
        "--strict", "0001", "9999", "2024-01-01", "9999-12-31T23:59:59",
    ]),
    st.text(max_size=6).filter(lambda text: text not in ("--out", "--help")),
)  # fmt: skip


def ends_well(arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.exit_code in (0, 1, 2), result.stderr
    assert result.exception is None or isinstance(result.exception, SystemExit)


@given(st.lists(soup, max_size=8))
def test_no_arguments_make_a_traceback(arguments: list[str]) -> None:
    os.chdir(HERE)
    ends_well(arguments)


@given(
    st.sampled_from(["score", "why"]),
    st.lists(
        st.tuples(
            st.sampled_from(
                ["--as-of", "--target", "--at", "--measure", "--record", "--under", "--reading", "--depth"]
            ),
            soup,
        ),
        max_size=3,
    ),
    st.one_of(st.just("2024-01..2024-02"), soup),
)
@settings(max_examples=60)
def test_no_options_make_a_traceback(command: str, options: list[tuple[str, str]], period: str) -> None:
    os.chdir(HERE)
    ends_well([command, *DATA, "--period", period, *(text for option in options for text in option)])
