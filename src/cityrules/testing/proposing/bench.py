"""Situations tried on the reference engine, watched: what each exercises and comes to. Knows no search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cityrules.engines.base import Outcome
from cityrules.engines.python.engine import PythonEngine
from cityrules.feel.tree import Value
from cityrules.io.rows import DataError
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import under
from cityrules.testing.cells import UnreadableError
from cityrules.testing.coverage.watching import Watcher
from cityrules.testing.given import prepare
from cityrules.testing.proposing.expecting import Pins, expected, reaching
from cityrules.testing.proposing.gaps import Gap, gap
from cityrules.testing.proposing.situation import Situation, Tree
from cityrules.text.diagnostic import Report

_MOST_GAPS = 60
_ROUNDS = 4
"""So often a case is run until the days that it names are those it was tried on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a run has come by, and what it came to, with the plan that was run. `gaps`: how far values lay from the
    bounds that they were held against, by what stands for the bound in marks."""

    marks: frozenset[str]
    outcome: Outcome
    plan: Plan
    gaps: Mapping[str, frozenset[Gap]]


class _Measuring(Watcher):
    """A watcher that also measures how far values lie from their bounds."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.gaps: dict[str, set[Gap]] = {}

    def _beside(self, key: str, value: Value, bound: Value, near: Fraction | None) -> None:
        super()._beside(key, value, bound, near)
        found = gap(value, bound, near)
        seen = self.gaps.setdefault(key, set())
        if found is not None and len(seen) < _MOST_GAPS:
            seen.add(found)


@dataclass(frozen=True, slots=True)
class Written:
    """A situation, and what is expected in it, so that the days which the two name are those that were assessed."""

    situation: Situation
    expect: Tree
    seen: Seen

    @property
    def body(self) -> dict[str, object]:
        """The case as it is written."""
        return {**self.situation.written(self.seen.plan), "expect": self.expect}


class Bench:
    """Runs situations of one scheme, and counts how many it has run."""

    def __init__(self, scheme: Loaded, plan: Plan) -> None:
        self.scheme, self.plan = scheme, plan
        self.runs = 0
        self._plans: dict[tuple[tuple[str, object], ...], Plan | None] = {(): plan}

    def plan_of(self, changes: Mapping[str, object]) -> Plan | None:
        """The plan under changes; None where it is refused."""
        key = tuple((path, repr(value)) for path, value in changes.items())
        if key not in self._plans:
            report = Report()
            changed = under(self.scheme, changes, report)
            self._plans[key] = build(changed, report) if changed is not None else None
        return self._plans[key]

    def run(self, situation: Situation) -> Seen | None:
        """What comes of a situation; None where it cannot be run."""
        plan = self.plan_of(situation.under)
        if plan is None:
            return None
        self.runs += 1
        watcher = _Measuring(plan)
        try:
            case = prepare("", situation.body(plan, {}), plan, situation.span)
            outcome = PythonEngine(watcher).assess(plan, case.inputs, case.question)
        except (UnreadableError, DataError):
            return None
        watcher.note(plan, outcome)
        chosen = {f"{path} {option}" for path, option in situation.under.items()}
        gaps = {key: frozenset(found) for key, found in watcher.gaps.items()}
        return Seen(frozenset(watcher.marks | chosen), outcome, plan, gaps)

    def write(
        self,
        situation: Situation,
        names: Iterable[str],
        wanted: frozenset[str] = frozenset(),
        cells: Pins | None = None,
    ) -> Written | None:
        """The situation as a case that expects what comes out under some names, of some of them in stated `cells`, and
        still comes by all that is `wanted`; None where that cannot be written."""
        plan = self.plan_of(situation.under)
        if plan is None:
            return None
        situation, names = situation.numbered(plan), tuple(names)
        for pinned in (False, True):
            found = self._settled(situation, names, pinned, cells or {})
            if found is not None and wanted <= found.seen.marks:
                return found
        return None

    def _settled(self, situation: Situation, names: tuple[str, ...], pinned: bool, cells: Pins) -> Written | None:
        for _ in range(_ROUNDS):
            seen = self.run(situation)
            if seen is None:
                return None
            pins = reaching(seen.plan, seen.outcome, names, situation.span) if pinned else {}
            every = {name: pins.get(name, frozenset()) | cells.get(name, frozenset()) for name in (*pins, *cells)}
            expect = expected(seen.plan, seen.outcome, (*names, *pins), every)
            if not expect:
                return None
            try:
                span = prepare("", situation.body(seen.plan, expect), seen.plan).question.span
            except UnreadableError:
                return None
            if span == situation.span:
                return Written(situation, expect, seen)
            situation = Situation(
                situation.records, situation.targets, span, situation.values, situation.as_of, situation.under
            )
        return None
