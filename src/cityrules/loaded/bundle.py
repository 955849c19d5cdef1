"""A sealed result read back: every digest checked, the scheme loaded from its texts. Computes nothing.

Reading executes nothing and writes nothing but the sheets beside a document, into a folder of its own for as long as
they are read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cityrules.io.archive import Archive, read_archive
from cityrules.io.stored import Malformed
from cityrules.loaded.errors import SchemeError
from cityrules.loaded.given import Handed
from cityrules.loaded.loading import load_kept
from cityrules.loaded.manifest import MANIFEST, Manifest, digest, read_manifest
from cityrules.loaded.scheme import Scheme
from cityrules.loaded.texts import DocumentTexts
from cityrules.text import limits
from cityrules.text.diagnostic import Diagnostic

if TYPE_CHECKING:
    from cityrules.engines.base import Progress
    from cityrules.loaded.engines import EngineName
    from cityrules.loaded.verifying import Verification

MANIFEST_WRONG: Final = "CR1166"
CHANGED: Final = "CR1167"
NOT_THERE: Final = "CR1171"
NOT_LISTED: Final = "CR1172"

SHOWN: Final = 300
"""How much of a text in a bundle is told."""


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
        if manifest is None or not all(self.sound(member) for member in _document_members(manifest)):
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

    def sound(self, member: str) -> bool:
        """Whether a member is there, as it was sealed."""
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
        from cityrules.loaded.verifying import verified

        handed = Handed(records or {}, targets, binding, opening, corrections)
        return verified(self, handed, engine, progress)


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
        found.append(wrong(MANIFEST, problem))
        return None
    return manifest


def _check_documents(manifest: Manifest, members: Mapping[str, bytes]) -> None:
    """Raises Malformed for documents that were sealed too large or as no UTF-8, and for sheets that lie beside none."""
    for one in manifest.documents:
        text = members.get(one.member, b"")
        # What is not as it was sealed says nothing about the manifest: it is complained about as changed.
        if digest(text) == manifest.files.get(one.member):
            _check_text(one.member, text)
        if not one.name.isprintable():
            raise Malformed("document_no_name", one.name)
        for named in one.sheets:
            path = Path(named)
            plain = named.isprintable() and not any(sign in named for sign in "\\:") and len(named) <= SHOWN
            if not plain or path.is_absolute() or not path.parts or ".." in path.parts:
                raise Malformed("sheet_no_name", named)


def _check_text(member: str, text: bytes) -> None:
    if len(text) > limits.BYTES:
        raise Malformed("document_too_large", member)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("document_no_text", member) from None


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
                    raise SchemeError([wrong(MANIFEST, Malformed("sheet_no_name", named))]) from None
        yield Path(name)


def wrong(member: str, problem: Malformed) -> Diagnostic:
    """That a member of a bundle cannot be read, and why."""
    at = f"`{problem.at[:SHOWN]}` " if problem.at else ""
    return Diagnostic(MANIFEST_WRONG, values={"found": member, "at": at, "why_type": problem.why})
