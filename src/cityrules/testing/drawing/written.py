"""Drawn rows as a worked case, in the form of a file of cases: short tables, what all rows share told once.

Knows no plan and runs nothing. Rows keep their keys, by which a failure speaks of them (cases that are proposed for
keeping are numbered anew, `testing.proposing`). The word `null` is a missing value in a case: `drawing.dirt` draws no
such text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from cityrules.calendar.periods import Span
from cityrules.io.grammar import NAME_COLUMN
from cityrules.text.quoting import as_written

Row = Mapping[str, str | None]
"""The texts of one row by column."""
Rows = Mapping[str, tuple[Row, ...]]
_NOTHING_WRONG: Final = {"problems": "{}"}
"""Stands for whatever a reader expects: a case has to expect something."""
_DAY: Final = dt.timedelta(days=1)


class Given(Protocol):
    """What is written."""

    @property
    def records(self) -> Rows: ...

    @property
    def targets(self) -> Rows: ...

    @property
    def span(self) -> Span: ...

    @property
    def as_of(self) -> dt.datetime | None: ...


def case_text(drawn: Given, name: str = "found", expect: Mapping[str, str] | None = None) -> str:
    """A case as it stands below `cases:`, lines without a line break at the end. `expect`: what is expected, by name,
    each written as it shall stand."""
    return "\n".join(f"  {line}" for line in _case(drawn, name, expect or {}))


def _case(drawn: Given, name: str, expect: Mapping[str, str]) -> Iterator[str]:
    yield f"{name}:   # assessed: {drawn.span.start}..{drawn.span.last_day}"
    shared = {kind: _shared(rows) for kind, rows in drawn.records.items()}
    told = [f"{kind}: {_row(row, {})}" for kind, row in shared.items() if row]
    if told:
        yield f"  defaults: {{{', '.join(told)}}}"
    yield "  given:"
    as_of = drawn.as_of or dt.datetime.combine(drawn.span.last_day + _DAY, dt.time())
    yield f"    as_of: {as_of.isoformat()}"
    if any(drawn.targets.values()):
        yield "    targets:"
        for kind, rows in drawn.targets.items():
            yield f"      {kind}: [{', '.join(_target(row) for row in rows)}]"
    for kind, rows in drawn.records.items():
        if not rows:
            continue
        yield f"    {kind}:"
        yield from (f"      - {line}" for line in _repeated(_row(row, shared[kind]) for row in rows))
    told = [f"{key}: {value}" for key, value in (expect or _NOTHING_WRONG).items()]
    yield f"  expect: {{{', '.join(told)}}}"


def _shared(rows: tuple[Row, ...]) -> Row:
    """What all rows of a kind have alike, where there are several."""
    if len(rows) <= 1:
        return {}
    return {key: text for key, text in rows[0].items() if text and all(row.get(key) == text for row in rows)}


def _repeated(lines: Iterable[str]) -> Iterator[str]:
    """Rows, those that come several times told once."""
    before, times = None, 0
    for line in (*lines, None):
        if line != before and before is not None:
            yield before if times == 1 else f"{{repeat: {times}, row: {before}}}"
        before, times = line, times + 1 if line == before else 1


def _row(row: Row, known: Row) -> str:
    shown = ((key, text) for key, text in row.items() if not (key in known and known[key] == text))
    told = [f"{key}: {as_written(text) if text else 'null'}" for key, text in shown if text or key in known]
    return "{" + ", ".join(told) + "}"


def _target(row: Row) -> str:
    """A target by its name alone where nothing else is known of it."""
    name = row.get(NAME_COLUMN)
    more = any(text for key, text in row.items() if key != NAME_COLUMN)
    return as_written(name) if name and not more else _row(row, {})
