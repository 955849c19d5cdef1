"""Random expressions for random schemes, over names of which some may not be readable where they are put."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

Body = dict[str, Any]

ROUNDINGS = ("half up to 2", "half even to 1", "half down to 0", "up to 1", "down to 2", "floor to 0", "ceiling to 1")
NUMBERS = ("0", "1", "2", "3", "0.5", "2.25", "10", "-1", "-1.5", "100", "0.01")

SORTS = {
    **dict.fromkeys(("media", "sure"), "flag"),
    **dict.fromkeys(("limit_day", "found_on", "cleared_on", "seen", "opened", "visited", "sent_on"), "date"),
    **dict.fromkeys(("squad", "helper", "bureau", "market", "crew"), "text"),
    **dict.fromkeys(("rank", "post", "kind", "size", "no", "sort"), "text"),
}
"""Names that are no numbers."""


def summed(numbers: Iterable[str]) -> str:
    """What numbers in digits come to together, in digits: exact, for what is stated as their sum is checked."""
    return format(sum(map(Decimal, numbers), Decimal(0)).normalize(), "f")


def _ways(kinds: set[str], owner: str) -> list[str]:
    """How records of some kinds (or the cells of a rating) refer to those that a measure is of."""
    if "letter" in kinds:
        return ["visit"] if owner == "visit" else []
    if not kinds & {"squad", "bureau", "market", "whole"}:
        return []
    return {"visit": ["about.visit"], "letter": ["about"]}.get(owner, [])


class Words:
    """Names by kind of value, and expressions over them."""

    def __init__(self, rng: random.Random, grain: str, axis: str | None, measures: Body) -> None:
        self.rng = rng
        self.numbers = ["line", "rising", "month.number", "year.number"]
        if rng.random() < 0.05:
            self.numbers.append("open_line")
        self.flags: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.dates = ["limit_day", "month.last_day", "quarter.start", "date(as_of)"]
        if any(own in grain for own in ("tenure", "term")):
            self.numbers += ["tenure.number", "term.number"]
            self.dates += ["tenure.start", "tenure.last_day", "term.start", "term.last_day"]
        if rng.random() < 0.25:
            other = rng.choice(["day", "week", "ten_days", "closing", "round", "heating"])
            self.numbers += [f"{other}.number"] * 3
            self.dates += [f"{other}.start", f"{other}.last_day"] * 2
        kinds = {grain.split()[0], axis or ""}
        if " per " in grain or axis in ("market", "crew"):
            self.texts += [("market", "north"), ("crew", "c1"), ("sort", "A")]
        if "market" in kinds or "market" in grain:
            self.numbers += ["stalls"]
            self.texts += [("sort", "A")] * 2
        if "finding" in kinds:
            self.numbers += [*(["volume", "price", "notices", "area", "quota", "stars"] * 2), "stalls"]
            self.numbers += ["tariff(size, media).points", "tariff(size, sure).more", "bonus(notices).extra"]
            self.flags += ["media", "sure"] * 2
            self.numbers += ["helper.area", "squad.quota", "helper.quota"]
            self.texts += [
                ("helper.bureau", "甲"),
                ("squad.bureau", "乙"),
                ("squad.post", "x"),
                ("helper.rank", "A"),
            ] * 2
            self.texts += [("size", "大"), ("market", "north"), ("crew", "c1"), ("rank", "A"), ("post", "x")]
            self.dates += ["found_on", "cleared_on", "seen", "opened"]
        if "visit" in kinds:
            self.numbers += ["mark", "id", "quota"] * 2
            self.dates += ["visited"]
        if "letter" in kinds:
            self.numbers += ["weight", "visit.mark", "visit.id", "quota"] * 2
            self.dates += ["sent_on", "visit.visited"] * 2
            self.texts += [("visit.market", "north"), ("market", "south"), ("bureau", "甲"), ("visit.bureau", "乙")]
        if kinds & {"squad", "finding"}:
            self.numbers += ["area"]
            self.texts += [("squad", "s1"), ("bureau", "甲"), ("post", "x")]
        if kinds & {"squad", "bureau", "finding", "visit"}:
            self.numbers += ["quota", "stars", "houses", "quotas(rank).share", "bonus(quota).extra"]
            self.numbers += ["about.weight", "about.visit.mark"]
            self.texts += [("rank", "A"), ("bureau", "甲"), ("kind", "good"), ("about.visit.bureau", "甲")]
            self.dates += ["opened"]
        for name, body in measures.items():
            if "overrides" in body and body["is"] == "number":
                self.numbers += [f"{name}.raw", f"previous({name}.raw)"]
            known = self.flags if body["is"] == "flag" else self.numbers if body["is"] == "number" else None
            if known is not None:
                known += [name, name, f"previous({name})"] if "each" in body["for"] else [name, name]
                if body["is"] == "number" and "each" in body["for"] and rng.random() < 0.2:
                    known.append(f"year_before({name})")
            elif body["is"] == "deadline":
                self.flags += [f"{name}.late"] * 3
                self.numbers.append(f"{name}.{'minutes' if body['label'] else 'days'}_over")
                if not body["label"]:
                    self.dates += [f"{name}.due", f"{name}.started", f"{name}.done"]
            elif body["is"] == "date":
                self.dates.append(name)
            else:
                self.texts.append((name, body["label"]))
            if "rank" in body:
                self.numbers.append(f"tied({name})")
            for way in _ways(kinds, str(body["for"])):
                # Of the record that this one refers to.
                if known is not None:
                    known += [f"{way}.{name}"] * 2
                elif body["is"] == "deadline":
                    self.flags.append(f"{way}.{name}.late")
                    self.dates.append(f"{way}.{name}.due")

    def number(self, depth: int = 2) -> str:
        rng = self.rng
        if depth == 0 or rng.random() < 0.35:
            return rng.choice(self.numbers) if rng.random() < 0.75 else rng.choice(NUMBERS)
        a, b = self.number(depth - 1), self.number(depth - 1)
        forms: list[Callable[[], str]] = [
            lambda: f"({a} + {b})",
            lambda: f"({a} - {b})",
            lambda: f"({a} * {b})",
            lambda: f"min({a}, {b})",
            lambda: f"max({a}, {b}, 1)",
            lambda: f"abs({a})",
            lambda: f"default({a}, {rng.choice(NUMBERS)})",
            lambda: f"(if {self.flag(depth - 1)} then {a} else {b})",
            lambda: f"({a} / {rng.choice(['3', '7', '0.3', '-4'])})",
            lambda: f"({a} / {b})",
            lambda: f"full_steps({a}, {rng.choice(['3', '0.7'])})",
            lambda: f"begun_steps({a}, 2.5)",
            lambda: f"count_true({self.flag(0)}, {self.flag(0)})",
            *[lambda: self.lookup()] * 2,
            lambda: f"days_between({self.date(0)}, {self.date(0)})",
            lambda: f"working_days_between({self.date(0)}, {self.date(0)})",
            lambda: f"{rng.choice(self.dates)}.{rng.choice(['month', 'day', 'weekday', 'year'])}",
            lambda: f"(-{a})",
            lambda: f"{rng.choice(self.numbers)} ** 2",
        ]
        return rng.choice(forms)()

    def lookup(self) -> str:
        rng = self.rng
        whole = rng.choice([*self.numbers, "notices", "quota", "month.number"])
        ways = [
            f"tariff(size, {self.flag(0)}).{rng.choice(['points', 'more'])}",
            f"bonus({whole}).extra",
            "quotas(rank).share",
            "sum_of(quotas.share)",
        ]
        return rng.choice([*ways, ways[0]])

    def flag(self, depth: int = 2) -> str:
        rng = self.rng
        if depth == 0 or rng.random() < 0.3:
            if self.flags and rng.random() < 0.5:
                return rng.choice(self.flags)
            if self.texts and rng.random() < 0.5:
                name, label = rng.choice(self.texts)
                return f'{name} {rng.choice(["=", "!="])} "{label}"'
            name = rng.choice(self.numbers)
            return f"{name} {rng.choice(['>', '>=', '<', '<=', '=', '!='])} {rng.choice(NUMBERS)}"
        a, b = self.flag(depth - 1), self.flag(depth - 1)
        forms: list[Callable[[], str]] = [
            lambda: f"({a} and {b})",
            lambda: f"({a} or {b})",
            lambda: f"not({a})",
            lambda: f"{rng.choice(self.numbers)} = null",
            lambda: f"{rng.choice(self.dates)} != null",
            lambda: f"({self.number(1)} > {self.number(1)})",
            lambda: f"{self.number(1)} in [1..5)",
            lambda: f"({self.date(1)} <= {self.date(1)})",
            lambda: f"{self.number(0)} between 1 and 20",
            lambda: "places(market).open",
            lambda: "(cleared_on != null and working_days_between(date(found_on), cleared_on) <= 3)",
            lambda: "(cleared_on != null and days_between(found_on, cleared_on) > 3)",
            lambda: f"(price != null and price > {rng.choice(NUMBERS)})",
        ]
        return rng.choice(forms)()

    def date(self, depth: int = 1) -> str:
        rng = self.rng
        if depth == 0 or rng.random() < 0.6:
            return rng.choice(self.dates)
        step = rng.choice(["P3D", "P1M", "P1Y", "-P40D", "P9000Y"])
        return f'({rng.choice(self.dates)} + duration("{step}"))'


def ranking(rng: random.Random, *values: str) -> str | list[str]:
    """What a place goes by: a value, and others where that is equal."""
    found = [f"{rng.choice(['high', 'low'])} {value}" for value in values]
    return found if len(found) > 1 else found[0]
