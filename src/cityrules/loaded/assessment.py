"""The result of one run: its tables, single values, and the explanation of each cell. Computes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityrules.calendar.periods import Span
from cityrules.plan.model import Plan
from cityrules.text.diagnostic import Language

if TYPE_CHECKING:
    from cityrules.engines.base import Outcome
    from cityrules.io.write import TableFormat
    from cityrules.loaded.sealing import MadeOf
    from cityrules.results.explanation import Explanation
    from cityrules.results.tables import Cell, Table
    from cityrules.results.why import Explainer


@dataclass(frozen=True)
class Assessment:
    """The result of one run: the tables of `results.tables.SHAPES`, and the explanation of each of their cells."""

    plan: Plan
    span: Span
    as_of: dt.datetime
    engine: str
    outcome: Outcome
    language: Language = "en"
    """The language of the scheme's keywords, in which explanations quote it."""
    made_of: MadeOf | None = field(default=None, compare=False, repr=False)
    """The texts and rows that it was made of, which a sealed result holds."""

    @property
    def tables(self) -> Mapping[str, Table]:
        """The tables by name: ledger, values, record_values, grades, ranks, consequences, inputs, problems, rejects."""
        return self.outcome.tables

    def rows(self, table: str) -> Iterator[dict[str, Cell]]:
        """The rows of a table as mappings from column to value. Raises KeyError for an unknown table."""
        found = self.outcome.tables[table]
        for row in found.rows():
            yield dict(zip(found.shape.names, row, strict=True))

    def value(
        self, measure: str, target: str = "", period: str | None = None, dimension: str | None = None
    ) -> str | None:
        """The value of one cell as text; None when it is missing or undetermined. KeyError: there is no such cell.

        `dimension`: as the tables write it, for grains such as `squad each month per item`.
        """
        return self._values[(measure, target, period, dimension)]

    @cached_property
    def _values(self) -> Mapping[tuple[str, str, str | None, str | None], str | None]:
        return {
            (str(row["measure"]), str(row["target"] or ""), _text(row["period"]), _text(row["dimension"])): _text(
                row["value"]
            )
            for row in self.rows("values")
        }

    def why(self, target: str, period: str | None = None, measure: str | None = None) -> Explanation:
        """The explanation of one cell as a tree; `.render("zh")` or `.render("en")` writes it for a person.

        `measure` may be a consequence or a check, too; a duty is explained without a period, or for its intervals in
        one. Without `measure`: what followed for the target in that period or is undecided, the checks that do not
        hold, and the measures that nothing else there reads. A target by dimension is written `squad / item`.
        Raises KeyError (`NothingToExplain`) for a cell that does not exist.
        """
        from cityrules.results.in_words import canonical, in_words
        from cityrules.results.why import NothingToExplain

        measure = canonical(measure, self.plan.measures, self.language)
        try:
            found = in_words(self._explainer.explain(target, period, measure), self.language, self.plan.rows)
            return self.told(found)
        except NothingToExplain as problem:
            raise NothingToExplain(replace(problem.diagnostics[0], words=self.language)) from None

    def told(self, found: Explanation) -> Explanation:
        """An explanation as it is told; of several editions, under the one by which it is."""
        return found

    def judged(self, target: str, period: str | None, measure: str | None) -> Assessment:
        """What a cell is explained from: this; of several editions, what the one that judges it came to."""
        return self

    def judged_record(self, kind: str, key: str) -> Assessment:
        """What a record is explained from, likewise."""
        return self

    @cached_property
    def _explainer(self) -> Explainer:
        from cityrules.results.why import Explainer

        return Explainer(self.plan, self.outcome.tables, self.outcome.facts)

    def table(self, name: str) -> Any:
        """A result table as a `pyarrow.Table`, numbers as exact decimals. It is one step from there to other libraries:
        `.to_pandas()`, `polars.from_arrow`.

        Raises KeyError for an unknown table, DataError without pyarrow.
        """
        from cityrules.io.arrow_out import arrow_table

        return arrow_table(self.outcome.tables[name])

    def write(self, folder: str | Path, format: TableFormat = "csv", language: Language = "en") -> list[Path]:
        """Write one file per table into `folder` (made if need be) and return their paths. Raises DataError.

        xlsx: one workbook with a sheet for each table, whose names and headings are in `language`.
        """
        from cityrules.io.write import write_tables

        return list(dict.fromkeys(write_tables(self.outcome.tables, folder, format, language).values()))

    def seal(self, path: str | Path, *, inputs: bool = True) -> str:
        """Write a sealed result: a zip of the texts of the scheme, the rows as they were read, the tables and their
        digests, which `cityrules.verify` checks and computes again. The same assessment makes the same file, to the
        byte. Without `inputs` it holds only the digests of the rows. Sources are read again for it.

        Returns the digest of the manifest, which stands for all of it. Raises DataError for a scheme that was made in
        Python, and for a file that is there already or cannot be written.
        """
        from cityrules.loaded.sealing import seal

        return seal(self, path, inputs=inputs)


def _text(value: Cell) -> str | None:
    return None if value is None else str(value)
