"""Why a cell cannot be determined: causes with names, and which of several is told. Knows no plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Cause = Literal[
    "depends", "absent", "overflow", "undecided", "missing", "empty", "ties", "crossed", "check", "missed", "unstated"
]
_PRECEDENCE: tuple[Cause, ...] = ("depends", "absent", "overflow", "undecided", "missing", "empty", "ties", "crossed")


@dataclass(frozen=True, slots=True)
class Problem:
    """What stands in a cell that cannot be determined, in place of a value."""

    cause: Cause
    detail: str


class Doubts:
    """What speaks against one cell, collected while it is computed. True when there is anything."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[Cause, set[str]] = {}

    def add(self, cause: Cause, name: str) -> None:
        self._names.setdefault(cause, set()).add(name)

    def merge(self, other: Doubts) -> None:
        """Take over what another holds."""
        for cause, names in other._names.items():
            self._names.setdefault(cause, set()).update(names)

    def __bool__(self) -> bool:
        return bool(self._names)

    def problem(self) -> Problem:
        """The one problem of the cell: the gravest cause with all its names."""
        cause = next(cause for cause in _PRECEDENCE if cause in self._names)
        return Problem(cause, ", ".join(sorted(self._names[cause])))
