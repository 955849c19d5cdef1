"""L34: a consequence that can never follow, a step that its ladder never comes to."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from cityrules.feel.types import Number
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Consequence, Step
from cityrules.results.format import fraction_text
from cityrules.solve.asking import HIT, TRUE

CODE: Final = "L34"


def check(subject: Subject) -> None:
    for consequence in subject.plan.consequences.values():
        if consequence.applies is not None and subject.never((consequence.applies.tree, TRUE)):
            subject.tell(CODE, consequence.path, why_type="plan_never_applies", found=consequence.applies.text)
        elif consequence.when is not None:
            wanted = HIT if consequence.unknown == "yes" else TRUE
            if subject.never((consequence.when.tree, wanted)):
                subject.tell(CODE, consequence.path, why_type="plan_never_true", found=consequence.when.text)
        for step, why, found in _steps(subject, consequence):
            subject.tell(CODE, step.path, why_type=why, found=found)


def _steps(subject: Subject, consequence: Consequence) -> Iterator[tuple[Step, str, str]]:
    most = _most(subject, consequence)
    for step in consequence.steps:
        if step.when is not None and subject.never((step.when.tree, HIT if step.unknown == "yes" else TRUE)):
            yield step, "plan_never_true", step.when.text
        elif step.bound is not None and most is not None and isinstance(step.bound.tree.type, Number):
            bound = subject.measured.ends(step.bound)[0]
            if bound > most or (step.trigger == "exceeds" and bound == most):
                yield step, "plan_above_ladder", f"{step.bound.text} > {_shown(most)}"


def _most(subject: Subject, consequence: Consequence) -> Fraction | None:
    """The greatest value of the measure that a ladder looks at, as far as more is known than its type."""
    if consequence.ladder is None:
        return None
    values = subject.measured.values(consequence.ladder)
    type_ = subject.plan.measures[consequence.ladder].type
    if not isinstance(type_, Number):
        return None
    if values is not None and values.spans:
        return Fraction(values.high, 10 ** (type_.scale or 0))
    return type_.high


def _shown(value: Fraction) -> str:
    return fraction_text(value)
