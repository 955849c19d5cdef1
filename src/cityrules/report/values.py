"""Single values of bodies in words: grains, types, limits, roundings, expressions, names. Knows no body."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel

from cityrules.calendar.recurrence import WEEKDAYS, Recurrence
from cityrules.report.names import Names, say, word
from cityrules.report.phrasing import Phrasing
from cityrules.scheme.durations import FixedDay, Limit, said
from cityrules.scheme.keys import PLAINLY, speech
from cityrules.scheme.notation import FieldType, Grain, parts_of, plain_number
from cityrules.text.vocabulary import vocabulary


class Values:
    """The values of one document in one language."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.language = names.language
        self._phrasing = Phrasing(names)

    def of(self, body: BaseModel, skip: frozenset[str] = frozenset()) -> dict[str, str]:
        """Every field of a body that is set and holds no bodies, by its name, in words."""
        found = {}
        columns = self.over_rows(body)
        for name in type(body).model_fields:
            value = getattr(body, name)
            if name not in skip and value is not None and value != () and not isinstance(value, (BaseModel, Mapping)):
                found[name] = self.told(value, speech(type(body), name), columns)
        return found

    def over_rows(self, body: BaseModel) -> bool:
        """Whether a body runs over the rows of a consequence, whose columns have words of the language."""
        axes = (getattr(body, name, None) for name in ("each", "over", "count"))
        return any(axis in self.names.consequences for axis in axes if isinstance(axis, str))

    def told(self, value: object, speech: str, columns: bool = False) -> str:
        """One value, or several. `columns`: where the columns of a consequence are words."""
        if isinstance(value, tuple):
            return self.names.joined([self.told(one, speech, columns) for one in value])
        if isinstance(value, Grain):
            return self.grain(value)
        if isinstance(value, FieldType):
            return self.type(value)
        if isinstance(value, Recurrence):
            return self.recurrence(value)
        if isinstance(value, (dt.date, dt.datetime)):
            return value.isoformat()
        text = said(value) if speech == "lasts" and isinstance(value, (Limit, FixedDay)) else str(value)
        if speech == "expression":
            return self._phrasing.told(text, columns)
        if speech == "axis":
            known = vocabulary().columns if columns and self.language == "zh" else {}
            return known.get(text) or self.names.of(text)
        if speech == PLAINLY:
            return text
        if speech == "label":
            return self.label(text)
        if speech == "remainder" and text == "by name":
            return say("by_name", self.language)
        if speech in ("rank", "remainder"):
            order, _, rest = text.partition(" ")
            return say(
                "ordered", self.language, order=word("orders", order, self.language), by=self._phrasing.told(rest)
            )
        if speech == "deadline" and text == self.notation(text, speech) and not text[:1].isdigit():
            return self._phrasing.told(text)
        return self.notation(text, speech)

    def result(self, text: str) -> str:
        """A label that the document gives, which should have a word of the language."""
        return self.label(text) if text in wording_words() else self.names.closed(text)

    def label(self, text: str) -> str:
        """A result: a label, a number, or one of the words that stand for none."""
        known = wording_words()
        return word("results", text, self.language) if text in known else self.names.value(text)

    def notation(self, text: str, speech: str) -> str:
        """A small notation: as a document in this language writes it."""
        return self.names.notation(text, speech)

    def expression(self, text: str) -> str:
        return self._phrasing.told(text)

    def grain(self, grain: Grain) -> str:
        """`squad each month per item`: each squad, each month, by item."""
        target, *dimensions = parts_of(grain.kind)
        each = self.names.of(target) if target == "whole" else self.names.each(target)
        period = None if grain.period is None else self.names.of(grain.period)
        per = self.names.listed(tuple(dimensions)) if dimensions else None
        return say("grain", self.language, each=each, period=period, per=per)

    def type(self, type_: FieldType) -> str:
        """A type of a field: what can stand there."""
        base = "borrowed" if type_.base == "kind" and type_.kind not in self.names.kinds else type_.base
        low, high = (None if bound is None else plain_number(bound) for bound in (type_.low, type_.high))
        if type_.base == "count" and low == "0":
            low = None
        return say(
            f"type_{base}",
            self.language,
            digits=str(type_.scale) if type_.scale else None,
            low=low,
            high=high,
            unit=None if type_.unit is None else self.unit(type_.unit),
            labels=self.names.joined([self.names.closed(label) for label in type_.labels]) or None,
            kind=None if type_.kind is None else self.names.of(type_.kind),
            optional="" if type_.optional else None,
        )

    def unit(self, unit: str) -> str:
        """A unit; those of time limits are words of the language."""
        limits = vocabulary().groups["limits"]
        return limits.get(unit) or self.names.value(unit) if self.language == "zh" else self.names.value(unit)

    def recurrence(self, rule: Recurrence) -> str:
        """A rule of dates in words."""
        every = word("frequencies", rule.frequency, self.language)
        days = [
            say(
                "weekday",
                self.language,
                day=word("weekdays", WEEKDAYS[weekday], self.language),
                place=str(place) if place > 0 else None,
                last=str(-place) if place < 0 else None,
            )
            for weekday, place in rule.weekdays
        ]
        dates = [
            say("month_day" if day > 0 else "month_day_from_end", self.language, day=str(abs(day)))
            for day in rule.month_days
        ]
        return say(
            "recurrence",
            self.language,
            every=every,
            interval=str(rule.interval) if rule.interval > 1 else None,
            months=self.names.joined([say("month", self.language, month=str(month)) for month in rule.months]) or None,
            dates=self.names.joined(dates) or None,
            days=self.names.joined(days) or None,
            places=self.names.joined([str(place) for place in rule.places]) or None,
        )


@cache
def wording_words() -> frozenset[str]:
    """The results that are words of the language."""
    return frozenset({"null", "error", "true", "false", "undetermined", "no cell"})
