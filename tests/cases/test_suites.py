"""Files of cases: found, run on either engine, told with the reason, in both languages."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cityrules.cases.suites import Result, cases_beside, files, is_foreign, open_suite, run, run_all
from cityrules.cases.telling import failure
from cityrules.loaded import ExampleEngine, check
from cityrules.scheme.casebook import is_casebook
from cityrules.scheme.convert import convert
from cityrules.scheme.document import CasesDocument
from cityrules.scheme.schema import text
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source

ROOT = Path(__file__).parents[2]
SCHEME = """\
cityrules: 1
scheme: litter
title: Litter found
clause: Article 1
in_force: {from: 2024-01-01}
targets:
  street: {members: registered}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, pieces: "number(0) [0, ]"}}
measures:
  findings: {for: street each month, count: finding}
  grade: {for: street each month, bands: findings, at_least: {2: bad}, otherwise: good}
consequences:
  warning: {for: street each month, when: grade = "bad", do: warn, kind: circular, to: street}
readings:
  which:
    clause: Article 2
    question: Of how many pieces?
    chosen: any
    because: nothing is said
    others:
      large: {measures.findings.where: pieces > 5}
"""
CASES = """\
cityrules-cases: 1
scheme: .
cases:
  # two make it bad
  two_findings:
    defaults: {finding: {street: East, found_on: 2024-03-01, pieces: 1}}
    given: {targets: {street: [East, West]}, finding: [{}, {pieces: 9}]}
    expect:
      findings: {East 2024-03: 2, West 2024-03: 0}
      grade: {East 2024-03: bad}
      warning: [East 2024-03]
  under_the_other_reading:
    under: {readings.which: large}
    defaults: {finding: {street: East, found_on: 2024-03-01, pieces: 1}}
    given: {targets: {street: [East]}, finding: [{}, {pieces: 9}]}
    expect: {findings: {East 2024-03: 1}, warning: []}
  nobody_knows_the_street:
    given: {targets: {street: [East]}, finding: [{no: A, street: North, found_on: 2024-03-01, pieces: 1}]}
    expect: {rejects: {finding: {A: "street: unknown_target"}}}
  bands_read_something:
    under: {measures.grade.bands: nothing}
    expect: {diagnostics: [CR250]}
