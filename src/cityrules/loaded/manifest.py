"""The manifest of a sealed result: what an assessment was made of, with the digest of every text. Reads no archive."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from cityrules.io.stored import Malformed

MANIFEST: Final = "manifest.json"
VERSION: Final = 1

_LONGEST_SPAN: Final = 200

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,2000}$")]
"""A text that can be shown as it is."""
Part = Literal["records", "targets", "opening", "corrections"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class SealedDocument(_Frozen):
    """One document: the member that holds its text, what its file is called, and the members of the sheets beside it by
    what it calls them. The first is the scheme, each next one what the one before is based on."""

    member: Name
    name: Name
    sheets: dict[Name, Name]


class SealedInput(_Frozen):
    """The rows of one source as they were read. `kind`: of records or targets; `source`: what messages and rejects call
    it; `digest`: that of the rows as stored; `member`: None where they are not in the bundle."""

    part: Part
    kind: Name
    source: str
    rows: Annotated[int, Field(ge=0)]
    digest: Digest
    member: Name | None


class Manifest(_Frozen):
    """All that an assessment was made of. `files`: the digest of every member beside the manifest. `changes`: what was
    changed of the documents, one after the other. `calendars`: digests of the working calendars that were counted.
    `corrected`: whether there were corrections, if only none. Times are ISO 8601, local."""

    version: Literal[1] = Field(alias="cityrules-seal")
    library: Name
    language: Name
    scheme: Name
    documents: Annotated[list[SealedDocument], Field(min_length=1, max_length=20)]
    changes: Annotated[list[dict[Name, Any]], Field(max_length=1000)]
    start: str
    last_day: str
    as_of: str
    engine: Literal["python", "duckdb"]
    calendars: list[Digest]
    corrected: bool
    inputs: list[SealedInput]
    tables: list[Name]
    files: dict[Name, Digest]

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        """The first and the last day of what was assessed."""
        return dt.date.fromisoformat(self.start), dt.date.fromisoformat(self.last_day)

    @property
    def moment(self) -> dt.datetime:
        """The instant of knowledge."""
        return dt.datetime.fromisoformat(self.as_of)

    def text(self) -> bytes:
        """The manifest as its member holds it."""
        return as_text(self.model_dump(by_alias=True))


def as_text(data: Mapping[str, Any]) -> bytes:
    """Data as the text of a manifest: sorted, one form for one content."""
    return (json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode("utf-8", "surrogatepass")


def read_manifest(text: bytes) -> Manifest:
    """The manifest in a text. Raises Malformed for one that is none, or not in the form in which it is written."""
    found = _read(text)
    try:
        first, last = found.span
    except ValueError:
        raise Malformed("manifest_span") from None
    if last < first or last.year - first.year > _LONGEST_SPAN:
        raise Malformed("manifest_span")
    try:
        local = found.moment.tzinfo is None
    except ValueError:
        local = False
    if not local:
        raise Malformed("manifest_value", "as_of")
    # Days and instants can be written in several ways, of which one is ours.
    if (first.isoformat(), last.isoformat(), found.moment.isoformat()) != (found.start, found.last_day, found.as_of):
        raise Malformed("other_writing")
    members = [member for one in found.documents for member in (one.member, *one.sheets.values())]
    members += [one.member for one in found.inputs if one.member is not None]
    if unknown := sorted({*members, *map(member_of, found.tables)} - found.files.keys()):
        raise Malformed("manifest_no_digest", unknown[0])
    return found


def _read(text: bytes) -> Manifest:
    try:
        found = Manifest.model_validate(json.loads(text.decode("utf-8", "surrogatepass")))
        written = found.text()
    except RecursionError:
        raise Malformed("json_too_deep") from None
    except ValidationError as problem:
        first = problem.errors()[0]
        why = {"missing": "manifest_lacks", "extra_forbidden": "manifest_more"}.get(first["type"], "manifest_value")
        raise Malformed(why, ".".join(map(str, first["loc"]))) from None
    except (ValueError, OverflowError):
        raise Malformed("no_json") from None
    if written != text:
        raise Malformed("other_writing")
    return found


def member_of(table: str) -> str:
    """The member that holds a table."""
    return f"tables/{table}.csv"


def digest(text: bytes) -> str:
    """The SHA-256 of a text, in hexadecimal digits."""
    return hashlib.sha256(text).hexdigest()
