"""Random small scheme documents over the constructs of the language, and plans of them.

A document grows measure by measure. Each is written at random with its policies, and stays when the plan accepts it; so
the plan's own checks decide what is a scheme, and nothing here repeats them. The seed is the only thing drawn.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from hypothesis import strategies as st

from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import read_document
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source
from strategies.acts import acts
from strategies.followers import followers
from strategies.measures import candidates
from strategies.words import ROUNDINGS, Body


@dataclass(frozen=True, slots=True)
class Scheme:
    """A document and its plan."""

    document: Body
    plan: Plan

    @property
    def text(self) -> str:
        return yaml.safe_dump(self.document, allow_unicode=True, sort_keys=False, width=150)


CALENDARS: tuple[Body, ...] = (
    {"days": "cn"},
    {"days": "weekdays"},
    {
        "days": "stated",
        "years": {"2014": {}, "2015": {"off": "2015-02-16..2015-02-22", "working": ["2015-02-14", "2015-02-28"]}},
    },
)


EVENTS = (["squad", "size"], ["market", "media"], ["sure"], ["helper", "found_on"], ["seen", "crew"], ["price", "size"])


def calendar_rules(rng: random.Random) -> Body:
    """The rules of a calendar and its clocks."""
    return {
        "start_day": rng.choice(["excluded", "included"]),
        "last_day_off": rng.choice(["stays", "next working day"]),
        "clocks": {
            "office": {"runs": "working days", "hours": ["09:00..12:00", "13:30..17:00"]},
            "night": {"runs": "every day", "hours": ["00:00..06:00", "20:15..24:00"]},
        },
    }


def periods(rng: random.Random) -> Body:
    """The periods of a document's own, and where those count that cross a border."""

    def placed(*more: str) -> Body:
        word = rng.choice(["", "by first day", "by last day", "by last day", *more])
        return {"in": word} if word else {}

    lengths = [
        ("10 days", "2015-01-05"),
        ("3 weeks", "2014-12-17"),
        ("2 months", "2015-01-15"),
        ("1 month", "limit_day"),
    ]
    every, begins = rng.choice(lengths)
    week = placed("by Thursday", "by Thursday")
    return {
        **({"week": week} if week else {}),
        "closing": {"window": f"month closing on {rng.choice([28, 28, 15, 30])}", **placed()},
        "round": {"every": every, "from": begins, **placed()},
        "heating": {"seasons": {"cold": "11-15", "warm": rng.choice(["03-15", "02-01"])}, **placed()},
    }


