"""A measure before types: its grain, its axes, its expressions with their places and what they read.

Enough to put all measures in order; the modules of the forms make measures of drafts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.plan.kinds import plain_kinds
from cityrules.plan.model import Axis, RecordAxis
from cityrules.plan.parts import Part
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import WHOLE, Ground
from cityrules.scheme.document import MeasureBody
from cityrules.scheme.notation import Grain, Window, parts_of


class EffectiveBody(MeasureBody):
    """What holds of a measure with overrides; `raw` names the measure that has its form. Made by `plan.overrides`."""

    raw: str


DIRECTIONS: Final = ("high", "low")
BY_NAME: Final = "by name"
"""What decides at last where what remains of a total goes."""
CARRIED: Final = "carried"
"""What a ledger starts from that goes on where the period before ended."""


@dataclass(frozen=True, slots=True)
class CapDraft:
    """A cap of a ledger as written. `of`: rules of the document, or directions; `per`: the names it tells apart; `at`
    is the part `caps.NAME.at` unless it is a numeral, and each name the part `caps.NAME.per.RULE.NUMBER`. Of a cap
    that several cells share, of the grain `shared` (as written), these are what `order` says behind its directions."""

    name: str
    path: Address
    at: str
    at_path: Address
    of: tuple[str, ...]
    per: tuple[str, ...]
    clause: str | None
    label: str | None
    shared: str | None = None
    high: tuple[bool, ...] = ()
    short: Literal["part", "none"] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """`parts`: expressions by their keys in the body (`rules.late.when`); `axes`: by the rule's name, '' for the body.
    Of ledgers, `rules`: those of the plan by the name in the document; `caps`: in the order in which they hold.
    `window`: of a fold, with the name of its period.

    A part whose axis is in doubt is left out.
    """

    name: str
    body: MeasureBody
    path: Address
    parts: Mapping[str, Part]
    axes: Mapping[str, Axis | None]
    rules: Mapping[str, tuple[str, ...]]
    caps: Sequence[CapDraft]
    window: Window | None = None

    @property
    def grain(self) -> Grain:
        return self.body.for_

    @property
    def reads(self) -> tuple[str, ...]:
        """The measures and consequences it reads, in the order of the text."""
        names = [name for part in self.parts.values() for name in part.reads]
        return tuple(dict.fromkeys([*names, *(name for axis in self.axes.values() for name in led_by(axis))]))


def led_by(axis: Axis | None) -> tuple[str, ...]:
    """The measures that say which targets the records of an axis reach and when, and the consequence run over."""
    if not isinstance(axis, RecordAxis):
        return ()
    led = (axis.route.field,) if axis.route is not None and axis.route.measured else ()
    if axis.placed is not None:
        led = (*led, *axis.placed.measures)
    return led if axis.follows is None else (*led, axis.follows)


def known_grain(reporter: Reporter, ground: Ground, path: Address, grain: Grain) -> bool:
    """Whether a grain names a kind of target, a kind of dated record or the whole, that has such periods; complains
    where it does not."""
    place_ = (*path, "for")
    if grain.period is not None and grain.period not in ground.periods:
        return False  # What is wrong with the kind of period has been said.
    record, whose = ground.records.get(grain.kind), ground.whose(grain.period)
    if record is not None:
        if record.one_per is not None:
            reporter.refuse("CR421", place_, found=grain.kind, grain=record.one_per)
        elif grain.period is not None:
            reporter.refuse("CR422", place_, found=grain, kind=grain.kind)
        else:
            return True
        return False
    if grain.kind == WHOLE or grain.kind in ground.kinds:
        if whose is not None and whose not in parts_of(grain.kind):
            reporter.refuse("CR969", place_, found=grain, period=grain.period, kind=whose)
            return False
        return True
    dated = [record.name for record in ground.records.values() if record.dated]
    target = parts_of(grain.kind)[0]
    if target in ground.kinds or target in ground.records or target == WHOLE:
        return False  # What is wrong with its dimensions was said when the kinds were made.
    reporter.refuse_name("CR420", place_, target, [*plain_kinds(ground.kinds), *dated, WHOLE])
    return False
