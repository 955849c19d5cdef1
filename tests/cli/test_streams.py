"""Pipes, closed streams, interrupts, warnings and progress: what a terminal does to a command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("typer")
pytest.importorskip("rich")

from typer.testing import CliRunner

from cityrules.cli import console
from cityrules.cli.app import app, run
from cityrules.loaded import specs_folder

HERE = Path(__file__).parent
DATA = ("sample.yaml", "--records", "finding=finding.csv", "--targets", "street=street.csv")
SCORE = ("score", *DATA, "--period", "2024-01..2024-02")
COMMANDS = (SCORE, ("schema",), ("check", "sample.yaml"), ("why", *SCORE[1:], "--target", "东街", "--at", "2024-01"))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    monkeypatch.setenv("CITYRULES_LANG", "en")


def process(*arguments: str, code: str = "from cityrules.__main__ import main; main()", **more: Any) -> Any:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=HERE,
        env={**os.environ, "PYTHONPATH": str(HERE.parents[1] / "src"), "PYTHONIOENCODING": "utf-8"}, **more,
    )  # fmt: skip


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_reader_that_has_seen_enough_is_no_error(arguments: tuple[str, ...]) -> None:
    """`| head` made exit code 1: both click and rich turned the broken pipe into one."""
    with process(*arguments) as started:
        started.stdout.close()
        assert started.stderr.read() == b""
        assert started.wait(60) == 0


@pytest.mark.skipif(os.name != "posix", reason="closes a file descriptor before the start")
@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
def test_a_closed_stdout_is_no_defect(arguments: tuple[str, ...]) -> None:
    """`>&-` made a CR639: Python has no stdout then."""
    code = "import os; os.close(1); import sys; sys.stdout = None; from cityrules.__main__ import main; main()"
    with process(*arguments, code=code) as started:
        assert started.stderr.read() == b""
        assert started.wait(60) == 0


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cityrules.cli.commands.assessments.scheme_or_editions", interrupted)
    monkeypatch.setattr(sys, "argv", ["cityrules", *SCORE])
    assert run() == 130


def test_an_interrupt_while_the_command_line_is_imported() -> None:
    """Made a traceback: the import stood outside of everything that catches."""
    code = """
import sys
class Interrupt:
    def find_spec(self, name, *_):
        if name == "cityrules.cli.app":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
from cityrules.__main__ import main
main()
"""
    with process("schema", code=code) as started:
        assert started.stderr.read() == b""
        assert started.wait(60) == 130


def test_an_unwritable_folder_is_told_before_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was told after it, and the work was lost."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("assessed in vain")

    monkeypatch.setattr("cityrules.loaded.Scheme.assess", never)
    (tmp_path / "file").write_text("")
    result = CliRunner().invoke(app, [*SCORE, "--out", str(tmp_path / "file" / "results")])
    assert result.exit_code == 1
    assert "CR545" in result.stderr


def test_nobody_registered_is_a_warning() -> None:
    """Without `--targets` all rows are rejects, and the summary said no more than that."""
    result = CliRunner().invoke(
        app, ["score", "sample.yaml", "--records", "finding=finding.csv", "--period", "2024-01"]
    )
    assert result.exit_code == 0
    assert "CR614" in result.stderr
    assert "--targets street=FILE" in result.stderr


def test_the_end_of_the_working_calendar_is_told_in_time(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "cityrules: 1\nscheme: s\ntitle: s\nclause: 1\nin_force: {from: 2026-01-01}\n"
        "calendar: {days: stated, start_day: excluded, years: {2026: {off: [2026-01-01]}}}\n"
        "targets: {street: {members: as they appear}}\n"
        "records: {case: {dated: opened, key: [no],\n"
        "    fields: {no: text, street: street, opened: date, done: optional date}}}\n"
        "measures: {in_time: {for: case, deadline: 5 working days, starts: opened, done: done}}\n"
    )
    for language, said in (("en", "ends with 2026"), ("zh", "到 2026 年为止")):
        for period, more, told in (
            ("2026-08", (), False),
            ("2026-10", (), True),
            ("2026-08", ("--as-of", "2026-12-01"), True),
        ):
            call = ["score", str(tmp_path / "s.yaml"), "--period", period, "--lang", language, *more]
            assert (said in CliRunner().invoke(app, call).stderr) is told
    # Whoever counts no working days need not know.
    assert "CR998" not in CliRunner().invoke(app, [*SCORE, "--as-of", "2026-12-31"]).stderr


def test_a_shared_cap_that_began_before_what_is_assessed_is_told() -> None:
    """What was moved before leaves the bound as if unused: that once went by in silence."""
    for language, said in (("en", "which began on 2024-01-01"), ("zh", "自 2024-01-01 开始")):
        for period, told in (("2024-04..2024-06", True), ("2024", False), ("2024-01..2024-02", False)):
            call = ["score", str(specs_folder() / "gallery" / "shared-cap"), "--period", period, "--lang", language]
            found = CliRunner().invoke(app, call).stderr
            assert (said in found) is told
            assert ("CR987" in found) is told


def test_messages_of_why_name_what_was_asked() -> None:
    """`--record` was told to be `KIND=FILE`, an unknown cell was called `*`, and the whole city had no name."""
    why = ["why", *SCORE[1:]]
    for options, code, wanted in (
        (["--record", "finding"], "CR615", "KIND=KEY"),
        (["--target", "东街", "--at", "2023-01"], "CR649", "东街 2023-01"),
        (["--target", "whole", "--at", "2024-01"], "CR649", "whole 2024-01"),
    ):
        result = CliRunner().invoke(app, why + options)
        assert result.exit_code == 2
        assert code in result.stderr
        assert wanted in result.stderr


def test_progress_is_one_line_and_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each measure had a bar of its own, which stood still for ever."""
    with console.progress() as note:
        assert note is None

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> int:
            return len(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Terminal())
    added = []
    add_task = console.Progress.add_task
    monkeypatch.setattr(
        console.Progress, "add_task", lambda self, *args, **more: added.append(args) or add_task(self, *args, **more)
    )
    with console.progress() as note:
        assert note is not None
        for done, stage in enumerate(["inputs", "[red]case", "score"]):
            note(stage, done, 3)
        note("case", 5_000, 0)
    assert len(added) == 1
