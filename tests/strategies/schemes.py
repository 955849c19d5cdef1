"""Random small scheme documents over the constructs of the language, and plans of them.

A document grows by a few measures at a time, drawn at random and mended until the plan accepts them; so the plan's own
checks decide what is a scheme, and nothing here repeats them. The seed is the only thing drawn.
"""

from __future__ import annotations

import copy
import random
import re
from dataclasses import dataclass

import yaml
from hypothesis import strategies as st

from cityrules.plan.model import Plan
from cityrules.text.diagnostic import Report
from strategies.accepting import conditions
from strategies.acts import acts
from strategies.followers import followers
from strategies.measures import measure
from strategies.mending import mended, plain, plan_of
from strategies.tables import tabled
from strategies.wishes import graded, wished
from strategies.words import ROUNDINGS, SORTS, Body


class Written(yaml.SafeDumper):
    """Writes a part that stands in two places out twice: a scheme may not be built from copies (CR121)."""

    def ignore_aliases(self, data: object) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Scheme:
    """A document and its plan."""

    document: Body
    plan: Plan

    @property
    def text(self) -> str:
        return yaml.dump(self.document, Dumper=Written, allow_unicode=True, sort_keys=False, width=150)


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


def reading(rng: random.Random) -> Body:
    """What may be read in two ways; nothing is computed of it as long as nobody has chosen."""
    return {
        "clause": "2",
        "question": "How much from April on?",
        "chosen": rng.choice(["less", "unstated"]),
        "because": "-",
        "others": {"more": {"parameters.rising.values": {"2014-01-01": "2", "2015-04-01": "5"}}},
    }


def make_scheme(seed: int, most: int = 6) -> Scheme:
    """The scheme of a seed."""
    rng = random.Random(seed)
    document = head(rng)
    sorts = {**SORTS}
    wanted = rng.randint(1, most)
    for turn in range(wanted):
        measures = document["measures"]
        if len(measures) == wanted:
            break
        # Two at a time, of which the second can read the first.
        drawn: Body = {}
        for number in range(min(2, wanted - len(measures))):
            name = f"m{turn}{'ab'[number]}"
            drawn[name] = measure(rng, {**measures, **drawn})
            sorts[name] = drawn[name]["is"]
        document = mended(rng, document, {"measures": drawn}, sorts)
    # Those who read what may be left out come last, so that they are mended with it.
    extra = wished(rng, document["measures"])
    sorts |= {name: body["is"] for name, body in extra.items()}
    document = mended(rng, document, {"measures": extra}, sorts)
    if "w_grade" in document["measures"] and rng.random() < 0.8:
        document = mended(rng, document, graded(rng, document), sorts)
    document = mended(rng, document, followers(rng, document["measures"]), sorts)
    if document.get("consequences") and rng.random() < 0.4:
        rest = acts(rng, document["consequences"], document["measures"])
        document = mended(rng, document, rest, sorts | {name: body["is"] for name, body in rest["measures"].items()})
    if rng.random() < 0.4:
        document = mended(rng, document, conditions(rng, document, document["measures"]), sorts)
    document = tabled(random.Random(f"{seed} tables"), document, sorts)
    if rng.random() < 0.9:
        document = without_idle(document)
    document = with_sound_readings(document)
    report = Report()
    plan = plan_of(document, report)
    assert plan is not None, yaml.safe_dump(document, allow_unicode=True)
    of_cells = {name for name, body in document.get("checks", {}).items() if "for" in body}
    lost = {*document["measures"], *document.get("consequences", {}), *of_cells}
    lost -= {name.partition(".")[0] for name in (*plan.measures, *plan.consequences, *plan.checks)}
    assert not lost - {one.name for one in plan.withheld}, lost
    return Scheme(plain(document), plan)


def with_sound_readings(document: Body) -> Body:
    """The document without readings under an option of which it would be refused."""
    sound = {}
    for name, reading in document.get("readings", {}).items():
        options = [copy.deepcopy(document) for _ in reading["others"]]
        for changed, changes in zip(options, reading["others"].values(), strict=True):
            for address, value in changes.items():
                *around, last = address.split(".")
                body = changed
                for key in around:
                    body = body[key]
                body[last] = value
        if all(plan_of(changed, Report()) is not None for changed in options):
            sound[name] = reading
    return {**document, "readings": sound} if sound else {k: v for k, v in document.items() if k != "readings"}


def without_idle(document: Body) -> Body:
    """The document without the records, tables, parameters and fields that nothing in it reads: what is read of inputs
    costs more than what is computed of them."""
    kept = copy.deepcopy(document)
    for _ in range(2):
        for section in ("tables", "parameters", "records", "periods", "targets"):
            for name in list(kept[section]):
                others = {key: body for key, body in kept.items() if key != section}
                others["same"] = {key: body for key, body in kept[section].items() if key != name}
                if not re.search(rf"(?<!\w){name}s?(?!\w)", str(others)) and not _read_of(kept[section][name], others):
                    del kept[section][name]
    for name, record in kept["records"].items():
        held = {record.get("dated"), record.get("latest_by"), *record.get("key", []), *record.get("event", [])}
        others = {**kept, "records": {key: body for key, body in kept["records"].items() if key != name}}
        others["own"] = record.get("accepted_if")
        for field, type_ in list(record["fields"].items()):
            kind = type_.removeprefix("optional ")
            if (
                field not in held
                and kind not in kept["targets"]
                and not re.search(rf"(?<!\w){field}(?!\w)", str(others))
            ):
                del record["fields"][field]
    return kept if plan_of(kept, Report()) is not None else document


def _read_of(body: Body, others: Body) -> bool:
    """Whether a field that only this body has is read."""
    fields = [field for field in body.get("fields", {}) if len(field) > 2]
    return any(re.search(rf"(?<!\w){field}(?!\w)", str(others)) for field in fields)


def schemes(most: int = 8) -> st.SearchStrategy[Scheme]:
    """Random schemes of at most so many measures."""
    return st.integers(0, 2**40).map(lambda seed: make_scheme(seed, most))
