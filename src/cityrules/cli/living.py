"""`live`: a file of events through a session, and every change as it becomes due."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import ExitStack
from typing import IO

import typer

from cityrules.cli.failures import usage
from cityrules.io.rows import DataError
from cityrules.live import Session
from cityrules.live.events import NotAnEvent, said_in
from cityrules.live.session import Change
from cityrules.loaded import Scheme
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Diagnostic, Language

STDIN = "-"


def run_live(session: Session, events: str, language: Language, as_json: bool) -> None:
    """Take the events of a file (`-`: stdin) one by one and print what each of them raises and withdraws. Raises
    DataError for an event that cannot be taken; those before it were."""
    with ExitStack() as opened:
        # What a journal holds was told when it was written.
        session.changes()
        lines: Iterable[str] = sys.stdin if events == STDIN else opened.enter_context(_read(events))
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                session.take(_said(line))
            except DataError as problem:
                values = {"source": events, "line": str(number)}
                raise DataError([*problem.diagnostics, Diagnostic("CR620", values=values)]) from None
            for change in session.changes():
                typer.echo(_json(change) if as_json else _sentence(session, change, language))


def _read(path: str) -> IO[str]:
    """The file of events. What is no UTF-8 is refused where it stands, as a value without a text."""
    return open(path, encoding="utf-8", errors="surrogateescape")


def _said(line: str) -> dict[str, object]:
    try:
        return said_in(line)
    except NotAnEvent as problem:
        raise DataError([Diagnostic("CR189", values={"found": str(problem)})]) from None


def _json(change: Change) -> str:
    data = {"change": change.change, "event": change.event.number, **change.row}
    return json.dumps(data, ensure_ascii=False, default=str)


def _sentence(session: Session, change: Change, language: Language) -> str:
    row = change.row
    label = session.scheme.plan.consequences[str(row["consequence"])].label or row["consequence"]
    where = [row[name] for name in ("target", "dimension", "period", "record_kind", "record")]
    values = {
        "moment": session.clock.isoformat(sep=" ", timespec="minutes"),
        "change": change.change,
        "where": " ".join(str(part) for part in where if part),
        "label": str(label),
        "event": str(change.event.number),
        **{name: str(row[name]) for name in ("act", "to", "evidence") if row[name]},
        **({"organ": str(row["decided_by"])} if row["decided_by"] else {}),
    }
    return wording("wording.yaml", "cityrules.cli").say("live_change", values, language)


def known_period(scheme: Scheme, text: str) -> str:
    """A period to assess, as it was written. Raises UsageError."""
    try:
        scheme.plan.periods.parse_span(text)
    except ValueError:
        raise usage("CR605", found=text) from None
    return text
