"""The targets: who belongs to whom, since when, with which attributes. Knows no records and no measures.

A target is a name with one or more versions, each with its parent and attributes, that follow one another in time. On
any day the version holds that began last, before the first of all the first: so that a name always has exactly one.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from operator import attrgetter

from cityrules.calendar.periods import Periods
from cityrules.feel.tree import Value
from cityrules.plan.model import Kind
from cityrules.scheme.notation import joined_name, split_name

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


def _pair(members: Sequence[Member]) -> Member:
    """One version of a target by dimension, which exists as long as all of its parts do."""
    ends = [member.until for member in members if member.until is not None]
    since = max(member.since for member in members)
    return Member(joined_name(member.name for member in members), None, {}, since, min(ends, default=None))


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

    def begins(self, kind: str, name: str, period: str) -> dt.date | None:
        """The first day of the first period that a target has for itself; None where it has none, or all have the
        same. It is that of all its versions."""
        whose = self.periods[period].whose
        if whose is None:
            return None
        owner, field = whose
        holder = self.climb(kind, name, owner, dt.date.max)
        member = None if holder is None else self.member(owner, holder, dt.date.max)
        day = member.attributes.get(field) if member is not None else None
        return day if isinstance(day, dt.date) else None

    def pair(self) -> None:
        """Note the targets by dimension: every target with every value of its dimensions, as long as both exist."""
        for kind in self._kinds.values():
            if kind.parts:
                every = (chain.from_iterable(self._members[part].values()) for part in kind.parts)
                for members in product(*every):
                    self.add(kind.name, _pair(members))

    def climb(self, kind: str, name: str | None, to: str, day: dt.date) -> str | None:
        """The target of kind `to` that is, or on a day holds, the target `name` of `kind`."""
        parts = self._kinds[kind].parts
        if parts and kind != to and name is not None:
            names = dict(zip(parts, split_name(name), strict=True))
            found = [self._climb_part(names, part, day) for part in self._kinds[to].parts or (to,)]
            return None if None in found else joined_name(part for part in found if part is not None)
        while kind != to and name is not None:
            member = self.member(kind, name, day)
            parent = self._kinds[kind].parent
            if member is None or parent is None:
                return None
            kind, name = parent, member.parent
        return name

    def _climb_part(self, names: Mapping[str, str], to: str, day: dt.date) -> str | None:
        """The one of some targets that is, or belongs to, a target of a kind, climbed to it."""
        for kind, name in names.items():
            if kind == to or to in self._kinds[kind].ancestors:
                return self.climb(kind, name, to, day)
        return None

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
