"""The arithmetic of periods in the database against that of the calendar, kind by kind and day by day."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from typing import Literal

import duckdb
import pytest

from cityrules.calendar import kinds
from cityrules.calendar.kinds import PeriodKind
from cityrules.calendar.periods import Periods
from cityrules.engines.sql import periods as arithmetic
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import text_of
from cityrules.plan.bounds import EPOCH
from cityrules.scheme.notation import Window

MONTH = kinds.BUILT_IN["month"]
KINDS = (
    *kinds.BUILT_IN.values(),
    replace(kinds.BUILT_IN["week"], belongs="by Thursday"),
    replace(kinds.BUILT_IN["week"], belongs="by last day"),
    kinds.window("own", MONTH, 28, "by last day"),
    kinds.window("own", MONTH, 30, "by first day"),
    kinds.window("own", kinds.BUILT_IN["quarter"], 15, "by last day"),
    kinds.seasons("own", {"cold": (11, 15), "warm": (3, 15)}, "by first day"),
    kinds.seasons("own", {"school": (9, 1)}, "by last day"),
    kinds.cycle("own", 10, "days", dt.date(2015, 1, 7), "by last day"),
    kinds.cycle("own", 5, "months", dt.date(2015, 3, 20), "by first day"),
)


def days() -> list[dt.date]:
    rng = random.Random(7)
    near = [dt.date(2014, 11, 1) + dt.timedelta(days=number) for number in range(0, 900, 3)]
    far = [dt.date(2, 1, 1) + dt.timedelta(days=rng.randrange(9_995 * 365)) for _ in range(100)]
    edges = [dt.date(year, 12, day) for year in (1999, 2015, 2016, 2020, 2026) for day in range(26, 32)]
    return [*near, *far, *edges, dt.date(2016, 2, 29), dt.date(1600, 2, 29), dt.date(2100, 3, 1)]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.form} {kind.steps} {kind.belongs}")
def test_the_database_counts_like_the_calendar(kind: PeriodKind) -> None:
    known = Periods({**kinds.BUILT_IN, kind.name: kind})
    index, day = sql.column("p"), sql.column("d")
    longer = [name for name in ("month", "quarter", "year") if known.within(kind.name, name)]
    outputs = {
        "found": arithmetic.of_day(kind, day),
        "start": arithmetic.start(kind, index),
        "last_day": arithmetic.last_day(kind, index),
        "number": arithmetic.number(kind, index),
        "name": arithmetic.name(kind, index),
        "parsed": arithmetic.parsed(kind, arithmetic.name(kind, index)),
        **({"back": arithmetic.back(kind, index, "year")} if kind.returns else {}),
        **{f"in_{name}": arithmetic.containing(kind, index, known[name]) for name in longer},
        **{f"of_{name}_{end}": tree for name in longer for end, tree in _window(known, kind.name, name).items()},
    }
    query = sql.select(outputs, sql.table("days"))
    connection = duckdb.connect()
    connection.execute("CREATE TABLE days (d BIGINT, p BIGINT)")
    rows = [(one, kind.index_of(one)) for one in days()]
    connection.executemany("INSERT INTO days VALUES (?, ?)", [((one - EPOCH).days, at) for one, at in rows])
    found = connection.execute(text_of(query)).fetchall()
    for (one, at), values in zip(rows, found, strict=True):
        named = kind.first is None or at >= kind.first
        expected: dict[str, object] = {
            "found": at,
            "start": (kind.start(at) - EPOCH).days,
            "last_day": (kind.last_day(at) - EPOCH).days,
            "number": kind.number(at),
            "name": kind.called(at),
            "parsed": at,
            **({"back": kind.before_a_year(at)} if kind.returns else {}),
            **{f"in_{name}": known.containing(kind.name, at, name) for name in longer},
        }
        for name in longer:
            whole = known.inside(kind.name, name, known.index_of(name, kind.start(at)))
            expected |= {f"of_{name}_first": whole.start, f"of_{name}_last": whole.stop - 1}
        got = dict(zip(outputs, values, strict=True))
        if not named:
            # Before its first day a cycle has no periods, and so no names.
            del got["name"], got["parsed"], expected["name"], expected["parsed"]
        assert got == expected, one


def _window(known: Periods, kind: str, longer: str) -> dict[str, sql.E]:
    """The periods inside the longer one that the first day of a period lies in."""
    whole = arithmetic.of_day(known[longer], arithmetic.start(known[kind], sql.column("p")))
    first, last = arithmetic.elements(known, kind, longer, whole, None)
    assert first is not None
    return {"first": first, "last": last}


def test_a_window_without_a_first_period() -> None:
    known = Periods(kinds.BUILT_IN)
    unit, first, last = arithmetic.window(known, "month", sql.column("p"), Window("ever"))
    assert (unit, first, last.sql()) == ("month", None, '"p"')


@pytest.mark.parametrize("unit", ["days", "months"])
@pytest.mark.parametrize("count", [1, 5, 12])
def test_the_database_counts_from_everybodys_own_day(unit: Literal["days", "months"], count: int) -> None:
    kind = kinds.cycle_of("own", count, unit, "a.since")
    longer = kinds.cycle_of("longer", count * 3, unit, "a.since")
    month = replace(MONTH, belongs="by last day")
    known = Periods({**kinds.BUILT_IN, "month": month, "own": kind, "longer": longer})
    rng = random.Random(5)
    firsts = [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(1960, 8, 31), dt.date(9998, 7, 31)]
    firsts += [dt.date(1950, 1, 1) + dt.timedelta(rng.randrange(50_000)) for _ in range(20)]
    rows = [
        (begins, min(dt.date.max, begins + dt.timedelta(rng.randrange(1500) - 40 if begins.year < 9000 else 300)))
        for begins in firsts
        for _ in range(30)
    ]
    index, day, begins = sql.column("p"), sql.column("d"), sql.column("b")
    outputs = {
        "found": arithmetic.of_day(kind, day, begins),
        "start": arithmetic.start(kind, index),
        "after": arithmetic.start(kind, sql.add(index, sql.number(1))),
        "number": arithmetic.number(kind, index),
        "name": arithmetic.name(kind, index),
        "longer": arithmetic.containing(kind, index, longer),
        "early": arithmetic.start(kind, sql.sub(index, sql.number(2_000_000))),
        "late": arithmetic.start(kind, sql.add(index, sql.number(2_000_000))),
    }
    for end, tree in zip(
        ("first", "last"), arithmetic.elements(known, "own", "longer", sql.column("q"), None), strict=True
    ):
        assert tree is not None
        outputs[end] = tree
    if count == 12 and unit == "months":
        for end, tree in zip(("from", "to"), arithmetic.elements(known, "month", "own", index, None), strict=True):
            assert tree is not None
            outputs[end] = tree
    connection = duckdb.connect()
    connection.execute("CREATE TABLE days (d BIGINT, b BIGINT, p BIGINT, q BIGINT)")
    known_rows = [(one, first, kind.index_of(one, first)) for first, one in rows]
    numbers = [
        ((one - EPOCH).days, (first - EPOCH).days, at, longer.index_of(one, first)) for one, first, at in known_rows
    ]
    connection.executemany("INSERT INTO days VALUES (?, ?, ?, ?)", numbers)
    found = connection.execute(text_of(sql.select(outputs, sql.table("days")))).fetchall()
    for (one, first, at), values in zip(known_rows, found, strict=True):
        got = dict(zip(outputs, values, strict=True))
        whole = longer.index_of(one, first)
        expected = {
            "found": at,
            "start": (kind.start(at) - EPOCH).days,
            "after": (kind.start(at + 1) - EPOCH).days,
            "number": kind.number(at),
            "name": kind.called(at),
            "longer": whole,
            "early": (kind.start(at - 2_000_000) - EPOCH).days,
            "late": (kind.start(at + 2_000_000) - EPOCH).days,
        }
        inside, ends = known.inside("own", "longer", whole), (got.pop("first"), got.pop("last"))
        # One that goes on beyond the calendar is never assessed.
        assert ends == (inside.start, inside.stop - 1) or longer.start(whole + 1) == dt.date.max
        if "from" in got:
            months = known.inside("month", "own", at)
            assert (got.pop("from"), got.pop("to")) == (months.start, months.stop - 1)
        assert got == expected, (one, first)
