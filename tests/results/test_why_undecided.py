"""What is undetermined is followed into what hangs on it, and down to the record or input where it began; and why what
could have followed did not."""

from __future__ import annotations

import datetime as dt

import pytest

from cityrules.loaded import Assessment, loads

DOCUMENT = """
cityrules: 1
scheme: undecided
title: undecided
clause: 1
in_force: {from: 2024-01-01}
targets:
  bureau: {members: registered, fields: {quota: optional count}}
  squad: {in: bureau, members: registered}
records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, size: optional number(1), sure: optional flag}
  rating: {one_per: squad each month, fields: {mark: 'number(0) [0, 100]'}, absent: error}
measures:
  rated: {for: squad each month, formula: mark, clause: 2}
  score:
    for: squad each month
    from: 100
    clause: 3
    rules: {found: {each: finding, when: sure, missing: undecided, deduct: 2}}
  sizes: {for: bureau each month, mean: size, over: finding, missing: error, empty: null, round: down to 1, clause: 4}
  marks: {for: bureau each month, mean: rated, over: squad, empty: null, round: half up to 1, clause: 5}
  low: {for: bureau each month, run: marks < 60, missing: breaks, new_year: continues, clause: 6}
  talks: {for: bureau each year, count: warned, clause: 7}
  climbs: {for: bureau each year, count: climb, clause: 7}
  asked: {for: bureau each month, formula: fired(warned), clause: 7}
  barred: {for: bureau each month, formula: "in_force(warned, month.last_day)", clause: 8}
  sized: {for: bureau each month, count: small, clause: 8}
consequences:
  warned:
    for: bureau each month
    when: marks < 60
    missing: undecided
    do: warn
    kind: talk
    clause: 9
    amount: "default(quota, 0) + 1"
    lasts: 30 days
    starts: 'month.last_day + duration("P1D")'
  over: {for: bureau each month, when: sizes > quota, missing: undecided, do: letter, kind: circular, clause: 10}
  climb:
    for: bureau each month
    ladder: low
    restarts: after second
    surplus: dropped
    together: highest
    steps:
      first: {reaches: 1, do: a, kind: talk, clause: 11}
      second: {reaches: 2, do: b, kind: talk, lasts: to end of next quarter, clause: 12}
  upward:
    for: bureau each month
    ladder: low
    restarts: no
    together: highest
    steps:
      one: {reaches: 1, do: a, kind: talk}
      two: {exceeds: 1, do: b, kind: talk}
      never: {when: marks > 99, fires: on entry, missing: no, do: c, kind: talk}
  small: {for: finding, when: size > 3, missing: undecided, do: ask, kind: explanation, clause: 13}
  quiet: {for: bureau each month, applies: quota != null, when: marks > 99, missing: no, do: x, kind: talk, clause: 14}
"""
BUREAUS = [{"name": "N", "quota": "3"}, {"name": "S", "quota": None}]
SQUADS = [{"name": "n1", "bureau": "N"}, {"name": "n2", "bureau": "N"}, {"name": "s1", "bureau": "S"}]
FINDINGS = [
    {"no": "1", "squad": "n1", "found_on": "2024-01-03", "size": "5", "sure": "true"},
    {"no": "2", "squad": "n1", "found_on": "2024-01-04", "size": None, "sure": None},
    {"no": "3", "squad": "s1", "found_on": "2024-01-04", "size": "4", "sure": "false"},
]
MARKS = {"n1": (50, 40, 30, 50), "n2": (50, 40, 30), "s1": (90, 5, 90)}
RATINGS = [
    {"squad": squad, "period": f"2024-{month:02d}", "mark": str(mark)}
    for squad, marks in MARKS.items()
    for month, mark in enumerate(marks, 1)
]


@pytest.fixture(scope="module", params=["python", "duckdb"])
def found(request: pytest.FixtureRequest) -> Assessment:
    return loads(DOCUMENT).assess(
        {"finding": FINDINGS, "rating": RATINGS},
        targets={"bureau": BUREAUS, "squad": SQUADS},
        period="2024-01..2024-12",
        as_of=dt.datetime(2024, 4, 30),
        engine=request.param,
    )


def told(found: Assessment, target: str, period: str, measure: str, language: str = "en") -> list[str]:
    tree = found.why(target, period, measure).render("zh" if language == "zh" else "en")
    return [line.strip("│├└─ ") for line in tree.splitlines()]


CHAIN = [
    "undetermined: it rests on what is undetermined (marks)",
    "marks · N · 2024-04: undetermined (provisional) (clause 5)",
    "undetermined: it rests on what is undetermined (rated)",
    "rated · n2 · 2024-04: undetermined (provisional) (clause 2)",
    "undetermined: something that it needs is not there (rating)",
    "mark: there is no row n2 2024-04 of rating",
]


