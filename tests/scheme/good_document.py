"""A small document that uses every form and every kind of body, for tests that spoil or change it."""

from __future__ import annotations

from typing import Any

from cityrules.scheme.keys import body_at, keys
from cityrules.scheme.load import Loaded, read_document
from cityrules.text.diagnostic import Report
from cityrules.text.nodes import plain
from cityrules.text.show import show_all
from cityrules.text.source import Source
from cityrules.text.yaml import read

GOOD = """\
cityrules: 1
scheme: good
title: A scheme in which everything occurs
issuer: nobody
in_force: {from: 2024-01-01, until: 2026-01-01}
rounding: half up to 2

parameters:
  fail_line: {value: 70, clause: 6}
  price: {values: {2024-01-01: 0.5, 2025-01-01: 1}, unit: points}

targets:
  bureau: {members: registered, fields: {quota: count}}
  squad: {in: bureau, members: as they appear}
  office: {members: [North, South]}

records:
  finding:
    dated: found_on
    key: [no]
    fields: {no: text, squad: squad, found_on: date, fixed_on: optional date, size: "one of big, small"}
  rating:
    one_per: squad each month
    fields: {points: "number(2) [0, 100]"}
    absent: null

measures:
  late: {for: finding, formula: fixed_on = null, applies: size = "big"}
  score:
    for: squad each month
    clause: 3
    from: 100
    rules:
      found: {each: finding, via: squad, deduct: 0.5, times: 2, cap: 10, group: g}
      again: {each: finding, when: late, add: price, missing: no, replaces: [found], group: g, clause: 3.1}
    together: {g: all}
    floor: 0
    ceiling: 100
  findings: {for: squad each month, count: finding, where: late, via: squad}
  total: {for: bureau each month, sum: score, over: squad, missing: skip}
  average: {for: bureau each year, mean: total, over: month, window: last 3 months, empty: null, round: half up to 1}
  least: {for: bureau each month, min: score, over: squad, empty: error}
  most: {for: bureau each month, max: score, over: squad, empty: 0}
  share: {for: squad each month, portion: late, over: finding, empty: null, unit: '%'}
  grade: {for: squad each month, bands: score, at_least: {90: good, fail_line: fair}, otherwise: poor}
  place: {for: squad each month, rank: high score, among: whole, ties: share}
  failing: {for: squad each month, run: grade = "poor", new_year: continues, missing: breaks}

consequences:
  flag: {for: squad each month, when: place <= 1, do: red flag, kind: flag, to: squad, clause: 7}
  failing_months:
    for: squad each month
    clause: 8
    ladder: failing
    restarts: after leave
    surplus: dropped
    together: highest
    follows: post
    kind: sanction
    steps:
      talk: {reaches: 2, do: talk, kind: talk}
      leave: {exceeds: 3, do: leave, decided_by: council, clause: 8.1}
      warn: {when: grade = "poor", fires: on entry, missing: undecided, do: warn}
      note: {at_least: 2, do: note}

checks:
  dates: {for: finding, that: found_on <= fixed_on, otherwise: warn, missing: yes}

readings:
  unclear:
    clause: 8
    question: Two months or three?
    chosen: two
    because: it says so
    others:
      three: {consequences.failing_months.steps.talk.reaches: 3}

uncomputed:
  patrol: {clause: 1, text: patrols, why: nothing to compute}

examples:
  one:
    clause: 3
    under: {readings.unclear: three, parameters.fail_line.value: 60}
    defaults: {finding: {size: big}}
    given:
      as_of: 2024-05-01T00:00:00
      targets: {bureau: [North, {name: South, quota: 3}]}
      finding:
        - {no: 1, squad: A, found_on: 2024-03-01, fixed_on: }
        - {repeat: 2, row: {squad: A, found_on: 2024-03-02}}
      values: {total: {North 2024-03: 60, South 2024-03: null}}
    expect:
      score: {A 2024-03: 98.5}
      failing_months: [A 2024-03]
      problems: {total: [South 2024-03]}
"""


def look(text: str, name: str = "scheme.yaml") -> tuple[Loaded | None, Report]:
    """A text loaded, and what was found in it."""
    report = Report()
    return read_document(Source(name, text), report), report


def good(text: str = GOOD) -> Loaded:
    """A text loaded that has no faults."""
    loaded, report = look(text)
    assert loaded is not None, show_all(report)
    return loaded


def spoiled(old: str, new: str, text: str = GOOD) -> Report:
    """What is found after one change of the text."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    loaded, report = look(text.replace(old, new))
    assert loaded is None
    return report


def tree(text: str = GOOD) -> Any:
    """The plain tree of a text."""
    root = read(Source("scheme.yaml", text), Report())
    assert root is not None
    return plain(root)


def told(report: Report) -> list[tuple[str, str]]:
    """Code and underlined text of every complaint."""
    return [(found.code, found.at.text if found.at else found.path) for found in report]


Address = tuple[str, ...]


def addresses(*, free: bool = False) -> list[Address]:
    """Every address of the good document that is a key of the language, not a name; `free`: also inside examples."""
    raw = tree()
    found: list[Address] = []

    def walk(value: Any, path: Address) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                here = (*path, key)
                model = body_at(path, raw)
                if model is not None and key in keys(model):
                    found.append(here)
                if free or not (path[:1] in (("examples",), ("readings",)) and len(path) > 1):
                    walk(inner, here)

    walk(raw, ())
    return found


def at(raw: Any, path: Address) -> Any:
    """What stands at an address of a plain tree."""
    for name in path:
        raw = raw[name]
    return raw
