"""A private database and the statements run in it. Knows DuckDB and Arrow, no plan."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

import duckdb
import pyarrow as pa
from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import BIG, FLAG, INT, TEXT, parquet_copy, text_of
from cityrules.engines.sql.syntax import E

_ARROW: Final[dict[str, pa.DataType]] = {
    INT: pa.int64(), BIG: pa.string(), TEXT: pa.string(), FLAG: pa.bool_(),
}  # fmt: skip
_BATCH: Final = 65_536


class _Database:
    """What several sessions share: the connection, the folder, the numbers of names, and the relations (with their
    kind) that nobody needs any more."""

    def __init__(self, threads: int | None) -> None:
        self.folder = tempfile.mkdtemp(prefix="cityrules-")
        self.gone = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        options: dict[str, Any] = {
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "temp_directory": os.path.join(self.folder, "spilled"),
        }
        if threads is not None:
            options["threads"] = threads
        self.connection = duckdb.connect(config=options)
        self.numbers = count(1)
        self.idle: deque[tuple[str, str]] = deque()


class Session:
    """One private database in memory, and the statements run in it. Never reads anything outside but the Parquet files
    it is told of, and never writes but into a folder of its own, which goes with it. `close` it, or let it go with the
    last result table."""

    def __init__(self, threads: int | None = None, within: Session | None = None) -> None:
        """`within`: a session in whose database this one works. Its relations go when nobody holds it any more."""
        self._database: _Database = _Database(threads) if within is None else within._database
        self._connection = self._database.connection
        # Dropped by whoever runs the next statement: this can go in the midst of one.
        self._made: list[tuple[str, str]] = []
        weakref.finalize(self, self._database.idle.extend, self._made)

    def lock(self, files: Sequence[str]) -> None:
        """From here on no statement can reach any other file than these, or change a setting."""
        self._connection.execute("SET allowed_paths = $paths", {"paths": list(files)})
        self._connection.execute("SET allowed_directories = $folders", {"folders": [self._database.folder]})
        self._connection.execute("SET enable_external_access = false")
        self._connection.execute("SET lock_configuration = true")

    def close(self) -> None:
        self._connection.close()
        self._database.gone()

    def new_name(self, prefix: str) -> str:
        """A name of a relation that is not in use."""
        return f"{prefix}{next(self._database.numbers)}"

    def table(self, query: exp.Query, prefix: str = "t") -> str:
        """Run a query and keep its rows; the name of the table."""
        return self._create(query, prefix, "TABLE")

    def view(self, query: exp.Query, prefix: str = "v") -> str:
        """Keep a query to be run when it is read; its name."""
        return self._create(query, prefix, "VIEW")

    def _create(self, query: exp.Query, prefix: str, kind: str) -> str:
        name = self.new_name(prefix)
        self._drop_idle()
        self._run(exp.Create(this=sql.table(name), kind=kind, expression=query))
        self._made.append((kind, name))
        return name

    def _drop_idle(self) -> None:
        while self._database.idle:
            kind, name = self._database.idle.pop()
            self._run(exp.Drop(this=sql.table(name), kind=kind))

    def filled(self, columns: Mapping[str, str], rows: Sequence[Sequence[object]], prefix: str = "t") -> str:
        """A table with these column types and rows."""
        name = self.new_name(prefix)
        definitions = [exp.ColumnDef(this=sql.name(c), kind=sql.data_type(t)) for c, t in columns.items()]
        schema = exp.Schema(this=sql.table(name), expressions=definitions)
        # Not temporary: those belong to one cursor, and the database itself is gone with its connection.
        self._run(exp.Create(this=schema, kind="TABLE"))
        self._made.append(("TABLE", name))
        if rows:
            self.append(name, columns, [[row[place] for row in rows] for place in range(len(columns))])
        return name

    def append(self, name: str, columns: Mapping[str, str], values: Sequence[Sequence[object]]) -> None:
        """More rows of a table, given column by column."""
        arrays = []
        for type_, column in zip(columns.values(), values, strict=True):
            plain = [None if value is None else str(value) for value in column] if type_ == BIG else column
            arrays.append(pa.array(plain, _ARROW[type_]))
        batch = pa.table(arrays, names=list(columns))
        source = self.new_name("arrow")
        self._connection.register(source, batch)
        try:
            outputs = {c: sql.cast(sql.column(c), t) if t == BIG else sql.column(c) for c, t in columns.items()}
            self._run(exp.Insert(this=sql.table(name), expression=sql.select(outputs, sql.table(source))))
        finally:
            self._connection.unregister(source)

    def copied(self, table: pa.Table, number: str) -> str:
        """A table with the rows of an Arrow table in its own types, and their place from 0 in a column `number`."""
        numbered = table.append_column(number, pa.array(range(len(table)), pa.int64()))
        source = self.new_name("arrow")
        self._connection.register(source, numbered)
        try:
            # A registered table is seen by one cursor only, and rows are read through others.
            return self.table(sql.everything(sql.table(source)), "given")
        finally:
            self._connection.unregister(source)

    def rows(self, query: exp.Query) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, fetched in batches through a cursor of its own."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(text_of(query))
            while batch := cursor.fetchmany(_BATCH):
                yield from batch
        finally:
            cursor.close()

    def batches(self, query: exp.Query, length: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query as Arrow. Raises ArithmeticError for a number that does not fit into its type."""
        cursor = self._connection.cursor()
        try:
            yield from cursor.sql(text_of(query)).to_arrow_reader(length)
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as problem:
            raise ArithmeticError(str(problem)) from problem
        finally:
            cursor.close()

    def save(self, query: exp.Query, path: str) -> int:
        """Write the rows of a query as a Parquet file, which must not be there yet; how many they are. Raises
        ArithmeticError for a number that does not fit into its type, OSError."""
        made = os.path.join(self._database.folder, self.new_name("file"))
        cursor = self._connection.cursor()
        try:
            row = cursor.execute(text_of(parquet_copy(query, made))).fetchone()
        except (duckdb.ConversionException, duckdb.OutOfRangeException) as problem:
            raise ArithmeticError(str(problem)) from problem
        except duckdb.IOException as problem:
            raise OSError(str(problem)) from problem
        finally:
            cursor.close()
        shutil.move(made, path)
        return int(row[0]) if row else 0

    def count(self, name: str) -> int:
        """The rows of a relation."""
        query = sql.select({"n": sql.call("count", exp.Star())}, sql.table(name))
        return int(next(self.rows(query))[0])

    def counts(self, names: Sequence[str]) -> list[int]:
        """The rows of each of some relations: in one statement."""
        rows = sql.call("count", exp.Star())
        parts = [sql.select({"o": sql.number(o), "n": rows}, sql.table(name)) for o, name in enumerate(names)]
        return [int(n) for _, n in sorted(self.rows(sql.union(parts)))] if parts else []

    def columns(self, query: exp.Query) -> dict[str, str]:
        """Names and types of what a query gives."""
        cursor = self._connection.execute(text_of(exp.Describe(this=query)))
        return {str(row[0]): str(row[1]) for row in cursor.fetchall()}

    def _run(self, statement: E) -> None:
        self._connection.execute(text_of(statement))
