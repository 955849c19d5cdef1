"""An assessment that goes on from an earlier one comes to the same as both in one."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

import cityrules as cr
from cityrules.loaded import EngineName
from cityrules.text.catalogue import unfilled

DOCUMENT = """
cityrules: 1
scheme: opening
title: opening
clause: 1
in_force: {from: 2023-01-01}
tables: {limit: {key: [class], columns: {class: squad.class, times: count}, rows: [[A, 2], [B, 3]]}}
targets: {item: {members: [roads, bins]}, squad: {members: registered, fields: {class: "one of A, B"}}}
records:
  entry:
    dated: made_on
    key: [no]
    fields: {no: text, squad: squad, item: item, made_on: date, sum: "number(2) [-100, 100]", note: optional text}
measures:
  deposit: {for: squad each month, from: carried, rules: {moved: {each: entry, add: sum}}, floor: 0, ceiling: 1000}
  taken: {for: squad each month, count: entry, where: sum < 0}
  by_item: {for: squad each month per item, sum: sum, over: entry}
  item_change: {for: squad each month per item, formula: by_item - previous(by_item), missing: 0}
  in_a_row: {for: squad each month, run: taken > 0, new_year: continues}
  change: {for: squad each month, formula: deposit - previous(deposit), missing: 0}
  over_year: {for: squad each month, formula: deposit - year_before(deposit), missing: null}
  last_sum: {for: squad each month, last: sum, over: entry, empty: null}
  moved_up: {for: squad each month, formula: last_sum - previous(last_sum), missing: null}
  grade: {for: squad each month, bands: deposit, at_least: {500: good}, otherwise: bad}
  fell: {for: squad each month, formula: grade = "bad" and previous(grade) = "good"}
  quick: {for: squad each month, count: entry, where: note = null}
  yes_or_no: {for: squad each month, formula: quick > 1}
  turned: {for: squad each month, formula: yes_or_no != previous(yes_or_no)}
  first_day: {for: squad each month, min: made_on, over: entry, empty: null}
  later: {for: squad each month, formula: 'days_between(previous(first_day), first_day)', missing: null}
consequences:
  ladder:
    for: squad each month
    ladder: in_a_row
    restarts: no
    together: highest
    steps:
      talk: {reaches: limit(class).times, do: talk, kind: talk}
      out: {reaches: 4, do: out, kind: replacement}
      told: {when: in_a_row > 2 and taken > 1, fires: on entry, do: circular, kind: circular}
