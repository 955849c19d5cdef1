"""The ladders of one process on durable-rules: a ruleset a shape, a session a thread. Runs in the child only.

durable-rules is fast and easily crashed, so that it is used inside narrow bounds (`docs/live.md`): rules as raw JSON,
single facts with ids of our own, no timers, few sessions. Actions do nothing but record; what a rule concludes is
worked out here and given back as a fact, until nothing new follows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from durable.engine import Host

from cityrules.live.chain import Cell, Move, Shape
from cityrules.live.rules import Fact, Rules, facts_of, move_of

MOST_SESSIONS: Final = 200
"""Threads that one ruleset keeps; durable-rules fails at the 1,025th session at a time."""

MOST_FACTS: Final = 6_000
"""Facts after which a process ends and a new one takes its place: durable-rules keeps some 14 kB for each, for good."""


class Lost(Exception):
    """The thread is not known (any more) up to the cell that is to follow."""


class _Host(Host):  # type: ignore[misc]  # durable-rules has no types.
    """A host without threads of its own: whoever asserts a fact waits for all actions."""

    def _run(self) -> None:
        """No timers: the clock of a session is a fact like any other."""


@dataclass(slots=True)
class _Thread:
    """What has been told of a thread: its session, and the moves by cell."""

    session: str
    cells: int = 0
    moves: dict[int, Move] = field(default_factory=dict)


class _Ladder:
    """The ruleset of one shape and its threads."""

    def __init__(self, name: str, shape: Shape, ids: Iterator[str]) -> None:
        self._name, self._shape, self._ids = name, shape, ids
        self._matched: deque[tuple[str, Fact, Fact]] = deque()
        rules = Rules(shape)
        self._conclusions = rules.conclusions
        definition = {rule: {**body, "run": self._recorder(rule)} for rule, body in rules.definition.items()}
        self._host = _Host()
        self._host.set_rulesets({name: definition})
        self._threads: dict[str, _Thread] = {}
        self.facts = 0

    def _recorder(self, rule: str) -> Any:
        matched = self._matched

        # durable-rules takes an action with more than one parameter, even with a default, for an asynchronous one.
        def record(found: Any) -> None:
            facts = found._m
            matched.append((rule, dict(facts["a"]), dict(facts.get("b") or {})))

        return record

    def moves(self, thread: str, start: int, cells: Sequence[Cell]) -> list[Move]:
        """The moves of some cells, which follow the first `start` cells of the thread."""
        known = self._threads.get(thread)
        if start == 0:
            self._forget(thread)
            known = self._threads[thread] = _Thread(next(self._ids))
        if known is None or known.cells != start:
            raise Lost(thread)
        self._threads[thread] = self._threads.pop(thread)  # The last used one stands last.
        while len(self._threads) > MOST_SESSIONS:
            self._forget(next(iter(self._threads)))
        for cell in cells:
            for fact in facts_of(self._shape, cell):
                self._tell(known, fact)
        known.cells += len(cells)
        return [known.moves[cell.at] for cell in cells]

    def _tell(self, thread: _Thread, fact: Fact) -> None:
        """Assert a fact, and all that follows."""
        waiting = deque([fact])
        while waiting:
            told = waiting.popleft()
            if told["what"] == "rung":
                move = move_of(told, self._shape)
                thread.moves[move.at] = move
            self.facts += 1
            self._host.assert_fact(self._name, {"id": next(self._ids), "sid": thread.session, **told})
            while self._matched:
                rule, first, second = self._matched.popleft()
                waiting.append(self._conclusions[rule](first, second))

    def _forget(self, thread: str) -> None:
        known = self._threads.pop(thread, None)
        if known is not None:
            self._host.delete_state(self._name, known.session)


class Machine:
    """All ladders of a process."""

    def __init__(self) -> None:
        self._ids = _fresh_ids()
        self._ladders: dict[Shape, _Ladder] = {}

    @property
    def spent(self) -> bool:
        """Whether the process has grown so much that a new one had better take its place."""
        return sum(ladder.facts for ladder in self._ladders.values()) > MOST_FACTS

    def moves(self, thread: str, shape: Shape, start: int, cells: Sequence[Cell]) -> list[Move]:
        """The moves of some cells that follow the first `start` cells of a thread. Raises Lost."""
        if shape not in self._ladders:
            self._ladders[shape] = _Ladder(f"ladder{len(self._ladders)}", shape, self._ids)
        return self._ladders[shape].moves(thread, start, cells)


def _fresh_ids() -> Iterator[str]:
    """Names for facts and sessions, never two with the same hash: durable-rules compares no more than that."""
    seen: set[int] = set()
    number = 0
    while True:
        number += 1
        text = f"f{number}"
        if (found := fnv(text)) not in seen:
            seen.add(found)
            yield text


def fnv(text: str) -> int:
    """The 32-bit FNV-1a hash of an ASCII text."""
    found = 0x811C9DC5
    for byte in text.encode("ascii"):
        found = (found ^ byte) * 16_777_619 & 0xFFFFFFFF
    return found
