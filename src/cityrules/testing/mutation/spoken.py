"""What a part of a plan speaks of: every text in it, but for what only people read. Knows plans; proves nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from cityrules.scheme.notation import FieldType

SPOKEN: Final = frozenset(("text", "span", "path", "clause", "label", "note", "title", "round_default"))
"""Fields that say where something stands, what people call it, and where its rounding is written."""


def words_in(part: Any) -> Iterator[str]:
    """Every text in a part of a plan, names among them, but for the words of types; rather too many than too few."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, Mapping):
        for key, value in part.items():
            yield from words_in(key)
            yield from words_in(value)
    elif isinstance(part, (tuple, list, frozenset, set)):
        for each in part:
            yield from words_in(each)
    elif is_dataclass(part) and not isinstance(part, FieldType):
        for one in fields(part):
            if one.name not in SPOKEN:
                yield from words_in(getattr(part, one.name))