def head(rng: random.Random) -> Body:
    """What a document has before its measures."""
    force: Body = {"from": rng.choice([*["2014-01-01"] * 4, "2015-02-01", "unstated", "2015-01-15"])}
    if rng.random() < 0.2:
        force["until"] = rng.choice(["2015-03-01", "2016-01-01", "2015-05-15"])
    moment = rng.random() < 0.4
    key = rng.choice([["no"], ["no", "squad"], ["no", "found_on"], ["volume", "no"]])
    finding = {
        "no": "text",
        "squad": "squad",
        "helper": "optional squad",
        "market": "optional market",
        "crew": "optional crew",
        "found_on": "datetime" if moment else "date",
        "volume": rng.choice(["number(1) [0, 100]", "number(1) [-5, 100]", "number(1)"]),
        "price": "optional number(2)",
        "notices": "count [0, 9]",
        "cleared_on": "optional date",
        "seen": "optional datetime",
        "media": "flag",
        "sure": "optional flag",
        "size": "one of 大, 小",
    }
    latest = {"latest_by": rng.choice(["found_on", "notices"])} if rng.random() < 0.2 else {}
    if latest.get("latest_by") in key:
        latest = {}
    visit = {
        "id": "count",
        "visited": "date",
        "bureau": "bureau",
        "market": "optional market",
        "mark": "number(1) [0, 10]",
    }
    letter = {
        "sign": "text",
        "visit": rng.choice(["visit", "visit", "optional visit"]),
        "sent_on": "date",
        "market": "optional market",
        "weight": "number(1) [0, 50]",
    }
    rating = rng.choice(
        [*["squad each month", "bureau each month", "market each quarter", "whole each month"] * 2,
         "squad each week", "bureau each closing", "whole each heating", "market each round",
         "squad each month per market", "bureau each month per crew"]
    )  # fmt: skip
    return {
        "cityrules": "1",
        "scheme": "random",
        "title": "A random scheme",
        "clause": "1",
        "in_force": force,
        "rounding": rng.choice(ROUNDINGS),
        "calendar": {**rng.choice(CALENDARS), **calendar_rules(rng)},
        "periods": periods(rng),
        "parameters": {
            "line": {"value": rng.choice(["60", "1.5", "3"])},
            "rising": {"values": {"2014-01-01": "2", "2015-02-10": "3.5", "2015-04-01": "1"}},
            "limit_day": {"value": "2015-02-14"},
            "few_days": {"value": rng.choice(["3 working days", "5 days", "1 month", "2 weeks"])},
            **({"open_line": {"value": "unstated"}} if rng.random() < 0.2 else {}),
        },
        "tables": {
            "tariff": {
                "key": ["size", "media"],
                "columns": {
                    "size": "finding.size",
                    "media": "flag",
                    "points": "number(2)",
                    "more": "optional number(1)",
                },
                "rows": [
                    ["大", "false", "2", "1.5"],
                    ["大", "true", "0.25", "null"],
                    ["小", "false", "-1", "3"],
                    ["小", "true", "7.5", "0"],
                ],
            },
            "bonus": {
                "key": ["many"],
                "columns": {"many": "count", "extra": "optional number(2) [0, 9]"},
                "rows": [[str(many), str(many % 4)] for many in rng.sample(range(1, 9), rng.randint(1, 6))],
                "absent": rng.choice(["null", "0.5", "0"]),
            },
            "quotas": {
                "key": ["rank"],
                "columns": {"rank": "bureau.rank", "share": "number(1)"},
                **({"rows": "unstated"} if rng.random() < 0.05 else {"rows": [["A", "40"], ["B", "60.5"]]}),
            },
            "places": {
                "key": ["place"],
                "columns": {"place": "market", "open": "optional flag"},
                "rows": [["north", "true"]],
                "absent": rng.choice(["null", "false"]),
            },
        },
        "targets": {
            "bureau": {
                "members": "registered",
                "fields": {"quota": "count", "rank": "one of A, B", "opened": "optional date"},
            },
            "squad": {
                "in": "bureau",
                "members": "registered",
                "fields": {"area": "optional number(1) [0, 50]", "post": "text"},
            },
            "market": {"members": ["north", "south"], "aliases": {"nobody": "south", "大": "north"}},
            "crew": {"members": "as they appear", "aliases": {"c9": "c1", "x": "中"}},
        },
        "records": {
            "finding": {
                "dated": "found_on",
                "key": key,
                "event": rng.choice(EVENTS),
                "fields": finding,
                **latest,
            },
            "visit": {"dated": "visited", "key": ["id"], "fields": visit},
            "letter": {"dated": "sent_on", "key": ["sign"], "fields": letter},
            "rating": {
                "one_per": rating,
                "absent": rng.choice(["error", "null"]),
                **({"latest_by": "stars"} if rng.random() < 0.2 else {}),
                "fields": {"stars": "number(1) [0, 5]", "kind": "optional text", "about": "optional letter"},
            },
            "figure": {
                "one_per": rng.choice(["bureau each year", "bureau"]),
                "absent": rng.choice(["error", "null"]),
                "fields": {"houses": "optional count"},
            },
        },
        "measures": {},
    }


def plan_of(document: Body) -> Plan | None:
    """The plan of a document; None where it is refused."""
    report = Report()
    plain = copy.deepcopy(document)
    for body in plain.get("measures", {}).values():
        for key in ("is", "policy", "label"):
            body.pop(key, None)
    text = yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
    loaded = read_document(Source("random.yaml", text), report)
    plan = build(loaded, report) if loaded is not None and not report.failed else None
    return plan if plan is not None and not report.failed else None


def make_scheme(seed: int, most: int = 8) -> Scheme:
    """The scheme of a seed."""
    rng = random.Random(seed)
    document = head(rng)
    wanted = rng.randint(1, most)
    for _ in range(wanted * 4):
        measures = document["measures"]
        if len(measures) == wanted:
            break
        name = f"m{len(measures)}"
        for body in candidates(rng, measures):
            attempt = {**document, "measures": {**measures, name: body}}
            if plan_of(attempt) is not None:
                document = attempt
                break
    document = _with(document, followers(rng, document["measures"]))
    if document.get("consequences") and rng.random() < 0.6:
        document = _with(document, acts(rng, document["consequences"], document["measures"]))
    plan = plan_of(document)
    assert plan is not None, yaml.safe_dump(document, allow_unicode=True)
    for body in document["measures"].values():
        for key in ("is", "policy", "label"):
            body.pop(key, None)
    return Scheme(document, plan)


def _with(document: Body, wanted: Iterator[tuple[str, Body]]) -> Body:
    """The document with whatever the plan does not refuse, the first of each name."""
    for path, body in wanted:
        section, name = path.split(".")
        if name in document.get(section, {}):
            continue
        attempt = {**document, section: {**document.get(section, {}), name: body}}
        if plan_of(attempt) is not None:
            document = attempt
    return document


def schemes(most: int = 8) -> st.SearchStrategy[Scheme]:
    """Random schemes of at most so many measures."""
    return st.integers(0, 2**40).map(lambda seed: make_scheme(seed, most))
