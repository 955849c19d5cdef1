"""How the sealed results here are broken: a small one is made, and done to it what the file says (`break: NAME`)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from cityrules.io.archive import packed, unpacked
from cityrules.io.rows import DataError
from cityrules.loaded import Scheme, loads
from cityrules.loaded.bundle import bundle_of
from cityrules.loaded.manifest import MANIFEST, as_text, digest
from cityrules.loaded.sealing import sealed
from cityrules.text.diagnostic import Report

DOCUMENT = """
cityrules: 1
scheme: sealed
title: sealed
in_force: {from: 2024-01-01}
calendar: {days: cn, start_day: excluded}
targets: {squad: {members: [East]}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, squad: squad, found_on: date, done_on: date, points: count}}
measures:
  score: {for: squad each month, from: 100, rules: {found: {each: finding, deduct: points}}, clause: 1}
  in_time: {for: finding, deadline: 3 working days, starts: found_on, done: done_on, clause: 1}
"""
ROWS = [{"no": "1", "squad": "East", "found_on": "2024-01-05", "done_on": "2024-01-08", "points": "5"}]

Members = dict[str, bytes]


def load(path: Path, report: Report) -> None:
    """Put everything that is found of the broken bundle into `report`."""
    how = yaml.safe_load(path.read_text("utf-8"))["break"]
    try:
        if how in SEALING:
            SEALING[how]()
        given = {"finding": [{**ROWS[0], "points": "6"}]} if how == "other_rows" else {}
        corrections = [{"kind": "finding", "record": "1"}] if how == "more_rows" else None
        archive = unpacked(BREAKS[how](members(how != "no_rows")), "result.zip")
        found = bundle_of(archive, "result.zip").verify(given, corrections=_corrections() if corrections else None)
    except DataError as problem:
        for one in problem.diagnostics:
            report.put(one)
        return
    for one in (*found.notes, *found.found):
        report.put(one)


def members(inputs: bool = True) -> Members:
    return sealed(loads(DOCUMENT).assess({"finding": ROWS}, period="2024-01"), inputs=inputs)


def _corrections() -> list[dict[str, Any]]:
    return [{"kind": "finding", "record": "1", "known_on": "2024-02-01", "annulled": True, "reason": "r"}]


def _no_text() -> None:
    made = loads(DOCUMENT)
    sealed(Scheme(made.written, made.plan).assess({"finding": ROWS}, period="2024-01"))


def _strange_change() -> None:
    made = loads(DOCUMENT)
    sealed(Scheme(made.written, made.plan, made.texts, ({"title": b"bytes"},)).assess({}, period="2024-01"))


SEALING: dict[str, Callable[[], None]] = {"no_text": _no_text, "strange_change": _strange_change}


def _manifest(change: Callable[[dict[str, Any]], object]) -> Callable[[Members], bytes]:
    def changed(made: Members) -> bytes:
        data = json.loads(made[MANIFEST])
        change(data)
        return packed({**made, MANIFEST: as_text(data)})

    return changed


def _deflated(made: Members) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in made.items():
            archive.writestr(name, text)
    return file.getvalue()


def _damaged(made: Members) -> bytes:
    data = packed(made)
    return data.replace(b"2024-01-05", b"2024-01-06", 1)


def _table(made: Members) -> bytes:
    values = made["tables/values.csv"].replace(b",95,", b",96,")
    data = json.loads(made[MANIFEST])
    data["files"]["tables/values.csv"] = digest(values)
    return packed({**made, "tables/values.csv": values, MANIFEST: as_text(data)})


BREAKS: dict[str, Callable[[Members], bytes]] = {
    "cut": lambda made: packed(made)[:500],
    "deflated": _deflated,
    "damaged": _damaged,
    "appended": lambda made: packed(made)[:-2] + b"\x03\x00abc",
    "many": lambda _made: packed({f"m/{number}": b"" for number in range(10_001)}),
    "manifest": _manifest(lambda data: data.pop("as_of")),
    "changed": lambda made: packed({**made, "tables/values.csv": made["tables/values.csv"].replace(b",95,", b",94,")}),
    "lacking": lambda made: packed({name: text for name, text in made.items() if name != "tables/ranks.csv"}),
    "more": lambda made: packed({**made, "tables/more.csv": b""}),
    "table": _table,
    "library": _manifest(lambda data: data.update(library="0.0.9")),
    "calendar": _manifest(lambda data: data.update(calendars=["0" * 64])),
    "untrue": _manifest(lambda data: (data.update(scheme="another"), data["inputs"][0].update(rows=7))),
    **dict.fromkeys(("no_rows", "other_rows", "more_rows"), packed),
}
