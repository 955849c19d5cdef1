"""Movements of ledgers under `expect`: by rule and by record, told side by side, accepted, in Chinese words; beside
ranks, consequences, rejects and problems under a named reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityrules.cases.suites import Result, Suite, open_suite, run, run_all
from cityrules.cases.telling import failure
from cityrules.cases.updating import edits_of, updated
from cityrules.loaded import ExampleEngine
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source

SCHEME = """\
cityrules: 1
scheme: moved
title: What moves
clause: Article 1
in_force: {from: 2024-01-01}
targets:
  street: {members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, pieces: "count [1, 9]", gross: flag}
measures:
  score:
    for: street each month
    clause: Article 2
    from: 100
    rules:
      piece: {each: finding, deduct: 0.5, times: pieces}
      gross: {each: finding, when: gross, deduct: 30, replaces: [piece]}
      clean: {when: found = 0, add: 3}
    together: all
    floor: 50
    ceiling: 102
  found: {for: street each month, count: finding}
  place: {for: street each month, rank: high score, among: whole, ties: share}
consequences:
  talk: {for: street each month, when: place = 1, do: talk, kind: talk, to: street}
checks:
  few: {for: street each month, that: found <= 3, otherwise: warn}
readings:
  a_gross_one:
    clause: Article 2
    question: How much is a gross one?
    chosen: thirty
    because: nothing is said
    others:
      fifty: {measures.score.rules.gross.deduct: 50}
"""
CASES = """\
cityrules-cases: 1
scheme: .
cases:
  four_findings:
    defaults: {finding: {street: East, found_on: 2024-03-01, pieces: 1, gross: false}}
    given:
      targets: {street: [East, West]}
      finding: [{no: a, pieces: 3}, {no: b, gross: true}, {no: c, gross: true}, {no: d}, {no: e, street: North}]
    expect:
      movements:
        score:
          East 2024-03:
            piece: {a: -1.5, b: 0, d: -0.5}   # b and c are replaced
            gross: -60
            (floor): 12
            clean: null
          West 2024-03: {clean: 3, (ceiling): -1}
      place: {East 2024-03: 2, West 2024-03: 1}
      talk: [West 2024-03]
      problems: {few: [East 2024-03]}
      rejects: {finding: {e: "street: unknown_target"}}
  a_gross_one_is_fifty:
    under: {readings.a_gross_one: fifty}
    given:
      targets: {street: [East]}
      finding: [{no: b, street: East, found_on: 2024-03-01, pieces: 1, gross: true}]
    expect: {movements: {score: {East 2024-03: {gross: {b: -50}}}}}
"""


def suite(folder: Path, cases: str = CASES) -> Suite:
    (folder / "scheme.yaml").write_text(SCHEME, "utf-8")
    path = folder / "cases.yaml"
    path.write_text(cases, "utf-8")
    return open_suite(path)


def wrong(folder: Path, now: str, instead: str) -> Result:
    assert CASES.count(now) == 1
    return run(suite(folder, CASES.replace(now, instead)), "four_findings")


@pytest.mark.parametrize("engine", ["python", "duckdb", "both"])
def test_what_is_named_of_movements_holds_on_either_engine(tmp_path: Path, engine: ExampleEngine) -> None:
    found = suite(tmp_path)
    assert found.found == ()
    assert [one.found for one in run_all(found, engine)] == [(), ()]


@pytest.mark.parametrize(
    ("now", "instead", "code", "want", "got"),
    [
        ("gross: -60", "gross: -61", "CR1049", "-61", "-60"),
        ("a: -1.5", "a: -1", "CR1049", "-1", "-1.5"),
        ("b: 0", "b: null", "CR1049", "null", "0"),
        ("d: -0.5", "f: -0.5", "CR1049", "-0.5", "null"),
        ("clean: null", "clean: 0", "CR1049", "0", "null"),
    ],
)
def test_another_movement_is_told_side_by_side_with_the_reason(
    tmp_path: Path, now: str, instead: str, code: str, want: str, got: str
) -> None:
    result = wrong(tmp_path, now, instead)
    assert [one.code for one in result.found] == [code]
    told = failure(result, "en")
    width = max(len("expected"), len(want))
    assert f"{'expected':{width}} | computed\n   {want:{width}} | {got}\n" in told
    assert "score · East · 2024-03" in told
    assert "应得" in failure(result, "zh")


def test_that_a_floor_moves_nothing_can_be_expected(tmp_path: Path) -> None:
    """What a ledger is held by has a name also where it holds nothing; what it does not have has none."""
    quiet = CASES.replace("(ceiling): -1}", "(ceiling): -1, (floor): null}")
    assert not run(suite(tmp_path, quiet), "four_findings").failed
    moved = run(suite(tmp_path, quiet.replace("(floor): null", "(floor): 2")), "four_findings")
    assert [one.code for one in moved.found] == ["CR1049"]
    other = run(suite(tmp_path, quiet.replace("(floor): null", "(round): null")), "four_findings")
    assert [one.code for one in other.found] == ["CR703"]


@pytest.mark.parametrize(
    ("now", "instead", "code"),
    [
        ("gross: -60", "grosss: -60", "CR703"),
        ("        score:\n", "        place:\n", "CR1064"),
        ("        score:\n", "        scores:\n", "CR703"),
        ("East 2024-03:\n", "North 2024-03:\n", "CR710"),
        ("gross: -60", "gross: many", "CR707"),
        ("gross: -60", "gross: [-30, -30]", "CR707"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, now: str, instead: str, code: str) -> None:
    assert [one.code for one in wrong(tmp_path, now, instead).found] == [code]


def test_accepted_movements_are_written_where_they_stand(tmp_path: Path) -> None:
    text = CASES.replace("a: -1.5", "a: -2").replace("gross: -60", "gross: -61").replace("clean: null", "clean: 5")
    found = suite(tmp_path, text)
    result = run(found, "four_findings")
    assert found.page is not None
    edits = [edits_of(one, found.page.places, "en") for one in result.ran.differences.values()]
    flat = [edit for some in edits if some is not None for edit in some]
    paths = [one.path for one in result.ran.differences.values()]
    assert updated(Source("cases.yaml", text), flat, paths) == CASES


def test_movements_in_chinese_words(tmp_path: Path) -> None:
    turned = convert(Source("cases.yaml", CASES), "zh", Report(), (CasesDocument,))
    assert turned is not None
    assert "计分明细:" in turned
    assert [one.found for one in run_all(suite(tmp_path, turned))] == [(), ()]
    assert convert(Source("cases.yaml", turned), "en", Report(), (CasesDocument,)) == CASES
