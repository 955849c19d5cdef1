"""The names an embedding developer uses: loading, overlays, assessing, errors as sentences."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import cityrules as cr
from cityrules.loaded import specs_folder

FOLDER = specs_folder() / "street-order"
DATA: Mapping[str, Any] = {"finding": FOLDER / "sample" / "finding.csv"}
STREETS: Mapping[str, Any] = {"street": FOLDER / "sample" / "street.csv"}


@pytest.fixture(scope="module")
def year() -> cr.Assessment:
    return cr.load("street-order").assess(DATA, targets=STREETS, period="2024", as_of=dt.datetime(2025, 1, 5))


def test_all_public_names_exist() -> None:
    for name in cr.__all__:
        assert getattr(cr, name)
    with pytest.raises(AttributeError):
        cr.nothing_of_this_name  # noqa: B018


def test_importing_the_package_loads_no_heavy_part() -> None:
    code = (
        "import sys, cityrules; "
        "print([m for m in ('pydantic', 'yaml', 'duckdb', 'pyarrow', 'typer', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_scheme_is_found_by_name_by_folder_and_by_file() -> None:
    plans = [cr.load(thing).plan for thing in ("street-order", FOLDER, FOLDER / "scheme.yaml")]
    assert [plan.scheme for plan in plans] == ["street-order"] * 3


def test_the_same_document_from_text_and_from_a_mapping() -> None:
    text = (FOLDER / "scheme.yaml").read_text("utf-8")
    from_text = cr.loads(text)
    from_mapping = cr.load(from_text.document.model_dump(by_alias=True, exclude_unset=True))
    assert from_mapping.document == from_text.document
    assert list(from_mapping.plan.measures) == list(from_text.plan.measures)
    assert cr.load(from_text.document).document == from_text.document


def test_every_problem_is_told_at_once() -> None:
    text = (FOLDER / "scheme.yaml").read_text("utf-8")
    wrong = text.replace("deduct: 0.2", "deduct: O.2").replace("run: grade =", "run: grad =")
    wrong = wrong.replace("empty: 0", "emty: 0")
    with pytest.raises(cr.SchemeError) as caught:
        cr.loads(wrong, "wrong.yaml")
    lines = {d.at.position.line for d in caught.value.diagnostics if d.at}
    assert len(lines) == 3
    assert "wrong.yaml:" in str(caught.value)
    assert "grade" in caught.value.show("zh")


def test_an_overlay_moves_the_line() -> None:
    scheme = cr.load("street-order")
    harder = scheme.overlay({"parameters.fail_line.value": 79})

    def failing(one: cr.Scheme) -> int:
        result = one.assess(DATA, targets=STREETS, period="2024", as_of=dt.datetime(2025, 1, 5))
        return sum(row["grade"] == "不合格" for row in result.rows("grades"))

    assert failing(harder) > failing(scheme)
    with pytest.raises(cr.SchemeError):
        scheme.overlay({"parameters.fail_lin.value": 79})


def test_an_example_that_fails_is_shown_at_its_line() -> None:
    text = (
        (FOLDER / "scheme.yaml")
        .read_text("utf-8")
        .replace("score: {东街 2024-03: 98.10}", "score: {东街 2024-03: 98.2}")
    )
    with pytest.raises(cr.SchemeError) as caught:
        cr.loads(text)
    (found,) = caught.value.diagnostics
    assert found.code == "CR701"
    assert (found.values["found"], found.values["wanted"]) == ("98.10", "98.20")
    assert found.at is not None
    assert cr.loads(text, examples=False).name == "street-order"


def test_values_rows_and_explanations(year: cr.Assessment) -> None:
    grade = year.value("grade", "东街", "2024-03")
    assert grade in ("优秀", "良好", "合格", "不合格")
    for language in ("zh", "en"):
        assert grade in year.why("东街", "2024-03", "grade").render(language)  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        year.value("grade", "东街", "2030-03")
    with pytest.raises(KeyError):
        year.why("不存在", "2024-03")


def test_strict_stops_at_rejects() -> None:
    with pytest.raises(cr.DataError) as caught:
        cr.load("street-order").assess(DATA, targets=STREETS, period="2024", strict=True)
    assert len(caught.value.diagnostics) == 5


def test_unknown_kinds_files_and_periods_are_sentences(tmp_path: Path) -> None:
    scheme = cr.load("street-order")
    for records in ({"findings": []}, {"finding": tmp_path / "none.csv"}, {"finding": 7}):
        with pytest.raises(cr.DataError) as caught:
            scheme.assess(records, targets=STREETS, period="2024")
        assert str(caught.value)
    with pytest.raises(ValueError, match="2024-13"):
        scheme.assess(DATA, targets=STREETS, period="2024-13")


def test_a_check_that_must_hold_stops_the_result() -> None:
    scheme = cr.load("street-order").overlay({"checks.due_after_found.otherwise": "error"})
    finding = {
        "no": "1", "street": "东街", "found_on": "2024-03-05", "matter": "占道经营", "area": 1, "due_on": "2024-03-04",
        "fixed_on": None, "notices": 1, "media": False,
    }  # fmt: skip
    with pytest.raises(cr.CheckFailed) as caught:
        scheme.assess({"finding": [finding]}, targets={"street": [{"name": "东街", "shops": 1}]}, period="2024-03")
    assert "due_after_found" in str(caught.value)


def test_a_single_record() -> None:
    finding = {
        "no": "1", "street": "东街", "found_on": dt.date(2024, 3, 5), "matter": "占道经营", "area": 12,
        "due_on": dt.date(2024, 3, 8), "fixed_on": None, "notices": 2, "media": False,
    }  # fmt: skip
    scheme = cr.load("street-order")
    hits = scheme.score_record("finding", finding, as_of=dt.datetime(2024, 4, 1))
    assert [(hit.rule, hit.clause) for hit in hits.hits] == [
        ("found", "第四条第一项"),
        ("late_large", "第四条第二项"),
        ("twice", "第四条第三项"),
    ]
    with pytest.raises(cr.RecordError):
        scheme.score_record("finding", finding | {"area": "很大"}, as_of=dt.datetime(2024, 4, 1))


def test_typed_models_of_records_and_targets() -> None:
    scheme = cr.load("street-order")
    finding, street = scheme.model("finding"), scheme.model("street")
    row = finding(
        no="1",
        street="东街",
        found_on="2024-03-05",
        matter="占道经营",
        area="12.5",
        due_on="2024-03-08",
        notices=2,
        media=True,
    )
    assert row.model_dump()["area"] == Decimal("12.5")
    assert row.model_dump()["fixed_on"] is None
    result = scheme.assess({"finding": [row]}, targets={"street": [street(name="东街", shops=3)]}, period="2024-03")
    assert result.value("score", "东街", "2024-03") == "96.30"
    assert list(result.rows("rejects")) == []
    for wrong in ({"area": "12.55"}, {"area": -1}, {"matter": "别的"}, {"notices": 51}, {"nothing": 1}, {"street": ""}):
        with pytest.raises(ValidationError):
            finding(**(row.model_dump() | wrong))
    assessment = cr.load("illegal-construction", examples=False).model("month_assessment")
    assert assessment(squad="甲一", period="2008-03", points=90).model_dump()["period"] == "2008-03"
    with pytest.raises(ValidationError):
        assessment(squad="甲一", period="2008", points=90)
    with pytest.raises(KeyError):
        scheme.model("nothing")
