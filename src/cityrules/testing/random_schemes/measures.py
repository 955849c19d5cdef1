"""Random measures for random schemes; what their policies say is for the checker to ask (`mending`)."""

from __future__ import annotations

import random
from collections.abc import Callable

from cityrules.testing.random_schemes.folds import fold, history
from cityrules.testing.random_schemes.grains import GRAINS, OTHERS
from cityrules.testing.random_schemes.ledgers import event_ledger, itemized, ledger
from cityrules.testing.random_schemes.words import ROUNDINGS, Body, Words, ranking


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
        forms += [ledger] * 6 + [event_ledger] * 2 + [fold] * 4
        forms += [_rank, _rank, _run, _run] if period else []
    else:
        forms += [history, history, _leading]
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
        return itemized(rng, grain, body, measures)
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
    give: Callable[[], str] = (lambda: rng.choice(["优", "良", '"差 等"'])) if of_text else (lambda: words.number(2))
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


def _leading(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    """The squad that answers for a finding."""
    formula = rng.choice(["if {0} then squad else helper", "default(helper, squad)", "if {0} then squad else null"])
    words = Words(rng, "finding", None, measures)
    return {"for": "finding", "formula": formula.format(words.flag(1)), "is": "text", "label": "s1", "policy": "lead"}


def _rank(rng: random.Random, grain: str, kind: str, period: str, measures: Body) -> Body:
    words = Words(rng, grain, None, measures)
    of_kind: dict[str, list[str | list[str]]]
    of_kind = {"squad": ["whole", "bureau", "rank", "post"], "bureau": ["whole", "rank"]}
    among = of_kind.get(kind, ["whole"])
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
