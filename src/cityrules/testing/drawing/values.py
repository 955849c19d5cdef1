"""Texts for single fields, drawn near what a scheme itself names. Knows types of fields, no plan."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.scheme.notation import FieldType, plain_number

OFTEN_MISSING: Final = 0.25
"""How many of the values that can be missing are."""
HOURS: Final = (0, 8, 12, 17, 23)
DISTANCES: Final = (0, 0, 1, 2, 3, 5, 7, 10, 15, 30, 31, 60)
"""Days between two dates of one row: most limits are among them."""


@dataclass(frozen=True, slots=True)
class Values:
    """What fields are drawn from: the scheme's numbers, the days that are assessed, the names of targets by kind."""

    rng: random.Random
    numbers: Sequence[Fraction]
    span: Span
    names: Mapping[str, Sequence[str]]

    def text(self, type_: FieldType, about: dt.date) -> str | None:
        """A text of a type in a row about a day; None where nothing is given."""
        rng = self.rng
        if type_.optional and rng.random() < OFTEN_MISSING:
            return None
        match type_.base:
            case "number" | "count":
                return plain_number(self.number(type_))
            case "flag":
                return rng.choice(("true", "false"))
            case "date":
                return self.near(about).isoformat()
            case "datetime":
                return f"{self.near(about)}T{rng.choice(HOURS):02}:{rng.choice((0, 30)):02}"
            case "enumeration":
                return rng.choice(type_.labels)
            case "kind":
                return rng.choice(self.names.get(type_.kind or "") or ("x",))
        return rng.choice(("x", "y", "z"))

    def number(self, type_: FieldType) -> Fraction:
        """A number within the bounds of a type: at or beside one of the scheme's own numbers, at a bound, or small."""
        rng = self.rng
        step = Fraction(1, 10**type_.scale)
        near = [each for each in self.numbers if self._fits(type_, each)]
        found = rng.choice([Fraction(0), Fraction(1), Fraction(rng.randint(0, 5)), type_.low or Fraction(0)])
        if near and rng.random() < 0.7:
            found = rng.choice(near) + rng.choice((-step, 0, 0, step))
        elif type_.high is not None and rng.random() < 0.2:
            found = type_.high
        # A count is never less than 0, whatever is written.
        low = type_.low if type_.low is not None or type_.base != "count" else Fraction(0)
        found = found if low is None else max(found, low)
        return found if type_.high is None else min(found, type_.high)

    def day(self) -> dt.date:
        """A day of the span: mostly in a few months, so that things meet."""
        rng = self.rng
        days = (self.span.last_day - self.span.start).days
        if rng.random() < 0.8:
            days = min(days, 100)
        return self.span.start + dt.timedelta(days=rng.randint(0, days))

    def near(self, day: dt.date) -> dt.date:
        """A day not long after another one, and within the span but for a few days."""
        return day + dt.timedelta(days=self.rng.choice(DISTANCES))

    def _fits(self, type_: FieldType, number: Fraction) -> bool:
        whole = (number * 10**type_.scale).denominator == 1
        return whole and (type_.low is None or number >= type_.low) and (type_.high is None or number <= type_.high)
