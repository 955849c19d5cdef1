"""Two engines on one question: every table of both, row by row. Knows no engine by name."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.engines.base import Outcome
from cityrules.results.tables import SHAPES, Row


def differences(one: Outcome, other: Outcome) -> list[str]:
    """What differs between the tables of two outcomes, a line each, beginning with the table's name; rows with the
    types of their cells."""
    return [line for name in SHAPES for line in _of_table(name, one, other)]


def _of_table(name: str, one: Outcome, other: Outcome) -> Iterator[str]:
    left, right = ([_typed(row) for row in outcome.tables[name].rows()] for outcome in (one, other))
    if left == right:
        return
    yield from (f"{name} - {row}" for row in left if row not in right)
    yield from (f"{name} + {row}" for row in right if row not in left)
    if sorted(map(repr, left)) == sorted(map(repr, right)):
        yield f"{name}: other order: {left} / {right}"


def _typed(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((type(cell).__name__, str(cell)) for cell in row)
