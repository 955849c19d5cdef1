"""What folds and rules run over, as it stands in a plan: records, targets, periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cityrules.plan.model.inputs import Route


@dataclass(frozen=True, slots=True)
class Dated:
    """Another date `field` of the record places it in time; without a value there it stands nowhere. `measures`: what
    of it is a measure of the record (when something fell due, in which month a late row is booked)."""

    field: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The record stands in every period that it touches, from the day in the field `since` up to, not including, the
    one in `until` (nothing there: ever since), on its first day at least. `measures`: which of the two are measures of
    the record (until when a sanction has effect)."""

    since: str
    until: str
    measures: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """What must have a value for the record to stand anywhere."""
        return self.since


@dataclass(frozen=True, slots=True)
class RecordAxis:
    """The records of a kind that reach the cell's target by `route` (None: the cell is the whole city) and are dated
    in the cell's period or window (all of them where the cell is timeless). `placed`: how they are placed in time
    where it is not by the date of their kind. `follows`: the consequence that is run over, where it is one: the records
    are its rows, or, where it is about single records, those for which it followed."""

    record: str
    route: Route | None
    placed: Dated | Standing | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class KindAxis:
    """The targets of a lower `kind` that belong to the cell's target (all, where the cell is whole), in its period.

    `part`: which of the parts of the kind tells them apart, and is cited for them.
    `itself`: the targets are those beside the cell's own, of its own kind, and whether it is one of them; the fold says
    in what they agree with it.
    """

    kind: str
    part: int = 0
    itself: Literal["included", "excluded"] | None = None


@dataclass(frozen=True, slots=True)
class PeriodAxis:
    """The shorter `period`s inside the cell's period or window, for the cell's own target."""

    period: str


Axis = RecordAxis | KindAxis | PeriodAxis
