"""A sealed result read back: every digest checked, the scheme loaded from its texts, the tables computed again.

Reading executes nothing and writes nothing but the sheets beside a document, into a folder of its own for as long as
they are read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cityrules.calendar.periods import Span
from cityrules.io.archive import Archive, read_archive
from cityrules.io.rows import DataError, RawRow, Rows
from cityrules.io.stored import Malformed, read_stored, stored
from cityrules.loaded.claims import untrue_of_rows, untrue_of_scheme
from cityrules.loaded.engines import engine_of
from cityrules.loaded.errors import SchemeError
from cityrules.loaded.given import as_known, correction_rows, corrections_of, inputs_of, opened, question_of
from cityrules.loaded.loading import load_kept
from cityrules.loaded.manifest import MANIFEST, Manifest, SealedInput, digest, member_of, read_manifest
from cityrules.loaded.scheme import Scheme
from cityrules.loaded.sealing import calendar_digests, table_text
from cityrules.loaded.texts import DocumentTexts
from cityrules.scheme.telling import told
from cityrules.text import limits
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.release import __version__
from cityrules.text.show import show, to_json

if TYPE_CHECKING:
    from cityrules.engines.base import Progress
    from cityrules.loaded.engines import EngineName

MANIFEST_WRONG: Final = "CR1166"
CHANGED: Final = "CR1167"
NOT_THERE: Final = "CR1171"
NOT_LISTED: Final = "CR1172"
INPUT_WANTED: Final = "CR1173"
INPUT_DIFFERS: Final = "CR1174"
INPUT_UNKNOWN: Final = "CR1175"
TABLE_DIFFERS: Final = "CR1176"
OTHER_LIBRARY: Final = "CR1177"
OTHER_CALENDAR: Final = "CR1178"

_SHOWN: Final = 300


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found of a sealed result. `found`: everything that is not as it was sealed; `notes`: what is otherwise
    and need not matter (another version of the library); `recomputed`: whether the tables were computed again, on
    `engine`; `seal`: the digest of the manifest, '' where it cannot be read."""

    path: str
    scheme: str
    seal: str
    engine: str
    recomputed: bool
    found: tuple[Diagnostic, ...]
    notes: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is as it was sealed, and comes out the same again."""
        return self.recomputed and not self.found

    def show(self, language: Language = "en") -> str:
        """All that was found, as text."""
        return "\n\n".join(show(one, language) for one in (*self.notes, *self.found))

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """The same for machines."""
        return {
            "ok": self.ok,
            "path": self.path,
            "scheme": self.scheme,
            "seal": self.seal,
            "engine": self.engine,
            "recomputed": self.recomputed,
            "found": [to_json(one, language) for one in self.found],
            "notes": [to_json(one, language) for one in self.notes],
        }


@dataclass(frozen=True, slots=True)
class _Named:
    """Rows under the name that they had when they were sealed."""

    source: Rows
    name: str

    @property
    def columns(self) -> tuple[str, ...]:
        return self.source.columns

    @property
    def optional_columns(self) -> bool:
        return self.source.optional_columns

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the source."""
        return self.source.rows()


