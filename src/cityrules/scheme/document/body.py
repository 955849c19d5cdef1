"""What all bodies of a document have, and how values of several shapes are told apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pydantic import BaseModel, ConfigDict

from cityrules.scheme.texts import Words

# Where a key takes values of two shapes, only complaints about the shape that was written are of use.
WORD: Final = "a word"
LIST: Final = "a list"
MAP: Final = "a map"


def word_or_map(value: object) -> str:
    return MAP if isinstance(value, (Mapping, BaseModel)) else WORD


def word_list_or_map(value: object) -> str:
    return LIST if isinstance(value, (list, tuple)) else word_or_map(value)


class Body(BaseModel):
    """What every named body may carry: the clause it rests on, a label for readers, a note, and who assesses."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    clause: Words | None = None
    label: Words | None = None
    note: Words | None = None
    by: Words | None = None
