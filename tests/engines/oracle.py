"""A second opinion: a small family of schemes recomputed directly, one plain loop a measure, with exact fractions.

Shares nothing with the engines but the published meaning. Everything is for bureaus of squads over the months of 2015:
the document is `document(...)`, its results are `expected(...)`, cell by cell as texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

MONTHS = [f"2015-{number:02d}" for number in range(1, 13)]


@dataclass(frozen=True)
class Family:
    """The dials of the family, in hundredths. `deduct` needs both digits, which fix the scale of the score."""

    deduct: int
    late: int
    cap: int
    floor: int
    good: int
    poor: int
    together: str
    reaches: int
    restarts: str


@dataclass(frozen=True)
class Case:
    """One finding: its squad, month (from 1), day, points in hundredths and whether it was late."""

    squad: str
    month: int
    day: int
    points: int
    late: bool


def text(hundredths: int) -> str:
    return f"{hundredths / 100:.2f}"


def document(family: Family) -> str:
    """The scheme, from `targets` on."""
    restarts = "no" if family.restarts == "no" else f"after talk\n    surplus: {family.restarts}"
    return f"""
targets:
  bureau: {{members: registered}}
  squad: {{in: bureau, members: registered}}
records:
  case:
    dated: found_on
    key: [no]
    fields: {{no: text, squad: squad, found_on: date, points: number(2), late: flag}}
measures:
  score:
    for: squad each month
    from: 100
    rules:
      plain: {{each: case, deduct: {text(family.deduct)} * points, group: g, cap: {text(family.cap)}}}
      slow: {{each: case, when: late, deduct: {text(family.late)}, replaces: [plain], group: g}}
      spare: {{each: case, when: points = 0, add: 0.25, group: g}}
    together: {family.together}
    floor: {text(family.floor)}
  rate: {{for: squad each month, portion: late, over: case, empty: null, unit: '%', round: half up to 1}}
  bureau_score: {{for: bureau each month, mean: score, over: squad, empty: null, round: half up to 2}}
  year_score:
    {{for: bureau each year, mean: bureau_score, over: month, missing: skip, empty: null, round: half up to 2}}
  grade:
    for: bureau each month
    bands: bureau_score
    at_least: {{{text(family.good)}: good, {text(family.poor)}: fair}}
    otherwise: poor
    missing: none
  top: {{for: bureau each month, rank: high bureau_score, among: whole, ties: share, missing: skip}}
  bottom: {{for: bureau each month, rank: low bureau_score, among: whole, ties: dense, missing: skip}}
  failing: {{for: bureau each month, run: 'grade = "poor"', new_year: breaks}}
consequences:
  act:
    for: bureau each month
    ladder: failing
    restarts: {restarts}
    together: highest
    kind: talk
    steps:
      talk: {{reaches: {family.reaches}, do: talk}}
      out: {{reaches: {family.reaches + 2}, do: out}}
