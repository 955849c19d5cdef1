"""Random schemes compared with themselves under small changes: nothing with itself, mirrored, shares exact, alike on
both engines."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import cityrules as cr
from cityrules.compare.basis import Basis
from cityrules.compare.documents import comparing
from cityrules.compare.documents.comparing import compared
from cityrules.compare.documents.comparison import Cause, Comparison
from cityrules.engines.base import Inputs, Question, Sharing
from cityrules.engines.python.engine import PythonEngine
from cityrules.engines.sql.engine import DuckDBEngine
from cityrules.io.rows import DataError
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.plan.sharing import Common
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import Change, Changes, under_written
from cityrules.testing.mutation.mutants import mutants
from cityrules.text.diagnostic import Report
from strategies.drawn import scheme_of
from strategies.inputs import Case, make_case

LONG = os.environ.get("CITYRULES_PROFILE") == "long"
SCHEMES = int(os.environ.get("CITYRULES_EXAMPLES", 300 if LONG else 5))
ON_BOTH = SCHEMES if LONG else 1


def changed(loaded: Loaded, rng: random.Random, number: int) -> Loaded | None:
    """The document with some small errors in it, each at another place; None where they make no good document."""
    every = [one.change for one in mutants(loaded.raw)]
    rng.shuffle(every)
    changes: dict[tuple[str, ...], Change] = {}
    for path, value in every:
        apart = all(path[: len(one)] != one and one[: len(path)] != path for one in changes)
        report = Report()
        made = under_written(loaded, changes | {path: Change(value)}, report) if apart else None
        if made is not None and build(made, report) is not None and not report.failed:
            changes[path] = Change(value)
            if len(changes) == number:
                break
    return made_under(loaded, changes)


def made_under(loaded: Loaded, changes: Changes) -> Loaded | None:
    return under_written(loaded, changes, Report()) if changes else None


def basis_of(loaded: Loaded, case: Case, engine: Sharing) -> Basis:
    plan = build(loaded, Report())
    assert plan is not None

    def question(of: Plan) -> Question:
        given = {name: cells for name, cells in case.question.given.items() if name in of.measures}
        return replace(case.question, given=given)

    def on(inputs: Inputs) -> Basis:
        return basis_of(loaded, replace(case, inputs=inputs), engine)

    return Basis(loaded, plan, case.inputs, engine.over(case.inputs), question, on)


def laid_beside(one: Loaded, other: Loaded, case: Case, engine: Sharing) -> Comparison | str:
    """The comparison; the reason where one of the two cannot be run."""
    try:
        return compared(
            basis_of(one, case, engine), other, engine.name, near=True, within=None, causes=True, runs=16, seed=1
        )
    except (DataError, ValueError) as problem:
        return type(problem).__name__


def pairs() -> Iterator[tuple[int, Loaded, Loaded, Case]]:
    for seed in range(SCHEMES):
        loaded = cr.loads(scheme_of(seed).text, examples=False).written
        other = changed(loaded, random.Random(seed), 3)
        plan = build(loaded, Report())
        assert plan is not None
        if other is not None:
            yield seed, loaded, other, make_case(plan, seed)


@pytest.fixture(scope="module")
def found() -> list[tuple[int, Loaded, Loaded, Case, Comparison]]:
    engine = PythonEngine()
    every = [(*pair, laid_beside(*pair[1:], engine)) for pair in pairs()]
    good = [(*pair, one) for *pair, one in every if isinstance(one, Comparison)]
    assert len(good) > SCHEMES // 2
    assert sum(one.differs for *_, one in good) > SCHEMES // 4
    return good


Found = list[tuple[int, Loaded, Loaded, Case, Comparison]]


def test_shares_sum_exactly(found: Found) -> None:
    for seed, _, _, _, one in found:
        for each in one.differences:
            if each.causes:
                whole = {"difference": each.difference, "turn": Fraction(1)}[each.causes[0].divided]
                assert sum(cause.value for cause in each.causes) == whole, (seed, each)
            assert all(cause.least <= cause.value <= cause.most for cause in each.causes)
        for each_sum in one.sums:
            assert sum(cause.value for cause in each_sum.causes) == each_sum.after - each_sum.before, seed
        for act in one.acts:
            assert not act.causes or sum(cause.value for cause in act.causes) == 1, (seed, act)


def test_what_differs_has_causes(found: Found) -> None:
    for seed, _, _, _, one in found:
        if one.attribution.changes:
            assert all(each.causes for each in one.differences), seed
        else:
            assert not one.differences, seed


def test_with_itself_nothing_differs(found: Found) -> None:
    for seed, loaded, _, case, _ in found[: max(3, ON_BOTH)]:
        one = laid_beside(loaded, loaded, case, PythonEngine())
        assert isinstance(one, Comparison)
        assert not one.differs, seed
        assert {name: list(table.rows()) for name, table in one.tables.items() if list(table.rows())} == {}, seed


def test_the_other_way_round_is_its_mirror(found: Found) -> None:
    for seed, loaded, other, case, one in found:
        back = laid_beside(other, loaded, case, PythonEngine())
        assert isinstance(back, Comparison)
        if one.attribution.orders is None and back.attribution.orders is None:
            assert facts(back) == facts(one, turned=True), seed


def facts(one: Comparison, turned: bool = False) -> list[Any]:
    """What a comparison says, from either end; the players are told by what they change."""
    places = {change.name: tuple(sorted(change.addresses)) for change in one.attribution.changes}
    step = -1 if turned else 1

    def ends(before: Any, after: Any) -> tuple[Any, Any]:
        return (after, before) if turned else (before, after)

    def causes(some: tuple[Cause, ...]) -> list[Any]:
        found = []
        for cause in some:
            sign = step if cause.divided == "difference" else 1
            found.append((places[cause.change], sign * cause.value, {sign * cause.least, sign * cause.most}))
        return sorted(found, key=repr)

    def difference(number: Fraction | None) -> Fraction | None:
        return None if number is None else step * number

    return [
        [
            (d.cell, d.kind, ends(d.before, d.after), difference(d.difference), causes(d.causes))
            for d in one.differences
        ],
        [(s.of, ends(s.before, s.after), causes(s.causes)) for s in one.sums],
        sorted(repr((g.name, g.period, ends(g.before, g.after), g.number)) for g in one.grades),
        sorted(repr((a.cell, a.step, ends(a.before, a.after))) for a in one.acts),
        [(r.kind, r.source, r.row, ends(r.before, r.after)) for r in one.rejects],
        sorted(repr((n.path, n.about, ends(n.before and n.before.value, n.after and n.after.value))) for n in one.near),
        one.same,
    ]


def test_both_engines_say_the_same(found: Found) -> None:
    engine = DuckDBEngine(threads=1)
    for seed, loaded, other, case, one in found[:ON_BOTH]:
        again = laid_beside(loaded, other, case, engine)
        assert isinstance(again, Comparison)
        assert again.to_json() | {"engine": ""} == one.to_json() | {"engine": ""}, seed


def test_what_is_alike_by_what_is_written_is_passed_over_and_was_alike(
    found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "in_common", lambda *_: Common())
    for seed, loaded, other, case, one in found[: max(3, ON_BOTH)]:
        again = laid_beside(loaded, other, case, PythonEngine())
        assert isinstance(again, Comparison)
        assert again.to_json() == one.to_json(), seed
