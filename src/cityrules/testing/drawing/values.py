"""Texts for single fields, drawn near what a scheme itself names. Knows types of fields, no plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.scheme.notation import FieldType, plain_number
from cityrules.testing.drawing.choices import Choices

OFTEN_MISSING: Final = 0.25
"""How many of the values that can be missing are."""
HOURS: Final = (0, 8, 12, 17, 23)
TURNING: Final = 0.25
"""How many days are some on which something turns."""


@dataclass(frozen=True, slots=True)
class Values:
    """What fields are drawn from: the scheme's numbers, the days that are assessed, those among them on which something
    `turns`, the `distances` between two days of a row, the names of targets by kind."""

    choices: Choices
    numbers: Sequence[Fraction]
    span: Span
    turns: Sequence[dt.date]
    distances: Sequence[int]
    names: Mapping[str, Sequence[str]]

    def text(self, type_: FieldType, about: dt.date) -> str | None:
        """A text of a type in a row about a day; None where nothing is given."""
        choices = self.choices
        if type_.optional and choices.chance(OFTEN_MISSING):
            return None
        match type_.base:
            case "number" | "count":
                return plain_number(self.number(type_))
            case "flag":
                return choices.pick(("true", "false"))
            case "date":
                return self.near(about).isoformat()
            case "datetime":
                return f"{self.near(about)}T{choices.pick(HOURS):02}:{choices.pick((0, 30)):02}"
            case "enumeration":
                return choices.pick(type_.labels)
            case "kind":
                return choices.pick(self.names.get(type_.kind or "") or ("x",))
        return choices.pick(("x", "y", "z"))

    def number(self, type_: FieldType) -> Fraction:
        """A number within the bounds of a type: at or beside one of the scheme's own numbers, at a bound, or small."""
        choices = self.choices
        step = Fraction(1, 10**type_.scale)
        near = [each for each in self.numbers if self._fits(type_, each)]
        found = choices.pick([Fraction(0), Fraction(1), Fraction(choices.whole(0, 5)), type_.low or Fraction(0)])
        if near and choices.chance(0.7):
            found = choices.pick(near) + choices.pick((-step, Fraction(0), Fraction(0), step))
        elif type_.high is not None and choices.chance(0.2):
            found = type_.high
        # A count is never less than 0, whatever is written.
        low = type_.low if type_.low is not None or type_.base != "count" else Fraction(0)
        found = found if low is None else max(found, low)
        return found if type_.high is None else min(found, type_.high)

    def day(self) -> dt.date:
        """A day of the span: mostly in a few months, so that things meet, and often one on which something turns."""
        days = (self.span.last_day - self.span.start).days
        if self.choices.chance(0.8, simpler=True):
            days = min(days, 100)
        day = self.span.start + dt.timedelta(days=self.choices.whole(0, days))
        turns = [one for one in self.turns if one <= self.span.start + dt.timedelta(days=days)]
        return self.choices.pick(turns) if turns and self.choices.chance(TURNING) else day

    def near(self, day: dt.date) -> dt.date:
        """A day not long after another one, and within the span but for a few days."""
        return day + min(dt.timedelta(days=self.choices.pick(self.distances)), dt.date.max - day)

    def _fits(self, type_: FieldType, number: Fraction) -> bool:
        whole = (number * 10**type_.scale).denominator == 1
        return whole and (type_.low is None or number >= type_.low) and (type_.high is None or number <= type_.high)
