"""Documents that are based on others: what is taken over, what must be stated, and where complaints stand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.testing.random_schemes.scheme import Written, make_scheme
from cityrules.text.diagnostic import Diagnostic

HEAD = "cityrules: 1\nscheme: own\ntitle: Own\nin_force: {from: 2025-01-01}\n"
BASE = """\
cityrules: 1
scheme: base
title: Base
issuer: somebody
label: the base
clause: all
in_force: {from: 2024-01-01}
parameters:
  pass: {value: 60, clause: '1'}
targets: {squad: {members: registered}}
records:
  mark: {one_per: squad each month, absent: error, fields: {points: "number(1) [0, 100]"}}
measures:
  score: {for: squad each month, formula: points, note: as given}
  good: {for: squad each month, formula: score >= pass}
readings:
  at_least:
    clause: '1'
    question: is the bound in?
    chosen: it is
    because: so
    others: {above: {measures.good.formula: score > pass}}
examples:
  sixty:
    clause: '1'
    given: {targets: {squad: [A]}, values: {score: {A 2024-01: 60}}}
    expect: {good: {A 2024-01: true}}
"""


def check(folder: Path, changes: str, base: str = BASE, head: str = HEAD) -> tuple[cr.Scheme | None, list[Diagnostic]]:
    (folder / "base.yaml").write_text(base, "utf-8")
    (folder / "own.yaml").write_text(f"{head}based_on: base.yaml\n{changes}", "utf-8")
    scheme, found = cr.check(folder / "own.yaml")
    return scheme, list(found)


def loaded(folder: Path, changes: str, base: str = BASE) -> cr.Scheme:
    scheme, found = check(folder, changes, base)
    assert found == []
    assert scheme is not None
    return scheme


def lines(found: list[Diagnostic]) -> list[tuple[str, str, int]]:
    """The code, the file and the line of each complaint."""
    assert all(one.at is not None for one in found)
    return [
        (one.code, Path(one.at.source.name).name, one.at.source.text.count("\n", 0, one.at.start) + 1)
        for one in found
        if one.at is not None
    ]


def test_what_is_not_changed_is_taken_over(tmp_path: Path) -> None:
    scheme = loaded(tmp_path, "changes:\n  parameters.pass.value: 70\n  measures.score.note: null\n")
    document = scheme.document
    assert (document.scheme, str(document.in_force.from_), document.clause) == ("own", "2025-01-01", "all")
    assert (document.issuer, document.label, dict(document.examples)) == (None, None, {})
    assert document.parameters["pass"].value == document.parameters["pass"].value.__class__(70)
    assert document.measures["score"].note is None
    assert list(document.measures) == ["score", "good"]
    assert (document.based_on, dict(document.changes)) == (None, {})


def test_a_base_may_be_taken_as_it_is(tmp_path: Path) -> None:
    assert list(loaded(tmp_path, "").document.measures) == ["score", "good"]


def test_its_examples_are_its_own(tmp_path: Path) -> None:
    example = (
        "examples:\n  sixty:\n    clause: '1'\n    under: {parameters.pass.value: 61}\n"
        "    given: {targets: {squad: [A]}, values: {score: {A 2025-01: 60}}}\n"
        "    expect: {good: {A 2025-01: EXPECTED}}\n"
    )
    changes = "changes: {parameters.pass.value: 50}\n"
    assert check(tmp_path, changes + example.replace("EXPECTED", "false"))[1] == []
    _, found = check(tmp_path, changes + example.replace("EXPECTED", "true"))
    assert [(file, line) for _, file, line in lines(found)] == [("own.yaml", 12)]


def test_a_reading_of_the_base_is_chosen(tmp_path: Path) -> None:
    scheme = loaded(tmp_path, "changes: {readings.at_least: above}\n")
    assert scheme.document.readings["at_least"].chosen == "above"
    assert "score > pass" in str(scheme.document.measures["good"])


def test_readings_of_the_base_are_still_options(tmp_path: Path) -> None:
    scheme = loaded(tmp_path, "changes: {parameters.pass.value: 70}\n")
    assert scheme.overlay({"readings.at_least": "above"}).plan != scheme.plan


def test_a_removed_body_that_a_reading_changes_is_told_once(tmp_path: Path) -> None:
    """Each address in it was an error of its own, in every option."""
    others = "{above: {measures.good.formula: score > pass, measures.good.note: n}, far: {measures.good.label: x}}"
    base = BASE.replace("{above: {measures.good.formula: score > pass}}", others).partition("examples:")[0]
    _, found = check(tmp_path, "changes: {measures.good: null}\n", base)
    assert [(one.code, one.values["address"]) for one in found] == [("CR350", "measures.good.formula")]
    again = base.replace("readings:\n", "readings:\n  other:" + base.partition("  at_least:")[2])
    _, found = check(tmp_path, "changes: {measures.good: null}\n", again)
    assert [one.code for one in found] == ["CR350", "CR350"]
    scheme = loaded(tmp_path, "", base)
    both: list[tuple[str, Any]] = [("measures.good", None), ("readings.at_least", "above")]
    for changes in (dict(both), dict(reversed(both))):
        with pytest.raises(cr.SchemeError) as problem:
            scheme.overlay(changes)
        assert [one.code for one in problem.value.diagnostics] == ["CR358"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ("changes:\n  measures.score.formula: point\n", [("CR250", "own.yaml", 7)]),
        ("changes:\n  records.mark.fields: {other: count}\n", [("CR250", "base.yaml", 14)]),
        ("changes:\n  measures.scor.formula: points\n", [("CR350", "own.yaml", 7)]),
        ("changes:\n  measures.score.label: null\n", [("CR352", "own.yaml", 7)]),
        ("changes:\n  parameters.pass: {value: 70}\n  parameters.pass.note: x\n", [("CR358", "own.yaml", 8)]),
        ("changes: 3\n", [("CR307", "own.yaml", 6)]),
        ("measures: {}\n", [("CR946", "own.yaml", 6)]),
        # Once what stands beside won, and the change was dropped in silence: an example was not run.
        ("changes:\n  title: Other\n  in_force.from: 2020-01-01\n",
         [("CR947", "own.yaml", 7), ("CR947", "own.yaml", 8)]),
        ("changes:\n  examples.one: {given: {}, expect: {good: {A 2024-01: false}}}\nexamples: {}\n",
         [("CR947", "own.yaml", 7)]),
        ("changes:\n  based_on: street-order\n", [("CR947", "own.yaml", 7)]),
        ("chances: {}\n", [("CR301", "own.yaml", 6)]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_was_written(
    tmp_path: Path, changes: str, expected: list[tuple[str, str, int]]
) -> None:
    scheme, found = check(tmp_path, changes)
    assert scheme is None
    assert lines(found) == expected


def test_a_base_is_a_good_document_itself(tmp_path: Path) -> None:
    _, found = check(tmp_path, "changes: {}\n", BASE.replace("formula: points,", "formul: points,"))
    assert {(code, file) for code, file, _ in lines(found)} == {("CR303", "base.yaml")}


@pytest.mark.parametrize("key", ["scheme", "title", "in_force"])
def test_who_it_is_is_never_taken_over(tmp_path: Path, key: str) -> None:
    head = "".join(line + "\n" for line in HEAD.splitlines() if not line.startswith(f"{key}:"))
    _, found = check(tmp_path, "", head=head)
    assert [(one.code, one.values["key"]) for one in found] == [("CR305", key)]


def test_bases_of_bases(tmp_path: Path) -> None:
    (tmp_path / "first.yaml").write_text(BASE, "utf-8")
    middle = HEAD + "based_on: first.yaml\nchanges: {parameters.pass.value: 65}\n"
    scheme = loaded(tmp_path, "changes: {measures.good.label: good}\n", middle)
    assert str(scheme.document.parameters["pass"].value) == "65"
    assert scheme.document.measures["good"].label == "good"


@pytest.mark.parametrize("name", ["../base.yaml", "/etc/base.yaml", "none.yaml", "base", "no-such-scheme", "a\0.yaml"])
def test_nothing_outside_the_folder_is_opened(tmp_path: Path, name: str) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    with pytest.raises(cr.SchemeError) as raised:
        cr.loads(f'{HEAD}based_on: "{name}"\n'.replace("\0", "\\0"), folder=inner)
    assert [one.code for one in raised.value.diagnostics] == ["CR943"]


def test_a_text_without_a_folder_knows_the_shipped_schemes(tmp_path: Path) -> None:
    scheme = cr.loads(f"{HEAD}based_on: case-handling\nchanges: {{measures.closing_rate.empty: 0}}\n")
    assert "closing_rate" in scheme.plan.measures
    with pytest.raises(cr.SchemeError, match="CR943"):
        cr.loads(f"{HEAD}based_on: base.yaml\n")


def test_chinese_keywords_on_a_base_in_english_ones(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE, "utf-8")
    text = (
        "规则语言: 1\n办法: 本市\n标题: 本市办法\n施行: {自: 2025-01-01}\n基于: base.yaml\n"
        "改动:\n  参数.pass.取值: 70\n  指标.good.公式: score > pass\n"
    )
    scheme = cr.loads(text, folder=tmp_path)
    assert scheme.language == "zh"
    assert str(scheme.document.parameters["pass"].value) == "70"
    assert "score > pass" in str(scheme.document.measures["good"])


def test_changes_alone_change_nothing(tmp_path: Path) -> None:
    with pytest.raises(cr.SchemeError) as raised:
        cr.loads(f"{BASE}changes: {{parameters.pass.value: 70}}\n")
    assert [one.code for one in raised.value.diagnostics] == ["CR325"]


def test_the_tables_of_a_base_take_rows_from_beside_it(tmp_path: Path) -> None:
    below = tmp_path / "standard"
    below.mkdir()
    (below / "prices.csv").write_text("size,points\nlarge,2\nsmall,1\n", "utf-8")
    table = (
        "tables:\n  price: {key: [size], columns: {size: 'one of large, small', points: count}, "
        "rows: {sheet: prices.csv}}\n"
    )
    (below / "base.yaml").write_text(BASE + table, "utf-8")
    scheme = cr.loads(f"{HEAD}based_on: standard/base.yaml\n", folder=tmp_path)
    assert len(scheme.document.tables["price"].rows) == 2


@settings(max_examples=settings().max_examples // 4)  # Each loads three whole documents.
@given(st.integers(0, 10**6))
def test_a_scheme_cut_in_two_is_the_whole(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    whole = make_scheme(seed).document
    chance = random.Random(seed)
    base: dict[str, Any] = {**whole, "scheme": "base", "title": "Base"}
    changes: dict[str, Any] = {}
    for section in ("parameters", "records", "measures", "consequences", "checks"):
        for name, body in whole.get(section, {}).items():
            if chance.random() < 0.5:
                base[section] = {**base[section], name: {**body, "note": "not this one"}}
                changes[f"{section}.{name}"] = body
    own = {key: whole[key] for key in ("cityrules", "scheme", "title", "in_force", "clause", "label") if key in whole}
    folder = tmp_path_factory.mktemp("based")
    (folder / "base.yaml").write_text(yaml.dump(base, Dumper=Written, sort_keys=False, allow_unicode=True), "utf-8")
    said = yaml.dump(
        {**own, "based_on": "base.yaml", "changes": changes}, Dumper=Written, sort_keys=False, allow_unicode=True
    )
    based = cr.loads(said, folder=folder)
    direct = cr.loads(yaml.dump(whole, Dumper=Written, sort_keys=False, allow_unicode=True), folder=folder)
    assert based.document == direct.document


@pytest.mark.parametrize(
    "change",
    [
        "tables.price.rows: {sheet: mine.csv}",
        "tables.other: {key: [size], columns: {size: 'one of large, small', points: count}, rows: {sheet: mine.csv}}",
    ],
)
def test_changed_rows_are_taken_from_beside_the_document_that_changes_them(tmp_path: Path, change: str) -> None:
    """They were said to stand in no folder."""
    (tmp_path / "mine.csv").write_text("size,points\nlarge,7\nsmall,3\n", "utf-8")
    table = (
        "tables:\n  price: {key: [size], columns: {size: 'one of large, small', points: count}, "
        "rows: [[large, 2], [small, 1]]}\n"
    )
    scheme = loaded(tmp_path, f"changes:\n  {change}\n", BASE + table)
    name = change.split(".")[1].partition(":")[0]
    assert [str(row[1]) for row in scheme.document.tables[name].rows] == ["7", "3"]


def test_what_is_wrong_in_a_sheet_of_changes_is_told_at_its_cell(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("size,points\nlarge,7\nsmall,few\n", "utf-8")
    table = (
        "tables:\n  price: {key: [size], columns: {size: 'one of large, small', points: count}, "
        "rows: [[large, 2], [small, 1]]}\n"
    )
    _, found = check(tmp_path, "changes:\n  tables.price.rows: {sheet: mine.csv}\n", BASE + table)
    assert [Path(one.at.source.name).name for one in found if one.at is not None] == ["mine.csv!B3"]