def test_an_undecided_consequence_tells_the_chain_to_the_row_that_is_not_there(found: Assessment) -> None:
    assert told(found, "N", "2024-04", "warned") == [
        "warned · N · 2024-04: undecided (clause 9)",
        *CHAIN,
        "condition: marks < 60",
        "marks · N · 2024-04: undetermined (told elsewhere here)",
    ]
    # The row of a ladder that is undecided is of no step.
    assert told(found, "N", "2024", "climbs")[1:4] == [
        "undetermined: it rests on what is undetermined (climb)",
        "climb · N · 2024-04: undecided (clause 1)",
        "undetermined: it rests on what is undetermined (low)",
    ]
    assert told(found, "N", "2024-04", "climb")[:3] == [
        "climb · N · 2024-04: undecided (clause 1)",
        "undetermined: it rests on what is undetermined (low)",
        "low · N · 2024-04: undetermined (provisional) (clause 6)",
    ]


@pytest.mark.parametrize(("target", "period", "measure"), [("N", "2024", "talks"), ("N", "2024-04", "asked")])
def test_what_would_have_to_know_names_the_consequence(
    found: Assessment, target: str, period: str, measure: str
) -> None:
    assert told(found, target, period, measure)[1:] == [
        "undetermined: it rests on what is undetermined (warned)",
        "warned · N · 2024-04: undecided (clause 9)",
        *CHAIN,
        "condition: marks < 60",
        "marks · N · 2024-04: undetermined (told elsewhere here)",
    ]


def test_and_so_does_what_asks_whether_it_has_effect(found: Assessment) -> None:
    assert "warned · N · 2024-04: undecided (clause 9)" in told(found, "N", "2024-04", "barred")


@pytest.mark.parametrize(
    ("target", "measure", "expected"),
    [
        (
            "n1",
            "score",
            ["undetermined: a condition is unknown and left to a person (found)", "finding 2", "sure: missing"],
        ),
        ("N", "sizes", ["undetermined: a value is missing (sizes)", "finding 2", "size: missing"]),
        (
            "N",
            "over",
            [
                "undetermined: it rests on what is undetermined (sizes)",
                "sizes · N · 2024-01: undetermined (clause 4)",
                "undetermined: a value is missing (sizes)",
                "finding 2",
                "size: missing",
            ],
        ),
        (
            "N",
            "sized",
            [
                "undetermined: it rests on what is undetermined (small)",
                "small · finding 2: undecided (clause 13)",
                "undetermined: a condition is unknown and left to a person (small)",
                "condition: size > 3",
                "size: missing",
            ],
        ),
        ("S", "over", ["undetermined: a condition is unknown and left to a person (over)", "condition: sizes > quota"]),
    ],
)  # fmt: skip
def test_the_record_of_which_something_is_missing_is_named(
    found: Assessment, target: str, measure: str, expected: list[str]
) -> None:
    assert told(found, target, "2024-01", measure)[1 : 1 + len(expected)] == expected


def test_amounts_and_days_are_told_as_the_document_says_them(found: Assessment) -> None:
    lines = told(found, "N", "2024-01", "warned")
    assert "in force from 2024-02-01 until 2024-03-02" in lines[1]
    assert lines[2:6] == [
        "the amount: default(quota, 0) + 1",
        "quota of N = 3",
        'it lasts 30 days, from month.last_day + duration("P1D")',
        "month.last_day = 2024-01-31",
    ]
    assert "为期 to end of next quarter" in told(found, "N", "2024-02", "climb", "zh")


@pytest.mark.parametrize(
    ("target", "period", "measure", "expected"),
    [
        ("S", "2024-01", "quiet", ["nothing follows here: it does not apply"]),
        ("N", "2024-01", "quiet", ["nothing follows here: the condition does not hold"]),
        ("S", "2024-01", "climb", ["nothing follows here: the ladder comes to no step", "which stands at 0"]),
        ("N", "2024-02", "climb", ["which stands at 2,", "clause 11); held the time before already"]),
        ("N", "2024-03", "climb", ["which stands at 1, counted anew after 2024-02", "clause 12); not come to"]),
        ("N", "2024-02", "upward", ["one: comes to 1: a (clause 1); held the time before already", "<- fired"]),
        ("N", "2024-03", "upward", ["two: comes over 1: b (clause 1); held the time before already"]),
        ("N", "2024-03", "upward", ["c (clause 1); its condition does not hold"]),
    ],
)
def test_what_did_not_follow_says_why(
    found: Assessment, target: str, period: str, measure: str, expected: list[str]
) -> None:
    text = "\n".join(told(found, target, period, measure))
    assert [part for part in expected if part not in text] == []


def test_the_overview_tells_what_is_undecided(found: Assessment) -> None:
    tree = found.why("N", "2024-04")
    assert [child.values.get("consequence") for child in tree.children][:4] == ["warned", "over", "climb", "upward"]
