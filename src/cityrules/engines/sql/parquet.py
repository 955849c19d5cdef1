"""Parquet files and Arrow tables read by the database itself, where every value is sure to mean what its text
would mean.

That is so for texts, whole numbers, short decimals, dates and flags, and for times without fractions of a second. Of
anything else the reader of `io.arrow` makes texts, like that of any other table.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.session import Session
from cityrules.engines.sql.sources import BAD, Raw
from cityrules.engines.sql.syntax import E
from cityrules.io.arrow import ArrowRows
from cityrules.io.parquet import ParquetRows
from cityrules.io.rows import Rows

_GLOB = frozenset("*?[]{}")


def path_of(rows: Rows) -> str | None:
    """The file that the database may read itself. A name that it would take for a pattern is left to the reader."""
    if not isinstance(rows, ParquetRows) or _GLOB & set(rows.path):
        return None
    return os.path.abspath(rows.path)


def load_typed(session: Session, names: Sequence[str], sources: Sequence[Rows]) -> Raw | None:
    """The one source of a kind, if it is a Parquet file or an Arrow table that can be read as it is; else None."""
    if len(sources) != 1:
        return None
    try:
        rows = _rows(session, names, sources[0])
        if rows is None:
            return None
        types = session.columns(sql.everything(rows))
        physical = [types.get(name) for name in names]
        if any(type_ is not None and dialect.physical_kind(type_) == "other" for type_ in physical):
            return None
        if not _sound(session, rows, {n: t for n, t in zip(names, physical, strict=True) if t is not None}):
            return None
        return _raw(session, rows, names, physical, sources[0].name)
    except duckdb.Error:
        # The reader will say what is wrong with the table, or with single texts in it.
        return None


def _rows(session: Session, names: Sequence[str], source: Rows) -> E | None:
    """A relation of the columns as they are, with `file_row_number` from 0."""
    if isinstance(source, ArrowRows):
        declared = [name for name in source.columns if name in names]
        return sql.table(session.copied(source.table.select(declared), "file_row_number"))
    path = path_of(source)
    return None if path is None else dialect.parquet_rows(path)


def _sound(session: Session, rows: E, types: Mapping[str, str]) -> bool:
    """Whether all days lie in the years 1 to 9999 and all times are whole seconds."""
    found: list[E] = []
    for name, type_ in types.items():
        value = sql.column(name)
        kind = dialect.physical_kind(type_)
        if kind == "date":
            # Files tell the least and the greatest of each column.
            ends = [dialect.in_calendar(dialect.day_of(sql.call(end, value))) for end in ("min", "max")]
            found.append(sql.both(*ends))
        elif kind == "moment":
            day = dialect.day_of_seconds(dialect.seconds_of(value))
            found += [sql.call("bool_and", one) for one in (dialect.in_calendar(day), dialect.whole_seconds(value))]
    if not found:
        return True
    # Asked one by one: nothing in one column says nothing about the others.
    parts = {f"a{i}": condition for i, condition in enumerate(found)}
    row: tuple[Any, ...] = next(session.rows(sql.select(parts, rows)))
    return all(part is not False for part in row)


def _raw(session: Session, rows: E, names: Sequence[str], physical: Sequence[str | None], source: str) -> Raw:
    order = sql.add(sql.column("file_row_number"), sql.number(1))
    columns: dict[str, E] = {}
    texts: dict[str, E] = {}
    for place, (name, type_) in enumerate(zip(names, physical, strict=True)):
        value = sql.column(name) if type_ is not None else sql.cast(sql.null(), TEXT)
        columns[f"c{place}"] = value
        texts[f"c{place}"] = text_value(value, type_ or "VARCHAR")
    own = session.view(sql.select({"o": sql.cast(order, INT), **columns}, rows), "file")
    shown = {"o": order, "s": sql.number(0), "r": order, **texts}
    read = session.view(sql.select(shown, rows), "raw")
    return Raw((source,), read, session.filled(BAD, (), "bad"), own, tuple(type_ or "VARCHAR" for type_ in physical))


def text_value(value: E, type_: str) -> E:
    """The text of a value, as the reader of `io.parquet` writes it; empty is nothing."""
    match dialect.physical_kind(type_):
        case "text":
            return sql.call("nullif", value, sql.text(""))
        case "moment":
            return dialect.moment_text(value)
    return sql.cast(value, TEXT)