"""


def written(folder: Path, cases: str = CASES) -> Path:
    (folder / "scheme.yaml").write_text(SCHEME, "utf-8")
    path = folder / "cases.yaml"
    path.write_text(cases, "utf-8")
    return path


def only(folder: Path, cases: str, name: str) -> Result:
    return run(open_suite(written(folder, cases)), name)


@pytest.mark.parametrize("engine", ["python", "duckdb", "both"])
def test_good_cases_pass_on_either_engine(tmp_path: Path, engine: ExampleEngine) -> None:
    suite = open_suite(written(tmp_path))
    assert suite.found == ()
    assert [(one.name, one.found) for one in run_all(suite, engine)] == [(name, ()) for name in suite.cases]
    assert len(suite.cases) == 4


def test_the_same_cases_in_chinese_words(tmp_path: Path) -> None:
    turned = convert(Source("cases.yaml", CASES), "zh", Report(), (CasesDocument,))
    assert turned is not None
    assert "算例集: 1" in turned
    suite = open_suite(written(tmp_path, turned))
    assert suite.words == "zh"
    assert [one.found for one in run_all(suite)] == [()] * 4
    assert convert(Source("cases.yaml", turned), "en", Report(), (CasesDocument,)) == CASES


def test_a_failure_shows_both_sides_the_line_and_the_reason(tmp_path: Path) -> None:
    wrong = CASES.replace("grade: {East 2024-03: bad}", "grade: {East 2024-03: good}")
    result = only(tmp_path, wrong, "two_findings")
    told = failure(result, "en")
    assert result.failed
    assert "cases.yaml:10:29: error CR701: Example two_findings: grade of East 2024-03 is bad, not good." in told
    assert "   expected | computed\n   good     | bad\n   why:\n" in told
    assert "finding 1" in told or "2 rows" in told or "count" in told
    assert "应得 | 实得" in failure(result, "zh")


def test_a_list_is_told_by_what_only_one_side_has(tmp_path: Path) -> None:
    wrong = CASES.replace("warning: [East 2024-03]", "warning: [West 2024-03]")
    told = failure(only(tmp_path, wrong, "two_findings"), "en")
    assert "West 2024-03 | -" in told
    assert "-            | East 2024-03" in told


def test_only_what_is_named_is_compared(tmp_path: Path) -> None:
    less = CASES.replace("      grade: {East 2024-03: bad}\n      warning: [East 2024-03]\n", "")
    assert not only(tmp_path, less, "two_findings").failed


@pytest.mark.parametrize(
    "expected",
    ["{grade: {}}", "{movements: {}}", "{movements: {score: {}}}", "{movements: {score: {A 2024-03: {late: {}}}}}"],
)
def test_what_compares_nothing_is_no_expectation(tmp_path: Path, expected: str) -> None:
    suite = open_suite(written(tmp_path, CASES.replace("{findings: {East 2024-03: 1}, warning: []}", expected)))
    assert [found.code for found in suite.found] == ["CR337"]


@pytest.mark.parametrize("first", ["cityrules-cases: 1", '"cityrules-cases": 1', "'算例集' : 1", "\ufeff算例集：1"])
def test_a_file_of_cases_is_known_by_its_key_however_it_is_written(first: str) -> None:
    assert is_casebook(f"# cases\n{first}\n" if first[0] != "\ufeff" else first)
    assert not is_casebook(f"cases: |\n  {first}\n")


def test_cases_that_name_another_scheme_are_not_those_beside_this_one(tmp_path: Path) -> None:
    cases = written(tmp_path)
    (tmp_path / "second.yaml").write_text(SCHEME, "utf-8")
    both = tmp_path / "scheme.yaml", tmp_path / "second.yaml"
    assert [cases_beside(scheme) for scheme in both] == [cases, None]
    written(tmp_path, CASES.replace("scheme: .", "scheme: ./second.yaml"))
    assert [cases_beside(scheme) for scheme in both] == [None, cases]


def test_a_case_that_should_be_refused_and_is_not_fails(tmp_path: Path) -> None:
    wrong = CASES.replace("{measures.grade.bands: nothing}", "{measures.grade.label: Grade}")
    result = only(tmp_path, wrong, "bands_read_something")
    assert [found.code for found in result.found] == ["CR1042"]


def test_what_is_refused_expects_nothing_else(tmp_path: Path) -> None:
    wrong = CASES.replace("{diagnostics: [CR250]}", "{diagnostics: [CR250], warning: []}")
    suite = open_suite(written(tmp_path, wrong))
    assert [found.code for found in suite.found] == ["CR324"]
    unchanged = CASES.replace("    under: {measures.grade.bands: nothing}\n", "")
    assert [found.code for found in open_suite(written(tmp_path, unchanged)).found] == ["CR325"]


def test_what_is_wrong_with_the_scheme_is_told_in_the_scheme(tmp_path: Path) -> None:
    path = written(tmp_path)
    (tmp_path / "scheme.yaml").write_text(SCHEME.replace("count: finding", "count: findding"), "utf-8")
    suite = open_suite(path)
    assert suite.scheme is None
    assert {found.at.source.name for found in suite.found if found.at} == {str(tmp_path / "scheme.yaml")}


def test_of_a_folder_schemes_and_cases_below_it(tmp_path: Path) -> None:
    folder = tmp_path / "litter"
    folder.mkdir()
    path = written(folder)
    assert files(tmp_path) == (path, folder / "scheme.yaml")
    assert files(folder) == files(folder / "scheme.yaml") == (folder / "scheme.yaml", path)
    assert files(path) == (path,)


def test_a_proposed_case_waits_and_is_no_case(tmp_path: Path) -> None:
    proposed = CASES.replace("  two_findings:\n", "  two_findings:\n    status: proposed\n")
    suite = open_suite(written(tmp_path, proposed))
    assert (suite.found, suite.waiting) == ((), ("two_findings",))
    assert "two_findings" not in suite.cases
    turned = convert(Source("cases.yaml", proposed), "zh", Report(), (CasesDocument,))
    assert turned is not None
    assert "    状态: 待确认\n" in turned
    assert open_suite(written(tmp_path, turned)).waiting == ("two_findings",)
    wrong = proposed.replace("status: proposed", "status: confirmed")
    assert [found.path for found in open_suite(written(tmp_path, wrong)).found] == ["cases.two_findings.status"]


@pytest.mark.parametrize(("language", "name"), [("en", "cityrules-cases-1"), ("zh", "cityrules-cases-1.zh")])
def test_the_schema_of_the_repository_is_this_one(language: Language, name: str) -> None:
    path, made = ROOT / f"docs/schema/{name}.schema.json", text(language, CasesDocument, "cases")
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(made, "utf-8", newline="\n")
    assert path.read_text("utf-8") == made


@pytest.mark.parametrize("path", sorted(ROOT.glob("specs/**/cases.yaml")), ids=lambda path: path.parent.name)
def test_the_shipped_cases_hold_on_both_engines(path: Path) -> None:
    suite = open_suite(path)
    assert suite.found == ()
    assert [failure(one, "zh") for one in run_all(suite, "both") if one.failed] == []


def test_targets_in_the_wrong_place_are_told_where_they_belong(tmp_path: Path) -> None:
    # There was only a list of what can stand there.
    wrong = CASES.replace("targets: {street: [East, West]}, finding", "street: [East, West], finding")
    found = only(tmp_path, wrong, "two_findings").found
    assert [(one.code, one.values.get("suggestion")) for one in found] == [("CR703", "targets: {street: [...]}")]


ONLY_EAST = SCHEME.replace(
    "street: {members: registered}", "street: {members: registered, fields: {closed: optional flag}}"
).replace(
    "consequences:",
    "  left: {for: street each month, count: finding, where: pieces > 5, applies: closed = null}\nconsequences:",
)


def expecting(folder: Path, scheme: str, expected: str) -> Result:
    west = "{name: West, closed: true}" if scheme == ONLY_EAST else "West"
    cases = CASES.replace("{findings: {East 2024-03: 1}, warning: []}", expected)
    path = written(folder, cases.replace("[East]}, finding: [{}, {p", f"[East, {west}]}}, finding: [{{}}, {{p"))
    (folder / "scheme.yaml").write_text(scheme, "utf-8")
    return run(open_suite(path), "under_the_other_reading")


@pytest.mark.parametrize(
    ("expected", "codes"),
    [
        # It does not apply to West; before 2024 the scheme is not in force.
        ("{left: {West 2024-03: no cell, East 2024-03: 1}}", []),
        ("{left: {East 2023-12: no cell}}", []),
        # There is a cell, with a value; and what has no cell has no missing value either.
        ("{left: {East 2024-03: no cell}}", ["CR701"]),
        ("{left: {West 2024-03: null}}", ["CR710"]),
        # Nobody has heard of it.
        ("{left: {Wset 2024-03: no cell}}", ["CR1092"]),
        ("{left: {Wset 2024-03: 1}}", ["CR1092"]),
        ("{left: {West: no cell}}", ["CR704"]),
    ],
)
def test_that_there_is_no_cell_can_be_expected(tmp_path: Path, expected: str, codes: list[str]) -> None:
    assert [found.code for found in expecting(tmp_path, ONLY_EAST, expected).found] == codes


def test_a_cell_that_is_there_is_shown_beside_none(tmp_path: Path) -> None:
    told = failure(expecting(tmp_path, ONLY_EAST, "{left: {East 2024-03: no cell}}"), "en")
    assert "left of East 2024-03 is 1, not no cell" in told
    assert "no cell  | 1\n" in told


def test_steps_are_expected_of_ladders_alone(tmp_path: Path) -> None:
    """`None` passed for the step of a consequence that has none."""
    for said in ("None", "null", "warn"):
        result = expecting(tmp_path, SCHEME, f"{{warning: {{East 2024-03: {said}}}}}")
        assert [found.code for found in result.found] == ["CR1093"]


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("cityrules-cases: 1\n", True),
        ("cityrules_cases: 1\nscheme: [\n", True),
        ("算例集： 1\n", True),
        ("算例级: 1\n", True),
        ("scheme: .\ncases: {}\n", True),
        ("办法: .\n各算例: {}\n", True),
        ("# cityrules-cases: 1\n- id: 1\n", False),
        ("cases:\n  - name: a\n", False),
        ("tests: {scheme: ., cases: {}}\n", False),
        ("", False),
    ],
)
def test_which_files_called_cases_are_ours(tmp_path: Path, text: str, ours: bool) -> None:
    for encoding in ("utf-8", "gb18030", "utf-8-sig"):
        path = tmp_path / "cases.yaml"
        path.write_bytes(text.encode(encoding))
        assert is_foreign(path) is not ours
        assert cases_beside(tmp_path / "scheme.yaml") == (path if ours else None)


def rejecting(folder: Path, expected: str) -> Result:
    """A case in which two rows contradict each other under one key, and a third one names no street."""
    rows = "{no: A, pieces: 1}, {no: A, pieces: 2}, {no: A, street: North}"
    given = f"{{targets: {{street: [East]}}, finding: [{rows}]}}"
    defaults = "{finding: {street: East, found_on: 2024-03-01, pieces: 1}}"
    case = f"  one:\n    defaults: {defaults}\n    given: {given}\n    expect: {{rejects: {{finding: {expected}}}}}\n"
    return only(folder, f"cityrules-cases: 1\nscheme: .\ncases:\n{case}", "one")


@pytest.mark.parametrize(
    ("expected", "lacking"),
    [
        ('{A: [conflict, conflict, "street: unknown_target"]}', ""),
        ("[A, A, A]", ""),
        ("[A]", "-        | A\n   -        | A\n   (1 alike)"),
        ('{A: [conflict, "street: unknown_target"]}', "-        | A: conflict\n   (2 alike)"),
        ("{A: conflict}", "-        | A: conflict\n   -        | A: street: unknown_target\n   (1 alike)"),
    ],
)
def test_rows_of_one_key_are_refused_each_for_its_reason(tmp_path: Path, expected: str, lacking: str) -> None:
    result = rejecting(tmp_path, expected)
    assert result.failed == bool(lacking)
    assert f"computed\n   {lacking}\n" in failure(result, "en") or not lacking


@pytest.mark.parametrize(
    ("defaults", "code"), [("{findings: {pieces: 1}}", "CR703"), ("{finding: {piece: 1}}", "CR712")]
)
def test_defaults_are_those_of_a_kind_that_there_is(tmp_path: Path, defaults: str, code: str) -> None:
    case = f"  one:\n    defaults: {defaults}\n    given: {{targets: {{street: [East]}}}}\n"
    expect = "    expect: {findings: {East 2024-03: 0}}\n"
    result = only(tmp_path, f"cityrules-cases: 1\nscheme: .\ncases:\n{case}{expect}", "one")
    assert [found.code for found in result.found] == [code]


def test_all_repetitions_of_a_case_together_are_bounded(tmp_path: Path) -> None:
    rows = "{repeat: 60000, row: {}}"
    given = f"{{targets: {{street: [East, West]}}, finding: [{rows}, {rows}]}}"
    suite = open_suite(
        written(tmp_path, CASES.replace("{targets: {street: [East, West]}, finding: [{}, {pieces: 9}]}", given))
    )
    assert [(found.code, found.path) for found in suite.found] == [
        ("CR344", "cases.two_findings.given.finding.1.repeat")
    ]


def test_a_scheme_whose_name_is_too_long_for_a_file_is_not_there(tmp_path: Path) -> None:
    suite = open_suite(written(tmp_path, CASES.replace("scheme: .", f"scheme: ./{'x' * 5000}")))
    assert [found.code for found in suite.found] == ["CR1041"]


def spanning(folder: Path, found_on: str, cell: str) -> Result:
    """A case with a record and an expectation, of a scheme that is in force as long as there are days."""
    given = f"{{targets: {{street: [East]}}, finding: [{{street: East, found_on: {found_on}, pieces: 1}}]}}"
    case = f"  one:\n    given: {given}\n    expect: {{findings: {{East {cell}: 0}}}}\n"
    path = written(folder, f"cityrules-cases: 1\nscheme: .\ncases:\n{case}")
    (folder / "scheme.yaml").write_text(SCHEME.replace("from: 2024-01-01", "from: 1900-01-01"), "utf-8")
    return run(open_suite(path), "one")


@pytest.mark.parametrize(
    ("found_on", "cell", "codes"),
    [
        # A date far away had every month between assessed, by a mere check of the document.
        ("9999-03-04", "2024-03", ["CR1096"]),
        ("2024-01-05", "1923-12", ["CR1096"]),
        ("2023-12-05", "1924-01", []),
        # What counts is how long it is, not when: there is no day behind the last one.
        ("9999-12-31", "9900-01", []),
        ("9999-12-31", "9899-12", ["CR1096"]),
    ],
)
def test_one_case_is_about_a_hundred_years_at_most(tmp_path: Path, found_on: str, cell: str, codes: list[str]) -> None:
    assert [found.code for found in spanning(tmp_path, found_on, cell).found] == codes


def test_the_days_of_an_example_are_bounded_likewise(tmp_path: Path) -> None:
    written(tmp_path)
    given = "{targets: {street: [East]}, finding: [{street: East, found_on: 9999-03-04, pieces: 1}]}"
    example = f"examples:\n  one:\n    given: {given}\n    expect: {{findings: {{East 2024-03: 0}}}}\n"
    (tmp_path / "scheme.yaml").write_text(SCHEME + example, "utf-8")
    assert [(found.code, found.path) for found in check(tmp_path / "scheme.yaml")[1]] == [("CR1096", "examples.one")]


NICKNAMED = SCHEME.replace("street: {members: registered}", "street: {members: registered, aliases: {E: East}}")


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        # A slip of the pen stood in for nobody, and the empty list was right.
        ("values: {findings: {Eastt 2024-03: 5}}, targets: {street: [East]}", ["CR1092"]),
        # What was before likewise: no target, so that nothing is carried on.
        ("values: {findings: {Eastt 2024-02: 0}}, targets: {street: [East]}", ["CR1092"]),
        ("values: {findings: {East 2024-03: 1}}, targets: {street: [East]}", []),
        # By the name that an alias stands for.
        ("values: {findings: {East 2024-03: 1}}, targets: {street: [E]}", []),
        # A record names it, if no accepted one.
        (
            "values: {findings: {Eastt 2024-03: 1}}, targets: {street: [East]},"
            " finding: [{no: A, street: Eastt, found_on: 2024-03-01, pieces: 1}]",
            [],
        ),
    ],
)
def test_what_is_given_is_given_for_somebody(tmp_path: Path, given: str, codes: list[str]) -> None:
    rejects = ", rejects: {finding: [A]}" if "no: A" in given else ""
    case = f"  one:\n    given: {{{given}}}\n    expect: {{warning: []{rejects}}}\n"
    path = written(tmp_path, f"cityrules-cases: 1\nscheme: .\ncases:\n{case}")
    (tmp_path / "scheme.yaml").write_text(NICKNAMED, "utf-8")
    found = run(open_suite(path), "one").found
    assert [one.code for one in found] == codes
    if codes:
        assert found[0].values["suggestion"] == "East"
        assert found[0].path.startswith("cases.one.given.values.findings.Eastt 2024-0")


@pytest.mark.parametrize("words", ["en", "zh"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_sides_are_in_the_words_of_the_document(tmp_path: Path, words: Language, language: Language) -> None:
    """In a document in Chinese words there was `no cell` beside a complaint that says 无此单元."""
    wrong = "{findings: {East 2023-12: 1, East 2024-03: undetermined}, grade: {East 2024-03: no cell}}"
    cases = CASES.replace("{findings: {East 2024-03: 1}, warning: []}", wrong)
    turned = convert(Source("cases.yaml", cases), words, Report(), (CasesDocument,))
    assert turned is not None
    result = only(tmp_path, turned, "under_the_other_reading")
    told = failure(result, language)
    none, open_ = ("无此单元", "未能确定") if words == "zh" else ("no cell", "undetermined")
    lines = told.splitlines()
    rows = [lines[at + 1] for at, line in enumerate(lines) if line.strip().startswith(("expected ", "应得 "))]
    assert [[side.strip() for side in row.split(" | ")] for row in rows] == [["1", none], [open_, "1"], [none, "good"]]
    # The advice says what is to be written there.
    assert f"`{none}`" in told
