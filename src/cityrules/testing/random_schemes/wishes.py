"""Forms that chance alone would seldom draw, each wished for on purpose: every scheme gets a few of them.

A wish is a few measures by name, the later ones of which read the earlier ones; like all that is drawn they are mended
where the plan refuses them.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from cityrules.testing.random_schemes.wished_cells import (
    banded,
    before,
    changed,
    dimensions,
    divided,
    exact,
    paid,
    parted,
    places,
    rescaled,
    short_periods,
    tenures,
    tiered,
    upward,
)
from cityrules.testing.random_schemes.wished_records import (
    led,
    looking_back,
    moments,
    paused,
    placed,
    referred,
    settled,
)
from cityrules.testing.random_schemes.words import Body

Wish = Callable[[random.Random, Body], Body]
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


def graded(rng: random.Random, document: Body) -> Body:
    """Records with a field that has the labels of a measure, and a measure that reads it; by section and name."""
    rating = document["records"]["rating"]
    fields = {**rating["fields"], "graded": rng.choice(["w_grade", "optional w_grade", "optional w_grade"])}
    reads: Body = {"for": rating["one_per"], "formula": f'graded {rng.choice(["=", "!="])} "优"'}
    return {
        "records": {"rating": {**rating, "fields": fields}},
        "measures": {"w_graded": {**reads, "is": "flag", "policy": "flag"}},
    }
