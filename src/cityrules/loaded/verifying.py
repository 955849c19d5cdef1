"""A sealed result verified: the tables computed again, of the rows in it or of those handed in, and compared row by
row. Knows no archive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs
from cityrules.io.rows import DataError, RawRow, Rows
from cityrules.io.stored import Malformed, read_stored, stored
from cityrules.loaded.bundle import SHOWN, Bundle, open_bundle, wrong
from cityrules.loaded.claims import untrue_of_rows, untrue_of_scheme
from cityrules.loaded.engines import engine_of
from cityrules.loaded.errors import SchemeError
from cityrules.loaded.given import Given, Handed
from cityrules.loaded.manifest import MANIFEST, Manifest, SealedInput, digest, member_of
from cityrules.loaded.running import outcome_of
from cityrules.loaded.scheme import Scheme
from cityrules.loaded.sealing import calendar_digests, table_text
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.release import __version__
from cityrules.text.show import show, to_json

if TYPE_CHECKING:
    from cityrules.engines.base import Progress
    from cityrules.loaded.engines import EngineName

INPUT_WANTED: Final = "CR1173"
INPUT_DIFFERS: Final = "CR1174"
INPUT_UNKNOWN: Final = "CR1175"
TABLE_DIFFERS: Final = "CR1176"
OTHER_LIBRARY: Final = "CR1177"
OTHER_CALENDAR: Final = "CR1178"

_Key = tuple[str, str]
"""A part and a kind of it."""


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


def verify(path: str | Path, records: Mapping[str, Any] | None = None, **given: Any) -> Verification:
    """Check a sealed result: every digest, and every table by computing it again. `records` and `given`: what
    `Bundle.verify` takes. What is not as it was sealed is in the answer and raises nothing.

    Raises DataError for a file that is no archive, and for rows that cannot be read.
    """
    return open_bundle(path).verify(records, **given)


def verified(
    bundle: Bundle, handed: Handed, engine: EngineName | None = None, progress: Progress | None = None
) -> Verification:
    """What is found of a bundle, with rows that were handed in. Raises what `Bundle.verify` says."""
    if engine is not None:
        engine_of(engine)
    manifest, found, notes = bundle.manifest, list(bundle.found), list[Diagnostic]()
    if manifest is None:
        return Verification(bundle.path, "", "", engine or "", False, tuple(found), ())
    if manifest.library != __version__:
        values = {"found": manifest.library, "here": __version__}
        notes.append(Diagnostic(OTHER_LIBRARY, values=values, severity="warning"))
    used = engine or manifest.engine
    recomputed = False
    try:
        scheme = bundle.scheme
        if scheme is not None:
            found += untrue_of_scheme(manifest, scheme)
            if calendar_digests(scheme.plan) != sorted(manifest.calendars):
                notes.append(Diagnostic(OTHER_CALENDAR, values={}, severity="warning"))
            given = _given(bundle, manifest, handed.opened(scheme), found)
            if given is not None:
                found += _compared(bundle, scheme, manifest, given, used, progress)
                recomputed = True
    except SchemeError as problem:
        found += problem.diagnostics
    seal = digest(bundle.members[MANIFEST])
    return Verification(bundle.path, manifest.scheme, seal, used, recomputed, tuple(found), tuple(notes))


def _given(bundle: Bundle, manifest: Manifest, handed: Given, found: list[Diagnostic]) -> Given | None:
    """The rows of every source; None where some cannot be had, which is told."""
    left: dict[_Key, list[Rows]] = {}
    for part, kind, rows in handed.sources():
        left.setdefault((part, kind), []).append(rows)
    made: dict[_Key, list[Rows]] = {}
    whole = True
    for one in manifest.inputs:
        key = (one.part, one.kind)
        sources = left.get(key, [])
        source = _input(bundle, one, sources.pop(0) if sources else None, found)
        whole &= source is not None
        if source is not None:
            made.setdefault(key, []).append(source)
    for (part_of, kind), rest in left.items():
        found += [Diagnostic(INPUT_UNKNOWN, values=_about(part_of, kind, rows.name)) for rows in rest]
    if not whole:
        return None

    def of(part: str) -> dict[str, Sequence[Rows]]:
        return {kind: rows for (one, kind), rows in made.items() if one == part}

    corrected = made.get(("corrections", ""), []) if manifest.corrected else None
    return Given(Inputs(of("records"), of("targets")), made.get(("opening", ""), []), corrected)


def _input(bundle: Bundle, one: SealedInput, handed: Rows | None, found: list[Diagnostic]) -> Rows | None:
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
    if not bundle.sound(one.member):
        return None  # That it is changed, or not there, is told already.
    try:
        rows = read_stored(bundle.members[one.member], one.source)
    except Malformed as problem:
        found.append(wrong(one.member, problem))
        return None
    found += untrue_of_rows(one, rows.text)
    return rows


def _compared(
    bundle: Bundle, scheme: Scheme, manifest: Manifest, given: Given, engine: str, progress: Progress | None
) -> list[Diagnostic]:
    """The differences between the tables as sealed and as they come out now."""
    try:
        _, outcome = outcome_of(scheme.plan, given, Span(*manifest.span), manifest.moment, engine, progress)
    except DataError as problem:
        return list(told(problem.diagnostics, scheme.language))
    found = []
    for name in sorted({*outcome.tables, *manifest.tables}):
        now = table_text(outcome.tables[name]) if name in outcome.tables else b""
        sealed = bundle.members.get(member_of(name)) if name in manifest.tables else b""
        if sealed is not None and now != sealed:
            found.append(_difference(name, sealed, now))
    return found


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
    return lines[at][:SHOWN] if at < len(lines) else "-"


def _about(part: str, kind: str, source: str) -> dict[str, str]:
    return {"part_type": f"part_{part}", "kind": f" {kind}" if kind else "", "found": source}
