"""Situations written as cases: read back, they give the same and hold on both engines, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cityrules.cases.suites import open_suite, run_all
from cityrules.loaded import load
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.proposing.bench import Bench
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.writing.case import WrittenCase, case_text, casebook_text
from cityrules.text.diagnostic import Language

ROOT = Path(__file__).parents[2] / "specs"
NAMES = ("gallery/acts-counted", "gallery/ladders", "gallery/referred-records", "case-handling-cells", "yuhang")


def drawn(name: str, seed: int = 3) -> tuple[Situation, WrittenCase]:
    """Drawn inputs of a shipped scheme, and the case of all that comes out of them."""
    scheme = load(ROOT / name)
    situation = Situation.of(Drawer(scheme.plan, seed).draw(4))
    named = [one for one in (*scheme.plan.measures, *scheme.plan.consequences) if "." not in one]
    written = Bench(scheme.written, scheme.plan).write(situation, named)
    assert written is not None
    return written.situation, WrittenCase("drawn", written.body, ("what it is for",))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_a_drawn_case_holds_on_both_engines(name: str, language: Language, tmp_path: Path) -> None:
    _, case = drawn(name)
    (tmp_path / "cases.yaml").write_text(casebook_text(str(ROOT / name), [case], language), "utf-8")
    suite = open_suite(tmp_path / "cases.yaml")
    assert suite.found == ()
    assert suite.words == language
    (result,) = run_all(suite, "both")
    assert result.found == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_written_case_gives_what_was_tried(name: str, tmp_path: Path) -> None:
    situation, case = drawn(name)
    (tmp_path / "cases.yaml").write_text(casebook_text(str(ROOT / name), [case]), "utf-8")
    again = Situation.given(open_suite(tmp_path / "cases.yaml").cases["drawn"], load(ROOT / name).plan)
    assert again.span == situation.span
    for rows, there in ((situation.records, again.records), (situation.targets, again.targets)):
        assert {kind: [_said(row) for row in given] for kind, given in rows.items()} == {
            kind: [_said(row) for row in given] for kind, given in there.items()
        }


def _said(row: object) -> dict[str, str]:
    assert isinstance(row, dict)
    return {name: text for name, text in row.items() if text is not None}


def test_a_case_alone_is_what_stands_below_cases() -> None:
    _, case = drawn("gallery/ladders")
    whole, alone = casebook_text("x", [case]), case_text(case)
    assert whole.endswith(alone)
    assert re.match(r"  # what it is for\n  drawn:\n", alone)
