"""What is proved of a parameter has no counterexample: random schemes with one of their numbers made a parameter."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import cityrules as cr
from cityrules.compare.basis import Variant, varied, varied_at
from cityrules.compare.questions.asking import result_of
from cityrules.compare.questions.numbers import Placed, numbers_in
from cityrules.compare.questions.rising import Counted, way_of
from cityrules.compare.questions.wishes import Wish
from cityrules.engines.python.engine import PythonEngine
from cityrules.feel.types import Number
from cityrules.plan.model import Plan
from cityrules.results.verdicts import VerdictKind
from cityrules.scheme.load import Loaded
from cityrules.scheme.notation import plain_number
from cityrules.scheme.overlay import Change
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.random_schemes.falling import falling

PATH = "parameters.dial.value"
SEEDS = range(101, 121, 2)
LOOKED = 4
"""How many names of one scheme are looked at."""


def dialled(seed: int) -> tuple[Loaded, list[str]] | None:
    """A random document with one of its numbers made a parameter, and values round it; None where that is none."""
    rng = random.Random(seed)
    made = falling(seed)
    if made is None:
        return None
    written = cr.load(made.document, examples=False).written
    known = [one for one in numbers_in(written.raw) if one.path[0] in ("measures", "consequences") and not one.key]
    one: Placed = rng.choice([each for each in known if not each.whole])
    text = one.text[: one.start] + "dial" + one.text[one.end :]
    parameter = Change({"value": one.written})
    loaded = varied_at(written, {one.path: Change(text), ("parameters", "dial"): parameter}).loaded
    values = [plain_number(one.value + steps * one.unit) for steps in (-2, -1, 0, 1, 3)]
    return None if loaded is None else (loaded, values)


def asked(plan: Plan) -> list[Counted]:
    found = [Counted(name) for name in plan.consequences]
    for name, measure in plan.measures.items():
        if not measure.of_record:
            number = isinstance(measure.type, Number)
            found += [Counted(name, ">=", Fraction(3))] if number else []
            found += [] if number else [Counted(name, "=", label) for label in plan.labels(name)]
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_proved_has_no_counterexample(seed: int) -> None:
    made = dialled(seed)
    if made is None:
        return
    loaded, values = made
    variants: list[Variant] = [varied(loaded, {PATH: value}) for value in values]
    plans = [one.plan for one in variants if one.plan is not None]
    if len(plans) < len(values):
        return
    ends = values[0], values[1], values[-1]
    every = asked(plans[0])
    looked = random.Random(seed).sample(every, min(LOOKED, len(every)))
    ways = {one: way_of(loaded, PATH, ends, one) for one in looked}
    kinds: dict[str, VerdictKind] = {
        one.name: "consequence" if one.name in plans[0].consequences else "value" for one in ways
    }
    for number in range(2):
        drawn = Drawer(plans[0], f"{seed} {number}").draw()
        results = [
            result_of(plan, PythonEngine().assess(plan, drawn.inputs, drawn.question(plan)), kinds) for plan in plans
        ]
        for one, way in ways.items():
            counts = [Wish(one, "at most", Fraction(0)).count(result, kinds[one.name])[0] for result in results]
            if way == "rises":
                assert counts == sorted(counts), one
            elif way == "falls":
                assert counts == sorted(counts, reverse=True), one
            elif way == "stays":
                assert len(set(counts)) == 1, one


def test_the_random_schemes_say_something() -> None:
    assert any(dialled(seed) is not None for seed in SEEDS)
