"""Ledgers: points that move by rules. The contract is `docs/engines.md`, "Ledger"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.caps import POOL, Laid, lay_caps, pools
from cityrules.engines.sql.carried import walk
from cityrules.engines.sql.cells import Ground, ground, store
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.hits import Hit, Hits, find_hits
from cityrules.engines.sql.items import Items
from cityrules.engines.sql.reading import Held
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.feel.types import Flag
from cityrules.plan import coding
from cityrules.plan.code import Code, Slot
from cityrules.plan.lower import lower
from cityrules.plan.model import Cap, Ledger
from cityrules.plan.reading import all_items
from cityrules.results.format import ledger_scale, number_scale

_MOST = 2**100
_LIMITS: Final = {"floored": "(floor)", "ceiled": "(ceiling)", "rounded": "(round)"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the lines of a ledger are made of: its hits, and by place of the rule the relation (`t`, `p`, `o1`, `o2`,
    `points`) of what caps left; `own`: the columns of the measure's relation that are lines of their own, with the
    names of these, in units of the ledger's scale."""

    hits: tuple[Hits, ...]
    caps: Mapping[int, str]
    own: Mapping[str, str]


def solve_ledger(world: World, measure: Ledger) -> Sheet:
    """Compute a ledger; what its lines are made of."""
    hits = find_hits(world, measure)
    laid = lay_caps(world, measure, hits)
    own = _finish(world, measure, hits, laid)
    return Sheet(tuple(hits), laid.points, own)


