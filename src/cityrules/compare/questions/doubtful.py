"""What in a plan may not be determined: what stops at something missing or empty, and all that reads it. Knows no rows.

A number too long for any engine is left out of account.
"""

from __future__ import annotations

from dataclasses import dataclass

from cityrules.plan.model import (
    Bands,
    Choice,
    Consequence,
    Expr,
    Fold,
    Formula,
    Ledger,
    Measure,
    Overridden,
    Plan,
    RecordAxis,
    Run,
)
from cityrules.plan.names import Field, Fired, InForce, Measured, Tied
from cityrules.plan.reading import axes, bindings, expressions


@dataclass(frozen=True, slots=True)
class Unsure:
    """The measures and consequences that may not be determined, and kinds of records of which a cell may have none."""

    names: frozenset[str]
    records: frozenset[str]

    def of(self, expr: Expr) -> bool:
        """Whether an expression reads any of them."""
        for one in bindings(expr):
            match one:
                case Measured(measure=name) | Tied(measure=name) | Fired(consequence=name) | InForce(consequence=name):
                    if name in self.names:
                        return True
                case Field(record=name) if name in self.records:
                    return True
        return False


def unsure(plan: Plan) -> Unsure:
    """What a plan does not let be sure. A value that a measure of its own cell looks back at counts like any other."""
    records = frozenset(name for name, record in plan.records.items() if record.absent == "error")
    names: frozenset[str] = frozenset()
    while True:
        known = Unsure(names, records)
        bodies = [*plan.measures.values(), *plan.consequences.values()]
        found = frozenset(one.name for one in bodies if stops(one) or _reads(one, known))
        if found == names:
            return known
        names = found


def stops(node: Measure | Consequence) -> bool:
    """Whether a form says of itself that it may not be determined; of those not looked at here, that it may."""
    if isinstance(node, Consequence):
        return node.unknown == "undecided"
    if isinstance(node, Ledger):
        return bool(node.carried) or any(rule.unknown == "undecided" for rule in node.rules)
    if isinstance(node, Run):
        return False
    if type(node) not in (Formula, Choice, Overridden, Bands, Fold):
        return True
    missing, empty = getattr(node, "missing", None), getattr(node, "empty", None)
    return (missing is not None and missing.policy == "error") or (empty is not None and empty.error)


def _reads(node: Measure | Consequence, known: Unsure) -> bool:
    followed = (axis.follows for axis in axes(node) if isinstance(axis, RecordAxis))
    ladder = node.ladder if isinstance(node, Consequence) else None
    named = known.names & {name for name in (*followed, ladder) if name is not None}
    return bool(named) or any(known.of(expr) for expr in expressions(node))
