"""Explanations of caps, items and accounts, and that the lines of their ledgers are the score, on both engines."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

import cityrules as cr
from cityrules.loaded import EngineName, specs_folder

Rows = dict[str, list[dict[str, str]]]


def assessed(name: str, engine: EngineName, targets: Rows, records: Rows) -> cr.Assessment:
    scheme = cr.load(specs_folder() / "gallery" / name / "scheme.yaml", examples=False)
    as_of = dt.datetime(2024, 5, 1)
    return scheme.assess(records, targets=targets, period="2024-01..2024-03", as_of=as_of, engine=engine)


def sums(found: cr.Assessment) -> dict[tuple[object, object], Decimal]:
    rows: dict[tuple[object, object], Decimal] = {}
    names = found.tables["ledger"].shape.names
    for row in found.tables["ledger"].rows():
        line = dict(zip(names, row, strict=True))
        key = line["target"], line["period"]
        points = line["points"]
        assert isinstance(points, Decimal)
        rows[key] = rows.get(key, Decimal(0)) + points
    return rows


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_cut_names_its_caps(engine: EngineName) -> None:
    litter = {"squad": "A", "found_on": "2024-03-01", "spot": "gate", "litter": "20", "no": "1"}
    found = assessed("capped-points", engine, {"squad": [{"name": "A"}]}, {"finding": [litter], "praise": []})
    for text in (found.why("A", "2024-03", "score").render("en"), found.why("A", "2024-03", "score").render("zh")):
        assert "one_spot (3)" in text
        assert "-10" in text
    assert sums(found)["A", "2024-03"] == 97


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_choice_tells_its_bounds(engine: EngineName) -> None:
    dust = {"no": "1", "squad": "East", "found_on": "2024-03-01", "matter": "dust", "points": "1.5", "spots": "1"}
    found = assessed("inspectors-choice", engine, {}, {"finding": [dust]})
    assert "points may be chosen from 0.5 to most_for_dust" in found.why("East", "2024-03", "score").render("en")
    assert "points 可在 0.5 至 most_for_dust 之间酌定" in found.why("East", "2024-03", "score").render("zh")


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_gives_way_to_another_row_of_its_event_says_so(engine: EngineName) -> None:
    report = {"case": "K1", "squad": "East", "source": "hotline"}
    rows = [{**report, "no": no, "reported_on": f"2024-03-0{place}"} for place, no in enumerate("ab", 1)]
    found = assessed("one-event", engine, {}, {"report": rows})
    assert "another row of the event counts, by hotline" in found.why("East", "2024-03", "score").render("en")
    assert "同一事件已按另一行的 hotline 计分" in found.why("East", "2024-03", "score").render("zh")
    # 99 in the two ledgers of which one movement counts, 98 in the one that adds up.
    assert sums(found)["East", "2024-03"] == 99 + 98 + 99


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_items_tell_what_held_and_what_rescaled_them(engine: EngineName) -> None:
    stalls = [{"no": str(n), "street": "A", "found_on": "2024-03-01", "sort": "stall"} for n in range(4)]
    rating = {"street": "A", "period": "2024-03", "residents": "300", "files": "99"}
    found = assessed(
        "nested-items",
        engine,
        {"street": [{"name": "A", "has_river": "false"}]},
        {"finding": stalls, "rating": [rating]},
    )
    english = found.why("A", "2024-03", "score").render("en")
    assert "streets.stalls can move by no more than it is worth, 100" in english
    assert "the items of streets that apply stand for those that do not" in english
    chinese = found.why("A", "2024-03", "score").render("zh")
    assert "streets.stalls 以其分值 100 为限" in chinese
    # 100 of 300 for stalls stand for 200 of 600.
    assert sums(found)["A", "2024-03"] == 799
