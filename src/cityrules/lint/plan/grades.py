"""L35: a line by which nobody can get its grade: it lies beyond what can come out, or a line before it takes all."""

from __future__ import annotations

from typing import Final

from cityrules.feel.types import Number
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Bands
from cityrules.results.format import fraction_text

CODE: Final = "L35"


def check(subject: Subject) -> None:
    for measure in subject.plan.measures.values():
        if not isinstance(measure, Bands):
            continue
        out = None
        for address, label, wanted in subject.measured.cases(measure):
            if subject.never(*wanted):
                out = out or _range(subject, measure)
                subject.tell(CODE, address, found=label, of=measure.value.text, ends=out)


def _range(subject: Subject, measure: Bands) -> str:
    """From where to where the graded number can come out."""
    if not isinstance(measure.value.tree.type, Number):
        return "-"
    low, high = subject.measured.ends(measure.value)
    return f"{fraction_text(low)} .. {fraction_text(high)}"
