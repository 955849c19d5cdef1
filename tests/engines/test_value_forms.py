"""Both engines on the forms that give values: look-ups, cases, tiers, weights, overrides, first, last and distinct.

One scheme that has them all over the columns of the random schemes, on random inputs with all their dirt.
"""

from __future__ import annotations

import copy
import random

import pytest

from cityrules.testing.random_schemes.head import head
from cityrules.testing.random_schemes.mending import plan_of
from cityrules.text.diagnostic import Report
from engines.agreement import BothEngines
from strategies.inputs import make_case

MEASURES = {
    "tariffs": {"for": "finding", "formula": "tariff(size, sure).more", "missing": "null"},
    "extras": {"for": "finding", "formula": "bonus(notices).extra", "missing": "7.5"},
    "open_place": {"for": "finding", "formula": "places(market).open", "missing": "null"},
    "kind_of": {
        "for": "finding",
        "choose": {
            "big": {"when": "volume > 50", "give": "size"},
            "sure": {"when": "sure", "give": '"sure one"'},
            "dear": {"when": "price > 3", "give": "dear"},
        },
        "otherwise": "plain",
        "missing": "null",
    },
    "owed": {
        "for": "finding",
        "tiers": "abs(volume)",
        "up_to": {"2.5": "5%", "20": "rising", "60": "-2"},
        "beyond": "0.25",
        "apply": "marginal",
    },
    "owed_whole": {
        "for": "finding",
        "tiers": "notices",
        "up_to": {"rising": "1", "4": "rising"},
        "beyond": "line",
        "apply": "whole",
        "overrides": {"unsure": {"when": "sure", "missing": "yes", "is": "default(price, 0)"}},
    },
    "mixed": {
        "for": "squad each month",
        "weighted": {"stars_of": "50%", "area": "0.25", "quota": "0.25"},
        "total": "1",
        "missing": "rescale",
        "round": "half up to 2",
    },
    "filled": {
        "for": "bureau each month",
        "weighted": {"stars_of": "0.5", "worst": "1.5"},
        "total": "2",
        "missing": "1.125",
    },
    "barely": {
        "for": "bureau each month",
        "weighted": {"stars_of": "3", "worst": "7"},
        "total": "10",
        "missing": "rescale",
        "empty": "null",
        "round": "half even to 1",
    },
    "stars_of": {
        "for": "bureau each month",
        "mean": "price",
        "over": "finding",
        "via": "squad",
        "missing": "skip",
        "empty": "null",
    },
    "worst": {"for": "bureau each month", "min": "volume", "over": "finding", "via": "squad", "empty": "null"},
    "first_price": {
        "for": "bureau each month",
        "first": "price",
        "over": "finding",
        "via": "squad",
        "missing": "skip",
        "empty": "null",
    },
    "last_day": {
        "for": "bureau each month",
        "last": "cleared_on",
        "over": "finding",
        "via": "helper",
        "missing": "skip",
        "empty": "null",
    },
    "last_kind": {
        "for": "squad each quarter",
        "last": "kind_of",
        "over": "finding",
        "via": "squad",
        "missing": "skip",
        "empty": "nothing",
    },
    "kinds": {
        "for": "squad each month",
        "distinct": "kind_of",
        "over": "finding",
        "via": "squad",
        "missing": "none",
        "window": "last 2 months",
    },
    "market_names": {
        "for": "whole each month",
        "distinct": "market",
        "over": "finding",
        "where": "volume > 1",
        "missing": "skip",
    },
    "sizes": {"for": "bureau each year", "distinct": "worst", "over": "month", "missing": "skip"},
    "latest": {"for": "bureau each year", "last": "worst", "over": "month", "missing": "skip", "empty": "error"},
    "foremost": {"for": "bureau each month", "first": "area", "over": "squad", "missing": "error", "empty": "0"},
    "points": {
        "for": "squad each month",
        "from": "100",
        "rules": {"found": {"each": "finding", "via": "squad", "deduct": "default(tariffs, 1)"}},
        "overrides": {
            "many": {"when": "kinds > 2", "is": "0"},
            "few": {"when": "stars_of > 2", "missing": "no", "is": "stars_of"},
        },
    },
    "grade": {
        "for": "squad each month",
        "bands": "points.raw",
        "at_least": {"99": "good", "line": "fair"},
        "otherwise": "poor",
        "overrides": {
            "veto": {"when": "points = 0", "is": "poor"},
            "above": {"when": "worst > 3", "missing": "yes", "is": '"other"'},
        },
    },
    "spread": {"for": "bureau each month", "distinct": "grade", "over": "squad"},
}


@pytest.mark.parametrize("seed", range(5))
def test_both_engines_agree(seed: int) -> None:
    document = head(random.Random(seed))
    document["measures"] = copy.deepcopy(MEASURES)
    document["in_force"] = {"from": "2014-01-01"}
    document["tables"]["bonus"]["absent"] = "null"
    document["tables"]["quotas"]["rows"] = [["A", "40"], ["B", "60.5"]]
    document["parameters"]["line"]["value"] = "60"
    document.pop("readings", None)
    document["records"]["finding"]["fields"]["volume"] = "number(1) [-5, 100]"
    plan = plan_of(document, Report())
    assert plan is not None
    for question in range(2):
        case = make_case(plan, 1000 * seed + question)
        BothEngines().assess(plan, case.inputs, case.question)
