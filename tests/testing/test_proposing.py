"""Proposed cases: each holds when it is confirmed, the rule coverage rises by what is said, the same comes again."""

from __future__ import annotations

import datetime as dt
import os
from fractions import Fraction
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.calendar.periods import Span
from cityrules.cases.suites import open_suite, run_all
from cityrules.feel.tree import Months
from cityrules.loaded import SCHEME_FILE, specs_folder
from cityrules.scheme.notation import FieldType
from cityrules.testing.coverage.found import RuleCoverage
from cityrules.testing.proposing.bench import Bench
from cityrules.testing.proposing.gaps import Gap, bound_of, gap
from cityrules.testing.proposing.proposing import ProposedCases
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.proposing.slots import moved
from cityrules.testing.writing.case import WrittenCase, casebook_text
from cityrules.testing.writing.layout import lines
from cityrules.text.diagnostic import Language

HERE = Path(__file__).parent
SPECS = Path(__file__).parents[2] / "specs"
SCHEME = """\
cityrules: 1
scheme: litter
title: Litter found in the streets
clause: Article 1
in_force: {from: 2024-01-01}
targets:
  street: {members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, cleared_on: optional date, pieces: count, severe: flag}
    accepted_if: {some: {that: pieces > 0, clause: Article 6}}
measures:
  left: {for: finding, formula: 'default(cleared_on, date("9999-12-31")) > found_on + duration("P3D")'}
  score:
    for: street each month
    clause: Article 2
    from: 100
    rules:
      heap: {each: finding, when: pieces >= 5 and left, deduct: 10, cap: 20}
      severe: {each: finding, when: severe, deduct: 30}
    floor: 60
  grade: {for: street each month, bands: score, at_least: {90: good}, otherwise: poor, clause: Article 3}
  place: {for: street each month, rank: high score, among: whole, ties: share, clause: Article 4}
consequences:
  talk: {for: street each month, when: grade = "poor", do: talk, kind: talk, to: street, clause: Article 5}
readings:
  heaps:
    clause: Article 2
    question: From how many pieces on is it a heap?
    chosen: five
    because: nothing is said
    others: {ten: {measures.score.rules.heap.when: pieces >= 10 and left}}
"""
SHORT = ("gallery/streaks", "gallery/tiers")


def confirmed(text: str) -> str:
    return "".join(line for line in text.splitlines(True) if line.strip() not in ("status: proposed", "状态: 待确认"))


def keys(coverage: RuleCoverage) -> set[str]:
    return {one.part.mark for one in coverage.missing}


def check(scheme: cr.Scheme, path: Path, folder: Path, language: Language) -> ProposedCases:
    """Every promise about proposed cases, for a scheme at a path with nothing beside it."""
    before = scheme.coverage()
    found = scheme.propose_cases(language=language)
    text = found.text(str(path))
    if not found.proposals:
        assert {one.part.mark for one in found.left} == keys(before)
        return found
    file = folder / "cases.yaml"
    file.write_text(text, "utf-8")
    waiting = open_suite(file)
    assert (waiting.found, waiting.words) == ((), language)
    assert waiting.waiting == tuple(one.name for one in found.proposals)
    assert not waiting.cases
    assert keys(scheme.coverage(cases=file)) == keys(before)
    file.write_text(confirmed(text), "utf-8")
    results = list(run_all(open_suite(file), "both"))
    assert len(results) == len(found.proposals)
    assert {result.id: [str(one) for one in result.found] for result in results if result.failed} == {}
    assert keys(before) - keys(scheme.coverage(cases=file)) >= {one.part.mark for one in found.reached}
    assert {one.part.mark for one in found.left} == keys(before) - {one.part.mark for one in found.reached}
    assert all(one.part.address in text for one in found.left)
    return found


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_small_scheme_is_covered_and_the_file_is_this_one(tmp_path: Path, language: Language) -> None:
    (tmp_path / SCHEME_FILE).write_text(SCHEME, "utf-8")
    scheme = cr.load(tmp_path)
    found = check(scheme, tmp_path, tmp_path, language)
    assert not found.left
    golden = HERE / f"proposed.{language}.yaml"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(found.text("."), "utf-8", newline="\n")
    assert found.text(".") == golden.read_text("utf-8")
    assert scheme.propose_cases(language=language).text(".") == found.text(".")


