"""What differs between two assessments of the same rows: a value, its tables, the same for machines. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, Literal

from cityrules.compare.seen import CELL_KINDS, Cell, CellKind, Sum
from cityrules.results.format import fraction_text
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About, Verdict
from cityrules.text.diagnostic import Language

Side = Literal["before", "after"]
Turn = Literal["gained", "lost", "changed"]
Divided = Literal["difference", "turn"]
FileFormat = Literal["csv", "json", "parquet"]

_NAMED: Final = tuple(map(Column, ("name", "label", "clause")))
_WHERE: Final = tuple(map(Column, ("target_kind", "target", "dimension", "period", "record_kind", "record")))
_STATES: Final = tuple(map(Column, ("before", "after", "state_before", "state_after")))

CHANGES: Final = Shape("changes", (*map(Column, ("change", "clause", "addresses", "made")), Column("several", "flag")))
ONLY: Final = Shape("only", (*map(Column, ("side", "section", "name", "label")), Column("cells", "integer")))
MOVES: Final = Shape("moves", (Column("kind"), *_NAMED, Column("unit"), *_WHERE, *_STATES, Column("difference")))
GRADES: Final = Shape(
    "grades", (*map(Column, ("name", "label", "period", "before", "after")), Column("number", "integer"))
)
REGRADED: Final = Shape("regraded", (*_NAMED, *_WHERE, *_STATES))
CONSEQUENCES: Final = Shape("consequences", (Column("turn"), *_NAMED, *_WHERE, Column("step"), *_STATES))
MONEY: Final = Shape(
    "money",
    (
        *map(Column, ("section", "name", "label", "unit", "period", "target_kind", "target", "dimension")),
        *map(Column, ("before", "after", "difference")),
    ),
)
CHECKS: Final = Shape("checks", (*_NAMED, *_WHERE, *_STATES))
REJECTS: Final = Shape(
    "rejects", (*map(Column, ("kind", "source")), Column("row", "integer"), *map(Column, ("key", "before", "after")))
)
CAUSES: Final = Shape(
    "causes",
    (
        *map(Column, ("of", "kind", "name", "label", "unit")),
        *_WHERE,
        *map(Column, ("change", "clause", "divided", "share", "least", "most")),
    ),
)
COMPARISON: Final = {
    shape.name: shape
    for shape in (CHANGES, ONLY, MOVES, GRADES, REGRADED, CONSEQUENCES, MONEY, CHECKS, REJECTS, CAUSES)
}
"""The tables of a comparison. Numbers are texts in the digits of their measure, or exact fractions (`-5/3`), since what
is not the same kind of value on both sides stands in one column; `difference` is after less before."""


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
    """

    turn: Turn
    cell: Cell
    label: str | None
    clause: str | None
    step: str | None
    before: Verdict
    after: Verdict


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
    """One of the changes between the documents that causes are told by: those of a clause, or of a body without one.
    `several`: of several clauses in one, since no good document has some of them without the others."""

    name: str
    clause: str | None
    addresses: tuple[str, ...]
    several: bool
    made: tuple[str, ...]
    """What is changed, in words: of single values also from what to what (`parameters.pass.value: 70 -> 75`)."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """How causes were found. `orders` None: over all orders of the changes, exactly; else over as many, drawn by
    `seed`. `runs`: how many documents were run besides the two. `asked` False: nobody asked for causes."""

    changes: tuple[Change, ...]
    orders: int | None
    seed: int
    runs: int
    asked: bool = True


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
    measures that only one has (`only`); `same`: how many cells are."""

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
    acts: tuple[ActChange, ...]
    sums: tuple[SumChange, ...]
    rejects: tuple[RejectChange, ...]
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
        """All of it as tables of the shapes `COMPARISON`, by name."""
        rows = {
            "changes": lambda: _changes(self.attribution.changes),
            "only": lambda: ((one.side, one.section, one.name, one.label, one.cells) for one in self.only),
            "moves": lambda: map(_move, self.of("value", "place")),
            "grades": lambda: (
                (one.name, one.label, one.period, one.before, one.after, one.number) for one in self.grades
            ),
            "regraded": lambda: map(_stated, self.of("grade")),
            "consequences": lambda: map(_act, self.acts),
            "money": lambda: map(_sum, self.sums),
            "checks": lambda: map(_stated, self.of("check")),
            "rejects": lambda: (
                (one.kind, one.source, one.row, one.key, one.before, one.after) for one in self.rejects
            ),
            "causes": self._causes,
        }
        return {name: Table(shape, rows[name]) for name, shape in COMPARISON.items()}

    def to_json(self) -> dict[str, Any]:
        """The same for machines: what was compared, and the rows of each table as mappings."""
        found = self.attribution
        return {
            "before": _document(self.before),
            "after": _document(self.after),
            "after_taken_as_in_force_with_before": self.moved_force,
            "period": self.span,
            "as_of": self.as_of.isoformat(timespec="seconds"),
            "engine": self.engine,
            "same": self.same,
            "attribution": {
                "asked": found.asked,
                "exact": found.orders is None,
                "orders": found.orders,
                "seed": None if found.orders is None else found.seed,
                "runs": found.runs,
            },
            **{
                name: [dict(zip(table.shape.names, row, strict=True)) for row in table.rows()]
                for name, table in self.tables.items()
            },
        }

    def page(self, language: Language = "en", most: int = 500) -> str:
        """All of it as one HTML page that needs nothing else, with at most `most` rows of each table (0: all)."""
        from cityrules.compare.page import as_page
        from cityrules.compare.telling import told

        return as_page(told(self, language, most), language)

    def write(self, folder: str | Path, format: FileFormat = "csv") -> list[Path]:
        """Write one file per table into `folder` (made if need be) and return their paths. Raises DataError."""
        from cityrules.io.write import write_tables

        return list(write_tables(self.tables, folder, format).values())

    def _causes(self) -> Iterator[Row]:
        for one in self.differences:
            about = one.cell.about
            where = (one.cell.section, one.kind, about.name, one.label, one.unit, *_where(about))
            yield from ((*where, *_cause(cause)) for cause in one.causes)
        for each in self.sums:
            of = each.of
            place = (of.target_kind, of.target, of.dimension, of.period, None, None)
            where = (of.section, "sum", of.name, each.label, of.unit, *place)
            yield from ((*where, *_cause(cause)) for cause in each.causes)


