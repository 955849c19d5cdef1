"""The shape of an assessment: the columns of every table. One shape, whichever engine filled it.

Rows are plain tuples in column order. Numbers are `Decimal` with exactly the scale of their measure (so that text, CSV
and Parquet agree), periods and cells are names (`2015-03`), what does not apply is None. Each table has one stated
order of rows, so that two engines produce equal files.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from cityrules.scheme.notation import parts_of, split_name

Cell = str | int | bool | Decimal | dt.date | None
Row = tuple[Cell, ...]
ColumnType = Literal["text", "number", "integer", "flag", "date"]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: ColumnType = "text"


@dataclass(frozen=True, slots=True)
class Shape:
    """The name and columns of one table."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _shape(name: str, columns: str) -> Shape:
    parts = [column.partition(":") for column in columns.split()]
    types: dict[str, ColumnType] = {"n": "number", "i": "integer", "f": "flag", "d": "date", "": "text"}
    return Shape(name, tuple(Column(part[0], types[part[2]]) for part in parts))


SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        # One movement of points. `points` is what counts; the sum of a cell's points is its score.
        _shape(
            "ledger",
            "target_kind target period measure line:i rule clause record_kind record price:n quantity:n nominal:n "
            "points:n replaced_by provisional:f dimension",
        ),
        # One measure of one target in one period. state: value, missing or undetermined.
        _shape("values", "target_kind target period measure value unit state provisional:f dimension"),
        # One measure of one record.
        _shape("record_values", "record_kind record measure value unit state"),
        _shape("grades", "target_kind target period measure grade value clause provisional:f dimension"),
        _shape(
            "ranks",
            "target_kind target period measure group place:i tied:i size:i value clause provisional:f dimension",
        ),
        _shape(
            "consequences",
            "target_kind target period date:d consequence step act options act_kind to decision decided_by level "
            "amount least most unit starts:d due:d until:d ended_by evidence clause record_kind record provisional:f "
            "dimension",
        ),
        # What a mean, a portion, a weighted sum or a share was made of.
        # state: used, missing, replaced (by the stated value), absent.
        _shape("inputs", "target_kind target period measure input value state dimension"),
        # What could not be determined, and checks that did not hold.
        _shape(
            "problems",
            "level name target_kind target period record_kind record cause detail clause provisional:f dimension",
        ),
        # One input row that was not used. `reasons`: `field: code`, sorted, joined by `; `. `values`: the row as JSON.
        _shape("rejects", "kind source row:i key reasons values"),
    )
}


DIMENSION: Final = "dimension"
"""The last column of tables about cells: the values of the dimensions of a target, joined by ` / `; None without."""


def inner_columns(name: str) -> tuple[str, ...]:
    """The columns of a table as engines fill it: without `dimension`, with targets by dimension under one key."""
    return tuple(column for column in SHAPES[name].names if column != DIMENSION)


@dataclass(frozen=True, slots=True)
class Table:
    """A result table: its shape, and its rows, made anew at every call of `rows`.

    `digits`: how many a typed file needs after the point of each column of numbers, whatever rows there are.
    `batches`, where an engine can do so faster than by rows: the same rows as Arrow record batches of about the length
    asked for, numbers as decimals of 38 digits. Raises ArithmeticError where those are not enough.
    `save`, where an engine writes Parquet faster than through Arrow: the same rows, in the same types, into a new file;
    the answer is their number. Raises ArithmeticError where numbers are too long for it, OSError.
    `inner`: the rows as engines fill them, where that is something else (`inner_columns`).
    `some`, where an engine can pass over the others: the rows about some names, in the same order; `inner_some`: those
    of `inner`.
    """

    shape: Shape
    rows: Callable[[], Iterator[Row]]
    digits: Mapping[str, int] = field(default_factory=dict)
    batches: Callable[[int], Iterator[Any]] | None = None
    save: Callable[[str], int] | None = None
    inner: Callable[[], Iterator[Row]] | None = None
    some: Callable[[Container[str]], Iterator[Row]] | None = None
    inner_some: Callable[[Container[str]], Iterator[Row]] | None = None

    @property
    def name(self) -> str:
        return self.shape.name

    def about(self, names: Container[str]) -> Iterator[Row]:
        """The rows about some measures, consequences and checks, in the order of all. Not of `rejects`."""
        if self.some is not None:
            return self.some(names)
        place = self.shape.names.index(_NAMED_IN.get(self.name, "measure"))
        return (row for row in self.rows() if row[place] in names)


_NAMED_IN: Final = {"consequences": "consequence", "problems": "name"}
"""The column that says what a row is about, where it is not `measure`."""


def table_of(
    name: str,
    rows: Callable[[], Iterator[Row]],
    digits: Mapping[str, int] | None = None,
    batches: Callable[[int], Iterator[Any]] | None = None,
    save: Callable[[str], int] | None = None,
    some: Callable[[Container[str]], Iterator[Row]] | None = None,
) -> Table:
    """A table out of the rows of an engine: the key of a target by dimension is told in two columns."""
    if DIMENSION not in SHAPES[name].names:
        return Table(SHAPES[name], rows, digits or {}, batches, save, None, some, some)
    columns = inner_columns(name)
    kind_at, target_at = columns.index("target_kind"), columns.index("target")

    def told(found: Iterator[Row]) -> Iterator[Row]:
        for row in found:
            kind, key = row[kind_at], row[target_at]
            if not isinstance(kind, str) or not isinstance(key, str) or " " not in kind:
                yield (*row, None)
                continue
            cells = list(row)
            cells[kind_at] = parts_of(kind)[0]
            cells[target_at], *values = split_name(key)
            yield (*cells, " / ".join(values))

    about = None if some is None else lambda names: told(some(names))
    return Table(SHAPES[name], lambda: told(rows()), digits or {}, batches, save, rows, about, some)
