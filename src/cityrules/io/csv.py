"""CSV files as input rows: UTF-8 with or without a byte order mark, or GB18030 where that is stated; plain or gzip.

Which of the two a file is, is never guessed: most bytes of one can be read as the other. A header that is no UTF-8 is
an error that shows what it would be in GB18030.

What cannot be read is a bad row, and reading goes on: a row that is not in the encoding, has too many or too few
columns, a stray quote, or more than `LONGEST` characters. Of a row that breaks inside quotes the first line is the bad
row and the next line starts anew, so that one quote that nobody closed does not swallow the rest of the file. Blank
lines are no rows. Only what makes the whole file doubtful (no header, a damaged archive) raises.
"""

from __future__ import annotations

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Final, Literal, cast, get_args

from cityrules.io.columns import check_header
from cityrules.io.files import failure, format_of, unreadable
from cityrules.io.normal import escaped
from cityrules.io.rows import DataError, RawRow

NOT_CSV: Final = "CR508"
NO_HEADER: Final = "CR520"
BAD_HEADER: Final = "CR521"
HEADER_ENCODING: Final = "CR522"
DAMAGED: Final = "CR523"
HEADER_GB18030: Final = "CR570"

Encoding = Literal["utf-8", "gb18030"]
ENCODINGS: Final[tuple[Encoding, ...]] = get_args(Encoding)

LONGEST: Final = 131_072
"""Characters of a row, line breaks in quotes included. This is also the csv module's own bound of a field, so that no
setting of the whole process needs to be changed; a single value may have 10,000."""

_SHOWN: Final = 1_000
_ESCAPED: Final = re.compile("[\ud800-\udfff]")


class CsvRows:
    """A CSV file with a header line. `name` is what messages and rejects call it by: the path as it was given. Rows are
    numbered by the line in which they begin; the header is line 1. `encoding`: GB18030 includes GBK and GB2312.

    Raises ValueError for another encoding; `DataError` for a file that cannot be opened or has no usable header, and,
    when the rows are read, for an archive that turns out to be damaged.
    """

    optional_columns = False

    def __init__(self, path: str | Path, name: str | None = None, *, encoding: Encoding = "utf-8") -> None:
        if encoding not in ENCODINGS:
            raise ValueError(f"an encoding is one of {', '.join(ENCODINGS)}, not {encoding!r}")
        self.name = str(path) if name is None else name
        self._path = Path(path)
        self._encoding = encoding
        found = format_of(path)
        if found not in ("csv", "gzip"):
            raise failure(NOT_CSV, found=self.name)
        self._packed = found == "gzip"
        with self._lines() as lines:
            self.columns = self._header(lines)

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the file, read anew at each call."""
        expected = len(self.columns)
        with self._lines() as lines:
            reader = csv.reader(lines, strict=True)
            next(reader)
            while True:
                lines.start()
                try:
                    fields = next(reader, None)
                except csv.Error:
                    yield self._broken(lines)
                    continue
                if fields is None:
                    return
                if not fields:
                    continue
                number = lines.first
                if "" in fields:
                    texts = tuple([text or None for text in fields])
                else:
                    texts = tuple(fields)
                if lines.escaped:
                    yield self._bad(number, tuple(text and escaped(text) for text in texts), "encoding")
                elif len(texts) != expected:
                    yield self._bad(number, texts, "columns")
                else:
                    yield RawRow(number, texts)

    def _bad(self, number: int, texts: tuple[str | None, ...], reason: str) -> RawRow:
        return RawRow(number, texts + (None,) * (len(self.columns) - len(texts)), reason)

    def _broken(self, lines: _Lines) -> RawRow:
        """The row whose quotes are wrong, or that is too long: its first line as it stands in the first column."""
        line = lines.recover()
        reason = "encoding" if _ESCAPED.search(line) else "columns"
        return self._bad(lines.first, (escaped(line[:_SHOWN].rstrip("\r\n")),), reason)

    def _header(self, lines: _Lines) -> tuple[str, ...]:
        lines.start()
        try:
            columns = tuple(next(csv.reader(lines, strict=True), ()))
        except csv.Error:
            raise failure(BAD_HEADER, source=self.name) from None
        if lines.escaped:
            raise self._not_encoded(columns)
        if not columns:
            raise failure(NO_HEADER, source=self.name)
        if problems := check_header(columns, self.name):
            raise DataError(problems)
        return columns

    def _not_encoded(self, columns: tuple[str, ...]) -> DataError:
        """What is wrong with a header that is not in the encoding: perhaps that the encoding was not stated."""
        if self._encoding == "utf-8":
            with suppress(UnicodeDecodeError):
                said = ", ".join(columns).encode("utf-8", "surrogateescape").decode("gb18030")
                if said.isprintable():
                    return failure(HEADER_GB18030, source=self.name, found=said[:_SHOWN])
        return failure(HEADER_ENCODING, source=self.name, encoding=self._encoding.upper())

    @contextmanager
    def _lines(self) -> Iterator[_Lines]:
        try:
            raw = gzip.open(self._path) if self._packed else self._path.open("rb")  # noqa: SIM115 - the wrapper closes it
            encoding = "utf-8-sig" if self._encoding == "utf-8" else self._encoding
            with TextIOWrapper(cast(IO[bytes], raw), encoding, errors="surrogateescape", newline="") as file:
                yield _Lines(file)
        except (gzip.BadGzipFile, EOFError, zlib.error) as problem:
            raise failure(DAMAGED, source=self.name, reason=str(problem)) from None
        except OSError as problem:
            raise unreadable(self.name, problem) from None


class _Lines:
    """Lines of bounded length for the csv module, which can be given back when it could not make a row of them."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._read = file.readline
        self._waiting: list[str] = []
        self._row: list[str] = []
        self._room = LONGEST
        self._line = 1
        self.first = 1
        self.escaped = False

    def __iter__(self) -> _Lines:
        return self

    def start(self) -> None:
        """A new row begins with the next line, whose number is `first`."""
        self._row.clear()
        self.first = self._line
        self._room = LONGEST
        self.escaped = False

    def __next__(self) -> str:
        line = self._waiting.pop() if self._waiting else self._read(LONGEST + 1)
        if not line:
            raise StopIteration
        self._row.append(line)
        self._line += 1
        self._room -= len(line)
        if self._room < 0:
            if len(self._row) == 1:
                self._skip(line)
            raise csv.Error("longer than a row may be")
        if not line.isascii() and _ESCAPED.search(line):
            self.escaped = True
        return line

    def recover(self) -> str:
        """Give back every line of the present row but the first, which is returned."""
        self._waiting.extend(reversed(self._row[1:]))
        self._line -= len(self._row[1:])
        return self._row[0] if self._row else ""

    def _skip(self, line: str) -> None:
        """Read past the rest of a line of which only the beginning fitted."""
        while line and not line.endswith(("\n", "\r")):
            line = self._read(LONGEST)
