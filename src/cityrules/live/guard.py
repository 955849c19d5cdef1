"""Who may use a session: one thread after the other, in the process that made it, until it is closed."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType


class Guard:
    """Used in a `with` around whatever a session does. Raises ValueError once it is closed, and in another process:
    what a fork has is a copy that nobody keeps up to date, at pipes and files that are not its own."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._lock = threading.RLock()
        self._closed = False

    @property
    def at_home(self) -> bool:
        """Whether this is the process that made the session."""
        return os.getpid() == self._process

    @contextmanager
    def closing(self) -> Iterator[None]:
        """Nobody comes in any more; waits for who is inside. In a fork nobody waits: what it has is a copy."""
        if not self.at_home:
            yield
            return
        with self._lock:
            self._closed = True
            yield

    def __enter__(self) -> None:
        # Before the lock, which somebody may have held when the process was forked.
        if not self.at_home:
            raise ValueError("the session belongs to another process; make one here, on a journal of its own")
        self._lock.acquire()
        if self._closed:
            self._lock.release()
            raise ValueError("the session is closed")

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
