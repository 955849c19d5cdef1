from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from cityrules.scheme import document as d
from cityrules.scheme.load import document_from, read_document
from cityrules.scheme.notation import Grain, Numeral, Rounding
from cityrules.text.diagnostic import Report
from cityrules.text.files import read_file
from cityrules.text.show import show_all
from cityrules.text.source import Source
from scheme.good_document import GOOD, good, look, spoiled, told, tree

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*/scheme.yaml"))


def test_a_good_document_arrives_parsed() -> None:
    document = good().document
    assert document.rounding == Rounding("half up", 2)
    assert document.in_force.from_ == dt.date(2024, 1, 1)
    assert document.measures["score"].for_ == Grain("squad", "month")
    assert isinstance(document.measures["average"], d.MeanBody)
    ledger = document.measures["score"]
    assert isinstance(ledger, d.LedgerBody)
    assert ledger.floor == Numeral(Fraction(0))
    assert document.consequences["failing_months"].steps is not None
    assert document.consequences["failing_months"].steps["leave"].decided_by == ("council",)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: str(path.parent.name))
def test_the_shipped_schemes_load(path: Any) -> None:
    report = Report()
    source = read_file(path, report)
    assert source is not None
    assert read_document(source, report) is not None, show_all(report)


# ---------------------------------------------------------------------------------------------------------- places


def test_every_address_has_its_place() -> None:
    loaded = good()
    text = loaded.locate(("measures", "late", "formula"))
    assert text is not None
    assert text.part(0, 8).text == "fixed_on"
    assert loaded.locate(("measures", "late")) is None
    assert loaded.locate(("records", "finding", "key", "0")) is not None
    assert loaded.locate(("records", "finding", "key", "7")) is None
    assert loaded.locate(("nowhere", "at", "all")) is None
    key = loaded.locate_key(("measures", "score"))
    assert key is not None
    assert key.text == "score"


@pytest.mark.parametrize(
    ("path", "underlined"),
    [
        (("measures", "late", "formula"), "fixed_on = null"),
        (("measures", "score"), "score"),
        (("measures", "score", "missing"), "score"),
        (("measures", "score", "rules", "found", "clause", "deeper"), "found"),
        (("records", "finding", "key", "0"), "no"),
    ],
)
def test_the_best_place_is_the_value_else_the_key_else_what_is_around(path: tuple[str, ...], underlined: str) -> None:
    span = good().span(path)
    assert span is not None
    assert span.text == underlined


def test_what_is_nowhere_is_at_the_top() -> None:
    span = good().span(("checks2",))
    assert span is not None
    assert (span.start, span.end) == (0, 0)


# ---------------------------------------------------------------------------------------------------------- several


def test_all_problems_are_told_at_once_across_levels() -> None:
    text = GOOD.replace("title: ", "tilte: ").replace("deduct: 0.5", "deduct: 0.5, add: 1")
    text = (
        text.replace("reaches: 2", "reches: 2").replace("ties: share", "ties: shared").replace("{g: all}", "{h: all}")
    )
    loaded, report = look(text)
    assert loaded is None
    assert told(report) == [
        ("CR301", "tilte"), ("CR322", "add"), ("CR341", "h"), ("CR309", "shared"), ("CR301", "reches"),
    ]  # fmt: skip


def test_yaml_problems_and_those_of_the_document_are_told_together() -> None:
    loaded, report = look(GOOD + "title: again\n" + "isuer: x\n")
    assert loaded is None
    assert [found.code for found in report] == ["CR120", "CR301"]


def test_a_reported_error_of_another_document_does_not_count() -> None:
    report = Report()
    report.add("CR101", path="x", found="x")
    assert read_document(Source("s", GOOD), report) is not None


def test_a_name_of_the_model_is_no_key() -> None:
    assert told(spoiled("late: {for: finding", "late: {for_: finding")) == [("CR301", "for_")]


def test_a_form_is_looked_for_among_the_keys_of_a_measure() -> None:
    (found,) = spoiled("formula: fixed_on", "formla: fixed_on")
    assert (found.code, found.values["suggestion"]) == ("CR303", "formula")


def test_a_short_key_is_recognised_by_what_is_missing() -> None:
    (found,) = spoiled("late: {for:", "late: {fr:")
    assert (found.code, found.values["suggestion"]) == ("CR301", "for")


def test_a_consequence_without_a_condition_is_refused() -> None:
    assert told(spoiled("when: place <= 1, ", "")) == [("CR321", "flag")]


