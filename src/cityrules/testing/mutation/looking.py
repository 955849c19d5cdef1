"""What of a plan a worked case looks at: the measures, consequences and checks that it names, and all that these speak
of. What is changed elsewhere, no run of it can tell.

Knows plans and how cases name things; runs nothing. Rather too much is looked at than too little.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

from cityrules.plan.model import Plan
from cityrules.plan.reading import last_working_year
from cityrules.scheme.document import ExampleBody
from cityrules.testing.given import MOVEMENTS, PROBLEMS, REJECTS
from cityrules.testing.mutation.spoken import words_in
from cityrules.testing.worked import DIAGNOSTICS
from cityrules.testing.writing.table import VALUES

_BY_NAME: Final = ("measures", "consequences", "checks", "rows", "parameters")
"""Parts of a plan whose entries are looked at one by one."""
_UNREAD: Final = ("scheme", "title", "order", "rounding", "tables")
"""What no engine reads: what stands in a table, or how is rounded, stands in what uses it."""


def named(body: ExampleBody) -> frozenset[str] | None:
    """The names about which a case says something; None where it speaks of all there is."""
    found: set[str] = set()
    for name, wanted in body.expect.items():
        if name == DIAGNOSTICS or (name == PROBLEMS and not wanted):
            return None
        if name in (PROBLEMS, MOVEMENTS):
            if not isinstance(wanted, Mapping):
                return None
            found.update(map(str, wanted))
        elif name != REJECTS:
            found.add(name)
    given = body.given.get(VALUES)
    return frozenset(found.union(map(str, given)) if isinstance(given, Mapping) else found)


@dataclass(frozen=True)
class Looked:
    """A plan by its parts: what each name in it speaks of."""

    plan: Plan

    @cached_property
    def _parts(self) -> Mapping[str, list[Any]]:
        found: dict[str, list[Any]] = {}
        for section in _BY_NAME:
            for name, part in getattr(self.plan, section).items():
                found.setdefault(name, []).append(part)
        return found

    @cached_property
    def _said(self) -> dict[str, frozenset[str]]:
        """By name, the names that its parts speak of; filled when they are asked for."""
        return {}

    @cached_property
    def _of_rows(self) -> frozenset[str]:
        """What is read where it is decided which rows are used, and for whom: every case hangs on that."""
        plan = self.plan
        whole = (getattr(plan, part.name) for part in fields(plan) if part.name not in (*_BY_NAME, *_UNREAD))
        return frozenset(words_in((*whole, _of_all(plan)))) & self._parts.keys()

    def behind(self, names: Iterable[str] | None) -> frozenset[str] | None:
        """Some names, those on which every case hangs, and all that these speak of; None (all there is) where one of
        them is no name of a part."""
        if names is None or not all(name in self._parts for name in names):
            return None
        found: set[str] = set()
        waiting = [*names, *self._of_rows]
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                if name not in self._said:
                    self._said[name] = frozenset(words_in(self._parts[name])) & self._parts.keys()
                waiting.extend(self._said[name])
        return frozenset(found)

    def changed(self, other: Plan) -> frozenset[str] | None:
        """The names whose parts are others in another plan; None where something else is, which anything may read."""
        plan = self.plan
        if any(
            getattr(plan, part.name) != getattr(other, part.name)
            for part in fields(plan)
            if part.name not in (*_BY_NAME, *_UNREAD)
        ):
            return None
        if _of_all(plan) != _of_all(other):
            return None
        found: set[str] = set()
        for section in _BY_NAME:
            mine, theirs = getattr(plan, section), getattr(other, section)
            found.update(name for name in {**mine, **theirs} if mine.get(name) != theirs.get(name))
        return frozenset(found)


def _of_all(plan: Plan) -> tuple[object, ...]:
    """What all measures, consequences and checks decide together: which days count, what is refused."""
    return plan.used_periods, last_working_year(plan), tuple(plan.discretions(record) for record in plan.records)
