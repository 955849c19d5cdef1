"""Whether a violation can help, told by `cityrules lint`: a finding, a warning that fails nothing, and silences."""

from __future__ import annotations

from pathlib import Path

import cityrules as cr
from cityrules.cli.failures import ERRORS
from cityrules.cli.linting import run_lint

MALFORMED = Path(__file__).parents[1] / "malformed" / "lint"


def told(path: Path) -> list[tuple[str, str, str]]:
    return [(found.code, found.severity, found.path) for found in cr.findings(path)]


def test_a_warning_fails_nothing() -> None:
    path = MALFORMED / "L39-monotony-only-searched.yaml"
    assert told(path) == [("L39", "warning", "records.finding")]
    assert run_lint([str(path)], "en", as_json=False, follow=False) == 0


def test_a_finding_does_until_it_is_silenced(tmp_path: Path) -> None:
    path = MALFORMED / "L37-violation-that-helps.yaml"
    assert told(path) == [("L37", "finding", "measures.score")]
    assert run_lint([str(path)], "en", as_json=False, follow=False) == ERRORS
    silent = tmp_path / "scheme.yaml"
    silent.write_text(path.read_text("utf-8") + "silenced: {L37: {measures.score: a zero is a zero}}\n", "utf-8")
    assert told(silent) == []
    assert run_lint([str(silent)], "en", as_json=False, follow=False) == 0


def test_a_silence_without_a_finding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    text = (MALFORMED / "L39-monotony-only-searched.yaml").read_text("utf-8")
    path.write_text(text + "silenced: {L37: {measures.score: nothing of the kind}}\n", "utf-8")
    assert told(path) == [("L39", "warning", "records.finding"), ("L93", "finding", "silenced.L37.measures.score")]


def test_an_example_that_cannot_be_read_exercises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "scheme.yaml"
    text = (MALFORMED / "L38-never-exercised.yaml").read_text("utf-8")
    path.write_text(text.replace("2024-03-05", "no day"), "utf-8")
    assert {code for code, _, _ in told(path)} == {"L38"}
