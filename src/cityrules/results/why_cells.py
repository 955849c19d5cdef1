"""The line of a cell with everything that made its value, whatever form it has. Knows the explainer of each form."""

from __future__ import annotations

from cityrules.plan.model import (
    Bands,
    Consequence,
    Deadline,
    Fold,
    Formula,
    Ledger,
    Measure,
    Pauses,
    Quotient,
    Rank,
    Run,
)
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail
from cityrules.results.why_consequences import explain_consequence
from cityrules.results.why_deadlines import explain_deadline, explain_pauses
from cityrules.results.why_folds import explain_fold
from cityrules.results.why_formulas import explain_formula
from cityrules.results.why_ledger import explain_ledger
from cityrules.results.why_ordered import explain_bands, explain_rank, explain_run
from cityrules.results.why_quotients import explain_quotient
from cityrules.results.why_unknown import explain_unknown


def tell(trail: Trail, base: Measure | Consequence, here: Place) -> Explanation:
    """The line of a cell with everything that made its value, or what followed."""
    if isinstance(base, Consequence):
        return explain_consequence(trail, base, here)
    heading = trail.heading(base, here)
    if heading["state"] == "undetermined":
        children = explain_unknown(trail, base, here)
    else:
        children = (*trail.condition(base.applies, here), *_form(trail, base, here))
    return line("record_cell" if here.of_record else "cell", *children, **heading)


def _form(trail: Trail, base: Measure, here: Place) -> tuple[Explanation, ...]:
    match base:
        case Pauses():
            return explain_pauses(trail, base, here)
        case Deadline():
            return explain_deadline(trail, base, here)
        case Quotient():
            return explain_quotient(trail, base, here)
        case Formula():
            return explain_formula(trail, base, here)
        case Ledger():
            return explain_ledger(trail, base, here)
        case Fold():
            return explain_fold(trail, base, here)
        case Bands():
            return explain_bands(trail, base, here)
        case Rank():
            return explain_rank(trail, base, here)
        case Run():
            return explain_run(trail, base, here)
