"""The cells (or records) of one measure as a query, and the relation that its results become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from sqlglot import exp

from cityrules.engines.base import CellKey
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import FLAG, INT, TEXT
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.places import CellPlace, Place, RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.texts import field_text
from cityrules.engines.sql.values import column_type, lowered
from cityrules.engines.sql.world import MOST_PENDING, Cells, RecordMeasure, Records, World
from cityrules.feel.tree import Value
from cityrules.feel.types import Type
from cityrules.io import grammar
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import FALSE, TRUE
from cityrules.plan.followings import STEP
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Expr, Measure, Missing
from cityrules.results.rounding import rounded
from cityrules.scheme.notation import Grain, Rounding


@dataclass(slots=True)
class Ground:
    """The cells of a grain, or the records of a kind, to which something applies.

    `exists`: whether it does; `before`: what speaks against the cell because `applies` could not be read.
    """

    world: World
    query: Query
    place: Place
    reader: Reader
    exists: Code
    before: Doubts

    @property
    def where(self) -> E | None:
        return None if self.exists == TRUE else self.reader.emit(self.exists)

    def drawn(self, column: str) -> exp.Column:
        """A column of the cell itself."""
        return self.query.draw(sql.column(column, "b"))

    def settled(self, own: Doubts) -> Doubts:
        """All that speaks against the cell; where `applies` itself is undetermined, nothing else is looked at."""
        if not self.before:
            return own
        clear = coding.negated(self.before.any())
        found = own.mapped(lambda condition: coding.all_of((clear, condition)))
        found.take(self.before)
        return found


def ground(world: World, grain: Grain, of_record: bool, applies: Expr | None, owner: str, source: str = "") -> Ground:
    """The places of a grain as a query over its grid (or `source`, which has the same cells and more columns)."""
    if of_record:
        records = world.growing(grain.kind) if not source else world.records_of(grain.kind)
        query = Query(source or records.relation)
        place: Place = RecordPlace(world, query, records, records.kind.routes)
    else:
        query = Query(source or world.grid(grain))
        # What has the cells of a measure can have given ones outside of the grid, too.
        place = CellPlace(world, query, grain, in_grid=not source)
    reader = Reader(world, query, place)
    before = Doubts()
    exists: Code = TRUE
    if applies is not None:
        reader.read([applies], before)
        reader.compute(applies, owner, before)
        exists = coding.any_of((before.any(), coding.holds(lower_flag(applies.tree))))
        exists = reader.hold(exists)
    return Ground(world, query, place, reader, exists, before)


def store(found: Ground, measure: Measure, value: Code, own: Doubts, extra: Mapping[str, E] | None = None) -> None:
    """Compute a measure and note its relation with the world. `extra`: more columns of cells."""
    doubts = found.settled(own)
    reader = found.reader
    if doubts:
        against = reader.hold(doubts.any())
        value = coding.choose(against, coding.null(value.sort), value)
        cause, detail = doubts.columns(reader.emitter, found.query.define)
        troubles = {"c": cause, "d": detail}
    else:
        troubles = {}
    typed = sql.cast(reader.emit(value), column_type(measure.type))
    if measure.of_record:
        _store_record(found, measure, typed, troubles)
        return
    outputs = {"t": found.drawn("t"), "p": found.drawn("p"), "v": typed, **troubles, **(extra or {})}
    note(found.world, measure, found.query.select(outputs, found.where), troubled=bool(doubts))


def note(world: World, measure: Measure, query: exp.Select, *, troubled: bool) -> Cells:
    """Keep the results of a measure of cells, given values in their places."""
    given = given_cells(world, measure)
    if given is None:
        relation = world.session.table(query, "cells")
    else:
        computed = world.session.table(query, "computed")
        names = list(world.session.columns(sql.everything(sql.table(computed))))
        kept = sql.select({name: sql.column(name, "b") for name in names}, sql.table(computed, "b"))
        same = [sql.equals(sql.column(name, "g"), sql.column(name, "b")) for name in ("t", "p")]
        sql.join(kept, sql.table(given, "g"), sql.both(*same))
        kept.set("where", exp.Where(this=sql.is_null(sql.column("t", "g"))))
        outputs: dict[str, E] = dict.fromkeys(names, sql.null())
        outputs |= {name: sql.column(name) for name in ("t", "p", "v")}
        if "tied" in outputs:
            outputs["tied"] = sql.case((sql.is_there(sql.column("v")), sql.number(1)))
        relation = world.session.table(sql.union([kept, sql.select(outputs, sql.table(given))]), "cells")
    cells = Cells(relation, measure.type, measure.grain, troubled, measure.applies is None, given)
    world.cells[measure.name] = cells
    return cells


def given_cells(world: World, measure: Measure) -> str | None:
    """The values that the question gives for a measure of cells: a relation with `t`, `p`, `v` and `given`."""
    given: Mapping[CellKey, Value] = world.question.given.get(measure.name, {})
    if not given:
        return None
    rows = [(name, index or 0, lowered(value, measure.type), True) for (name, index), value in given.items()]
    return world.session.filled({"t": TEXT, "p": INT, "v": column_type(measure.type), "given": FLAG}, rows, "given")


def _store_record(found: Ground, measure: Measure, value: E, troubles: Mapping[str, E]) -> None:
    """Add the columns of a measure to the records of its kind."""
    world = found.world
    records = world.of_kind(measure.grain.kind)
    exists = found.where
    given = {name: value for (name, _), value in world.question.given.get(measure.name, {}).items()}
    if given:
        rows = [(name, lowered(one, measure.type)) for name, one in given.items()]
        relation = world.session.filled({"k": TEXT, "v": column_type(measure.type)}, rows, "given")
        alias = found.query.join(relation, {"k": key_text(records)})
        there = found.query.draw(sql.is_there(sql.column("k", alias)))
        one = found.query.draw(sql.column("v", alias))
        value = sql.case((there, one), otherwise=value)
        troubles = {name: sql.case((there, sql.null()), otherwise=tree) for name, tree in troubles.items()}
        exists = None if exists is None else sql.either(there, exists)
    add_to_records(found, records, measure.name, value, troubles, exists)


def add_to_records(
    found: Ground, records: Records, name: str, value: E, troubles: Mapping[str, E], exists: E | None = None
) -> None:
    """Add the columns of something computed for each record of a kind."""
    number = records.added
    columns = {"v": f"mv{number}", "x": f"mx{number}", "c": f"mc{number}", "d": f"md{number}"}
    added = {columns["v"]: value, **{columns[part]: tree for part, tree in troubles.items()}}
    if exists is not None:
        # Where the measure has no cell nobody may find a value.
        exists = found.query.define(exists)
        added = {column: sql.case((exists, tree)) for column, tree in added.items()}
        added[columns["x"]] = exists
    records.relation = found.world.session.view(found.query.extended(added), "rec")
    records.added += 1
    records.pending += MOST_PENDING if found.query.joins else 1
    records.measures[name] = RecordMeasure(
        columns["v"],
        columns["x"] if exists is not None else None,
        columns["c"] if troubles else None,
        columns["d"] if troubles else None,
    )


def key_text(records: Records, alias: str = "b") -> E:
    """The canonical key of a record of a dated kind. The row of a ladder of which it is not known what followed is of
    no step: nothing stands in that place."""
    kind, nothing = records.kind, sql.text("")
    parts = [field_text(sql.column(records.fields[name], alias), kind.fields[name]) for name in kind.key]
    parts = [sql.coalesce(part, nothing) if name == STEP else part for name, part in zip(kind.key, parts, strict=True)]
    spaced: list[E] = []
    for part in parts:
        spaced += [sql.text(grammar.KEY_JOIN), part] if spaced else [part]
    return sql.joined(*spaced)


def constant(value: object, type_: Type, rounding: Rounding | None = None) -> Code:
    """A stated value as code, rounded as the value it stands for would be."""
    if rounding is not None and isinstance(value, (int, Fraction)) and not isinstance(value, bool):
        value = rounded(value, rounding)
    found = lowered(value, type_)  # type: ignore[arg-type]
    if found is None:
        return coding.null(coding.sort_of(type_))
    if isinstance(found, bool):
        return coding.truth(found)
    return coding.text(found) if isinstance(found, str) else coding.number(found)


def stand_in(
    value: Code, stated: Missing | None, type_: Type, owner: str, doubts: Doubts, where: Code = TRUE,
    rounding: Rounding | None = None,
) -> Code:  # fmt: skip
    """A value, or what a stated `missing` puts in the place of none; `skip` leaves it missing."""
    absent = coding.is_null(value)
    if stated is None or stated.policy == "skip" or absent == FALSE:
        return value
    if stated.policy == "error":
        doubts.add("missing", owner, coding.all_of((where, absent)))
        return value
    return coding.coalesce(value, constant(stated.value, type_, rounding))
