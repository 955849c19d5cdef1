"""Random schemes in which findings take points: rules, caps, precedence, items, and whatever can be made of a score.

Drawn for one question: whether one more finding can ever help. So that both answers come up often, harmless forms stand
beside such as turn round what they are given: means over findings, caps that cross, zeros in the place of less.
"""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.mending import plan_of
from cityrules.testing.random_schemes.scheme import RandomScheme
from cityrules.testing.random_schemes.words import Body
from cityrules.text.diagnostic import Report

CONDITIONS = (
    None, None, "grave", "heaps > 2", "heaps > 2 and grave", "nth > 1", "nth <= 2", "not(grave)", 'spot = "a"',
    "month_count > 2", "month_count <= 3", 'size = "big"', 'size != "big"',
)  # fmt: skip
POINTS = ("1", "2", "5", "0.5", "heaps", "10 - heaps", "nth", "min(nth, 3)", "step(size).points", "month_count")
TIMES = (None, None, None, "heaps", "nth - 1", "full_steps(heaps, 2)", "begun_steps(heaps, 3)", "nth")
PLACES = ("whole", "bureau")


def falling(seed: int) -> RandomScheme | None:
    """The scheme of a seed; None where the plan refuses what was drawn."""
    drawn = document(random.Random(seed))
    plan = plan_of(drawn, Report())
    return None if plan is None else RandomScheme(drawn, plan)


def document(rng: random.Random) -> Body:
    """A document, which need not be a good one."""
    helper = rng.random() < 0.3
    fields = {
        "no": "text", "squad": "squad", "spot": "one of a, b", "found_on": "date", "heaps": "count [0, 9]",
        "grave": "flag", "case": "optional text",
    }  # fmt: skip
    if helper:
        fields["helper"] = "optional squad"
    finding: Body = {"dated": "found_on", "key": ["no"], "fields": fields}
    events = rng.random() < 0.4
    if events:
        finding["event"] = ["case"]
    measures: Body = {
        "nth": {"for": "finding", "count": "finding", "among": rng.choice((["squad", "spot"], ["spot"], ["squad"])),
                "window": rng.choice(("ever", "last 30 days", "month to date"))},
        "size": {"for": "finding", "bands": rng.choice(("heaps", "nth")), "above": {"3": "big"}, "otherwise": "small"},
        "month_count": counted(rng, helper),
        "score": ledger(rng, helper, events),
    }  # fmt: skip
    for _ in range(rng.randint(1, 5)):
        name, body = above(rng, helper, list(measures))
        measures.setdefault(name, body)
    return {
        "cityrules": "1",
        "scheme": "falling",
        "title": "Falling",
        "in_force": {"from": "unstated"},
        "clause": "1",
        "rounding": "half up to 2",
        "tables": {
            "step": {
                "key": ["size"],
                "columns": {"size": "one of big, small", "points": "number(1)"},
                "rows": [["big", rng.choice((1, 4))], ["small", rng.choice((0, 2))]],
            }
        },
        "targets": {"bureau": {"members": "registered"}, "squad": {"in": "bureau", "members": "registered"}},
        "records": {
            "finding": finding,
            "praise": {
                "dated": "given_on",
                "key": ["no"],
                "fields": {"no": "text", "squad": "squad", "given_on": "date", "points": "number(1) [0, 5]"},
            },
        },
        "measures": measures,
        "consequences": consequences(rng, measures),
    }


def via(rng: random.Random, helper: bool) -> Body:
    return {"via": rng.choice(("squad", "squad", "helper"))} if helper else {}


def counted(rng: random.Random, helper: bool) -> Body:
    body: Body = {"for": "squad each month", "count": "finding", **via(rng, helper)}
    if rng.random() < 0.5:
        body["where"] = rng.choice(("grave", "heaps > 3", "nth > 1", "nth <= 1"))
    if rng.random() < 0.3:
        body["window"] = rng.choice(("last 2 months", "year to date"))
    return body


def ledger(rng: random.Random, helper: bool, events: bool) -> Body:
    rules: Body = {}
    groups: dict[str, str] = {}
    names = [f"rule{number}" for number in range(rng.randint(1, 4))]
    for name in names:
        rule: Body = {"each": "finding", **via(rng, helper), "deduct": rng.choice(POINTS)}
        for key, value in (("when", rng.choice(CONDITIONS)), ("times", rng.choice(TIMES))):
            if value is not None:
                rule[key] = value
        if rng.random() < 0.6:
            rule["group"] = rng.choice(("one", "two"))
            kind = rng.choice(("all", "highest", "first"))
            groups.setdefault(rule["group"], f"{kind} per event" if events and rng.random() < 0.6 else kind)
        if rng.random() < 0.3:
            rule["cap"] = rng.choice((2, 5))
        earlier = [other for other in rules if rules[other].get("group") == rule.get("group", "-")]
        if earlier and rng.random() < 0.4:
            rule["replaces"] = [rng.choice(earlier)]
        rules[name] = rule
    if rng.random() < 0.3:
        rules["good"] = {"each": "praise", "add": "points"}
    if groups and any("group" not in rule for rule in rules.values()):
        groups["rest"] = "all"
        for rule in rules.values():
            rule.setdefault("group", "rest")
    body: Body = {"for": "squad each month", "from": 100, "together": groups or "all"}
    if rng.random() < 0.25 and len(names) > 1:
        half = len(names) // 2
        parts = {"left": dict(list(rules.items())[:half]), "right": dict(list(rules.items())[half:])}
        body["items"] = {name: {"worth": 50, "rules": part} for name, part in parts.items()}
    else:
        body["rules"] = rules
    caps: Body = {}
    for number in range(rng.choice((0, 0, 1, 1, 2))):
        of = rng.sample(list(rules), rng.randint(1, len(rules)))
        caps[f"cap{number}"] = {"at": rng.choice((3, 6, "month_count", 10)), "of": of}
        if "good" not in of and rng.random() < 0.3:
            caps[f"cap{number}"]["per"] = "spot"
    if caps:
        body["caps"] = caps
    if rng.random() < 0.5:
        body["floor"] = rng.choice((0, 40, 90))
    return body


