"""What is asked for, and refused, exactly where it matters: absent items, rows of tables by listed members."""

from __future__ import annotations

from pathlib import Path

import pytest

from cityrules.loaded import check

ITEMS = """cityrules: 1
scheme: s
title: t
clause: 1
in_force: {{from: 2024-01-01}}
targets: {{squad: {{members: registered, fields: {{covered: flag}}}}}}
measures:
  score:
    for: squad each month
    from: 100
    items: {{green: {{worth: 100, value: 90{green}}}, bonus: {{worth: 5, value: 3, extra: yes{bonus}}}}}{more}
"""
TABLE = """cityrules: 1
scheme: s
title: t
clause: 1
in_force: {{from: 2024-01-01}}
targets: {{road: {{members: [trunk, side]}}}}
tables: {{limit: {{key: [road], columns: {{road: road, n: count}}, rows: [[trunk, 3]{rows}]{more}}}}}
measures:
  allowed: {{for: road, formula: {formula}}}
"""


def found(folder: Path, text: str) -> list[tuple[str, dict[str, str]]]:
    path = folder / "scheme.yaml"
    path.write_text(text, "utf-8")
    return [(each.code, dict(each.values)) for each in check(path)[1]]


def items(folder: Path, green: str = "", bonus: str = "", more: str = "") -> list[tuple[str, dict[str, str]]]:
    return found(folder, ITEMS.format(green=green, bonus=bonus, more=more))


def table(folder: Path, rows: str = "", more: str = "", formula: str = "limit(road).n") -> list[str]:
    return [code for code, _ in found(folder, TABLE.format(rows=rows, more=more, formula=formula))]


def test_an_extra_item_that_does_not_apply_leaves_nothing_to_state(tmp_path: Path) -> None:
    assert items(tmp_path, bonus=", applies: covered") == []
    refused = items(tmp_path, bonus=", applies: covered", more="\n    absent_items: full")
    assert [(code, values["where"]) for code, values in refused] == [("CR325", "applies")]


def test_an_item_that_may_not_apply_is_named_where_nothing_is_stated(tmp_path: Path) -> None:
    asked = items(tmp_path, green=", applies: covered")
    assert [(code, values["where"]) for code, values in asked] == [("CR323", "items.green.applies")]
    assert items(tmp_path, green=", applies: covered", more="\n    absent_items: full") == []


def test_members_that_the_document_lists_are_known_keys(tmp_path: Path) -> None:
    assert table(tmp_path, rows=", [side, 1]") == []
    assert table(tmp_path, rows=", [side, 1]", more=", absent: null") == ["CR842"]
    lacking = found(tmp_path, TABLE.format(rows="", more="", formula="limit(road).n"))
    assert [(code, values["missing"]) for code, values in lacking] == [("CR836", "side")]


def test_the_name_of_a_member_that_is_none_is_no_key(tmp_path: Path) -> None:
    assert table(tmp_path, rows=", [side, 1]", formula='limit("side").n') == []
    assert table(tmp_path, rows=", [side, 1]", formula='limit("sid").n') == ["CR839"]


ACT = """cityrules: 1
scheme: s
title: t
clause: 1
in_force: {{from: 2024-01-01}}
targets: {{squad: {{members: registered, fields: {{mark: count}}}}}}
records: {{lift: {{dated: on_day, key: [no], fields: {{no: text, squad: squad, on_day: date}}}}}}
measures:
  bad: {{for: squad each month, run: mark < 5, new_year: continues}}
consequences:
  c: {{for: squad each month, kind: listing, {act}}}
"""
LADDER = "ladder: bad, restarts: no, "


@pytest.mark.parametrize(
    ("act", "codes"),
    [
        ("when: bad > 1, do: x, pick: [x, y], decided_by: [o]", ["CR324"]),
        ("when: bad > 1, do: x, amount: 3, between: [1, 2], decided_by: [o]", ["CR324"]),
        ("when: bad > 1, do: x, between: [1, 2, 3], decided_by: [o]", ["CR906"]),
        ("when: bad > 1, pick: [x, x], decided_by: [o]", ["CR965"]),
        ("when: bad > 1, pick: [x, y]", ["CR963"]),
        ("when: bad > 1, do: x, starts: month.start", ["CR325"]),
        ("when: bad > 1, do: x, starts: month.start, ends: {over: lift}", []),
        ("when: bad > 1, do: x, lasts: for good, ends: {over: lift}", ["CR324"]),
        # A step takes from the consequence what it does not say itself: who decides, and what it states otherwise.
        (LADDER + "decided_by: [o], steps: {s: {reaches: 1, pick: [x, y]}}", []),
        (LADDER + "decided_by: [o], do: z, steps: {s: {reaches: 1, pick: [x, y]}}", []),
        (LADDER + "decided_by: [o], steps: {s: {reaches: 1, pick: [x, y], decided_by: []}}", ["CR963"]),
        (LADDER + "do: z, amount: 3, steps: {s: {reaches: 1, between: [1, 2]}}", ["CR963"]),
        (LADDER + "do: z, pick: [x, y], decided_by: [o], steps: {s: {reaches: 1}}", ["CR324"]),
        (LADDER + "do: z, lasts: 3 days, steps: {s: {reaches: 1, lasts: for good, ends: {over: lift}}}", []),
        (LADDER + "steps: {s: {reaches: 1}}", ["CR326"]),
    ],
)
def test_what_an_act_leaves_open_needs_somebody_who_decides(tmp_path: Path, act: str, codes: list[str]) -> None:
    assert [code for code, _ in found(tmp_path, ACT.format(act=act))] == codes
