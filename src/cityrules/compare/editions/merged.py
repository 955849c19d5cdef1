"""The tables of several editions as one: of every row the edition that it is by stands in the last column."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from cityrules.calendar.periods import Periods
from cityrules.compare.editions.carried import day_of
from cityrules.compare.editions.edition import Edition, judge, judge_of_day
from cityrules.compare.editions.guarded import is_helper
from cityrules.engines.base import Outcome
from cityrules.engines.firsts import FirstDays, placed
from cityrules.plan.model import Duty, Plan
from cityrules.results.tables import SHAPES, Cell, Column, Row, Shape, Table
from cityrules.scheme.notation import Grain, joined_name

EDITION: Final = "edition"
_NAMED_BY: Final = {"consequences": "consequence", "problems": "name"}
_MEASURES: Final = ("ledger", "values", "grades", "ranks", "inputs")


def with_edition(shape: Shape) -> Shape:
    """The shape of a table of several editions."""
    return replace(shape, columns=(*shape.columns, Column(EDITION)))


def merged(
    editions: Sequence[Edition], outcomes: Sequence[Outcome], firsts: Sequence[FirstDays], of_none: Sequence[Row]
) -> dict[str, Table]:
    """All tables: the rows of each edition in their own order, one edition after the other; and `editions`. `of_none`:
    the rejects that no edition tells, since it does not have their kind."""
    ones = [_Rows(editions, at, outcomes[at], firsts[at]) for at in range(len(editions))]
    found = {name: _table(name, ones, outcomes, of_none if name == "rejects" else ()) for name in SHAPES}
    # What is told of the inputs (their corrections) is no edition's.
    found |= {name: table for name, table in outcomes[-1].tables.items() if name not in SHAPES}
    found["editions"] = Table(EDITIONS, lambda: iter(_told(editions)))
    return found


EDITIONS: Final = Shape(
    "editions", (Column("edition"), Column("scheme"), Column("from", "date"), Column("until", "date"))
)


def _told(editions: Sequence[Edition]) -> list[Row]:
    return [(one.name, one.plan.scheme, None if one.first == dt.date.min else one.first, one.until) for one in editions]


def _table(name: str, ones: Sequence[_Rows], outcomes: Sequence[Outcome], more: Sequence[Row]) -> Table:
    digits: dict[str, int] = {}
    for outcome in outcomes:
        for column, number in outcome.tables[name].digits.items():
            digits[column] = max(number, digits.get(column, 0))

    def rows() -> Iterator[Row]:
        told: set[tuple[Cell, ...]] = set()
        for one in ones:
            for row in one.of(name):
                if name == "rejects" and row[:3] in told:
                    continue
                if name == "rejects":
                    told.add(row[:3])
                yield (*row, one.edition.name)
        yield from more

    return Table(with_edition(SHAPES[name]), rows, digits)


class _Rows:
    """The rows of one edition's run that are its own."""

    def __init__(self, editions: Sequence[Edition], at: int, outcome: Outcome, firsts: FirstDays) -> None:
        self.edition = editions[at]
        self._editions, self._at, self._outcome, self._firsts = editions, at, outcome, firsts
        self._plan: Plan = self.edition.plan
        self._known: dict[tuple[str, Cell, Cell, Cell], bool] = {}

    def of(self, table: str) -> Iterator[Row]:
        """The own rows of a table, in its order."""
        if len(self._editions) == 1:
            return self._outcome.tables[table].rows()
        own: Callable[[Mapping[str, Cell]], bool]
        own = {"rejects": self._own_reject, "record_values": self._own_record}.get(table, self._own)
        by = _NAMED_BY.get(table, "measure")
        columns = SHAPES[table].names
        named = ((row, dict(zip(columns, row, strict=True))) for row in self._outcome.tables[table].rows())
        return (
            row for row, cells in named if not is_helper(str(cells.get(by))) and own({**cells, "name": cells.get(by)})
        )

    def _own(self, cells: Mapping[str, Cell]) -> bool:
        if cells.get("record") is not None and ("cause" in cells or "act" in cells):
            return self._own_record(cells)
        key = (str(cells["name"]), cells["target"], cells["period"], cells["dimension"])
        if key not in self._known:
            self._known[key] = self._judge(*key) == self._at
        return self._known[key]

    def _judge(self, name: str, target: Cell, period: Cell, dimension: Cell) -> int:
        """Whose a cell is; without a period that of the end of what is assessed, of a withheld measure, too."""
        if period is None:
            return len(self._editions) - 1
        one = self._plan.measures.get(name) or self._plan.consequences.get(name) or self._plan.checks.get(name)
        periods: Periods = self._plan.periods
        try:
            kind, index = periods.parse(str(period))
        except ValueError:
            return self._judge_of_days(str(period))
        if one is not None and not isinstance(one, Duty) and periods[kind].whose is not None:
            dimensions = str(dimension).split(" / ") if dimension is not None else []
            cell = joined_name((str(target or ""), *dimensions))
            found = placed(self._plan, Grain(one.grain.kind, kind), (cell, index), self._firsts)
            index = found[1] if found is not None and found[1] is not None else index
        return judge(self._editions, kind, periods.start_of(kind, index), periods.last_day_of(kind, index))

    def _judge_of_days(self, interval: str) -> int:
        """Whose an interval of a duty is, `2024-02-05..2024-02-19`: that in force on its last day."""
        return judge_of_day(self._editions, dt.date.fromisoformat(interval.rpartition("..")[2]))

    def _own_record(self, cells: Mapping[str, Cell]) -> bool:
        day = day_of(self._plan, self._outcome, str(cells["record_kind"]), str(cells["record"]))
        if day is None:
            period = cells.get("period")
            return period is None or self._judge(str(cells["name"]), None, period, None) == self._at
        return judge_of_day(self._editions, day) == self._at

    def _own_reject(self, cells: Mapping[str, Cell]) -> bool:
        """Whether a row that was not used is dated in the edition's own time; what has no day is told by whoever says
        so first."""
        record = self._plan.records.get(str(cells["kind"]))
        if record is None:
            return True
        said = json.loads(str(cells["values"])).get(record.dated or "period")
        try:
            if record.dated is not None:
                return judge_of_day(self._editions, dt.date.fromisoformat(str(said)[:10])) == self._at
            kind, index = self._plan.periods.parse(str(said))
            if self._plan.periods[kind].whose is not None:
                return True
            first, last = self._plan.periods.start_of(kind, index), self._plan.periods.last_day_of(kind, index)
        except (ValueError, OverflowError):
            return True
        return judge(self._editions, kind, first, last) == self._at
