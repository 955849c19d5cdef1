from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cityrules.scheme import document as d
from cityrules.scheme.load import Loaded, document_from
from cityrules.scheme.overlay import apply, under
from cityrules.text.diagnostic import Report
from cityrules.text.show import show_all
from scheme.good_document import GOOD, addresses, good, told, tree


def changed(changes: dict[str, Any], base: Loaded | None = None) -> Loaded:
    report = Report()
    loaded = under(base or good(), changes, report)
    assert loaded is not None, show_all(report)
    return loaded


def refused(changes: dict[str, Any]) -> list[tuple[str, str]]:
    report = Report()
    assert under(good(), changes, report) is None
    return told(report)


def option(name: str, changes: str, text: str = GOOD) -> tuple[Loaded | None, Report]:
    """The good document with one more option of its reading, under that option."""
    loaded = good(text.replace("    others:\n", f"    others:\n      {name}: {changes}\n"))
    report = Report()
    return under(loaded, {"readings.unclear": name}, report), report


def test_a_value_is_replaced_and_the_base_stays() -> None:
    base = good()
    before = copy.deepcopy(base.raw)
    loaded = changed({"parameters.fail_line.value": 75}, base)
    assert loaded.document.parameters["fail_line"].value == "75"
    assert base.raw == before
    assert base.document.parameters["fail_line"].value == "70"


def test_an_option_that_is_chosen_is_the_chosen_one() -> None:
    # A reading that nobody had chosen kept its measures from being computed under each of its options, too.
    base = good(GOOD.replace("chosen: ", "chosen: unstated # "))
    name = next(iter(base.document.readings["unclear"].others))
    loaded = changed({"readings.unclear": name}, base)
    assert base.document.readings["unclear"].chosen == "unstated"
    assert loaded.document.readings["unclear"].chosen == name


def test_a_body_is_added_and_a_section_begun() -> None:
    loaded = changed(
        {
            "measures.double": {"for": "squad each month", "formula": "2 * score"},
            "parameters.price.values.2026-01-01": "2",
        }
    )
    assert isinstance(loaded.document.measures["double"], d.FormulaBody)
    assert list(loaded.document.parameters["price"].values or ()) == ["2024-01-01", "2025-01-01", "2026-01-01"]
    bare = good("cityrules: 1\nscheme: s\ntitle: t\nin_force: {from: unstated}\n")
    assert changed({"parameters.p": {"value": 1}}, bare).document.parameters["p"].value == "1"


def test_none_removes() -> None:
    ledger = changed({"measures.score.ceiling": None}).document.measures["score"]
    assert isinstance(ledger, d.LedgerBody)
    assert ledger.ceiling is None


def test_a_bare_null_of_a_text_removes_and_a_quoted_one_is_the_word() -> None:
    removed, _ = option("gone", "{measures.average.empty: null}")
    kept, _ = option("word", "{measures.average.empty: 'null'}")
    assert removed is not None
    assert kept is not None
    assert removed.document.measures["average"].empty is None  # type: ignore[union-attr]
    assert kept.document.measures["average"].empty == "null"  # type: ignore[union-attr]


def test_models_may_be_put_in() -> None:
    body = d.FormulaBody(**{"for": "squad each month", "formula": "score"})
    assert changed({"measures.copy": body}).document.measures["copy"] == body


def test_an_option_is_chosen_by_name_and_found_in_an_example() -> None:
    base = good()
    steps = changed({"readings.unclear": "three"}, base).document.consequences["failing_months"].steps
    assert steps is not None
    assert steps["talk"].reaches == "3"
    report = Report()
    body = base.document.examples["one"]
    loaded = under(base, body.under, report, ("examples", "one", "under"))
    assert loaded is not None
    assert loaded.document.parameters["fail_line"].value == "60"
    assert loaded.document.consequences["failing_months"].steps["talk"].reaches == "3"  # type: ignore[index]


def test_a_document_from_python_has_readings_too() -> None:
    report = Report()
    base = document_from(tree(), report)
    assert base is not None
    steps = changed({"readings.unclear": "three"}, base).document.consequences["failing_months"].steps
    assert steps is not None
    assert steps["talk"].reaches == "3"


# ---------------------------------------------------------------------------------------------------------- places


