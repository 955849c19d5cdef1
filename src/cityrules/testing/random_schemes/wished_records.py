"""Measures of single records that chance alone would seldom draw, and what reads them."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.forms import numeric, some_fold
from cityrules.testing.random_schemes.words import Body, Words


def led(rng: random.Random, measures: Body) -> Body:
    """Findings that count for the squad which a measure names."""
    formula = rng.choice(["if {0} then squad else helper", "default(helper, squad)", "if {0} then squad else null"])
    who: Body = {"for": "finding", "formula": formula.format(Words(rng, "finding", None, measures).flag(1))}
    grain = rng.choice(["squad each month", "bureau each quarter", "squad"])
    rules = {"r0": {"each": "finding", "via": "w_who", "deduct": rng.choice(["1", "volume", "notices"])}}
    rules["r0"] |= {"cap": "5"} if rng.random() < 0.4 else {}
    return {
        "w_who": {**who, "is": "text", "label": "s1", "policy": "lead"},
        "w_led": numeric(grain, **some_fold(rng, rng.choice(["volume", "notices"]), "finding"), via="w_who"),
        "w_answers": {"for": grain, "from": "100", "rules": rules, "is": "number", "policy": "none"},
    }


def looking_back(rng: random.Random, measures: Body) -> Body:
    """Occurrence numbers of single records, among their own and others."""
    lengths = ("2 weeks", "1 day", "40 days", "2 months", "1 year")
    window = rng.choice([*(f"last {length}" for length in lengths), "month to date", "ever"])
    among: object = rng.choice(["squad", "market", "whole", ["squad", "size"]])
    other = rng.choice(["market", "bureau", "whole"])
    return {
        "w_nth": numeric(
            "finding", **some_fold(rng, rng.choice(["volume", "notices"]), "finding"), among=among, window=window
        )
        if rng.random() < 0.5
        else numeric("finding", count="finding", among=among, window=window),
        "w_visits": numeric("visit", count="finding", among=other, window=window)
        if rng.random() < 0.5
        else numeric("finding", count="visit", among=other, window=window),
    }


def moments(rng: random.Random, measures: Body) -> Body:
    """Deadlines in hours, on clocks, with extensions that have an end; and times between moments."""
    limit, most = rng.choice(
        [("2 hours", "5 hours")] * 2 + [("90 minutes", "200 minutes"), ("30 hours", "31 hours"), ("4 shift", "3 shift")]
    )
    body: Body = {"for": "finding", "deadline": limit, "starts": "seen", "done": rng.choice(["as_of", "seen"])}
    body |= {"clock": rng.choice(["office", "night"])} if "shift" not in limit and rng.random() < 0.85 else {}
    body |= {"extended_by": "notices"} if rng.random() < 0.7 else {}
    body |= {"at_most": most} if "extended_by" in body and rng.random() < 0.7 else {}
    late: Body = {"for": "finding", "deadline": rng.choice(["3 working days", "5 days"]), "starts": "found_on"}
    late |= {"done": "cleared_on", "extended_by": rng.choice(["notices", "2"])}
    late |= {"at_most": "9 working days" if "working" in late["deadline"] else "9 days"} if rng.random() < 0.75 else {}
    back: Body = {
        "for": "finding",
        "deadline": rng.choice(["3 working days", "2 turn", "1 month", "4 workday", "9 days"]),
    }
    back |= {"before": rng.choice(["found_on", "cleared_on"]), "done": rng.choice(["found_on", "cleared_on"])}
    other = 'date and time("2015-02-03T10:00:00")'
    return {
        "w_called": {**body, "is": "deadline", "policy": "deadline", "label": "moments"},
        "w_extended": {**late, "is": "deadline", "policy": "deadline", "label": ""},
        "w_before": {**back, "is": "deadline", "policy": "deadline", "label": ""},
        "w_minutes": numeric("finding", formula=f"minutes_between({other}, seen)"),
        "w_working": numeric("finding", formula="working_days_between(date(found_on), cleared_on)"),
    }


def placed(rng: random.Random, measures: Body) -> Body:
    """Records that count on another date, or as long as they stand."""
    grain = rng.choice(["squad each month", "whole each month", "bureau each quarter"])
    via = {"via": "squad"} if grain.split()[0] != "whole" else {}
    ways: list[Body] = [
        {"dated": rng.choice(["cleared_on", "seen"])},
        {"standing": {"from": rng.choice(["found_on", "seen"]), "until": "cleared_on"}},
        {"standing": {"from": "w_freed", "until": rng.choice(["cleared_on", "w_freed"])}},
        {"standing": {"from": rng.choice(["found_on", "cleared_on"]), "until": "w_freed"}},
    ]
    often = [*ways, *ways[2:], *ways[2:]]
    # Until when something has effect: by a length of time, missing, without a cell, or beyond all calendars.
    freed = rng.choice(
        [
            'found_on + duration("P40D")',
            'if media then found_on + duration("P20D") else null',
            'if media then found_on else found_on + duration("P7990Y")',
        ]
    )
    applies = {"applies": "notices < 2"} if rng.random() < 0.3 else {}
    rule: Body = {"each": "finding", **via, **rng.choice(often), "deduct": rng.choice(["1", "notices"])}
    per = rng.choice(["size", "market", "sure", "media", "price"])
    caps = {"c": {"at": rng.choice(["1", "2.5", "10"]), "of": ["deduct"], "per": per}}
    return {
        "w_freed": {"for": "finding", "formula": freed, **applies, "is": "date", "policy": "date"},
        "w_placed": numeric(
            grain, **some_fold(rng, rng.choice(["volume", "notices"]), "finding"), **via, **rng.choice(ways[2:])
        ),
        "w_capped": {
            "for": grain,
            "from": "100",
            "rules": {"r0": rule},
            "caps": caps,
            "is": "number",
            "policy": "none",
        },
    }


def settled(rng: random.Random, measures: Body) -> Body:
    """What hits one event settled together; a cap by what another rule has counted, and points that two share."""
    grain = rng.choice(["squad each month", "bureau each quarter", "squad each ten_days"])
    one: Body = {"each": "finding", "via": "squad", "deduct": rng.choice(["2", "notices"]), "group": "g"}
    other: Body = {"each": "finding", "via": "squad", "deduct": "3", "group": "g", "replaces": ["r0"]}
    other["when"] = rng.choice(["media", "sure", "price > 2", 'size = "大"'])
    rules = {"r0": one, "r1": other}
    caps = {"c": {"at": rng.choice(["r0 * 0.5", "r0 + 1", "3 - r0"]), "of": ["r1"]}}
    together = {
        "g": rng.choice(["all", "highest", "first", "all", "all"]) + rng.choice(["", " per event", " per event"])
    }
    shared: Body = {"each": "finding", "when": "helper != null", "deduct": "volume"}
    shared["split"] = rng.choice([{"squad": "0.2", "helper": "0.8"}, {"helper": "0.75", "squad": "0.25"}])
    ledger: Body = {"for": grain, "from": rng.choice(["100", "carried"]), "is": "number", "policy": "none"}
    by_path: Body = {"each": "letter", "when": "visit.market != null and market != null", "deduct": "weight"}
    by_path["split"] = rng.choice([{"visit.market": "0.4", "market": "0.6"}, {"market": "0.5", "visit.market": "0.5"}])
    return {
        "w_halved": {**ledger, "for": "market each month", "rules": {"r0": by_path}},
        "w_settled": {**ledger, "rules": rules, "together": together}
        | rng.choice([{}, {"caps": caps}, {"caps": caps}]),
        "w_shared": {**ledger, "rules": {"r0": shared}},
    }


def paused(rng: random.Random, measures: Body) -> Body:
    """A deadline during which other records stop the time."""
    limit, begins, ends = rng.choice([("2 hours", "seen", "as_of"), ("3 working days", "found_on", "cleared_on")])
    among = rng.choice(["squad", "size", "whole", ["squad", "media"]])
    pause = {"over": "finding", "among": among, "from": begins, "until": "seen" if begins == "seen" else "cleared_on"}
    body = {"for": "finding", "deadline": limit, "starts": begins, "done": ends, "paused": pause}
    label = "moments" if begins == "seen" else ""
    return {"w_paused": {**body, "is": "deadline", "policy": "deadline", "label": label}}


def referred(rng: random.Random, measures: Body) -> Body:
    """Measures of the visit that a letter speaks of, read by the letter and by whatever counts letters."""
    of_visit = Words(rng, "visit", None, measures)
    limit = rng.choice(["3 working days", "5 days", "by day 28 of month"])
    found: Body = {
        "w_seen": {"for": "visit", "deadline": limit, "starts": "visited", "done": rng.choice(["limit_day", "visited"]),
                   "is": "deadline", "policy": "deadline", "label": ""},
        "w_marked": numeric("visit", formula=rng.choice(["mark * 2", "mark + quota", of_visit.number(2)])),
        "w_order": numeric("visit", count="visit", among="market", window="ever"),
    }  # fmt: skip
    for name in ("w_marked", "w_seen"):
        found[name] |= {"applies": of_visit.flag(1)} if rng.random() < 0.3 else {}
    value = rng.choice(["visit.w_marked", "visit.w_order", "visit.w_order - weight"])
    late = rng.choice(["visit.w_seen.late", "visit.w_marked > 3", "default(visit.w_order, 0) > 1"])
    grain = rng.choice(["bureau each month", "bureau each quarter", "whole each month"])
    rule = {"each": "letter", "when": late, "deduct": rng.choice(["1", value])}
    rule |= {"via": "visit.bureau"} if grain.startswith("bureau") else {}
    readers: Body = {
        "w_answer": numeric("letter", formula=value),
        "w_alike": numeric("letter", count="letter", among=rng.choice(["visit", "w_answered"]), window="ever"),
        "w_letters": numeric(grain, **some_fold(rng, value, "letter"), where=late),
        "w_lost": {"for": grain, "from": "100", "rules": {"r0": rule}, "is": "number", "policy": "none"},
        "w_talked": numeric("squad each month", formula="default(about.visit.w_marked, 1) + about.visit.w_order"),
    }
    found |= {"w_answered": numeric("letter", formula="visit.w_order * 1")}
    return found | {name: readers[name] for name in rng.sample(list(readers), 3)}
