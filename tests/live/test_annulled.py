"""A record that was annulled is as good as one that was never there: told by the batch of the rest, row by row."""

from __future__ import annotations

import pytest

import cityrules as cr
from cityrules.calendar.periods import Span
from cityrules.live import Session
from cityrules.loaded import specs_folder
from cityrules.testing.drawing.drawn import Drawn, Row
from cityrules.testing.drawing.inputs import Drawer

TABLES = ("values", "consequences", "record_values")


def told(row: Row) -> dict[str, str]:
    return {name: text for name, text in row.items() if text is not None}


def months(span: Span) -> str:
    return f"{span.start:%Y-%m}..{span.last_day:%Y-%m}"


def batch(scheme: cr.Scheme, drawn: Drawn, session: Session) -> dict[str, list[object]]:
    """What an assessment says of these rows alone, which knows nothing of sessions."""
    found = scheme.assess(drawn.records, targets=drawn.targets, period=months(drawn.span), as_of=session.clock)
    return {name: list(found.rows(name)) for name in TABLES}


@pytest.mark.parametrize("name", ["street-order", "gallery/streaks"])
def test_an_annulled_record_equals_its_absence(name: str) -> None:
    scheme = cr.load(specs_folder() / name, examples=False)
    drawn = Drawer(scheme.plan, 5).draw(5)
    changed = False
    with Session(scheme, period=months(drawn.span), chain="plain") as session:
        session.advance(scheme.plan.days_of(drawn.span).end)
        for kind, rows in (*drawn.targets.items(), *drawn.records.items()):
            for row in rows:
                session.post(kind, told(row))
        for kind, rows in drawn.records.items():
            if not rows:
                continue
            before, gone = batch(scheme, drawn, session), rows[-1]
            drawn = drawn.with_records(kind, rows[:-1])
            key = [column for column in gone if column in session._forms[kind].key]
            session.annul(kind, {column: str(gone[column]) for column in key}, reason="never was")
            rest = batch(scheme, drawn, session)
            assert {table: list(session.assess().rows(table)) for table in TABLES} == rest
            assert session.consequences() == [row for row in rest["consequences"] if not row["provisional"]]  # type: ignore[index]
            changed |= rest != before
    assert changed
