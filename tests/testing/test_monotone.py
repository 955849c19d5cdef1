"""One more violation never helps: what is proved has no counterexample, and what is not is searched for in earnest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import cityrules as cr
from cityrules.engines.python.engine import PythonEngine
from cityrules.testing.monotone.claims import claims, violations
from cityrules.testing.monotone.search import confirmed, search, verdicts
from cityrules.testing.random_schemes.falling import falling

SPECS = Path(__file__).parents[2] / "specs"
LONG = os.environ.get("CITYRULES_PROFILE") == "long"
SCHEMES, PARTS = (1_000 if LONG else 60), 10


@pytest.mark.parametrize("part", range(PARTS))
def test_what_is_proved_has_no_counterexample(part: int) -> None:
    """On random schemes, searched as if nothing were proved."""
    looked = 0
    for seed in range(part, SCHEMES, PARTS):
        scheme = falling(seed)
        if scheme is None:
            continue
        proved = [claim for claim in claims(scheme.plan) if claim.proved]
        for claim, verdict in search(scheme.plan, PythonEngine(), proved, seed=seed, inputs=8).items():
            looked += verdict.searched
            assert verdict.counterexample is None, f"seed {seed}: {claim.what} {claim.name}: {verdict.counterexample}"
    assert looked


def base(**changes: object) -> cr.Scheme:
    """A small scheme with one ledger, and measures and consequences beside it."""
    rules = changes.pop("rules", {"found": {"each": "finding", "deduct": 60}})
    ledger = {"for": "squad each month", "from": 100, "rules": rules, **changes.pop("ledger", {})}  # type: ignore[dict-item]
    fields = {"no": "text", "squad": "squad", "found_on": "date", "grave": "flag", "heaps": "count [0, 9]"}
    fields |= {"case": "optional text", "spot": "one of a, b"}
    fields |= changes.pop("fields", {})  # type: ignore[arg-type]
    document = {
        "cityrules": "1",
        "scheme": "small",
        "title": "Small",
        "clause": "1",
        "in_force": {"from": "unstated"},
        "targets": {"squad": {"members": ["A", "B"]}},
        "records": {"finding": {"dated": "found_on", "key": ["no"], "event": ["case"], "fields": fields}},
        "measures": {"score": ledger, **changes.pop("measures", {})},  # type: ignore[dict-item]
        **changes,
    }
    return cr.load(document)


def known(scheme: cr.Scheme) -> dict[str, str]:
    """What is known of each claim: proved, searched, or broken."""
    found = verdicts(scheme.plan, PythonEngine(), inputs=80)
    return {one.claim.name: "proved" if one.proved else "broken" if one.counterexample else "searched" for one in found}


GRAVE = {"for": "squad each month", "count": "finding", "where": "grave"}
ZERO = {"for": "squad each month", "formula": "score", "overrides": {"grave": {"when": "n > 0", "is": 0}}}
GRADE = {"for": "squad each month", "bands": "score", "at_least": {"90": "good", "50": "fair"}, "otherwise": "poor"}
FAILING = {"for": "squad each month", "run": 'grade = "poor"', "new_year": "continues"}
EVENT = {
    "all": {"each": "finding", "when": "heaps < 5", "deduct": 1, "group": "case"},
    "recheck": {"each": "finding", "when": "heaps >= 5", "deduct": 2, "group": "case", "replaces": ["all"]},
}
CAPPED = {"found": {"each": "finding", "deduct": 1}, "more": {"each": "finding", "when": "heaps > 5", "deduct": 1}}
SPOTS = {"spots": {"at": 3, "of": ["found", "more"], "per": "spot"}}
PLACE = {"for": "squad each month", "rank": "high score", "among": "whole", "ties": "share"}
HELPER = {"helper": "optional squad"}
SHARED = {
    "own": {"each": "finding", "via": "squad", "deduct": 1},
    "helped": {"each": "finding", "via": "helper", "deduct": 5},
}
ACT = {"do": "talk", "kind": "talk"}


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        (base(), {"score": "proved"}),
        (base(measures={"n": GRAVE, "zero": ZERO}), {"score": "proved", "zero.raw": "proved", "zero": "broken"}),
        (base(ledger={"floor": 0}, measures={"n": GRAVE, "zero": ZERO}),
         {"score": "proved", "zero.raw": "proved", "zero": "proved"}),
        # Several rows of one event are replaced by one that costs less than they do together.
        (base(rules=EVENT, ledger={"together": {"case": "all per event"}}), {"score": "broken"}),
        (base(rules=EVENT, ledger={"together": {"case": "all"}}), {"score": "proved"}),
        # One more finding at a spot takes from the common cap what another spot would have counted.
        (
            base(rules=CAPPED, ledger={"caps": {"all": {"at": 4, "of": ["found", "more"]}, **SPOTS}}),
            {"score": "broken"},
        ),
        (
            base(rules=CAPPED, ledger={"caps": {**SPOTS, "all": {"at": 4, "of": ["found", "more"]}}}),
            {"score": "proved"},
        ),
        # A power with a negative exponent falls where its base rises.
        (
            base(
                ledger={"floor": 1},
                measures={"turned": {"for": "squad each month", "formula": "score ** -1", "round": "half up to 4"}},
                consequences={
                    "low": {"for": "squad each month", "when": "turned < 0.0101", "do": "talk", "kind": "talk"}
                },
            ),
            {"score": "proved", "low": "broken"},
        ),
        # Of two squads that share a finding the one can fall behind the other; of one alone nobody can.
        (base(rules=SHARED, fields=HELPER, measures={"place": PLACE}), {"score": "proved", "place": "broken"}),
        (base(measures={"place": PLACE}), {"score": "proved", "place": "proved"}),
        # What a finding costs falls with their number.
        (base(rules={"found": {"each": "finding", "deduct": "10 - heaps"}}), {"score": "proved"}),
        (
            base(
                rules={"found": {"each": "finding", "deduct": "max(10 - nth, 0)"}},
                measures={"nth": {"for": "finding", "count": "finding", "among": ["squad"], "window": "ever"}},
            ),
            {"score": "broken"},
        ),
        # Grades, runs and ladders go with the score; an award for many findings does not.
        (
            base(
                measures={"grade": GRADE, "failing": FAILING, "n": GRAVE},
                consequences={
                    "talks": {"for": "squad each month", "ladder": "failing", "restarts": "no", "together": "highest",
                              "steps": {"first": {"reaches": 1, **ACT}, "third": {"reaches": 3, **ACT}}},
                    "busy": {"for": "squad each month", "when": "n >= 3", "do": "praise", "kind": "praise"},
                },
            ),
            {"score": "proved", "grade": "proved", "talks": "proved", "busy": "broken"},
        ),
        # After a restart an early step can take what a later one would have had.
        (
            base(
                measures={"n": {"for": "squad each month", "count": "finding", "window": "year to date"}},
                consequences={
                    "talks": {"for": "squad each month", "ladder": "n", "restarts": "after first", "surplus": "dropped",
                              "together": "highest",
                              "steps": {"first": {"reaches": 2, **ACT}, "third": {"reaches": 3, **ACT}}},
                },
            ),
            {"score": "proved", "talks": "broken"},
        ),
    ],
)  # fmt: skip
def test_what_is_known_of_small_schemes(scheme: cr.Scheme, expected: dict[str, str]) -> None:
    assert known(scheme) == expected


def test_a_counterexample_is_small_and_true() -> None:
    scheme = base(measures={"n": GRAVE, "zero": ZERO})
    (found,) = [one for one in verdicts(scheme.plan, PythonEngine()) if one.counterexample is not None]
    example = found.counterexample
    assert example is not None
    assert len(example.drawn.records["finding"]) == 2
    assert (example.at.was, example.at.comes_to) == ("-20", "0")
    assert confirmed(scheme.plan, PythonEngine(), found.claim, example.drawn, example.record) == example.at
    assert verdicts(scheme.plan, PythonEngine()) == verdicts(scheme.plan, PythonEngine())


def test_whatever_is_given_points_for_is_no_violation() -> None:
    assert violations(cr.load(SPECS / "gallery" / "bonus-cap" / "scheme.yaml", examples=False).plan) == ()


def test_a_month_of_findings_is_proved_up_to_the_dismissal() -> None:
    plan = cr.load(SPECS / "gallery" / "cleared-in-time" / "scheme.yaml", examples=False).plan
    found = {claim.name: claim.proved for claim in claims(plan)}
    assert found == dict.fromkeys(
        ("score", "month_score", "grade", "year_score", "year_grade", "failing_months", "dismissal"), True
    )
