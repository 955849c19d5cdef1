"""What has been computed so far: the result of every measure in every cell, ready to be read by others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cityrules.engines.base import CellKey
from cityrules.engines.python.doubts import Problem
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.lines import Line
from cityrules.engines.python.records import Record
from cityrules.feel.tree import Value
from cityrules.results.tables import Row

Result = Value | Problem


@dataclass(slots=True)
class CellResults:
    """The results of one measure by cell. A cell that is not in `results` does not exist (`applies` is false there).

    `given`: cells whose value was given with the question. `tied`: for ranks, how many share the place.
    """

    results: dict[CellKey, Result] = field(default_factory=dict)
    given: Mapping[CellKey, Value] = field(default_factory=dict)
    tied: dict[CellKey, int] = field(default_factory=dict)

    def of_target(self) -> Iterator[tuple[str, list[tuple[int | None, Result]]]]:
        """The results of each target in order of period; targets in order of their names."""
        by_target: dict[str, list[tuple[int | None, Result]]] = {}
        for (name, index), result in self.results.items():
            by_target.setdefault(name, []).append((index, result))
        for name in sorted(by_target):
            yield name, sorted(by_target[name], key=lambda cell: -1 if cell[0] is None else cell[0])


@dataclass(slots=True)
class Told:
    """What a measure or consequence tells besides its results: the lines of a ledger with their cells, and rows of the
    tables `inputs`, `ranks`, `consequences` (`fired`) and `problems`. `tables`: all rows that it gives to the result
    tables, by table, once they are made."""

    lines: list[tuple[CellPlace, list[Line]]] = field(default_factory=list)
    inputs: list[Row] = field(default_factory=list)
    ranks: list[Row] = field(default_factory=list)
    fired: list[Row] = field(default_factory=list)
    problems: list[Row] = field(default_factory=list)
    tables: Mapping[str, list[Row]] | None = None


# Which steps of a consequence followed, or why that is not known.
Followed = frozenset[str | None] | Problem


@dataclass(slots=True)
class Effects:
    """What acts of a consequence have effect, by target: the step (None: of one without a ladder), the first day and
    the first day no more (None: for good). `unknown`: from which day on it is not known what has effect."""

    of_target: dict[str, list[tuple[str | None, dt.date, dt.date | None]]] = field(default_factory=dict)
    unknown: dict[str, dt.date] = field(default_factory=dict)


# The results of one measure of single records; a record that is not there has no cell.
RecordResults = dict[Record, Result]
