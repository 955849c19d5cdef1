"""Random measures and consequences that read, count or run over the consequences of a random scheme."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.grains import GRAINS
from cityrules.testing.random_schemes.words import NUMBERS, Body, Words

WINDOWS = ("last 2 months", "year to date", "ever", "last 3 quarters", "quarter to date")


LASTS = ("30 days", "1 day", "3 weeks", "1 month", "11 months", "to end of month", "to end of quarter", "for good",
         "to end of next half_year", "to end of next year", "for good", "1 working day", "20 working days")  # fmt: skip
WITHIN = (
    "10 days",
    "1 week",
    "2 months",
    "5 working days",
    "1 working day",
    "to end of month",
    "to end of next quarter",
)


def terms(rng: random.Random, grain: str, measures: Body) -> Body:
    """How much, and for how long, as an act may say; mostly what can never be missing."""
    words = Words(rng, grain, None, measures)
    found: Body = {}
    if rng.random() < 0.3:
        found["amount"] = rng.choice(
            [*NUMBERS, f"default({words.number(1)}, 2)", "line", "rising * 1.5", words.number(0)]
        )
    elif rng.random() < 0.25:
        bounds = [rng.choice([*NUMBERS, "line", "rising", f"default({words.number(0)}, 2)"]) for _ in range(2)]
        found |= {"between": bounds, "decided_by": ["区政府"]}
    if rng.random() < 0.4:
        found["lasts"] = rng.choice(LASTS)
    if rng.random() < 0.3:
        found["within"] = rng.choice(WITHIN)
    if rng.random() < 0.3:
        found["ends"] = _ends(rng, grain, measures)
    if found.keys() & {"lasts", "within", "ends"} and rng.random() < 0.4:
        found["starts"] = rng.choice(
            ["limit_day", "date(as_of)", words.date(0), f"default({words.date(1)}, limit_day)"]
        )
    return found


def _ends(rng: random.Random, grain: str, measures: Body) -> Body:
    """What lifts an act; mostly a condition that is never unknown."""
    over = rng.choice(["finding", "finding", "visit", "letter"])
    body: Body = {"over": over}
    if rng.random() < 0.6:
        flag = Words(rng, over, None, measures).flag(rng.choice([0, 0, 1]))
        known = ["media", "volume > 20"] if over == "finding" else [f"month.number > {rng.choice('1234')}"]
        body["where"] = rng.choice([f"default({flag}, false)", f"default({flag}, true)", *known])
    if over == "finding" and grain.partition(" ")[0] in ("squad", "bureau"):
        body["via"] = rng.choice(["squad", "helper"])
    if over == "finding" and rng.random() < 0.3:
        body["dated"] = rng.choice(["cleared_on", "seen"])
    return body


def acts(rng: random.Random, consequences: Body, measures: Body) -> Body:
    """What rests on the consequences there are, by section and name."""
    resting: Body = {}
    for number in range(rng.randint(1, 3)):
        name = rng.choice(list(consequences))
        lasting = _lasting(consequences[name])
        form = rng.choice([_fold, _ledger, *[_asked] * (4 if lasting else 1)])
        resting[f"a{number}"] = form(rng, name, consequences[name], measures)
    following: Body = {}
    for number in range(rng.randint(0, 1)):
        name = rng.choice(list(consequences))
        words = Words(rng, consequences[name]["for"], None, measures)
        when = f"{_fired(rng, name, consequences[name])} {rng.choice(['or', 'and'])} {words.flag(1)}"
        grain = _coarse(rng, consequences[name]["for"]) if rng.random() < 0.2 else consequences[name]["for"]
        following[f"f{number}"] = {"for": grain, "when": when, "do": "again", "kind": "listing", "clause": "8"}
        if rng.random() < 0.5:
            following[f"f{number}"]["ends"] = {"over": rng.choice(list(consequences))}
    return {"measures": resting, "consequences": following}


def _lasting(body: Body) -> bool:
    """Whether some act of a consequence has effect for a time."""
    return "'lasts'" in str(body) or "'ends'" in str(body)


def _fired(rng: random.Random, name: str, body: Body) -> str:
    steps = list(body.get("steps", {}))
    return f"fired({name}.{rng.choice(steps)})" if steps and rng.random() < 0.6 else f"fired({name})"


def _in_force(rng: random.Random, name: str, body: Body, words: Words, grain: str) -> str:
    steps = [step for step, act in body.get("steps", {}).items() if {"lasts", "ends"} & {**body, **act}.keys()]
    step = f".{rng.choice(steps)}" if steps and rng.random() < 0.6 else ""
    days = [day for day in words.dates if "(" not in day]
    own = {"finding": ["found_on", "seen", "cleared_on"], "visit": ["visited"]}.get(grain, ["month.start"])
    return f"in_force({name}{step}, {rng.choice([*days, *own * 3, 'as_of'])})"


def _coarse(rng: random.Random, grain: str) -> str:
    """A grain in which rows of the consequence can lie, mostly."""
    kind, _, period = grain.partition(" per ")[0].partition(" each ")
    kinds = {"squad": ["squad", "bureau", "whole"], "bureau": ["bureau", "whole"]}.get(kind, [kind, "whole"])
    if kind in ("finding", "visit"):
        kinds = ["bureau", "whole", "market"]
    periods = [*(f" each {one}" for one in ("month", "quarter", "year", period or "week")), ""]
    return rng.choice([*[rng.choice(kinds) + rng.choice(periods)] * 4, rng.choice(GRAINS)])


def _fold(rng: random.Random, name: str, body: Body, measures: Body) -> Body:
    grain = _coarse(rng, body["for"])
    words = Words(rng, grain, name, measures)
    if "steps" in body:
        words.numbers += ["level"] * 6
    words.numbers += ["amount"] * 6 if "amount" in str(body) else []
    words.numbers += ["least", "most"] * 3 if "'between'" in str(body) else []
    words.dates += ["starts", "until", "date"] * 2 if _lasting(body) else ["date"]
    words.texts += [("ended_by", "1")] * 2 if "'ends'" in str(body) else []
    words.dates += ["due"] * 2 if "'within'" in str(body) else []
    if "steps" in body:
        words.texts += [("step", rng.choice(list(body["steps"])))] * 4
    op = rng.choice(["count", "count", "sum", "max", "last", "distinct", "mean"])
    found: Body = {"for": grain, "is": "number", "policy": "fold", "clause": "3"}
    if op == "count":
        found["count"] = name
    else:
        found |= {op: words.number(rng.choice([0, 0, 1])), "over": name}
    if rng.random() < 0.4:
        found["where"] = words.flag(1)
    if "each" in grain and rng.random() < 0.4:
        found["window"] = rng.choice(WINDOWS)
    if _lasting(body) and "each" in grain and rng.random() < 0.4:
        found["standing"] = {"from": rng.choice(["starts", "date"]), "until": "until"}
    return found


def _ledger(rng: random.Random, name: str, body: Body, measures: Body) -> Body:
    grain = _coarse(rng, body["for"])
    rules: Body = {}
    for number in range(rng.randint(1, 3)):
        words = Words(rng, grain, name, measures)
        words.numbers += ["level"] * 4 if "steps" in body else []
        rule: Body = {"each": name, rng.choice(["deduct", "add"]): rng.choice([*NUMBERS, f"abs({words.number(0)})"])}
        if rng.random() < 0.5:
            rule["when"] = words.flag(1)
        if rng.random() < 0.2:
            rule["cap"] = rng.choice(["1", "2.5"])
        rules[f"r{number}"] = rule
    return {"for": grain, "from": "100", "rules": rules, "together": rng.choice(["all", "highest"]),
            "is": "number", "policy": "none", "clause": "4"}  # fmt: skip


def _asked(rng: random.Random, name: str, body: Body, measures: Body) -> Body:
    """A value by whether the consequence followed."""
    kind, _, period = body["for"].partition(" per ")[0].partition(" each ")
    grain = body["for"]
    if period and rng.random() < 0.5:
        grain = rng.choice(["finding", f"{kind} each month", "squad each month", grain])
    words = Words(rng, grain, None, measures)
    when = f"{_fired(rng, name, body)} {rng.choice(['or', 'and'])} {words.flag(0)}"
    given: Body = {"for": grain, "formula": when, "is": "flag", "policy": "flag", "clause": "5"}
    if _lasting(body) and rng.random() < 0.9:
        given["formula"] = f"{_in_force(rng, name, body, words, grain)} {rng.choice(['or', 'and'])} {words.flag(0)}"
    elif rng.random() < 0.5:
        given["formula"] = f"if {_fired(rng, name, body)} then 1 else {rng.choice(NUMBERS)}"
        given |= {"is": "number", "policy": "number"}
    return given
