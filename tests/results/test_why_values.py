"""What explanations say of tables, cases, tiers, weights and overrides, in both languages."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.loaded import Assessment, loads
from cityrules.results.why_text import render

DOCUMENT = """
cityrules: 1
scheme: values
title: values
clause: 1
in_force: {from: 2024-01-01}
parameters: {share: {value: 40%, clause: 9}}
tables:
  price:
    {key: [class], columns: {class: "one of A, B", rate: number(2)}, rows: [[A, 1.5], [B, 2]], clause: 8, label: list}
targets:
  squad: {members: registered, fields: {class: "one of A, B", area: "number(1) [0, 1000]", mark: optional number(1)}}
measures:
  rate: {for: squad each month, formula: price(class).rate}
  kind:
    for: squad each month
    choose: {small: {when: area < 10, give: little, clause: 2.1}, wide: {when: area > 100, give: much, clause: 2.2}}
    otherwise: middling
  fee: {for: squad each month, tiers: area, up_to: {100: 0.5, 200: 0.25}, beyond: 0, apply: marginal}
  flat: {for: squad each month, tiers: area, up_to: {100: 0.5, 200: 0.25}, beyond: 0, apply: whole}
  total: {for: squad each month, weighted: {area: 60%, mark: share}, total: 100%, missing: 7}
  scaled: {for: squad each month, weighted: {area: 0.6, mark: share}, total: 1, missing: rescale, round: half up to 1}
  place: {for: squad each month, rank: [high month.number, low area], among: whole, ties: share}
  score: {for: squad each month, formula: area, overrides: {veto: {when: rate < 2, is: 0, clause: 5}}}
"""


@pytest.fixture(scope="module")
def found() -> Assessment:
    scheme = loads(DOCUMENT)
    squads = [
        {"name": "a", "class": "A", "area": "150", "mark": None},
        {"name": "b", "class": "B", "area": "50", "mark": "20"},
    ]
    return scheme.assess({}, targets={"squad": squads}, period="2024-01", as_of=dt.datetime(2024, 2, 2))


@pytest.mark.parametrize(
    ("measure", "squad", "english", "chinese"),
    [
        ("rate", "a", "list · price(class).rate = 1.50 (table, clause 8)", "price(class).rate = 1.50（表，依据：8）"),
        ("kind", "a", "small: area < 10 does not hold", "small：area < 10 不成立"),
        ("kind", "a", "wide: area > 100 holds, so much (clause 2.2)", "wide：area > 100 成立，取 much（依据：2.2）"),
        ("kind", "b", "no branch holds, otherwise middling", "各分支均不成立，取 middling"),
        ("fee", "a", "50 × 0.25 (up to 200)", "50 × 0.25（200 以下）"),
        ("fee", "a", "area = 150.0 by tiers, each rate on the part in its tier", "area = 150.0 分段计算，各段分别计"),
        ("flat", "a", "150 × 0.25 (up to 200)", "150 × 0.25（200 以下）"),
        ("total", "b", "mark = 20.0 × share", "mark = 20.0 × share"),
        (
            "total",
            "a",
            "mark = 7.0 × share (missing, the stated value stands in)",
            "mark = 7.0 × share（缺失，按规定代入）",
        ),
        ("scaled", "a", "rescaled: what is there has the weights 0.6", "按现有权重折算：0.6"),
        ("score", "a", "override veto: rate < 2 holds, so 0 instead of the raw value (clause 5)", "以 0 代替原值"),
        ("score", "a", "score.raw · a · 2024-01 = 150.0", "score.raw · a · 2024-01 = 150.0"),
        ("place", "a", "where that is equal, low area first", "相同时，area 低者在前"),
        ("place", "a", "1. b = 1, 50", "1. b = 1, 50"),
        ("score", "b", "veto: rate < 2 does not hold", "veto：rate < 2 不成立"),
    ],
)
def test_the_lines_of_a_value(found: Assessment, measure: str, squad: str, english: str, chinese: str) -> None:
    tree = found.why(squad, "2024-01", measure)
    assert english in render(tree, "en")
    assert chinese in render(tree, "zh")


def test_what_is_there_says_what_the_values_were(found: Assessment) -> None:
    rows = [row[3:7] for row in found.tables["inputs"].rows() if row[1] == "a"]
    assert rows == [
        ("scaled", "area", "150.0", "used"),
        ("scaled", "mark", None, "missing"),
        ("total", "area", "150.0", "used"),
        ("total", "mark", "7.0", "replaced"),
    ]
