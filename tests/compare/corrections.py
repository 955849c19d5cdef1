"""A small scheme whose records are corrected, and what property tests draw for it: records, corrections, instants."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st

from cityrules.loaded import Assessment, EngineName, Scheme, loads

DOCUMENT = """
cityrules: 1
scheme: corrected
title: corrected
in_force: {from: 2024-01-01}
targets:
  squad: {members: [East, West], aliases: {E: East}}
records:
  finding:
    dated: found_on
    key: [squad, no]
    fields: {no: count, squad: squad, found_on: date, points: 'number(1) [0, 50]', note: optional text}
  entry:
    dated: found_on
    key: [no]
    latest_by: entered_on
    fields: {no: text, squad: squad, found_on: date, entered_on: date, points: 'number(1) [0, 50]'}
  mark:
    one_per: squad each month
    absent: null
    fields: {given: 'count [0, 5]'}
measures:
  score:
    for: squad each month
    from: 100
    rules:
      found: {each: finding, deduct: points, clause: 1}
      entered: {each: entry, deduct: points, clause: 2}
    floor: 0
  stars: {for: squad each month, formula: given, missing: null, clause: 3}
  grade: {for: squad each month, bands: score, at_least: {60: good}, otherwise: bad, clause: 4}
  in_a_row: {for: squad each month, run: score < 60, new_year: continues, clause: 5}
consequences:
  ladder:
    for: squad each month
    ladder: in_a_row
    restarts: no
    together: highest
    clause: 6
    steps:
      circular: {reaches: 1, do: circular, kind: circular, to: squad}
      talk: {reaches: 2, do: talk, kind: talk, to: squad}
"""

PERIOD = "2024-01..2024-03"
LATER = dt.datetime(2024, 12, 31)

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 3, 31))
KNOWN = st.dates(dt.date(2024, 4, 1), dt.date(2024, 4, 6))
POINTS = st.sampled_from(["0", "4.5", "20", "30", "45", "x", "51"])
SQUADS = st.sampled_from(["East", "West", "Nowhere"])


def scheme() -> Scheme:
    return loads(DOCUMENT, examples=False)


@st.composite
def records(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Rows of all three kinds; each key once, but for entries, of which there are several editions."""
    findings = [
        {"no": str(no), "squad": draw(SQUADS), "found_on": draw(DAYS), "points": draw(POINTS), "note": "seen"}
        for no in range(draw(st.integers(0, 4)))
    ]
    entries = [
        {
            "no": draw(st.sampled_from("ab")),
            "squad": draw(SQUADS),
            "found_on": draw(DAYS),
            "entered_on": draw(st.dates(dt.date(2024, 3, 31), dt.date(2024, 4, 7))),
            "points": draw(POINTS),
        }
        for _ in range(draw(st.integers(0, 4)))
    ]
    marks = [
        {"squad": squad, "period": f"2024-0{month}", "given": draw(st.sampled_from(["0", "3", "9"]))}
        for squad in ("East", "West")
        for month in (1, 2)
        if draw(st.booleans())
    ]
    return {"finding": findings, "entry": entries, "mark": marks}


@st.composite
def corrections(draw: st.DrawFn, rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Corrections of these rows, good ones and bad ones."""
    known = {
        "finding": [f"{row['squad']} / {row['no']}" for row in rows["finding"]],
        "entry": [row["no"] for row in rows["entry"]],
        "mark": [f"{row['squad']} {row['period']}" for row in rows["mark"]],
    }
    fields = {
        "finding": {"points": POINTS, "found_on": DAYS.map(str), "note": st.sampled_from(["", "again"])},
        "entry": {"points": POINTS, "squad": SQUADS, "entered_on": KNOWN.map(str)},
        "mark": {"given": st.sampled_from(["1", "5", ""])},
    }
    made = []
    for number in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(sorted(known)))
        row = {
            "kind": kind,
            "record": draw(st.sampled_from([*known[kind], "none"])),
            "known_on": draw(KNOWN),
            "reason": draw(st.sampled_from(["measured anew", "reviewed"])),
            "number": str(number),
        }
        if draw(st.integers(0, 3)):
            row["field"] = draw(st.sampled_from(sorted(fields[kind])))
            row["value"] = draw(fields[kind][row["field"]])
        else:
            row["annulled"] = draw(st.booleans())
        made.append(row)
    return made


def assess(
    of: Scheme,
    rows: dict[str, list[dict[str, Any]]],
    given: list[dict[str, Any]] | None,
    as_of: dt.datetime = LATER,
    engine: EngineName = "python",
) -> Assessment:
    return of.assess(rows, period=PERIOD, corrections=given, as_of=as_of, engine=engine)


def tables(found: Assessment, *, without: tuple[str, ...] = ("corrections",)) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables but some; of rejects those about corrections are left out with the table of these."""
    told = {name: list(table.rows()) for name, table in found.tables.items() if name not in without}
    if "corrections" in without:
        told["rejects"] = [row for row in told["rejects"] if row[0] != "corrections"]
    return told
