"""Measures that give a value of their own cell or of its elements, as they stand in a plan."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

from cityrules.feel.tree import Tree
from cityrules.feel.types import Type
from cityrules.plan.model.axes import Axis, RecordAxis
from cityrules.plan.model.expressions import Constant, Expr
from cityrules.scheme.notation import Grain, Rounding, Window


@dataclass(frozen=True, slots=True)
class Missing:
    """What a stated `missing` says: `error` (undetermined), `skip` (passed over) or a `value` that stands in."""

    policy: Literal["error", "skip", "value"]
    value: Constant = None


@dataclass(frozen=True, slots=True)
class Empty:
    """The stated value of a fold over nothing, or of a formula whose divisor is zero; `error`: undetermined."""

    value: Constant = None
    error: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """What all measures have. `type`: the static type of the value, after rounding, optional when it can be missing."""

    name: str
    grain: Grain
    of_record: bool
    type: Type
    path: str
    applies: Expr | None
    clause: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Formula(Base):
    """`round_default`: the rounding is the document's; the measure states none of its own."""

    value: Expr
    missing: Missing | None
    empty: Empty | None
    round: Rounding | None
    round_default: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition and what it gives."""

    name: str
    when: Expr
    give: Expr
    clause: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Choice(Formula):
    """A formula made of branches: the first whose condition holds gives the value; missing where one before is unknown.
    `value` says all of it; engines need no more."""

    branches: tuple[Branch, ...]
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Overridden(Formula):
    """What holds of a measure with overrides: the first whose condition is true, else the measure `raw`. `unknown`:
    for each whether it counts as true where it is unknown. `value` says all of it."""

    raw: str
    overrides: tuple[Branch, ...]
    unknown: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """`bound` None: whatever lies beyond the others."""

    bound: Expr | None
    rate: Expr


@dataclass(frozen=True, slots=True)
class Tiers(Formula):
    """A formula made of rates by tier, from the lowest up; a bound belongs to the tier below it. `value` says all."""

    number: Expr
    tiers: tuple[Tier, ...]
    apply: Literal["marginal", "whole"]


@dataclass(frozen=True, slots=True)
class Element:
    """One value of a weighted sum and its weight."""

    name: str
    value: Expr
    weight: Expr


@dataclass(frozen=True, slots=True)
class Weighted(Formula):
    """A formula made of values times weights. `instead`: what stands for a missing value; `rescales`: the weights of
    what is there are scaled to the `total`. `value` says all; `elements` are what `inputs` tells."""

    elements: tuple[Element, ...]
    total: Fraction
    instead: Missing | None
    rescales: bool


@dataclass(frozen=True, slots=True)
class Quotient(Formula):
    """A measure that stays a fraction (`round: exact`): the measure `numerator` by the measure `denominator`, which is
    positive, or missing with it. `value` says so; what reads the quotient reads the two."""

    numerator: str
    denominator: str


DeadlinePart = Literal["started", "done", "paused", "clock_due", "due", "late", "days_over", "minutes_over"]


DEADLINE_PARTS: Final[tuple[DeadlinePart, ...]] = get_args(DeadlinePart)


@dataclass(frozen=True, slots=True)
class Deadline(Formula):
    """One part of a deadline, named `NAME.PART`: computed as a formula, told in its own words. `deadline`: the NAME;
    `limit`: how long it is, as written. The rules that bear on it, where they do:
    whether the `first_day` counts, whether the `last_day` moves off a day off, on which `clock` time runs, what one
    `unit` of the document's own is (`length`); where it is counted back, what that `day_before` is. Of `due`
    (of `clock_due`, if there is one), where fields of the record stop its time, `stops`: when it begins, from when and
    until when it stands still."""

    deadline: str = ""
    part: DeadlinePart = "due"
    limit: str = ""
    first_day: Literal["included", "excluded"] | None = None
    last_day: Literal["next working day", "previous working day"] | None = None
    clock: str | None = None
    unit: str | None = None
    length: str | None = None
    day_before: Literal["in time", "late"] | None = None
    stops: tuple[Tree, Tree, Tree] | None = None


@dataclass(frozen=True, slots=True)
class Pauses(Base):
    """How much of the time of a `deadline` stood still, in whole units of its running count; one part of it, named
    `NAME.paused`. Of the record: its time begins at the count `starts` and is `length` long (missing where either is).
    Each record of the axis (which has no route) that agrees with it in `among` stops the count from `begins` to `ends`,
    read of that record alone; one without `begins` stops nothing."""

    deadline: str
    axis: RecordAxis
    among: tuple[Alike, ...]
    starts: Expr
    length: Expr
    begins: Expr
    ends: Expr


@dataclass(frozen=True, slots=True)
class Bands(Base):
    """`bounds`: from the highest down for `at_least` and `above`, from the lowest up for `up_to` and `below`; the first
    bound that `value` satisfies gives the label. Each bound is an expression at the cell: a numeral or a parameter
    (a `Dial`, so that an overlay or an edition can move the line), never missing."""

    value: Expr
    word: Literal["at_least", "above", "up_to", "below"]
    bounds: tuple[tuple[Expr, Constant], ...]
    otherwise: Constant
    missing: Missing | None


FoldOp = Literal["count", "sum", "mean", "min", "max", "first", "last", "distinct", "portion"]


@dataclass(frozen=True, slots=True)
class Alike:
    """A name in which two records must agree, as the record itself (`own`) and as the others (`other`) have it."""

    own: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class Fold(Base):
    """`value` is the element's value (None for count, a condition for portion). `times`: 100 for a portion in %.
    `round_default`: the rounding is the document's; the measure states none of its own.

    A fold of single records looks back from the record: its elements are the records of the axis (which has no route)
    that agree with it in `among` and lie in the window; where they are of its own kind it is the last of them.
    Without a window these are all records that refer to it: `among` compares its key with the reference.
    A fold over targets of the cell's own kind runs over those that agree with the cell's in `among`.
    `of_quotient`: it is a sum, the numerator of such a fold, and tells its elements as that would.
    """

    op: FoldOp
    axis: Axis
    value: Expr | None
    where: Expr | None
    window: Window | None
    missing: Missing | None
    empty: Empty | None
    round: Rounding | None
    times: int = 1
    round_default: bool = False
    among: tuple[Alike, ...] = ()
    of_quotient: FoldOp | None = None

    @property
    def tells(self) -> bool:
        """Whether `inputs` tells what it was made of."""
        return self.of_quotient is not None or self.op in ("mean", "portion")
