"""Arrow columns as input rows, and tables of other libraries that hand themselves over as Arrow streams (pyarrow,
Polars, DuckDB). Knows pyarrow, which is imported on use, and no file.

Every value becomes the text that the same value would have in a CSV file. Columns whose type has no such text (lists,
structures, bytes, times with a zone) are not among `columns`; a kind that declares one of them is told its type.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cityrules.io.columns import check_header
from cityrules.io.files import failure
from cityrules.io.normal import Bad, float_text, to_text
from cityrules.io.rows import DataError, RawRow

NO_PYARROW: Final = "CR568"
NOT_ARROW: Final = "CR569"

_BATCH: Final = 16_384

Texts = list[str | None]
Cell = tuple[str | None, Bad | None]


class ArrowRows:
    """A table that gives itself as an Arrow stream (`__arrow_c_stream__`); a stream that can be read once is kept.

    Raises `DataError` without pyarrow, and for what turns out to be no table.
    """

    def __init__(self, thing: object, name: str) -> None:
        self.name = name
        try:
            import pyarrow
        except ImportError:
            raise failure(NO_PYARROW, source=name, type=type(thing).__name__) from None
        try:
            self.table: Any = pyarrow.table(thing)
        except Exception as problem:
            # The stream is made by another library: what it raises is anything.
            reason = " ".join(str(problem).split())[:200]
            raise failure(NOT_ARROW, source=name, type=type(thing).__name__, reason=reason) from None
        self.columns, self.unreadable_columns = readable_columns(self.table.schema, name)
        # A table has a header like a file; only one without any column may stand for no rows at all.
        self.optional_columns = not self.table.num_columns

    def rows(self) -> Iterator[RawRow]:
        """The rows in their order, read anew at each call."""
        return raw_rows(self.table.select(list(self.columns)).to_batches(max_chunksize=_BATCH))


def readable_columns(schema: Any, source: str) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """The columns that can be made texts, and the others with the name of their type. Raises `DataError`."""
    if problems := check_header(schema.names, source):
        raise DataError(problems)
    readable = {field.name: _readable(field.type) for field in schema}
    unreadable = {field.name: str(field.type) for field in schema if not readable[field.name]}
    return tuple(column for column, good in readable.items() if good), unreadable


def raw_rows(batches: Any) -> Iterator[RawRow]:
    """The rows of record batches, numbered from 1."""
    number = 0
    for batch in batches:
        bad: dict[int, Bad] = {}
        columns = [_texts(batch.column(index), bad) for index in range(batch.num_columns)]
        texts: Iterator[tuple[str | None, ...]] = zip(*columns, strict=True) if columns else iter([()] * batch.num_rows)
        for index, row in enumerate(texts):
            number += 1
            yield RawRow(number, row, bad.get(index) if bad else None)


def _readable(type_: Any) -> bool:
    from pyarrow import types

    if types.is_dictionary(type_):
        return _readable(type_.value_type)
    if types.is_timestamp(type_):
        return type_.tz is None
    return bool(
        types.is_null(type_)
        or types.is_boolean(type_)
        or types.is_integer(type_)
        or types.is_floating(type_)
        or types.is_decimal(type_)
        or types.is_string(type_)
        or types.is_large_string(type_)
        or types.is_string_view(type_)
        or types.is_date(type_)
    )


def _texts(array: Any, bad: dict[int, Bad]) -> Texts:
    """The texts of one column; the rows of values without a text are noted in `bad`."""
    from pyarrow import types

    type_ = array.type
    if types.is_dictionary(type_):
        words = _texts_of_words(array.dictionary)
        cells = [(None, None) if at is None else words[at] for at in array.indices.to_pylist()]
        return _noted(cells, bad)
    if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        try:
            return [text or None for text in array.to_pylist()]
        except UnicodeDecodeError:
            return _noted([_string(value) for value in array], bad)
    if types.is_integer(type_):
        return [None if value is None else str(value) for value in array.to_pylist()]
    if types.is_timestamp(type_):
        return _noted([_timestamp(value, type_.unit) for value in array], bad)
    if types.is_date(type_):
        return _noted([_day(value) for value in array], bad)
    convert = _converter(type_)
    return _noted([convert(value) for value in array.to_pylist()], bad)


def _texts_of_words(array: Any) -> list[Cell]:
    bad: dict[int, Bad] = {}
    texts = _texts(array, bad)
    return [(text, bad.get(at)) for at, text in enumerate(texts)]


def _noted(cells: list[Cell], bad: dict[int, Bad]) -> Texts:
    for index, (_, reason) in enumerate(cells):
        if reason is not None and bad.get(index) != "encoding":
            bad[index] = reason
    return [text for text, _ in cells]


def _converter(type_: Any) -> Callable[[Any], Cell]:
    from pyarrow import types

    if types.is_float32(type_) or types.is_float16(type_):
        # The digits of a small float are those that give it back as a small float. Halves are exact as singles.
        return lambda value: (None, None) if value is None else float_text(float(value), single=True)
    return to_text


def _string(value: Any) -> Cell:
    try:
        return value.as_py() or None, None
    except UnicodeDecodeError:
        return to_text(value.as_buffer().to_pybytes().decode("utf-8", "surrogateescape"))


_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_EPOCH: Final = dt.datetime(1970, 1, 1)
_DIGITS: Final = {"s": 0, "ms": 3, "us": 6, "ns": 9}


def _timestamp(value: Any, unit: str) -> Cell:
    """`YYYY-MM-DDTHH:MM:SS`; parts of a second are written, and the grammar of timestamps will not accept them."""
    if value.value is None:
        return None, None
    seconds, part = divmod(value.value, _PER_SECOND[unit])
    try:
        text = (_EPOCH + dt.timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return f"<timestamp {value.value} {unit}>", "type"
    return (f"{text}.{part:0{_DIGITS[unit]}d}" if part else text), None


def _day(value: Any) -> Cell:
    """`YYYY-MM-DD`; days that no calendar of four-digit years has are bad."""
    try:
        return to_text(value.as_py())
    except (OverflowError, ValueError):
        return f"<date {value.value}>", "type"
