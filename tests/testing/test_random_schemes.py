"""Random schemes for those who write engines: drawn by a seed, and reduced to what a failure needs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cityrules.engines.python.engine import PythonEngine
from cityrules.plan.model import Formula, Plan, Rank
from cityrules.results.tables import SHAPES
from cityrules.testing.random_schemes.falling import falling
from cityrules.testing.random_schemes.mending import plan_of
from cityrules.testing.random_schemes.words import summed
from cityrules.testing.strategies import RandomScheme, inputs, make_scheme, reduced, schemes
from cityrules.text.diagnostic import Report

FEW = settings(
    max_examples=5, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)


def ranks(plan: Plan) -> list[str]:
    return [name for name, measure in plan.measures.items() if isinstance(measure, Rank)]


def test_a_seed_draws_the_same() -> None:
    assert make_scheme(3).text == make_scheme(3).text == repr(make_scheme(3))
    assert make_scheme(3).text != make_scheme(4).text


@given(st.lists(st.sampled_from(["0.1", "0.2", "0.25", "0.5", "1", "10"]), min_size=1))
def test_what_weights_come_to_is_exact(weights: list[str]) -> None:
    text = summed(weights)
    assert Fraction(text) == sum(map(Fraction, weights))
    assert text == text.rstrip("0").rstrip(".") or "." not in text


@FEW
@given(schemes(most=3), st.data())
def test_rows_can_be_drawn_for_any_scheme(scheme: RandomScheme, data: st.DataObject) -> None:
    drawn = data.draw(inputs(scheme, dirty=True, most=4))
    outcome = PythonEngine().assess(scheme.plan, drawn.inputs, drawn.question(scheme.plan))
    assert outcome.tables.keys() == SHAPES.keys()


def test_what_a_failure_does_not_need_is_left_out() -> None:
    """As if ranks failed: nothing is left that a scheme with a rank can be without."""
    asked: list[RandomScheme] = []

    def fails(scheme: RandomScheme) -> bool:
        asked.append(scheme)
        return bool(ranks(scheme.plan))

    least = reduced(next(scheme for scheme in map(make_scheme, range(20)) if ranks(scheme.plan)), fails)
    assert len(asked) < 150
    assert len(ranks(least.plan)) == 1
    assert not {"consequences", "checks", "readings"} & least.document.keys()
    for section in ("measures", "tables", "records", "parameters", "targets", "periods"):
        for name in least.document.get(section, {}):
            left = {key: body for key, body in least.document[section].items() if key != name}
            plan = plan_of({**least.document, section: left}, Report())
            assert plan is None or not ranks(plan), (section, name)


def test_what_refers_only_to_each_other_is_left_out_together() -> None:
    """A kind of targets has the rows of a table, whose column is of the kind: neither can go before the other."""
    fields = {"no": "text", "street": "street", "seen": "date"}
    columns = {"square": "square", "sort": "text"}
    document: dict[str, Any] = {
        "cityrules": "1",
        "scheme": "circle",
        "title": "Circle",
        "in_force": {"from": "2024-01-01"},
        "tables": {"squares": {"key": ["square"], "columns": columns, "rows": [["North", "a"], ["South", "b"]]}},
        "targets": {"street": {"members": "registered"}, "square": {"members": {"table": "squares"}}},
        "records": {"visit": {"dated": "seen", "key": ["no"], "fields": fields}},
        "measures": {"visits": {"for": "street each month", "count": "visit"}},
    }
    plan = plan_of(document, Report())
    assert plan is not None
    assert plan_of({**document, "tables": {}}, Report()) is None
    least = reduced(RandomScheme(document, plan), lambda one: "visits" in one.plan.measures)
    assert least.plan.kinds.keys() == {"street"}
    assert not least.plan.tables


def test_a_rank_by_nothing_is_no_scheme() -> None:
    """Found by reducing: `rank: []` was taken, and all shared the first place."""
    scheme = next(scheme for scheme in map(make_scheme, range(20)) if ranks(scheme.plan))
    (name, *_) = ranks(scheme.plan)
    measures = scheme.document["measures"]
    report = Report()
    assert plan_of({**scheme.document, "measures": {**measures, name: {**measures[name], "rank": []}}}, report) is None
    assert ("CR306", f"measures.{name}.rank") in [(found.code, found.path) for found in report]


def test_expressions_are_said_plainly() -> None:
    """As if a measure failed whatever its formula says."""
    drawn = ((name, scheme) for scheme in map(make_scheme, range(20)) for name in scheme.document["measures"])
    name, scheme = next(pair for pair in drawn if isinstance(pair[1].plan.measures.get(pair[0]), Formula))
    least = reduced(scheme, lambda one: name in one.plan.measures)
    assert least.plan.measures.keys() == {name}
    assert least.document["measures"][name]["formula"] in ("1", "1 > 2")


def test_the_tries_are_bounded() -> None:
    asked = 0

    def fails(_: RandomScheme) -> bool:
        nonlocal asked
        asked += 1
        return asked == 1

    scheme = make_scheme(2)
    assert reduced(scheme, fails, tries=5) is scheme
    assert asked == 6


def test_only_what_fails_can_be_reduced() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        reduced(make_scheme(1), lambda _: False)


def test_schemes_in_which_points_fall_are_reduced_too() -> None:
    scheme = next(one for one in map(falling, range(20)) if one is not None)
    least = reduced(scheme, lambda one: "score" in one.plan.measures)
    assert "score" in least.plan.measures
    assert len(least.text) < len(scheme.text) / 2
