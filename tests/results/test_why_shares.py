"""What explanations say of a part of a total: the exact part, and where what remains went."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.loaded import Assessment, loads
from cityrules.results.why_text import render
from cityrules.text.diagnostic import Language

DOCUMENT = """
cityrules: 1
scheme: parts
title: parts
clause: 1
in_force: {from: 2024-01-01}
targets:
  squad: {members: registered, fields: {class: "one of A, B", area: "optional number(1) [0, 1000]", staff: count}}
parameters: {fund: {value: 100, unit: 元}}
measures:
  part:
    for: squad each month
    apportion: fund
    in_proportion_to: area
    among: class
    step: 0.01
    remainder: [high staff, by name]
    missing: skip
    empty: null
    clause: 3
  debt:
    for: squad each month
    apportion: -1 * fund
    in_proportion_to: staff
    among: whole
    step: 1
    remainder: by name
    empty: error
"""


@pytest.fixture(scope="module")
def found() -> Assessment:
    squads = [
        {"name": "a", "class": "A", "area": "50", "staff": "1"},
        {"name": "b", "class": "A", "area": "50", "staff": "2"},
        {"name": "c", "class": "A", "area": "50", "staff": "0"},
        {"name": "d", "class": "A", "staff": "0"},
        {"name": "e", "class": "B", "area": "0", "staff": "0"},
    ]
    scheme = loads(DOCUMENT)
    return scheme.assess({}, targets={"squad": squads}, period="2024-01", as_of=dt.datetime(2024, 2, 2))


@pytest.mark.parametrize(
    ("squad", "measure", "english", "chinese"),
    [
        (
            "b",
            "part",
            [
                "a part of fund = 100, in proportion to area = 50.0 of 150.0, among class, in steps of 0.01",
                "100 × 50.0 / 150.0 = 33.33333333…, in whole steps 33.33",
                "where that is equal high staff, at last by name",
                "a step of what remains goes here: 33.34",
            ],
            ["分摊 fund = 100", "按最小单位取整为 33.33", "尾差中的一个最小单位归此处：33.34"],
        ),
        ("a", "part", ["in whole steps 33.33", "none of what remains goes here"], ["尾差不归此处"]),
        ("d", "part", ["area is missing: no part"], ["area 缺失，不参与分摊"]),
        ("e", "part", ["all of area come to 0"], ["area 合计为 0，无从分摊"]),
        ("a", "debt", ["-100 × 1 / 3 = -33.33333333…, in whole steps -33"], ["-33"]),
        ("b", "debt", ["in whole steps -66", "a step of what remains goes here: -67"], ["归此处：-67"]),
        ("c", "debt", ["-100 × 0 / 3 = 0"], ["-100 × 0 / 3 = 0"]),
    ],
)
def test_the_part_is_told_with_what_remains(
    found: Assessment, squad: str, measure: str, english: list[str], chinese: list[str]
) -> None:
    told: dict[Language, list[str]] = {"en": english, "zh": chinese}
    for language, parts in told.items():
        text = render(found.why(squad, "2024-01", measure), language)
        assert [part for part in parts if part not in text] == [], text
