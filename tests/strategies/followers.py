"""Random consequences, ladders and checks for random schemes."""

from __future__ import annotations

import random
from collections.abc import Iterator

from strategies.measures import GRAINS
from strategies.words import Body, Words


def followers(rng: random.Random, measures: Body) -> Iterator[tuple[str, Body]]:
    """Consequences and checks over the measures there are."""
    for number in range(rng.randint(1, 4)):
        grain = rng.choice(GRAINS)
        words = Words(rng, grain, None, measures)
        act = {
            "do": "通报",
            "kind": "circular",
            "clause": "7",
            **rng.choice([{}, {"decided_by": ["区政府", "市局"]}, {"to": "负责人"}]),
        }
        for missing in ({}, {"missing": rng.choice(["yes", "no", "undecided"])}):
            yield f"consequences.c{number}", {"for": grain, "when": words.flag(), **act, **missing}
            yield (
                f"checks.k{number}",
                {"for": grain, "that": words.flag(), "otherwise": rng.choice(["error", "warn", "refer"]), **missing},
            )
    counts = [name for name, body in measures.items() if body["is"] == "number" and "each" in body["for"]]
    for number in range(3):
        if counts:
            yield f"consequences.l{number}", _ladder(rng, rng.choice(counts), measures)


def _ladder(rng: random.Random, name: str, measures: Body) -> Body:
    grain = measures[name]["for"]
    words = Words(rng, grain, None, measures)
    steps: Body = {}
    for number in range(rng.randint(1, 4)):
        step: Body = {"do": f"step {number}", "kind": "talk", "clause": str(number)}
        trigger = rng.choice(["reaches", "reaches", "exceeds", "at_least", "when"])
        if trigger == "when":
            step |= {"when": words.flag(1), "fires": rng.choice(["each period", "on entry"])}
            if rng.random() < 0.5:
                step["missing"] = rng.choice(["yes", "no", "undecided"])
        else:
            step[trigger] = rng.choice(["1", "2", "3", "0", "1.5", "line", "rising"])
        steps[f"s{number}"] = step
    body: Body = {"for": grain, "ladder": name, "steps": steps, "clause": "9"}
    if any("reaches" in step or "exceeds" in step for step in steps.values()):
        body["restarts"] = "no"
        if rng.random() < 0.5:
            body |= {"restarts": f"after {rng.choice(list(steps))}", "surplus": rng.choice(["carried", "dropped"])}
    if len(steps) > 1:
        body["together"] = rng.choice(["highest", "all"])
    if rng.random() < 0.15:
        body["applies"] = words.flag(1)
    return body