def test_the_clause_of_the_document_is_around_everything() -> None:
    good("clause: all of it\n" + GOOD.replace(", clause: 7}", "}"))


# Each pair is a change of the good document and what is then told, beyond the recorded documents.
RULES = [
    ("key: [no]", "key: [no, fixed_on]", [("CR332", "fixed_on")]),
    ("key: [no]", "key: number", [("CR330", "number")]),
    ("key: [no]", "key: []", [("CR337", "key")]),
    ("    dated: found_on\n", "    dated: fixed_on\n", [("CR332", "fixed_on")]),
    ("    absent: null\n", "", [("CR323", "rating")]),
    ("    absent: null\n", "    absent: null\n    key: points\n", [("CR324", "key")]),
    ("    dated: found_on\n", "    dated: found_on\n    absent: error\n", [("CR325", "absent")]),
    ("{no: text, squad: squad,", "{no: text, squad: text,", [("CR339", "squad")]),
    ("{no: text, squad: squad,", "{no: text, squad: squad, and: text,", [("CR329", "and")]),
    ("{no: text, squad: squad,", "{no: text, squad: squad, total: count,", [("CR339", "total")]),
    ("{quota: count}", "{since: date}", [("CR340", "since")]),
    ('{points: "number(2) [0, 100]"}', "{period: text}", [("CR340", "period")]),
    ("members: [North, South]", "members: [North, North]", [("CR343", "North")]),
    ("value: 70", "value: 70, values: {2024-01-01: 5}", [("CR322", "values")]),
    ("{2024-01-01: 0.5, 2025-01-01: 1}", "{}", [("CR337", "values")]),
    ("{2024-01-01: 0.5, 2025-01-01: 1}", "{2024-W01-1: 1}", [("CR320", "2024-W01-1")]),
    ("sum: score, over: squad, ", "sum: score, ", [("CR323", "total")]),
    ("count: finding, ", "count: finding, over: finding, ", [("CR324", "over")]),
    ("restarts: after leave", "restarts: no", [("CR324", "surplus")]),
    ("    surplus: dropped\n", "", [("CR323", "failing_months")]),
    ("restarts: after leave", "restarts: after warn", [("CR342", "after warn")]),
    ("    together: highest\n", "", [("CR323", "failing_months")]),
    ("    together: highest\n", "    together: first\n", [("CR309", "first")]),
    ("fires: on entry, ", "", [("CR323", "warn")]),
    ("{reaches: 2, do:", "{reaches: 2, exceeds: 1, do:", [("CR322", "exceeds")]),
    ("{at_least: 2, do:", "{do:", [("CR321", "note")]),
    ("    kind: sanction\n", "", [("CR326", "leave"), ("CR326", "warn"), ("CR326", "note")]),
    ("    ladder: failing\n", "", [("CR323", "failing_months")]),
    ("    ladder: failing\n", "    ladder: failing\n    when: true\n", [("CR322", "ladder")]),
    ("when: place <= 1, ", "when: place <= 1, surplus: carried, ", [("CR325", "surplus")]),
    ("  place: {for", "  failing_months: {for", [("CR328", "failing_months")]),
    ("  place: {for", "  as_of: {for", [("CR329", "as_of")]),
    ("  place: {for", "  rejects: {for", [("CR329", "rejects")]),
    ("  place: {for", "  pl ace: {for", [("CR172", "pl ace")]),
    ("  place: {for", "  on: {for", [("CR174", "on")]),
    ("      found: {each", "      whole: {each", [("CR329", "whole")]),
    ("until: 2026-01-01", "until: unstated", [("CR320", "unstated")]),
    ("until: 2026-01-01", "until: 2024-01-01", [("CR336", "2024-01-01")]),
    ("cityrules: 1", 'cityrules: "01"', [("CR335", '"01"')]),
    ("title: A scheme in which everything occurs", "title: ' '", [("CR306", "' '")]),
    ("clause: 7}", 'clause: ""}', [("CR306", '""')]),
    ("uncomputed:\n", "uncomputed:\n  nothing:\n", [("CR306", "nothing")]),
    ("{finding: {size: big}}", "{finding: big}", [("CR307", "big")]),
    ("{finding: {size: big}}", "{finding: {size: [big]}}", [("CR302", "size")]),
    ("repeat: 2,", "repeat: 0,", [("CR344", "0")]),
    ("{name: South, quota: 3}", "{quota: 3}", [("CR344", "{")]),
    ("otherwise: warn", "otherwise: ignore", [("CR309", "ignore")]),
]


