"""The inputs that were used, as explanation asks for them. Protocols; every engine brings its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Protocol

from cityrules.calendar.periods import Span
from cityrules.feel.tree import Value
from cityrules.plan.model import Fold, RecordAxis

# The first and the last of some days.
Days = tuple[dt.date, dt.date]


class Facts(Protocol):
    """Typed field values of one record, attributes of one target (None for what was not accepted), and the records of a
    cell. `span`, `as_of`: what was assessed, and what was known."""

    @property
    def span(self) -> Span: ...

    @property
    def as_of(self) -> dt.datetime: ...

    def record(self, kind: str, key: str) -> Mapping[str, Value] | None: ...

    def target(self, kind: str, name: str, day: dt.date | None = None) -> Mapping[str, Value] | None:
        """Attributes, and the name of the parent under each ancestor's kind, on a day (None: the last of the span)."""
        ...

    def exists(self, kind: str, name: str, first: dt.date, last: dt.date) -> bool:
        """Whether a target exists on some day from `first` to `last`; the whole city always does."""
        ...

    def reached(self, axis: RecordAxis, target: str, days: Days | None) -> Iterable[str]:
        """The keys of the accepted records that reach a target (`''`: the whole city) and are dated in some days (None:
        all), in order of date and key."""
        ...

    def counted_with(self, fold: Fold, key: str) -> Iterable[str]:
        """The keys of the accepted records that a fold of single records runs over at one, in order of date and key."""
        ...
