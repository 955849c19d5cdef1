"""Random measures for random schemes; what their policies say is for the checker to ask (`strategies.mending`)."""

from __future__ import annotations

import random
from collections.abc import Callable

from strategies.words import NUMBERS, ROUNDINGS, Body, Words, ranking

MONTHLY = ("squad each month", "bureau each month", "whole each month", "market each month", "crew each month")
GRAINS = (
    *MONTHLY,
    *MONTHLY[:2],
    "squad each quarter",
    "bureau each quarter",
    "bureau each half_year",
    "bureau each year",
    "squad each year",
    "whole each year",
    "whole each quarter",
    "squad",
    "bureau",
    "whole",
    "squad each month per market",
    "squad each month per market",
    "bureau each month per market",
    "bureau each quarter per market",
    "bureau each month per crew, market",
    "squad per crew",
    "finding",
    "finding",
    "finding",
    "visit",
    "visit",
    "letter",
)


def measure(rng: random.Random, measures: Body) -> Body:
    """A measure without its policies; `is`, `policy` and `label` say to those who draw others what it gives."""
    grain = rng.choice(GRAINS)
    others = [body["for"] for body in measures.values() if body["for"] in OTHERS]
    if rng.random() < 0.12 or (others and rng.random() < 0.25):
        # What stands at one of the other periods already is read and folded by what follows.
        grain = rng.choice([*OTHERS, *others * 3])
    kind, _, period = grain.partition(" per ")[0].partition(" each ")
    of_record = kind in ("finding", "visit", "letter")
    forms: list[Callable[[random.Random, str, str, str, Body], Body]] = [
        _formula,
        _formula,
        _bands,
        _choose,
        _tiers,
        _weighted,
        _deadline,
    ]
    forms += [_deadline] * 2 if kind == "finding" else []
    if not of_record:
        forms += [_ledger] * 6 + [_event_ledger] * 2 + [_fold] * 4
        forms += [_rank, _rank, _run, _run] if period else []
    else:
        forms += [_history, _history, _leading]
    body = rng.choice(forms)(rng, grain, kind, period, measures)
    if rng.random() < 0.2:
        body["applies"] = Words(rng, grain, None, measures).flag()
    if body["is"] == "number" and "rules" not in body and rng.random() < 0.3:
        body["round"] = rng.choice((*ROUNDINGS, "exact"))
    if rng.random() < 0.25:
        given = {"number": "2", "text": body.get("label", "优"), "flag": "true"}.get(body["is"])
        if given is not None:
            raw = (
                rng.choice([given, "0"]) if body["is"] == "number" else f'"{given}"' if body["is"] == "text" else given
            )
            body["overrides"] = {"veto": {"when": Words(rng, grain, None, measures).flag(), "is": raw}}
    if "rules" in body and rng.random() < 0.35:
        return _itemized(rng, grain, body, measures)
    return body


