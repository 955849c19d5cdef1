"""Random conditions on which rows are accepted, over what a row knows and over what it does not."""

from __future__ import annotations

import random

from cityrules.testing.random_schemes.words import Body, Words

MOSTLY = {
    "finding": ["volume != 3", "notices > 0", "media = false", "found_on != limit_day"],
    "visit": ["mark < 9", "id != 3", "visited < limit_day"],
    "letter": ["weight > 2", "sent_on != limit_day"],
    "rating": ["stars > 0", "stars != 3", "stars < line"],
}
"""What most rows of a kind meet, so that some are left."""

OF_ROWS = {
    "finding": [
        "squad != helper",
        "helper = null or helper != squad",
        "cleared_on <= limit_day",
        "helper.bureau != squad.bureau",
        "helper.quota > squad.quota or helper = null",
        "squad.area > 9",
    ],
    "visit": ["bureau.quota > 3", 'market = "north"', "visited >= opened"],
    "letter": ["visit.visited < sent_on", "visit.mark > 2", "market != visit.market"],
    "rating": ['kind = "good"', "about.weight > 9", "quota > 2", "as_of > limit_day"],
}


def conditions(rng: random.Random, document: Body, measures: Body) -> Body:
    """Conditions for a kind of records or two, by section and name."""
    found: Body = {}
    for kind in rng.sample(sorted(MOSTLY), rng.choice([1, 1, 2])):
        record = document["records"][kind]
        words = Words(rng, record.get("one_per", kind), None, measures if rng.random() < 0.1 else {})
        drawn = [rng.choice([*OF_ROWS[kind], words.flag(1)]) for _ in range(rng.choice([1, 1, 2]))]
        if rng.random() < 0.8:
            drawn = [f"{one} or {rng.choice(MOSTLY[kind])}" for one in drawn]
        named = {f"a{number}": {"that": one, "clause": "9"} for number, one in enumerate(drawn)}
        found[kind] = {**record, "accepted_if": named}
    return {"records": found}
