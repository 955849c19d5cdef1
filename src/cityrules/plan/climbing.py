"""How a ladder climbs from one cell to the next: the one definition, for all who walk ladders in Python.

The contract is `docs/engines.md`, "Run" and "Consequences". Knows numbers and whether conditions held; no plan, no
tables. Steps are meant by their number, from mild to grave. `Why` is whatever the walker calls the reason why something
is unknown; it may be None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Generic, Literal, TypeVar

Number = int | Fraction
Trigger = Literal["reaches", "exceeds", "at_least", "each_period", "on_entry"]
Surplus = Literal["carried", "dropped"]
BOUNDED: Final[tuple[Trigger, ...]] = ("reaches", "exceeds", "at_least")
"""Steps that look at a bound; the others at a condition of their own."""

Why = TypeVar("Why")
AnyNumber = TypeVar("AnyNumber", int, Number)


@dataclass(frozen=True, slots=True)
class Rung(Generic[Why]):
    """What the next cell has to know. `value`: the last known one; `offset`: what is taken off it; `level`: of this
    cell, as it stands after a restart there, None where it is unknown; `held`: the conditions of the steps (empty: no
    cell before, none held)."""

    value: Number = 0
    offset: Number = 0
    level: Number | None = 0
    held: tuple[Number | Why, ...] = ()


@dataclass(frozen=True, slots=True)
class Climbed(Generic[Why]):
    """What a ladder does in one cell. `level`: before a restart there; `anew`: the count began anew here because the
    value fell. `fired`: all steps that fire; `kept`: those that stand; `unknown`: of which steps it is unknown whether
    they do, and why, in their order. `restarted`: the count begins anew behind this cell."""

    level: Number
    anew: bool
    fired: tuple[int, ...]
    kept: tuple[int, ...]
    unknown: Mapping[int, Why]
    restarted: bool
    rung: Rung[Why]


@dataclass(frozen=True, slots=True)
class Climb:
    """The steps of a ladder. `restart`: the one after which the count begins anew; `surplus`: whether what lies beyond
    its bound is kept then; `highest`: whether of several steps in a cell the last alone stands."""

    triggers: tuple[Trigger, ...]
    restart: int | None = None
    surplus: Surplus | None = None
    highest: bool = False

    def lost(self, rung: Rung[Why], why: Why) -> Rung[Why]:
        """What is left of the rung before by a cell whose value is unknown."""
        return Rung(rung.value, rung.offset, None, (why,) * len(self.triggers))

    def climbed(
        self,
        rung: Rung[Why],
        value: Number,
        looks: Sequence[Number | Why],
        why: Why,
        doubt: bool = False,
        void: Mapping[int, Why] | None = None,
    ) -> Climbed[Why]:
        """What happens in a cell of which the value is known.

        `looks`: for each step its bound, or whether its condition holds. `why`: what it is called that the level before
        is unknown. `doubt`: something that a step looks at is undetermined, so that none fires. `void`: of which steps
        it is unknown what would follow, so that they do not fire.
        """
        anew = value < rung.value
        offset: Number = 0 if anew else rung.offset
        before = 0 if anew and rung.level is not None else rung.level
        level = value - offset
        fired: list[int] = []
        unknown: dict[int, Why] = {}
        for step, trigger in enumerate(() if doubt else self.triggers):
            fires = _fires(trigger, level, before, looks[step], rung.held[step] if rung.held else False, why)
            if fires is True and void and step in void:
                fires = void[step]
            if fires is True:
                fired.append(step)
            elif fires is not False:
                unknown[step] = fires
        restarts = self.restart is not None and self.restart in fired
        if restarts:
            offset = self.offset_after(value, offset, self.taken_off(looks))
        return Climbed(
            level, anew, tuple(fired), self.kept(fired), unknown, restarts,
            Rung(value, offset, value - offset, tuple(looks)),
        )  # fmt: skip

    def kept(self, fired: Sequence[int]) -> tuple[int, ...]:
        """The steps that stand, of those that fire in one cell."""
        return tuple(fired[-1:] if self.highest else fired)

    def offset_after(self, value: AnyNumber, offset: AnyNumber, taken: AnyNumber) -> AnyNumber:
        """What is taken off the value behind a cell in which the count begins anew."""
        return offset + taken if self.surplus == "carried" else value

    def taken_off(self, looks: Sequence[Number | Why]) -> Number:
        """What a restart in a cell takes off the count where the rest is carried on: the bound of its step."""
        if self.restart is None or self.triggers[self.restart] not in BOUNDED:
            return 0
        return _number(looks[self.restart])


def lengthened(before: int | None, held: bool | None, missing: str | None, one: int = 1) -> int | None:
    """How long a run is, by what it was in the cell before and whether its condition holds here (None: missing).
    `missing`: what the document says of that; `one`: the number that stands for one cell. None where it is unknown."""
    if held is False or (held is None and missing not in ("holds", "counts")):
        return 0
    if before is None:
        return None
    return before if held is None and missing == "holds" else before + one


def _fires(
    trigger: Trigger, level: Number, before: Number | None, look: Number | Why, held_before: Number | Why, why: Why
) -> bool | Why:
    """Whether a step fires in a cell, or why that is unknown."""
    match trigger:
        case "at_least":
            return level >= _number(look)
        case "reaches":
            bound = _number(look)
            return level >= bound and (why if before is None else before < bound)
        case "exceeds":
            bound = _number(look)
            return level > bound and (why if before is None else before <= bound)
    if trigger == "each_period" or not isinstance(look, bool) or not look:
        return look  # type: ignore[return-value]  # A condition is no number: what is no flag is a reason.
    return not held_before if isinstance(held_before, bool) else held_before  # type: ignore[return-value]


def _number(look: object) -> Number:
    """The bound among what steps look at."""
    assert isinstance(look, (int, Fraction))
    return look
