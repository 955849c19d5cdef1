"""L36: points that nobody can ever lose or gain: rules without points, caps of 0, items that no rule can use up."""

from __future__ import annotations

from typing import Final

from cityrules.feel.types import Number
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Expr, Item, Ledger
from cityrules.plan.reading import all_items
from cityrules.results.format import fraction_text
from cityrules.solve.asking import TRUE
from cityrules.solve.conditions import written

CODE: Final = "L36"


def check(subject: Subject) -> None:
    for measure in subject.plan.measures.values():
        if not isinstance(measure, Ledger):
            continue
        for rule in written(measure):
            for expr, why in ((rule.points, "plan_no_points"), (rule.times, "plan_no_times")):
                if expr is not None and always_zero(expr) and not _is_item(measure, rule.name):
                    subject.tell(CODE, rule.path, why_type=why, detail=expr.text)
        for cap in measure.caps:
            if never_positive(cap.at):
                subject.tell(CODE, cap.path, why_type="plan_cap_zero", detail=cap.at.text)
        for item in all_items(measure.items):
            if never_positive(item.worth):
                subject.tell(CODE, item.path, why_type="plan_item_zero", detail=item.worth.text)
            elif not item.extra and not measure.rescale:
                _item(subject, measure, item)
        _bounds(subject, measure)


def _item(subject: Subject, ledger: Ledger, item: Item) -> None:
    """Tell of an item that keeps a part of its worth whatever happens; of several one in the other, of the inmost."""
    if item.applies is not None and subject.never((item.applies.tree, TRUE)):
        return  # That is told, and nothing else of it matters.
    if _short(subject, ledger, item) and not any(_short(subject, ledger, one) for one in all_items(item.items)):
        most, worth = -subject.measured.inside(ledger, item)[0], subject.measured.ends(item.worth)[0]
        detail = f"{fraction_text(most)} < {fraction_text(worth)}"
        subject.tell(CODE, item.path, why_type="plan_item_short", detail=detail)


def _short(subject: Subject, ledger: Ledger, item: Item) -> bool:
    return -subject.measured.inside(ledger, item)[0] < subject.measured.ends(item.worth)[0]


def _bounds(subject: Subject, ledger: Ledger) -> None:
    """Tell of a ledger that stands at its floor or its ceiling from the start and never leaves it."""
    if ledger.carried:
        return
    low, high = subject.measured.ends(ledger.base)
    least, most = subject.measured.moved(ledger)
    if ledger.floor is not None and least < 0 and high + most <= ledger.floor:
        subject.tell(CODE, ledger.path, why_type="plan_at_floor", detail=fraction_text(ledger.floor))
    if ledger.ceiling is not None and most > 0 and low + least >= ledger.ceiling:
        subject.tell(CODE, ledger.path, why_type="plan_at_ceiling", detail=fraction_text(ledger.ceiling))


def always_zero(expr: Expr) -> bool:
    """Whether a number is 0, whatever is given: points that can be negative move the other way."""
    return never_positive(expr) and isinstance(expr.type, Number) and expr.type.low == 0


def never_positive(expr: Expr) -> bool:
    """Whether a number is 0 or less, whatever is given."""
    return isinstance(expr.type, Number) and expr.type.high is not None and expr.type.high <= 0


def _is_item(ledger: Ledger, name: str) -> bool:
    """Whether a rule stands for the value of an item, which is told of the item."""
    return any(item.name == name for item in all_items(ledger.items))