def _sums(world: World, part: Hits, caps: Mapping[int, str], owners: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """By owner (an item's name, '' without): a relation with `t`, `p`, and its column with the points of all uncapped
    rules together, or of one capped rule."""
    found = []
    free: dict[str, list[Hit]] = {}
    for hit in part.rules:
        if hit.place not in caps:
            free.setdefault(owners.get(hit.rule.name, ""), []).append(hit)
    if free:
        query, reader = part.query(world)
        keys = [query.draw(sql.column(name, "b")) for name in ("t", "p")]
        outputs: dict[str, E] = {"t": keys[0], "p": keys[1]}
        for number, of_owner in enumerate(free.values()):
            zero = coding.number(0)
            points = [coding.coalesce(coding.choose(h.hits, h.points, zero), zero) for h in of_owner]
            outputs[f"s{number}"] = sql.cast(sql.call("sum", reader.emit(coding.add(*points))), dialect.BIG)
        relation = world.session.table(query.select(outputs, None, keys), "sums")
        found += [(owner, relation, f"s{number}") for number, owner in enumerate(free)]
    for hit in part.rules:
        if hit.place in caps:
            of_cell = [sql.column(name) for name in ("t", "p")]
            total = sql.cast(sql.call("sum", sql.column("points")), dialect.BIG)
            query_ = sql.select(
                {"t": of_cell[0], "p": of_cell[1], "s": total}, sql.table(caps[hit.place]), None, of_cell
            )
            found.append((owners.get(hit.rule.name, ""), world.session.table(query_, "sums"), "s"))
    return found


def _share(found: Ground, measure: Ledger, cap: Cap, doubts: Doubts) -> None:
    """Note where what another cell takes of a shared cap is not known."""
    if not doubts and not found.before:
        return
    world, query, reader = found.world, found.query, found.reader
    bad = reader.hold(found.settled(doubts).any())
    own: dict[str, E] = {name: found.drawn(name) for name in ("t", "p")}
    told = world.session.table(query.select({**own, "bad": reader.emit(bad)}, found.where), "bad")
    by = [sql.column(name, "w") for name in POOL]
    some = sql.window(sql.call("bool_or", sql.column("bad", "b")), by)
    groups = sql.select({"t": sql.column("t", "w"), "p": sql.column("p", "w"), "some": some}, sql.table(told, "b"))
    same = [sql.equals(sql.column(name, "w"), sql.column(name, "b")) for name in ("t", "p")]
    sql.join(groups, sql.table(pools(world, measure, cap), "w"), sql.both(*same), "INNER")
    alias = query.join(world.session.table(groups, "group"), {name: sql.column(name, "b") for name in ("t", "p")})
    other = Slot("bool", 0, 0, False, 1, Held(Flag(), query.draw(sql.is_true(sql.column("some", alias))).name))
    doubts.add("depends", measure.name, coding.all_of((other, coding.negated(bad))))


def _finish(world: World, measure: Ledger, hits: list[Hits], laid: Laid) -> dict[str, str]:
    """From the sums to the value of each cell of the grid. The columns that are lines of their own, and their names."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    reader, doubts, query = found.reader, Doubts(), found.query
    cell = {name: sql.column(name, "b") for name in ("t", "p")}

    def drawn(tree: E, sort: str, most: int = 0) -> Code:
        return Slot(sort, -most, most, False, 1, Held(Flag(), query.draw(tree).name))  # type: ignore[arg-type]

    scale = ledger_scale(measure)
    base: Code = coding.number(0)
    if not measure.carried:
        reader.read([measure.base], doubts)
        reader.compute(measure.base, measure.name, doubts)
        base = reader.hold(coding.rescale(lower(measure.base.tree), scale - number_scale(measure.base.type)))
    owners = {rule: item.name for item in all_items(measure.items) for rule in item.rules}
    sums: dict[str, list[Code]] = {}
    for part in hits:
        if part.flags is not None:
            alias = query.join(part.flags, cell)
            for place, (cause, name) in enumerate(part.doubts):
                tree = sql.is_true(sql.column(f"f{place}", alias))
                doubts.add(cause, name, drawn(tree, "bool"))
        for owner, relation, column in _sums(world, part, laid.points, owners):
            alias = query.join(relation, cell)
            total = sql.coalesce(sql.column(column, alias), sql.number(0))
            sums.setdefault(owner, []).append(drawn(total, "int", _MOST))
    for computed in laid.bounds:
        assert computed.relation is not None
        alias = query.join(computed.relation, cell)
        for place, (cause, name) in enumerate(computed.doubts):
            doubts.add(cause, name, drawn(sql.is_true(sql.column(f"f{place}", alias)), "bool"))
    shared = next((cap for cap in measure.caps if cap.shared is not None), None)
    if shared is not None:
        _share(found, measure, shared, doubts)
    zero = coding.number(0)
    items = Items(reader, measure, {name: coding.add(*parts) for name, parts in sums.items()}, doubts)
    value = reader.hold(coding.add(base, items.settle(base), *sums.get("", ())))
    if measure.carried:
        troubles, outputs = found.settled(doubts), {name: found.drawn(name) for name in ("t", "p")}
        moved: dict[str, E] = {**outputs, "s": sql.cast(reader.emit(value), dialect.BIG)}
        if troubles:
            moved["c"], moved["d"] = troubles.columns(reader.emitter, query.define)
        # One undetermined cell makes those after it undetermined, too.
        walk(world, measure, query.select(moved, found.where), troubled=bool(troubles))
        return {"base": "(from)", **_LIMITS}
    own = {"base": "(from)", **{f"i{number}": name for number, name in enumerate(items.moves)}, **_LIMITS}
    moves: dict[str, Code] = {"base": base, "floored": zero, "ceiled": zero, "rounded": zero}
    moves |= {f"i{number}": code for number, code in enumerate(items.moves.values())}
    for name, bound in (("floored", measure.floor), ("ceiled", measure.ceiling)):
        if bound is not None:
            edge = coding.number(int(Fraction(bound) * 10**scale))
            beyond = coding.compare("<" if name == "floored" else ">", value, edge)
            moves[name] = reader.hold(coding.choose(beyond, coding.sub(edge, value), zero))
            value = reader.hold(coding.choose(beyond, edge, value))
    digits = number_scale(measure.type)
    if measure.round is not None:
        unit = 10 ** (scale - measure.round.digits)
        result = coding.mul(coding.number(unit), coding.div(value, coding.number(unit), measure.round.mode))
        result = reader.hold(result)
        moves["rounded"] = reader.hold(coding.sub(result, value))
        value = result
    value = coding.div(value, coding.number(10 ** (scale - digits)), "half up")
    emitted = {name: sql.cast(reader.emit(code), dialect.BIG) for name, code in moves.items()}
    store(found, measure, reader.hold(value), doubts, emitted)
    return own