@pytest.mark.parametrize("name", SHORT)
def test_what_is_proposed_for_a_scheme_holds(name: str, tmp_path: Path) -> None:
    found = check(cr.load(SPECS / name), SPECS / name, tmp_path, "en")
    assert found.reached


def test_what_is_proposed_for_every_scheme_holds(long_run: bool, tmp_path: Path) -> None:
    if not long_run:
        pytest.skip("every scheme: in the long run")
    for path in sorted(specs_folder().rglob(SCHEME_FILE)):
        check(cr.load(path), path, tmp_path, "en")


def test_cases_that_wait_are_not_proposed_again(tmp_path: Path) -> None:
    (tmp_path / SCHEME_FILE).write_text(SCHEME, "utf-8")
    scheme, file = cr.load(tmp_path), tmp_path / "cases.yaml"
    file.write_text(scheme.propose_cases().text("."), "utf-8")
    assert scheme.propose_cases(cases=file).proposals == ()


CHECKED = """\
cityrules: 1
scheme: checked
title: Checked
in_force: {from: 2024-01-01}
targets:
  street: {members: [East, West]}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, bags: count}}
measures:
  findings: {for: street each month, count: finding, where: bags > 3}
checks:
  enough: {for: street each month, that: findings < 3, otherwise: warn}
"""


def test_a_case_just_beside_the_bound_of_a_check_says_that_it_holds() -> None:
    found = cr.loads(CHECKED).propose_cases().proposals
    assert {"enough": []} in [one.expect.get("problems") for one in found]


def test_a_gap_says_what_is_wanting() -> None:
    found = gap(Fraction("88.5"), Fraction(90), Fraction(1, 10))
    assert found == Gap(Fraction("-1.5"), Fraction(1, 10))
    assert [found.to(side) for side in ("below", "equal", "above")] == [
        Fraction("1.4"),
        Fraction("1.5"),
        Fraction("1.6"),
    ]
    assert gap(Months(3), Months(5), None) == Gap(Fraction(-2), Fraction(1))
    assert gap(None, Fraction(1), None) is None
    assert bound_of("just measures.grade.at_least.90 below", "below") == "measures.grade.at_least.90"
    assert bound_of("result grade good", "below") is None


@pytest.mark.parametrize(
    ("type_", "text", "by", "expected"),
    [
        (FieldType("number", scale=1, high=Fraction(100)), "99.5", Fraction("0.46"), "100"),
        (FieldType("number", scale=1, high=Fraction(100)), "99.5", Fraction(1), None),
        (FieldType("count"), "1", Fraction(-2), None),
        (FieldType("date"), "2024-02-28", Fraction(2), "2024-03-01"),
        (FieldType("datetime"), "2024-02-28T23:30", Fraction(1), "2024-02-29T00:30"),
        (FieldType("text"), "x", Fraction(1), None),
        (FieldType("date"), None, Fraction(1), None),
    ],
)
def test_a_value_is_moved_within_its_type(
    type_: FieldType, text: str | None, by: Fraction, expected: str | None
) -> None:
    assert moved(type_, text, by) == expected


def test_what_is_long_has_a_line_for_each_entry() -> None:
    assert list(lines("given", {"a": ["x", "y: z"], "b": None}, 2)) == ['  given: {a: [x, "y: z"], b: null}']
    long = {f"{number} 东街": "一二三四五六七八九十" for number in range(5)}
    assert list(lines("score", long, 0))[:2] == ["score:", "  0 东街: 一二三四五六七八九十"]


