"""The targets: who belongs to whom, since when, with which attributes. Knows no records and no measures."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass

from cityrules.feel.tree import Value
from cityrules.plan.model import Kind


@dataclass(frozen=True, slots=True)
class Member:
    """One target. `since` is its first day, `until` the first day on which it is no more."""

    name: str
    parent: str | None
    attributes: Mapping[str, Value]
    since: dt.date = dt.date.min
    until: dt.date | None = None

    def exists(self, first: dt.date, last: dt.date) -> bool:
        """Whether it exists on some day from `first` to `last`."""
        return max(self.since, first) <= last and (self.until is None or max(self.since, first) < self.until)


class Registry:
    """All members of all kinds."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = kinds
        self._members: dict[str, dict[str, Member]] = {kind: {} for kind in kinds}
        self._below: dict[tuple[str, str, str], list[str]] = {}

    def add(self, kind: str, member: Member) -> None:
        """Note a member; its parents are there already."""
        if member.name in self._members[kind]:
            return
        self._members[kind][member.name] = member
        for above in self._kinds[kind].ancestors:
            holder = self.climb(kind, member.name, above)
            if holder is not None:
                insort(self._below.setdefault((kind, above, holder), []), member.name)

    def members(self, kind: str) -> Mapping[str, Member]:
        return self._members[kind]

    def member(self, kind: str, name: str) -> Member | None:
        return self._members[kind].get(name)

    def climb(self, kind: str, name: str | None, to: str) -> str | None:
        """The target of kind `to` that is, or holds, the target `name` of `kind`."""
        while kind != to and name is not None:
            member = self._members[kind].get(name)
            parent = self._kinds[kind].parent
            if member is None or parent is None:
                return None
            kind, name = parent, member.parent
        return name

    def below(self, lower: str, kind: str, name: str) -> list[str]:
        """The targets of the `lower` kind that belong to a target, in order of their names."""
        return self._below.get((lower, kind, name), [])

    def facts(self, kind: str, name: str) -> dict[str, Value] | None:
        """Attributes, and the name of the parent under each ancestor's kind."""
        member = self._members.get(kind, {}).get(name)
        if member is None:
            return None
        parents = {above: self.climb(kind, name, above) for above in self._kinds[kind].ancestors}
        return {**member.attributes, **parents}
