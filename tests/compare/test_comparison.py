"""Two documents on the same rows: what moves, who is graded, paid and sanctioned otherwise, and by which clause."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import cityrules as cr
from cityrules.compare.documents.comparison import Comparison
from cityrules.compare.documents.tabled import COMPARISON
from cityrules.compare.documents.telling import told
from cityrules.compare.unanswerable import Unanswerable

TEXT = """
cityrules: 1
scheme: small
title: Small
in_force: {from: 2024-01-01}
rounding: half up to 2
parameters:
  fail_line: {value: 70, clause: 6}
  price: {value: 1, clause: 4}
  fine: {value: 100, unit: 元, clause: 8}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: "count [0, 9]"}}
measures:
  lost: {for: street each month, sum: points, over: finding, clause: 3}
  score: {for: street each month, label: Score, formula: 100 - lost * price, clause: 4}
  grade:
    for: street each month
    label: Grade
    bands: score
    at_least: {90: good, fail_line: fair}
    otherwise: bad
    clause: 6
  place: {for: street each month, rank: high score, among: whole, ties: share, clause: 7}
  due: {for: street each month, formula: lost * fine, unit: 元, clause: 8}
consequences:
  circular: {for: street each month, label: Circular, when: grade = "bad", do: circular, kind: circular, clause: 6}
  fined: {for: street each month, when: lost > 0, do: fine, kind: payment, amount: due, clause: 8}
checks:
  few: {for: street each month, that: lost < 20, otherwise: warn, clause: 9}
