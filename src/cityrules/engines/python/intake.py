"""Rows of texts to accepted rows and rejects: columns, reasons, keys, duplicates, conflicts. Knows no plan.

The steps are those of `docs/engines.md`, "Texts to typed values"; what is special to records and to targets is in the
`Form` that `accept.py` makes for each kind.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from cityrules.engines.base import Progress
from cityrules.engines.python.fields import Column, Refused
from cityrules.feel.tree import Value
from cityrules.io import grammar
from cityrules.io.rows import Rows
from cityrules.results.tables import Row

Values = tuple[Value, ...]

_TOLD: Final = 5_000
"""Rows between two notes of progress."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a row of one kind looks like. `key`: places of the key columns in `columns`; `join` stands between their
    texts; `key_texts` writes the key of an accepted row. `judge`: more reasons against the row (a refused value is
    None in what it gets). `forbid`: the reasons against a row that has no other: targets that do not
    exist then, points that nobody may choose.
    `life`: the places of the first day and of the first day no more, where rows with one key are versions that follow
    one another in time; in `fixed` places these may not differ. `latest`: the place of what says which of several rows
    with one key counts; rows that have no reason but `outside` are compared, too. `referred`: records of other kinds
    refer to these."""

    kind: str
    columns: tuple[Column, ...]
    key: tuple[int, ...]
    join: str
    key_texts: Callable[[Values], list[str]]
    judge: Callable[[Values], list[str]] = lambda _values: []
    forbid: Callable[[Values], list[str]] = lambda _values: []
    life: tuple[int, int] | None = None
    fixed: tuple[int, ...] = ()
    latest: int | None = None
    outside: str | None = None
    referred: bool = False


class Accepted(NamedTuple):
    """A row that is used: its canonical key and the typed values of the declared columns."""

    key: str
    values: Values


class Taken(NamedTuple):
    """What became of the rows of one kind. `referents`: rows that count nowhere, since they lie outside of what is
    assessed, but are there for records that refer to them."""

    accepted: list[Accepted]
    rejects: list[Row]
    referents: list[Accepted]


class _Converted(NamedTuple):
    source: str
    number: int
    texts: tuple[str | None, ...]
    values: Values
    why: str | None = None


def accept(form: Form, sources: Iterable[Rows], tell: Progress | None = None) -> Taken:
    """The accepted rows, in the order of the input, the rows of the table `rejects`, and referents."""
    by_key: dict[Values, list[_Converted]] = {}
    outside: dict[Values, list[_Converted]] = {}
    rejects: list[Row] = []
    for rows in sources:
        places = _places(form, rows)
        for row in rows.rows():
            if tell and not row.number % _TOLD:
                tell(form.kind, row.number, 0)
            found = row.texts + (None,) * (len(rows.columns) - len(row.texts))
            texts = tuple([None if place is None else found[place] for place in places])
            if row.bad is not None:
                shown = {name: text or None for name, text in zip(rows.columns, found, strict=False)}
                rejects.append(_reject(form, rows.name, row.number, texts, [row.bad], shown))
                continue
            values, reasons = _convert(form, texts)
            reasons = reasons or form.forbid(values)
            beyond = reasons == [form.outside]
            key = tuple([values[place] for place in form.key])
            if form.referred and beyond and not form.forbid(values):
                outside.setdefault(key, []).append(_Converted(rows.name, row.number, texts, values))
            if reasons and not (beyond and form.latest is not None):
                rejects.append(_reject(form, rows.name, row.number, texts, reasons))
            else:
                by_key.setdefault(key, []).append(
                    _Converted(rows.name, row.number, texts, values, reasons[0] if reasons else None)
                )
    accepted: list[Accepted] = []
    for key, same in by_key.items():
        good, refused = _settle(form, same)
        accepted += (_accepted(form, row) for row in good)
        rejects += (_reject(form, row.source, row.number, row.texts, [code]) for row, code in refused)
        if good:
            outside.pop(key, None)
    referents = [_accepted(form, row) for same in outside.values() for row in _settle(form, same)[0]]
    return Taken(accepted, rejects, referents)


def _accepted(form: Form, row: _Converted) -> Accepted:
    return Accepted(form.join.join(form.key_texts(row.values)), row.values)


def _places(form: Form, rows: Rows) -> list[int | None]:
    """Where the source has each declared column; None where it has not."""
    found = {name: place for place, name in enumerate(rows.columns)}
    return [found.get(column.name) for column in form.columns]


def _convert(form: Form, texts: Sequence[str | None]) -> tuple[Values, list[str]]:
    values: list[Value] = []
    reasons: list[str] = []
    for column, text in zip(form.columns, texts, strict=True):
        value = column.value(text)
        if isinstance(value, Refused):
            reasons.append(grammar.reason(column.name, value.code))
            # The place must be held for the columns after it; the row is not used.
            value = None
        values.append(value)
    complete = tuple(values)
    return complete, list(dict.fromkeys([*reasons, *form.judge(complete)]))


def _settle(form: Form, same: list[_Converted]) -> tuple[list[_Converted], list[tuple[_Converted, str]]]:
    """Among rows with one key: those to keep, and the others with their reason."""
    if form.latest is not None:
        return _latest(same, form.latest)
    first: dict[Values, _Converted] = {}
    for row in same:
        first.setdefault(row.values, row)
    if len(first) == 1 or (form.life is not None and _follow(first, form.life, form.fixed)):
        return list(first.values()), [(row, grammar.DUPLICATE) for row in same if row is not first[row.values]]
    return [], [(row, grammar.CONFLICT) for row in same]


def _follow(versions: Collection[Values], life: tuple[int, int], fixed: Sequence[int]) -> bool:
    """Whether each version begins after the one before it began, and not before that one ended; and all have the same
    of what does not change."""
    if any(len({values[place] for values in versions}) > 1 for place in fixed):
        return False
    lives = [(values[life[0]] or dt.date.min, values[life[1]]) for values in versions]
    lives.sort(key=lambda one: one[0])  # type: ignore[arg-type, return-value]  # The columns are dates.
    return all(
        begins < next_begins and ends is not None and ends <= next_begins  # type: ignore[operator]
        for (begins, ends), (next_begins, _) in pairwise(lives)
    )


def _latest(same: list[_Converted], place: int) -> tuple[list[_Converted], list[tuple[_Converted, str]]]:
    """The same where the latest row counts. A row with a reason of its own keeps it, and still takes the place of those
    before it."""
    order = [row.values[place] for row in same]
    last = max(order)  # type: ignore[type-var]  # The field is a number or date and always there.
    latest = [row for row, found in zip(same, order, strict=True) if found == last]
    refused = [(row, row.why or grammar.SUPERSEDED) for row in same if row not in latest]
    if any(row.values != latest[0].values for row in latest):
        return [], refused + [(row, row.why or grammar.CONFLICT) for row in latest]
    kept = [row for row in latest[:1] if row.why is None]
    return kept, refused + [(row, row.why or grammar.DUPLICATE) for row in latest[len(kept) :]]


def _reject(
    form: Form,
    source: str,
    number: int,
    texts: Sequence[str | None],
    reasons: list[str],
    shown: Mapping[str, str | None] | None = None,
) -> Row:
    if shown is None:
        shown = {column.name: text or None for column, text in zip(form.columns, texts, strict=True)}
    key = form.join.join(texts[place] or "" for place in form.key)
    values = json.dumps(dict(shown), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (form.kind, source, number, key, "; ".join(sorted(reasons)), values)
