"""Explanations of every form, as trees and as text in both languages (golden files beside this one).

`UPDATE_GOLDEN=1` writes the files anew; read what changed before it is kept.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cityrules.loaded import Assessment, load
from cityrules.results.explanation import Explanation, line
from cityrules.results.why import Explainer, NothingToExplain, explain
from cityrules.results.why_text import render
from cityrules.results.wording import placeholders, wording
from cityrules.text.catalogue import unfilled
from cityrules.text.vocabulary import vocabulary

HERE = Path(__file__).parent
SOURCES = HERE.parents[1] / "src" / "cityrules" / "results"

BUREAUS = [
    {"name": "东区", "quota": 0, "class": "大"},
    {"name": "西区", "quota": 3, "class": "大"},
    {"name": "南区", "quota": 2, "class": "小"},
]
SQUADS = [
    {"name": "东一", "bureau": "东区"},
    {"name": "东二", "bureau": "东区"},
    {"name": "西一", "bureau": "西区"},
    {"name": "南一", "bureau": "南区"},
]
FINDINGS = [
    {"no": "A1", "squad": "东一", "found_on": "2024-01-03", "size": "12.5", "fixed_on": None, "serious": True},
    {"no": "A2", "squad": "东一", "found_on": "2024-01-04", "size": "20", "fixed_on": "2024-01-04", "serious": False},
    {"no": "A3", "squad": "东二", "found_on": "2024-01-05", "size": "0.5", "fixed_on": "2024-01-09", "serious": False},
    {"no": "B1", "squad": "东一", "found_on": "2024-02-01", "size": "19.9", "fixed_on": None, "serious": True},
    {"no": "B2", "squad": "东一", "found_on": "2024-02-02", "size": "3", "fixed_on": None, "serious": True},
    {"no": "B3", "squad": "东二", "found_on": "2024-02-03", "size": "1", "fixed_on": None, "serious": True},
    {"no": "C1", "squad": "西一", "found_on": "2024-01-31", "size": "2.7", "fixed_on": "2024-01-31", "serious": False},
]
RATINGS = [
    {"squad": squad, "period": f"2024-{month:02d}", "bonus": bonus}
    for month in (1, 2, 3)
    for squad, bonus in (("东一", "1"), ("东二", "10"), ("西一", "0.5"))
    if (squad, month) != ("东二", 2)
]


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    scheme = load(HERE / "why_scheme.yaml")
    return scheme.assess(
        {"finding": FINDINGS, "rating": RATINGS},
        targets={"bureau": BUREAUS, "squad": SQUADS},
        period="2024-01..2024-12",
        as_of=dt.datetime(2024, 3, 15),
    )


@pytest.fixture(scope="module")
def explainer(assessment: Assessment) -> Explainer:
    return Explainer(assessment.plan, assessment.tables, assessment.outcome.facts)


CELLS: dict[str, tuple[str, str | None, str | None]] = {
    "ledger": ("东一", "2024-01", "score"),
    "ledger_cap_and_floor": ("东一", "2024-02", "score"),
    "grade": ("东区", "2024-01", "grade"),
    "grade_best": ("西区", "2024-02", "grade"),
    "mean": ("西区", "2024-01", "bureau_score"),
    "minimum": ("东区", "2024-01", "worst"),
    "portion": ("东区", "2024-01", "late_share"),
    "portion_of_nothing": ("西区", "2024-02", "late_share"),
    "formula": ("西区", "2024-01", "per_quota"),
    "divisor_of_zero": ("东区", "2024-01", "per_quota"),
    "rank": ("东区", "2024-01", "place"),
    "run": ("东区", "2024-02", "failing"),
    "count_of_months": ("东区", "2024", "failed"),
    "ladder": ("东区", "2024-02", "months"),
    "condition": ("西区", "2024-02", "praise"),
    "nothing_follows": ("西区", "2024-02", "months"),
    "undetermined": ("东二", "2024-02", "rated"),
    "undetermined_below": ("东区", "2024-02", "rated_mean"),
    "overview": ("东区", "2024-02", None),
}


def compare(name: str, text: str) -> None:
    path = HERE / "golden" / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text + "\n"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CELLS)
def test_golden(explainer: Explainer, name: str, language: Any) -> None:
    target, period, measure = CELLS[name]
    compare(f"{name}.{language}", explainer.explain(target, period, measure, depth=2).render(language, most=8))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_golden_record(explainer: Explainer, language: Any) -> None:
    compare(f"record.{language}", explainer.record("finding", "A1").render(language))


def test_every_cell_can_be_explained(assessment: Assessment, explainer: Explainer) -> None:
    """No cell raises, and the root of each says the value of its row."""
    kinds = set()
    for row in assessment.rows("values"):
        tree = explainer.explain(str(row["target"]), str(row["period"]), str(row["measure"]))
        assert tree.values.get("value") == row["value"]
        kinds |= {node.kind for node in tree.nodes()}
    for row in assessment.rows("record_values"):
        tree = explainer.record(str(row["record_kind"]), str(row["record"]), str(row["measure"]))
        assert tree.children[-1].values.get("value") == row["value"]
    assert {"movement", "band", "next_band", "rank", "run", "mean", "rounding", "input", "undetermined"} <= kinds


def test_the_movements_of_a_ledger_are_its_score(assessment: Assessment, explainer: Explainer) -> None:
    for row in assessment.rows("values"):
        if row["measure"] == "score" and row["value"] is not None:
            tree = explainer.explain(str(row["target"]), str(row["period"]), "score")
            points = [Decimal(child.values["points"]) for child in tree.children if "points" in child.values]
            assert sum(points) == Decimal(str(row["value"]))


def test_a_cell_is_told_once(explainer: Explainer) -> None:
    tree = explainer.explain("东区", "2024-02", depth=10)
    told = [
        (node.values.get("measure"), node.values.get("target"), node.values.get("period"), node.values.get("record"))
        for node in tree.nodes()
        if node.kind in ("cell", "record_cell")
    ]
    assert len(told) == len(set(told))


def test_depth_bounds_the_tree(explainer: Explainer) -> None:
    shallow = explainer.explain("东区", "2024-01", "grade", depth=0)
    assert [node.kind for node in shallow.nodes() if node.kind in ("cell", "deeper")] == ["cell", "deeper"]
    assert len(list(shallow.nodes())) < len(list(explainer.explain("东区", "2024-01", "grade", depth=1).nodes()))


def test_convenience_and_methods(assessment: Assessment) -> None:
    tree = explain(assessment.plan, assessment.tables, assessment.outcome.facts, "grade", "东区", "2024-01")
    assert tree == assessment.why("东区", "2024-01", "grade")
    data = json.loads(json.dumps(tree.to_json()))
    assert data["kind"] == "cell"
    assert data["values"]["value"] == tree.values["value"]
    assert len(data["children"]) == len(tree.children)


@pytest.mark.parametrize(
    ("target", "period", "measure", "code"),
    [
        ("东", "2024-01", "grade", "CR641"),
        ("nobody", "2024-01", None, "CR641"),
        ("东区", "2024-13", "grade", "CR643"),
        ("东区", "2024-01", "grad", "CR640"),
        ("东区", "2024", "grade", "CR646"),
        ("东区", None, "grade", "CR646"),
        ("东区", "2024-01", "extra", "CR647"),
        ("东区", "2023-01", "grade", "CR648"),
        ("东区", "2023-01", None, "CR649"),
    ],
)
def test_what_is_not_there(explainer: Explainer, target: str, period: str, measure: str, code: str) -> None:
    with pytest.raises(NothingToExplain) as caught:
        explainer.explain(target, period, measure)
    assert isinstance(caught.value, KeyError)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == code
    assert not unfilled(diagnostic)
    assert diagnostic.code in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "key", "measure", "code"),
    [
        ("findng", "A1", None, "CR642"),
        ("finding", "A9", None, "CR644"),
        ("finding", "A1", "grade", "CR645"),
        ("finding", "A1", "nothing", "CR640"),
    ],
)
def test_records_that_are_not_there(explainer: Explainer, kind: str, key: str, measure: str, code: str) -> None:
    with pytest.raises(NothingToExplain) as caught:
        explainer.record(kind, key, measure)
    assert [(d.code, unfilled(d)) for d in caught.value.diagnostics] == [(code, [])]


def test_wording_is_complete() -> None:
    """Every line that the sources make has a sentence, and both languages name the same values and known lists."""
    known = wording()
    made = {
        kind for path in SOURCES.glob("*.py") for kind in re.findall(r'\bline\(\s*"([a-z_]+)"', path.read_text("utf-8"))
    }
    made |= {
        "field",
        "attribute",
        "identity",
        "parameter",
        "name",
        "floor",
        "ceiling",
        "mean",
        "portion",
        "more",
        "cell",
    }
    assert made <= known.lines.keys()
    assert {name: words["zh"] for name, words in known.lists["axes"].items()} == vocabulary().periods
    for kind, texts in known.lines.items():
        assert placeholders(texts["en"]) == placeholders(texts["zh"]), kind
        assert {used for _, used in placeholders(texts["en"]) if used} <= known.lists.keys(), kind
        assert texts["en"].count("[[") == texts["en"].count("]]"), kind
        assert texts["zh"].count("[[") == texts["zh"].count("]]"), kind
    for words in known.lists.values():
        assert all(word.keys() == {"en", "zh"} for word in words.values())


def test_values_are_shown_and_not_obeyed() -> None:
    tree = line("field", name="x[[{value}]]", value="a\x1b[31m{name}" + "b" * 1000)
    text = render(tree)
    assert text.startswith("x[[{value}]] = a\\x1b[31m{name}bbb")
    assert len(text) < 500


def test_the_end_of_a_long_branch_is_shown() -> None:
    tree = Explanation("name", {"name": "root"}, tuple(line("name", name=str(n)) for n in range(10)))
    assert render(tree, most=4) == "root\n├─ 0\n├─ 1\n├─ ... and 6 more\n├─ 8\n└─ 9"
    assert render(tree, most=10).count("\n") == 10
