"""One line of a ledger. Knows rules and records, nothing of how they are computed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from cityrules.engines.python.records import Record
from cityrules.feel.tree import Value
from cityrules.plan.model import Rule

Points = int | Fraction
# Rules of one group meet at an element: a record, a target, a period, or (None) the cell itself.
ElementKey = Record | str | None
# Of the records of one event the values of the fields in which they agree, else the element alone.
EventKey = tuple[Value, ...] | ElementKey


@dataclass(slots=True)
class Line:
    """One movement of points. `name` is the rule's, or `(from)`, `(floor)`, `(ceiling)`, `(round)`.

    `element`: kind and name of the record, target or period that was hit. `points` is what counts; precedence and caps
    take it down from `nominal`. For caps: the `place` of the rule, the `moment` of the element, and by cap the `keys`
    that tell it apart. `event`: what the element tells of together with others, where that matters. `clause`: its own,
    where it is not that of the rule.
    """

    name: str
    rule: Rule | None
    element: tuple[str, str] | None
    price: Points | None
    quantity: Points | None
    nominal: Points
    points: Points
    replaced_by: str | None = None
    meets: ElementKey = None
    place: int = 0
    moment: dt.datetime | None = None
    keys: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    event: EventKey = None
    clause: str | None = None
