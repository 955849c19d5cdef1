"""A comparison as tables, and as JSON of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from cityrules.compare.documents.comparison import (
    ActChange,
    Cause,
    Change,
    Comparison,
    Difference,
    Document,
    NearChange,
    SumChange,
)
from cityrules.compare.documents.seen import Cell
from cityrules.compare.near.cliffs import Near
from cityrules.results.format import fraction_text
from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import About

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
NEAR: Final = Shape(
    "near",
    (
        *_NAMED,
        Column("address"),
        *_WHERE,
        *map(Column, ("line_before", "line_after", "before", "after", "bound_before", "bound_after")),
        *map(Column, ("distance_before", "distance_after")),
    ),
)
CAUSES: Final = Shape(
    "causes",
    (
        *map(Column, ("of", "kind", "name", "label", "unit")),
        *_WHERE,
        Column("step"),
        *map(Column, ("change", "clause", "divided", "share", "least", "most")),
    ),
)
COMPARISON: Final = {
    shape.name: shape
    for shape in (CHANGES, ONLY, MOVES, GRADES, REGRADED, CONSEQUENCES, MONEY, CHECKS, REJECTS, NEAR, CAUSES)
}
"""The tables of a comparison. Numbers are texts in the digits of their measure, or exact fractions (`-5/3`), since what
is not the same kind of value on both sides stands in one column; `difference` is after less before."""


def tables_of(found: Comparison) -> dict[str, Table]:
    """All tables, by name."""
    rows: dict[str, Callable[[], Iterator[Row]]] = {
        "changes": lambda: _changes(found.attribution.changes),
        "only": lambda: ((one.side, one.section, one.name, one.label, one.cells) for one in found.only),
        "moves": lambda: map(_move, found.of("value", "place")),
        "grades": lambda: (
            (one.name, one.label, one.period, one.before, one.after, one.number) for one in found.grades
        ),
        "regraded": lambda: map(_stated, found.of("grade")),
        "consequences": lambda: map(_act, found.acts),
        "money": lambda: map(_sum, found.sums),
        "checks": lambda: map(_stated, found.of("check")),
        "rejects": lambda: ((one.kind, one.source, one.row, one.key, one.before, one.after) for one in found.rejects),
        "near": lambda: map(_near, found.near),
        "causes": lambda: _causes(found),
    }
    return {name: Table(shape, rows[name]) for name, shape in COMPARISON.items()}


def as_json(found: Comparison) -> dict[str, Any]:
    """What was compared, how causes were found, and the rows of each table as mappings."""
    by = found.attribution
    return {
        "before": _document(found.before),
        "after": _document(found.after),
        "after_taken_as_in_force_with_before": found.moved_force,
        "period": found.span,
        "as_of": found.as_of.isoformat(timespec="seconds"),
        "engine": found.engine,
        "same": found.same,
        "attribution": {
            "asked": by.asked,
            "needed": by.needed,
            "given_up": by.given_up,
            "exact": by.asked and by.needed is None and by.orders is None,
            "orders": by.orders,
            "seed": None if by.orders is None else by.seed,
            "runs": by.runs,
        },
        **{
            name: [dict(zip(table.shape.names, row, strict=True)) for row in table.rows()]
            for name, table in tables_of(found).items()
        },
    }


def _causes(found: Comparison) -> Iterator[Row]:
    """Of each cell, and of a consequence of each of its steps, which can have causes of their own."""
    steps: dict[Cell, dict[str | None, tuple[Cause, ...]]] = {}
    for act in found.acts:
        steps.setdefault(act.cell, {})[act.step] = act.causes
    for one in found.differences:
        about = one.cell.about
        where = (one.cell.section, one.kind, about.name, one.label, one.unit, *_where(about))
        for step, causes in steps.get(one.cell, {None: one.causes}).items():
            yield from ((*where, step, *_cause(cause)) for cause in causes)
    for each in found.sums:
        of = each.of
        place = (of.target_kind, of.target, of.dimension, of.period, None, None, None)
        where = (of.section, "sum", of.name, each.label, of.unit or None, *place)
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


def _near(one: NearChange) -> Row:
    sides = (one.before, one.after)

    def of(told: Callable[[Near], str]) -> Iterator[str | None]:
        return (None if side is None else told(side) for side in sides)

    return (
        *(one.about.name, one.label, one.clause, one.path, *_where(one.about)),
        *of(lambda near: near.line.text),
        *of(lambda near: fraction_text(near.value)),
        *of(lambda near: fraction_text(near.bound)),
        *of(lambda near: fraction_text(near.distance)),
    )