@dataclass(frozen=True)
class Bundle:
    """A sealed result as it lies in a file. `manifest`: None where it cannot be read; `found`: what is wrong with the
    archive, the manifest, and each member, looked at by itself."""

    path: str
    members: Mapping[str, bytes] = field(repr=False)
    manifest: Manifest | None = field(repr=False)
    found: tuple[Diagnostic, ...]

    @cached_property
    def scheme(self) -> Scheme | None:
        """The scheme out of its texts, changed as it was; None where one of them is not as it was sealed. Raises
        SchemeError where this release refuses it."""
        manifest = self.manifest
        if manifest is None or not all(self._sound(member) for member in _document_members(manifest)):
            return None
        texts: DocumentTexts | None = None
        for one in reversed(manifest.documents):
            sheets = {named: self.members[member] for named, member in one.sheets.items()}
            texts = DocumentTexts(one.name, self.members[one.member].decode("utf-8"), sheets, texts)
        assert texts is not None
        with _folder(texts) as folder:
            scheme = load_kept(texts, folder)
        for change in manifest.changes:
            scheme = scheme.overlay(change)
        return scheme

    def _sound(self, member: str) -> bool:
        return self.manifest is not None and member in self.members and digest(self.members[member]) == (
            self.manifest.files[member]
        )  # fmt: skip

    def verify(
        self,
        records: Mapping[str, Any] | None = None,
        *,
        targets: Mapping[str, Any] | None = None,
        binding: Any = None,
        opening: Any = None,
        corrections: Any = None,
        engine: EngineName | None = None,
        progress: Progress | None = None,
    ) -> Verification:
        """Compute the tables again, on the engine that made them or another, and compare them row by row. Rows that are
        handed in, as for `assess`, have to be those that were sealed; they are needed where they are not in the bundle.

        Raises DataError for rows that cannot be read, and for a kind that there is not.
        """
        if engine is not None:
            engine_of(engine)
        manifest, found, notes = self.manifest, list(self.found), list[Diagnostic]()
        if manifest is None:
            return Verification(self.path, "", "", engine or "", False, tuple(found), ())
        if manifest.library != __version__:
            values = {"found": manifest.library, "here": __version__}
            notes.append(Diagnostic(OTHER_LIBRARY, values=values, severity="warning"))
        used = engine or manifest.engine
        recomputed = False
        try:
            scheme = self.scheme
            if scheme is not None:
                found += untrue_of_scheme(manifest, scheme)
                if calendar_digests(scheme.plan) != sorted(manifest.calendars):
                    notes.append(Diagnostic(OTHER_CALENDAR, values={}, severity="warning"))
                handed = _handed(scheme, records or {}, targets or {}, binding, opening, corrections)
                given = self._inputs(manifest, handed, found)
                if given is not None:
                    found += self._compared(scheme, manifest, given, used, progress)
                    recomputed = True
        except SchemeError as problem:
            found += problem.diagnostics
        seal = digest(self.members[MANIFEST])
        return Verification(self.path, manifest.scheme, seal, used, recomputed, tuple(found), tuple(notes))

    def _inputs(
        self, manifest: Manifest, handed: Mapping[tuple[str, str], Sequence[Rows]], found: list[Diagnostic]
    ) -> dict[tuple[str, str], list[Rows]] | None:
        """The rows of every source, by part and kind; None where some cannot be had, which is told."""
        made: dict[tuple[str, str], list[Rows]] = {}
        whole = True
        left = {key: list(rows) for key, rows in handed.items()}
        for one in manifest.inputs:
            key = (one.part, one.kind)
            sources = left.get(key, [])
            rows = self._input(one, sources.pop(0) if sources else None, found)
            whole &= rows is not None
            if rows is not None:
                made.setdefault(key, []).append(rows)
        for (part, kind), rest in left.items():
            found += [Diagnostic(INPUT_UNKNOWN, values=_about(part, kind, rows.name)) for rows in rest]
        return made if whole else None

    def _input(self, one: SealedInput, handed: Rows | None, found: list[Diagnostic]) -> Rows | None:
        if handed is not None:
            text = stored(handed)
            if digest(text) != one.digest:
                found.append(Diagnostic(INPUT_DIFFERS, values=_about(one.part, one.kind, handed.name)))
                return None
            found += untrue_of_rows(one, text)
            return _Named(handed, one.source)
        if one.member is None:
            found.append(Diagnostic(INPUT_WANTED, values=_about(one.part, one.kind, one.source)))
            return None
        if not self._sound(one.member):
            return None  # That it is changed, or not there, is told already.
        try:
            rows = read_stored(self.members[one.member], one.source)
        except Malformed as problem:
            found.append(_wrong(one.member, problem))
            return None
        found += untrue_of_rows(one, rows.text)
        return rows

    def _compared(
        self,
        scheme: Scheme,
        manifest: Manifest,
        given: Mapping[tuple[str, str], Sequence[Rows]],
        engine: str,
        progress: Progress | None,
    ) -> list[Diagnostic]:
        """The differences between the tables as sealed and as they come out now."""
        from cityrules.engines.base import Inputs

        def of(part: str) -> dict[str, Sequence[Rows]]:
            return {kind: rows for (one, kind), rows in given.items() if one == part}

        before = list(given.get(("opening", ""), ()))
        known = corrections_of(scheme.plan, given.get(("corrections", ""), ()) if manifest.corrected else None)
        span = Span(*manifest.span)
        try:
            handed = Inputs(of("records"), of("targets"))
            inputs, after = as_known(scheme.plan, handed, known, manifest.moment)
            question = question_of(scheme.plan, inputs, span, manifest.moment, before)
            tables = after(engine_of(engine).assess(scheme.plan, inputs, question, progress)).tables
        except DataError as problem:
            return list(told(problem.diagnostics, scheme.language))
        found = []
        for name in sorted({*tables, *manifest.tables}):
            now = table_text(tables[name]) if name in tables else b""
            sealed = self.members.get(member_of(name)) if name in manifest.tables else b""
            if sealed is not None and now != sealed:
                found.append(_difference(name, sealed, now))
        return found


def open_bundle(path: str | Path) -> Bundle:
    """The bundle in a file, with all that is wrong with what it holds. Raises DataError for a file that is no
    archive."""
    return bundle_of(read_archive(path), str(path))


