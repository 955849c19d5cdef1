"""One way in: whatever a caller has, as input rows. Chooses the reader; reads nothing itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Final

from cityrules.io.csv import CsvRows
from cityrules.io.files import failure, format_of
from cityrules.io.listed import ListRows
from cityrules.io.parquet import ParquetRows
from cityrules.io.rows import Rows

NOT_A_TABLE: Final = "CR542"


def open_rows(thing: object, name: str = "") -> Rows:
    """`thing` as input rows: a path (CSV, gzip CSV or Parquet, told by the content), an iterable of mappings, pydantic
    models or dataclasses, or rows that are rows already.

    Files are called by their path, everything else by `name`. Raises `DataError`.
    """
    if isinstance(thing, (str, os.PathLike)):
        path = os.fspath(thing)
        if isinstance(path, bytes):
            path = os.fsdecode(path)
        return ParquetRows(path) if format_of(path) == "parquet" else CsvRows(path)
    if callable(getattr(thing, "rows", None)) and hasattr(thing, "columns"):
        return thing  # type: ignore[return-value]  # A table of the caller's own that keeps the protocol.
    if isinstance(thing, Iterable) and not isinstance(thing, (Mapping, bytes, bytearray)) and _plain(thing):
        return ListRows(name, thing)
    raise failure(NOT_A_TABLE, source=name, type=type(thing).__name__)


def open_sources(thing: object, name: str = "") -> tuple[Rows, ...]:
    """Like `open_rows`, but a list of paths (or of rows) is several sources of one kind, in that order."""
    if isinstance(thing, (list, tuple)) and thing and all(_is_source(one) for one in thing):
        return tuple(open_rows(one, name) for one in thing)
    return (open_rows(thing, name),)


def _is_source(thing: object) -> bool:
    return isinstance(thing, (str, os.PathLike)) or (
        callable(getattr(thing, "rows", None)) and hasattr(thing, "columns")
    )


def _plain(thing: object) -> bool:
    """Tables of other libraries are iterable too, but over their columns."""
    return not any(hasattr(thing, sign) for sign in ("columns", "to_pylist", "__dataframe__", "__arrow_c_stream__"))
