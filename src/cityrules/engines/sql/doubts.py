"""What speaks against a cell, as code: a condition for each cause and name. Knows no plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, get_args

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.emit import Emitter
from cityrules.engines.sql.syntax import E
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import FALSE

Cause = Literal["depends", "absent", "overflow", "undecided", "missing", "empty", "ties", "crossed"]
PRECEDENCE: Final[tuple[Cause, ...]] = get_args(Cause)


class Doubts:
    """Conditions, never null, by cause and name. What can never hold is not kept."""

    def __init__(self) -> None:
        self._found: dict[tuple[Cause, str], list[Code]] = {}

    def add(self, cause: Cause, name: str, condition: Code) -> None:
        if condition != FALSE:
            self._found.setdefault((cause, name), []).append(coding.holds(condition))

    def __bool__(self) -> bool:
        """Whether anything can speak against a cell at all."""
        return bool(self._found)

    def __iter__(self) -> Iterator[tuple[Cause, str, Code]]:
        """Each cause and name with its condition, graver causes first, names in their order."""
        for cause, name in sorted(self._found, key=lambda key: (PRECEDENCE.index(key[0]), key[1])):
            yield cause, name, coding.any_of(self._found[cause, name])

    def any(self) -> Code:
        """Whether anything speaks against the cell."""
        return coding.any_of(condition for _, _, condition in self)

    def mapped(self, change: Callable[[Code], Code]) -> Doubts:
        """The same causes and names with other conditions."""
        found = Doubts()
        for cause, name, condition in self:
            found.add(cause, name, change(condition))
        return found

    def take(self, others: Doubts) -> None:
        """Add all of others."""
        for cause, name, condition in others:
            self.add(cause, name, condition)

    def columns(self, emitter: Emitter, define: Callable[[E], E]) -> tuple[E, E]:
        """The gravest cause and its names, joined; null where nothing speaks against the cell."""
        by_cause: dict[Cause, list[tuple[str, E]]] = {}
        for cause, name, condition in self:
            by_cause.setdefault(cause, []).append((name, define(emitter.emit(condition))))
        causes: list[tuple[E, E]] = []
        details: list[tuple[E, E]] = []
        for cause, named in by_cause.items():
            some = sql.either(*(flag for _, flag in named))
            causes.append((some, sql.text(cause)))
            if len(named) == 1:
                details.append((some, sql.text(named[0][0])))
            else:
                names = [sql.case((flag, sql.text(name))) for name, flag in named]
                details.append((some, dialect.text_list(", ", names)))
        return sql.case(*causes), sql.case(*details)
