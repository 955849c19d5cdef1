"""Random ledgers: rules, groups, caps, items, what an inspector chooses and what several cells share."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.folds import axes_of, placing, way_of
from cityrules.testing.random_schemes.words import NUMBERS, ROUNDINGS, Body, Words


def ledger(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    rules: Body = {}
    groupings: list[list[str | None]] = [[None], ["g", None], ["g"], ["g", "h"]]
    groups = rng.choice(groupings)
    for number in range(rng.randint(1, 4)):
        axis = rng.choice([None, *axes_of(rng, grain, kind, period)])
        if rules and rng.random() < 0.6:
            axis = next(iter(rules.values())).get("each")
        words = Words(rng, grain, axis, measures)
        rule: Body = {"each": axis, **way_of(rng, kind, axis, measures)} if axis else {}
        rule |= placing(rng, period, axis, measures) if rng.random() < 0.5 else {}
        if rng.random() < 0.7:
            rule["when"] = words.flag(1)
        rule[rng.choice(["deduct", "deduct", "add"])] = _amount(words)
        if axis == "finding" and rng.random() < 0.3:
            rule |= _chosen(rng, rule)
        if rng.random() < 0.25:
            rule["times"] = _amount(words)
        if axis == "finding" and kind in ("squad", "bureau") and rng.random() < 0.2:
            rule.pop("via", None)
            rule["split"] = rng.choice([{"squad": "0.2", "helper": "0.8"}, {"helper": "0.75", "squad": "0.25"}])
            rule["when"] = f"helper != null and ({rule['when']})" if "when" in rule else "helper != null"
        if rng.random() < 0.3:
            rule["cap"] = _bound(rng, grain, measures, [*rules])
        if axis == "finding" and rng.random() < 0.3:
            rule["cites"] = _cited(rng, measures)
        if group := rng.choice(groups):
            rule["group"] = group
        if rules and rng.random() < 0.3:
            rule["replaces"] = rng.sample(list(rules), 1)
        rules[f"r{number}"] = rule
    body: Body = {
        "for": grain,
        "from": rng.choice(["100", "0", "line", "rising"]),
        "rules": rules,
        "is": "number",
        "policy": "none",
    }
    if rng.random() < 0.4:
        body["caps"] = {f"c{number}": _cap(rng, grain, measures, rules) for number in range(rng.randint(1, 2))}
    if rng.random() < 0.8:
        word = rng.choice(["all", "highest", "first"])
        body["together"] = word if rng.random() < 0.6 else {group: word for group in groups if group}
    if rng.random() < 0.4:
        body["floor"] = rng.choice(["0", "-3.5", "95"])
    if rng.random() < 0.4:
        body["ceiling"] = rng.choice(["100", "99.25", "120"])
    if rng.random() < 0.3:
        body["round"] = rng.choice(ROUNDINGS)
    if rng.random() < 0.4:
        return shared(rng, grain, body)
    if period and rng.random() < 0.2:
        body["from"] = "carried"
        body.pop("round", None)
    return body


def event_ledger(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    """A ledger that settles what hits the findings of one event together."""
    words = Words(rng, grain, "finding", measures)
    via = {"via": rng.choice(["squad", "squad", "helper"])} if kind in ("squad", "bureau") else {}
    rules: Body = {}
    for number in range(rng.randint(1, 4)):
        rule: Body = {"each": "finding", **via, "group": rng.choice(["g", "g", "g", "h"])}
        rule |= placing(rng, period, "finding", measures) if rng.random() < 0.15 else {}
        if rng.random() < 0.7:
            rule["when"] = rng.choice(["media", 'size = "大"', "volume > 3", "notices in (1, 2)", words.flag(1)])
        rule[rng.choice(["deduct", "deduct", "add"])] = rng.choice(["1", "2.5", "volume", "notices", "abs(volume)"])
        before = [name for name, other in rules.items() if other["group"] == rule["group"]]
        if before and rng.random() < 0.6:
            rule["replaces"] = rng.sample(before, 1)
        elif via and rng.random() < 0.2:
            rule["via"] = rng.choice(["squad", "helper"])
        if rng.random() < 0.2:
            rule["cap"] = rng.choice(["1", "2.5", "10"])
        rules[f"r{number}"] = rule
    together = {}
    for group in {rule["group"]: None for rule in rules.values()}:
        replaced = any("replaces" in rule for rule in rules.values() if rule["group"] == group)
        together[group] = rng.choice(["all", "all", "highest"] if replaced else ["highest", "first"]) + " per event"
    body: Body = {"for": grain, "from": rng.choice(["100", "0"]), "rules": rules, "together": together}
    if rng.random() < 0.3:
        body["floor"] = rng.choice(["0", "95"])
    return {**body, "is": "number", "policy": "none"}


def itemized(rng: random.Random, grain: str, body: Body, measures: Body) -> Body:
    """A ledger with its rules in items, some of which do not apply everywhere or stand outside of the full mark."""
    words = Words(rng, grain, None, measures)
    rules = [
        {key: value for key, value in rule.items() if key not in ("cap", "replaces")} for rule in body["rules"].values()
    ]
    inner: Body = {
        "worth": "30",
        "items": {
            "a": {"worth": "20", "rules": {f"r{number}": rule for number, rule in enumerate(rules)}},
            "b": {"worth": "10", "value": f"default({words.number(1)}, 7.5)"},
        },
    }
    items: Body = {
        "x": inner,
        "y": {"worth": "70", "value": rng.choice(["65.5", _amount(words)])},
        "z": {"worth": "2.5", "value": _amount(words), "extra": "yes"},
    }
    given = {key: value for key, value in body.items() if key not in ("rules", "caps", "from")}
    made: Body = {**given, "from": "100", "items": items}
    if rng.random() < 0.7:
        made["absent_items"] = rng.choice(["rescale", "full", "zero"])
        for item in rng.sample([inner, inner["items"]["a"], inner["items"]["b"], items["y"]], rng.randint(1, 2)):
            item["applies"] = words.flag(1)
    if rng.random() < 0.3:
        made["caps"] = {"c": {"at": rng.choice(["1.5", "10"]), "of": rng.choice([["deduct"], ["x"], ["x.a"]])}}
    return made


def shared(rng: random.Random, grain: str, body: Body) -> Body:
    """The ledger with a cap that several of its cells share, and with rules that such a cap can hold."""
    kind, _, period = grain.partition(" per ")[0].partition(" each ")
    who = [kind, *(["bureau"] if kind == "squad" else []), "whole"]
    months = ["month", "quarter", "half_year", "year"]
    longer = months[months.index(period) :] if period in months else [period] if period else []
    every = [*who, *(f"{one} each {time}" for one in who for time in longer)]
    wider = [one for one in every if one != grain] or ["whole"]
    word = rng.choice(["deduct", "add"])
    rules: Body = {}
    for name, rule in body["rules"].items():
        kept = {key: value for key, value in rule.items() if key not in ("cap", "deduct", "add", "times", "split")}
        rules[name] = kept | {word: rng.choice(["0.5", "1", "2.25", "10", "line", "rising"])}
    records = all(rule.get("each") == "finding" for rule in rules.values())
    by = (
        [["low found_on"], ["high volume", "low found_on"], ["low notices"]]
        if records
        else [["low month.number"], ["low 1"]]
    )
    cap = {"at": rng.choice(["1", "3.5", "10", "line", "m0a"]), "of": [word], "per": rng.choice(wider),
           "order": rng.choice(by), "short": rng.choice(["part", "none"])}  # fmt: skip
    left = {key: value for key, value in body.items() if key != "caps"}
    return {**left, "from": rng.choice(["100", "0", "line"]), "rules": rules, "caps": {"shared": cap}}


def _chosen(rng: random.Random, rule: Body) -> Body:
    """Points that an inspector chose, most of them as the rule allows; whether he did so the row alone has to say."""
    field = rng.choice(["volume", "volume", "notices", "price"])
    low = rng.choice(["0", "-5", "-100", "line - 4", "default(price, 0) - 30", "bonus(2).extra"])
    high = rng.choice(["25", "line + 20", "30 - notices", "rising * 15", "tariff(size, media).points + 20"])
    found: Body = {"deduct" if "deduct" in rule else "add": field, "between": [low, high]}
    conditions = ["media", "sure", 'size = "大"', "month.number < 3", "volume > rising", "cleared_on > found_on"]
    if rng.random() < 0.6:
        found["when"] = rng.choice(conditions)
    if field == "price":
        found["when"] = f"price != null and ({found.get('when', 'media')})"
    return found


def _bound(rng: random.Random, grain: str, measures: Body, rules: list[str]) -> str:
    """The bound of a cap: mostly a number, else of the cell or of what other rules have counted."""
    if rng.random() < 0.6 or not rules:
        return rng.choice(["0", "1", "2.5", "10"])
    if rng.random() < 0.6:
        return rng.choice(["{} * 0.5", "{} + 1", "3 - {}", "abs({})"]).format(rng.choice(rules))
    return f"default({Words(rng, grain, None, measures).number(1)}, 2)"


def _cap(rng: random.Random, grain: str, measures: Body, rules: Body) -> Body:
    of = rng.choice([["add"], ["deduct"], rng.sample(list(rules), rng.randint(1, len(rules)))])
    cap: Body = {"at": _bound(rng, grain, measures, list(rules)), "of": of}
    if rng.random() < 0.4:
        cap["per"] = rng.choice(["size", "squad", "sure", "price", "found_on", "squad each month", "market", "m0"])
    return cap


def _cited(rng: random.Random, measures: Body) -> str:
    """A text of the finding that its movement cites: a field, which may be missing, or a measure."""
    own = [name for name, body in measures.items() if body["for"] == "finding" and body["is"] == "text"]
    return rng.choice([*own, "size", "size", '"3.10"', 'if media then "3.10" else null'])


def _amount(words: Words) -> str:
    """Points or a quantity, which may not be missing."""
    rng = words.rng
    number = words.number(rng.choice([0, 0, 1]))
    return rng.choice([rng.choice(NUMBERS), rng.choice(NUMBERS), number, f"default({number}, {rng.choice(NUMBERS)})"])
