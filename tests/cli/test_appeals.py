"""`appeals`, `--corrections`, `--seal` and `verify`: what they print, and that it is what was found."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner, Result

from cityrules.cli.app import app

HERE = Path(__file__).parent
DATA = ("sample.yaml", "--records", "finding=finding.csv", "--targets", "street=street.csv")
SPAN = ("--period", "2024-01..2024-02", "--corrections", "appeals.csv")
DECIDED = ("--decided", "2024-03-01")


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
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
    # What a digest is hangs on the version of the library, and where the file lies on the machine.
    text = re.sub(r"[0-9a-f]{64}", "DIGEST", re.sub(r"[^\s`]*/([a-z]+\.zip)", r"FOLDER/\1", text))
    path = HERE / "golden" / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


GOLDEN: dict[str, tuple[str, ...]] = {
    "appeals": ("appeals", *DATA, *SPAN, *DECIDED),
    "appeals_most": ("appeals", *DATA, *SPAN, *DECIDED, "--most", "1"),
    "appeals_json": ("appeals", *DATA, *SPAN, *DECIDED, "--format", "json"),
    "appeals_still": ("appeals", *DATA, *SPAN, *DECIDED, "--still", "--every"),
    "appeals_none": ("appeals", *DATA, *SPAN, "--decided", "2024-03-06"),
    "appeals_earlier": ("appeals", *DATA, *SPAN, *DECIDED, "--now", "2024-02-01"),
    "score_corrected": ("score", *DATA, *SPAN, "--as-of", "2024-03-05"),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", GOLDEN)
def test_output_reads_as_recorded(name: str, language: str) -> None:
    compare(f"{name}.{language}", call(*GOLDEN[name], "--lang", language))


def test_the_formats_hold_the_same_verdicts() -> None:
    data = json.loads(call(*GOLDEN["appeals_json"]).stdout)
    rows = list(csv.DictReader(io.StringIO(call("appeals", *DATA, *SPAN, *DECIDED, "--format", "csv").stdout)))
    assert data["verdicts"]
    assert {(row["name"], row["target"], row["period"]) for row in rows} == {
        (one["name"], one["target"] or "", one["period"] or "") for one in data["verdicts"]
    }


@pytest.mark.parametrize("day", ["yesterday", "2024-02-30", ""])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    found = call("appeals", *DATA, *SPAN, "--decided", day)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "CR606" in found.stderr


def test_corrections_that_cannot_be_read_are_told() -> None:
    found = call("score", *DATA, "--period", "2024-01", "--corrections", "street.csv")
    assert found.exit_code == 1
    assert "CR512" in found.stderr


# --------------------------------------------------------------------------------------------------- sealed results


def sealed(folder: Path, *more: str) -> str:
    path = str(folder / "result.zip")
    assert call("score", *DATA, *SPAN, "--as-of", "2024-04-01", "--seal", path, *more).exit_code == 0
    return path


def forged(path: str) -> str:
    """The same with another row in it."""
    other = str(Path(path).with_name("forged.zip"))
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(other, "w") as two:
        for member in one.infolist():
            two.writestr(member, one.read(member).replace(b'"30.5"', b'"3.5"'))
    return other


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_sealed_result_is_verified(tmp_path: Path, language: str) -> None:
    path = str(tmp_path / "result.zip")
    compare(f"seal.{language}", call("score", *DATA, *SPAN, "--seal", path, "--lang", language))
    compare(f"seal_there.{language}", call("score", *DATA, *SPAN, "--seal", path, "--lang", language))
    compare(f"verify.{language}", call("verify", path, "--lang", language))
    compare(f"verify_forged.{language}", call("verify", forged(path), "--lang", language))
    compare(f"verify_nothing.{language}", call("verify", "finding.csv", "--lang", language))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_rows_that_are_not_in_it_have_to_be_handed_in(tmp_path: Path, language: str) -> None:
    path = sealed(tmp_path, "--without-inputs")
    compare(f"verify_without.{language}", call("verify", path, "--lang", language))
    given = ("--records", "finding=finding.csv", "--targets", "street=street.csv", "--corrections", "appeals.csv")
    assert call("verify", path, *given, "--lang", language).exit_code == 0
    found = json.loads(call("verify", path, *given[2:], "--format", "json").stdout)
    assert [one["code"] for one in found["found"]] == ["CR1173"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_inputs_of_no_seal_are_a_slip(language: str) -> None:
    compare(f"seal_inputs.{language}", call("score", *DATA, *SPAN, "--without-inputs", "--lang", language))


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "cannot be used as they are now: 1"), ("zh", "更正后不能采用的记录行：1")]
)
def test_a_correction_that_makes_a_record_unusable_is_told(tmp_path: Path, language: str, heading: str) -> None:
    """What hung on the record was gone from the verdicts, as if the street had been right."""
    with (HERE / "finding.csv").open(encoding="utf-8", newline="") as file:
        number = next(csv.DictReader(file))["no"]
    made = tmp_path / "made.csv"
    made.write_text(
        f"kind,record,known_on,field,value,annulled,reason\nfinding,{number},2024-03-04,found_on,,,slip\n", "utf-8"
    )
    given = (*DATA, "--period", "2024-01..2024-02", "--corrections", str(made), *DECIDED)
    text = call("appeals", *given, "--lang", language).stdout
    told = text[text.index(heading) :]
    assert f", {number}" in told or f"，{number}" in told
    assert "found_on: " in told
    (refused,) = json.loads(call("appeals", *given, "--format", "json").stdout)["refused"]
    assert (refused["record"], refused["reasons"]) == (number, "found_on: missing")


def test_rows_that_cannot_be_used_are_warned_of_as_others_do(tmp_path: Path) -> None:
    """Every other question said so (CR1104); here such rows were passed over in silence. Those of corrected records
    and corrections that were not applied, are told by themselves, and what lies outside of the period is none."""
    found = call("appeals", *DATA, *SPAN, *DECIDED)
    assert "CR1104" in found.stderr
    data = json.loads(call(*GOLDEN["appeals_json"]).stdout)
    table = str(tmp_path / "out")
    assert call("score", *DATA, *SPAN, "--as-of", "2024-03-06", "--out", table).exit_code == 0
    with Path(table, "rejects.csv").open(encoding="utf-8", newline="") as file:
        rejects = [row for row in csv.DictReader(file) if row["kind"] != "corrections"]
    assert data["unusable"] == len(rejects) - len(data["refused"]) > 0
    january = ("--period", "2024-01", "--corrections", "appeals.csv")
    inside = json.loads(call("appeals", *DATA, *january, *DECIDED, "--format", "json").stdout)
    assert inside["unusable"] == data["unusable"]
