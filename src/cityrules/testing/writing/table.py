"""Rows as the short tables of a worked case: what most rows share told once, equal rows that follow each other counted.

Knows no plan and runs nothing. The word `null` is a missing value in a case: `drawing.dirt` draws no such text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from typing import Final

from cityrules.io.grammar import NAME_COLUMN

AS_OF, TARGETS, VALUES = "as_of", "targets", "values"
Row = Mapping[str, str | None]
"""The texts of one row by column."""
Rows = Mapping[str, tuple[Row, ...]]
Keys = Mapping[str, Collection[str]]
"""The columns of the key, by kind of record."""
_REPEATED: Final = 3
"""So many equal rows that follow each other are written once."""


def tables(
    records: Rows,
    targets: Rows,
    keys: Keys,
    *,
    values: Mapping[str, Row] | None = None,
    as_of: str | None = None,
    numbered: bool = False,
) -> dict[str, object]:
    """`defaults` and `given` of a case, without what is empty; `values` by measure and cell. `numbered`: a key that is
    the running number of its row is left out, since a case numbers what is not written."""
    defaults: dict[str, object] = {}
    given: dict[str, object] = {} if as_of is None else {AS_OF: as_of}
    cells = {name: dict(cells) for name, cells in (values or {}).items() if cells}
    if cells:
        given[VALUES] = cells
    if any(targets.values()):
        given[TARGETS] = {kind: [_target(row) for row in rows] for kind, rows in targets.items() if rows}
    for kind, rows in records.items():
        if not rows:
            continue
        key = keys.get(kind, ())
        usual = _usual(rows, key)
        if usual:
            defaults[kind] = usual
        given[kind] = _counted(
            [_short(row, key, usual, number if numbered else None) for number, row in enumerate(rows, 1)]
        )
    return {name: said for name, said in (("defaults", defaults), ("given", given)) if said}


def _target(row: Row) -> object:
    """A target by name alone where nothing else is known of it."""
    said = {name: text for name, text in row.items() if text is not None}
    return said[NAME_COLUMN] if set(said) == {NAME_COLUMN} else said


def _usual(rows: Sequence[Row], key: Collection[str]) -> dict[str, str | None]:
    """What most rows of a kind have in common, but for their keys."""
    usual: dict[str, str | None] = {}
    for name in dict.fromkeys(name for row in rows for name in row):
        if name in key:
            continue
        (value, times), *_ = Counter(row.get(name) for row in rows).most_common(1)
        if value and times > 1 and 2 * times >= len(rows):
            usual[name] = value
    return usual


def _short(row: Row, key: Collection[str], usual: Row, number: int | None) -> dict[str, object]:
    """A row with what is its own. A key that is missing is written, since one that is not is given a number."""
    said: dict[str, object] = {}
    for name in dict.fromkeys((*row, *usual)):
        value = row.get(name) or None
        if value != (usual.get(name) if name not in key else None if number is None else str(number)):
            said[name] = value
        elif value is None and name in key:
            said[name] = None
    return said


def _counted(rows: Sequence[dict[str, object]]) -> list[object]:
    """The rows, those that come several times told once."""
    table: list[object] = []
    for row, same in groupby(rows):
        times = len(list(same))
        table += [{"repeat": str(times), "row": row}] if times >= _REPEATED else [row] * times
    return table
