"""Input tables into the database, as the texts that they hold. Knows readers (`io.rows`), no types and no reasons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Final

from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.session import Session
from cityrules.io.rows import RawRow, Rows

BAD: Final = {"o": INT, "s": INT, "r": INT, "key": TEXT, "reason": TEXT, "shown": TEXT}
_BATCH: Final = 50_000


@dataclass(frozen=True, slots=True)
class Raw:
    """The rows of one kind as they came.

    `texts`: a relation of the readable rows: `o` (running number over all sources), `s` (which source), `r` (row in
    it) and a text column `c0`, `c1`, ... for each declared column; empty texts are null. `bad`: rows that the reader
    could not read, with `o`, `s`, `r`, `key`, `reason` and `shown` (their values as JSON). `typed`: a relation of the
    same rows with `o` and the values of a Parquet file as they are, `c0`, ..., which have the types `types`. `several`:
    whether there may be more than one readable row.
    """

    sources: tuple[str, ...]
    texts: str
    bad: str
    typed: str | None = None
    types: tuple[str, ...] = ()
    several: bool = True


def load(session: Session, names: Sequence[str], key: Sequence[int], join: str, sources: Sequence[Rows]) -> Raw:
    """Read every source once. `names`: the declared columns; `key`: the places of the key among them."""
    columns = {"o": INT, "s": INT, "r": INT, **{f"c{i}": TEXT for i in range(len(names))}}
    texts = session.filled(columns, (), "raw")
    refused: list[tuple[object, ...]] = []
    order = 0
    for source, rows in enumerate(sources):
        places = {name: place for place, name in enumerate(rows.columns)}
        drawn = [places.get(name) for name in names]
        stream = rows.rows()
        while batch := list(islice(stream, _BATCH)):
            good = [(order + at, row) for at, row in enumerate(batch) if row.bad is None]
            refused += [
                (order + at, source, row.number, *_shown(row, rows.columns, drawn, key, join))
                for at, row in enumerate(batch)
                if row.bad is not None
            ]
            by_column = list(zip_longest(*(row.texts for _, row in good)))
            values: list[Sequence[object]] = [
                [o for o, _ in good],
                [source] * len(good),
                [row.number for _, row in good],
            ]
            for place in drawn:
                missing = place is None or place >= len(by_column)
                values.append([None] * len(good) if missing else _without_empty(by_column[place or 0]))
            session.append(texts, columns, values)
            order += len(batch)
    bad = session.filled(BAD, refused, "bad")
    return Raw(tuple(rows.name for rows in sources), texts, bad, several=order > 1)


def _without_empty(texts: Sequence[str | None]) -> Sequence[str | None]:
    return [text or None for text in texts] if "" in texts else texts


def _shown(
    row: RawRow, columns: Sequence[str], drawn: Sequence[int | None], key: Sequence[int], join: str
) -> tuple[str, str, str]:
    """Key, reason and values of a row that could not be read."""

    def text(place: int | None) -> str | None:
        return row.texts[place] if place is not None and place < len(row.texts) else None

    values = as_json({name: text(place) or None for place, name in enumerate(columns)})
    return join.join(text(drawn[place]) or "" for place in key), row.bad or "", values


def as_json(values: dict[str, str | None]) -> str:
    """The form of the column `values` of rejects."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
