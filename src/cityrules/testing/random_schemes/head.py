"""What a random document has before its measures: calendar, periods, parameters, tables, targets and records."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.words import ROUNDINGS, Body

CALENDARS: tuple[Body, ...] = (
    {"days": "cn"},
    {"days": "weekdays"},
    {
        "days": "stated",
        "years": {"2014": {}, "2015": {"off": "2015-02-16..2015-02-22", "working": ["2015-02-14", "2015-02-28"]}},
    },
)
EVENTS = (["squad", "size"], ["market", "media"], ["sure"], ["helper", "found_on"], ["seen", "crew"], ["price", "size"])


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
    listed = markets(rng) if rng.random() < 0.5 else None
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
            "fee": {"value": "1.5", "unit": "元"},
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
                **({"rows": "unstated"} if rng.random() < 0.3 else {"rows": [["A", "40"], ["B", "60.5"]]}),
                **rng.choice([{}, {"sum": {"share": "100.5"}}]),
            },
            **({"markets": listed} if listed else {}),
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
            "market": {
                "members": {"table": "markets"} if listed else ["north", "south"],
                "aliases": {"nobody": "south", "大": "north"},
            },
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
        **({"readings": {"rise": reading(rng)}} if rng.random() < 0.12 else {}),
    }


def calendar_rules(rng: random.Random) -> Body:
    """The rules of a calendar and its clocks."""
    return {
        "start_day": rng.choice(["excluded", "included"]),
        "last_day_off": rng.choice(["stays", "next working day"]),
        "day_before": rng.choice(["in time", "late"]),
        "day_before_off": rng.choice(["stays", "previous working day"]),
        "units": {
            "shift": {"length": rng.choice(["1 hour", "90 minutes"]), "clock": rng.choice(["office", "night"])},
            "turn": {
                "length": rng.choice(["1 day", "2 days", "1 week"]),
                "last_day_off": rng.choice(["stays", "next working day"]),
            },
            "workday": {
                "length": rng.choice(["1 working day", "2 working days"]),
                "start_day": rng.choice(["included", "excluded"]),
            },
        },
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
        **tenures(rng),
    }


def tenures(rng: random.Random) -> Body:
    """Periods that each bureau counts from the day on which it was opened; mostly so that some make one of others."""
    short, long = rng.choice(
        [("1 month", "2 months"), ("1 month", "3 months"), ("10 days", "20 days"), ("2 weeks", "1 month"),
         ("1 week", "3 weeks"), ("1 month", "1 year")]
    )  # fmt: skip
    return {
        "tenure": {"every": short, "from": "bureau.opened"},
        "term": {"every": long, "from": "bureau.opened"},
        **({"month": {"in": rng.choice(["by first day", "by last day"])}} if rng.random() < 0.7 else {}),
    }


def markets(rng: random.Random) -> Body:
    """A table that lists the markets, whose last columns say since when and until when each exists."""
    since = [rng.choice(["null", "null", "null", "2015-01-10", "2015-02-01"]) for _ in range(2)]
    until = [rng.choice(["null", "null", "null", "2015-02-10", "2015-03-01"]) for _ in range(2)]
    rows = [["north", "A", "12.5", since[0], until[0]], ["south", rng.choice(["A", "B"]), "null", since[1], until[1]]]
    return {
        "key": ["market"],
        "columns": {
            "market": "market", "sort": "one of A, B", "stalls": "optional number(1)",
            "since": "optional date", "until": "optional date",
        },
        "rows": rows,
    }  # fmt: skip


def reading(rng: random.Random) -> Body:
    """What may be read in two ways; nothing is computed of it as long as nobody has chosen."""
    return {
        "clause": "2",
        "question": "How much from April on?",
        "chosen": rng.choice(["less", "unstated"]),
        "because": "-",
        "others": {"more": {"parameters.rising.values": {"2014-01-01": "2", "2015-04-01": "5"}}},
    }
