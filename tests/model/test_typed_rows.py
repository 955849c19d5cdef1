"""Typed models of rows: their attributes, and that what they hold is what a mapping would hold."""

from __future__ import annotations

import datetime as dt

import cityrules as cr

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
