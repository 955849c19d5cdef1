"""Values of measures before the first period, kept to be gone on from again and again (`docs/tables.md`).

Knows plans, names and rows. What is looked back at, and whether it can be, is judged where batches have it judged.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs
from cityrules.engines.firsts import first_days
from cityrules.engines.opening import opening_values
from cityrules.io.kept import KeptRows
from cityrules.io.open import open_sources
from cityrules.loaded.assessment import Assessment
from cityrules.plan.model import Plan

_COLUMNS: Final = ("measure", "target", "period", "value", "dimension", "state", "provisional")
Line = Mapping[str, str | None]


class Opening:
    """The rows of an opening: an earlier assessment, or a table with the columns of `values`. Raises DataError for what
    an assessment would refuse."""

    def __init__(self, plan: Plan, span: Span, opening: Any) -> None:
        rows = [*opening.rows("values")] if isinstance(opening, Assessment) else opening
        sources = [] if rows is None else [KeptRows(one) for one in open_sources(rows, "opening")]
        opening_values(plan, sources, span, first_days(plan, Inputs({}, {})))
        self.lines: list[Line] = [line for source in sources for line in _lines(source)]
        self._of: dict[str, list[Line]] = {}
        for line in self.lines:
            self._of.setdefault(line["target"] or "", []).append(line)

    @property
    def measures(self) -> frozenset[str]:
        """The measures of which there are values."""
        return frozenset(line["measure"] or "" for line in self.lines)

    def of(self, targets: Mapping[str, None] | None, measures: Container[str | None]) -> list[Line] | None:
        """The rows about some targets (None: all) and measures; None where there are none at all."""
        lines = self.lines if targets is None else [line for name in targets for line in self._of.get(name, ())]
        return [line for line in lines if line["measure"] in measures] or None


def _lines(source: KeptRows) -> Iterator[Line]:
    at = {name: source.columns.index(name) for name in _COLUMNS if name in source.columns}
    for row in source.rows():
        yield {name: row.texts[at[name]] if name in at else None for name in _COLUMNS}