def above(rng: random.Random, helper: bool, known: list[str]) -> tuple[str, Body]:
    """A measure over what there is already."""
    scores = [name for name in known if name in ("score", "effective", "best", "mixed", "table")]
    score = rng.choice(scores)
    poor = 'grade = "poor"' if "grade" in known else "month_count > 1"
    squad: Body = {"for": "squad each month"}
    bureau: Body = {"for": "bureau each month"}
    among, run = rng.choice(PLACES), rng.choice((f"{score} < 95", f"{score} >= 95", poor))
    year: Body = {"for": "squad each year"}
    empty: Body = {"empty": "null"}
    graded = "grade" in known
    veto: Body = {"when": rng.choice(("month_count > 1", "month_count = 0"))}
    veto["is"] = rng.choice(("poor", "good")) if graded else 30
    zero = {"when": rng.choice(("month_count > 2", "month_count <= 2")), "is": rng.choice((0, 50))}
    mixed = (
        f"{score} - month_count",
        f"{score} + month_count",
        f"if month_count > 1 then 0 else {score}",
        f"2 * {score} / (1 + month_count)",
    )
    bands = rng.choice(({"90": 10, "60": 5}, {"90": 5, "60": 10}, {"3": 1, "1": 4}))
    return rng.choice(
        [
            ("bureau_score", {**bureau, rng.choice(("mean", "min", "max", "sum")): score, "over": "squad", **empty}),
            ("year_score", {**year, rng.choice(("mean", "min", "last")): score, "over": "month", **empty}),
            ("effective", {**squad, "formula": score, "overrides": {"zero": zero}}),
            ("best", {**squad, "formula": f"{rng.choice(('max', 'min'))}({score}, 100 - 3 * month_count)"}),
            ("mixed", {**squad, "formula": rng.choice(mixed)}),
            ("table", {**squad, "bands": rng.choice((score, "month_count")), "at_least": bands, "otherwise": 7}),
            ("grade", {**squad, "bands": score, "at_least": {"95": "good", "80": "fair"}, "otherwise": "poor"}),
            ("verdict", {**squad, "formula": "grade" if graded else score, "overrides": {"veto": veto}}),
            ("mean_heaps", {**squad, "mean": "heaps", "over": "finding", **empty, **via(rng, helper)}),
            ("worst", {**squad, "max": "heaps", "over": "finding", **empty, **via(rng, helper)}),
            ("place", {**squad, "rank": f"{rng.choice(('high', 'low'))} {score}", "among": among, "ties": "share"}),
            ("behind", {**squad, "formula": f"default(previous({score}), 0) - {score}"}),
            ("failing", {**squad, "run": run, "new_year": "continues"}),
            ("failed", {**squad, "count": "month", "where": f"{score} < 98", "window": "year to date"}),
            ("weight", {**squad, "weighted": {score: "0.6", "month_count": "0.4"}, "total": 1}),
        ]
    )  # fmt: skip


def consequences(rng: random.Random, measures: Body) -> Body:
    found: Body = {}
    kind = rng.choice(("sanction", "award", "talk", "title"))
    act = {"do": "X", "kind": kind, "clause": "1"}
    ladders = [name for name in ("failing", "failed", "month_count") if name in measures]
    ladder = rng.choice(ladders)
    steps: Body = {"mild": {rng.choice(("reaches", "at_least", "exceeds")): 1, **act}}
    if rng.random() < 0.7:
        steps["grave"] = {rng.choice(("reaches", "at_least")): 3, **act}
    body: Body = {"for": "squad each month", "ladder": ladder, "steps": steps, "clause": "1"}
    if any({"reaches", "exceeds"} & set(step) for step in steps.values()):
        body["restarts"] = rng.choice(("no", f"after {rng.choice(list(steps))}"))
        if body["restarts"] != "no":
            body["surplus"] = rng.choice(("carried", "dropped"))
    if len(steps) > 1:
        body["together"] = rng.choice(("highest", "all"))
    found["climbing"] = body
    whens = ["month_count > 1", "score < 95", "score >= 100", "score > 99 and month_count = 0"]
    whens += [text for name, text in (("grade", 'grade = "poor"'), ("place", "place <= 1")) if name in measures]
    found["single"] = {"for": "squad each month", "when": rng.choice(whens), **act}
    if rng.random() < 0.3:
        measures["followed"] = {"for": "squad each month", "count": "single"}
    return found
