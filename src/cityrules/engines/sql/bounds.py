"""The bounds of caps, cell by cell: constants, or expressions that may read what rules have counted so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.cells import ground
from cityrules.engines.sql.dialect import BIG
from cityrules.engines.sql.doubts import Cause, Doubts
from cityrules.engines.sql.hits import Hit, Hits
from cityrules.engines.sql.reading import Found, bindings
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.values import column_type
from cityrules.engines.sql.world import World
from cityrules.feel.tree import Literal_
from cityrules.plan import coding
from cityrules.plan.coding import TRUE
from cityrules.plan.lower import lower
from cityrules.plan.model import Cap, Ledger
from cityrules.plan.names import Counted
from cityrules.results.format import ledger_scale, number_scale


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound in units of the ledger's scale: `constant`, or for each cell in the column `bound` of a `relation` with
    `t`, `p`, and `f0`, `f1`, ... for the `doubts`."""

    constant: int
    relation: str | None = None
    doubts: tuple[tuple[Cause, str], ...] = ()


def bound_of(
    world: World, ledger: Ledger, cap: Cap, hits: Mapping[str, tuple[Hits, Hit]], points: Mapping[int, str]
) -> Bound:
    """The bound of a cap. `points`: what earlier caps have left of the hits of rules, by their places."""
    digits = ledger_scale(ledger) - number_scale(cap.at.type)
    if isinstance(cap.at.tree, Literal_):
        exact = cap.at.tree.value
        assert exact is not None
        return Bound(int(exact * 10 ** ledger_scale(ledger)))
    found = ground(world, ledger.grain, ledger.of_record, None, ledger.name)
    reader, query, doubts = found.reader, found.query, Doubts()
    cell = {name: sql.column(name, "b") for name in ("t", "p")}
    for binding in bindings([cap.at]):
        if isinstance(binding, Counted):
            parts: list[E] = []
            for name in binding.rules:
                part, hit = hits[name]
                alias = query.join(_sum(world, part, hit, points), cell)
                parts.append(sql.coalesce(sql.column("s", alias), sql.cast(sql.number(0), BIG)))
            unit = 10 ** (ledger_scale(ledger) - number_scale(binding.type))
            sign = hits[binding.rules[0]][1].rule.sign
            whole = dialect.whole_div(sql.total(parts), sql.number(sign * unit))
            reader.know(binding, Found(query.draw(sql.cast(whole, column_type(binding.type))), TRUE, ()))
    reader.read([cap.at], doubts)
    reader.compute(cap.at, ledger.name, doubts)
    value = coding.greatest([coding.number(0), coding.coalesce(lower(cap.at.tree), coding.number(0))])
    outputs: dict[str, E] = {name: found.drawn(name) for name in ("t", "p")}
    outputs["bound"] = sql.cast(reader.emit(coding.rescale(value, digits)), BIG)
    told: list[tuple[Cause, str]] = []
    for cause, name, condition in doubts:
        outputs[f"f{len(told)}"] = reader.emit(condition)
        told.append((cause, name))
    return Bound(0, world.session.table(query.select(outputs), "bounds"), tuple(told))


def _sum(world: World, part: Hits, hit: Hit, points: Mapping[int, str]) -> str:
    """A relation with `t`, `p` and `s`: what the hits of a rule have come to so far, signed."""
    keys = [sql.column(name) for name in ("t", "p")]
    if hit.place in points:
        source = sql.table(points[hit.place])
    else:
        query, reader = part.query(world)
        columns: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in ("t", "p")}
        rows = query.select({**columns, "points": sql.cast(reader.emit(hit.points), BIG)}, reader.emit(hit.hits))
        source = sql.nested(rows, "a")  # type: ignore[assignment]
    total = sql.cast(sql.call("sum", sql.column("points")), BIG)
    return world.session.table(sql.select({"t": keys[0], "p": keys[1], "s": total}, source, None, keys), "sums")
