"""What is proved away for a search is not needed: a part says what the whole says, whichever records are left out, on
shipped schemes and random ones; and records move a verdict by no more than is proved of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import cityrules as cr
from cityrules.compare.basis import Basis
from cityrules.compare.counterfactuals.counterfactual import Search
from cityrules.compare.counterfactuals.part import Parts, whole
from cityrules.compare.counterfactuals.rows import used
from cityrules.compare.counterfactuals.sought import seen, sought
from cityrules.engines.base import Inputs
from cityrules.engines.python.engine import PythonEngine
from cityrules.loaded import specs_folder
from cityrules.plan.model import Duty, Plan
from cityrules.results.verdicts import About, kinds_of, verdicts
from cityrules.results.why import NothingToExplain
from cityrules.testing.strategies import Drawn, RandomScheme, inputs, schemes

FEW = settings(
    max_examples=3, database=None, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
SHIPPED = [
    "cleared-in-time", "corrected-records", "ladders", "moved-squads", "one-event", "own-periods", "precedence",
    "referred-records", "repeat-findings", "shared-cap",
]  # fmt: skip


def basis_of(plan: Plan, drawn: Drawn) -> Basis:
    """What a study has, without a document."""
    question = drawn.question(plan)

    def make(rows: Inputs) -> Basis:
        return Basis(None, plan, rows, PythonEngine().over(rows), lambda _plan: question, make)  # type: ignore[arg-type]

    return make(drawn.inputs)


def check(plan: Plan, drawn: Drawn, data: st.DataObject) -> None:
    basis = basis_of(plan, drawn)
    every = whole(basis)
    outcome, kinds = every.run(), kinds_of(plan, ())
    found: dict[str, About] = {}
    for about in verdicts(outcome.tables, kinds):
        if about.record_kind is None and not isinstance(plan.checks.get(about.name), Duty):
            found.setdefault(about.name, about)
    if not found:
        return
    about = found[data.draw(st.sampled_from(sorted(found)))]
    kind = kinds[about.name]
    part = Parts(basis, [about.name]).about(about)
    rows = [*every.rows.rows]
    gone = data.draw(st.sets(st.sampled_from(rows))) if rows else set()
    for left_out in ({}, dict.fromkeys(gone)):
        here, there = (seen(one.run(left_out).tables, about, kind) for one in (part, every))
        assert here == there
    try:
        goal = sought(plan, about, seen(outcome.tables, about, kind), None)
    except NothingToExplain:
        return
    # Of records that were used, only those that the search keeps matter, and they weigh enough where that is enough.
    search = Search(part, goal, every, outcome)
    accepted = gone & used(plan, every.rows, outcome.tables["rejects"])
    kept = [at for at in accepted if at in search.candidates]
    then = seen(every.run(dict.fromkeys(accepted)).tables, about, kind)
    assert then == seen(every.run(dict.fromkeys(kept)).tables, about, kind)
    if goal.met(then):
        assert sum(search.weights[search.candidates.index(at)] for at in kept) >= search.needed


@pytest.mark.parametrize("name", SHIPPED)
@FEW
@given(st.data())
def test_on_shipped_schemes(name: str, data: st.DataObject) -> None:
    path: Path = specs_folder() / "gallery" / name
    plan = cr.load(path, examples=False).plan
    check(plan, data.draw(inputs(plan, dirty=data.draw(st.booleans()), most=4)), data)


@FEW
@given(schemes(most=1), st.data())
def test_on_random_schemes(scheme: RandomScheme, data: st.DataObject) -> None:
    check(scheme.plan, data.draw(inputs(scheme, dirty=data.draw(st.booleans()), most=3)), data)
