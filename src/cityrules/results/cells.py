"""Ways into the result tables: the rows of one cell, one record, one group. Each index is made when first needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from cityrules.results.tables import Cell, Table, inner_columns

Found = Mapping[str, Cell]
_Index = Mapping[tuple[Cell, ...], list[tuple[Cell, ...]]]


@dataclass(frozen=True, slots=True)
class Cells:
    """The tables of one assessment, by what a reader asks for. The whole city is the target `''`; targets by dimension
    have the kind and the key that they have in the plan (`squad per item`)."""

    tables: Mapping[str, Table]
    _indexes: dict[tuple[str, tuple[str, ...], Cell], _Index] = field(default_factory=dict, repr=False)

    def rows(self, table: str, **wanted: Cell) -> list[Found]:
        """The rows in which the named columns have these values, in the order of the table."""
        names = inner_columns(table)
        index = self._index(table, tuple(wanted), wanted.get("measure"))
        return [dict(zip(names, row, strict=True)) for row in index.get(tuple(wanted.values()), ())]

    def row(self, table: str, **wanted: Cell) -> Found | None:
        """The first such row."""
        found = self.rows(table, **wanted)
        return found[0] if found else None

    def distinct(self, table: str, *columns: str) -> list[tuple[Cell, ...]]:
        """The different values of some columns, in the order in which they first appear."""
        return list(self._index(table, columns))

    def _index(self, table: str, columns: tuple[str, ...], measure: Cell = None) -> _Index:
        """`measure`: the one that is looked for; where an engine can pass over the others, their rows are not read."""
        source = self.tables[table]
        only = source.inner_some if isinstance(measure, str) else None
        key = table, columns, None if only is None else measure
        found = self._indexes.get(key)
        if found is None:
            places = [inner_columns(table).index(column) for column in columns]
            made: defaultdict[tuple[Cell, ...], list[tuple[Cell, ...]]] = defaultdict(list)
            for row in (source.inner or source.rows)() if only is None else only({str(measure)}):
                made[tuple([row[place] for place in places])].append(row)
            found = self._indexes[key] = dict(made)
        return found
