"""The journal: every event of a session in order, appended to and never changed; in memory, and in a file if wished.

The journal is the truth: whatever a session knows besides can be made of it again. A file holds a line that says whose
events they are (`version`: a digest of the document, and of what the session goes on from), then one event a line
(`events.py`), or `{"revised": VERSION}` where from there on another version holds. A last line without its end was
being written when the host stopped: nobody was told that it was taken, and it is dropped.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import Any

from cityrules.io.rows import DataError
from cityrules.live.events import Event, NotAnEvent, said_in
from cityrules.text.diagnostic import Diagnostic


class Journal:
    """The events of one session. `revised`: go on with the journal of another version. Raises DataError for a file that
    is not the journal of this scheme and period, is of another version, or is in use."""

    def __init__(self, scheme: str, period: str, version: str, path: Path | None = None, revised: bool = False) -> None:
        self._head = {"scheme": scheme, "period": period}
        self._version, self._revised, self._stale = version, revised, False
        self._path = path
        self._file: FileIO | None = None
        self._kept: list[str] = []
        if path is not None:
            self._open(path)

    def kept(self) -> Iterator[tuple[int, dict[str, object]]]:
        """What the file held when it was opened: the line of each event, and what it says. Once all were taken, that
        they hold for another version from now on is noted. Raises DataError."""
        for number, line in enumerate(self._kept, 2):
            said = self._said(number, line)
            if said.keys() != {"revised"}:
                yield number, said
        self._kept = []
        if self._stale:
            self._write(json.dumps({"revised": self._version}))

    def wrong(self, line: int, found: str) -> DataError:
        """The complaint about a line of the file."""
        values = {"source": str(self._path), "line": str(line), "found": _shown(found[:80])}
        return DataError([Diagnostic("CR188", values=values)])

    def append(self, event: Event) -> None:
        """Add an event. In a file it is safe when this returns."""
        if self._file is not None:
            self._write(event.line())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _said(self, number: int, line: str) -> dict[str, Any]:
        try:
            line.encode("utf-8")
            return said_in(line)
        except (NotAnEvent, UnicodeEncodeError):
            raise self.wrong(number, line) from None

    def _compare(self, path: Path, head: str) -> None:
        """Whether the journal is that of this session. Of another version it is gone on with only where that is said,
        and says so from there on."""
        try:
            known = said_in(head)
        except NotAnEvent:
            known = {}
        if {name: known.get(name) for name in self._head} != self._head or "version" not in known:
            wanted = json.dumps(self._head, ensure_ascii=False)
            values = {"source": str(path), "found": _shown(head[:200]), "wanted": wanted}
            raise DataError([Diagnostic("CR187", values=values)])
        versions = [known["version"]]
        for number, line in enumerate(self._kept, 2):
            if line.startswith('{"revised"'):
                versions.append(self._said(number, line)["revised"])
        if versions[-1] != self._version:
            if not self._revised:
                raise DataError([Diagnostic("CR1031", values={"source": str(path)})])
            self._stale = True

    def _open(self, path: Path) -> None:
        self._file = path.open("a+b", buffering=0)
        try:
            _lock(self._file, path)
            self._file.seek(0)
            whole, end, rest = self._file.readall().rpartition(b"\n")
            if rest:
                self._file.truncate(len(whole) + len(end))
            if not end:
                self._write(json.dumps({**self._head, "version": self._version}, ensure_ascii=False))
                return
            head, *self._kept = whole.decode("utf-8", "surrogateescape").split("\n")
            self._compare(path, head)
        except BaseException:
            self._file.close()
            raise

    def _write(self, line: str) -> None:
        """Write a line to the disk, wholly or not at all."""
        assert self._file is not None
        made = line.encode("utf-8") + b"\n"
        size = self._file.seek(0, os.SEEK_END)
        try:
            if self._file.write(made) < len(made):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._path))
            os.fsync(self._file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(size)
            raise


def _lock(file: FileIO, path: Path) -> None:
    """Keep others from writing to a journal as long as it is open, where the system has such locks."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataError([Diagnostic("CR1030", values={"source": str(path)})]) from None


def _shown(text: str) -> str:
    """A text of a file for a message, whatever bytes it was made of."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
