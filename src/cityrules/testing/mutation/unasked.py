"""What is stated for special cases that never come: by proof, or because somebody says so with the reason. Knows parts
of schemes and proofs; runs nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Final

from cityrules.plan.model import Plan
from cityrules.scheme.places import Path
from cityrules.testing.coverage.found import GROUPS, Covered
from cityrules.testing.coverage.parts import Part
from cityrules.testing.coverage.points import every_part
from cityrules.testing.coverage.reach import out_of_reach

_POLICIES: Final = frozenset(GROUPS["policies"])
_KEYS: Final = (_POLICIES - {"unknown"}) | {"missing"}
"""What a policy is written under."""


def is_policy(path: Path) -> bool:
    """Whether an address is, or is of one group in, that of a policy."""
    return not _KEYS.isdisjoint(path[-2:])


def unasked(plan: Plan) -> frozenset[Path]:
    """The addresses of policies of which it is proved that no run ever asks them."""
    parts = [part for part in every_part(plan) if part.sort in _POLICIES]
    beyond = out_of_reach(plan, parts)
    return _all_of(parts, [part for part in parts if part.mark in beyond])


def said_unasked(found: Iterable[Covered], keys: Container[str]) -> frozenset[Path]:
    """The addresses of policies that no case asks, and of which it is said by the keys of their parts that none can."""
    parts = [one for one in found if one.part.sort in _POLICIES]
    return _all_of([one.part for one in parts], [one.part for one in parts if not one.by and one.part.key in keys])


def _all_of(parts: Iterable[Part], these: Iterable[Part]) -> frozenset[Path]:
    """The addresses all of whose parts are among these."""
    chosen = {id(part) for part in these}
    left = {part.path for part in parts if id(part) not in chosen}
    return frozenset(part.path for part in these if part.path not in left)
