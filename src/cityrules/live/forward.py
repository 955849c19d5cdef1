"""The chain on durable-rules, seen from the host: a child process that may die at any moment without loss.

Everything that the child knows was told to it from here, and can be told again. It is started when it is first needed,
in a fresh interpreter with next to no environment; each question has a deadline; a child that dies, falls silent or
says nonsense is replaced, and asked from the first cell on.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import IO, Any, Final

from cityrules.live.chain import Cell, ChainError, ChainMissing, Move, Shape
from cityrules.live.wire import LONGEST, MOST_CELLS, asked, line, message_of, moves_of

DEADLINE: Final = 30.0
"""Seconds for one answer, and for the child to begin."""

_ATTEMPTS: Final = 3


class _Gone(Exception):
    """The child gave no answer that can be used."""


class _Lost(Exception):
    """The child does not know what it is to go on from."""


class DurableChain:
    """Ladders walked by the forward chaining of durable-rules in a process of its own. Not for several threads at once.

    `deadline`: seconds for one answer. Raises ChainMissing where durable-rules is not installed, ChainError where
    child after child fails on one question. `close` ends the child; so does the end of the host.
    """

    def __init__(self, deadline: float = DEADLINE) -> None:
        self._deadline = deadline
        self._child: _Child | None = None
        self._known: dict[str, tuple[Shape, list[Cell], list[Move]]] = {}
        self.started = 0
        """How many children there have been."""

    @property
    def pid(self) -> int | None:
        """The process of the child, while there is one."""
        return self._child.process.pid if self._child is not None else None

    def moves(self, thread: str, shape: Shape, cells: Sequence[Cell]) -> list[Move]:
        """The move of every cell. The child is asked only for what is new behind what it has been told."""
        known = self._known.get(thread)
        wanted = list(cells)
        if known is not None and known[0] == shape and known[1][: len(wanted)] == wanted:
            return known[2][: len(wanted)]
        goes_on = known is not None and known[0] == shape and wanted[: len(known[1])] == known[1]
        before = known[2] if known is not None and goes_on else []
        found = self._asked(thread, shape, wanted, before)
        self._known[thread] = (shape, wanted, found)
        return list(found)

    def close(self) -> None:
        """End the child. What it was told is kept; the next question starts another."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _asked(self, thread: str, shape: Shape, cells: list[Cell], before: list[Move]) -> list[Move]:
        failed = 0
        while True:
            found = list(before)
            try:
                while len(found) < len(cells):
                    start = len(found)
                    part = cells[start : start + MOST_CELLS]
                    found += self._answer(asked(thread, shape, start, part))
                return found
            except _Lost:
                before = []
            except _Gone:
                self.close()
                before = []
                failed += 1
                if failed == _ATTEMPTS:
                    raise ChainError(f"durable-rules failed {failed} times on one ladder") from None

    def _answer(self, question: dict[str, Any]) -> list[Move]:
        if self._child is None:
            self._child = _Child(self._deadline)
            self.started += 1
        answer = self._child.ask(question)
        if answer.get("spent"):
            self.close()
        if answer.get("lost"):
            raise _Lost
        try:
            moves = moves_of(answer["moves"])
        except (KeyError, TypeError, ValueError):
            raise _Gone from None
        if [move.at for move in moves] != [cell.at for cell in question["cells"]]:
            raise _Gone
        return moves


class _Child:
    """One process, and the thread that reads what it says."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._number = 0
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "cityrules.live.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment(),
        )  # fmt: skip
        self._said: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        assert self.process.stdout is not None
        reader = threading.Thread(target=_read, args=(self.process.stdout, self._said), daemon=True)
        reader.start()
        self._finish = weakref.finalize(self, _end, self.process, reader, os.getpid())
        begun = self._heard()
        if "missing" in begun:
            self.end()
            raise ChainMissing(
                "durable-rules cannot be imported, which a live session counts with: "
                f'pip install "cityrules[live]" (it needs a C compiler), or choose chain="plain". {begun["missing"]}',
                name="durable",
            )

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """The answer to a question. Raises _Gone."""
        self._number += 1
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(line({**question, "number": self._number}))
            self.process.stdin.flush()
        except OSError:
            raise _Gone from None
        answer = self._heard()
        if answer.get("number") != self._number:
            raise _Gone
        return answer

    def end(self) -> None:
        """Stop the process, whatever it does."""
        self._finish()

    def _heard(self) -> dict[str, Any]:
        try:
            answer = message_of(self._said.get(timeout=self._deadline))
        except queue.Empty:
            raise _Gone from None
        if answer is None:
            raise _Gone
        return answer


def _read(stream: IO[bytes], said: queue.SimpleQueue[bytes]) -> None:
    """Pass on what a child says, line by line; an empty line at its end."""
    while made := stream.readline(LONGEST + 1):
        said.put(made)
    said.put(b"")


def _end(process: subprocess.Popen[bytes], reader: threading.Thread, owner: int) -> None:
    if os.getpid() != owner:
        # A fork of the host: the child is not its own.
        return
    process.kill()
    process.wait()
    reader.join()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            # What is still unwritten was meant for a process that is no more.
            with contextlib.suppress(OSError):
                stream.close()


def _environment() -> dict[str, str]:
    """Where modules are found, and what the system cannot do without; nothing else of the host's."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONIOENCODING": "utf-8"}
