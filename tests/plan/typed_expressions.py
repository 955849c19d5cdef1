"""Random expressions as text over a fixed set of names, and random values for these names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from cityrules.calendar.working import YearOfWork, listed
from cityrules.feel.lookup import Table
from cityrules.feel.scope import DayCount
from cityrules.feel.tree import Months, Value
from cityrules.feel.types import Date, DateTime, Duration, Flag, Number, Text, Type

# A calendar of few years, so that most days lie beyond it; the start counts, so that a day before is asked for.
COUNT = DayCount(
    listed(
        {
            2023: YearOfWork(frozenset({dt.date(2023, 12, 29)})),
            2024: YearOfWork(working=frozenset({dt.date(2024, 1, 6)})),
        }
    ),
    included=True,
)


@dataclass(frozen=True)
class Name:
    name: str
    type: Type


def _number(scale: int, low: int | None, high: int | None, optional: bool = False) -> Number:
    bounds = (None if end is None else Fraction(end) for end in (low, high))
    return Number(scale, *bounds, None, optional)


NAMES = {
    name.name: name
    for name in (
        Name("n", _number(0, None, None)),
        Name("small", _number(0, -5, 5)),
        Name("rate", _number(2, 0, 100)),
        Name("size", _number(1, 1, 9)),
        Name("many", _number(0, 0, None)),
        Name("opt", _number(1, None, None, True)),
        Name("few", _number(0, 0, 3, True)),
        Name("word", Text(("a", "b"))),
        Name("note", Text(None, True)),
        Name("on", Flag()),
        Name("perhaps", Flag(True)),
        Name("day", Date()),
        Name("later", Date(True)),
        Name("at", DateTime()),
        Name("until", DateTime(True)),
        Name("span", Duration("days")),
        Name("months", Duration("months", True)),
    )
}


class Scope:
    def resolve(self, path: tuple[str, ...]) -> Name | None:
        return NAMES.get(".".join(path))

    def names(self) -> list[str]:
        return list(NAMES)

    def table(self, name: str) -> Table | None:
        return None

    def call(self, function: str, arguments: object) -> None:
        return None

    def day_count(self) -> DayCount:
        return COUNT


def _of(kind: type, text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [n.name for n in NAMES.values() if isinstance(n.type, kind) and getattr(n.type, "of", text) == text]
    )


literals = st.one_of(st.integers(0, 12).map(str), st.sampled_from(["0.5", "2.25", "0.01", "100", "86400", "1.10"]))
_dates = ["0001-01-01", "1969-12-31", "2024-02-29", "2023-12-31", "9999-12-31"]
date_literals = st.sampled_from([f'@"{day}"' for day in _dates])
moment_literals = st.sampled_from([f'@"{day}T23:59:01"' for day in _dates])
span_literals = st.sampled_from(['@"P3D"', '@"-P1DT1H"', '@"PT36H"', '@"PT1S"', '@"P400000D"'])
month_literals = st.sampled_from(['@"P1M"', '@"-P13M"', '@"P2Y"', '@"P9998Y"'])


def _numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    conditions = st.deferred(lambda: CONDITIONS)
    dates, moments = st.deferred(lambda: DATES), st.deferred(lambda: MOMENTS)
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("({} / {})".format, inner, st.sampled_from(["size", "4", "-3", "(many + 1)", "many", "0.7"])),
        st.builds("(-{})".format, inner),
        st.builds("({} ** {})".format, st.sampled_from(["small", "size", "rate", "3"]), st.sampled_from("0123")),
        st.builds("(size ** -{})".format, st.sampled_from("12")),
        st.builds("(if {} then {} else {})".format, conditions, inner, inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "default"]), inner, inner),
        st.builds("abs({})".format, inner),
        st.builds(
            "{}({}, {})".format,
            st.sampled_from(["full_steps", "begun_steps"]),
            inner,
            st.sampled_from(["size", "3", "0.7"]),
        ),
        st.builds("count_true({}, {})".format, conditions, conditions),
        st.builds("days_between({}, {})".format, dates, dates),
        st.builds("working_days_between({}, {})".format, dates, dates),
        st.builds("minutes_between({}, {})".format, moments, moments),
        st.builds("{}.{}".format, _of(Date, "") | date_literals, st.sampled_from(["year", "month", "day", "weekday"])),
        st.builds("{}.{}".format, _of(DateTime, ""), st.sampled_from(["year", "day", "weekday", "hour", "second"])),
        st.builds("span.{}".format, st.sampled_from(["days", "hours", "minutes", "seconds"])),
        st.builds("months.{}".format, st.sampled_from(["years", "months"])),
    )


def _conditions(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    relators = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
    inner_numbers = st.sampled_from(["0", "few", "default(few, 1)", "opt", "many", "size", "(few + 1)"])
    divided = st.sampled_from(["rate / many < 2", "full_steps(rate, small) > 2", "rate / small > 1", "opt / small > 1"])
    pairs = st.one_of(*(st.tuples(x, relators, x) for x in (NUMBERS, DATES, MOMENTS, SPANS, MONTHS)))
    return st.one_of(
        pairs.map(lambda pair: "({} {} {})".format(*pair)),
        st.builds("({} {} {})".format, TEXTS, st.sampled_from(["=", "!="]), TEXTS),
        st.builds("({} {} null)".format, st.sampled_from(list(NAMES)), st.sampled_from(["=", "!="])),
        st.builds("({} in [{}..{}))".format, NUMBERS, literals, literals),
        st.builds("({} in (1, 2.5, > {}))".format, NUMBERS, literals),
        st.builds("({} between {} and {})".format, DATES, DATES, DATES),
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not({})".format, inner),
        st.builds("default({}, {})".format, inner, inner),
        st.builds("(if {} then {} else {})".format, inner, inner, inner),
        st.builds("(many > {} and {})".format, inner_numbers, divided),
        st.builds("(small <= {} or {})".format, inner_numbers, divided),
        st.builds("({} and small > {} and {})".format, inner, inner_numbers, divided),
        st.builds("(opt != null and {})".format, st.sampled_from(["opt > 3", "rate / (abs(opt) + 1) < 2"])),
    )


def _dated(leaves: st.SearchStrategy[str], which: list[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds("({} {} {})".format, inner, st.sampled_from("+-"), st.one_of(SPANS, MONTHS)),
            st.builds("default({}, {})".format, inner, inner),
            st.builds("min({}, {})".format, inner, inner),
            st.builds("(if {} then {} else {})".format, st.deferred(lambda: CONDITIONS), inner, inner),
            *([st.builds("date({})".format, MOMENTS)] if "date" in which else []),
        ),
        max_leaves=3,
    )


TEXTS = st.sampled_from(["word", "note", '"a"', '"b"', '"劣"'])
SPANS = st.one_of(
    span_literals,
    st.just("span"),
    st.builds("({} * {})".format, st.sampled_from(["small", "few", "2", "-1", "n"]), span_literals),
    st.builds("({} - {})".format, st.sampled_from(["day", "later"]), st.sampled_from(["day", "later"])),
    st.builds("(span + {})".format, span_literals),
)
MONTHS = st.one_of(
    month_literals, st.just("months"), st.builds("({} * small)".format, month_literals), st.just("abs(months)")
)
MOMENTS: st.SearchStrategy[str] = _dated(_of(DateTime, "") | moment_literals, [])
DATES: st.SearchStrategy[str] = _dated(_of(Date, "") | date_literals, ["date"])
NUMBERS: st.SearchStrategy[str] = st.recursive(_of(Number, "") | literals, _numbers, max_leaves=6)
CONDITIONS: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(["on", "perhaps", "true", "false"]), _conditions, max_leaves=5
)
EXPRESSIONS = st.one_of(NUMBERS, CONDITIONS, DATES, MOMENTS, TEXTS, SPANS, MONTHS)


def _values_of(type_: Type) -> st.SearchStrategy[Value]:
    values: st.SearchStrategy[Value]
    match type_:
        case Number(scale=scale, low=low, high=high):
            least = -(10**15) + 1 if low is None else int(low * 10**scale)
            most = 10**15 - 1 if high is None else int(high * 10**scale)
            units = st.one_of(st.integers(least, most), st.integers(max(least, -20), min(most, 20)))
            values = units.map(lambda units: Fraction(units, 10**scale))
        case Text(labels=labels):
            values = st.sampled_from(labels or ("a", "", "劣"))
        case Flag():
            values = st.booleans()
        case DateTime():
            values = st.datetimes().map(lambda moment: moment.replace(microsecond=0))
        case Date():
            values = st.dates()
        case Duration(of="days"):
            values = st.integers(-(10**11), 10**11).map(lambda seconds: dt.timedelta(seconds=seconds))
        case _:
            values = st.integers(-60_000, 60_000).map(Months)
    return st.none() | values if type_.optional else values


VALUES: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {name: _values_of(binding.type) for name, binding in NAMES.items()}
)
