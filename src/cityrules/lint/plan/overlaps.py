"""L31: a number, or a label, that two rules told apart by it both take, and both count."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from cityrules.lint.plan.ranges import Scale, Taken, scales
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Ledger
from cityrules.solve.asking import TRUE
from cityrules.solve.values import common

CODE: Final = "L31"


def check(subject: Subject) -> None:
    replaced = _replaced(subject)
    for scale in scales(subject.asking, subject.plan):
        for one, other in combinations(scale.taken, 2):
            pair = frozenset((one.rule.address, other.rule.address))
            if one.rule.adds and pair not in replaced and _partly(scale, one, other):
                found = subject.asking.ask([(one.when, TRUE), (other.when, TRUE)])
                if found.answer == "yes":
                    subject.tell(CODE, other.rule.address, first=one.rule.name, second=other.rule.name, where=found)


def _partly(scale: Scale, one: Taken, other: Taken) -> bool:
    """Whether two rules share something and each takes something of its own: one inside the other is an addition."""
    if not isinstance(scale.along, tuple):
        return bool(one.words & other.words and one.words - other.words and other.words - one.words)
    both = common(one.spans, other.spans)
    return bool(both) and both not in (one.spans, other.spans)


def _replaced(subject: Subject) -> frozenset[frozenset[str]]:
    """The pairs of rules of which one replaces the other."""
    ledgers = [one for one in subject.plan.measures.values() if isinstance(one, Ledger)]
    return frozenset(
        frozenset((rule.path, next(one.path for one in ledger.rules if one.name == name)))
        for ledger in ledgers
        for rule in ledger.rules
        for name in rule.replaces
    )
