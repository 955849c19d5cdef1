"""Archives that hold named texts byte for byte: the same texts make the same file, and any other file is refused.

The archive is a zip that any program opens, but of one form only: nothing packed, names sorted, one fixed time, no
comments. So its size is the size of what it holds, and every byte of it is determined by its members: a changed one is
found, wherever it is. Reading writes no file, and knows nothing of what the members mean.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cityrules.io.files import failure, format_of, unreadable
from cityrules.text.diagnostic import Diagnostic

NO_ARCHIVE: Final = "CR1161"
BAD_MEMBER: Final = "CR1162"
DAMAGED: Final = "CR1163"
OTHER_FORM: Final = "CR1164"
TOO_LARGE: Final = "CR1165"

MOST_BYTES: Final = 1 << 30
"""The size of an archive, all of which is held in memory."""
MOST_MEMBERS: Final = 10_000

_MADE: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = 0o100644 << 16
_PART: Final = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"
_NAME: Final = re.compile(rf"{_PART}(/{_PART})*", re.ASCII)
_LONGEST: Final = 200
_HEADER: Final = 30
"""The bytes before the name of a member."""
_END: Final = b"PK\x05\x06"
_ROOM_OF_END: Final = 22 + 0xFFFF
"""What begins the end of a zip, and how far from the last byte it begins at most."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The members of an archive by name, and what is wrong with it: none of the members in question is there then."""

    members: Mapping[str, bytes]
    found: tuple[Diagnostic, ...] = ()


def packed(members: Mapping[str, bytes]) -> bytes:
    """The archive with these members. Their names are of letters, digits, `_`, `.`, `-` and `/`."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(members):
            archive.writestr(_entry(name), members[name])
    return file.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_STORED
    # The system and the rights that a file gets where it is unpacked: the same wherever this is written.
    entry.create_system = _UNIX
    entry.external_attr = _MODE
    return entry


def read_archive(path: str | Path) -> Archive:
    """The members of a file that `packed` wrote, and everything that is otherwise. Raises DataError for a file that is
    not there, is too large, or no archive at all."""
    format_of(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise unreadable(path, problem) from None
    if len(data) > MOST_BYTES:
        raise failure(TOO_LARGE, found=str(path), limit=f"{MOST_BYTES:,}")
    return unpacked(data, str(path))


def unpacked(data: bytes, name: str) -> Archive:
    """The members of an archive in memory, called `name`. Raises DataError for what is no archive at all."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, OSError):
        no_list = _END in data[-_ROOM_OF_END:]
        raise failure(NO_ARCHIVE, found=name, why_type="archive_list" if no_list else "archive_end") from None
    with archive:
        entries = archive.infolist()
        if len(entries) > MOST_MEMBERS:
            raise failure(TOO_LARGE, found=name, limit=f"{MOST_MEMBERS:,}")
        members: dict[str, bytes] = {}
        found: list[Diagnostic] = []
        left = len(data)
        for entry in entries:
            why = _refused(entry, members, left)
            if why is not None:
                found.append(_member(BAD_MEMBER, entry.filename, why_type=why))
                continue
            # Several entries may mean the same bytes: all of them together hold no more than the archive.
            left -= entry.file_size
            broken = "member_head"
            try:
                with archive.open(entry) as member:
                    broken = "member_sum"
                    members[entry.filename] = member.read()
            except EOFError:
                found.append(_member(DAMAGED, entry.filename, why_type="member_short"))
            except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, RuntimeError):
                found.append(_member(DAMAGED, entry.filename, why_type=broken))
    if not found and (at := _difference(data, packed(members))) is not None:
        found.append(_member(OTHER_FORM, _around(members, at), offset=str(at)))
    return Archive(members, tuple(found))


def _refused(entry: zipfile.ZipInfo, members: Mapping[str, bytes], left: int) -> str | None:
    """Why a member is none that `packed` writes; its content is then not looked at."""
    name = entry.filename
    if entry.orig_filename != name or not _NAME.fullmatch(name) or ".." in name or len(name) > _LONGEST:
        return "bad_member_name"
    if name in members:
        return "member_twice"
    if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1:
        return "member_packed"
    if entry.external_attr != _MODE:
        return "member_no_file"
    return "member_size" if entry.file_size != entry.compress_size or entry.file_size > left else None


def _difference(one: bytes, other: bytes) -> int | None:
    """The first place at which two texts differ."""
    if one == other:
        return None
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _around(members: Mapping[str, bytes], at: int) -> str:
    """The member whose part of the canonical archive holds a place, or the directory at its end."""
    end = 0
    for name in sorted(members):
        end += _HEADER + len(name) + len(members[name])
        if at < end:
            return name
    return "(directory)"


def _member(code: str, name: str, **values: str) -> Diagnostic:
    shown = name if name.isprintable() and len(name) <= _LONGEST else ascii(name[:_LONGEST])
    return Diagnostic(code, values={"found": shown, **values})
