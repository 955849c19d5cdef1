"""What differs between two assessments of the same rows: a value, its tables, the same for machines. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from cityrules.compare.documents.seen import CELL_KINDS, Cell, CellKind, Sum
from cityrules.compare.near.cliffs import Near
from cityrules.results.tables import Table
from cityrules.results.verdicts import About, Verdict
from cityrules.text.diagnostic import Language

Side = Literal["before", "after"]
Turn = Literal["gained", "lost", "changed"]
Divided = Literal["difference", "turn"]
FileFormat = Literal["csv", "json", "parquet"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What one change does to one cell: `value` its share, `least` and `most` what it does in single orders of the
    changes. All shares of a cell sum, exactly, to the `difference`; or to 1, where it is no number under some of the
    changes (`turn`: half for no longer being as it was before, half for being as it is after)."""

    change: str
    clause: str | None
    divided: Divided
    value: Fraction
    least: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell that is not the same. `difference`: of two numbers, after less before."""

    cell: Cell
    kind: CellKind
    label: str | None
    clause: str | None
    unit: str | None
    before: Verdict
    after: Verdict
    difference: Fraction | None
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class ActChange:
    """An act that only one side has, or that both have in other words: another amount, time, or who decides. Where
    there is none, the states say what there is of the consequence (`nothing`, `follows` with other acts, `undecided`).
    `causes`: of its step alone, whatever else follows in the cell."""

    turn: Turn
    cell: Cell
    label: str | None
    clause: str | None
    step: str | None
    before: Verdict
    after: Verdict
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class SumChange:
    """Amounts in one unit that do not add up to the same. Who has none has 0."""

    of: Sum
    label: str | None
    before: Fraction
    after: Fraction
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class GradeCount:
    """How many went from one grade to another, or kept it; a state (`missing`, `absent`) where there is none."""

    name: str
    label: str | None
    period: str | None
    before: str
    after: str
    number: int


@dataclass(frozen=True, slots=True)
class RejectChange:
    """A row that is not used on one side only, or for other reasons; None: it is used."""

    kind: str
    source: str
    row: int
    key: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class NearChange:
    """Who stands near a line on one side only, or at another distance; None: not near. `path`: the address of the
    line."""

    path: str
    about: About
    label: str | None
    clause: str | None
    before: Near | None
    after: Near | None


@dataclass(frozen=True, slots=True)
class Only:
    """What only one of the documents has: a kind of target or record, a measure, a consequence, a check; and how many
    cells of it have a value, which are compared with nothing."""

    side: Side
    section: str
    name: str
    label: str | None
    cells: int


@dataclass(frozen=True, slots=True)
class Change:
    """One of the changes between the documents that causes are told by: those of a clause, or of a body without one
    (`body`, its address). `parts`: the clauses and bodies that it is of; several, where some of them without the others
    make no good document, or none that can be run on the rows."""

    name: str
    clause: str | None
    addresses: tuple[str, ...]
    parts: tuple[str, ...]
    body: str | None
    made: tuple[str, ...]
    """What is changed, in words: of single values also from what to what (`parameters.pass.value: 70 -> 75`)."""

    @property
    def several(self) -> bool:
        """Whether it is several in one."""
        return len(self.parts) > 1


@dataclass(frozen=True, slots=True)
class Attribution:
    """How causes were found. `orders` None: over all orders of the changes, exactly; else over as many, drawn by
    `seed`. `runs`: how many documents were run besides the two. `asked` False: nobody asked for causes; `needed`: there
    are none, since even two orders would take so many documents, far more than were allowed. `given_up`: so many were
    checked without finding which changes can be made without which others, so that all are taken as one."""

    changes: tuple[Change, ...]
    orders: int | None
    seed: int
    runs: int
    asked: bool = True
    needed: int | None = None
    given_up: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One of the two: its name and title, and since when it is in force, as written."""

    scheme: str
    title: str
    in_force: str


@dataclass(frozen=True)
class Comparison:
    """Two documents on the same rows over the same time. The second is taken as in force when the first is
    (`moved_force`: whether that is not what it says). `differences`: all cells that are not the same, but those of
    measures that only one has (`only`); `same`: how many cells of targets are; `words`: the grades of
    each measure in `grades`, in the order of the documents."""

    before: Document
    after: Document
    moved_force: bool
    span: str
    as_of: dt.datetime
    engine: str
    only: tuple[Only, ...]
    differences: tuple[Difference, ...]
    same: int
    grades: tuple[GradeCount, ...]
    words: Mapping[str, tuple[str, ...]]
    acts: tuple[ActChange, ...]
    sums: tuple[SumChange, ...]
    rejects: tuple[RejectChange, ...]
    near: tuple[NearChange, ...]
    attribution: Attribution

    @property
    def differs(self) -> bool:
        """Whether anything that is computed does."""
        return bool(self.only or self.differences or self.sums or self.rejects)

    def of(self, *kinds: CellKind) -> tuple[Difference, ...]:
        """The differences of some kinds."""
        return tuple(one for one in self.differences if one.kind in kinds)

    @property
    def tables(self) -> dict[str, Table]:
        """All of it as tables of the shapes `documents.tabled.COMPARISON`, by name."""
        from cityrules.compare.documents.tabled import tables_of

        return tables_of(self)

    def to_json(self) -> dict[str, Any]:
        """The same for machines: what was compared, and the rows of each table as mappings."""
        from cityrules.compare.documents.tabled import as_json

        return as_json(self)

    def page(self, language: Language = "en", most: int = 500) -> str:
        """All of it as one HTML page that needs nothing else, with at most `most` rows of each table (0: all)."""
        from cityrules.compare.documents.page import as_page
        from cityrules.compare.documents.telling import told

        return as_page(told(self, language, most), language)

    def write(self, folder: str | Path, format: FileFormat = "csv") -> list[Path]:
        """Write one file per table into `folder` (made if need be) and return their paths. Raises DataError."""
        from cityrules.io.write import write_tables

        return list(write_tables(self.tables, folder, format).values())


def place_of(one: Difference) -> tuple[int, str, tuple[str, ...]]:
    """Grades first, checks last; what is about one name together, by period and target."""
    about = one.cell.about
    where = (about.period, about.target_kind, about.target, about.dimension, about.record_kind, about.record)
    return CELL_KINDS.index(one.kind), about.name, tuple(part or "" for part in where)
