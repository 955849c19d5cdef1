"""Grains with dimensions: cells for pairs of a target and an item, what reaches them, what is read and folded there."""

from __future__ import annotations

from cityrules.results.why import Explainer
from engines.handmade import Results, assess, plan_of

CITY = """
targets:
  bureau: {members: registered, fields: {quota: count}}
  squad: {in: bureau, members: registered}
  item: {members: [road, wall]}
  who: {members: as they appear}
records:
  finding:
    dated: held
    key: [no]
    fields: {no: text, squad: squad, helper: optional squad, item: optional item, held: date, n: count}
  mark: {one_per: "squad each month per item, who", absent: "null", fields: {points: number(1)}}
  worth: {one_per: item, absent: error, fields: {most: count}}
"""
MEASURES = """
measures:
  score:
    for: squad each month per item
    from: 10
    rules:
      each: {each: finding, via: squad, deduct: n}
      help: {each: finding, via: helper, deduct: 1}
      marked: {each: who, when: points < 5, missing: no, deduct: 0.5}
    together: all
  total: {for: squad each month, sum: score, over: item}
  of_item: {for: item each month, mean: score, over: squad, empty: "null", round: half up to 1}
  by_bureau: {for: bureau each month per item, sum: score, over: squad}
  city: {for: whole each month, sum: of_item, over: item, missing: skip}
  before: {for: squad each month per item, formula: score - previous(score), missing: "null"}
  share: {for: squad each month per item, formula: score + quota + most, applies: item = "road"}
  low: {for: squad each month per item, run: score < 9, new_year: continues}
  place: {for: squad each month per item, rank: high score, among: [item], ties: share}
  marks: {for: squad each month, count: item, where: score < 10}
  yearly: {for: squad each year per item, sum: score, over: month}
  always: {for: squad per item, count: finding, via: squad}
"""
AFTER = """
consequences:
  twice:
    for: squad each month per item
    ladder: low
    restarts: no
    steps: {talk: {reaches: 2, do: talk, kind: talk}}
  now: {for: "squad each month per item", when: score < 7, do: note, kind: circular}
"""
TARGETS: dict[str, list[dict[str, object]]] = {
    "bureau": [{"name": "A", "quota": 3}, {"name": "B", "quota": 2}],
    "squad": [{"name": "a", "bureau": "A"}, {"name": "b", "bureau": "B", "since": "2015-02-01"}],
}
FINDINGS = [
    {"no": "1", "squad": "a", "item": "road", "held": "2015-01-05", "n": 2},
    {"no": "2", "squad": "a", "item": "road", "held": "2015-02-05", "n": 4, "helper": "b"},
    {"no": "3", "squad": "a", "item": "wall", "held": "2015-02-05", "n": 1},
    {"no": "4", "squad": "a", "item": None, "held": "2015-02-05", "n": 9, "helper": "b"},
]
MARKS = [
    {"squad": "a", "period": "2015-01", "item": "wall", "who": "x", "points": 4},
    {"squad": "a", "period": "2015-01", "item": "wall", "who": "y", "points": 5},
    {"squad": "a", "period": "2015-01", "item": "wall", "who": "x", "points": 4},
    {"squad": "a", "period": "2015-01", "item": "floor", "who": "x", "points": 4},
]
WORTH = [{"item": "road", "most": 100}, {"item": "wall", "most": 200}]


def city() -> Results:
    return assess(
        CITY + MEASURES + AFTER, "2015-01..2015-02", targets=TARGETS, finding=FINDINGS, mark=MARKS, worth=WORTH
    )


def cells(found: Results, measure: str) -> dict[str, object]:
    """Values by target, period and dimension."""
    return {
        " ".join(str(row[name]) for name in ("target", "period", "dimension") if row[name]): row["value"]
        for row in found.tables["values"]
        if row["measure"] == measure
    }


