"""Other names for targets: understood in records and in target rows, told nowhere."""

from __future__ import annotations

from cityrules.engines.python.single.scorer import compile_record
from engines.handmade import HEAD, assess, plan_of

CITY = """
targets:
  bureau: {members: registered, aliases: {East Bureau: E}}
  squad: {in: bureau, members: registered, fields: {twin: optional squad}, aliases: {First: s1, 一队: s1}}
  market: {members: [north, south], aliases: {North Market: north}}
  crew: {members: as they appear, aliases: {Night: night}}
records:
  finding:
    dated: held
    key: [no]
    fields: {no: text, squad: squad, market: optional market, crew: optional crew, held: date}
  rating: {one_per: "squad each month per market", absent: "null", fields: {stars: count}}
measures:
  found: {for: squad each month, count: finding}
  north: {for: market each month, count: finding}
  night: {for: crew each month, count: finding}
  upper: {for: bureau each month, count: finding}
  seen: {for: squad each month, formula: twin, missing: "null"}
  stars_of: {for: squad each month per market, formula: stars, missing: "null"}
  score: {for: market each month, from: 0, rules: {each: {each: finding, when: 'market = "north"', deduct: 1}}}
"""


def test_other_names_are_understood_wherever_data_name_a_target() -> None:
    found = assess(
        CITY,
        "2015-01",
        targets={
            "bureau": [{"name": "E"}],
            "squad": [
                {"name": "First", "bureau": "East Bureau", "twin": "一队"},
                {"name": "s1", "bureau": "E", "twin": "First"},
                {"name": "s2", "bureau": "E"},
            ],
        },
        finding=[
            {"no": "1", "squad": "一队", "market": "North Market", "crew": "Night", "held": "2015-01-02"},
            {"no": "2", "squad": "First", "market": "north", "crew": "night", "held": "2015-01-02"},
            {"no": "3", "squad": "Second", "market": "North", "held": "2015-01-02"},
        ],
        rating=[{"squad": "First", "period": "2015-01", "market": "North Market", "stars": 3}],
    )
    assert found.values("found") == {"s1 2015-01": "2", "s2 2015-01": "0"}
    assert found.values("north") == {"north 2015-01": "2", "south 2015-01": "0"}
    assert found.values("night") == {"night 2015-01": "2"}
    assert found.values("upper") == {"E 2015-01": "2"}
    assert found.values("seen")["s1 2015-01"] == "s1"
    assert found.values("score") == {"north 2015-01": "-2", "south 2015-01": "0"}
    stars = {(row["target"], row["dimension"]): row["value"] for row in found.tables["values"]
             if row["measure"] == "stars_of"}  # fmt: skip
    assert stars["s1", "north"] == "3"
    assert found.rejects() == [
        "3: market: unknown_target; squad: unknown_target",
        # The row is told as it came.
        "s1: duplicate",
    ]


def test_a_single_record_is_understood_likewise() -> None:
    scorer = compile_record(plan_of(CITY, HEAD), "finding")
    hits = scorer({"no": "1", "squad": "一队", "market": "North Market", "crew": "Night", "held": "2015-01-02"})
    assert str(hits.points["score"]) == "-1"
