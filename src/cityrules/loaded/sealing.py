"""An assessment as a bundle that can be checked and computed again: what it was made of, and its tables."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from cityrules.calendar.working import WorkingDays
from cityrules.io.archive import packed
from cityrules.io.files import failure
from cityrules.io.stored import stored
from cityrules.io.write import csv_lines, write_new
from cityrules.loaded.assessment import Assessment
from cityrules.loaded.given import Given
from cityrules.loaded.manifest import MANIFEST, VERSION, Manifest, as_text, digest, member_of
from cityrules.loaded.texts import DocumentTexts
from cityrules.plan.model import Plan
from cityrules.plan.reading import calendars_of
from cityrules.results.tables import Table
from cityrules.scheme.notation import plain_number
from cityrules.scheme.raw import plain_value
from cityrules.text.diagnostic import Report
from cityrules.text.release import __version__

NO_TEXT: Final = "CR1168"
NO_PLAIN_CHANGE: Final = "CR1169"


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What an assessment was made of, beside its span and instant: the texts of the scheme and the changes of them, and
    the rows as they were handed in."""

    texts: DocumentTexts | None
    changes: tuple[Mapping[str, Any], ...]
    version: str
    name: str
    given: Given


def seal(assessment: Assessment, path: str | Path, *, inputs: bool = True) -> str:
    """Write the bundle of an assessment to a new file; the answer is the digest of its manifest, which stands for all
    of it. Raises DataError for a scheme without a text, and for a file that is there or cannot be written."""
    members = sealed(assessment, inputs=inputs)
    write_new(path, packed(members))
    return digest(members[MANIFEST])


def sealed(assessment: Assessment, *, inputs: bool = True) -> dict[str, bytes]:
    """The members of the bundle. The rows of all sources are read again."""
    made = assessment.made_of
    if made is None or made.texts is None:
        raise failure(NO_TEXT)
    members: dict[str, bytes] = {}
    documents = []
    for number, one in enumerate(made.texts.chain(), 1):
        member = f"documents/{number}.yaml"
        members[member] = one.text.encode("utf-8")
        sheets = {}
        for place, (named, data) in enumerate(sorted(one.sheets.items()), 1):
            sheets[named] = f"documents/{number}.{place}.sheet"
            members[sheets[named]] = data
        documents.append({"member": member, "name": one.name, "sheets": sheets})
    given = []
    for number, (part, kind, rows) in enumerate(made.given.sources(), 1):
        text = stored(rows)
        one_input = {"part": part, "kind": kind, "source": rows.name, "rows": text.count(b"\n") - 1}
        member_name = f"inputs/{number}.jsonl" if inputs else None
        if member_name is not None:
            members[member_name] = text
        given.append({**one_input, "digest": digest(text), "member": member_name})
    members |= {member_of(name): table_text(table) for name, table in assessment.tables.items()}
    manifest = {
        "cityrules-seal": VERSION,
        "library": __version__,
        "language": made.version,
        "scheme": made.name,
        "documents": documents,
        "changes": [_plain(change) for change in made.changes],
        "start": assessment.span.start.isoformat(),
        "last_day": assessment.span.last_day.isoformat(),
        "as_of": assessment.as_of.isoformat(),
        "engine": assessment.engine,
        "calendars": calendar_digests(assessment.plan),
        "corrected": made.given.corrected is not None,
        "inputs": given,
        "tables": sorted(assessment.tables),
        "files": {name: digest(text) for name, text in members.items()},
    }
    members[MANIFEST] = Manifest.model_validate(manifest).text()
    return members


def table_text(table: Table) -> bytes:
    """A table as its CSV file has it."""
    return "".join(csv_lines(table)).encode("utf-8", "backslashreplace")


def calendar_digests(plan: Plan) -> list[str]:
    """A digest of each working calendar with years of its own that a plan counts by."""
    days = {(one.first, one.days) for one in calendars_of(plan) if isinstance(one, WorkingDays)}
    return sorted(digest(as_text({"first": first, "days": list(numbers)})) for first, numbers in days)


def _plain(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change in the plain values of a text: what is no text, flag or whole number as the text that it is."""
    plain = {str(path): plain_value(value, Report(), ()) for path, value in change.items()}

    def written(value: object) -> str:
        if isinstance(value, Decimal):
            return format(value, "f")
        if isinstance(value, Fraction):
            return plain_number(value)
        if isinstance(value, dt.date):
            return value.isoformat()
        raise failure(NO_PLAIN_CHANGE, found=type(value).__name__)

    made: dict[str, Any] = json.loads(json.dumps(plain, default=written))
    return made
