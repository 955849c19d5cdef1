"""Whether rows meet the conditions on which they are accepted (`docs/engines.md`, "Texts to typed values").

What rows have through the records that they refer to is joined here, for conditions and for all that comes after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlglot import exp

from cityrules.engines.columns import cell_columns
from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import INT, TEXT
from cityrules.engines.sql.intake import Forbid
from cityrules.engines.sql.places import CellPlace, Place, RecordPlace, climb
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Found, Reader, bindings, guarded, left_calendar
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import Records, World
from cityrules.io import grammar
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import TRUE
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Condition, RecordKind, Route
from cityrules.plan.names import Field


@dataclass(frozen=True, slots=True)
class RowPlace(CellPlace):
    """A row `one_per` a cell that is not accepted yet: the cell, and the fields of the row."""

    fields: Mapping[str, str] = field(default_factory=dict)

    def along(self, route: Route) -> E | None:
        """The target to which a way leads from a field of the row."""
        named = sql.column(self.fields[route.field], self.alias)
        return climb(self.world, self.query, route.start, named, route.kind, self.day())


def unmet_conditions(world: World, record: RecordKind) -> tuple[Forbid, ...]:
    """What gives a reason for each condition that a row does not meet, or of which that cannot be worked out."""
    first = len(cell_columns(record)) if record.one_per is not None else 0
    fields = {name: f"v{first + place}" for place, name in enumerate(record.fields)}
    through = {path: f"r{place}" for place, path in enumerate(record.through)}

    def unmet(typed: str, columns: Sequence[str]) -> tuple[exp.Query, Mapping[str, str]]:
        # Nothing but the row itself and the targets is read: neither records nor results are there yet.
        relation = typed
        cell: dict[str, E] = {} if record.one_per is None else cell_of(record)
        if cell:
            relation = world.session.view(sql.everything(sql.table(relation), None, cell), "celled")
        if through:
            joined = joined_others(record, relation, (*columns, *cell), fields, through, world.records)
            relation = world.session.view(joined, "referring")
        rows = Records(record, relation, {**fields, **through})
        alone, query = replace(world, records={record.name: rows}), Query(relation)
        place: Place = RecordPlace(alone, query, rows, record.routes)
        if record.one_per is not None:
            place = RowPlace(alone, query, record.one_per, in_grid=False, fields=rows.fields)
        reader = Reader(alone, query, place, place)
        if record.one_per is not None:
            _know_own(reader, query, rows)
        kept = {name: query.draw(sql.column(name, "b")) for name in columns}
        tests: dict[str, E] = {}
        reasons: dict[str, str] = {}
        for number, one in enumerate(record.accepted_if):
            for code, test in _against(one).items():
                mark = f"{code}{number}"
                tests[mark] = reader.emit(test)
                reasons[grammar.reason(one.address, code)] = mark
        return query.select({**kept, **tests}), reasons

    return (unmet,) if record.accepted_if else ()


def _against(condition: Condition) -> dict[str, Code]:
    """By reason, when it speaks against a row."""
    left = left_calendar(condition.that, guarded(condition.that))
    held = lower_flag(condition.that.tree)
    accepted = coding.negated(coding.holds(coding.negated(held))) if condition.unknown == "yes" else coding.holds(held)
    found = {grammar.NOT_MET: coding.all_of((coding.negated(left), coding.negated(accepted))), grammar.OVERFLOW: left}
    return {code: test for code, test in found.items() if test != coding.FALSE}


def _know_own(reader: Reader, query: Query, rows: Records) -> None:
    """Fields of a row `one_per` a cell are found in the row itself, not in what was accepted for its cell."""
    for binding in bindings(one.that for one in rows.kind.accepted_if):
        if isinstance(binding, Field):
            reader.know(binding, Found(query.draw(sql.column(rows.fields[binding.name], "b")), TRUE, ()))


def cell_of(record: RecordKind) -> dict[str, E]:
    """The target `t` and the period `p` of the cell of a row `one_per` one, out of its typed values."""
    columns = {name: sql.column(f"v{place}") for place, name in enumerate(cell_columns(record))}
    names: list[E] = [column for name, column in columns.items() if name != grammar.PERIOD_COLUMN]
    return {
        "t": dialect.joined_name(names) if names else sql.cast(sql.text(""), TEXT),
        "p": columns.get(grammar.PERIOD_COLUMN, sql.cast(sql.number(0), INT)),
    }


def joined_others(
    record: RecordKind,
    relation: str,
    columns: Sequence[str],
    fields: Mapping[str, str],
    through: Mapping[str, str],
    known: Mapping[str, Records],
) -> exp.Query:
    """The rows of a kind with what they have through the records that they refer to."""
    query = Query(relation)
    outputs: dict[str, E] = {column: query.draw(sql.column(column, "b")) for column in columns}
    for path, column in through.items():
        field, _, rest = path.partition(".")
        others = known[record.references[field]]
        alias = query.join(others.relation, {others.fields[others.kind.key[0]]: sql.column(fields[field], "b")})
        outputs[column] = query.draw(sql.column(others.fields[rest], alias))
    return query.select(outputs)