uncomputed: {}
"""
ROWS = [
    {"no": str(number), "street": street, "found_on": "2024-01-05", "points": points}
    for number, (street, points) in enumerate([("A", 5), ("B", 9), ("B", 3), ("C", 8), ("C", 8)])
]
STREETS = [{"name": name} for name in "ABC"]


def study(text: str = TEXT, rows: Any = ROWS, engine: Any = "python") -> Any:
    return cr.loads(text).study({"finding": rows}, targets={"street": STREETS}, period="2024-01", engine=engine)


def rows(found: Comparison, table: str) -> list[dict[str, Any]]:
    one = found.tables[table]
    return [dict(zip(one.shape.names, row, strict=True)) for row in one.rows()]


def causes(found: Comparison, name: str, target: str | None) -> dict[str, str]:
    wanted = [row for row in rows(found, "causes") if (row["name"], row["target"]) == (name, target)]
    return {row["clause"]: row["share"] for row in wanted}


BOTH = {"parameters.fail_line.value": 80, "parameters.price.value": 2}


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_two_changes_come_to_and_which_clause_did_what(engine: str) -> None:
    # A lost 5, B 12, C 16. Scores 95, 88, 84 become 90, 76, 68; the line of 70 becomes 80.
    found = study(engine=engine).compare(BOTH)
    moves = rows(found, "moves")
    assert {tuple(row[column] for column in ("name", "target", "before", "after", "difference")) for row in moves} == {
        ("score", "A", "95", "90", "-5"), ("score", "B", "88", "76", "-12"), ("score", "C", "84", "68", "-16"),
    }  # fmt: skip
    assert [(row["before"], row["after"], row["number"]) for row in rows(found, "grades")] == [
        ("good", "good", 1), ("fair", "bad", 2),
    ]  # fmt: skip
    assert [(row["target"], row["before"], row["after"]) for row in rows(found, "regraded")] == [
        ("B", "fair", "bad"), ("C", "fair", "bad"),
    ]  # fmt: skip
    assert [(row["turn"], row["name"], row["target"], row["after"]) for row in rows(found, "consequences")] == [
        ("gained", "circular", "B", "circular"), ("gained", "circular", "C", "circular"),
    ]  # fmt: skip
    assert causes(found, "score", "C") == {"4": "-16"}
    # B has 76 under 80: both are needed. C has 68: the price alone fails it, and so does not the line (84).
    assert causes(found, "grade", "B") == {"4": "0.5", "6": "0.5"}
    assert causes(found, "grade", "C") == {"4": "1"}
    assert causes(found, "circular", "B") == {"4": "0.5", "6": "0.5"}
    assert found.attribution.orders is None
    assert found.attribution.runs == 2
    assert rows(found, "money") == rows(found, "checks") == rows(found, "rejects") == rows(found, "only") == []


def test_amounts_are_added_up_by_name_unit_and_period_and_who_has_them() -> None:
    found = study().compare({"parameters.fine.value": 150})
    columns = ("section", "name", "target", "before", "after", "difference")
    money = [tuple(row[column] for column in columns) for row in rows(found, "money")]
    assert money == [
        ("consequences", "fined", None, "3300", "4950", "1650"),
        ("consequences", "fined", "A", "500", "750", "250"),
        ("consequences", "fined", "B", "1200", "1800", "600"),
        ("consequences", "fined", "C", "1600", "2400", "800"),
        ("measures", "due", None, "3300", "4950", "1650"),
        ("measures", "due", "A", "500", "750", "250"),
        ("measures", "due", "B", "1200", "1800", "600"),
        ("measures", "due", "C", "1600", "2400", "800"),
    ]
    assert {row["unit"] for row in rows(found, "money")} == {"元"}
    assert causes(found, "fined", None) == {"8": "1650"}
    changed = rows(found, "consequences")
    assert [(row["turn"], row["target"], row["before"], row["after"]) for row in changed] == [
        ("changed", "A", "fine, 500 元", "fine, 750 元"),
        ("changed", "B", "fine, 1200 元", "fine, 1800 元"),
        ("changed", "C", "fine, 1600 元", "fine, 2400 元"),
    ]


def test_shares_of_two_factors_are_exact_fractions_and_say_what_the_order_does() -> None:
    found = study().compare(
        {"parameters.price.value": 2, "measures.lost.sum": "points * 2", "parameters.fine.value": 99}
    )
    # 100 - 5 * 1 becomes 100 - 10 * 2: -5 in one order, -10 in the other, of each.
    own = [row for row in rows(found, "causes") if (row["name"], row["target"]) == ("score", "A")]
    assert [(row["clause"], row["share"], row["least"], row["most"]) for row in own] == [
        ("4", "-7.5", "-10", "-5"), ("3", "-7.5", "-10", "-5"),
    ]  # fmt: skip


def test_all_shares_sum_exactly_to_the_difference_or_to_one() -> None:
    found = study().compare(BOTH | {"measures.lost.sum": "points * 3", "parameters.fine.value": 7})
    assert len(found.differences) > 10
    for one in (*found.differences, *found.sums):
        whole = {cause.divided for cause in one.causes}
        difference = one.difference if hasattr(one, "difference") else one.after - one.before
        assert len(whole) == 1
        assert sum(cause.value for cause in one.causes) == (difference if whole == {"difference"} else 1)


def test_a_change_that_does_nothing_causes_nothing() -> None:
    found = study().compare({"parameters.price.value": 2, "checks.few.otherwise": "refer", "title": "Other"})
    assert [change.clause for change in found.attribution.changes] == ["4", "9"]
    assert {row["clause"] for row in rows(found, "causes")} == {"4"}


def test_changes_that_need_each_other_are_one() -> None:
    found = study().compare(
        {
            "parameters.rate": {"value": "0.5", "clause": "12"},
            "measures.score.formula": "100 - lost * price * rate",
            "parameters.fail_line.value": 95,
        }
    )
    changes = found.attribution.changes
    assert [(change.clause, change.several) for change in changes] == [("6", False), ("12, 4", True)]
    assert causes(found, "score", "A") == {"12, 4": "2.5"}


def test_rows_have_to_have_the_fields_of_both() -> None:
    fields = {"records.finding.fields.weight": "count", "measures.lost.sum": "points * weight"}
    found = study(rows=[row | {"weight": 2} for row in ROWS]).compare(fields)
    assert {row["difference"] for row in rows(found, "moves") if row["name"] == "score"} == {"-5", "-12", "-16"}
    assert [change.several for change in found.attribution.changes] == [True]
    with pytest.raises(cr.DataError) as refused:
        study().compare(fields)
    assert [one.code for one in refused.value.diagnostics] == ["CR512"]


def test_a_later_document_is_taken_as_in_force_with_the_first_and_it_is_said() -> None:
    later = cr.loads(TEXT.replace("2024-01-01}", "2025-01-01}").replace("value: 70", "value: 89"))
    found = study().compare(later)
    assert found.moved_force
    assert (found.before.in_force, found.after.in_force) == ("2024-01-01..", "2025-01-01..")
    assert [row["target"] for row in rows(found, "regraded")] == ["B", "C"]
    assert [change.addresses for change in found.attribution.changes] == [("parameters.fail_line.value",)]


def test_what_only_one_has_is_told_and_not_lost() -> None:
    changes = {
        "measures.extra": {"for": "street each month", "formula": "lost + 1", "clause": 3},
        "consequences.talk": {
            "for": "street each month",
            "when": "extra > 10",
            "do": "talk",
            "kind": "talk",
            "clause": 6,
        },
        "checks.few": None,
    }
    found = study().compare(changes)
    assert [(row["side"], row["section"], row["name"], row["cells"]) for row in rows(found, "only")] == [
        ("before", "checks", "few", 0), ("after", "measures", "extra", 3), ("after", "consequences", "talk", 2),
    ]  # fmt: skip
    assert [(row["turn"], row["target"]) for row in rows(found, "consequences")] == [("gained", "B"), ("gained", "C")]
    assert rows(found, "moves") == []


def test_checks_and_rejected_rows_that_differ() -> None:
    found = study().compare(
        {"checks.few.that": "lost < 15", "records.finding.fields.points": "count [0, 8]", "measures.lost.sum": "points"}
    )
    assert [(row["target"], row["state_before"], row["state_after"]) for row in rows(found, "checks")] == [
        ("C", "holds", "broken")
    ]
    assert [(row["kind"], row["row"], row["before"], row["after"]) for row in rows(found, "rejects")] == [
        ("finding", 2, None, "points: out_of_range")
    ]


def test_a_value_that_is_missing_on_one_side_has_no_difference_but_a_cause() -> None:
    found = study().compare(
        {
            "measures.score.formula": "if lost > 10 then null else 100 - lost",
            "measures.score.missing": "null",
            "measures.grade.missing": "null",
            "consequences.circular.missing": "no",
            "measures.place.missing": "skip",
        }
    )
    moves = [row for row in rows(found, "moves") if row["name"] == "score"]
    assert [(row["target"], row["before"], row["state_after"], row["difference"]) for row in moves] == [
        ("B", "88", "missing", None), ("C", "84", "missing", None),
    ]  # fmt: skip
    assert {row["divided"] for row in rows(found, "causes")} == {"turn"}


def test_beyond_what_may_be_run_orders_are_drawn_and_it_is_said() -> None:
    changes = {
        "parameters.fail_line.value": 80, "parameters.price.value": 2, "measures.lost.sum": "points * 2",
        "parameters.fine.value": 7, "checks.few.that": "lost < 15",
    }  # fmt: skip
    found, again = (study().compare(changes, runs=12, seed=3) for _ in range(2))
    assert found.attribution.orders == 2
    assert found.attribution.seed == 3
    assert found.to_json() == again.to_json()
    assert found.to_json()["attribution"]["exact"] is False
    for one in found.differences:
        assert sum(cause.value for cause in one.causes) in (one.difference, Fraction(1))
    assert study().compare(changes, causes=False).attribution.changes == ()


def test_comparing_with_itself_gives_nothing() -> None:
    found = study().compare(cr.loads(TEXT))
    assert not found.differs
    assert [name for name in COMPARISON if rows(found, name)] == []


def test_the_other_way_round_everything_is_turned_round() -> None:
    changed = cr.loads(TEXT).overlay(
        BOTH | {"parameters.fine.value": 7, "records.finding.fields.points": "count [0, 8]"}
    )
    there = study().compare(changed)
    assert any(one.causes for one in there.differences)
    back = changed.study({"finding": ROWS}, targets={"street": STREETS}, period="2024-01").compare(cr.loads(TEXT))
    assert there.differences
    assert mirrored(there) == plain(back)


def named(found: Comparison, causes: Any) -> list[Any]:
    """Causes by what is changed: changes are numbered as they are met, which may be otherwise from the other side."""
    places = {change.name: sorted(change.addresses) for change in found.attribution.changes}
    return sorted((places[one.change], one.divided, one.value, one.least, one.most) for one in causes)


def plain(found: Comparison) -> list[Any]:
    cells = [(one.cell, one.before, one.after, one.difference, named(found, one.causes)) for one in found.differences]
    sums = [(one.of, one.before, one.after, named(found, one.causes)) for one in found.sums]
    return [cells, sums, sorted(found.grades, key=str), found.rejects, found.same]


def mirrored(found: Comparison) -> list[Any]:
    from dataclasses import replace

    def turned(causes: Any) -> Any:
        return named(
            found,
            [
                replace(one, value=-one.value, least=-one.most, most=-one.least) if one.divided == "difference" else one
                for one in causes
            ],
        )

    cells = [
        (one.cell, one.after, one.before, None if one.difference is None else -one.difference, turned(one.causes))
        for one in found.differences
    ]
    sums = [(one.of, one.after, one.before, turned(one.causes)) for one in found.sums]
    grades = sorted((replace(one, before=one.after, after=one.before) for one in found.grades), key=str)
    rejects = tuple(replace(one, before=one.after, after=one.before) for one in found.rejects)
    return [cells, sums, grades, rejects, found.same]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_row_has_the_columns_of_its_shape(language: Any) -> None:
    found = study().compare(BOTH | {"parameters.fine.value": 7})
    for name, shape in COMPARISON.items():
        assert all(len(row) == len(shape.columns) for row in found.tables[name].rows())
    page = found.page(language)
    assert page.startswith("<!DOCTYPE html>")
    assert "<script" not in page


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_rows_of_kinds_that_only_the_second_has_may_be_given(engine: Any) -> None:
    praise = {"dated": "given_on", "key": ["no"], "fields": {"no": "text", "street": "street", "given_on": "date"}}
    changes = {
        "records.praise": praise,
        "measures.praised": {"for": "street each month", "count": "praise", "clause": 5},
        "measures.score.formula": "100 - lost * price + praised",
    }
    asked: dict[str, Any] = {"targets": {"street": STREETS}, "period": "2024-01", "engine": engine}
    given = {"finding": ROWS, "praise": [{"no": "1", "street": "C", "given_on": "2024-01-09"}]}
    found = cr.loads(TEXT).compare(changes, given, **asked)
    assert [(row["target"], row["difference"]) for row in rows(found, "moves") if row["name"] == "score"] == [
        ("C", "1")
    ]
    assert {(row["side"], row["section"], row["name"]) for row in rows(found, "only")} == {
        ("after", "records", "praise"), ("after", "measures", "praised"),
    }  # fmt: skip
    with pytest.raises(cr.DataError) as refused:
        cr.loads(TEXT).study(given, **asked)
    assert [one.code for one in refused.value.diagnostics] == ["CR501"]


MANY = {
    "parameters.rate": {"value": "0.5", "clause": "12"},
    "measures.score.formula": "100 - lost * price * rate",
    "parameters.fail_line.value": 80,
    "measures.lost.sum": "points * 2",
    "parameters.fine.value": 7,
    "checks.few.that": "lost < 15",
}


def test_changes_that_need_each_other_are_one_where_orders_are_drawn_too() -> None:
    found = study().compare(MANY, runs=10)
    assert found.attribution.orders == 2
    assert {change.clause for change in found.attribution.changes if change.several} == {"12, 4"}
    assert {one.clause for one in found.attribution.changes if not one.several} == {"3", "6", "8", "9"}
    for one in found.differences:
        assert sum(cause.value for cause in one.causes) in (one.difference, Fraction(1))


def lines(found: Comparison) -> str:
    return "\n".join(str(one) for one in told(found, "en", 20))


def test_one_that_can_stand_alone_is_not_said_to_need_the_other() -> None:
    # The rate alone is a good document; the formula that reads it is none without it.
    found = study().compare(
        {"parameters.rate": {"value": "0.5", "clause": "12"}, "measures.score.formula": "100 - lost * price * rate"}
    )
    assert [change.parts for change in found.attribution.changes] == [("12", "4")]
    assert "C1 is several changes as one (12, 4): some of these without the others make no good document" in lines(
        found
    )


def test_what_is_one_change_names_what_rests_on_no_clause_too() -> None:
    found = study().compare(
        {"parameters.rate": {"value": "0.5"}, "measures.score.formula": "100 - lost * price * rate"}
    )
    (change,) = found.attribution.changes
    assert (change.clause, change.parts) == ("4", ("parameters.rate", "4"))


PAIRS = {
    "parameters.ratea": {"value": "0.5", "clause": "2a"},
    "parameters.rateb": {"value": "0.5", "clause": "2b"},
    "measures.score.formula": "100 - lost * ratea",
    "measures.due.formula": "lost * fine * rateb",
}


def test_where_orders_are_drawn_no_more_is_taken_together_than_needs_each_other() -> None:
    # What only reads the second rate has to go before that rate can.
    found = study().compare(PAIRS, runs=3)
    assert found.attribution.given_up is None
    assert {change.parts for change in found.attribution.changes} == {("2a", "4"), ("2b", "8")}


def test_a_search_for_what_belongs_together_that_is_given_up_is_told() -> None:
    found = study().compare(PAIRS, runs=2)
    assert found.attribution.given_up is not None
    assert [change.several for change in found.attribution.changes] == [True]
    assert found.to_json()["attribution"]["given_up"] == found.attribution.given_up
    assert "C1 is ALL changes as one" in lines(found)
    assert "some of these without the others" not in lines(found)


def test_names_with_one_label_are_told_apart_where_no_target_stands_beside_them() -> None:
    text = TEXT.replace("fined: {for: street each month,", "fined: {for: street each month, label: Circular,")
    found = lines(study(text).compare({"parameters.fine.value": 150, "parameters.fail_line.value": 85}))
    assert "Circular (circular): 1 gained" in found
    assert "Circular (fined): 0 gained, 0 lost, 3 changed" in found
    assert "Circular (" not in lines(study().compare({"parameters.fail_line.value": 85}))


def test_where_nothing_is_in_force_it_is_not_said_that_nothing_differs() -> None:
    before = cr.loads(TEXT).study({"finding": ROWS}, targets={"street": STREETS}, period="2023-12")
    said = lines(before.compare({"parameters.price.value": 2}))
    assert "there is none of any target to compare" in said
    assert "Cells of targets that are the same" not in said


def test_a_second_document_that_came_into_force_earlier_is_taken_along_for_the_same_reason() -> None:
    said = lines(study().compare({"in_force.from": "2020-01-01"}))
    assert "Here it is taken as in force from 2024-01-01, as the first is, so that both say something" in said


def test_fewer_than_the_two_documents_cannot_be_run() -> None:
    with pytest.raises(ValueError, match="2 at least"):
        study().compare({"parameters.price.value": 2}, runs=1)


def test_the_runs_for_causes_have_a_ceiling() -> None:
    """Coalitions of thirty clauses and what came of each were gathered without an end."""
    with pytest.raises(Unanswerable) as problem:
        study().compare({"parameters.price.value": 2}, runs=4_097)
    assert [one.code for one in problem.value.diagnostics] == ["CR1119"]
    assert study().compare({"parameters.price.value": 2}, runs=4_096).attribution.runs == 0


def test_where_a_line_moves_and_nobody_with_it_who_stands_near_is_still_told() -> None:
    found = study().compare({"parameters.fail_line.value": "83.5"})
    assert not found.differs
    assert "No result differs" in lines(found)
    assert "84 (at_least fail_line)" in lines(found)
    assert "C1, clause 6: parameters.fail_line.value: 70 -> 83.5" in lines(found)


def test_what_rests_on_no_clause_is_told_by_its_body() -> None:
    found = study().compare({"rounding": "half up to 1", "measures.score.formula": "100 - lost / 3"})
    assert [(one.clause, one.body) for one in found.attribution.changes] == [(None, "rounding"), ("4", None)]


def test_far_too_many_changes_have_no_causes_and_it_is_said() -> None:
    found = study().compare(MANY, runs=2)
    assert found.attribution.needed == 12
    assert found.attribution.runs == 0
    assert len(found.attribution.changes) == 6
    assert found.differences
    assert not any(one.causes for one in (*found.differences, *found.sums))
    assert found.to_json()["attribution"]["exact"] is False
    assert "Causes were NOT looked for" in found.page("en")


STEPS = """
cityrules: 1
scheme: steps
title: Steps
in_force: {from: 2024-01-01}
parameters: {talk_at: {value: 2, clause: 1}, circular_at: {value: 2, clause: 2}}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: "count [0, 9]"}}
measures: {lost: {for: street each month, sum: points, over: finding, clause: 3}}
consequences:
  after:
    for: street each month
    ladder: lost
    together: all
    steps:
      talk: {at_least: talk_at, do: talk, kind: talk, clause: 1}
      circular: {at_least: circular_at, do: circular, kind: circular, clause: 2}