"""
SQUADS = {"squad": [{"name": name, "class": kind} for name, kind in (("a", "A"), ("b", "B"), ("张", "B"))]}
ENGINES = get_args(EngineName)


def entries(seed: int) -> list[dict[str, Any]]:
    rng = random.Random(seed)
    return [
        {
            "no": number, "squad": rng.choice(["a", "b", "张"]), "item": rng.choice(["roads", "bins"]),
            "made_on": dt.date(2023, 1, 1) + dt.timedelta(rng.randrange(731)),
            "sum": f"{rng.randrange(-40, 80)}.{rng.randrange(100):02}",
        }
        for number in range(90)
    ]  # fmt: skip


def of_2024(assessment: cr.Assessment) -> Mapping[str, list[dict[str, Any]]]:
    return {name: [row for row in assessment.rows(name) if row["period"] >= "2024"] for name in assessment.tables
            if name not in ("record_values", "rejects")}  # fmt: skip


@pytest.fixture(scope="module")
def scheme() -> cr.Scheme:
    return cr.loads(DOCUMENT)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("seed", range(4))
def test_two_years_one_after_the_other(scheme: cr.Scheme, engine: EngineName, seed: int, tmp_path: Path) -> None:
    rows = entries(seed)
    before = [row for row in rows if row["made_on"].year == 2023]
    after = [row for row in rows if row["made_on"].year == 2024]
    whole = scheme.assess({"entry": rows}, targets=SQUADS, period="2023..2024", engine=engine)
    first = scheme.assess({"entry": before}, targets=SQUADS, period="2023", engine=engine)
    first.write(tmp_path, "csv")
    for opening in (first, tmp_path / "values.csv", list(first.rows("values"))):
        second = scheme.assess({"entry": after}, targets=SQUADS, period="2024", engine=engine, opening=opening)
        assert of_2024(second) == of_2024(whole)
        assert not [row for row in second.rows("consequences") if row["period"] < "2024"]
    # Each of them would come out otherwise from nothing.
    alone = of_2024(scheme.assess({"entry": after}, targets=SQUADS, period="2024", engine=engine))
    assert alone["values"] != of_2024(whole)["values"]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_followed_before_is_not_told_again(scheme: cr.Scheme, engine: EngineName) -> None:
    opening = [
        {"measure": "in_a_row", "target": "a", "period": "2023-12", "value": 4},
        {"measure": "in_a_row", "target": "b", "period": "2023-12", "value": 2},
        {"measure": "taken", "target": "a", "period": "2023-12", "value": 2},
        {"measure": "taken", "target": "b", "period": "2023-12", "value": 2},
        {"measure": "in_a_row", "target": "gone", "period": "2023-12", "value": 9},
    ]
    rows = [{"no": squad, "squad": squad, "item": "bins", "made_on": "2024-01-01", "sum": -1} for squad in ("a", "b")]
    found = scheme.assess({"entry": rows}, targets=SQUADS, period="2024-01", engine=engine, opening=opening)
    assert [(row["target"], row["period"], row["step"]) for row in found.rows("consequences")] == [
        ("b", "2024-01", "talk")
    ]
    assert found.value("in_a_row", "a", "2024-01") == "5"
    assert not list(found.rows("problems"))


ROW = {"measure": "deposit", "target": "a", "period": "2023-12", "value": "1.5"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"measure": "depost"}, "CR992"),
        ({"period": "2023"}, "CR993"),
        ({"period": None}, "CR993"),
        ({"period": "2024-01"}, "CR994"),
        ({"period": "2025-01"}, "CR994"),
        ({"value": None, "state": "undetermined"}, "CR995"),
        ({"provisional": True}, "CR995"),
        ({"value": "1.505"}, "CR996"),
        ({"value": "-0.01"}, "CR996"),
        ({"value": "1e3"}, "CR996"),
        ({"value": "十"}, "CR996"),
        ({"value": None}, "CR996"),
        ({"measure": "grade", "value": "fair"}, "CR996"),
        ({"measure": "yes_or_no", "value": "1"}, "CR996"),
        ({"measure": "first_day", "value": "2023-02-30"}, "CR996"),
    ],
)
def test_a_row_that_cannot_be_gone_on_from(scheme: cr.Scheme, change: Mapping[str, object], code: str) -> None:
    with pytest.raises(cr.DataError) as caught:
        scheme.assess({}, targets=SQUADS, period="2024", opening=[{**ROW, **change}])
    assert [one.code for one in caught.value.diagnostics] == [code]
    for language in ("en", "zh"):
        assert "{" not in caught.value.show(language)


def test_a_row_that_cannot_be_read_is_told(scheme: cr.Scheme, tmp_path: Path) -> None:
    before = tmp_path / "values.csv"
    before.write_text("measure,target,period,value\ndeposit,a,2023-12\n", "utf-8")
    with pytest.raises(cr.DataError) as caught:
        scheme.assess({}, targets=SQUADS, period="2024", opening=before)
    assert [one.code for one in caught.value.diagnostics] == ["CR502"]


def test_two_values_of_one_cell(scheme: cr.Scheme) -> None:
    with pytest.raises(cr.DataError, match="CR997"):
        scheme.assess({}, targets=SQUADS, period="2024", opening=[ROW, {**ROW, "value": "2"}])
    again = scheme.assess({}, targets=SQUADS, period="2024", opening=[ROW, {**ROW, "value": "1.50"}])
    assert again.value("deposit", "a", "2024-12") == "1.50"


def test_a_table_without_a_column(scheme: cr.Scheme) -> None:
    with pytest.raises(cr.DataError, match="CR512"):
        scheme.assess({}, targets=SQUADS, period="2024", opening=[{"measure": "deposit", "target": "a", "value": "1"}])
    assert scheme.assess({}, targets=SQUADS, period="2024", opening=[]).value("deposit", "a", "2024-01") == "0.00"


def test_what_nobody_looks_back_at_is_passed_over(scheme: cr.Scheme) -> None:
    rows = [{**ROW, "period": "2022-11"}, {**ROW, "measure": "quick", "value": "3"}]
    found = scheme.assess({}, targets=SQUADS, period="2024", opening=rows)
    assert {row["period"] for row in found.rows("values")} == {f"2024-{month:02}" for month in range(1, 13)}


@pytest.mark.parametrize("engine", ENGINES)
def test_periods_of_a_targets_own_go_on_from_those_before(engine: EngineName) -> None:
    scheme = cr.loads(
        """
cityrules: 1
scheme: own
title: own
clause: 1
in_force: {from: 2020-01-01}
periods: {term: {every: 1 year, from: squad.began_on}}
targets: {item: {members: [roads]}, squad: {members: registered, fields: {began_on: optional date}, aliases: {bb: b}}}
records: {entry: {dated: made_on, key: [no], fields: {no: text, squad: squad, made_on: date, sum: "count [0, 9]"}}}
measures:
  account: {for: squad each term, from: carried, rules: {moved: {each: entry, add: sum}}}
  by_item: {for: squad each term per item, formula: account}
  change: {for: squad each term per item, formula: by_item - previous(by_item), missing: null}
