"""A scope with a name of every type, for tests of expressions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from cityrules.calendar.working import Weekdays
from cityrules.feel.lookup import Table
from cityrules.feel.scope import DayCount
from cityrules.feel.tree import Binding
from cityrules.feel.types import Date, DateTime, Duration, Flag, Member, Number, Text, Type


@dataclass(frozen=True)
class Name:
    name: str
    type: Type


def number(
    scale: int | None = 0,
    low: int | None = None,
    high: int | None = None,
    unit: str | None = None,
    optional: bool = False,
) -> Number:
    ends = (None if end is None else Fraction(end) for end in (low, high))
    return Number(scale, *ends, unit, optional)


NAMES = {
    name.name: name
    for name in (
        Name("x", number(1, optional=True)),
        Name("y", number(0, optional=True)),
        Name("n", number(0, 0)),
        Name("few", number(0, 0, 3, optional=True)),
        Name("k", number(0, 1, 12)),
        Name("d", number(2, -5, 5)),
        Name("rate", number(2, 0, 100)),
        Name("area", number(1, 0, None, "m2")),
        Name("price", number(2, 0, None, "元")),
        Name("得分", number(2, 0, 100)),
        Name("word", Text()),
        Name("note", Text(None, True)),
        Name("grade", Text(("优秀", "良好", "合格"))),
        Name("size", Text(("small", "large"))),
        Name("on", Flag()),
        Name("perhaps", Flag(True)),
        Name("day", Date()),
        Name("due", Date(True)),
        Name("moment", DateTime()),
        Name("span", Duration("days")),
        Name("term", Duration("months")),
        Name("squad", Member("squad")),
        Name("bureau", Member("bureau")),
        Name("late.due", DateTime(True)),
        Name("late.late", Flag()),
    )
}


PRICE = Table(
    "price",
    (("size", Text(("大", "小"))), ("winter", Flag())),
    {"points": Number(1, Fraction(0), Fraction(2)), "note": Text()},
    {(size, winter): (Fraction(1, 2), "x") for size in ("大", "小") for winter in (False, True)},
    None,
)


class SampleScope:
    """Knows NAMES, the table `price`, `previous(m)`, `fee(class).rate`, and refuses `tied(...)`."""

    def resolve(self, path: tuple[str, ...]) -> Binding | None:
        return NAMES.get(".".join(path))

    def names(self) -> Iterable[str]:
        return list(NAMES)

    def table(self, name: str) -> Table | None:
        return PRICE if name == "price" else None

    def call(self, function: str, arguments: tuple[tuple[str, ...] | None, ...]) -> Binding | str | None:
        if function == "previous" and arguments and arguments[0] == ("rate",):
            return Name("previous(rate)", number(2, 0, 100, optional=True))
        if function == "fee.rate":
            return Name("fee.rate", number(2, 0))
        return "CR250" if function == "tied" else None

    def day_count(self) -> DayCount | str:
        return DayCount(Weekdays(), included=False)
