"""L30: a number that falls between two rules told apart by it, or a label that nothing takes where others are taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.feel.tree import Literal_, Read, Tree
from cityrules.feel.types import Text
from cityrules.feel.walk import nodes
from cityrules.lint.plan.ranges import Scale, Taken, gaps, scales, within
from cityrules.lint.plan.subject import Subject
from cityrules.plan.code import Slot
from cityrules.plan.model import Duty, Expr, Fold, Ledger, Plan, RecordAxis
from cityrules.plan.names import Field
from cityrules.solve.asking import HIT, MISSED, TRUE
from cityrules.solve.conditions import compared
from cityrules.solve.values import FAR

CODE: Final = "L30"


def check(subject: Subject) -> None:
    for scale in scales(subject.asking, subject.plan):
        if isinstance(scale.along, Slot):
            _labels(subject, scale, scale.along)
        else:
            _numbers(subject, scale)


def _numbers(subject: Subject, scale: Scale) -> None:
    for low, high in gaps(scale.taken):
        below = max(scale.taken, key=lambda one: _end_before(one, low))
        above = min(scale.taken, key=lambda one: _begin_behind(one, high))
        if _meant(scale, below, above, high - low + 1):
            continue
        wanted = [*scale.rest, *((one.when, MISSED) for one in scale.taken)]
        found = subject.asking.ask(wanted, within(scale.along, (low, high)))
        if found.answer == "yes":
            subject.tell(CODE, above.rule.address, first=below.rule.name, second=above.rule.name, where=found)


def _end_before(one: Taken, low: int) -> int:
    return max((end for _, end in one.spans if end < low), default=-FAR - 1)


def _begin_behind(one: Taken, high: int) -> int:
    return min((begin for begin, _ in one.spans if begin > high), default=FAR + 1)


def _meant(scale: Scale, below: Taken, above: Taken, size: int) -> bool:
    """Whether what lies between may be meant to: rules that take both ends of a scale leave its middle in peace, and
    rules for single numbers leave out the others."""
    single = all(low == high for one in (below, above) for low, high in one.spans)
    ends = below.spans[0][0] == -FAR and above.spans[-1][1] == FAR
    return single or (ends and size > scale.unit)


def _labels(subject: Subject, scale: Scale, slot: Slot) -> None:
    """A label of a record with which nothing is ever done, although each rule is for some."""
    type_, name = slot.binding.type, slot.binding
    if not isinstance(type_, Text) or not isinstance(name, Field):
        return
    read = next(
        node for one in scale.taken for node in nodes(one.when) if isinstance(node, Read) and node.binding == name
    )
    for label in type_.labels or ():
        if any(label in one.words for one in scale.taken):
            continue
        equal = compared("=", read, Literal_(Text(), read.start, read.end, label))
        if not any(_takes(subject, expr, equal) for expr in _over(subject.plan, name.record)):
            first, last = scale.taken[0].rule, scale.taken[-1].rule
            subject.tell(CODE, last.address, first=first.name, second=last.name, where=f"{read.name} = {label}")


def _takes(subject: Subject, expr: Expr | None, equal: Tree) -> bool:
    return expr is None or not subject.never((expr.tree, HIT), (equal, TRUE))


def _over(plan: Plan, record: str) -> Iterator[Expr | None]:
    """The conditions of everything that runs over the records of a kind, None for what takes each of them."""
    for measure in plan.measures.values():
        match measure:
            case Ledger(rules=rules):
                yield from (one.when for one in rules if _runs_over(one.axis, record))
            case Fold(axis=axis, where=where, value=value) if _runs_over(axis, record):
                # What is folded may itself tell labels apart: then all of them are.
                yield where if value is None else None
    yield from (one.when for one in plan.consequences.values() if one.of_record and one.grain.kind == record)
    for one in plan.checks.values():
        if isinstance(one, Duty) and _runs_over(one.axis, record):
            yield one.where


def _runs_over(axis: object, record: str) -> bool:
    return isinstance(axis, RecordAxis) and axis.record == record
