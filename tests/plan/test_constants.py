"""Checks about the document itself: over parameters and tables, judged when the document is read."""

from __future__ import annotations

import pytest

import cityrules as cr
from cityrules.loaded import SchemeError, specs_folder
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from plan.building import SCHEME, checked, plan

SCORE = "score: {for: squad each month, formula: 100}\n"
FEES = """
tables:
  rates: {key: [size], columns: {size: finding.size, rate: number(1)}, rows: [[大, 2], [小, 1.5]]}
checks:
"""


def found(check: str, scheme: str = SCHEME, rest: str = "checks:\n") -> list[tuple[str, str, str]]:
    _, complaints = checked(SCORE, f"{rest}  c: {check}\n", scheme)
    return [(d.code, d.path, d.severity) for d in complaints]


@pytest.mark.parametrize(
    ("check", "wanted"),
    [
        ("{that: pass_line >= 60, otherwise: error}", []),
        ("{that: pass_line > 60, otherwise: error}", [("CR941", "checks.c.that", "error")]),
        ("{that: pass_line > 60, otherwise: warn}", [("CR941", "checks.c.that", "warning")]),
        ("{that: pass_line > 60, otherwise: refer}", [("CR941", "checks.c.that", "warning")]),
        ("{that: rising_line < 70, otherwise: error}", [("CR942", "checks.c.that", "error")]),
        ("{that: rising_line <= pass_line + 10, otherwise: error}", []),
        ('{that: deadline < date("2024-07-01"), otherwise: error}', []),
        ("{that: deadline.month = 7, otherwise: error}", [("CR941", "checks.c.that", "error")]),
        ("{that: score > 60, otherwise: error}", [("CR940", "checks.c.that", "error")]),
        ("{that: quota > 60, otherwise: error}", [("CR940", "checks.c.that", "error")]),
        ("{that: previous(score) > 60, otherwise: error}", [("CR940", "checks.c.that", "error")]),
        ("{that: fired(flag), otherwise: error}", [("CR940", "checks.c.that", "error")]),
        ("{that: month.number < 3, otherwise: error}", [("CR940", "checks.c.that", "error")]),
        ("{that: pass_line, otherwise: error}", [("CR276", "checks.c.that", "error")]),
    ],
)
def test_what_holds_of_the_document(check: str, wanted: list[tuple[str, str, str]]) -> None:
    assert found(check) == wanted


def test_tables_are_read_too() -> None:
    assert found("{that: sum_of(rates.rate) = 3.5, otherwise: error}", rest=FEES) == []
    assert found("{that: sum_of(rates.rate) = 3, otherwise: error}", rest=FEES) == [("CR941", "checks.c.that", "error")]
    assert found('{that: rates("大").rate > rates("小").rate, otherwise: error}', rest=FEES) == []


def test_what_waits_for_something_unstated_is_withheld() -> None:
    made = plan(SCORE, "checks:\n  c: {that: open_line > 60, otherwise: error}\n")
    assert "c" not in made.checks
    assert [(one.name, one.waits_for) for one in made.withheld] == [("c", "open_line")]


def test_a_check_of_the_document_is_no_check_of_an_assessment() -> None:
    assert plan(SCORE, "checks:\n  c: {that: pass_line = 60, otherwise: error}\n").checks == {}


def test_a_duty_still_needs_to_say_for_whom() -> None:
    text = SCHEME.lstrip() + "checks:\n  c: {every: month, over: finding, otherwise: warn}\n"
    report = Report()
    assert read_document(Source("scheme.yaml", text), report) is None
    assert [(d.code, d.values["key"]) for d in report] == [("CR323", "for")]


def test_a_what_if_is_judged_as_well() -> None:
    scheme = cr.load(specs_folder() / "gallery" / "weight-bounds", examples=False)
    changes = {"parameters.streets_part.value": 0.49, "parameters.squads_part.value": 0.51}
    with pytest.raises(SchemeError, match="at_least_half"):
        scheme.overlay({path: str(value) for path, value in changes.items()})
