"""Parquet files as input rows, through pyarrow (extra `sql`), which is imported when the first file is opened.

What becomes of their columns is decided in `io.arrow`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from cityrules.io.arrow import raw_rows, readable_columns
from cityrules.io.files import failure, format_of, unreadable
from cityrules.io.rows import DataError, RawRow

NO_PYARROW: Final = "CR530"
DAMAGED: Final = "CR531"

_BATCH: Final = 16_384


class ParquetRows:
    """A Parquet file. `unreadable_columns`: the columns that cannot be made texts, with the name of their type.

    Raises `DataError` without pyarrow, and for a file that cannot be opened or is damaged.
    """

    optional_columns = False

    def __init__(self, path: str | Path, name: str | None = None) -> None:
        self.name = str(path) if name is None else name
        self._path = str(path)
        format_of(path)
        with self._open() as file:
            self.columns, self.unreadable_columns = readable_columns(file.schema_arrow, self.name)

    @property
    def path(self) -> str:
        """The file, for engines that read it in their own way: to the same texts."""
        return self._path

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the file, read anew at each call."""
        with self._open() as file:
            yield from raw_rows(self._batches(file))

    def table(self) -> Any:
        """The whole file as an Arrow table, read anew at each call."""
        with self._open() as file:
            try:
                return file.read()
            except Exception as problem:
                raise self._damaged(problem) from None

    def _batches(self, file: Any) -> Iterator[Any]:
        batches = file.iter_batches(batch_size=_BATCH, columns=list(self.columns), use_threads=False)
        while True:
            try:
                batch = next(batches, None)
            except Exception as problem:
                raise self._damaged(problem) from None
            if batch is None:
                return
            yield batch

    def _open(self) -> Any:
        try:
            from pyarrow.parquet import ParquetFile
        except ImportError:
            raise failure(NO_PYARROW, source=self.name) from None
        try:
            return ParquetFile(self._path)
        except Exception as problem:
            # What pyarrow raises for a file that is not sound is anything between OSError and RuntimeError.
            raise self._damaged(problem) from None

    def _damaged(self, problem: Exception) -> DataError:
        if isinstance(problem, OSError) and problem.strerror:
            return unreadable(self.name, problem)
        return failure(DAMAGED, source=self.name, reason=" ".join(str(problem).split())[:200])
