"""Result tables out to files: CSV, JSON, Parquet, Excel. Equal rows make equal files, to the byte.

That holds of Parquet where one engine made the rows: a database writes its own.

Each file is written beside its place under another name and then moved there, so that nobody reads half a table.
Values stand as they are: a text that begins with `=` is still that text, and a spreadsheet program that opens the CSV
may take it for a formula (import the column as text, or use Parquet).
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Literal, TypeVar, get_args

from cityrules.io.arrow_out import BATCH, through_arrow
from cityrules.io.files import failure
from cityrules.io.workbook import write_workbook
from cityrules.results.tables import Cell, Table
from cityrules.text.diagnostic import Language

CANNOT_WRITE: Final = "CR545"
UNKNOWN_FORMAT: Final = "CR546"
THERE: Final = "CR1170"

TableFormat = Literal["csv", "parquet", "json", "xlsx"]
FORMATS: Final[tuple[TableFormat, ...]] = get_args(TableFormat)
WORKBOOK: Final = "assessment.xlsx"

_Done = TypeVar("_Done")

_QUOTED: Final = re.compile('[",\r\n]')


def write_table(table: Table, path: str | Path, format: TableFormat = "csv") -> int:
    """Write one table; the answer is the number of its rows.

    csv: UTF-8, a header line, `\\n` after each line, nothing for None, numbers with exactly their digits, `true` and
    `false`, ISO dates. json: a list of objects, one a line; numbers are texts, since most readers would turn them into
    binary floats; integers, flags and null are JSON's own. parquet: numbers as decimals wide enough for all of the
    column, integers int64, dates date32. xlsx: a workbook of one sheet. Raises `DataError`.
    """
    writer = _WRITERS.get(format)
    if writer is None:
        raise failure(UNKNOWN_FORMAT, found=format)
    return _written(path, lambda part: writer(table, part))


def _written(path: str | Path, write: Callable[[Path], _Done]) -> _Done:
    """What `write` makes of a file that takes its place at `path`. Raises `DataError`."""
    try:
        with _in_place(Path(path)) as part:
            return write(part)
    except OSError as problem:
        raise failure(CANNOT_WRITE, found=str(path), reason=problem.strerror or str(problem)) from None
    except ValueError as problem:
        if "\0" not in str(path):
            raise
        raise failure(CANNOT_WRITE, found=str(path), reason=str(problem)) from None


def write_tables(
    tables: Mapping[str, Table], folder: str | Path, format: TableFormat = "csv", language: Language = "en"
) -> dict[str, Path]:
    """Write every table as `FOLDER/NAME.FORMAT`, making the folder if need be; the answer is where each one lies.

    xlsx: all in one workbook, `assessment.xlsx`, with the names of sheets and columns in `language`.
    """
    if format not in FORMATS:
        raise failure(UNKNOWN_FORMAT, found=format)
    make_folder(folder)
    if format == "xlsx":
        book = Path(folder) / WORKBOOK
        _written(book, lambda part: write_workbook(tables, part, language))
        return dict.fromkeys(tables, book)
    paths = {name: Path(folder) / f"{name}.{format}" for name in tables}
    for name, path in paths.items():
        write_table(tables[name], path, format)
    return paths


def write_new(path: str | Path, data: bytes) -> None:
    """Write a file that is not there yet, wholly or not at all. Raises `DataError`."""
    if Path(path).exists():
        raise failure(THERE, found=str(path))

    def write(part: Path) -> None:
        part.write_bytes(data)

    _written(path, write)


def make_folder(folder: str | Path) -> None:
    """Make a folder for tables if it is not there, and see whether files can be made in it. Raises `DataError`."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else str(problem)
        raise failure(CANNOT_WRITE, found=str(folder), reason=reason) from None


@contextmanager
def _in_place(path: Path) -> Iterator[Path]:
    """A file beside `path` that takes its place when all went well, and vanishes when not."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}.part")
    try:
        yield part
        os.replace(part, path)
    except BaseException:
        with suppress(ValueError):  # A name that no file can have.
            part.unlink(missing_ok=True)
        raise


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if cell is True or cell is False:
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell)


def _field(cell: Cell) -> str:
    # Quoted by hand: which characters the csv module quotes differs between versions of Python.
    text = _text(cell)
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text


def csv_lines(table: Table) -> Iterator[str]:
    """A table as the lines of a CSV file, each with its line end; the heading first."""
    yield ",".join(map(_field, table.shape.names)) + "\n"
    for row in table.rows():
        # A line without anything would be no row; that can only be the empty cell of a single column.
        yield (",".join(map(_field, row)) or '""') + "\n"


def _csv(table: Table, path: Path) -> int:
    lines = 0
    with path.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
        for line in csv_lines(table):
            file.write(line)
            lines += 1
    return lines - 1  # Without the heading.


def _plain(cell: Cell) -> str | int | bool | None:
    return cell if cell is None or isinstance(cell, (str, int)) else _text(cell)


def _json(table: Table, path: Path) -> int:
    count = 0
    names = table.shape.names
    with path.open("x", encoding="utf-8", errors="backslashreplace", newline="") as file:
        file.write("[")
        for count, row in enumerate(table.rows(), 1):
            line = json.dumps(dict(zip(names, map(_plain, row), strict=True)), ensure_ascii=False)
            file.write((",\n" if count > 1 else "\n") + line)
        file.write("\n]\n" if count else "]\n")
    return count


def _parquet(table: Table, path: Path) -> int:
    if table.save is not None:
        # Longer numbers than an engine can write go through Arrow.
        with suppress(ArithmeticError):
            return table.save(str(path))

    def write(schema: Any, batches: Iterator[Any]) -> int:
        from pyarrow.parquet import ParquetWriter

        count = 0
        with path.open("wb") as file, ParquetWriter(file, schema) as writer:
            for batch in batches:
                writer.write_table(batch, row_group_size=BATCH)
                count += batch.num_rows
        return count

    return through_arrow(table, write, str(path))


def _workbook(table: Table, path: Path) -> int:
    write_workbook({table.name: table}, path)
    return sum(1 for _ in table.rows())


_WRITERS: Final[Mapping[str, Callable[[Table, Path], int]]] = {
    "csv": _csv, "json": _json, "parquet": _parquet, "xlsx": _workbook,
}  # fmt: skip
