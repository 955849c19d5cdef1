"""Refusals by hand: which code, at which address, with which values, and where the bound of what fits lies."""

from __future__ import annotations

import pytest

from cityrules.loaded import SchemeError, loads

HEAD = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2024-01-01}
targets:
  squad: {members: registered, fields: {size: "number(2) [0, 100]", total: "number(2) [0, %(total)s]"}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, n: "number(2) [0, %(n)s]"}}
measures:
"""
SHARE = "apportion: %d.25, in_proportion_to: size, among: whole, step: %s, remainder: by name, empty: 0"


def complaints(body: str, total: int = 100, n: int = 100) -> list[tuple[str, str, dict[str, str]]]:
    try:
        loads(HEAD % {"total": total, "n": n} + f"  m: {{for: squad each month, {body}}}\n")
    except SchemeError as error:
        return [(found.code, found.path, dict(found.values)) for found in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("body", "code", "path", "values"),
    [
        (
            "choose: {a: {when: size > 3, give: 1}}, otherwise: '\"word\"'",
            "CR264",
            "measures.m.choose.a.give",
            {"left_type": "number", "right_type": "text"},
        ),
        (
            "choose: {a: {when: size > 3, give: '\"word\"'}, b: {when: size > 2, give: 2}}, otherwise: 1",
            "CR264",
            "measures.m.choose.a.give",
            {"left_type": "text", "right_type": "number"},
        ),
        (
            "from: 0, rules: {a: {via: squad, deduct: 1}}",
            "CR437",
            "measures.m.rules.a.via",
            {"axis": "-"},
        ),
        (
            "apportion: 100, in_proportion_to: size, among: whole, step: 1 元, remainder: by name, empty: 0",
            "CR464",
            "measures.m.step",
            {"found": "元", "other": "-"},
        ),
    ],
)
def test_what_is_refused_where(body: str, code: str, path: str, values: dict[str, str]) -> None:
    assert (code, path, values) in complaints(body)


@pytest.mark.parametrize(
    ("body", "total", "n", "fits"),
    [
        # A whole number has 126 bits, about 8.5e37. Up to 10^9 records are summed up, at the digits of the rounding.
        ("mean: n, over: finding, empty: null, round: half up to 0", 100, 10**18, True),
        ("mean: n, over: finding, empty: null, round: half up to 6", 100, 10**18, True),
        ("mean: n, over: finding, empty: null, round: half up to 9", 100, 10**18, False),
        ("sum: n, over: finding, empty: 0", 100, 10**26, True),
        ("sum: n, over: finding, empty: 0", 100, 10**28, False),
        # A total in steps times a weight of at most 10^4 hundredths.
        (SHARE % (10**29, "0.0001"), 100, 100, True),
        (SHARE % (10**29, "0.00001"), 100, 100, False),
        (SHARE % (10**27, "0.000001"), 100, 100, True),
        (SHARE % (10**27, "0.0000001"), 100, 100, False),
    ],
)  # fmt: skip
def test_what_fits_into_a_whole_number(body: str, total: int, n: int, fits: bool) -> None:
    found = [code for code, _, _ in complaints(body, total, n)]
    assert ("CR499" not in found) is fits, found


def test_what_leaves_cells_out_is_missing_there() -> None:
    """A rank that skips has cells without a place, so that whoever reads it has to say what then."""
    reader = "  r: {for: squad each month, formula: m + 1}\n"
    optional = HEAD.replace('"number(2) [0, 100]"', '"optional number(2) [0, 100]"')
    for skipping in (
        "rank: high size, among: whole, ties: share, missing: skip",
        "apportion: 100, in_proportion_to: size, among: whole, step: 0.01, remainder: by name, empty: 0, missing: skip",
    ):
        with pytest.raises(SchemeError) as caught:
            loads(optional % {"total": 1, "n": 1} + f"  m: {{for: squad each month, {skipping}}}\n{reader}")
        assert "CR470" in [found.code for found in caught.value.diagnostics]


DOCUMENT = """
cityrules: 1
scheme: s
title: t
clause: 1
in_force: {from: 2024-01-01}
%s
targets:
  bureau: {members: [A]}
  squad: {in: %s, members: registered}
records:
  rating: {one_per: squad each month, absent: "null", fields: {stars: count}}
measures:
  m: {for: %s, formula: 1}
"""


@pytest.mark.parametrize(
    ("periods", "parent", "grain", "code", "path", "values"),
    [
        ("", "bureau", "rating", "CR421", "measures.m.for", {"found": "rating", "grain": "squad each month"}),
        (
            "",
            "burea",
            "squad each month",
            "CR401",
            "targets.squad.in",
            {"found": "burea", "expected": "bureau, squad", "suggestion": "bureau"},
        ),
        (
            "periods: {quarter: {in: by first day}}",
            "bureau",
            "squad each month",
            "CR824",
            "periods.quarter.in",
            {"found": "quarter"},
        ),
    ],
)
def test_what_is_refused_of_targets_and_periods(
    periods: str, parent: str, grain: str, code: str, path: str, values: dict[str, str]
) -> None:
    with pytest.raises(SchemeError) as caught:
        loads(DOCUMENT % (periods, parent, grain))
    assert (code, path, values) in [(one.code, one.path, dict(one.values)) for one in caught.value.diagnostics]


def test_what_an_override_reads_was_excluded_by_those_before_it() -> None:
    fields = "{no: text, found_on: date, x: optional count, y: optional count}"
    body = """
targets: {squad: {members: registered}}
records: {finding: {dated: found_on, key: [no], fields: %s}}
measures:
  m:
    for: finding
    formula: '1'
    overrides: {%s}
"""
    no_x, no_y, more = "a: {when: x = null, is: 2}", "b: {when: y = null, is: 3}", "c: {when: x > y, is: 4}"
    head = HEAD[: HEAD.index("targets:")]
    assert loads(head + body % (fields, f"{no_x}, {no_y}, {more}")).plan.measures["m"].of_record
    for one in (no_x, no_y):
        with pytest.raises(SchemeError) as caught:
            loads(head + body % (fields, f"{one}, {more}"))
        assert [found.code for found in caught.value.diagnostics] == ["CR470"]
