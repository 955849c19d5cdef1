"""The conformance kit: nothing that is accepted may be wrong, and the listed files are accepted as a whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from cityrules.feel.__main__ import main
from cityrules.feel.conformance import expects_value, read_cases, run

HERE = Path(__file__).parent
SHARED = Path(os.environ.get("CITYRULES_SHARED") or HERE.parents[2] / "shared")
CASES = SHARED / "tck" / "feel-cases.json"
INSIDE = [line for line in (HERE / "conformance-inside.txt").read_text("utf-8").split("\n") if line and line[0] != "#"]

needs_cases = pytest.mark.skipif(not CASES.exists(), reason=f"the conformance cases are not at {CASES}")


@needs_cases
def test_no_accepted_case_is_wrong() -> None:
    assert [outcome for outcome in run(read_cases(CASES)) if outcome.verdict == "disagree"] == []


@needs_cases
@pytest.mark.parametrize("file", INSIDE)
def test_a_listed_file_is_inside(file: str) -> None:
    cases = [case for case in read_cases(CASES) if case["file"] == file]
    assert cases
    wanted = [case for case in cases if expects_value(case)]
    assert [outcome for outcome in run(wanted) if outcome.verdict != "agree"] == []


@needs_cases
def test_the_command_sums_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", str(CASES)]) == 0
    words = capsys.readouterr().out.strip().rsplit("\n", 1)[-1].split()
    assert words[::2] == ["accepted", "agree", "refused"]
    assert int(words[1]) == int(words[3]) > 250


def case(
    expr: str, expected: tuple[str, Any], inputs: dict[str, Any] | None = None, error: bool = False
) -> dict[str, Any]:
    value = {"t": expected[0], "v": expected[1]}
    return {"file": "f", "id": "i", "expr": expr, "inputs": inputs or {}, "error": error, "expected": value}


@pytest.mark.parametrize(
    ("one", "verdict"),
    [
        (case("1 + 1", ("decimal", "2")), "agree"),
        (case("1 + 1", ("decimal", "3")), "disagree"),
        (case("1 / 3", ("decimal", "0.33")), "disagree"),
        (case("1 / 3", ("decimal", "0.33333333")), "agree"),
        (case("1 / 3", ("decimal", "0.33333334")), "disagree"),
        (case("1 = 1", ("decimal", "1")), "disagree"),
        (case("100 * 10", ("decimal", "1E+3")), "agree"),
        (case("1 + 1", ("null", None), error=True), "disagree"),
        (case("A or B", ("null", None), {"A": {"t": "null", "v": None}, "B": {"t": "boolean", "v": "false"}}), "agree"),
        (case("a.b * 2", ("decimal", "6"), {"a": {"t": "context", "v": {"b": {"t": "decimal", "v": "3"}}}}), "agree"),
        (case("t", ("time", "10:00:00"), {"t": {"t": "time", "v": "10:00:00"}}), "refused"),
        (case("a-b", ("decimal", "5"), {n: {"t": "decimal", "v": "1"} for n in ("a", "b", "a-b")}), "refused"),
        (case("if", ("decimal", "5"), {"if": {"t": "decimal", "v": "5"}}), "refused"),
        (case("x = null", ("boolean", "true"), {"x": {"t": "null", "v": None}}), "agree"),
        (case('d + @"P1D"', ("date", "10000-01-01"), {"d": {"t": "date", "v": "9999-12-31"}}), "refused"),
        (case('@"P1Y2M"', ("duration", "P14M")), "agree"),
        # Exact here, rounded to 34 digits on the way there: nothing is claimed.
        (case("1/3 + 1/3 + 1/3", ("decimal", "0.9999999999999999999999999999999999")), "refused"),
        (case("1/3 * 3 = 1", ("boolean", "false")), "refused"),
        (case("0.1 ** 40 + 1 = 1", ("boolean", "true")), "refused"),
        (case("if n = 0 then 0 else 1 / n", ("decimal", "0"), {"n": {"t": "decimal", "v": "0"}}), "refused"),
        (case("2 / 3", ("decimal", "0.6666666666666666666666666666666667")), "agree"),
    ],
)
def test_verdicts(one: dict[str, Any], verdict: str) -> None:
    assert [outcome.verdict for outcome in run([one])] == [verdict]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"expr": 1}]', "[" * 100_000, '[{"expr": "1", "inputs": [1]}]'])
def test_an_unreadable_file_gets_a_sentence(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.json"
    path.write_text(text, "utf-8")
    assert main(["conformance", str(path)]) == 2
    assert str(path) in capsys.readouterr().err


def test_an_absent_file_and_a_wrong_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", str(tmp_path / "absent.json")]) == 2
    assert main(["conform"]) == 2
    assert "usage" in capsys.readouterr().err


def test_a_disagreement_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([case("1 + 1", ("decimal", "3"))]), "utf-8")
    assert main(["conformance", str(path)]) == 1
    assert capsys.readouterr().out.split("\n")[1] == "accepted 1 agree 0 refused 0"