def _formula(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    if rng.random() < 0.3:
        return {"for": grain, "formula": words.flag(3), "is": "flag", "policy": "flag"}
    if rng.random() < (0.3 if kind == "finding" else 0.1):
        return {"for": grain, "formula": words.date(2), "is": "date", "policy": "date"}
    return {"for": grain, "formula": words.number(3), "is": "number", "policy": "number"}


LIMITS = (
    "3 working days", "1 working day", "10 working days", "7 days", "2 weeks", "1 month", "few_days", "few_days",
    "by day 28 of month", "before day 1 of next month", "by last day of quarter", "before last day of next half_year",
    "3 turn", "2 workday",
)  # fmt: skip


def _deadline(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    moments = kind == "finding" and rng.random() < 0.4
    found_on = "date(found_on)" if rng.random() < 0.5 else "found_on"

    def time() -> str:
        if moments:
            return rng.choice(["seen", "seen", "found_on", "as_of"])
        return rng.choice([found_on, "cleared_on"]) if kind == "finding" and rng.random() < 0.5 else words.date(1)

    limit = rng.choice(["2 hours", "90 minutes", "30 hours", "3 shift"] if moments else LIMITS)
    if rng.random() < 0.2 and not limit.startswith(("by ", "before ")):
        body: Body = {"for": grain, "deadline": limit, "before": time(), "done": time()}
        body |= {"clock": rng.choice(["office", "night"])} if moments and "shift" not in limit else {}
        return {**body, "is": "deadline", "policy": "deadline", "label": "moments" if moments else ""}
    body = {"for": grain, "deadline": limit, "starts": time(), "done": time()}
    if rng.random() < 0.35:
        body["paused"] = {"from": time(), "until": time()}
    elif kind in ("finding", "visit") and rng.random() < 0.4:
        over = rng.choice(["finding", "finding", kind])
        own = over == kind == "finding"
        among = rng.choice(["squad", "squad", "size", "media", "whole", ["squad", "media"]]) if own else "whole"
        days = [found_on, found_on, "cleared_on", "date(seen)"] if over == "finding" else ["visited", "limit_day"]
        begins, ends = (rng.choice(["seen", "found_on"] if moments else days) for _ in range(2))
        body["paused"] = {"over": over, "among": among, "from": begins, "until": ends}
    if rng.random() < 0.25:
        body["extended_by"] = rng.choice(["notices", "2", "abs(notices)"])
    if moments and "shift" not in limit and rng.random() < 0.6:
        body["clock"] = rng.choice(["office", "night"])
    return {**body, "is": "deadline", "policy": "deadline", "label": "moments" if moments else ""}


def _bands(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    word = rng.choice(["at_least", "above", "up_to", "below"])
    bounds = sorted(rng.sample([-1, 0, 1, 2.5, 5, 20, 60, 90], rng.randint(1, 3)))
    labels = ["优", "良", "中"] if rng.random() < 0.7 else ["1", "2.5", "3"]
    given = {str(bound): label for bound, label in zip(bounds, labels, strict=False)}
    of_text = labels[0] == "优"
    return {
        "for": grain,
        "bands": words.number(2),
        word: given,
        "otherwise": "差" if of_text else "0",
        "is": "text" if of_text else "number",
        "label": "优",
        "policy": "label" if of_text else "number",
    }


def _choose(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    of_text = rng.random() < 0.4
    give = (lambda: rng.choice(["优", "良", '"差 等"'])) if of_text else (lambda: words.number(2))
    branches = {f"b{n}": {"when": words.flag(2), "give": give()} for n in range(rng.randint(1, 3))}
    return {
        "for": grain,
        "choose": branches,
        "otherwise": give(),
        "is": "text" if of_text else "number",
        "label": "优",
        "policy": "label" if of_text else "number",
    }


def _tiers(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    number = rng.choice(["notices", "quota", "area", "mark", "month.number", f"abs({words.number(1)})", "rising"])
    bounds = sorted(rng.sample([1, 2.5, 3, 5, 20, 60], rng.randint(1, 3)))
    rates = ["0", "1", "0.25", "-2", "5%", "line", "rising"]
    return {
        "for": grain,
        "tiers": number,
        "up_to": {str(bound): rng.choice(rates) for bound in bounds},
        "beyond": rng.choice(rates),
        "apply": rng.choice(["marginal", "whole"]),
        "is": "number",
        "policy": "number",
    }


def _weighted(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    plain = [name for name in words.numbers if name.isidentifier()]
    names = list(dict.fromkeys(rng.choices(plain, k=rng.randint(1, 4))))
    weights = [rng.choice([1, 2, 0.5, 3]) for _ in names]
    return {
        "for": grain,
        "weighted": dict(zip(names, map(str, weights), strict=True)),
        "total": str(sum(weights)),
        "is": "number",
        "policy": "weighted",
    }


def _axes(rng: random.Random, grain: str, kind: str, period: str) -> list[str]:
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


BY_LENGTH = ("day", "week", "ten_days", "round", "closing", "month", "quarter", "heating", "half_year", "year")
OTHERS = (
    *("squad each week", "bureau each week", "whole each week", "squad each ten_days", "bureau each round"),
    *("squad each closing", "bureau each closing", "squad each heating", "whole each heating", "whole each day"),
    *("bureau each tenure", "bureau each tenure", "bureau each term", "bureau each tenure per market"),
)
TENURES = ("tenure", "term")


def _via(rng: random.Random, kind: str, axis: str, measures: Body) -> Body:
    led = [name for name, body in measures.items() if body["for"] == "finding" and body.get("label") == "s1"] * 3
    if axis == "finding" and kind in ("squad", "bureau"):
        return {"via": rng.choice(["squad", "helper", *led])}
    if axis == "letter" and kind in ("bureau", "market") and rng.random() < 0.5:
        return {"via": f"visit.{kind}"}
    return {}


def _placed(rng: random.Random, period: str, axis: str | None, measures: Body) -> Body:
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


def _fold(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    axis = rng.choice(_axes(rng, grain, kind, period))
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
        folded = _folded(rng, kind, Words(rng, grain, kind, measures))
        return {"for": grain, "is": "number", "policy": "fold", **beside, **folded}
    words = Words(rng, grain, axis, measures)
    body: Body = {"for": grain, "is": "number", "policy": "fold", **_via(rng, kind, axis, measures), **window}
    return {**body, **_placed(rng, period, axis, measures), **_folded(rng, axis, words)}


def _folded(rng: random.Random, axis: str, words: Words) -> Body:
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


def _history(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    """A fold of single records: what lies before each, in the same squad, on the same day, ..."""
    if kind == "visit" and rng.random() < 0.5:
        # The letters that refer to a visit.
        body: Body = {"for": grain, "is": "number", "policy": "fold", "via": "visit"}
        return {**body, **_folded(rng, "letter", Words(rng, "letter", "letter", measures))}
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
    return {**body, **_folded(rng, axis, Words(rng, axis, axis, measures))}


def _leading(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    """The squad that answers for a finding."""
    formula = rng.choice(["if {0} then squad else helper", "default(helper, squad)", "if {0} then squad else null"])
    words = Words(rng, "finding", None, measures)
    return {"for": "finding", "formula": formula.format(words.flag(1)), "is": "text", "label": "s1", "policy": "lead"}


def _rank(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    among = {"squad": ["whole", "bureau", "rank", "post"], "bureau": ["whole", "rank"]}.get(kind, ["whole"])
    among += ["market", "market", ["market", "bureau"]] if " per " in grain and "market" in grain else []
    among += ["sort", "sort"] if "market" in grain else []
    return {
        "for": grain,
        "rank": ranking(rng, words.number(1), *([words.number(1)] if rng.random() < 0.4 else [])),
        "among": rng.choice(among),
        "ties": rng.choice(["share", "dense", "error"]),
        "is": "number",
        "policy": "rank",
    }


def _run(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    return {
        "for": grain,
        "run": words.flag(1),
        "new_year": rng.choice(["continues", "breaks"]),
        "is": "number",
        "policy": "run",
    }


def _ledger(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    rules: Body = {}
    groups = rng.choice([[None], ["g", None], ["g"], ["g", "h"]])
    for number in range(rng.randint(1, 4)):
        axis = rng.choice([None, *_axes(rng, grain, kind, period)])
        if rules and rng.random() < 0.6:
            axis = next(iter(rules.values())).get("each")
        words = Words(rng, grain, axis, measures)
        rule: Body = {"each": axis, **_via(rng, kind, axis, measures)} if axis else {}
        rule |= _placed(rng, period, axis, measures) if rng.random() < 0.5 else {}
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


def _event_ledger(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    """A ledger that settles what hits the findings of one event together."""
    words = Words(rng, grain, "finding", measures)
    via = {"via": rng.choice(["squad", "squad", "helper"])} if kind in ("squad", "bureau") else {}
    rules: Body = {}
    for number in range(rng.randint(1, 4)):
        rule: Body = {"each": "finding", **via, "group": rng.choice(["g", "g", "g", "h"])}
        rule |= _placed(rng, period, "finding", measures) if rng.random() < 0.15 else {}
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


def _cited(rng: random.Random, measures: Body) -> str:
    """A text of the finding that its movement cites: a field, which may be missing, or a measure."""
    own = [name for name, body in measures.items() if body["for"] == "finding" and body["is"] == "text"]
    return rng.choice([*own, "size", "size", '"3.10"', 'if media then "3.10" else null'])


def _amount(words: Words) -> str:
    """Points or a quantity, which may not be missing."""
    rng = words.rng
    number = words.number(rng.choice([0, 0, 1]))
    return rng.choice([rng.choice(NUMBERS), rng.choice(NUMBERS), number, f"default({number}, {rng.choice(NUMBERS)})"])


def _itemized(rng: random.Random, grain: str, body: Body, measures: Body) -> Body:
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
