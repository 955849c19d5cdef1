"""Seasons by their names, tables that have a row for each listed member, and checks of the document itself.

Drawn behind all else and from a source of chance of their own: what the rest of a seed draws does not hang on them.
"""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.mending import mended
from cityrules.testing.random_schemes.words import Body

_OF_MARKETS = ("market each month", "market each quarter", "market", "squad each month per market", "finding", "visit")
_OF_SEASONS = (
    "whole each heating", "squad each heating", "finding", "visit", "squad each day", "bureau each month", "letter"
)  # fmt: skip


def tabled(rng: random.Random, document: Body, sorts: dict[str, str]) -> Body:
    """The document with a few more measures and checks, where the plan accepts them."""
    for draw in rng.sample([_seasons, _by_members, _by_look_up, _of_document], rng.choice([0, 0, 1, 1, 2])):
        more = draw(rng, document)
        document = mended(
            rng, document, more, sorts | {name: body["is"] for name, body in more.get("measures", {}).items()}
        )
    return document


def _seasons(rng: random.Random, document: Body) -> Body:
    """What hangs on the season: compared with its name, looked up by it, and read of the season before."""
    grain = rng.choice(_OF_SEASONS)
    table = {
        "key": ["season"],
        "columns": {"season": "one of cold, warm", "heat": rng.choice(["number(1)", "optional number(1)"])},
        "rows": [["cold", "2.5"], ["warm", rng.choice(["0", "1", "-3.5"])]],
    }
    formula = rng.choice(
        ['if heating.name = "cold" then 3 else 1.5', "heat(heating.name).heat * 2", "heat(heating.name).heat",
         "heating.number + heat(heating.name).heat"]
    )  # fmt: skip
    body: Body = {"for": grain, "formula": formula, "is": "number", "policy": "number"}
    measures = {"x_season": body}
    kind = grain.partition(" ")[0]
    if kind in ("finding", "visit", "letter"):
        where = {"where": 'heating.name = "warm"'} if rng.random() < 0.4 else {}
        fold = {"for": "bureau each quarter", "sum": "x_season", "over": kind, **where}
        via = {"via": "squad"} if kind == "finding" else {}
        measures["x_seasons"] = {**fold, **via, "is": "number", "policy": "number"}
    return {"tables": {"heat": table}, "measures": measures}


def _by_members(rng: random.Random, document: Body) -> Body:
    """A table keyed by members of which a row each is there, alone or with another key."""
    flags = rng.random() < 0.4
    keys = ["market", *(["busy"] if flags else [])]
    columns = {"market": "market", **({"busy": "flag"} if flags else {}), "places": rng.choice(["number(1)", "count"])}
    values = iter(rng.sample(["3", "7", "0", "12"], 4))
    rows = [
        [market, *more, next(values)]
        for market in ("north", "south")
        for more in ([["true"], ["false"]] if flags else [[]])
    ]
    rng.shuffle(rows)
    grain = rng.choice(_OF_MARKETS)
    busy = rng.choice(["media", "sure"]) if grain == "finding" else "line > 2"
    formula = f"spaces(market, {busy}).places" if flags else "spaces(market).places"
    formula = rng.choice([formula, f"{formula} - 2", f"if {formula} > 5 then 1 else 0"])
    body: Body = {"for": grain, "formula": formula, "is": "number", "policy": "number"}
    return {"tables": {"spaces": {"key": keys, "columns": columns, "rows": rows}}, "measures": {"x_spaces": body}}


def _by_look_up(rng: random.Random, document: Body) -> Body:
    """Findings that count for the market which a table names for theirs, or for none."""
    rows = [["north", rng.choice(["south", "north", "null"])], ["south", rng.choice(["north", "null"])]]
    table = {"key": ["market"], "columns": {"market": "market", "next": "optional market"}, "rows": rows}
    formula = rng.choice(
        ["beside(market).next", "default(beside(market).next, market)", "if media then beside(market).next else market"]
    )
    grain = rng.choice(["market each month", "market each quarter", "market"])
    fold = rng.choice([{"count": "finding"}, {"sum": rng.choice(["volume", "notices"]), "over": "finding"}])
    return {
        "tables": {"beside": table},
        "measures": {
            "x_beside": {"for": "finding", "formula": formula, "is": "text", "policy": "lead"},
            "x_moved": {"for": grain, **fold, "via": "x_beside", "is": "number", "policy": "fold"},
        },
    }


def _of_document(rng: random.Random, document: Body) -> Body:
    """A check that is judged before any data are read; under a reading or an edition it need not hold."""
    that = rng.choice(
        ["line > 0", "line >= 1.5 and line <= 60", "rising < 3", "sum_of(quotas.share) = 100.5", "rising <= line"]
    )
    otherwise = "error" if that == "line > 0" else rng.choice(["warn", "refer"])
    return {"checks": {"x_bounds": {"that": that, "otherwise": otherwise}}}