def _document(one: Document) -> dict[str, Any]:
    return {"scheme": one.scheme, "title": one.title, "in_force": one.in_force}


def _changes(changes: Iterable[Change]) -> Iterator[Row]:
    for one in changes:
        yield one.name, one.clause, ", ".join(one.addresses), "; ".join(one.made), one.several


def _where(about: About) -> Row:
    return about.target_kind, about.target, about.dimension, about.period, about.record_kind, about.record


def _cause(cause: Cause) -> Row:
    return (
        cause.change,
        cause.clause,
        cause.divided,
        *(fraction_text(one) for one in (cause.value, cause.least, cause.most)),
    )


def _states(one: Difference | ActChange) -> Row:
    return one.before.text, one.after.text, one.before.state, one.after.state


def _stated(one: Difference) -> Row:
    return one.cell.about.name, one.label, one.clause, *_where(one.cell.about), *_states(one)


def _move(one: Difference) -> Row:
    about = one.cell.about
    moved = None if one.difference is None else fraction_text(one.difference)
    return one.kind, about.name, one.label, one.clause, one.unit, *_where(about), *_states(one), moved


def _act(one: ActChange) -> Row:
    about = one.cell.about
    return one.turn, about.name, one.label, one.clause, *_where(about), one.step, *_states(one)


def _sum(one: SumChange) -> Row:
    of = one.of
    where = (of.section, of.name, one.label, of.unit or None, of.period, of.target_kind, of.target, of.dimension)
    return *where, *(fraction_text(each) for each in (one.before, one.after, one.after - one.before))


def counted(names: Iterable[tuple[str, str | None, str | None, str, str]]) -> tuple[GradeCount, ...]:
    """Name, label, period, grade before and after of each cell, counted."""
    return tuple(GradeCount(*key, number) for key, number in Counter(names).items())


def place_of(one: Difference) -> tuple[int, str, tuple[str, ...]]:
    """Grades first, checks last; what is about one name together, by period and target."""
    about = one.cell.about
    where = (about.period, about.target_kind, about.target, about.dimension, about.record_kind, about.record)
    return CELL_KINDS.index(one.kind), about.name, tuple(part or "" for part in where)
