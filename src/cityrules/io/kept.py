"""Input rows kept after they were read once, for questions that are asked of the same rows again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from cityrules.io.arrow import ArrowRows
from cityrules.io.parquet import ParquetRows
from cityrules.io.rows import RawRow, Rows


def kept(rows: Rows) -> Rows:
    """The rows of a source, read once: columns as the columns that they are, anything else row by row when they are
    first asked for. Raises DataError for a Parquet file that is damaged."""
    if isinstance(rows, ParquetRows):
        return ArrowRows(rows.table(), rows.name)
    return rows if isinstance(rows, ArrowRows) else KeptRows(rows)


class KeptRows:
    """The rows of a source, which is read at the first question and never again; they stay in memory."""

    def __init__(self, rows: Rows) -> None:
        self._source = rows

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def columns(self) -> tuple[str, ...]:
        return self._source.columns

    @property
    def optional_columns(self) -> bool:
        return self._source.optional_columns

    @cached_property
    def _kept(self) -> tuple[RawRow, ...]:
        return tuple(self._source.rows())

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the source."""
        return iter(self._kept)
