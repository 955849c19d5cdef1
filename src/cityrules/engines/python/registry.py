"""The targets: who belongs to whom, since when, with which attributes. Knows no records and no measures.

A target is a name with one or more versions, each with its parent and attributes, that follow one another in time. On
any day the version holds that began last, before the first of all the first: so that a name always has exactly one.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right, insort
from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

from cityrules.calendar.periods import Periods
from cityrules.feel.tree import Value
from cityrules.plan.model import Kind

_SINCE = attrgetter("since")


@dataclass(frozen=True, slots=True)
class Member:
    """One version of a target. `since` is its first day, `until` the first day on which it is no more."""

    name: str
    parent: str | None
    attributes: Mapping[str, Value]
    since: dt.date = dt.date.min
    until: dt.date | None = None

    def exists(self, first: dt.date, last: dt.date) -> bool:
        """Whether it exists on some day from `first` to `last`."""
        return max(self.since, first) <= last and (self.until is None or max(self.since, first) < self.until)


class Registry:
    """All members of all kinds, and the periods of the scheme."""

    def __init__(self, kinds: Mapping[str, Kind], periods: Periods) -> None:
        self.periods = periods
        self._kinds = kinds
        self._members: dict[str, dict[str, list[Member]]] = {kind: {} for kind in kinds}
        self._below: dict[tuple[str, str, dt.date | None], dict[str, list[str]]] = {}
        self._dated = False

    def add(self, kind: str, member: Member) -> None:
        """Note a version of a member. Those of one name follow one another in time."""
        versions = self._members[kind].setdefault(member.name, [])
        insort(versions, member, key=_SINCE)
        self._dated = self._dated or len(versions) > 1
        self._below.clear()

    def members(self, kind: str) -> Mapping[str, list[Member]]:
        """The names of a kind with their versions, in order of time."""
        return self._members[kind]

    def member(self, kind: str, name: str, day: dt.date) -> Member | None:
        """The version of a target that holds on a day."""
        versions = self._members[kind].get(name)
        if versions is None:
            return None
        return versions[max(0, bisect_right(versions, day, key=_SINCE) - 1) if len(versions) > 1 else 0]

    def exists(self, kind: str, name: str, first: dt.date, last: dt.date) -> bool:
        """Whether a target exists on some day from `first` to `last`."""
        return any(member.exists(first, last) for member in self._members[kind].get(name, ()))

    def climb(self, kind: str, name: str | None, to: str, day: dt.date) -> str | None:
        """The target of kind `to` that is, or on a day holds, the target `name` of `kind`."""
        while kind != to and name is not None:
            member = self.member(kind, name, day)
            parent = self._kinds[kind].parent
            if member is None or parent is None:
                return None
            kind, name = parent, member.parent
        return name

    def below(self, lower: str, kind: str, name: str, day: dt.date) -> list[str]:
        """The targets of the `lower` kind that belong to a target on a day, in order of their names."""
        # Where nothing ever changes, all days are the same.
        key = lower, kind, day if self._dated else None
        if key not in self._below:
            found = self._below[key] = {}
            for member in sorted(self._members[lower]):
                holder = self.climb(lower, member, kind, day)
                if holder is not None:
                    found.setdefault(holder, []).append(member)
        return self._below[key].get(name, [])

    def facts(self, kind: str, name: str, day: dt.date) -> dict[str, Value] | None:
        """Attributes, and the name of the parent under each ancestor's kind, on a day."""
        member = self.member(kind, name, day) if kind in self._members else None
        if member is None:
            return None
        parents = {above: self.climb(kind, name, above, day) for above in self._kinds[kind].ancestors}
        return {**member.attributes, **parents}