def bundle_of(archive: Archive, name: str) -> Bundle:
    """The same of an archive that is read already, called `name`."""
    found = list(archive.found)
    told_of = {one.values["found"] for one in found}
    manifest = _manifest(archive, found)
    for member in sorted({*archive.members, *(manifest.files if manifest is not None else ())} - {MANIFEST}):
        if manifest is None:
            break
        if member not in manifest.files:
            found.append(Diagnostic(NOT_LISTED, values={"found": member}))
        elif member not in archive.members and member not in told_of:
            found.append(Diagnostic(NOT_THERE, values={"found": member}))
        elif member in archive.members and digest(archive.members[member]) != manifest.files[member]:
            found.append(Diagnostic(CHANGED, values={"found": member}))
    return Bundle(name, archive.members, manifest, tuple(found))


def verify(path: str | Path, records: Mapping[str, Any] | None = None, **given: Any) -> Verification:
    """Check a sealed result: every digest, and every table by computing it again. `records` and `given`: what
    `Bundle.verify` takes. What is not as it was sealed is in the answer and raises nothing.

    Raises DataError for a file that is no archive, and for rows that cannot be read.
    """
    return open_bundle(path).verify(records, **given)


def _manifest(archive: Archive, found: list[Diagnostic]) -> Manifest | None:
    text = archive.members.get(MANIFEST)
    if text is None:
        if all(one.values["found"] != MANIFEST for one in found):
            found.append(Diagnostic(NOT_THERE, values={"found": MANIFEST}))
        return None
    try:
        manifest = read_manifest(text)
        _check_documents(manifest, archive.members)
    except Malformed as problem:
        found.append(_wrong(MANIFEST, problem))
        return None
    return manifest


def _check_documents(manifest: Manifest, members: Mapping[str, bytes]) -> None:
    """Raises Malformed for documents that are too large or no UTF-8, and for sheets that lie beside none."""
    for one in manifest.documents:
        text = members.get(one.member, b"")
        if len(text) > limits.BYTES:
            raise Malformed("document_too_large", one.member)
        try:
            text.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("document_no_text", one.member) from None
        if not one.name.isprintable():
            raise Malformed("document_no_name", one.name)
        for named in one.sheets:
            path = Path(named)
            plain = named.isprintable() and not any(sign in named for sign in "\\:") and len(named) <= _SHOWN
            if not plain or path.is_absolute() or not path.parts or ".." in path.parts:
                raise Malformed("sheet_no_name", named)


def _document_members(manifest: Manifest) -> Iterator[str]:
    for one in manifest.documents:
        yield one.member
        yield from one.sheets.values()


@contextmanager
def _folder(texts: DocumentTexts) -> Iterator[Path]:
    """A folder with the sheets beside each document in a folder of their own, for as long as it is needed. Raises
    SchemeError for those that cannot lie there."""
    with tempfile.TemporaryDirectory(prefix="cityrules-") as name:
        for number, one in enumerate(texts.chain(), 1):
            for named, data in one.sheets.items():
                file = Path(name, str(number), named)
                try:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(data)
                except OSError:
                    # No name of a file here, or one of the others as a folder.
                    raise SchemeError([_wrong(MANIFEST, Malformed("sheet_no_name", named))]) from None
        yield Path(name)


def _handed(
    scheme: Scheme,
    records: Mapping[str, Any],
    targets: Mapping[str, Any],
    binding: Any,
    opening: Any,
    corrections: Any,
) -> dict[tuple[str, str], Sequence[Rows]]:
    """The rows that were handed in, by part and kind."""
    host = None if binding is None else scheme.binding(binding) if isinstance(binding, (str, Path)) else binding
    parts = inputs_of(scheme.plan, records, targets, host)
    made = {
        (part, kind): rows
        for part, kinds in zip(("records", "targets"), parts, strict=True)
        for kind, rows in kinds.items()
    }
    return {
        **made,
        ("opening", ""): opened(opening),
        ("corrections", ""): correction_rows(corrections) or (),
    }


def _difference(name: str, sealed: bytes, now: bytes) -> Diagnostic:
    """The first line in which the file of a table differs, and how many lines do."""
    one, other = (text.decode("utf-8", "backslashreplace").split("\n") for text in (sealed, now))
    rows = range(max(len(one), len(other)))
    differ = [row for row in rows if one[row : row + 1] != other[row : row + 1]]
    at = differ[0]
    values = {
        "found": name,
        "line": str(at + 1),
        "number": str(len(differ)),
        "sealed": _cut(one, at),
        "now": _cut(other, at),
    }
    return Diagnostic(TABLE_DIFFERS, values=values)


def _cut(lines: Sequence[str], at: int) -> str:
    return lines[at][:_SHOWN] if at < len(lines) else "-"


def _about(part: str, kind: str, source: str) -> dict[str, str]:
    return {"part_type": f"part_{part}", "kind": f" {kind}" if kind else "", "found": source}


def _wrong(member: str, problem: Malformed) -> Diagnostic:
    at = f"`{problem.at[:_SHOWN]}` " if problem.at else ""
    return Diagnostic(MANIFEST_WRONG, values={"found": member, "at": at, "why_type": problem.why})
