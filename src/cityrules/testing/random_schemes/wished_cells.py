"""Measures of targets and periods that chance alone would seldom draw, and what reads them."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.forms import numeric, some_fold
from cityrules.testing.random_schemes.words import Body, ranking, summed

GUARDED = ("error", "null", "0", "7")


def dimensions(rng: random.Random, measures: Body) -> Body:
    """Cells by target and dimension, folded and run over by their targets."""
    other = rng.choice(["market", "crew"])
    kind = rng.choice(["squad", "bureau"])
    period = rng.choice(["month", "quarter"])
    pairs = numeric(f"{kind} each {period} per {other}", count="finding", via="squad")
    grain = f"{kind} each {period}"
    rules = {"r0": {"each": other, "when": f"w_pairs > {rng.choice('01')}", rng.choice(["add", "deduct"]): "w_pairs"}}
    return {
        "w_pairs": pairs,
        "w_paired": numeric(grain, **some_fold(rng, "w_pairs", other)),
        "w_each_pair": {"for": grain, "from": "100", "rules": rules, "is": "number", "policy": "none"},
    }


def places(rng: random.Random, measures: Body) -> Body:
    """Places and how many share them."""
    grain = rng.choice(["squad each month", "bureau each quarter", "bureau each month"])
    value = rng.choice(
        [name for name, body in measures.items() if body["for"] == grain and body["is"] == "number"] or [""]
    )
    between = rng.choice([[], ["quota"], ["stars", "month.last_day"], ["default(opened, month.start)"]])
    rank = ranking(rng, value or rng.choice(["quota", "stars", "month.number"]), *between)
    ties = rng.choice(["share", "dense", "dense", "error"])
    return {
        "w_place": numeric(grain, rank=rank, among=rng.choice(["whole", "rank"]), ties=ties),
        "w_tied": numeric(
            grain, formula=rng.choice(["tied(w_place)", "w_place + tied(w_place) / 2", "tied(w_place) * 2"])
        ),
    }


def before(rng: random.Random, measures: Body) -> Body:
    """A value beside the one of the period before, and of the same period a year ago."""
    grain = rng.choice(
        ["squad each month", "bureau each quarter", "whole each month", "bureau each year", "whole each day"]
    )
    back = rng.choice(["previous", "year_before", "year_before"])
    via = {"via": "squad"} if grain.startswith(("squad", "bureau")) else {}
    return {
        "w_now": numeric(grain, count="finding", **via),
        "w_change": numeric(grain, formula=f"w_now - {back}(w_now)"),
    }


def rescaled(rng: random.Random, measures: Body) -> Body:
    """Weights of what is there."""
    grain = rng.choice(["squad each month", "squad each quarter", "bureau each quarter"])
    names = ["w_average", *(["area"] if grain.startswith("squad") else [])]
    weights = {name: rng.choice(["1", "2", "0.5", "0.25"]) for name in names}
    body = numeric(
        grain, weighted=weights, total=summed(weights.values()), missing="rescale", empty=rng.choice(GUARDED)
    )
    return {
        "w_average": numeric(grain, mean="volume", over="finding", via="squad", empty="null", round="half up to 1"),
        "w_weighted": {**body, "round": "half up to 2"},
    }


def divided(rng: random.Random, measures: Body) -> Body:
    """A divisor that can be zero."""
    grain, divisor = rng.choice(
        [("finding", "notices"), ("finding", "default(price, 0)"), ("squad each month", "quota"), ("bureau", "quota")]
    )
    body = numeric(grain, formula=f"{rng.choice(['1', 'quota', 'line'])} / {divisor}", empty=rng.choice(GUARDED))
    return {"w_share": {**body, "round": rng.choice(["half up to 2", "floor to 1"])}}


def upward(rng: random.Random, measures: Body) -> Body:
    """A value of the lower targets, or of the shorter periods, in another one."""
    lower = {
        name: body for name, body in measures.items() if body["is"] == "number" and body["for"] == "squad each month"
    }
    name = rng.choice([*lower, ""])
    found: Body = {} if name else {"w_below": numeric("squad each month", count="finding", via="squad")}
    name = name or "w_below"
    found["w_above"] = numeric("bureau each month", **some_fold(rng, name, "squad"))
    among = rng.choice(["bureau", "rank", "whole"])
    beside = {"among": among, "itself": rng.choice(["included", "excluded"])}
    found["w_beside"] = numeric("squad each month", **some_fold(rng, name, "squad"), **beside)
    window = rng.choice(["last 3 months", "last 2 months", "year to date", "ever"])
    found["w_longer"] = numeric("squad each month", **some_fold(rng, name, "month"), window=window)
    return found


def short_periods(rng: random.Random, measures: Body) -> Body:
    """Values by day and by ten days, and what they come to."""
    period = rng.choice(["day", "ten_days", "ten_days", "week"])
    grain = f"{rng.choice(['whole', 'squad'])} each {period}"
    via = {"via": "squad"} if grain.startswith("squad") else {}
    coarse = grain.replace(period, "month")
    return {
        "w_short": numeric(grain, count="finding", **via),
        "w_month": numeric(coarse, **some_fold(rng, "w_short", period)),
    }


def banded(rng: random.Random, measures: Body) -> Body:
    """Grades, by two of the four words."""
    grain = rng.choice(["squad each month", "bureau each month", "finding"])
    values = ["quota", "area", "stars", "line"] if grain != "finding" else ["volume", "price", "notices"]
    found: Body = {}
    for name, word in zip(("w_grade", "w_class"), rng.sample(["at_least", "above", "up_to", "below"], 2), strict=True):
        bounds = sorted(rng.sample([0, 1, 2.5, 3, 5, 20], rng.randint(1, 2)))
        labels = dict(zip(map(str, bounds), ("优", "良"), strict=False))
        body = {"for": grain, "bands": rng.choice(values), word: labels, "otherwise": "差"}
        found[name] = {**body, "is": "text", "label": "优", "policy": "label"}
    return found


def changed(rng: random.Random, measures: Body) -> Body:
    """A value that holds unless something unknown does."""
    grain, when = rng.choice(
        [
            ("finding", "sure"),
            ("finding", "price > 3"),
            ("squad each month", "area > 3"),
            ("bureau each month", "houses > 3"),
        ]
    )
    veto = {"when": when, "is": rng.choice(["0", "2"]), "missing": rng.choice(["yes", "no"])}
    return {"w_changed": numeric(grain, formula=rng.choice(["line", "quota + 1"]), overrides={"veto": veto})}


def paid(rng: random.Random, measures: Body) -> Body:
    """Amounts with a unit."""
    grain, many = rng.choice([("finding", "notices"), ("squad each month", "month.number"), ("bureau", "quota")])
    return {"w_paid": numeric(grain, formula=f"fee * {many}") | rng.choice([{}, {"unit": "元"}])}


def tiered(rng: random.Random, measures: Body) -> Body:
    """Rates by tier, of the whole amount or of what lies in each."""
    grain, value = rng.choice([("finding", "volume"), ("finding", "notices"), ("squad each month", "quota")])
    tiers: Body = {"tiers": value, "up_to": {"2.5": "0.5", "20": rng.choice(["line", "rising", "5%"])}, "beyond": "2"}
    return {"w_tiers": numeric(grain, **tiers, apply=rng.choice(["marginal", "whole"]))}


def exact(rng: random.Random, measures: Body) -> Body:
    """Quotients that stay fractions, compared, placed, graded and divided once by what reads them."""
    grain = rng.choice(["squad each month", "bureau each month", "bureau each quarter", "squad each quarter"])
    kind, _, period = grain.partition(" each ")
    forms: list[Body] = [
        {"mean": rng.choice(["volume", "notices", "price"]), "over": "finding", "via": "squad"},
        {"portion": rng.choice(["media", "price > 2", "sure"]), "over": "finding", "via": "squad"},
        {"formula": f"{rng.choice(['quota', 'line', 'w_other * 2'])} / {rng.choice(['quota', 'w_other', 'w_other'])}"},
        {"formula": rng.choice(["quota / w_other + line", "line - 2 / (quota * 3)", "-(stars / w_other) * 0.5"])},
        {"formula": rng.choice(["if w_other != 1 then quota / (w_other - 1) else -2", "default(stars / quota, 0.3)"])},
        {"weighted": {"w_other": "0.3", "stars": "0.7"}, "total": "1", "missing": "rescale"},
    ]
    if kind == "bureau":
        forms += [{"mean": "area", "over": "squad"}] * 2
    if period == "quarter":
        forms += [
            {"mean": "w_monthly", "over": "month"},
            {"portion": "w_monthly > 1", "over": "month", "unit": "%"},
        ] * 2
    bounds = {rng.choice(["1", "2.5"]): "优", "0.5": "良"}
    first = rng.choice(["w_exact > 1.5", "w_exact != null and w_exact < line", "w_exact >= previous(w_exact)"])
    orders = ["high w_exact", "low w_exact", ["high month.number", "low w_exact"], ["low w_exact", "high w_other"]]
    later = ["w_exact * w_other", "w_exact + year_before(w_exact)", "default(w_exact, 1) / 3", "abs(w_exact)"]
    found: Body = {
        "w_monthly": numeric(f"{kind} each month", count="finding", via="squad"),
        "w_other": numeric(grain, count="finding", via="squad", where=rng.choice(["media", "notices > 1"])),
        "w_exact": numeric(grain, **rng.choice(forms), round="exact"),
    }
    readers: Body = {
        "w_band": {"for": grain, "bands": "w_exact", rng.choice(["at_least", "above", "up_to", "below"]): bounds,
                   "otherwise": "差", "is": "text", "label": "优", "policy": "label"},
        "w_ranked": numeric(grain, rank=rng.choice(orders), among=rng.choice(["whole", "rank"]),
                            ties=rng.choice(["share", "dense", "error"])),
        "w_once": numeric(grain, formula=rng.choice(later), round=rng.choice(["half up to 2", "down to 1", "exact"])),
        "w_both": numeric(grain, weighted={"w_exact": "0.6", "w_other": "0.4"}, total="1",
                          round=rng.choice(["half even to 1", "exact"])),
        "w_holds": {"for": grain, "run": first, "new_year": "continues", "is": "number", "policy": "none"},
        "w_line": {"for": grain, "from": "100", "rules": {"r0": {"when": first, "deduct": "2"}}, "is": "number",
                   "policy": "none"},
        "w_changed": numeric(grain, formula="line", overrides={"veto": {"when": first, "is": "0"}}),
    }  # fmt: skip
    return found | {name: readers[name] for name in rng.sample(list(readers), rng.choice([2, 3, 4]))}


def tenures(rng: random.Random, measures: Body) -> Body:
    """Values of the periods that each bureau has for itself, of longer ones, and of those before."""
    grain = "bureau each tenure"
    found = {"w_tenure": numeric(grain, sum=rng.choice(["volume", "price", "notices"]), over="finding", via="squad")}
    window = rng.choice(["last 2 tenures", "ever", "term to date", "last 3 tenures"])
    found["w_back"] = numeric(grain, count="finding", via="squad", window=window)
    found["w_term"] = numeric(
        "bureau each term", **some_fold(rng, "w_tenure", rng.choice(["tenure", "tenure", "month"]))
    )
    if rng.random() < 0.5:
        found["w_gain"] = numeric(grain, formula="w_tenure - default(previous(w_tenure), tenure.number)")
    if rng.random() < 0.3:
        rules = {"a": {"each": "finding", "via": "squad", "deduct": "notices"}}
        account: Body = {"for": "bureau each term", "from": "carried", "rules": rules}
        found["w_account"] = {**account, "is": "number", "policy": "none"}
    return found


def parted(rng: random.Random, measures: Body) -> Body:
    """A total divided among those of a group, its parts read by a ledger and a sum."""
    grain = rng.choice(["squad each month", "squad each month", "bureau each month", "bureau each quarter", "squad",
                        "squad each month per market"])  # fmt: skip
    kind, each, period = grain.partition(" per ")[0].partition(" each ")
    among = rng.choice({"squad": ["whole", "bureau", "rank", ["bureau", "post"]]}.get(kind, ["whole", "rank"]))
    if "market" in grain:
        among = rng.choice(["market", ["market", "bureau"], "whole"])
    higher = rng.choice(["whole", *(["bureau"] * ("bureau" in among))])
    digits = rng.choice([0, 1, 2])
    pools = [{"sum": "volume", "over": "finding"}, {"count": "finding"}]
    if higher == "bureau":
        pools = [{**pool, "via": "squad"} for pool in pools] + [{"formula": "quota - 3"}]
    pools.append({"formula": rng.choice(["as_of.month * 7 - 20", "line * rising", "10", "-100.25"])})
    own = [name for name, body in measures.items() if body["for"] == grain and body["is"] == "number"]
    numbers = ["default(area, 0)" if kind == "squad" else "quota", "quota", "w_many", "abs(line)", "area"]
    weights = [*numbers, "w_many", *(f"abs({name})" for name in own), *(f"max({name}, 0)" for name in own)]
    orders = [[], ["high quota"], ["low w_many"], ["high w_many", "low quota"]]
    pool = numeric(
        f"{higher}{each}{period}", **rng.choice(pools), round=f"{rng.choice(['down', 'half up'])} to {digits}"
    )
    steps = {0: ["1", "0.1", "0.5", "0.01"], 1: ["0.1", "0.05", "0.01"], 2: ["0.01", "0.005", "0.001"]}[digits]
    shared = rng.choice(["w_pool"] * 5 + ["w_pool * -1", "w_pool * 3", "w_pool + w_pool"])
    via = {"via": rng.choice(["squad", "helper"])} if kind == "squad" else {"via": "squad"}
    grades: Body = {}
    if rng.random() < 0.35:
        # Those who share a place, or are of one grade, divide what is for them.
        place = numeric(grain, rank=ranking(rng, "quota"), among="whole", ties="share")
        grade: Body = {"for": grain, "bands": "w_many", "at_least": {"1": "优"}, "otherwise": "差"}
        grade |= {"is": "text", "label": "优", "policy": "label"}
        grades, among = rng.choice([({"w_at": place}, "w_at"), ({"w_at": grade}, "w_at"), ({"w_at": place}, ["w_at"])])
        own = [*own, *(["w_at"] if grades["w_at"] is place else [])]
        shared = rng.choice(["tied(w_at) * w_at", "w_pool"]) if grades["w_at"] is place else "w_pool"
        pool |= {"for": f"whole{each}{period}"}
        if "via" in pool:
            pool.pop("via")
    return {
        "w_pool": pool,
        "w_many": numeric(grain, count="finding", **via),
        **grades,
        "w_part": numeric(
            grain, apportion=shared, in_proportion_to=rng.choice(weights), among=among, step=rng.choice(steps),
            remainder=[*rng.choice(orders), "by name"], **rng.choice([{}, {"applies": "quota > 1"}]),
        ),
        "w_twice": numeric(grain, formula=rng.choice(["w_part * 2", "default(w_part, 0) - w_pool", "w_part"])),
    }  # fmt: skip
