"""What sums, means, portions and shares were made of (the table `inputs`), as queries over determined cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import BIG, TEXT
from cityrules.engines.sql.folds import Listed
from cityrules.engines.sql.outputs import not_given, of_cell, shaped
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.texts import as_text
from cityrules.engines.sql.world import World
from cityrules.plan.model import Fold, Share, Weighted
from cityrules.results.format import with_stand_in


def input_queries(world: World, listed: Mapping[str, Listed]) -> Iterator[tuple[str, exp.Query]]:
    """The queries of all measures that tell what they were made of, with the names of these. `listed`: the elements of
    folds."""
    for name, elements in listed.items():
        yield from ((name, query) for query in _inputs(world, name, elements))
    for name, measure in world.plan.measures.items():
        if isinstance(measure, Weighted) and not measure.of_record:
            yield from ((name, query) for query in _elements(world, measure))
        elif isinstance(measure, Share):
            yield from ((name, query) for query in _shared(world, measure))


def _shared(world: World, measure: Share) -> Iterator[exp.Query]:
    """What the part of each cell goes by, in cells that are determined and not given."""
    cells = world.cells[measure.name]
    determined = sql.is_null(sql.column("c", "b")) if cells.troubled else None
    type_ = with_stand_in(measure.weight.type, measure.missing)
    nothing = sql.text("missing" if measure.missing is None or measure.missing.policy != "value" else "replaced")
    used = sql.text("used")
    told = {
        "total": (as_text(sql.column("a", "b"), measure.total.type), used),
        "weight": (as_text(sql.column("b", "b"), type_), sql.case((sql.column("m", "b"), nothing), otherwise=used)),
        "weights": (as_text(sql.column("sum", "b"), type_), used),
    }
    for name, (value, state) in told.items():
        columns = {**of_cell(world, measure), "input": sql.text(name), "value": value, "state": state}
        yield not_given(shaped("inputs", columns, sql.table(cells.relation, "b"), determined), cells.given)


def _elements(world: World, measure: Weighted) -> Iterator[exp.Query]:
    """The values of a weighted sum, in cells that are determined and not given."""
    cells = world.cells[measure.name]
    determined = sql.is_null(sql.column("c", "b")) if cells.troubled else None
    for place, element in enumerate(measure.elements):
        instead = sql.text("replaced" if measure.instead else "missing")
        columns = {
            **of_cell(world, measure),
            "input": sql.text(element.name),
            "value": as_text(sql.column(f"e{place}", "b"), with_stand_in(element.value.type, measure.instead)),
            "state": sql.case((sql.column(f"m{place}", "b"), instead), otherwise=sql.text("used")),
        }
        yield not_given(shaped("inputs", columns, sql.table(cells.relation, "b"), determined), cells.given)


def _inputs(world: World, name: str, listed: Listed) -> Iterator[exp.Query]:
    """What means and portions were made of, in cells that are determined and not given."""
    measure = world.plan.measures[name]
    assert isinstance(measure, Fold)
    assert measure.value is not None
    cells = world.cells[name]
    type_ = with_stand_in(measure.value.type, measure.missing)

    def rows(source: str, more: Mapping[str, E], *, left: bool) -> exp.Query:
        columns = {**of_cell(world, measure), **more}
        determined = sql.is_null(sql.column("c", "b")) if cells.troubled else None
        query = shaped("inputs", columns, sql.table(cells.relation, "b"), determined)
        same = [sql.equals(sql.column(key, "s"), sql.column(key, "b")) for key in ("t", "p")]
        sql.join(query, sql.table(source, "s"), sql.both(*same), "LEFT" if left else "INNER")
        return not_given(query, cells.given)

    if listed.by_element:
        told = {
            "input": sql.column("name", "s"),
            "value": as_text(sql.column("value", "s"), type_),
            "state": sql.column("state", "s"),
        }
        yield rows(listed.relation, told, left=False)
        return
    total = sql.cast(sql.coalesce(sql.column("s", "s"), sql.number(0)), BIG)
    count = sql.cast(sql.coalesce(sql.column("n", "s"), sql.number(0)), TEXT)
    first = "hits" if measure.op == "portion" else "sum"
    shown = sql.cast(total, TEXT) if measure.op == "portion" else as_text(total, type_)
    for label, value in ((first, shown), ("count", count)):
        told = {"input": sql.text(label), "value": value, "state": sql.text("used")}
        yield rows(listed.relation, told, left=True)
