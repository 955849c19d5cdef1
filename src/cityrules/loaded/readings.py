"""Every option of every reading on the same records: runs them, one after the other, and compares nothing itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cityrules.engines.base import Engine, Inputs, Progress, Question
from cityrules.io.rows import DataError
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.plan.withheld import UNSTATED
from cityrules.results.dependence import CHOSEN, Dependence, Run, compared
from cityrules.results.verdicts import VerdictKind, kinds_of, labels_of, reads, verdicts
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import under
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic, Report


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked under every option: the rows, and the engine with what it is asked of a plan. What was before the
    span is part of the question: which of it a plan looks back at, and what a measure can have, is that plan's."""

    inputs: Inputs
    engine: Engine
    question: Callable[[Plan], Question]
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """The plan under one option; None where there is none, and why."""

    name: str
    plan: Plan | None
    failed: tuple[Diagnostic, ...] = ()


def depend(loaded: Loaded, plan: Plan, asked: Asked) -> Dependence:
    """Run the document as it is and under each option of each reading, varied alone; and say what differs.

    A reading that nobody has chosen has no run of its own as chosen: its options are compared with each other. An
    option that cannot be run on these records is told as such. Raises DataError where the document as it is cannot.
    """
    readings = loaded.document.readings
    options = {name: [_option(loaded, name, option) for option in body.others] for name, body in readings.items()}
    plans = [one.plan for found in options.values() for one in found if one.plan is not None]
    kinds = _verdicts_of(loaded, plan, plans)
    labels = {name: label for one in (*reversed(plans), plan) for name, label in labels_of(one).items()}

    def run(option: str, of: Plan) -> Run:
        withheld = frozenset(one.name for one in of.withheld)
        own = {name: kind for name, kind in kinds.items() if name not in withheld}
        outcome = asked.engine.assess(of, asked.inputs, asked.question(of), asked.progress)
        return Run(option, verdicts(outcome.tables, own), withheld=withheld)

    def tried(option: Option) -> Run:
        if option.plan is None:
            return Run(option.name, {}, option.failed)
        try:
            return run(option.name, option.plan)
        except DataError as problem:
            return Run(option.name, {}, told(problem.diagnostics, loaded.language))

    first = run(CHOSEN, plan)
    ran = [
        (name, body, [*([] if body.chosen == UNSTATED else [first]), *map(tried, options[name])])
        for name, body in readings.items()
    ]
    return compared(ran, kinds, labels, UNSTATED, first)


def _option(loaded: Loaded, reading: str, option: str) -> Option:
    report = Report()
    changed = under(loaded, {f"readings.{reading}": option}, report)
    plan = build(changed, report) if changed is not None else None
    errors = tuple(diagnostic for diagnostic in report if diagnostic.severity == "error")
    return Option(option, None if errors else plan, errors)


def _verdicts_of(loaded: Loaded, plan: Plan, others: list[Plan]) -> dict[str, VerdictKind]:
    """The names that give verdicts. A measure is judged by who reads it in the document as it is; what is withheld
    there reads what it reads where it is computed. What only an option has counts if nothing reads it."""
    withheld = {one.name for one in plan.withheld}
    read = reads(plan) | {name for other in others for name in reads(other, withheld)}
    kinds = kinds_of(plan, read)
    for other in others:
        own = reads(other)
        for name, kind in kinds_of(other, own).items():
            written = name in plan.measures or name.partition(".")[0] in loaded.document.measures
            if name not in kinds and name not in plan.measures and (name not in own or written):
                kinds[name] = kind
    return kinds
