"""Values and rows that mean harm, drawn from a seeded source: what a broken export or an attacker would send."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

TRACES: list[str] = []
"""What the methods of hostile objects leave behind when somebody calls them."""


class Trap:
    """An object every method of which raises."""

    def _raise(self, *_: object) -> Any:
        raise RuntimeError("a trap was sprung")

    __str__ = __repr__ = __eq__ = __hash__ = __bool__ = __len__ = __iter__ = _raise  # type: ignore[assignment]
    __int__ = __float__ = __index__ = __format__ = __lt__ = __getattr__ = _raise  # type: ignore[assignment]


class Spy:
    """An object that notes when it is written out."""

    def __str__(self) -> str:
        TRACES.append("str")
        return "1"

    __repr__ = __str__


class LoudText(str):
    """A text that pretends to be another."""

    __slots__ = ()

    def __str__(self) -> str:
        raise RuntimeError("str of a str")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("equality of a str")

    __hash__ = str.__hash__


class LoudInt(int):
    def __str__(self) -> str:
        raise RuntimeError("str of an int")

    def __int__(self) -> int:
        raise RuntimeError("int of an int")

    __repr__ = __str__


class LoudFloat(float):
    def __repr__(self) -> str:
        raise RuntimeError("repr of a float")

    __float__ = __str__ = __repr__  # type: ignore[assignment]


class LoudDecimal(Decimal):
    def is_finite(self) -> bool:
        raise RuntimeError("is_finite of a Decimal")

    __str__ = __format__ = is_finite  # type: ignore[assignment]


class LoudDate(dt.date):
    def isoformat(self) -> str:
        raise RuntimeError("isoformat of a date")

    __str__ = isoformat


class LoudZone(dt.tzinfo):
    def utcoffset(self, _when: dt.datetime | None) -> dt.timedelta:
        raise RuntimeError("offset of a zone")


class Liar:
    """An object whose class is a matter of opinion."""

    @property
    def __class__(self) -> Any:
        raise RuntimeError("the class of a liar")

    @__class__.setter
    def __class__(self, _value: object) -> None:
        raise RuntimeError("the class of a liar")


class LoudMap(dict[str, object]):
    """A mapping whose values cannot be had."""

    def get(self, _name: object, _default: object = None) -> Any:
        raise RuntimeError("get of a mapping")

    __getitem__ = get


class KeylessMap(dict[str, object]):
    def keys(self) -> Any:
        raise RuntimeError("keys of a mapping")

    __iter__ = keys


class Color(enum.Enum):
    RED = "other"
    NESTED = (1, 2)


class Loop(enum.Enum):
    SELF = "x"

    @property
    def value(self) -> Any:  # type: ignore[override]
        return self


@dataclasses.dataclass
class Finding:
    no: str
    part: int
    squad: str
    found_on: dt.date
    volume: Decimal
    media: bool
    matter: str


DEEP: list[object] = []
for _ in range(5_000):
    DEEP = [DEEP]
OWN: list[object] = []
OWN.append(OWN)

OBJECTS: list[object] = [
    *(0, -1, 10**40, -(10**5_000), True, False, None),
    *(0.1, 0.1 + 0.2, -0.0, 1e300, 5e-324, float("nan"), float("inf"), float("-inf")),
    *map(Decimal, ("NaN", "sNaN", "-Infinity", "1E+400", "1E-400", "1E+99999", "-0", "1.50", "0E-999999", "9" * 20)),
    *(Fraction(1, 3), Fraction(1, 8), 1j, b"bytes", bytearray(b"x"), memoryview(b"x")),
    *([], [1], {}, {"a": 1}, (), {1}, frozenset(), range(3), DEEP, OWN, object(), int, print, ..., NotImplemented),
    *(dt.date(2024, 3, 1), dt.date.min, dt.date.max, dt.datetime(2024, 3, 1, 12), dt.datetime.max, dt.time(12)),
    *(dt.datetime(2024, 3, 1, 12, 0, 0, 1), dt.datetime(2024, 3, 1, tzinfo=dt.timezone.utc)),  # noqa: UP017
    *(dt.datetime(2024, 3, 1, tzinfo=LoudZone()), dt.timedelta(1), LoudDate(2024, 3, 1)),
    *(Color.RED, Color.NESTED, Loop.SELF, Trap(), Spy(), Liar()),
    *(LoudText("东"), LoudInt(1), LoudFloat(1), LoudDecimal(1)),
]

TEXTS: list[str] = [
    *("", " ", "0", "-0", "1.50", "00012", "1.", ".5", "+1", "1e3", "1_000", "1,5", "１２", "٣", "0x10", "nan", "inf"),
    *("9" * 30, "9" * 31, "-" + "9" * 29, "0." + "0" * 28, "999999999999999", "1000000000000000", "--1", "1.2.3"),
    *("true", "True", "TRUE", "tRUE", "yes", "1 ", "\ttrue", "FALSE", "false\n"),
    *("2024-03-01", "2024-3-1", "2024-02-30", "0000-01-01", "9999-12-31", "2024-03-01T00:00:00", "2024-03-01 24:00"),
    *("2024-03-01 23:59", "2024-03-01T23:59:60", "2024-03-01T12:00:00Z", "２０２４-03-01", "2024-W09-5", "2024-03"),
    *("2024-13", "0000-01", "2024-Q1", "-001-01", "2024-00"),
    *("\x00", "a\x00b", "\ud800", "\udcff", "\U0010ffff", "\ufeff东", "东\u202e城", "e\u0301", "\u200b", "\r", "a\nb"),
    *(
        "a,b",
        '"',
        '""',
        '"a',
        "'",
        "a / b",
        " / ",
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "'; DROP TABLE finding; --",
        "{{7}}",
    ),
    *("$1", "%s%n", "\\", "\\u0041", "[bold]x[/bold]", "\x1b[31mred", "null", "None", "..."),
    *("a" * 10_000, "b" * 10_001, "界" * 1_000_000),
    *("垃圾", "占道", "other", "Other", "A", "B", "S1", "S2", "north", "河滩"),
]

GOOD: dict[str, list[object]] = {
    "no": ["1", "2", "3", "N-17", "编号"],
    "part": [1, "2", 3],
    "squad": ["S1", "S2", "S1", "S3"],
    "spot": ["桥头", None, ""],
    "area": ["north", "south", None],
    "found_on": ["2024-03-01", dt.date(2024, 2, 29), "2024-06-30"],
    "volume": ["1.50", Decimal("3.25"), 7, 0.5, "999.99"],
    "depth": [None, "0.125", Decimal("-1")],
    "media": [True, "false", "TRUE"],
    "matter": ["垃圾", "占道", Color.RED],
    "seen_at": [None, dt.datetime(2024, 3, 1, 8), "2024-03-01 08:00"],
    "remark": [None, "好", "x"],
    "id": ["c1", "c2", "c3"],
    "at": ["2024-03-01T08:00:00", dt.datetime(2024, 4, 1)],
    "late": [True, None, "false"],
    "period": ["2024-01", "2024-02", "2024-03"],
    "points": ["90", "80.50", 0],
    "name": ["S1", "S2", "S3", "S4"],
    "bureau": ["A", "B"],
    "size": ["1.5", 2],
    "note": [None, "x"],
    "quota": [1, "20"],
    "since_when": [None, "2020-01-01"],
    "since": [None, "2020-01-01", "2024-02-01"],
    "until": [None, "2024-03-15", "2019-01-01"],
}

COLUMNS = {
    # The first twelve of those above.
    "finding": list(GOOD)[:12],
    "call": ["id", "at", "squad", "late"],
    "rating": ["squad", "period", "points", "remark"],
    "bureau": ["name", "quota", "since_when", "since", "until"],
    "squad": ["name", "bureau", "size", "note", "since", "until"],
}
TARGETS: dict[str, list[Mapping[str, object]]] = {
    "bureau": [{"name": "A", "quota": 3}, {"name": "B", "quota": 0, "since_when": "2020-01-01"}],
    "squad": [
        {"name": "S1", "bureau": "A", "size": "1.5"},
        {"name": "S2", "bureau": "A", "size": 2, "since": "2024-02-01"},
        {"name": "S3", "bureau": "B", "size": 0, "until": dt.date(2024, 5, 1)},
    ],
}


def text(seed: random.Random) -> str:
    """A hostile text, or one made up of any characters."""
    if seed.random() < 0.8:
        return seed.choice(TEXTS)
    return "".join(chr(seed.randrange(0x110000)) for _ in range(seed.randrange(6)))


def value(seed: random.Random, column: str, harm: float) -> object:
    """A value of a column: with the probability `harm` a hostile one."""
    if seed.random() >= harm:
        return seed.choice(GOOD[column])
    return seed.choice(OBJECTS) if seed.random() < 0.5 else text(seed)


def rows(seed: random.Random, kind: str, number: int, harm: float) -> Iterator[dict[str, object]]:
    """Rows of a kind, most of them nearly right; some lack a column or bring one of their own."""
    columns = COLUMNS[kind]
    for place in range(number):
        row = {column: value(seed, column, harm) for column in columns}
        if "no" in row and seed.random() < 0.8:
            row["no"] = str(place)
        if seed.random() < harm / 4:
            row.pop(seed.choice(columns), None)
        if seed.random() < harm / 4:
            row[seed.choice(("more", "No", "备注"))] = seed.choice(OBJECTS)
        yield row
