"""Result tables as Arrow: exact decimals, days, whole numbers and flags in their own types. pyarrow comes on use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Final, TypeVar

from cityrules.io.files import failure
from cityrules.io.parquet import NO_PYARROW
from cityrules.results.tables import Cell, Row, Table

BATCH: Final = 65_536

_Done = TypeVar("_Done")


def arrow_table(table: Table) -> Any:
    """A result table as `pyarrow.Table`. Raises `DataError` without pyarrow."""

    def whole(schema: Any, batches: Iterator[Any]) -> Any:
        import pyarrow as pa

        return pa.concat_tables([schema.empty_table(), *batches])

    return through_arrow(table, whole, table.name)


def through_arrow(table: Table, use: Callable[[Any, Iterator[Any]], _Done], source: str) -> _Done:
    """What `use` makes of the schema of a table and its rows: tables of `BATCH` rows, so that equal rows make equal
    files whoever made the batches. It is called again, where numbers turn out to have more than 38 digits.

    Raises `DataError`, which names `source`, without pyarrow.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise failure(NO_PYARROW, source=source) from None
    try:
        schema = _schema(table, lambda digits: pa.decimal128(38, digits), pa)
        made = table.batches(BATCH) if table.batches is not None else _batches(table.rows(), schema, pa)
        return use(schema, _of_one_length(made, schema, pa))
    except (ArithmeticError, pa.ArrowInvalid):
        schema = _schema(table, lambda digits: pa.decimal256(76, digits), pa)
        return use(schema, _of_one_length(_batches(table.rows(), schema, pa), schema, pa))


def storable_text(text: str) -> str:
    """A text that UTF-8 can hold: half a surrogate pair stands as its number."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _schema(table: Table, decimal: Callable[[int], Any], pa: Any) -> Any:
    simple = {"text": pa.string(), "integer": pa.int64(), "flag": pa.bool_(), "date": pa.date32()}
    types = [
        decimal(table.digits[column.name]) if column.type == "number" else simple[column.type]
        for column in table.shape.columns
    ]
    return pa.schema(list(zip(table.shape.names, types, strict=True)))


def _of_one_length(batches: Iterator[Any], schema: Any, pa: Any) -> Iterator[Any]:
    """The rows of some batches as tables of `BATCH` rows each; the last may be shorter, and is there in any case."""
    held = schema.empty_table()
    for batch in batches:
        held = pa.concat_tables([held, pa.Table.from_batches([batch], schema)])
        while held.num_rows > BATCH:
            yield held.slice(0, BATCH).combine_chunks()
            held = held.slice(BATCH)
    yield held.combine_chunks()


def _batches(rows: Iterator[Row], schema: Any, pa: Any) -> Iterator[Any]:
    while some := list(islice(rows, BATCH)):
        yield _batch(some, schema, pa)


def _batch(rows: list[Row], schema: Any, pa: Any) -> Any:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
    pairs = zip(columns, schema.types, strict=True)
    arrays = [pa.array(_storable(column, type_, pa), type_) for column, type_ in pairs]
    return pa.record_batch(arrays, schema=schema)


def _storable(column: tuple[Cell, ...], type_: Any, pa: Any) -> list[Any]:
    if type_ != pa.string():
        return list(column)
    return [None if text is None else storable_text(str(text)) for text in column]
