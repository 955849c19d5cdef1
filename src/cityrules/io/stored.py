"""Input rows as one text that says all of them exactly, to be kept, compared and read again. Knows no source.

The first line holds the names of the columns and whether optional ones may lack; each further line is a row: its
number, the reason for which it cannot be read (null: none), and its texts. Equal rows make equal texts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cityrules.io.rows import RawRow, Rows


class Malformed(ValueError):
    """A text that is not what it was written as. `why`: a term of the catalogue; `at`: what in the text it is about, as
    quoted there ('' where it is about all of it)."""

    def __init__(self, why: str, at: str = "") -> None:
        super().__init__(f"{at} {why}".strip())
        self.why = why
        self.at = at


def stored(rows: Rows) -> bytes:
    """The text of all rows of a source. Raises DataError where it cannot be read."""
    lines = [_line([list(rows.columns), rows.optional_columns])]
    lines += [_line([row.number, row.bad, *row.texts]) for row in rows.rows()]
    return "".join(lines).encode("utf-8", "surrogatepass")


def _line(values: list[Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n"


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Rows out of such a text, under the name that the source had."""

    name: str
    text: bytes = field(repr=False)
    columns: tuple[str, ...]
    optional_columns: bool

    def rows(self) -> Iterator[RawRow]:
        """The rows in their order. Raises Malformed for a line that is none."""
        for line in self.text.split(b"\n")[1:-1]:
            yield _row(line)


def read_stored(text: bytes, name: str) -> StoredRows:
    """The rows in a text that `stored` made; every line is looked at now. Raises Malformed for any other text."""
    lines = text.split(b"\n")
    if lines[-1]:
        raise Malformed("rows_no_end")
    head = _loads(lines[0])
    if not (isinstance(head, list) and len(head) == 2 and _texts(head[0], False) and isinstance(head[1], bool)):
        raise Malformed("rows_no_columns", "1")
    for number, line in enumerate(lines[1:-1], 2):
        try:
            _row(line)
        except Malformed as problem:
            raise Malformed(problem.why, str(number)) from None
    return StoredRows(name, text, tuple(head[0]), head[1])


def _row(line: bytes) -> RawRow:
    values = _loads(line)
    if not (isinstance(values, list) and len(values) >= 2):
        raise Malformed("rows_no_row")
    number, bad, *texts = values
    if type(number) is not int or not (bad is None or isinstance(bad, str)) or not _texts(texts, True):
        raise Malformed("rows_no_row")
    return RawRow(number, tuple(texts), bad)


def _texts(values: object, missing: bool) -> bool:
    return isinstance(values, list) and all(isinstance(one, str) or (missing and one is None) for one in values)


def _loads(line: bytes) -> Any:
    try:
        return json.loads(line.decode("utf-8", "surrogatepass"))
    except RecursionError:
        raise Malformed("json_too_deep") from None
    except ValueError:
        raise Malformed("no_json") from None
