"""Random folds: what they run over, on which day it counts, and what is made of it."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.grains import BY_LENGTH, TENURES
from cityrules.testing.random_schemes.words import Body, Words


def fold(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    axis = rng.choice(axes_of(rng, grain, kind, period))
    window: Body = {}
    if period and rng.random() < 0.35:
        window = {
            "window": rng.choice(
                [
                    "last 2 months",
                    "last 3 months",
                    "last 2 quarters",
                    "year to date",
                    "quarter to date",
                    "ever",
                    f"last 2 {period}s",
                    *([f"last 3 {axis}s"] if axis in (*BY_LENGTH, *TENURES) else []),
                    *(["term to date", "term to date", "ever"] if period in TENURES else []),
                    *(["last 5 weeks", "last 3 ten_days", "last 40 days", "heating to date", "last 2 rounds"]),
                ]
            )
        }
        if axis not in ("finding", "visit", "letter", "squad", "bureau", "market", "crew"):
            axis = rng.choice([axis, period])
    alike = {"squad": ["bureau", "rank", "post", "area"], "bureau": ["rank", "quota"], "market": ["sort", "stalls"]}
    if kind in alike and " per " not in grain and rng.random() < 0.25:
        # The others of the target's own kind.
        own = [name for name, body in measures.items() if body["for"] == grain and body["is"] != "deadline"]
        names = [*alike[kind], *own]
        among = rng.sample(names, rng.randint(1, min(2, len(names)))) if rng.random() < 0.7 else "whole"
        beside: Body = {"among": among, "itself": rng.choice(["included", "excluded"])}
        made = folded(rng, kind, Words(rng, grain, kind, measures))
        return {"for": grain, "is": "number", "policy": "fold", **beside, **made}
    words = Words(rng, grain, axis, measures)
    body: Body = {"for": grain, "is": "number", "policy": "fold", **way_of(rng, kind, axis, measures), **window}
    return {**body, **placing(rng, period, axis, measures), **folded(rng, axis, words)}


def axes_of(rng: random.Random, grain: str, kind: str, period: str) -> list[str]:
    axes = ["finding", "finding", "finding", "visit", "letter", *["letter"] * (kind in ("bureau", "market"))]
    axes += {"bureau": ["squad", "squad"], "whole": ["squad", "bureau", "market", "crew"]}.get(kind, [])
    axes += ["market", "crew"] if kind in ("squad", "bureau") else ["squad", "bureau"] if kind == "market" else []
    if period in ("month", "quarter", "half_year", "year"):
        longer = ["month", "quarter", "half_year", "year"]
        axes += longer[: longer.index(period)] * 2
    if period in TENURES:
        axes += ["month", "day", "week", *(["tenure"] * 4 if period == "term" else []), "market", "crew"]
    elif period:
        # Mostly those of which there are measures to fold.
        shorter = BY_LENGTH[: BY_LENGTH.index(period)]
        axes += rng.sample(shorter, min(2, len(shorter)))
    return axes


def way_of(rng: random.Random, kind: str, axis: str, measures: Body) -> Body:
    led = [name for name, body in measures.items() if body["for"] == "finding" and body.get("label") == "s1"] * 3
    if axis == "finding" and kind in ("squad", "bureau"):
        return {"via": rng.choice(["squad", "helper", *led])}
    if axis == "letter" and kind in ("bureau", "market") and rng.random() < 0.5:
        return {"via": f"visit.{kind}"}
    return {}


def placing(rng: random.Random, period: str, axis: str | None, measures: Body) -> Body:
    """Another date of a record, or an interval."""
    if axis not in ("finding", "letter") or not period or rng.random() < 0.35:
        return {}
    days = ["cleared_on", "seen", "found_on"] if axis == "finding" else ["visit.visited", "sent_on"]
    forms = {name: body["is"] for name, body in measures.items() if body["for"] == axis}
    computed = [name for name, form in forms.items() if form == "date"]
    computed += [f"{name}.due" for name, form in forms.items() if form == "deadline"]
    if computed and rng.random() < 0.4:
        return {"dated": rng.choice(computed)}
    if rng.random() < 0.6:
        return {"dated": rng.choice(days)}
    ends = [*days, *computed, *computed]
    return {"standing": {"from": rng.choice([*ends, days[-1], days[-1]]), "until": rng.choice(ends)}}


def folded(rng: random.Random, axis: str, words: Words) -> Body:
    """What is folded of each element."""
    op = rng.choice(["count", "sum", "mean", "mean", "min", "max", "portion", "first", "last", "distinct"])
    body: Body = {}
    if op == "count":
        body |= {"count": axis}
    else:
        value = words.flag(1) if op == "portion" else words.number(rng.choice([0, 0, 1]))
        body |= {op: value, "over": axis}
        if op == "portion" and rng.random() < 0.5:
            body["unit"] = "%"
        if op == "distinct" and words.texts and rng.random() < 0.5:
            body[op] = rng.choice(words.texts)[0]
        if op in ("min", "max", "first", "last") and rng.random() < 0.2:
            body |= {op: words.date(1), "is": "date"}
    if rng.random() < 0.4:
        body["where"] = words.flag(1)
    return body


def history(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    """A fold of single records: what lies before each, in the same squad, on the same day, ..."""
    if kind == "visit" and rng.random() < 0.5:
        # The letters that refer to a visit.
        body: Body = {"for": grain, "is": "number", "policy": "fold", "via": "visit"}
        return {**body, **folded(rng, "letter", Words(rng, "letter", "letter", measures))}
    axis = rng.choice([kind, kind, "finding", "visit", "letter"])
    names = {
        "finding": ["squad", "size", "bureau", "helper", "market", "media", "notices"],
        "visit": ["bureau", "market"],
        "letter": ["visit.bureau", "visit.market", "bureau", "market", "visit", "visit.visited"],
    }
    own = [name for name, body in measures.items() if body["for"] == kind and kind == axis]
    among = rng.sample([*names[kind], *own], rng.randint(1, 2)) if rng.random() < 0.8 else "whole"
    lengths = ["2 weeks", "1 day", "10 days", "40 days", "1 month", "2 months", "1 year"]
    window = rng.choice(
        [*(f"last {length}" for length in lengths), "month to date", "year to date", "week to date", "ever"]
    )
    body = {"for": grain, "is": "number", "policy": "fold", "among": among, "window": window}
    return {**body, **folded(rng, axis, Words(rng, axis, axis, measures))}
