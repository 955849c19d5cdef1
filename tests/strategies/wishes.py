"""Forms that chance alone would seldom draw, each wished for on purpose: every scheme gets a few of them.

A wish is a few measures by name, the later ones of which read the earlier ones; like all that is drawn they are mended
where the plan refuses them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from strategies.words import Body, Words, ranking

Wish = Callable[[random.Random, Body], Body]
GUARDED = ("error", "null", "0", "7")
OPS = ("sum", "mean", "min", "max", "first", "last", "distinct", "portion")


def _number(grain: str, **body: object) -> Body:
    return {"for": grain, **body, "is": "number", "policy": "number"}


def _folded(rng: random.Random, value: str, over: str) -> Body:
    op = rng.choice(OPS)
    found: Body = {op: f"{value} > {rng.choice('0123')}" if op == "portion" else value, "over": over}
    return found | ({"unit": "%"} if op == "portion" and rng.random() < 0.7 else {})


def dimensions(rng: random.Random, measures: Body) -> Body:
    """Cells by target and dimension, folded and run over by their targets."""
    other = rng.choice(["market", "crew"])
    kind = rng.choice(["squad", "bureau"])
    period = rng.choice(["month", "quarter"])
    pairs = _number(f"{kind} each {period} per {other}", count="finding", via="squad")
    grain = f"{kind} each {period}"
    rules = {"r0": {"each": other, "when": f"w_pairs > {rng.choice('01')}", rng.choice(["add", "deduct"]): "w_pairs"}}
    return {
        "w_pairs": pairs,
        "w_paired": _number(grain, **_folded(rng, "w_pairs", other)),
        "w_each_pair": {"for": grain, "from": "100", "rules": rules, "is": "number", "policy": "none"},
    }


def led(rng: random.Random, measures: Body) -> Body:
    """Findings that count for the squad which a measure names."""
    formula = rng.choice(["if {0} then squad else helper", "default(helper, squad)", "if {0} then squad else null"])
    who: Body = {"for": "finding", "formula": formula.format(Words(rng, "finding", None, measures).flag(1))}
    grain = rng.choice(["squad each month", "bureau each quarter", "squad"])
    rules = {"r0": {"each": "finding", "via": "w_who", "deduct": rng.choice(["1", "volume", "notices"])}}
    rules["r0"] |= {"cap": "5"} if rng.random() < 0.4 else {}
    return {
        "w_who": {**who, "is": "text", "label": "s1", "policy": "lead"},
        "w_led": _number(grain, **_folded(rng, rng.choice(["volume", "notices"]), "finding"), via="w_who"),
        "w_answers": {"for": grain, "from": "100", "rules": rules, "is": "number", "policy": "none"},
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
        "w_place": _number(grain, rank=rank, among=rng.choice(["whole", "rank"]), ties=ties),
        "w_tied": _number(
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
        "w_now": _number(grain, count="finding", **via),
        "w_change": _number(grain, formula=f"w_now - {back}(w_now)"),
    }


def looking_back(rng: random.Random, measures: Body) -> Body:
    """Occurrence numbers of single records, among their own and others."""
    lengths = ("2 weeks", "1 day", "40 days", "2 months", "1 year")
    window = rng.choice([*(f"last {length}" for length in lengths), "month to date", "ever"])
    among: object = rng.choice(["squad", "market", "whole", ["squad", "size"]])
    other = rng.choice(["market", "bureau", "whole"])
    return {
        "w_nth": _number(
            "finding", **_folded(rng, rng.choice(["volume", "notices"]), "finding"), among=among, window=window
        )
        if rng.random() < 0.5
        else _number("finding", count="finding", among=among, window=window),
        "w_visits": _number("visit", count="finding", among=other, window=window)
        if rng.random() < 0.5
        else _number("finding", count="visit", among=other, window=window),
    }


def rescaled(rng: random.Random, measures: Body) -> Body:
    """Weights of what is there."""
    grain = rng.choice(["squad each month", "squad each quarter", "bureau each quarter"])
    names = ["w_average", *(["area"] if grain.startswith("squad") else [])]
    weights = {name: rng.choice(["1", "2", "0.5", "0.25"]) for name in names}
    total = sum(float(weight) for weight in weights.values())
    body = _number(grain, weighted=weights, total=f"{total:g}", missing="rescale", empty=rng.choice(GUARDED))
    return {
        "w_average": _number(grain, mean="volume", over="finding", via="squad", empty="null", round="half up to 1"),
        "w_weighted": {**body, "round": "half up to 2"},
    }


def divided(rng: random.Random, measures: Body) -> Body:
    """A divisor that can be zero."""
    grain, divisor = rng.choice(
        [("finding", "notices"), ("finding", "default(price, 0)"), ("squad each month", "quota"), ("bureau", "quota")]
    )
    body = _number(grain, formula=f"{rng.choice(['1', 'quota', 'line'])} / {divisor}", empty=rng.choice(GUARDED))
    return {"w_share": {**body, "round": rng.choice(["half up to 2", "floor to 1"])}}


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
        "w_minutes": _number("finding", formula=f"minutes_between({other}, seen)"),
        "w_working": _number("finding", formula="working_days_between(date(found_on), cleared_on)"),
    }


def upward(rng: random.Random, measures: Body) -> Body:
    """A value of the lower targets, or of the shorter periods, in another one."""
    lower = {
        name: body for name, body in measures.items() if body["is"] == "number" and body["for"] == "squad each month"
    }
    name = rng.choice([*lower, ""])
    found: Body = {} if name else {"w_below": _number("squad each month", count="finding", via="squad")}
    name = name or "w_below"
    found["w_above"] = _number("bureau each month", **_folded(rng, name, "squad"))
    among = rng.choice(["bureau", "rank", "whole"])
    beside = {"among": among, "itself": rng.choice(["included", "excluded"])}
    found["w_beside"] = _number("squad each month", **_folded(rng, name, "squad"), **beside)
    window = rng.choice(["last 3 months", "last 2 months", "year to date", "ever"])
    found["w_longer"] = _number("squad each month", **_folded(rng, name, "month"), window=window)
    return found


def short_periods(rng: random.Random, measures: Body) -> Body:
    """Values by day and by ten days, and what they come to."""
    period = rng.choice(["day", "ten_days", "ten_days", "week"])
    grain = f"{rng.choice(['whole', 'squad'])} each {period}"
    via = {"via": "squad"} if grain.startswith("squad") else {}
    coarse = grain.replace(period, "month")
    return {
        "w_short": _number(grain, count="finding", **via),
        "w_month": _number(coarse, **_folded(rng, "w_short", period)),
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
        "w_placed": _number(
            grain, **_folded(rng, rng.choice(["volume", "notices"]), "finding"), **via, **rng.choice(ways[2:])
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
    return {"w_changed": _number(grain, formula=rng.choice(["line", "quota + 1"]), overrides={"veto": veto})}


def paid(rng: random.Random, measures: Body) -> Body:
    """Amounts with a unit."""
    grain, many = rng.choice([("finding", "notices"), ("squad each month", "month.number"), ("bureau", "quota")])
    return {"w_paid": _number(grain, formula=f"fee * {many}") | rng.choice([{}, {"unit": "元"}])}


def settled(rng: random.Random, measures: Body) -> Body:
    """What hits one event settled together; a cap by what another rule has counted, and points that two share."""
    grain = rng.choice(["squad each month", "bureau each quarter", "squad each ten_days"])
    one = {"each": "finding", "via": "squad", "deduct": rng.choice(["2", "notices"]), "group": "g"}
    other = {"each": "finding", "via": "squad", "deduct": "3", "group": "g", "replaces": ["r0"]}
    other["when"] = rng.choice(["media", "sure", "price > 2", 'size = "大"'])
    rules = {"r0": one, "r1": other}
    caps = {"c": {"at": rng.choice(["r0 * 0.5", "r0 + 1", "3 - r0"]), "of": ["r1"]}}
    together = {
        "g": rng.choice(["all", "highest", "first", "all", "all"]) + rng.choice(["", " per event", " per event"])
    }
    shared = {"each": "finding", "when": "helper != null", "deduct": "volume"}
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


def graded(rng: random.Random, document: Body) -> Body:
    """Records with a field that has the labels of a measure, and a measure that reads it; by section and name."""
    rating = document["records"]["rating"]
    fields = {**rating["fields"], "graded": rng.choice(["w_grade", "optional w_grade", "optional w_grade"])}
    reads: Body = {"for": rating["one_per"], "formula": f'graded {rng.choice(["=", "!="])} "优"'}
    return {
        "records": {"rating": {**rating, "fields": fields}},
        "measures": {"w_graded": {**reads, "is": "flag", "policy": "flag"}},
    }


def tiered(rng: random.Random, measures: Body) -> Body:
    """Rates by tier, of the whole amount or of what lies in each."""
    grain, value = rng.choice([("finding", "volume"), ("finding", "notices"), ("squad each month", "quota")])
    tiers: Body = {"tiers": value, "up_to": {"2.5": "0.5", "20": rng.choice(["line", "rising", "5%"])}, "beyond": "2"}
    return {"w_tiers": _number(grain, **tiers, apply=rng.choice(["marginal", "whole"]))}


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
        "w_monthly": _number(f"{kind} each month", count="finding", via="squad"),
        "w_other": _number(grain, count="finding", via="squad", where=rng.choice(["media", "notices > 1"])),
        "w_exact": _number(grain, **rng.choice(forms), round="exact"),
    }
    readers: Body = {
        "w_band": {"for": grain, "bands": "w_exact", rng.choice(["at_least", "above", "up_to", "below"]): bounds,
                   "otherwise": "差", "is": "text", "label": "优", "policy": "label"},
        "w_ranked": _number(grain, rank=rng.choice(orders), among=rng.choice(["whole", "rank"]),
                            ties=rng.choice(["share", "dense", "error"])),
        "w_once": _number(grain, formula=rng.choice(later), round=rng.choice(["half up to 2", "down to 1", "exact"])),
        "w_both": _number(grain, weighted={"w_exact": "0.6", "w_other": "0.4"}, total="1",
                          round=rng.choice(["half even to 1", "exact"])),
        "w_holds": {"for": grain, "run": first, "new_year": "continues", "is": "number", "policy": "none"},
        "w_line": {"for": grain, "from": "100", "rules": {"r0": {"when": first, "deduct": "2"}}, "is": "number",
                   "policy": "none"},
        "w_changed": _number(grain, formula="line", overrides={"veto": {"when": first, "is": "0"}}),
    }  # fmt: skip
    return found | {name: readers[name] for name in rng.sample(list(readers), rng.choice([2, 3, 4]))}


def referred(rng: random.Random, measures: Body) -> Body:
    """Measures of the visit that a letter speaks of, read by the letter and by whatever counts letters."""
    of_visit = Words(rng, "visit", None, measures)
    limit = rng.choice(["3 working days", "5 days", "by day 28 of month"])
    found: Body = {
        "w_seen": {"for": "visit", "deadline": limit, "starts": "visited", "done": rng.choice(["limit_day", "visited"]),
                   "is": "deadline", "policy": "deadline", "label": ""},
        "w_marked": _number("visit", formula=rng.choice(["mark * 2", "mark + quota", of_visit.number(2)])),
        "w_order": _number("visit", count="visit", among="market", window="ever"),
    }  # fmt: skip
    for name in ("w_marked", "w_seen"):
        found[name] |= {"applies": of_visit.flag(1)} if rng.random() < 0.3 else {}
    value = rng.choice(["visit.w_marked", "visit.w_order", "visit.w_order - weight"])
    late = rng.choice(["visit.w_seen.late", "visit.w_marked > 3", "default(visit.w_order, 0) > 1"])
    grain = rng.choice(["bureau each month", "bureau each quarter", "whole each month"])
    rule = {"each": "letter", "when": late, "deduct": rng.choice(["1", value])}
    rule |= {"via": "visit.bureau"} if grain.startswith("bureau") else {}
    readers: Body = {
        "w_answer": _number("letter", formula=value),
        "w_alike": _number("letter", count="letter", among=rng.choice(["visit", "w_answered"]), window="ever"),
        "w_letters": _number(grain, **_folded(rng, value, "letter"), where=late),
        "w_lost": {"for": grain, "from": "100", "rules": {"r0": rule}, "is": "number", "policy": "none"},
        "w_talked": _number("squad each month", formula="default(about.visit.w_marked, 1) + about.visit.w_order"),
    }
    found |= {"w_answered": _number("letter", formula="visit.w_order * 1")}
    return found | {name: readers[name] for name in rng.sample(list(readers), 3)}


def tenures(rng: random.Random, measures: Body) -> Body:
    """Values of the periods that each bureau has for itself, of longer ones, and of those before."""
    grain = "bureau each tenure"
    found = {"w_tenure": _number(grain, sum=rng.choice(["volume", "price", "notices"]), over="finding", via="squad")}
    window = rng.choice(["last 2 tenures", "ever", "term to date", "last 3 tenures"])
    found["w_back"] = _number(grain, count="finding", via="squad", window=window)
    found["w_term"] = _number("bureau each term", **_folded(rng, "w_tenure", rng.choice(["tenure", "tenure", "month"])))
    if rng.random() < 0.5:
        found["w_gain"] = _number(grain, formula="w_tenure - default(previous(w_tenure), tenure.number)")
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
    pool = _number(
        f"{higher}{each}{period}", **rng.choice(pools), round=f"{rng.choice(['down', 'half up'])} to {digits}"
    )
    steps = {0: ["1", "0.1", "0.5", "0.01"], 1: ["0.1", "0.05", "0.01"], 2: ["0.01", "0.005", "0.001"]}[digits]
    shared = rng.choice(["w_pool"] * 5 + ["w_pool * -1", "w_pool * 3", "w_pool + w_pool"])
    via = {"via": rng.choice(["squad", "helper"])} if kind == "squad" else {"via": "squad"}
    grades: Body = {}
    if rng.random() < 0.35:
        # Those who share a place, or are of one grade, divide what is for them.
        place = _number(grain, rank=ranking(rng, "quota"), among="whole", ties="share")
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
        "w_many": _number(grain, count="finding", **via),
        **grades,
        "w_part": _number(
            grain, apportion=shared, in_proportion_to=rng.choice(weights), among=among, step=rng.choice(steps),
            remainder=[*rng.choice(orders), "by name"], **rng.choice([{}, {"applies": "quota > 1"}]),
        ),
        "w_twice": _number(grain, formula=rng.choice(["w_part * 2", "default(w_part, 0) - w_pool", "w_part"])),
    }  # fmt: skip


WISHES: tuple[Wish, ...] = (
    dimensions, led, places, before, looking_back, rescaled, divided, moments, upward, short_periods, banded, placed,
    placed, changed, paid, settled, paused, banded, places, upward, tiered, exact, exact, referred, referred, tenures,
    placed, parted, parted,
)  # fmt: skip


def wished(rng: random.Random, measures: Body) -> Body:
    """The measures of a few wishes."""
    found: Body = {}
    for wish in rng.sample(WISHES, rng.choice([2, 2, 3])):
        found |= wish(rng, measures)
    return found
