"""How measures are written that are wished for: a number, and a fold of a value."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.words import Body

OPS = ("sum", "mean", "min", "max", "first", "last", "distinct", "portion")


def numeric(grain: str, **body: object) -> Body:
    return {"for": grain, **body, "is": "number", "policy": "number"}


def some_fold(rng: random.Random, value: str, over: str) -> Body:
    op = rng.choice(OPS)
    found: Body = {op: f"{value} > {rng.choice('0123')}" if op == "portion" else value, "over": over}
    return found | ({"unit": "%"} if op == "portion" and rng.random() < 0.7 else {})
