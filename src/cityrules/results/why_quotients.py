"""Why a measure that stays a fraction has its value: what its numerator was made of, and the division nobody rounds."""

from __future__ import annotations

from fractions import Fraction

from cityrules.plan.model import Fold, Formula, Quotient, Weighted
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, exact_text
from cityrules.results.why_folds import explain_fold
from cityrules.results.why_formulas import explain_formula


def explain_quotient(trail: Trail, base: Quotient, here: Place) -> tuple[Explanation, ...]:
    """The elements of a fold or weighted sum, or the names of a formula; then the fraction."""
    measure = trail.plan.measures[base.numerator]
    value = (trail.reader.row(base.name, here) or {}).get("value")
    if isinstance(measure, Fold):
        lines = explain_fold(trail, measure, here)
    elif isinstance(measure, Weighted):
        lines = explain_formula(trail, measure, here)
    else:
        names: dict[object, Explanation] = {}
        for name in _names(trail, base, here):
            names.setdefault(name.values.get("name") or name.values.get("measure"), name)
        lines = (line("formula", *names.values(), text=base.value.text),)
    top, count = ((trail.reader.row(name, here) or {}).get("value") for name in (base.numerator, base.denominator))
    if value is None or top is None or count is None:
        return lines
    return (*lines, line("quotient", top=top, count=count, exact=exact_text(Fraction(str(value)))))


def _names(trail: Trail, base: Quotient, here: Place) -> tuple[Explanation, ...]:
    """What the formula reads, above and below."""
    halves = (trail.plan.measures[name] for name in (base.numerator, base.denominator))
    return tuple(name for half in halves if isinstance(half, Formula) for name in trail.names(half.value, here))