"""


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_each_step_of_a_cell_has_causes_of_its_own(engine: str) -> None:
    """Each act of a cell was told with the causes of all: half of why the talk is gone was the clause on circulars."""
    found = study(STEPS, ROWS[:1], engine).compare({"parameters.talk_at.value": 9, "parameters.circular_at.value": 8})
    (cell,) = found.of("consequence")
    assert sorted((one.clause, one.value) for one in cell.causes) == [("1", Fraction(1, 2)), ("2", Fraction(1, 2))]
    told_of = {act.step: [(cause.clause, cause.value) for cause in act.causes] for act in found.acts}
    assert told_of == {"talk": [("1", 1)], "circular": [("2", 1)]}
    assert {(row["step"], row["clause"], row["share"]) for row in rows(found, "causes") if row["name"] == "after"} == {
        ("talk", "1", "1"), ("circular", "2", "1"),
    }  # fmt: skip


def test_a_step_that_stays_is_no_cause_of_one_that_goes() -> None:
    found = study(STEPS, ROWS[:1]).compare({"parameters.talk_at.value": 9, "parameters.circular_at.value": 3})
    assert [(act.turn, act.step) for act in found.acts] == [("lost", "talk")]
    assert [[cause.clause for cause in act.causes] for act in found.acts] == [["1"]]