"""


@dataclass
class Expected:
    """Values by measure and cell, and the steps of the ladder by cell."""

    values: dict[str, dict[str, str | None]]
    steps: dict[str, str]


def expected(family: Family, parents: dict[str, str], bureaus: Sequence[str], cases: Sequence[Case]) -> Expected:
    """What the scheme gives. `parents`: the bureau of each squad; cases are numbered from 0 in their order."""
    values: dict[str, dict[str, str | None]] = {
        name: {} for name in ("score", "rate", "bureau_score", "year_score", "grade", "top", "bottom", "failing")
    }
    steps: dict[str, str] = {}
    scores: dict[tuple[str, int], Fraction] = {}
    means: dict[tuple[str, int], Fraction | None] = {}
    for month in range(1, 13):
        for squad in parents:
            mine = sorted(
                ((case.day, str(number), case) for number, case in enumerate(cases)
                 if case.squad == squad and case.month == month),
                key=lambda item: item[:2],
            )  # fmt: skip
            found = [case for _, _, case in mine]
            scores[squad, month] = _score(family, found)
            cell = f"{squad} {MONTHS[month - 1]}"
            values["score"][cell] = _fixed(scores[squad, month], 4)
            late = sum(case.late for case in found)
            values["rate"][cell] = _fixed(Fraction(100 * late, len(found)), 1) if found else None
        for bureau in bureaus:
            below = [scores[squad, month] for squad, parent in parents.items() if parent == bureau]
            mean = _half_up(sum(below, Fraction(0)) / len(below), 2) if below else None
            means[bureau, month] = mean
            values["bureau_score"][f"{bureau} {MONTHS[month - 1]}"] = None if mean is None else _fixed(mean, 2)
    for bureau in bureaus:
        run, offset, level_before, run_before = 0, 0, 0, 0
        for month in range(1, 13):
            cell = f"{bureau} {MONTHS[month - 1]}"
            mean = means[bureau, month]
            grade = _grade(family, mean)
            values["grade"][cell] = grade
            others = [m for b in bureaus if (m := means[b, month]) is not None]
            place = None if mean is None else 1 + len([m for m in others if m > mean])
            low = None if mean is None else 1 + len({m for m in others if m < mean})
            values["top"][cell] = None if place is None else str(place)
            values["bottom"][cell] = None if low is None else str(low)
            run = run + 1 if grade == "poor" else 0
            values["failing"][cell] = str(run)
            if run < run_before:
                offset, level_before = 0, 0
            level = run - offset
            fired = [name for name, bound in (("talk", family.reaches), ("out", family.reaches + 2))
                     if level >= bound > level_before]  # fmt: skip
            if fired:
                steps[cell] = fired[-1]
            if "talk" in fired and family.restarts != "no":
                offset = run if family.restarts == "dropped" else offset + family.reaches
            level_before, run_before = run - offset, run
        known = [m for month in range(1, 13) if (m := means[bureau, month]) is not None]
        year = _half_up(sum(known, Fraction(0)) / len(known), 2) if known else None
        values["year_score"][f"{bureau} 2015"] = None if year is None else _fixed(year, 2)
    return Expected(values, steps)


def _score(family: Family, cases: Sequence[Case]) -> Fraction:
    """The score of one squad and month, case by case in order."""
    counted: dict[str, list[Fraction]] = {"plain": [], "slow": [], "spare": []}
    for case in cases:
        nominal = {"plain": -Fraction(family.deduct, 100) * Fraction(case.points, 100)}
        if case.late:
            nominal["slow"] = -Fraction(family.late, 100)
        if case.points == 0:
            nominal["spare"] = Fraction(1, 4)
        left = [name for name in nominal if not (name == "plain" and "slow" in nominal)]
        if family.together == "first":
            keep = left[:1]
        elif family.together == "highest":
            best = max(abs(nominal[name]) for name in left)
            keep = [next(name for name in left if abs(nominal[name]) == best)]
        else:
            keep = left
        for name, amount in nominal.items():
            counted[name].append(amount if name in keep else Fraction(0))
    cap = Fraction(family.cap, 100)
    used = Fraction(0)
    for amount in counted["plain"]:
        used = max(-cap, min(cap, used + amount))
    total = 100 + used + sum(counted["slow"]) + sum(counted["spare"])
    return max(total, Fraction(family.floor, 100))


def _grade(family: Family, mean: Fraction | None) -> str:
    if mean is None:
        return "none"
    if mean >= Fraction(family.good, 100):
        return "good"
    return "fair" if mean >= Fraction(family.poor, 100) else "poor"


def _half_up(value: Fraction, digits: int) -> Fraction:
    scaled = value * 10**digits
    whole = int(abs(scaled) + Fraction(1, 2))
    return Fraction(whole if scaled >= 0 else -whole, 10**digits)


def _fixed(value: Fraction, digits: int) -> str:
    rounded = _half_up(value, digits)
    exact = Decimal(rounded.numerator) / Decimal(rounded.denominator)
    return str(exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP))
