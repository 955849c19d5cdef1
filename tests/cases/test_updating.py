"""Accepted values are written where they stand, and nothing else changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.test_suites import CASES, SCHEME, written
from cityrules.cli.testing import run_test
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source

WRONG = """\
      findings: {East 2024-03: 7, West 2024-03: 0}   # counted
      grade:
        # by hand
        East 2024-03: "good"   # why?
      warning: []
"""


def rewritten(folder: Path, expect: str) -> tuple[int, str]:
    """What stands under `expect` of the first case after an update, and the exit code."""
    head, _, rest = CASES.partition("      findings: {East 2024-03: 2")
    tail = rest[rest.index("  under_the_other_reading") :]
    path = written(folder, head + expect + tail)
    code = run_test([str(path)], ["two_findings"], "python", True, "en", True)
    made = path.read_text("utf-8")
    assert made.startswith(head)
    assert made.endswith(tail)
    return code, made[len(head) : len(made) - len(tail)]


def test_values_are_written_and_comments_stay(tmp_path: Path) -> None:
    code, made = rewritten(tmp_path, WRONG)
    assert code == 0
    assert made == WRONG.replace("7", "2").replace('"good"', '"bad"').replace("[]", "[East 2024-03]")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("warning: [West 2024-03]", "warning: [East 2024-03]"),
        ("warning: [East 2024-02, East 2024-03, West 2024-03]", "warning: [East 2024-03]"),
        ("warning: [East 2024-03, West 2024-03, West 2024-02]", "warning: [East 2024-03]"),
        ("warning:\n        - West 2024-03  # no\n        - East 2024-03", None),
        ("warning:\n        - West 2024-03\n        - East 2024-03", "warning:\n        - East 2024-03"),
        ("warning:\n        - West 2024-03  # no", "warning:\n        - East 2024-03  # no"),
    ],
)
def test_lists_are_changed_item_by_item(tmp_path: Path, before: str, after: str | None) -> None:
    code, made = rewritten(tmp_path, f"      {before}\n")
    assert (code, made) == (1, f"      {before}\n") if after is None else (0, f"      {after}\n")


def test_a_row_refused_once_more_is_accepted_with_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = CASES.replace(
        "finding: [{no: A, street: North", "finding: [{repeat: 2, row: {no: A, street: North"
    ).replace("pieces: 1}]}\n    expect: {rejects", "pieces: 1}}]}\n    expect: {rejects")
    path = written(tmp_path, cases)
    assert run_test([str(path)], ["nobody_knows_the_street"], "python", True, "en", True) == 0
    assert "finding: - -> A: street: unknown_target\n" in capsys.readouterr().out
    again = '{A: ["street: unknown_target", "street: unknown_target"]}'
    assert path.read_text("utf-8") == cases.replace('{A: "street: unknown_target"}', again)


def test_the_line_endings_of_the_file_stay(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.write_bytes(CASES.replace("East 2024-03: 2,", "East 2024-03: 5,").replace("\n", "\r\n").encode())
    assert run_test([str(path)], [], "python", True, "en", True) == 0
    assert path.read_bytes() == CASES.replace("\n", "\r\n").encode()


def test_where_all_is_well_nothing_is_written(tmp_path: Path) -> None:
    path = written(tmp_path)
    before = path.stat().st_mtime_ns
    assert run_test([str(path)], [], "python", True, "en", True) == 0
    assert path.stat().st_mtime_ns == before


def test_the_examples_of_a_scheme_are_brought_up_to_date_too(tmp_path: Path) -> None:
    path = written(tmp_path)
    body = CASES.partition("cases:\n")[2].replace("East 2024-03: 2,", "East 2024-03: 3,")
    scheme = tmp_path / "scheme.yaml"
    text = scheme.read_text("utf-8") + "examples:\n"
    scheme.write_text(text + body, "utf-8")
    path.unlink()
    assert run_test([str(scheme)], [], "python", True, "en", True) == 0
    assert scheme.read_text("utf-8") == text + CASES.partition("cases:\n")[2]


def test_what_is_accepted_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, CASES.replace("East 2024-03: 2,", "East 2024-03: 5,"))
    assert run_test([str(path)], [], "python", True, "en", True) == 0
    line = next(number for number, said in enumerate(path.read_text("utf-8").splitlines(), 1) if "findings: {" in said)
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == [f"{path}:{line}: findings: 5 -> 2", f"{path}: expectations rewritten: 1"]


def test_a_folder_without_a_case_is_no_success_in_silence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scheme.yaml").write_text(SCHEME, encoding="utf-8")
    assert run_test([str(tmp_path)], [], "python", False, "en", True) == 0
    assert "CR1067" in capsys.readouterr().err
    waiting = CASES.replace("  two_findings:\n", "  two_findings:\n    status: proposed\n")
    head, _, tail = waiting.partition("  under_the_other_reading")
    assert tail
    written(tmp_path, head)
    assert run_test([str(tmp_path)], [], "python", False, "en", True) == 0
    assert "CR1067" not in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "zh"])
def test_that_there_is_no_cell_is_written_too(tmp_path: Path, language: Language) -> None:
    cases = CASES.replace("{findings: {East 2024-03: 1}, warning: []}", "{findings: {East 2023-12: 1}}  # before")
    turned = convert(Source("cases.yaml", cases), language, Report(), (CasesDocument,))
    assert turned is not None
    path = written(tmp_path, turned)
    assert run_test([str(path)], [], "python", True, "en", True) == 0
    said = "无此单元" if language == "zh" else "no cell"
    assert path.read_text("utf-8") == turned.replace("East 2023-12: 1", f"East 2023-12: {said}")


def test_a_slip_of_the_pen_is_not_accepted_as_no_cell(tmp_path: Path) -> None:
    cases = CASES.replace("{findings: {East 2024-03: 1}, warning: []}", "{findings: {Esat 2024-03: 1}}")
    path = written(tmp_path, cases)
    assert run_test([str(path)], [], "python", True, "en", True) == 1
    assert path.read_text("utf-8") == cases


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("{findings: {East 2024-03: 1}, warning: []}", "{findings: {East 2023-12: 1}}", "：findings：1 -> 无此单元\n"),
        ("{findings: {East 2024-03: 1}, warning: []}", "{grade: {East 2024-03: undetermined}}", "未能确定 -> good\n"),
        ("{findings: {East 2024-03: 1}, warning: []}", "{grade.raw: {East 2024-03: bad}}", "grade.原值：bad -> good\n"),
        ("{diagnostics: [CR250]}", "{diagnostics: [CR250, CR251]}", "：诊断：CR251 -> -\n"),
    ],
)
def test_what_is_accepted_is_said_in_the_words_of_the_document(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, said: str
) -> None:
    turned = convert(Source("cases.yaml", CASES.replace(before, after)), "zh", Report(), (CasesDocument,))
    assert turned is not None
    path = written(tmp_path, turned)
    overridden = SCHEME.replace(
        "otherwise: good}", "otherwise: good, overrides: {many: {when: findings > 9, is: bad}}}"
    )
    (tmp_path / "scheme.yaml").write_text(overridden, "utf-8")
    assert run_test([str(path)], [], "python", True, "zh", True) == 0
    assert said in capsys.readouterr().out
