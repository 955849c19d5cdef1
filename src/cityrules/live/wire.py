"""What parent and child say to one another: one line of JSON a message, of bounded length. Knows no process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from cityrules.live.chain import Cell, Move, Shape
from cityrules.plan.climbing import Climb

MOST_CELLS: Final = 100
"""Cells in one message."""

LONGEST: Final = 1 << 20
"""Bytes of one message, its end included."""


def line(message: dict[str, Any]) -> bytes:
    """A message as it is sent. Raises ValueError for one that is too long."""
    made = json.dumps(message, separators=(",", ":")).encode("ascii") + b"\n"
    if len(made) > LONGEST:
        raise ValueError("a message to or from the chain is too long")
    return made


def message_of(made: bytes) -> dict[str, Any] | None:
    """A message as it came; None for what is none (the other end was stopped while it wrote)."""
    try:
        found = json.loads(made)
    except ValueError:
        return None
    return found if made.endswith(b"\n") and isinstance(found, dict) else None


def asked(thread: str, shape: Shape, start: int, cells: Sequence[Cell]) -> dict[str, Any]:
    """The question for the moves of some cells behind the first `start` ones of a thread."""
    climb = shape.climb
    told = [climb.triggers, climb.restart, climb.surplus, climb.highest, shape.run, shape.unit]
    return {"thread": thread, "shape": told, "start": start, "cells": cells}


def shape_of(told: Sequence[Any]) -> Shape:
    """The shape in a question."""
    triggers, restart, surplus, highest, run, unit = told
    return Shape(Climb(tuple(triggers), restart, surplus, highest), run, unit)


def cells_of(told: Sequence[Sequence[Any]]) -> list[Cell]:
    """The cells in a question."""
    return [Cell._make((*known, tuple(steps), tuple(void))) for *known, steps, void in told]


def moves_of(told: Sequence[Sequence[Any]]) -> list[Move]:
    """The moves in an answer."""
    return [Move._make((*known, tuple(fired))) for *known, fired in told]