def test_what_was_changed_stands_in_the_overlay_and_the_rest_in_the_base() -> None:
    loaded, _ = option("more", '{measures.failing.run: grade = "fair", measures.double: {for: squad, formula: 2 * 2}}')
    assert loaded is not None
    run = loaded.locate(("measures", "failing", "run"))
    assert run is not None
    assert run.span.text == 'grade = "fair"'
    assert run.part(0, 5).text == "grade"
    new = loaded.locate(("measures", "double", "formula"))
    assert new is not None
    assert new.span.text == "2 * 2"
    key = loaded.locate_key(("measures", "failing", "run"))
    assert key is not None
    assert key.text == "measures.failing.run"
    old = loaded.locate(("measures", "failing", "new_year"))
    assert old is not None
    assert old.span.text == "continues"


def test_a_mistake_in_an_option_is_shown_at_the_option() -> None:
    loaded, report = option(
        "bad", "{measures.double: {for: squad each month, formla: 2}, measures.late.rond: down to 1}"
    )
    assert loaded is None
    assert told(report) == [("CR303", "formla"), ("CR301", "measures.late.rond")]


def test_what_an_option_takes_away_is_missing_at_the_option() -> None:
    loaded, report = option("less", "{measures.grade.otherwise: null}")
    assert loaded is None
    (found,) = report
    assert (found.code, found.path, found.values["key"]) == ("CR305", "measures.grade", "otherwise")
    assert told(report) == [("CR305", "measures.grade.otherwise")]


def test_a_change_on_a_change_hides_what_was_inside() -> None:
    once, _ = option("first", "{measures.failing.run: score < 1}")
    assert once is not None
    body = {"for": "squad each month", "run": "score < 2", "new_year": "breaks"}
    twice = changed({"measures.failing": body}, once)
    assert twice.locate(("measures", "failing", "run")) is None
    assert twice.span(("measures", "failing", "run")) is None
    thrice = changed({"measures.failing.run": "score < 3"}, once)
    assert thrice.document.measures["failing"].run == "score < 3"  # type: ignore[union-attr]
    assert thrice.locate(("measures", "failing", "run")) is None


# ---------------------------------------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"parameters.fail_lien.value": 1}, [("CR350", "parameters.fail_lien.value")]),
        ({"parameter.fail_line.value": 1}, [("CR350", "parameter.fail_line.value")]),
        ({"": 1}, [("CR301", "")]),
        ({"titel": "x"}, [("CR301", "titel")]),
        ({"parameters.fail_line.value.x": 1}, [("CR351", "parameters.fail_line.value.x")]),
        ({"records.finding.key.0": "squad"}, [("CR351", "records.finding.key.0")]),
        ({"measures.score.round": None}, [("CR352", "measures.score.round")]),
        ({"readings.unclar": "three"}, [("CR353", "readings.unclar")]),
        ({"readings.unclear": "tree"}, [("CR354", "readings.unclear")]),
        ({"measures.late": None, "measures.late.applies": None}, [("CR358", "measures.late.applies")]),
        ({"measures.late.applies": None, "measures.late": None}, [("CR358", "measures.late")]),
    ],
)
def test_a_change_without_a_place(changes: dict[str, Any], wanted: list[tuple[str, str]]) -> None:
    assert refused(changes) == wanted


def test_the_option_that_is_chosen_changes_nothing() -> None:
    """Asked for by name, the reading that the document is written in was refused as no option at all."""
    base = good()
    chosen = base.document.readings["unclear"].chosen
    assert changed({"readings.unclear": chosen}).document == base.document


def test_what_nobody_has_chosen_is_no_option() -> None:
    base = changed({"readings.unclear.chosen": "unstated"})
    report = Report()
    assert under(base, {"readings.unclear": "unstated"}, report) is None
    assert [found.code for found in report] == ["CR354"]


def test_an_option_and_a_change_of_the_same_address_do_not_mix() -> None:
    codes = {code for code, _ in refused({"readings.unclear": "three", "consequences.failing_months": None})}
    assert codes == {"CR358"}


def test_the_plain_tree_can_be_had_alone() -> None:
    raw = tree()
    report = Report()
    assert apply(raw, {"title": "new", "measures.scor.floor": 1}, report)["title"] == "new"
    assert raw["title"] == "A scheme in which everything occurs"
    assert [found.code for found in report] == ["CR350"]
    assert [found.values["suggestion"] for found in report] == ["score"]


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([".".join(path) for path in addresses(free=True)]) | st.text("abc.", max_size=6),
        st.none() | st.text(max_size=4) | st.dictionaries(st.text(max_size=3), st.none(), max_size=2) | st.integers(),
        max_size=3,
    )
)
def test_no_change_raises_or_mutates(changes: dict[str, Any]) -> None:
    base = good()
    before = copy.deepcopy(base.raw)
    report = Report()
    loaded = under(base, changes, report)
    assert (loaded is None) == report.failed
    assert base.raw == before
