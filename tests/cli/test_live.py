"""The command `live`: changes as they become due, and an event that cannot be taken."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

pytest.importorskip("typer")

BUILDINGS = "".join(
    f'{{"post": "building", "row": {{"no": "W{no}", "squad": "A1", "found_on": "2008-05-01"}}}}\n' for no in range(1, 7)
)
# One more than the quota of five.
EVENTS = f"""\
{{"post": "bureau", "row": {{"name": "A", "area": "鱼梁洲"}}}}
{{"post": "squad", "row": {{"name": "A1", "bureau": "A"}}}}

{{"advance": "2009-01-01"}}
{BUILDINGS}{{"annul": "building", "key": {{"no": "W1"}}}}
"""


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str) -> tuple[int, str, str]:
    from cityrules.cli.app import run as main

    fixed = ["live", "illegal-construction", "--period", "2008", "--chain", "plain", "--lang", "zh"]
    monkeypatch.setattr(sys, "argv", ["cityrules", *fixed, *more])
    code = main()
    return code, *capsys.readouterr()


def test_changes_are_told_as_events_come(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(EVENTS))
    code, out, err = run(capsys, monkeypatch, "--events", "-")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        f"2009-01-01 00:00 {word}：A 2008：取消当年评先评优资格，区执法局（大队）；"
        f"一票否决：buildings=6; quota=5；事件 {event}"
        for word, event in (("产生", 9), ("撤回", 10))
    ]


def test_a_journal_is_gone_on_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was told before is not told again."""
    journal, first, second = (tmp_path / name for name in ("journal.jsonl", "first.jsonl", "second.jsonl"))
    lines = EVENTS.splitlines()
    first.write_text("\n".join(lines[:-1]), "utf-8")
    second.write_text(lines[-1], "utf-8")
    said = []
    for events in (first, second):
        code, out, _ = run(capsys, monkeypatch, "--events", str(events), "--journal", str(journal), "--format", "json")
        assert code == 0
        said.append([json.loads(line) for line in out.splitlines()])
    assert [(row["change"], row["consequence"], row["event"]) for rows in said for row in rows] == [
        ("raised", "no_honours", 9),
        ("withdrawn", "no_honours", 10),
    ]


def test_an_event_that_cannot_be_taken_is_told_with_its_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    events = tmp_path / "events.jsonl"
    for line, code in (('{"annul": "building", "key": {"no": "W9"}}', "CR184"), ("{", "CR189"), ("[1]", "CR189")):
        events.write_text(EVENTS + line, "utf-8")
        exit_code, _, err = run(capsys, monkeypatch, "--events", str(events))
        assert exit_code == 1
        assert code in err
        assert "CR620" in err
        assert "第 12 行" in err


def test_an_opening_and_a_revised_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    journal, events, opening = (tmp_path / name for name in ("journal.jsonl", "events.jsonl", "before.csv"))
    opening.write_text("measure,target,period,value\nsquad_failing,A1,2007-12,2\n", "utf-8")
    failing = '{"post": "month_assessment", "row": {"squad": "A1", "period": "2008-01", "points": 60}}'
    events.write_text("\n".join([*EVENTS.splitlines()[:2], failing, '{"advance": "2008-02-01"}']), "utf-8")
    fixed = ("--events", str(events), "--journal", str(journal), "--format", "json")
    code, out, _ = run(capsys, monkeypatch, *fixed, "--opening", str(opening))
    assert code == 0
    assert ("squad_months", "talk") in [(row["consequence"], row["step"]) for row in map(json.loads, out.splitlines())]
    events.write_text("", "utf-8")
    code, _, err = run(capsys, monkeypatch, *fixed)
    assert (code, "CR1031" in err) == (1, True)
    assert run(capsys, monkeypatch, *fixed, "--revised") == (0, "", "")