CAPPED = """\
cityrules: 1
scheme: capped
title: Capped by the spot and in all
clause: Article 1
in_force: {from: 2024-01-01}
targets: {squad: {members: registered}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, spot: text, what: "one of litter, stall"}
measures:
  score:
    for: squad each month
    from: 100
    rules:
      litter: {each: finding, when: what = "litter", deduct: 3}
      stall: {each: finding, when: what = "stall", deduct: 4}
    caps:
      spot: {at: 5, of: deduct, per: spot}
      all: {at: 37, of: deduct}
    together: all
"""


def test_a_cap_that_needs_many_rows_is_come_to_below_and_beyond(tmp_path: Path) -> None:
    """Nine rows of three and one more of four, each at a spot of its own, come to it; no search found them."""
    (tmp_path / SCHEME_FILE).write_text(CAPPED, "utf-8")
    found = check(cr.load(tmp_path), tmp_path, tmp_path, "en")
    assert [one.part.key for one in found.left if one.part.address == "measures.score.caps.all.at"] == []


def test_what_a_parameter_decides_is_built_from_the_other_names(tmp_path: Path) -> None:
    """No search comes by two sums at once; the parameter in them is what the document says."""
    text = """\
cityrules: 1
scheme: sums
title: Two sums at once
clause: Article 1
in_force: {from: 2024-01-01}
parameters: {total: {value: 90001}}
targets: {street: {members: [East]}}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, street: street, found_on: date, a: "count [0, 99999]", b: "count [0, 99999]"}
measures:
  both: {for: street each month, count: finding, where: a + b = total and a - 3 * b = 5}
"""
    (tmp_path / SCHEME_FILE).write_text(text, "utf-8")
    found = check(cr.load(tmp_path), tmp_path, tmp_path, "en")
    assert [one.part.key for one in found.left] == []


def test_where_nothing_is_proposed_the_text_says_what_is_left() -> None:
    """A file with an empty `cases` is none."""
    left = cr.loads(CHECKED).coverage().missing
    lines_ = ProposedCases((), (), left, 5, "en").text(".").splitlines()
    assert len(lines_) > len({one.part.address for one in left})
    assert all(line.startswith("# ") for line in lines_)
    assert ProposedCases((), (), (), 0, "en").text(".") == ""


def test_at_the_end_of_the_calendar_cases_are_proposed_too(tmp_path: Path) -> None:
    cases = "given: {targets: {street: [East]}}, expect: {score: {East 9999-12: 100}}"
    (tmp_path / SCHEME_FILE).write_text(SCHEME.replace("{from: 2024-01-01}", "{from: 9999-11-01}"), "utf-8")
    path = tmp_path / "cases.yaml"
    path.write_text(f"cityrules-cases: 1\nscheme: .\ncases:\n  last: {{{cases}}}\n", "utf-8")
    found = cr.load(tmp_path / SCHEME_FILE).propose_cases(cases=path)
    assert found.proposals
    path.write_text(confirmed(found.text(".")), "utf-8")
    assert not any(one.failed for one in run_all(open_suite(path)))


def test_rows_refused_under_one_key_are_proposed_each_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / SCHEME_FILE).write_text(SCHEME.replace("key: [no]", "key: [street, found_on]"), "utf-8")
    scheme = cr.load(tmp_path / SCHEME_FILE)
    row = {"no": "1", "street": "East", "found_on": "2024-03-01", "cleared_on": None, "pieces": "1", "severe": "false"}
    days = Span(dt.date(2024, 3, 1), dt.date(2024, 3, 31))
    situation = Situation({"finding": (row, row, row)}, {"street": ({"name": "East"},)}, days)
    made = Bench(scheme.written, scheme.plan).write(situation, ("score",))
    assert made is not None
    assert made.expect["rejects"] == {"finding": {"East / 2024-03-01": ["duplicate", "duplicate"]}}
    path = tmp_path / "cases.yaml"
    path.write_text(casebook_text(".", [WrittenCase("three", made.body)]), "utf-8")
    assert [one.found for one in run_all(open_suite(path))] == [()]
