"""What follows, and what must hold, as it stands in a plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cityrules.calendar.recurrence import Recurrence
from cityrules.calendar.working import Working
from cityrules.plan.climbing import Climb, Surplus, Trigger
from cityrules.plan.model.axes import RecordAxis
from cityrules.plan.model.expressions import Expr
from cityrules.scheme.durations import Limit
from cityrules.scheme.notation import Grain


@dataclass(frozen=True, slots=True)
class Ending:
    """What lifts an act: the first record of the axis, for which `where` holds, on the day on which the act starts or
    later. `where` is never unknown and reads nothing but the record."""

    axis: RecordAxis
    where: Expr | None
    path: str


@dataclass(frozen=True, slots=True)
class Between:
    """Between what an amount lies that whoever decides chooses. `crossed`: whether the least is more than the most;
    None where it never is."""

    least: Expr
    most: Expr
    crossed: Expr | None


@dataclass(frozen=True, slots=True)
class ActPlan:
    """What is done; None: one of the `options`. `decided_by` not empty: a proposal to these organs. `amount`: a number
    that is never missing; `between`: the same, left open.
    `starts`, `until`: the first day on which it has effect, and the first on which it has none any more (None: for
    good, if not for what `ends` it); without `starts` it is done at once. `due`: the last day on which it is carried
    out in time. `stated`: whether the day it starts is; `lasts`, `within`: for how long and in what time, as written.
    """

    do: str | None
    kind: str
    to: str | None
    follows: Literal["post", "person"] | None
    decided_by: tuple[str, ...]
    clause: str | None
    options: tuple[str, ...] = ()
    amount: Expr | None = None
    between: Between | None = None
    starts: Expr | None = None
    due: Expr | None = None
    until: Expr | None = None
    ends: Ending | None = None
    stated: bool = False
    lasts: str | None = None
    within: str | None = None

    @property
    def terms(self) -> Mapping[str, Expr]:
        """What is computed of it, by column."""
        least, most = (self.between.least, self.between.most) if self.between is not None else (None, None)
        every = {
            "amount": self.amount,
            "least": least,
            "most": most,
            "starts": self.starts,
            "due": self.due,
            "until": self.until,
        }
        return {name: expr for name, expr in every.items() if expr is not None}


@dataclass(frozen=True, slots=True)
class Step:
    """`reaches`, `exceeds`: fires in the cell in which the ladder's value comes to (or over) `bound`; `at_least`: in
    every cell while it holds; `each_period`, `on_entry`: by `when`."""

    name: str
    trigger: Trigger
    bound: Expr | None
    when: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    act: ActPlan
    path: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """Either `when` with one `act`, or a `ladder` (a measure's name) with `steps` from mild to grave."""

    name: str
    grain: Grain
    of_record: bool
    applies: Expr | None
    path: str
    clause: str | None
    label: str | None
    when: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    act: ActPlan | None
    ladder: str | None
    steps: tuple[Step, ...]
    restart_after: str | None
    surplus: Surplus | None
    together: Literal["highest", "all"] | None

    @property
    def climb(self) -> Climb:
        """How the ladder climbs. A consequence without one has no steps."""
        names = [step.name for step in self.steps]
        restart = names.index(self.restart_after) if self.restart_after in names else None
        return Climb(tuple(step.trigger for step in self.steps), restart, self.surplus, self.together == "highest")

    @property
    def starts_itself(self) -> bool:
        """Whether an act states when it starts to have effect."""
        return any(act.starts is not None and act.stated for act in self.acts)

    @property
    def acts(self) -> tuple[ActPlan, ...]:
        """What can be done, step by step."""
        return (self.act,) if self.act is not None else tuple(step.act for step in self.steps)


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    grain: Grain
    of_record: bool
    that: Expr
    unknown: Literal["yes", "no", "undecided"] | None
    otherwise: Literal["error", "warn", "refer"]
    clause: str | None
    label: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done again and again: in each interval of `every` (a kind of period, or a rule with whose dates one
    begins) lies a record of the axis for which `where` holds. `begins`: the week from which weeks are counted;
    `within`: only so much of each interval counts (`working`: the calendar for it); `unknown`: whether a record of
    which `where` is unknown counts."""

    name: str
    grain: Grain
    applies: Expr | None
    every: Recurrence | str
    begins: dt.date | None
    within: Limit | None
    working: Working | None
    axis: RecordAxis
    where: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    otherwise: Literal["error", "warn", "refer"]
    clause: str | None
    label: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A measure, consequence or check that is not computed, the unstated parameter (or reading) it waits for, and the
    clause that it rests on."""

    name: str
    waits_for: str
    clause: str | None = None