"""
    )
    squads = {
        "squad": [{"name": "a", "began_on": "2020-05-10"}, {"name": "bb", "began_on": "2020-08-31"}, {"name": "c"}]
    }
    rows = [
        {"no": f"{squad}{day}", "squad": squad, "made_on": day, "sum": n}
        for squad in ("a", "b", "c")
        for n, day in enumerate(["2020-09-01", "2021-05-09", "2021-05-10", "2021-08-30", "2021-08-31", "2022-08-30"], 1)
    ]
    whole = scheme.assess({"entry": rows}, targets=squads, period="2020..2023", engine=engine)
    # Of a the second year lies in these years, of b not yet.
    first = scheme.assess({"entry": rows}, targets=squads, period="2020..2022-05", engine=engine)
    last = {("a", "2@term"), ("b", "1@term")}
    assert {(row["target"], row["period"]) for row in first.rows("values") if row["measure"] == "account"} >= last
    opening = [row for row in first.rows("values") if (row["target"], row["period"]) in last]
    second = scheme.assess({"entry": rows}, targets=squads, period="2021-08-31..2023", engine=engine, opening=opening)

    def told(found: cr.Assessment) -> list[tuple[object, ...]]:
        after = (row for row in found.rows("values") if (row["target"], row["period"]) not in {*last, ("a", "1@term")})
        return [(row["target"], row["period"], row["measure"], row["dimension"], row["value"]) for row in after]

    assert told(second) == told(whole)
    with pytest.raises(cr.DataError) as wrong:
        scheme.assess({}, targets=squads, period="2021..2023", engine=engine, opening=list(first.rows("values")))
    assert wrong.value.diagnostics[0].code == "CR994"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"measure": "depost"}, {"found": "depost", "suggestion": "deposit"}),
        ({"measure": "something else"}, {"found": "something else"}),
        ({"period": "2023"}, {"name": "deposit", "found": "2023", "grain": "squad each month"}),
        ({"period": None}, {"name": "deposit", "found": "", "grain": "squad each month"}),
        ({"period": "2024-01"}, {"name": "deposit", "found": "2024-01"}),
        (
            {"value": None, "state": "undetermined"},
            {"name": "deposit", "cell": "a 2023-12", "state_type": "was_undetermined"},
        ),
        ({"provisional": "True"}, {"name": "deposit", "cell": "a 2023-12", "state_type": "was_provisional"}),
        ({"value": "1.505"}, {"name": "deposit", "found": "1.505"}),
        ({"value": None}, {"name": "deposit", "found": ""}),
    ],
)
def test_the_complaint_names_row_and_value(scheme: cr.Scheme, change: dict[str, object], said: dict[str, str]) -> None:
    with pytest.raises(cr.DataError) as caught:
        scheme.assess({}, targets=SQUADS, period="2024", opening=[ROW | {"target": "b"}, {**ROW, **change}])
    (found,) = caught.value.diagnostics
    assert dict(found.values) == {"source": "opening", "row": "2", **said}
    assert unfilled(found) == []
    with pytest.raises(cr.DataError) as caught:
        scheme.assess({}, targets=SQUADS, period="2024", opening=[{**ROW}, {**ROW, "value": "2"}])
    (found,) = caught.value.diagnostics
    assert dict(found.values) == {"source": "opening", "row": "2", "name": "deposit", "cell": "a 2023-12"}


def test_a_table_without_a_column_is_told_which_it_has(scheme: cr.Scheme) -> None:
    with pytest.raises(cr.DataError) as caught:
        scheme.assess({}, targets=SQUADS, period="2024", opening=[{"measure": "deposit", "target": "a", "value": "1"}])
    (found,) = caught.value.diagnostics
    assert dict(found.values) == {
        "source": "opening",
        "kind": "values",
        "found": "period",
        "columns": "measure, target, value",
    }


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("type_", "value", "other"),
    [
        ("datetime", "2023-12-05 10:30", "2024-01-05 10:30"),
        ("date", "2023-12-05", "2024-01-05"),
        ("text", "ÄÖ 中", "x"),
        ("one of A, B", "A", "B"),
        ("flag", "true", "false"),
        ("number(2) [-5, 5]", "-1.25", "5"),
    ],
)
def test_values_of_every_type_go_on(engine: EngineName, type_: str, value: str, other: str) -> None:
    scheme = cr.loads(
        f"""
cityrules: 1
scheme: types
title: types
clause: 1
in_force: {{from: 2023-01-01}}
targets: {{squad: {{members: [a, b]}}}}
records: {{entry: {{dated: made_on, key: [no], fields: {{no: text, squad: squad, made_on: date, what: "{type_}"}}}}}}
measures:
  latest: {{for: squad each month, last: what, over: entry, empty: null}}
  before: {{for: squad each month, formula: previous(latest), missing: null}}
"""
    )
    rows = [
        {"no": 1, "squad": "a", "made_on": "2023-12-31", "what": value},
        {"no": 2, "squad": "a", "made_on": "2024-01-31", "what": other},
    ]
    first = scheme.assess({"entry": rows}, period="2023-12", engine=engine)
    opening = [row for row in first.rows("values") if row["measure"] == "latest"]
    assert [row["target"] for row in opening if row["value"] is not None] == ["a"]
    second = scheme.assess({"entry": rows}, period="2024-01..2024-02", engine=engine, opening=opening)
    known = {row["target"]: row["value"] for row in opening}
    assert second.value("before", "a", "2024-01") == known["a"]
    assert second.value("before", "b", "2024-01") is None
    assert second.value("before", "a", "2024-02") == second.value("latest", "a", "2024-01") != known["a"]