@pytest.mark.parametrize(("old", "new", "wanted"), RULES)
def test_what_must_be_stated_and_what_may_not(old: str, new: str, wanted: list[tuple[str, str]]) -> None:
    assert told(spoiled(old, new)) == wanted


def test_fields_may_be_named_like_functions() -> None:
    good(GOOD.replace("{no: text, squad: squad,", "{no: text, squad: squad, date: date,"))


# ---------------------------------------------------------------------------------------------------------- Python


def test_a_document_from_python_has_addresses_and_no_places() -> None:
    report = Report()
    loaded = document_from({**tree(), "rounding": "half up"}, report)
    assert loaded is None
    assert [(found.code, found.path, found.at) for found in report] == [("CR312", "rounding", None)]


def test_python_values_stand_for_texts() -> None:
    given = tree()
    given["cityrules"] = 1
    given["in_force"] = {"from": dt.date(2024, 1, 1)}
    given["parameters"]["fail_line"] = {"value": Decimal("0.10"), "label": None}
    given["parameters"]["price"]["values"] = {dt.date(2024, 1, 1): Fraction(1, 2), dt.date(2025, 1, 1): 1}
    given["measures"]["grade"]["at_least"] = {90: "good", Decimal("59.5"): True}
    given["measures"]["score"]["floor"] = Numeral(Fraction(0))
    given["rounding"] = Rounding("half up", 2)
    given["records"]["finding"]["key"] = ("no",)
    report = Report()
    loaded = document_from(given, report)
    assert loaded is not None, show_all(report)
    assert loaded.document.parameters["fail_line"].value == "0.10"
    assert loaded.document.parameters["price"].values == {"2024-01-01": "0.5", "2025-01-01": "1"}
    grade = loaded.document.measures["grade"]
    assert isinstance(grade, d.BandsBody)
    assert grade.at_least == {"90": "good", "59.5": "true"}
    assert loaded.span(("measures", "grade")) is None
    assert d.Document.model_validate(given) == loaded.document


def test_models_stand_for_maps() -> None:
    given = tree()
    given["measures"]["late"] = d.FormulaBody(**{"for": "finding", "formula": "fixed_on = null"})
    given["measures"]["score"]["rules"]["found"] = d.RuleBody(deduct="1", clause="3")
    given["measures"]["score"]["together"] = {"g": "all"}
    report = Report()
    loaded = document_from(given, report)
    assert loaded is not None, show_all(report)
    assert loaded.raw["measures"]["late"]["for"] == Grain("finding")  # type: ignore[index]


def test_a_document_goes_through_unchanged() -> None:
    first = good().document
    report = Report()
    loaded = document_from(first, report)
    assert loaded is not None, show_all(report)
    assert loaded.document == first


def test_a_document_written_out_reads_the_same() -> None:
    first = good().document
    written = first.model_dump(mode="json", by_alias=True, exclude_unset=True)
    assert d.Document.model_validate(written) == first


@pytest.mark.parametrize("where", ["value", "values", "example", "bound", "key"])
def test_floats_are_refused_wherever_they_stand(where: str) -> None:
    given = tree()
    if where == "value":
        given["parameters"]["fail_line"]["value"] = 0.1
    elif where == "values":
        given["measures"]["score"]["floor"] = 0.1
    elif where == "example":
        given["examples"]["one"]["expect"]["score"] = {"A 2024-03": 98.5}
    elif where == "bound":
        given["measures"]["grade"]["at_least"] = {89.5: "good"}
    else:
        given["records"]["finding"]["key"] = [0.5]
    report = Report()
    assert document_from(given, report) is None
    assert [found.code for found in report] == ["CR315"]


@pytest.mark.parametrize("given", [None, [], "cityrules: 1", 5, {"cityrules": object()}, {1: 2}, {(1, 2): 3}])
def test_nonsense_from_python_is_a_complaint(given: Any) -> None:
    report = Report()
    assert document_from(given, report) is None
    assert report.failed


def test_extreme_numbers_from_python_are_a_complaint() -> None:
    for value in (Decimal("Infinity"), Decimal("1e999999"), 10**5000):
        report = Report()
        given = tree()
        given["parameters"]["fail_line"]["value"] = value
        assert document_from(given, report) is None
        assert [found.code for found in report] == ["CR314"]
