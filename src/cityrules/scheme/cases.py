"""The shapes of readings and examples: what is a map, a list, a row. Whether the names in them exist is for the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cityrules.scheme.document import Document
from cityrules.scheme.inputs import NOTHING_IN_IT
from cityrules.scheme.notation import NotationError
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter
from cityrules.scheme.texts import as_text

SHAPE: Final = "CR344"
MOST_REPEATED: Final = 100_000
"""So many rows can all repetitions of a case together come to."""


def check_cases(document: Document, reporter: Reporter) -> None:
    """Complain about every reading without another, and about what an example cannot mean."""
    for name, reading in document.readings.items():
        path = ("readings", name, "others")
        if not reading.others:
            reporter.refuse_key(NOTHING_IN_IT, path, key="others")
        for option, changes in reading.others.items():
            if not changes:
                reporter.refuse_key(NOTHING_IN_IT, (*path, option), key=option)
    for name in document.examples:
        check_example(("examples", name), document, reporter)


def check_example(path: Path, document: Document, reporter: Reporter) -> None:
    """Complain about what a worked case of `document` cannot mean, which stands at `path` of what the reporter looks
    at: the document itself, or a file of cases."""
    rows = 0
    for record, fields in _entries((*path, "defaults"), reporter):
        _row((*path, "defaults", record), fields, reporter)
    if not reporter.names((*path, "expect")):
        reporter.refuse_key(NOTHING_IN_IT, (*path, "expect"), key="expect")
    for name, given in _entries((*path, "given"), reporter):
        here = (*path, "given", name)
        if name == "as_of":
            _single(here, given, reporter)
        elif name in ("targets", "values"):
            _check_map(here, given, reporter)
            for inner, body in _entries(here, reporter):
                if name == "values":
                    _row((*here, inner), body, reporter)
                else:
                    _targets((*here, inner), body, reporter)
        elif name in document.records:
            rows = _records(here, given, reporter, rows)  # a name that nothing has is for the run
    for name, expected in _entries((*path, "expect"), reporter):
        here = (*path, "expect", name)
        if name in ("rejects", "problems", "movements"):
            if name == "movements":
                _something(here, reporter)
            continue  # These have several shapes, which the run of the example knows.
        if name == "diagnostics":
            _refused(path, reporter)
            continue
        if isinstance(expected, Mapping) and name in document.consequences:
            _steps(here, reporter)
        elif isinstance(expected, Mapping):
            _something(here, reporter)
            _row(here, expected, reporter)
        elif isinstance(expected, list):
            for number, item in enumerate(expected):
                if isinstance(item, Mapping):
                    _row((*here, str(number)), item, reporter)
                else:
                    _single((*here, str(number)), item, reporter)
        else:
            _single(here, expected, reporter)


def _something(path: Path, reporter: Reporter) -> None:
    """Complain about every map without an entry: nothing would be compared."""
    inside = _entries(path, reporter)
    if not inside and isinstance(reporter.plain(path), Mapping):
        reporter.refuse_key(NOTHING_IN_IT, path, key=path[-1])
    for name, _ in inside:
        _something((*path, name), reporter)


def _refused(path: Path, reporter: Reporter) -> None:
    """`diagnostics: [CODE]` says that the changed document is refused: then nothing is run, nothing else comes out."""
    here = (*path, "expect")
    found = reporter.plain((*here, "diagnostics"))
    if not isinstance(found, list) or not found:
        reporter.refuse_key(SHAPE, (*here, "diagnostics"), found="diagnostics", wanted="[CODE]")
    for number, item in enumerate(found if isinstance(found, list) else ()):
        _single((*here, "diagnostics", str(number)), item, reporter)
    if not reporter.names((*path, "under")):
        reporter.pointless(here, "diagnostics", "under")
    for place, names in ((here, reporter.names(here)), ((*path, "given"), reporter.names((*path, "given")))):
        for name in names:
            if name != "diagnostics":
                reporter.refused(place, name, "diagnostics")


def _steps(path: Path, reporter: Reporter) -> None:
    """`{A 2024-01: talk, B 2024-01: [talk, circular]}`: of a ladder whose steps may follow together."""
    for cell, steps in _entries(path, reporter):
        if isinstance(steps, list):
            for number, step in enumerate(steps):
                _single((*path, cell, str(number)), step, reporter)
        else:
            _single((*path, cell), steps, reporter)


def _targets(path: Path, given: object, reporter: Reporter) -> None:
    """`[甲区, {name: 乙区, quota: 20}]`."""
    if not isinstance(given, list):
        reporter.refuse_key(SHAPE, path, found=path[-1], wanted="[NAME, {name: NAME, FIELD: VALUE}]")
        return
    for number, item in enumerate(given):
        here = (*path, str(number))
        if isinstance(item, Mapping):
            _row(here, item, reporter)
            if item.get("name") is None:
                reporter.refuse(SHAPE, here, found=path[-1], wanted="{name: NAME, FIELD: VALUE}")
        else:
            _single(here, item, reporter)


def _records(path: Path, given: object, reporter: Reporter, before: int) -> int:
    """Rows, some of them repeated: `[{no: 1}, {repeat: 3, row: {matter: 1}}]`; one such map may stand alone. `before`:
    how many rows the repetitions of other kinds come to; the answer is how many with these."""
    rows = given if isinstance(given, list) else [given]
    for number, row in enumerate(rows):
        here = (*path, str(number)) if rows is given else path
        if not isinstance(row, Mapping):
            reporter.refuse(
                SHAPE, here, found=path[-1], wanted="[{FIELD: VALUE}, {repeat: NUMBER, row: {FIELD: VALUE}}]"
            )
        elif set(row) == {"repeat", "row"}:
            if not _whole(row["repeat"]):
                reporter.refuse(SHAPE, (*here, "repeat"), found="repeat", wanted=f"1 .. {MOST_REPEATED:,}")
            elif before <= MOST_REPEATED:
                before += int(str(row["repeat"]))
                if before > MOST_REPEATED:
                    wanted = f"repeat + repeat + … <= {MOST_REPEATED:,}"
                    reporter.refuse(SHAPE, (*here, "repeat"), found="repeat", wanted=wanted)
            _row((*here, "row"), row["row"], reporter)
        elif rows is given:
            _row(here, row, reporter)
        else:
            reporter.refuse_key(SHAPE, here, found=path[-1], wanted="[{FIELD: VALUE}] / {repeat: NUMBER, row: {...}}")
    return before


def _row(path: Path, row: object, reporter: Reporter) -> None:
    """A map of single values; nothing after a key is a missing value."""
    if _check_map(path, row, reporter):
        for name, value in _entries(path, reporter) if isinstance(row, Mapping) else ():
            _single((*path, name), value, reporter)


def _check_map(path: Path, value: object, reporter: Reporter) -> bool:
    if isinstance(value, Mapping):
        return True
    reporter.refuse(SHAPE, path, found=path[-1], wanted="{NAME: VALUE}")
    return False


def _single(path: Path, value: object, reporter: Reporter) -> None:
    if value is None:
        return
    try:
        as_text(value)
    except NotationError as error:
        reporter.refuse(error.code, path, **{"key": path[-1], **error.values})


def _whole(value: object) -> bool:
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= MOST_REPEATED


def _entries(path: Path, reporter: Reporter) -> list[tuple[str, object]]:
    value = reporter.plain(path)
    return list(value.items()) if isinstance(value, Mapping) else []
