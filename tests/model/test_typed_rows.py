"""Typed models of rows: their attributes, and that what they hold is what a mapping would hold."""

from __future__ import annotations

import datetime as dt
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import cityrules as cr
from cityrules.model.source import models_source

DOCUMENT = """
cityrules: 1
scheme: typed
title: typed
in_force: {from: 2024-01-01}
targets:
  squad: {members: registered}
records:
  finding:
    dated: held
    key: [no]
    fields:
      {no: text, squad: squad, held: date, class: text, class_: text, copy: optional number(1), _x: flag, x_: flag}
measures:
  points: {for: finding, formula: 'default(copy, 0)', clause: 1}
"""


def test_fields_whose_attributes_would_be_the_same() -> None:
    """`class` and `class_` became one attribute, so that one was lost; and `assess` did not find the field
    of any attribute with another name than its own."""
    scheme = cr.loads(DOCUMENT)
    model = scheme.model("finding")
    row = {"no": "1", "squad": "S", "held": dt.date(2024, 1, 1), "class": "a", "class_": "b", "_x": True, "x_": False}
    made = model(**row)
    assert (made.class__, made.class_, made.copy_) == ("a", "b", None)  # type: ignore[attr-defined]
    assert made.model_dump() == {**row, "copy": None}
    found = scheme.assess({"finding": [made]}, targets={"squad": [{"name": "S"}]}, period="2024")
    assert list(found.rows("rejects")) == []
    assert [row["value"] for row in found.rows("record_values")] == ["0.0"]
    assert scheme.score_record("finding", made) == scheme.score_record("finding", row)


HARD = r"""
cityrules: 1
scheme: hard
title: hard
in_force: {from: 2024-01-01}
targets:
  city: {members: registered}
  squad_of: {in: city, members: registered, fields: {dt: count, shops: "number(1) [0, 10000] m2"}}
  listed: {members: [甲]}
records:
  finding:
    label: 'a "label" \ with signs'
    clause: 第三条
    dated: held
    key: [no]
    fields:
      no: text
      squad_of: squad_of
      held: date
      at: optional datetime
      class: text
      class_: optional flag
      Decimal: optional number(3)
      str: optional count [2, 9] 户
      dt: "one of a\\b, 'c', 大"
      long: "optional one of LONG"
      面积: number(2)
  squad: {one_per: squad_of each quarter, absent: "null", fields: {n: count}}
  row: {one_per: whole each month, absent: "null", fields: {n: number(0)}}
measures:
  points: {for: finding, formula: '面积', clause: 1}
""".replace("LONG", ", ".join(f"第{number}种情形的完整名称" for number in range(12)))

GOOD = {"no": "1", "squad_of": "S", "held": "2024-01-01", "class": "x", "dt": "大", "面积": "1.25"}
ROWS: list[tuple[str, dict[str, object]]] = [
    ("finding", GOOD),
    ("finding", {**GOOD, "at": "2024-01-01T08:00", "class_": True, "Decimal": "0.125", "str": 2, "dt": "a\\\\b"}),
    ("finding", {**GOOD, "long": "第3种情形的完整名称", "dt": "'c'"}),
    ("finding", {**GOOD, "Decimal": "0.1255", "str": 10, "dt": "中", "面积": "x", "no": ""}),
    ("finding", {**GOOD, "other": 1}),
    ("finding", {}),
    ("finding", {**GOOD, "no": "x" * 10_001, "held": "2024-13-01", "面积": "99999999999999.99"}),
    ("squad_of", {"name": "S", "city": "C", "dt": 1, "shops": "10000"}),
    ("squad_of", {"name": "S", "city": "C", "dt": -1, "shops": "10000.1", "since": "2024-01-01"}),
    ("city", {"name": "C"}),
    ("squad", {"squad_of": "S", "period": "2024-Q1", "n": 0}),
    ("squad", {"squad_of": "S", "period": "2024-Q5", "n": 0}),
    ("row", {"period": "2024-01", "n": 10**15}),
    ("row", {"period": "2024-01", "n": 10**15 - 1}),
]
CLASSES = {"finding": "Finding", "squad_of": "SquadOf", "city": "City", "squad": "Squad", "row": "Row_"}


def written(tmp_path: Path, document: str = HARD) -> Path:
    path = tmp_path / "rows_of_scheme.py"
    path.write_text(models_source(cr.loads(document).plan), encoding="utf-8")
    return path


def outcome(model: type[BaseModel], row: dict[str, object]) -> object:
    """What becomes of a row: its texts, or what is wrong with it."""
    try:
        made = model.model_validate(row)
    except ValidationError as problem:
        return [(error["type"], error["loc"], error["msg"]) for error in problem.errors()]
    return made.model_dump_json(), list(type(made).model_fields)


def test_the_source_of_the_models_behaves_as_the_models(tmp_path: Path) -> None:
    scheme = cr.loads(HARD)
    module = runpy.run_path(str(written(tmp_path)))
    seen = {type(outcome(module[CLASSES[kind]], row)) for kind, row in ROWS}
    assert seen == {list, tuple}
    for kind, row in ROWS:
        assert outcome(module[CLASSES[kind]], row) == outcome(scheme.model(kind), row), (kind, row)
    assert "Listed" not in module
    made = module["Finding"](**GOOD)
    with pytest.raises(ValidationError):
        made.no = "2"
    targets = {"city": [module["City"](name="C")], "squad_of": [module["SquadOf"](name="S", city="C", dt_=1, shops=1)]}
    found = scheme.assess({"finding": [made]}, targets=targets, period="2024")
    assert list(found.rows("rejects")) == []
    assert [row["value"] for row in found.rows("record_values")] == ["1.25"]


def test_the_sources_pass_linter_formatter_and_strict_types(tmp_path: Path) -> None:
    # All at once: strict types cost seconds to begin with.
    for number, document in enumerate([HARD, DOCUMENT, *cr.shipped()]):
        scheme = cr.load(document, examples=False) if document in cr.shipped() else cr.loads(document)
        (tmp_path / f"rows_of_scheme_{number}.py").write_text(models_source(scheme.plan), encoding="utf-8")
    for command in (
        ["ruff", "check", "--isolated", "--line-length=120", "--select=E,F,W,I,UP,B", "--target-version=py311"],
        ["ruff", "format", "--check", "--isolated", "--line-length=120"],
        ["mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command, str(tmp_path)], capture_output=True, text=True, cwd=tmp_path, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
