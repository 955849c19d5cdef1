"""Random consequences, ladders and checks for random schemes."""

from __future__ import annotations

import random

from cityrules.scheme.document import ACT_KINDS
from cityrules.testing.random_schemes.acts import terms
from cityrules.testing.random_schemes.grains import GRAINS
from cityrules.testing.random_schemes.words import Body, Words


def followers(rng: random.Random, measures: Body) -> Body:
    """Consequences and checks over the measures there are, by section and name."""
    consequences: Body = {}
    checks: Body = {}
    for number in range(rng.randint(0, 2)):
        grain = rng.choice([*GRAINS, *(body["for"] for body in measures.values())])
        act = {
            "do": "通报",
            "kind": rng.choice(ACT_KINDS),
            "clause": "7",
            **rng.choice([{}, {"decided_by": ["区政府", "市局"]}, {"to": "负责人"}]),
            **terms(rng, grain, measures),
            **rng.choice([{}, {"follows": "post"}, {"follows": "person"}]),
        }
        if rng.random() < 0.25:
            del act["do"]
            act |= {"pick": ["约谈", "通报"], "decided_by": ["市局"]}
        consequences[f"c{number}"] = {"for": grain, "when": _flag(rng, grain, measures), **act}
        if rng.random() < 0.25:
            consequences[f"c{number}"]["applies"] = Words(rng, grain, None, measures).flag(1)
    for number in range(rng.randint(0, 2)):
        grain = rng.choice([*GRAINS, *(body["for"] for body in measures.values())])
        that, otherwise = _flag(rng, grain, measures), rng.choice(["error", "warn", "refer"])
        checks[f"k{number}"] = {"for": grain, "that": that, "otherwise": otherwise}
    for number in range(rng.choice([0, 1, 1])):
        checks[f"d{number}"] = _duty(rng, measures)
    counts = [name for name, body in measures.items() if body["is"] == "number" and "each" in body["for"]]
    for number in range(rng.randint(0, 2)):
        if counts:
            consequences[f"l{number}"] = _ladder(rng, rng.choice(counts), measures)
    return {"consequences": consequences, "checks": checks}


def _flag(rng: random.Random, grain: str, measures: Body) -> str:
    """A condition, often one that can be unknown."""
    flag = Words(rng, grain, None, measures).flag()
    numbers = [name for name, body in measures.items() if body["for"] == grain and body["is"] == "number"]
    if not numbers or " each " not in grain or rng.random() < 0.4:
        return rng.choice([flag, flag, f"stars > {rng.choice('135')}", f"{flag} or houses > 3"])
    return f"{flag} {rng.choice(['and', 'or'])} previous({rng.choice(numbers)}) > {rng.choice('0123')}"


RULES = (
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;BYDAY=MO,TH,SU",
    "FREQ=MONTHLY;BYMONTHDAY=5,-1",
    "FREQ=MONTHLY;BYDAY=2WE,-1FR",
    "FREQ=YEARLY;BYMONTH=1,3,4;BYMONTHDAY=15",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
)
WITHIN = ("1 day", "3 working days", "10 days", "2 weeks", "200 working days")


def _duty(rng: random.Random, measures: Body) -> Body:
    """A duty that comes again."""
    grain = rng.choice(["squad", "squad", "bureau", "market", "whole", "squad per market"])
    over = rng.choice(["finding", "finding", "visit"])
    body: Body = {"for": grain, "over": over, "otherwise": rng.choice(["error", "warn", "refer"])}
    form = rng.random()
    if form < 0.4:
        body["every"] = rng.choice(["week", "month", "ten_days", "closing", "round", "heating", "quarter"])
        body |= {"within": rng.choice(WITHIN)} if rng.random() < 0.5 else {}
    else:
        body |= {"every": rng.choice(RULES), "within": rng.choice([*WITHIN, "until the next", "until the next"])}
        if form > 0.75:
            body |= {"every": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO", "from": rng.choice(["2015-01-07", "2014-06-01"])}
    if over == "finding":
        body |= {"via": rng.choice(["squad", "squad", "helper"])} if grain != "whole" else {}
        body |= {"dated": rng.choice(["cleared_on", "seen"])} if rng.random() < 0.25 else {}
    if rng.random() < 0.25:
        body["applies"] = Words(rng, grain, None, measures).flag(1)
    if rng.random() < 0.5:
        body["where"] = Words(rng, grain, over, measures).flag(1)
    return body


def _ladder(rng: random.Random, name: str, measures: Body) -> Body:
    grain = measures[name]["for"]
    words = Words(rng, grain, None, measures)
    steps: Body = {}
    for number in range(rng.randint(1, 4)):
        step: Body = {"do": f"step {number}", "kind": rng.choice(ACT_KINDS), "clause": str(number)}
        trigger = rng.choice(["reaches", "reaches", "exceeds", "at_least", "when", "when"])
        if trigger == "when":
            step |= {"when": _flag(rng, grain, measures), "fires": rng.choice(["each period", "on entry"])}
        else:
            step[trigger] = rng.choice(["1", "2", "3", "0", "1.5", "line", "rising"])
        steps[f"s{number}"] = step | (terms(rng, grain, measures) if rng.random() < 0.4 else {})
    body: Body = {"for": grain, "ladder": name, "steps": steps, "clause": "9", **terms(rng, grain, measures)}
    if any("reaches" in step or "exceeds" in step for step in steps.values()):
        body["restarts"] = "no"
        if rng.random() < 0.5:
            body |= {"restarts": f"after {rng.choice(list(steps))}", "surplus": rng.choice(["carried", "dropped"])}
    if len(steps) > 1:
        body["together"] = rng.choice(["highest", "all"])
    if rng.random() < 0.15:
        body["applies"] = words.flag(1)
    return body
