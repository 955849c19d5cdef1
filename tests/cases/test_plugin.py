"""Cases as pytest items: the same files, the same failures, nothing where there are none."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

from cases.test_suites import CASES, written
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source

MODULE = "cityrules.cases.plugin"
# Installed, the plugin is there by its entry point, and may not be named as well; beside the sources it has to be.
INSTALLED = any(entry.value == MODULE for entry in entry_points(group="pytest11"))
PLUGIN = () if INSTALLED else ("-p", MODULE)


def ran(folder: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", *PLUGIN, "-p", "no:cacheprovider", "-q", *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def test_cases_are_items_and_failures_say_the_same(tmp_path: Path) -> None:
    written(tmp_path, CASES.replace("grade: {East 2024-03: bad}", "grade: {East 2024-03: good}"))
    code, told = ran(tmp_path, "--cityrules-engine", "both")
    assert code == 1
    assert "cases.yaml::two_findings" in told
    assert "cases.yaml:10:29: error CR701: Example two_findings: grade of East 2024-03 is bad, not good." in told
    assert "good     | bad" in told
    assert "3 passed" in told
    code, told = ran(tmp_path, "cases.yaml::nobody_knows_the_street")
    assert (code, "1 passed" in told) == (0, True)


def test_a_proposed_case_is_skipped_with_the_reason(tmp_path: Path) -> None:
    written(tmp_path, CASES.replace("  two_findings:\n", "  two_findings:\n    status: proposed\n"))
    code, told = ran(tmp_path, "-rs")
    assert (code, "1 skipped" in told) == (0, True)
    assert "proposed, and confirmed by nobody yet (`status: proposed`)" in told


def test_other_files_of_the_name_are_left_alone_and_bad_ones_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("- name: other\n", "utf-8")
    assert ran(tmp_path)[0] == 5  # Nothing was collected.
    written(tmp_path, CASES.replace("scheme: .", "scheme: ./elsewhere"))
    code, told = ran(tmp_path)
    assert code == 2
    assert "CR1041" in told


def test_cases_in_another_encoding_are_an_error_and_not_left_alone(tmp_path: Path) -> None:
    turned = convert(Source("cases.yaml", CASES), "zh", Report(), (CasesDocument,))
    assert turned is not None
    written(tmp_path).write_bytes(turned.encode("gb18030"))
    code, told = ran(tmp_path)
    assert (code, "CR104" in told) == (2, True)


def test_the_plugin_loads_nothing_before_there_is_a_file() -> None:
    code = "import cityrules.cases.plugin, sys; print([n for n in sys.modules if n.startswith('cityrules.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = "'cityrules.text', 'cityrules.text.release', 'cityrules.cases', 'cityrules.cases.plugin'"
    assert done.stdout.strip() == f"[{loaded}]"
