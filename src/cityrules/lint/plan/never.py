"""L33: a rule that can never hit, a fold that can never count anything, a measure that never applies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Duty, Expr, Fold, Ledger, Plan, Run
from cityrules.plan.reading import all_items
from cityrules.solve.asking import HIT, TRUE
from cityrules.solve.conditions import written

CODE: Final = "L33"

Policy = Literal["yes", "no", "undecided"] | None


def check(subject: Subject) -> None:
    for address, expr, unknown, why in _conditions(subject.plan):
        if subject.never((expr.tree, HIT if unknown == "yes" else TRUE)):
            subject.tell(CODE, address, why_type=why, found=expr.text)


def _conditions(plan: Plan) -> Iterator[tuple[str, Expr, Policy, str]]:
    """Every condition that something hangs on, where it stands, whether it counts as true where it is unknown."""
    for measure in plan.measures.values():
        if measure.applies is not None:
            yield measure.path, measure.applies, None, "plan_never_applies"
        match measure:
            case Ledger():
                items = {item.name for item in all_items(measure.items)}
                for rule in written(measure):
                    if rule.when is not None:
                        # The value of an item is a rule of its own, which hits where the item applies.
                        why = "plan_never_applies" if rule.name in items else "plan_never_hits"
                        yield rule.path, rule.when, rule.unknown, why
            case Fold(where=where) if where is not None:
                yield measure.path, where, None, "plan_never_counts"
            case Run():
                yield measure.path, measure.condition, "yes" if measure.missing == "counts" else None, "plan_never_runs"
    for check_ in plan.checks.values():
        if isinstance(check_, Duty):
            if check_.applies is not None:
                yield check_.path, check_.applies, None, "plan_never_applies"
            if check_.where is not None:
                yield check_.path, check_.where, check_.unknown, "plan_never_counts"
