"""Corrections of records as they were decided: rows read into corrections, each with the day on which it was known.

What cannot be a correction is a reject, like any other input row that is not used. Knows the kinds of records of a
plan, and no row that is corrected.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.io import grammar
from cityrules.io.columns import check_columns
from cityrules.io.keys import key_of_text
from cityrules.io.rows import DataError, RawRow, Rows
from cityrules.plan.model import Plan
from cityrules.results.tables import Row
from cityrules.text.diagnostic import Diagnostic

CORRECTIONS: Final = "corrections"
"""What rejects call the kind of these rows."""

_REQUIRED: Final = ("kind", "record", "known_on", "reason")
_CHANGE: Final = ("field", "value", "annulled")
_BESIDE: Final = ("by", "number")
COLUMNS: Final = (*_REQUIRED, *_CHANGE, *_BESIDE)


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision about one record. `record`: its key as the tables write it. `known`: a day (known from its beginning
    on) or an instant of local time. Either `field` has the text `value` since then (None: nothing), or the record is
    `annulled` (true), or stands again (false)."""

    kind: str
    record: str
    known: dt.date
    field: str | None
    value: str | None
    annulled: bool | None
    reason: str
    by: str | None
    number: str | None
    source: str
    row: int
    texts: Mapping[str, str | None]

    @property
    def order(self) -> tuple[dt.datetime, str, int]:
        """Its place among all corrections, by knowledge; a day comes before the instants in it."""
        return begin_of(self.known), self.source, self.row

    def refused(self, reason: str, field: str = "") -> Row:
        """The row of `rejects` for this correction."""
        return reject(self.source, self.row, self.texts, [grammar.reason(field, reason)])


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections that were given, in order of knowledge, and the rows that are none, as rows of `rejects`."""

    given: tuple[Correction, ...] = ()
    rejects: tuple[Row, ...] = ()


def begin_of(known: dt.date) -> dt.datetime:
    """The first instant at which something was known."""
    return known if isinstance(known, dt.datetime) else dt.datetime.combine(known, dt.time())


def known_by(known: dt.date, as_of: dt.datetime) -> bool:
    """Whether something was known by an instant; what says only the day, by the end of that day."""
    return known <= as_of if isinstance(known, dt.datetime) else known <= as_of.date()


def read_corrections(sources: Sequence[Rows], plan: Plan) -> Corrections:
    """The corrections in rows with the columns `COLUMNS`; the last two need not be there. Raises DataError for a table
    without the others."""
    wrong: list[Diagnostic] = []
    for source in sources:
        wrong += check_columns(source, _REQUIRED, _CHANGE, kind=CORRECTIONS)
    if wrong:
        raise DataError(wrong)
    found: list[Correction] = []
    rejects: list[Row] = []
    seen: set[tuple[object, ...]] = set()
    for source in sources:
        places = {name: source.columns.index(name) for name in COLUMNS if name in source.columns}
        for row in source.rows():
            texts = {name: _text(row, places.get(name)) for name in COLUMNS}
            correction = _correction(plan, source.name, row, texts)
            if isinstance(correction, Correction):
                same = (correction.kind, correction.record, correction.known, *list(texts.values())[3:])
                if same in seen:
                    rejects.append(correction.refused(grammar.DUPLICATE))
                    continue
                seen.add(same)
                found.append(correction)
            else:
                rejects.append(reject(source.name, row.number, texts, correction))
    return Corrections(tuple(sorted(found, key=lambda one: one.order)), tuple(rejects))


def contradicted(known: Iterable[Correction]) -> set[int]:
    """The places of those corrections that contradict another of the same time: about one field, or about whether a
    record stands, they say differently at one instant, or on one day where one of them says only the day."""
    of_day: dict[tuple[object, ...], list[tuple[int, Correction]]] = {}
    for place, one in enumerate(known):
        of_day.setdefault((one.kind, one.record, one.field, begin_of(one.known).date()), []).append((place, one))
    found: set[int] = set()
    for same in of_day.values():
        at_once: dict[dt.date | None, list[tuple[int, Correction]]] = {}
        timed = all(isinstance(one.known, dt.datetime) for _, one in same)
        for place, one in same:
            at_once.setdefault(one.known if timed else None, []).append((place, one))
        for group in at_once.values():
            if len({(one.value, one.annulled) for _, one in group}) > 1:
                found |= {place for place, _ in group}
    return found


def reject(source: str, row: int, texts: Mapping[str, str | None], reasons: Iterable[str]) -> Row:
    """A row of `rejects` for a row that is no correction, or one that could not be applied."""
    said = "; ".join(sorted(reasons))
    return (
        CORRECTIONS,
        source,
        row,
        texts.get("record") or "",
        said,
        json.dumps(dict(texts), ensure_ascii=False, sort_keys=True, separators=(",", ":")),
    )


def _text(row: RawRow, place: int | None) -> str | None:
    return row.texts[place] or None if place is not None and place < len(row.texts) else None


def _correction(plan: Plan, source: str, row: RawRow, texts: Mapping[str, str | None]) -> Correction | list[str]:
    """The correction that a row is, or the reasons why it is none."""
    if row.bad is not None:
        return [row.bad]
    reasons = [grammar.reason(name, why) for name, text in texts.items() if (why := _unfit(name, text)) is not None]
    kind, field, annulled = texts["kind"] or "", texts["field"], _flag(texts["annulled"])
    record = plan.records.get(kind)
    if record is None and kind:
        reasons.append(grammar.reason("kind", grammar.UNKNOWN_KIND))
    if record is not None and field is not None and (field not in record.fields or field in record.key):
        reasons.append(grammar.reason("field", grammar.UNKNOWN_FIELD))
    if texts["annulled"] is not None and annulled is None:
        reasons.append(grammar.reason("annulled", grammar.NOT_A_FLAG))
    elif annulled is not None and (field is not None or texts["value"] is not None):
        reasons.append(grammar.reason("annulled", grammar.NOT_ALONE))
    elif annulled is None and field is None:
        reasons.append(grammar.reason("field", grammar.MISSING))
    known = read_moment(texts["known_on"])
    if known is None and texts["known_on"] is not None:
        reasons.append(grammar.reason("known_on", grammar.NOT_A_DATE))
    if reasons or record is None or known is None:
        return list(dict.fromkeys(reasons))
    key = key_of_text(texts["record"] or "", plan, record)
    return Correction(
        kind, key, known, field, texts["value"], annulled, texts["reason"] or "", texts["by"], texts["number"],
        source, row.number, texts,
    )  # fmt: skip


def _unfit(name: str, text: str | None) -> str | None:
    if text is None:
        return grammar.MISSING if name in _REQUIRED else None
    # The new text of a field is judged with the row that it belongs to.
    if name == "value":
        return None
    return grammar.NUL if "\0" in text else grammar.TOO_LONG if len(text) > grammar.MAX_TEXT else None


def _flag(text: str | None) -> bool | None:
    return True if text in grammar.TRUE else False if text in grammar.FALSE else None


_DAY: Final = re.compile(grammar.DATE)
_INSTANT: Final = re.compile(grammar.DATETIME)


def read_moment(text: str | None) -> dt.date | None:
    """A day or an instant; None for a text that is neither. The first instant of a day is the day: sheets have no days
    without a time."""
    try:
        if text is not None and _DAY.fullmatch(text):
            return dt.date.fromisoformat(text[:10])
        return dt.datetime.fromisoformat(text) if text is not None and _INSTANT.fullmatch(text) else None
    except ValueError:
        return None
