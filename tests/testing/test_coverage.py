"""What examples exercise: every part of a plan is seen when it decides something, and watching changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

import cityrules as cr
from cityrules.engines.python.engine import PythonEngine
from cityrules.lint.plan.unexercised import exercised
from cityrules.testing.agreement import differences
from cityrules.testing.coverage.parts import parts
from cityrules.testing.coverage.trace import Trace
from cityrules.testing.given import prepare

GALLERY = Path(__file__).parents[2] / "specs" / "gallery"

DOCUMENT = """
cityrules: 1
scheme: all-parts
title: One of everything
clause: "1"
in_force: {from: unstated}
targets:
  squad: {members: [A, B]}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, heaps: "count [0, 9]", by: text}
    accepted_if: {signed: {that: 'by != "nobody"'}}
measures:
  found: {for: squad each month, count: finding}
  score:
    for: squad each month
    from: 100
    rules:
      few: {each: finding, when: heaps < 5, deduct: 'if heaps = 0 then 1 else 2'}
      many: {each: finding, when: heaps >= 5, deduct: 10}
    together: all
    overrides: {quiet: {when: found = 0, is: 50}}
  grade: {for: squad each month, bands: score, at_least: {90: good}, otherwise: poor}
  word: {for: squad each month, otherwise: busy, choose: {idle: {when: found = 0, give: idle}}}
consequences:
  talk: {for: squad each month, when: score < 60, do: talk, kind: talk}
  climbing:
    for: squad each month
    ladder: found
    restarts: no
    together: highest
    steps: {one: {reaches: 1, do: a, kind: talk}, two: {reaches: 2, do: b, kind: talk}}
checks:
  most: {for: squad each month, that: found < 3, otherwise: warn}
examples:
  tried:
    given:
      targets: {}
      finding: ROWS
    expect: {found: {A 2024-03: NUMBER}}
"""

ADDRESSES = {
    "records.finding.accepted_if.signed", "measures.score.rules.few", "measures.score.rules.few.deduct.then",
    "measures.score.rules.few.deduct.else", "measures.score.rules.many", "measures.score.overrides.quiet",
    "measures.grade.at_least.90", "measures.grade.otherwise", "measures.word.choose.idle", "measures.word.otherwise",
    "consequences.talk", "consequences.climbing.steps.one", "consequences.climbing.steps.two", "checks.most",
}  # fmt: skip
ROW = "{{squad: A, found_on: 2024-03-05, heaps: {}, by: me}}"


def tried(rows: list[str], number: int) -> cr.Scheme:
    text = DOCUMENT.replace("ROWS", f"[{', '.join(rows)}]").replace("NUMBER", str(number))
    return cr.loads(text.replace("      targets: {}\n", ""), examples=False)


@pytest.mark.parametrize(
    ("rows", "number", "seen"),
    [
        # Somebody without a finding: the override, its grade, the first branch and what follows below 60.
        ([], 0, {"measures.score.overrides.quiet", "measures.grade.otherwise", "measures.word.choose.idle",
                 "consequences.talk"}),
        ([ROW.format(0)], 1, {"measures.score.rules.few", "measures.score.rules.few.deduct.then",
                              "measures.grade.at_least.90", "measures.word.otherwise",
                              "consequences.climbing.steps.one"}),
        ([ROW.format(1)], 1, {"measures.score.rules.few", "measures.score.rules.few.deduct.else",
                              "measures.grade.at_least.90", "measures.word.otherwise",
                              "consequences.climbing.steps.one"}),
        ([ROW.format(5)] * 3, 3, {"measures.score.rules.many", "measures.word.otherwise", "checks.most",
                                  "consequences.climbing.steps.two"}),
    ],
)  # fmt: skip
def test_each_part_is_seen_when_it_decides(rows: list[str], number: int, seen: set[str]) -> None:
    scheme = tried(rows, number)
    every = parts(scheme.plan)
    assert {part.address for part in every} == ADDRESSES
    quiet = {"measures.score.overrides.quiet", "measures.grade.otherwise", "measures.word.choose.idle",
             "consequences.talk"}  # fmt: skip
    # The other squad has no finding in any of them.
    marks = exercised(scheme)
    assert {part.address for part in every if part.mark in marks} == seen | quiet


def test_a_refused_row_exercises_its_condition() -> None:
    scheme = tried([ROW.format(0).replace("by: me", "by: nobody")], 0)
    marks = exercised(scheme)
    assert "records.finding.accepted_if.signed" in {one.address for one in parts(scheme.plan) if one.mark in marks}


@pytest.mark.parametrize("name", ["choose", "overrides", "expressions", "tiers", "steps"])
def test_watching_changes_nothing(name: str) -> None:
    scheme = cr.load(GALLERY / name / "scheme.yaml", examples=False)
    for example, body in scheme.document.examples.items():
        case = prepare(example, body, scheme.plan)
        one, two = (engine.assess(scheme.plan, case.inputs, case.question) for engine in (
            PythonEngine(), PythonEngine(Trace())))  # fmt: skip
        assert differences(one, two) == []
