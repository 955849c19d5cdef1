"""L36: points that nobody can ever lose or gain: rules without points, caps of 0, items that no rule can use up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.feel.types import Number
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Expr, Item, Ledger

CODE: Final = "L36"


def check(subject: Subject) -> None:
    for measure in subject.plan.measures.values():
        if not isinstance(measure, Ledger):
            continue
        for rule in measure.rules:
            for expr, why in ((rule.points, "plan_no_points"), (rule.times, "plan_no_times")):
                if expr is not None and never_positive(expr) and not _is_item(measure, rule.name):
                    subject.tell(CODE, rule.path, why_type=why, detail=expr.text)
        for cap in measure.caps:
            if never_positive(cap.at):
                subject.tell(CODE, cap.path, why_type="plan_cap_zero", detail=cap.at.text)
        for item in _items(measure.items):
            if never_positive(item.worth):
                subject.tell(CODE, item.path, why_type="plan_item_zero", detail=item.worth.text)


def never_positive(expr: Expr) -> bool:
    """Whether a number is 0 or less, whatever is given."""
    return isinstance(expr.type, Number) and expr.type.high is not None and expr.type.high <= 0


def _items(items: tuple[Item, ...]) -> Iterator[Item]:
    for item in items:
        yield item
        yield from _items(item.items)


def _is_item(ledger: Ledger, name: str) -> bool:
    """Whether a rule stands for the value of an item, which is told of the item."""
    return any(item.name == name for item in _items(ledger.items))
