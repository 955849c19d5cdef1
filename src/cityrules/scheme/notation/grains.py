"""Grains: what has one cell, and the keys of targets by dimension."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cityrules.scheme.notation.names import NAME, NotationError


@dataclass(frozen=True, slots=True)
class Grain:
    """What has one cell: `squad each month`, `whole each year`, `squad` (timeless) or a kind of record (`finding`).

    `squad each month per item` has one for each pair of a squad and an item: its `kind` is `squad per item`, which is
    treated as a kind of its own.
    """

    kind: str
    period: str | None = None

    def __str__(self) -> str:
        target, *dimensions = parts_of(self.kind)
        text = f"{target} each {self.period}" if self.period else target
        return by_dimension(text, dimensions)


def parts_of(kind: str) -> tuple[str, ...]:
    """The kinds whose members make one target: a kind, and its dimensions if it has any."""
    target, _, dimensions = kind.partition(" per ")
    return (target, *dimensions.split(", ")) if dimensions else (target,)


def by_dimension(target: str, dimensions: Sequence[str]) -> str:
    """`squad` and `item` to `squad per item`; without dimensions the kind itself."""
    return f"{target} per {', '.join(dimensions)}" if dimensions else target


def parse_grain(text: object) -> Grain:
    """`KIND`, `RECORD`, `KIND each PERIOD` or `whole each PERIOD`, and behind it `per KIND, KIND`. Raises NotationError
    CR310, CR375."""
    if isinstance(text, Grain):
        return text
    per = rf"(?:\s+per\s+({NAME}(?:\s*,\s*{NAME})*))?"
    found = re.fullmatch(rf"({NAME})(?:\s+each\s+({NAME}))?{per}", str(text).strip())
    if not found:
        raise NotationError("CR310", found=str(text))
    kind, period = found.group(1), found.group(2)
    dimensions = re.split(r"\s*,\s*", found.group(3)) if found.group(3) else []
    for place, name in enumerate(dimensions):
        if name in (kind, *dimensions[:place]):
            raise NotationError("CR375", found=name)
    return Grain(by_dimension(kind, dimensions), period)


# What stands between the names of a target and its values of dimensions where they are one key. No input has it.
JOIN = "\0"


def joined_name(names: Iterable[str]) -> str:
    """The key of a target by dimension, out of the name of the target and the values of its dimensions."""
    return JOIN.join(names)


def split_name(name: str) -> list[str]:
    """The name of a target, and the values of its dimensions if it has any, out of its key."""
    return name.split(JOIN)
