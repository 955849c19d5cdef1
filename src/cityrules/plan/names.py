"""What a name in an expression can mean: the bindings that the plan's scopes hand to the expression checker.

An expression belongs to a *cell* (a target in a period, or a record for measures of single records). Inside a fold, a
rule with `each` or a rank it also sees the *element* of the axis: the record, the lower target or the shorter period.
`side` says whose value is meant; for record-grain measures and consequences the record is the cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from cityrules.calendar.periods import Back
from cityrules.feel.types import DateTime, Type
from cityrules.plan.model import Route

Side = Literal["cell", "element"]

_INSTANT: Final = DateTime()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the record (of a kind dated by a field, or `one_per` a cell and read at that grain)."""

    type: Type
    record: str
    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field of the target of `kind` that the cell or element is, or belongs to. `by`: the way from the record to it,
    where the name says by which field (`giver.class`)."""

    type: Type
    kind: str
    name: str
    side: Side
    by: Route | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """The name of the target of `kind` that the cell or element is, or belongs to. `by`: as for attributes
    (`giver.bureau`)."""

    type: Type
    kind: str
    side: Side
    by: Route | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """The value of a measure at the cell or element, or at the coarser cell that contains it.

    `back`: in the period before for `previous(m)`, in the same one of the year before for `year_before(m)`.
    `through`: of the record that this field refers to; missing where it refers to none, or to one without a cell (it
    lies outside of what is assessed, or the measure does not apply).
    """

    type: Type
    measure: str
    side: Side
    back: Back = ""
    through: Field | None = None


@dataclass(frozen=True, slots=True)
class Tied:
    """`tied(m)`: how many cells share the place that rank `m` gives this one."""

    type: Type
    measure: str
    side: Side


@dataclass(frozen=True, slots=True)
class Dial:
    """A parameter. With several dated values, the one in force on the day of `side`: the date of a record, else the
    last day of the period."""

    type: Type
    name: str
    side: Side


@dataclass(frozen=True, slots=True)
class Now:
    """`as_of`: the instant of knowledge."""

    type: Type = _INSTANT


@dataclass(frozen=True, slots=True)
class PeriodPart:
    """`month.start`, `month.last_day` (dates) or `month.number` (1 to 12, 1 to 4, the year)."""

    type: Type
    period: str
    part: Literal["start", "last_day", "number"]
    side: Side


@dataclass(frozen=True, slots=True)
class Counted:
    """What rules of the ledger have counted in the cell when a cap looks at it: points in their own direction, so that
    a deduction of 3 points counts 3."""

    type: Type
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fired:
    """`fired(c)`: whether a consequence (of a ladder: a `step` of it, None: any) followed in the cell or element, or in
    the coarser cell that contains it. Of an element that is a row of the consequence itself: whether it is sure."""

    type: Type
    consequence: str
    step: str | None
    side: Side


@dataclass(frozen=True, slots=True)
class InForce:
    """`in_force(c, day)`: whether an act of a consequence (of one `step`, None: of any) has effect on a day for the
    target that a place is or belongs to. The day is read at the same place."""

    type: Type
    consequence: str
    step: str | None
    day: Name
    side: Side


Name = Field | Attribute | Identity | Measured | Tied | Dial | Now | PeriodPart | Counted | Fired | InForce
