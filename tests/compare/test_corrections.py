"""Corrections by day of knowledge: what they change, what they never change, and what becomes of those not applied."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cityrules.io.rows import DataError
from cityrules.loaded import Assessment, EngineName, Scheme
from cityrules.results.why import Explainer, NothingToExplain
from compare.corrections import KNOWN, PERIOD, assess, corrections, records, scheme, tables

OF = scheme()
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FINDING = {"no": "1", "squad": "East", "found_on": "2024-01-05", "points": "45"}


def day(number: int) -> str:
    return f"2024-04-{number:02d}"


def correction(**values: Any) -> dict[str, Any]:
    return {"kind": "finding", "record": "East / 1", "known_on": day(2), "reason": "measured anew", **values}


def scored(rows: list[dict[str, Any]], *given: dict[str, Any], kind: str = "finding", **more: Any) -> Assessment:
    return assess(OF, {kind: rows}, list(given), **more)


def refused(found: Assessment) -> dict[str, str]:
    """The reasons of corrections that were not applied, by record."""
    return {str(row["key"]): str(row["reasons"]) for row in found.rows("rejects") if row["kind"] == "corrections"}


# ------------------------------------------------------------------------------------------------------- properties


@given(data=st.data())
@FEW
def test_no_corrections_change_nothing(data: st.DataObject) -> None:
    rows = data.draw(records())
    assert tables(assess(OF, rows, [])) == tables(assess(OF, rows, None))


@given(data=st.data())
@FEW
def test_what_is_known_later_changes_nothing(data: st.DataObject) -> None:
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    day = data.draw(KNOWN)
    known = [one for one in made if one["known_on"] <= day]
    moment = dt.datetime.combine(day, dt.time(12))
    assert tables(assess(OF, rows, made, moment)) == tables(assess(OF, rows, known, moment))


@given(data=st.data())
@FEW
def test_the_order_of_rows_does_not_matter(data: st.DataObject) -> None:
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    mixed = data.draw(st.permutations(made))
    assert tables(assess(OF, rows, made)) == tables(assess(OF, rows, mixed))


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_engines_agree(data: st.DataObject) -> None:
    pytest.importorskip("duckdb")
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    one, other = (assess(OF, rows, made, engine=engine) for engine in ("python", "duckdb"))
    assert tables(one, without=()) == tables(other, without=())


@given(data=st.data())
@FEW
def test_an_annulled_record_is_as_if_it_were_not_there(data: st.DataObject) -> None:
    rows = data.draw(records())
    assume(rows["finding"])
    gone = data.draw(st.sampled_from(rows["finding"]))
    made = [correction(record=f"{gone['squad']} / {gone['no']}", annulled=True)]
    left = {**rows, "finding": [row for row in rows["finding"] if row is not gone]}
    # Rows keep the places at which they stand, so that rejects after it have other numbers.
    one, other = tables(assess(OF, rows, made)), tables(assess(OF, left, None))
    one["rejects"], other["rejects"] = ([(*row[:2], *row[3:]) for row in found["rejects"]] for found in (one, other))
    assert one == other


@given(data=st.data())
@FEW
def test_correcting_back_restores(data: st.DataObject) -> None:
    rows = data.draw(records())
    assume(rows["finding"])
    row = data.draw(st.sampled_from(rows["finding"]))
    record = f"{row['squad']} / {row['no']}"
    made = [
        correction(record=record, field="points", value="20"),
        correction(record=record, annulled=True, known_on=day(3)),
        correction(record=record, annulled=False, known_on=day(4)),
        correction(record=record, field="points", value=row["points"], known_on=day(5)),
    ]
    assert tables(assess(OF, rows, made)) == tables(assess(OF, rows, None))


@given(data=st.data())
@FEW
def test_every_correction_is_applied_or_told_of(data: st.DataObject) -> None:
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    found = assess(OF, rows, made)
    told = [row["row"] for row in found.rows("corrections")]
    told += [row["row"] for row in found.rows("rejects") if row["kind"] == "corrections"]
    assert sorted(told) == list(range(1, len(made) + 1))


@given(data=st.data())
@FEW
def test_as_known_on_a_day_is_the_assessment_of_that_day(data: st.DataObject) -> None:
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    moment = dt.datetime.combine(data.draw(KNOWN), dt.time())
    study = OF.study(rows, period=PERIOD, corrections=made)
    assert tables(study.as_known(moment), without=()) == tables(assess(OF, rows, made, moment), without=())


# ------------------------------------------------------------------------------------------------------ single cases


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_a_correction_mends_a_rejected_row(engine: EngineName) -> None:
    if engine == "duckdb":
        pytest.importorskip("duckdb")
    found = scored([{**FINDING, "points": "4S"}], correction(field="points", value="45"), engine=engine)
    assert found.value("score", "East", "2024-01") == "55.0"
    assert list(found.rows("rejects")) == []


def test_a_row_built_in_python_may_lack_the_field() -> None:
    found = scored([FINDING], correction(field="note", value="again"))
    assert found.outcome.facts.record("finding", "East / 1") == {
        "no": 1, "squad": "East", "found_on": dt.date(2024, 1, 5), "points": 45, "note": "again",
    }  # fmt: skip


@pytest.mark.parametrize("said", ["E / 1", "East / 1", "East / 01", "E / 1.0"])
@pytest.mark.parametrize("entered", ["E", "East"])
def test_a_key_is_meant_however_it_is_written(said: str, entered: str) -> None:
    found = scored([{**FINDING, "squad": entered, "no": "001"}], correction(record=said, annulled=True))
    assert found.value("score", "East", "2024-01") == "100.0"
    assert [row["record"] for row in found.rows("corrections")] == ["East / 1"]


def test_a_day_is_known_on_it_and_an_instant_from_then_on() -> None:
    at = correction(field="points", value="5", known_on="2024-04-02T10:00")
    of_day = correction(field="points", value="5", known_on="2024-04-02")
    early = dt.datetime(2024, 4, 2, 9, 59, 59)
    assert scored([FINDING], at, as_of=early).value("score", "East", "2024-01") == "55.0"
    assert scored([FINDING], at, as_of=dt.datetime(2024, 4, 2, 10)).value("score", "East", "2024-01") == "95.0"
    assert scored([FINDING], of_day, as_of=early).value("score", "East", "2024-01") == "95.0"
    assert scored([FINDING], of_day, as_of=dt.datetime(2024, 4, 1, 23)).value("score", "East", "2024-01") == "55.0"


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"kind": "findings", "annulled": True}, "kind: unknown_kind"),
        ({"field": "size", "value": "1"}, "field: unknown_field"),
        ({"field": "no", "value": "1"}, "field: unknown_field"),
        ({"kind": "mark", "record": "East / 1", "field": "period", "value": "1"}, "field: unknown_field"),
        ({"annulled": True, "field": "points"}, "annulled: not_alone"),
        ({"annulled": False, "value": "5"}, "annulled: not_alone"),
        ({"annulled": "yes"}, "annulled: not_a_flag"),
        ({}, "field: missing"),
        ({"annulled": True, "known_on": "2024-02-30"}, "known_on: not_a_date"),
        ({"annulled": True, "known_on": "yesterday"}, "known_on: not_a_date"),
        ({"annulled": True, "known_on": None, "reason": None}, "known_on: missing; reason: missing"),
        ({"annulled": True, "reason": "x" * 10_001}, "reason: too_long"),
        ({"annulled": True, "by": "\0"}, "by: nul"),
        ({"annulled": True, "known_on": "2025-01-01"}, "known_on: after_as_of"),
        ({"annulled": True, "number": float("nan")}, "type"),
    ],
)
def test_what_is_no_correction_is_told_and_changes_nothing(changes: dict[str, Any], reasons: str) -> None:
    found = scored([FINDING], correction(**changes))
    assert refused(found) == {"East / 1": reasons}
    assert found.value("score", "East", "2024-01") == "55.0"


def test_a_correction_that_meets_no_record_is_told() -> None:
    found = scored([FINDING], correction(record="East / 2", annulled=True))
    assert refused(found) == {"East / 2": "record: unknown_record"}


def test_two_of_one_time_that_differ_are_both_refused() -> None:
    five, six = correction(field="points", value="5"), correction(field="points", value="6")
    found = scored([FINDING], five, six, correction(field="note", value="x"))
    assert [row["reasons"] for row in found.rows("rejects")] == ["contradicted", "contradicted"]
    assert found.value("score", "East", "2024-01") == "55.0"
    # Which of a day and an instant in it came first, nobody can say.
    timed = {**six, "known_on": f"{day(2)}T10:00"}
    assert scored([FINDING], five, timed).value("score", "East", "2024-01") == "55.0"
    # Of two instants the later one counts, and of two that say the same either.
    earlier = {**five, "known_on": f"{day(2)}T09:00"}
    assert scored([FINDING], timed, earlier).value("score", "East", "2024-01") == "94.0"
    assert scored([FINDING], five, {**five, "number": "2"}).value("score", "East", "2024-01") == "95.0"


def test_the_same_row_again_is_a_duplicate() -> None:
    one = correction(field="points", value="5")
    found = scored([FINDING], one, dict(one))
    assert refused(found) == {"East / 1": "duplicate"}
    assert found.value("score", "East", "2024-01") == "95.0"


def test_what_is_entered_after_a_correction_is_not_corrected_by_it() -> None:
    row = {"no": "a", "squad": "East", "found_on": "2024-01-05", "entered_on": day(1), "points": "45"}
    later = {**row, "entered_on": day(3), "points": "30"}
    made = {"kind": "entry", "record": "a", "known_on": day(2), "reason": "r", "field": "points", "value": "5"}
    assert scored([row, later], made, kind="entry").value("score", "East", "2024-01") == "70.0"
    assert scored([row, later], {**made, "known_on": day(3)}, kind="entry").value("score", "East", "2024-01") == "95.0"
    assert refused(scored([later], made, kind="entry")) == {"a": "record: unknown_record"}


def test_a_row_that_cannot_be_read_can_be_annulled_but_not_corrected() -> None:
    row = {**FINDING, "note": float("nan")}
    assert refused(scored([row], correction(field="note", value="x"))) == {"East / 1": "record: unknown_record"}
    assert list(scored([row], correction(annulled=True)).rows("rejects")) == []


def test_a_table_without_the_columns_is_refused() -> None:
    with pytest.raises(DataError) as problem:
        scored([FINDING], {"kind": "finding", "record": "East / 1", "annulled": True})
    assert {one.values["found"] for one in problem.value.diagnostics} == {"known_on", "reason"}


def test_files_are_corrected_like_rows(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [{**FINDING, "note": "seen"}, {**FINDING, "no": "2", "note": "seen"}]
    parquet.write_table(arrow.Table.from_pylist(rows), tmp_path / "finding.parquet")
    heading, lines = ",".join(rows[0]), "".join(",".join(row.values()) + "\n" for row in rows)
    (tmp_path / "finding.csv").write_text(f"{heading}\n{lines}", "utf-8")
    made = [correction(field="points", value="5"), correction(record="East / 2", annulled=True)]
    for name in ("finding.parquet", "finding.csv"):
        for engine in ("python", "duckdb"):
            found = OF.assess({"finding": tmp_path / name}, period=PERIOD, corrections=made, engine=engine)  # type: ignore[arg-type]
            assert found.value("score", "East", "2024-01") == "10.0"  # Not known at the end of the period.
            found = assess(OF, {"finding": tmp_path / name}, made, engine=engine)  # type: ignore[arg-type, dict-item]
            assert found.value("score", "East", "2024-01") == "95.0"


# ---------------------------------------------------------------------------------------------------------- as told


def test_an_explanation_tells_of_the_correction() -> None:
    told = scored([FINDING], correction(field="points", value="5", by="bureau", number="7")).why(
        "East", "2024-01", "score"
    )
    assert "corrected on 2024-04-02 by bureau (7): points: 45 → 5; measured anew" in told.render()
    assert "2024-04-02 更正（7），由 bureau 作出：points：45 → 5；理由：measured anew" in told.render("zh")


def test_an_annulled_record_is_explained_as_such() -> None:
    found = scored([FINDING], correction(annulled=True))
    told = Explainer(found.plan, found.tables, found.outcome.facts).record("finding", "East / 1")
    assert told.render() == "finding East / 1\n└─ annulled on 2024-04-02: measured anew"
    with pytest.raises(NothingToExplain):
        Explainer(found.plan, found.tables, found.outcome.facts).record("finding", "East / 2")


# ---------------------------------------------------------------------------------------------------------- appeals


def bad_months(of: Scheme, *given: dict[str, Any], now: dt.date | None = None) -> Any:
    rows = [{**FINDING, "no": str(no), "found_on": f"2024-0{no}-05"} for no in (1, 2, 3)]
    return of.study({"finding": rows}, period=PERIOD, corrections=list(given)).since(dt.date(2024, 4, 1), now)


def told(found: Any) -> dict[tuple[str, str, str], list[Any]]:
    return {
        (one.about.name, one.about.period, one.now.text or one.now.state): [by.record for by in one.rulings]
        or one.together
        for one in found.moved
    }


def test_a_ladder_is_climbed_anew_and_the_ruling_named() -> None:
    found = bad_months(OF, correction(record="East / 2", annulled=True), correction(record="East / 9", annulled=True))
    assert told(found) == {
        ("grade", "2024-02", "good"): ["East / 2"],
        ("ladder", "2024-02", "nothing"): ["East / 2"],
        ("ladder", "2024-03", "circular: circular"): ["East / 2"],
    }
    assert [row[4] for row in found.unused] == ["record: unknown_record"]


def test_measures_that_others_read_are_told_where_they_are_asked_for() -> None:
    rows = [{**FINDING, "no": "1"}]
    study = OF.study({"finding": rows}, period=PERIOD, corrections=[correction(field="points", value="44.5")])
    day = dt.date(2024, 4, 1)
    assert study.since(day).moved == ()
    found = study.since(day, every=True).moved
    assert [(one.about.name, one.decided.text, one.now.text) for one in found] == [("score", "55.0", "55.5")]


def test_without_later_corrections_nothing_differs() -> None:
    found = bad_months(OF, correction(record="East / 2", annulled=True, known_on=day(1)))
    assert (found.moved, found.rulings, found.alone) == ((), (), 0)
    assert bad_months(OF, correction(annulled=True), now=dt.date(2024, 4, 1)).moved == ()


def test_now_is_not_before_then() -> None:
    with pytest.raises(ValueError, match="no earlier"):
        bad_months(OF, now=dt.date(2024, 3, 31))


def test_rulings_that_only_together_change_a_verdict_are_told_so() -> None:
    rows = [{**FINDING, "no": str(no), "points": "30"} for no in (1, 2, 3)]
    made = [correction(record=f"East / {no}", field="points", value="10") for no in (1, 2, 3)]
    found = OF.study({"finding": rows}, period=PERIOD, corrections=made).since(dt.date(2024, 4, 1))
    assert {one.about.name: one.together for one in found.moved} == {"grade": True, "ladder": True}
    assert found.alone == 3


def test_late_entries_are_told_apart_from_corrections() -> None:
    row = {"no": "a", "squad": "East", "found_on": "2024-01-05", "entered_on": day(3), "points": "45"}
    study = OF.study({"entry": [row]}, period=PERIOD, corrections=[])
    found = study.since(dt.date(2024, 4, 1), dt.date(2024, 4, 5))
    assert {(one.about.name, one.passing, one.together) for one in found.moved} == {
        ("grade", True, False), ("ladder", True, False),
    }  # fmt: skip


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_where_time_stands_still_corrections_alone_make_a_difference(data: st.DataObject) -> None:
    rows = data.draw(records())
    made = data.draw(corrections(rows))
    study = OF.study(rows, period=PERIOD, corrections=made)
    found = study.since(dt.date(2024, 3, 31), dt.date(2024, 5, 1), every=True, still=True)
    assert found.by_rulings == len(found.moved)
    assert not any(one.passing for one in found.moved)
    none = OF.study(rows, period=PERIOD).since(dt.date(2024, 3, 31), dt.date(2024, 5, 1), every=True, still=True)
    assert none.moved == ()


def test_the_table_and_the_json_hold_all_of_it() -> None:
    found = bad_months(OF, correction(record="East / 2", annulled=True))
    rows = [dict(zip(found.table.shape.names, row, strict=True)) for row in found.table.rows()]
    assert {(row["name"], row["corrected"], row["reason"]) for row in rows} == {
        ("grade", "East / 2", "measured anew"), ("ladder", "East / 2", "measured anew"),
    }  # fmt: skip
    data = found.to_json()
    assert data["decided"] == "2024-04-01T00:00:00"
    assert [one["rulings"] for one in data["verdicts"]] == [[0], [0], [0]]
    assert data["rulings"][0]["changes"] == [{"field": None, "before": None, "after": None, "annulled": True}]
