"""One way in: whatever a caller has, as input rows. Chooses the reader; reads nothing itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from cityrules.io.arrow import ArrowRows
from cityrules.io.csv import CsvRows
from cityrules.io.files import failure, format_of
from cityrules.io.frame import FrameRows, is_frame
from cityrules.io.listed import ListRows
from cityrules.io.parquet import ParquetRows
from cityrules.io.rows import Rows
from cityrules.io.sheet import SheetRows, sheet_of

NOT_A_TABLE: Final = "CR542"


def open_rows(thing: object, name: str = "") -> Rows:
    """`thing` as input rows: a path (CSV, gzip CSV, Parquet or Excel, told by the content; `FILE!SHEET` for one of
    several sheets), a data frame of pandas, anything that gives itself as an Arrow stream (tables of pyarrow, Polars,
    DuckDB), an iterable of mappings, pydantic models or dataclasses, or rows that are rows already (`CsvRows` with
    another encoding, `SheetRows` with a header further down).

    Files are called by their path, everything else by `name`. Raises `DataError`.
    """
    if _is_path(thing):
        return _open_file(
            str.__str__(thing) if isinstance(thing, str) else os.fsdecode(cast("os.PathLike[str]", thing))
        )
    if is_frame(thing):
        return FrameRows(thing, name)
    if _is_stream(thing):
        return ArrowRows(thing, name)
    if _is_table(thing):
        return cast(Rows, thing)  # A table of the caller's own that keeps the protocol.
    if _is_list(thing):
        return ListRows(name, cast(Iterable[object], thing))
    raise failure(NOT_A_TABLE, source=name, type=type(thing).__name__)


def _open_file(path: str) -> Rows:
    if (sheet := sheet_of(path)) is not None:
        return SheetRows(*sheet)
    match format_of(path):
        case "parquet":
            return ParquetRows(path)
        case "workbook":
            return SheetRows(path)
    return CsvRows(path)


def open_sources(thing: object, name: str = "") -> tuple[Rows, ...]:
    """Like `open_rows`, but a list of paths, of tables or of lists is several sources of one kind, in that order."""
    if type(thing) in (list, tuple):
        parts = tuple(cast(Sequence[object], thing))
        if parts and all(_is_whole(one) for one in parts):
            return tuple(open_rows(one, name) for one in parts)
    return (open_rows(thing, name),)


# An object is judged by its real type: what it says of its own class is not asked.


def _is_path(thing: object) -> bool:
    return issubclass(type(thing), (str, os.PathLike))


def _is_whole(thing: object) -> bool:
    """Whether a thing is a table and not a row of one."""
    return _is_path(thing) or type(thing) is list or is_frame(thing) or _is_stream(thing) or _is_table(thing)


def _is_stream(thing: object) -> bool:
    return _has(type(thing), "__arrow_c_stream__")


def _is_table(thing: object) -> bool:
    return _has(thing, "rows") and _has(thing, "columns") and not issubclass(type(thing), (Mapping, type))


def _is_list(thing: object) -> bool:
    """Tables of other libraries are iterable too, but over their columns."""
    if not issubclass(type(thing), Iterable) or issubclass(type(thing), (Mapping, bytes, bytearray, memoryview, type)):
        return False
    return not any(_has(thing, sign) for sign in ("columns", "to_pylist", "__dataframe__", "__arrow_c_stream__"))


def _has(thing: object, name: str) -> bool:
    try:
        return hasattr(thing, name)
    except Exception:
        return False
