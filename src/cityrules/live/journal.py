"""The journal: every event of a session in order, appended to and never changed; in memory, and in a file if wished.

The journal is the truth: whatever a session knows besides can be made of it again. A file holds a line that says whose
events they are, then one event a line (`events.py`). A last line without its end was being written when the host
stopped: nobody was told that it was taken, and it is dropped.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from cityrules.io.rows import DataError
from cityrules.live.events import Event, NotAnEvent, said_in
from cityrules.text.diagnostic import Diagnostic


class Journal:
    """The events of one session. Raises DataError for a file that is not the journal of this scheme and period."""

    def __init__(self, scheme: str, period: str, path: Path | None = None) -> None:
        self._head = {"scheme": scheme, "period": period}
        self._path = path
        self._file: FileIO | None = None
        self._kept: list[str] = []
        if path is not None:
            self._open(path)

    def kept(self) -> Iterator[tuple[int, dict[str, object]]]:
        """What the file held when it was opened: the line of each event, and what it says. Raises DataError."""
        for number, line in enumerate(self._kept, 2):
            try:
                yield number, said_in(line)
            except NotAnEvent:
                raise self.wrong(number, line) from None
        self._kept = []

    def wrong(self, line: int, found: str) -> DataError:
        """The complaint about a line of the file."""
        values = {"source": str(self._path), "line": str(line), "found": found[:80]}
        return DataError([Diagnostic("CR188", values=values)])

    def append(self, event: Event) -> None:
        """Add an event. In a file it is safe when this returns."""
        if self._file is not None:
            self._write(event.line())

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def _open(self, path: Path) -> None:
        self._file = path.open("a+b", buffering=0)
        try:
            self._file.seek(0)
            whole, end, rest = self._file.readall().rpartition(b"\n")
            if rest:
                self._file.truncate(len(whole) + len(end))
            if not end:
                self._write(json.dumps(self._head, ensure_ascii=False))
                return
            head, *self._kept = whole.decode("utf-8", "replace").split("\n")
            if head != json.dumps(self._head, ensure_ascii=False):
                values = {
                    "source": str(path),
                    "found": head[:200],
                    "wanted": json.dumps(self._head, ensure_ascii=False),
                }
                raise DataError([Diagnostic("CR187", values=values)])
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
