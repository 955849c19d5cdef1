"""What variants of a scheme are asked on: the same rows, one engine, and the question that each plan is asked.

Every module of this room takes a `Basis` and asks it for outcomes; none opens a file or names an engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cityrules.engines.base import Inputs, Outcome, Progress, Question, Runner
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import Changes, under, under_written
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic, Report


@dataclass(frozen=True, slots=True)
class Basis:
    """The document as it is and its plan, the rows (kept, so that they can be read again), what runs plans on them, and
    what is asked of a plan: the same span and instant of knowledge. What was before the span is part of the question,
    since which of it a plan looks back at, and what a measure can have, is that plan's. `on`: the same asked of other
    rows."""

    loaded: Loaded
    plan: Plan
    inputs: Inputs
    runner: Runner
    question: Callable[[Plan], Question]
    on: Callable[[Inputs], Basis]
    progress: Progress | None = None

    def run(self, plan: Plan) -> Outcome:
        """What a plan comes to on the rows. Raises DataError where it cannot be run on them."""
        return self.runner.assess(plan, self.question(plan), self.progress)


@dataclass(frozen=True, slots=True)
class Variant:
    """The document under some changes; `plan` None where it is no good document, and `failed` why."""

    name: str
    loaded: Loaded | None
    plan: Plan | None
    failed: tuple[Diagnostic, ...] = ()


def varied(loaded: Loaded, changes: Mapping[str, object], name: str = "") -> Variant:
    """The document under changes by dotted path, checked as a scheme is (its worked examples are not run)."""
    report = Report()
    return _checked(loaded, under(loaded, changes, report), report, name)


def varied_at(loaded: Loaded, changes: Changes, name: str = "") -> Variant:
    """The same under changes by paths, whose names may have dots in them (bounds of bands have)."""
    report = Report()
    return _checked(loaded, under_written(loaded, changes, report), report, name)


def _checked(loaded: Loaded, changed: Loaded | None, report: Report, name: str) -> Variant:
    plan = build(changed, report) if changed is not None else None
    errors = told((diagnostic for diagnostic in report if diagnostic.severity == "error"), loaded.language)
    return Variant(name, None, None, errors) if errors or plan is None else Variant(name, changed, plan)