def test_a_cell_for_each_target_and_item_and_what_reaches_it() -> None:
    found = city()
    assert cells(found, "score") == {
        "a 2015-01 road": "8.0", "a 2015-01 wall": "9.5", "a 2015-02 road": "6.0", "a 2015-02 wall": "9.0",
        "b 2015-02 road": "9.0", "b 2015-02 wall": "10.0",
    }  # fmt: skip
    lines = [row for row in found.tables["ledger"] if row["dimension"] == "wall" and row["period"] == "2015-01"]
    assert [(row["target_kind"], row["target"], row["rule"], row["record_kind"], row["record"]) for row in lines] == [
        ("squad", "a", "(from)", None, None),
        ("squad", "a", "marked", "who", "x"),
    ]
    assert found.rejects() == ["a 2015-01 wall x: duplicate", "a 2015-01 floor x: item: unknown_target"]


def test_values_go_up_over_a_dimension_and_over_the_targets() -> None:
    found = city()
    assert cells(found, "total") == {"a 2015-01": "17.5", "a 2015-02": "15.0", "b 2015-02": "19.0"}
    assert cells(found, "of_item") == {
        "road 2015-01": "8.0", "wall 2015-01": "9.5", "road 2015-02": "7.5", "wall 2015-02": "9.5",
    }  # fmt: skip
    assert cells(found, "by_bureau")["B 2015-02 road"] == "9.0"
    assert cells(found, "by_bureau")["B 2015-01 road"] == "0.0"
    assert cells(found, "city") == {"2015-01": "17.5", "2015-02": "17.0"}
    assert cells(found, "marks") == {"a 2015-01": "2", "a 2015-02": "2", "b 2015-02": "1"}
    assert cells(assess(CITY + MEASURES, "2015", targets=TARGETS, finding=FINDINGS, worth=WORTH), "yearly") == {
        "a 2015 road": "114.0", "a 2015 wall": "119.0", "b 2015 road": "109.0", "b 2015 wall": "110.0",
    }  # fmt: skip
    inputs = [row for row in found.tables["inputs"] if row["measure"] == "of_item" and row["period"] == "2015-02"]
    assert [(row["target"], row["input"], row["value"], row["dimension"]) for row in inputs] == [
        ("road", "a", "6.0", None), ("road", "b", "9.0", None), ("wall", "a", "9.0", None), ("wall", "b", "10.0", None),
    ]  # fmt: skip


def test_before_runs_and_places_are_of_one_item() -> None:
    found = city()
    assert cells(found, "before") == {
        "a 2015-01 road": None, "a 2015-01 wall": None, "a 2015-02 road": "-2.0", "a 2015-02 wall": "-0.5",
        "b 2015-02 road": None, "b 2015-02 wall": None,
    }  # fmt: skip
    assert cells(found, "low")["a 2015-02 road"] == "2"
    assert cells(found, "place")["a 2015-02 road"] == "2"
    assert cells(found, "place")["b 2015-02 wall"] == "1"
    assert [row["group"] for row in found.tables["ranks"]] == ["road", "road", "wall", "wall", "road", "wall"]
    assert cells(found, "share") == {"a 2015-01 road": "111.0", "a 2015-02 road": "109.0", "b 2015-02 road": "111.0"}
    assert cells(found, "always") == {"a road": "2", "a wall": "1", "b road": "0", "b wall": "0"}
    fired = [(row["consequence"], row["target"], row["dimension"]) for row in found.tables["consequences"]]
    assert fired == [("now", "a", "road"), ("twice", "a", "road")]


def test_why_explains_a_cell_of_one_item() -> None:
    found = city()
    why = Explainer(plan_of(CITY + MEASURES + AFTER), found.outcome.tables, found.outcome.facts)
    shown = why.explain("a / road", "2015-02", "score").render("en")
    assert "a / road" in shown
    assert "finding 2" in shown
    above = why.explain("a", "2015-02", "total").render("zh")
    assert "a / road" in above
    assert "6.0" in above
    place = why.explain("a / road", "2015-02", "place").render("en")
    assert "b / road" in place
    assert "twice" in why.explain("a / road", "2015-02").render("en")
