"""Where the rules of a ledger hit: for each axis one relation, with a row for each element that some rule hits.

All rules of one axis are computed in one pass over its elements, and so is their precedence, which is settled element
by element. Its columns for the rule in place `i` of the ledger: `h<i>` (it hits), and where they are not the same for
every hit `p<i>` (price), `q<i>` (quantity) and `r<i>`, `y<i>` (points that count, and which rule replaced it).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from cityrules.engines.sql import dialect
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.doubts import Cause, Doubts
from cityrules.engines.sql.elements import Elements, elements
from cityrules.engines.sql.places import CellPlace
from cityrules.engines.sql.precedence import Event, Precedence
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.reading import Reader, held, reads_nothing
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.feel.tree import Read
from cityrules.plan import coding
from cityrules.plan.axes import meets
from cityrules.plan.code import Code, Const
from cityrules.plan.coding import TRUE
from cityrules.plan.fields import field_type
from cityrules.plan.lower import lower, lower_flag
from cityrules.plan.model import Axis, Ledger, PeriodAxis, RecordAxis, Rule
from cityrules.plan.names import Field
from cityrules.results.format import ledger_scale, number_scale

_KEYS: Final = ("t", "p", "o1", "o2")
_EVENT: Final = "e"


@dataclass(frozen=True, slots=True)
class Hit:
    """The hits of one rule as code over the columns of the relation. `points`: what counts before any cap; `keys`: by
    number of the cap what it tells apart; `clause`: its own, where the rule says so."""

    place: int
    rule: Rule
    hits: Code
    price: Code
    quantity: Code
    nominal: Code
    points: Code
    replaced: Code
    keys: Mapping[int, tuple[Code, ...]]
    clause: Code | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """The hits of the rules of one axis. `relation` has `t`, `p` (the cell), `o1`, `o2` (the order of elements in it;
    `o2` is their name) and the columns of each rule. `kind`: what the elements are. `flags`: a relation with `t`, `p`
    and `f0`, `f1`, ... for the `doubts`, if there are any."""

    relation: str
    kind: str | None
    rules: tuple[Hit, ...]
    doubts: tuple[tuple[Cause, str], ...]
    flags: str | None

    def query(self, world: World) -> tuple[Query, Reader]:
        """A query over the relation with a reader for the codes of its rules."""
        query = Query(self.relation)
        return query, Reader(world, query, None)


def find_hits(world: World, ledger: Ledger) -> list[Hits]:
    """The hits of all rules of a ledger, axis by axis."""
    axes: dict[object, list[int]] = {}
    for place, rule in enumerate(ledger.rules):
        axes.setdefault(meets(rule.axis), []).append(place)
    return [_hits(world, ledger, places) for places in axes.values()]


def _hits(world: World, ledger: Ledger, places: Sequence[int]) -> Hits:
    routes: dict[Axis | None, list[int]] = {}
    for place in places:
        routes.setdefault(ledger.rules[place].axis, []).append(place)
    parts = [_part(world, ledger, axis, of_route) for axis, of_route in routes.items()]
    flags: dict[tuple[Cause, str], str] = {}
    for part in parts:
        for cause, name in part.flags:
            flags.setdefault((cause, name), f"f{len(flags)}")
    columns = {column: code for part in parts for column, code in part.columns.items()}
    if len(parts) == 1:
        joined: exp.Query = parts[0].select(flags, columns)
    else:
        together = sql.union([part.select(flags, columns) for part in parts])
        merged: dict[str, E] = {key: sql.column(key) for key in _KEYS}
        for column, code in columns.items():
            one = sql.call("bool_or" if code.sort == "bool" else "max", sql.column(column))
            merged[column] = sql.is_true(one) if code.sort == "bool" else one
        merged |= {flag: dialect.any_true(sql.column(flag)) for flag in flags.values()}
        joined = sql.select(merged, sql.nested(together, "u"), None, [sql.column(key) for key in _KEYS])
    kept = {name: held(code, name, "b") for name, code in columns.items()}
    return _settled(world, ledger, places, world.session.view(joined, "hitting"), kept, parts[0].kind, flags)


# ------------------------------------------------------------------------------------------------ one route


@dataclass(slots=True)
class _Part:
    """The rules of one axis: codes of their columns, and what speaks against the cell, over one query."""

    query: Query
    reader: Reader
    keys: Mapping[str, E]
    kind: str | None
    columns: dict[str, Code]
    doubts: Doubts

    @property
    def flags(self) -> list[tuple[Cause, str]]:
        return [(cause, name) for cause, name, _ in self.doubts]

    def select(self, flags: Mapping[tuple[Cause, str], str], columns: Mapping[str, Code]) -> exp.Select:
        """The rows of elements about which there is anything to tell."""
        outputs: dict[str, E] = dict(self.keys)
        for name, code in columns.items():
            own = self.columns.get(name)
            if own is not None:
                outputs[name] = self.reader.emitter.stored(own)
            else:
                outputs[name] = sql.truth(False) if code.sort == "bool" else sql.null()
        tells: list[Code] = [code for name, code in self.columns.items() if name.startswith("h")]
        own_flags = {(cause, name): condition for cause, name, condition in self.doubts}
        for key, flag in flags.items():
            outputs[flag] = self.reader.emit(own_flags[key]) if key in own_flags else sql.truth(False)
        tells += own_flags.values()
        told = coding.any_of(tells)
        return self.query.select(outputs, None if told == TRUE else self.reader.emit(told))


def _part(world: World, ledger: Ledger, axis: Axis | None, places: Sequence[int]) -> _Part:
    rules = [ledger.rules[place] for place in places]
    exprs = [expr for rule in rules for expr in (rule.when, rule.points, rule.times, rule.cites)]
    exprs += [expr for rule in rules for cap in ledger.caps for expr in cap.per.get(rule.name, ())]
    if axis is None:
        query = Query(world.grid(ledger.grain))
        place = CellPlace(world, query, ledger.grain)
        keys: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in ("t", "p")}
        keys |= {"o1": sql.cast(sql.number(0), dialect.INT), "o2": sql.cast(sql.null(), dialect.TEXT)}
        part = _Part(query, Reader(world, query, place), keys, None, {}, Doubts())
    else:
        found = elements(world, axis, ledger.grain, None, exprs)
        part = _Part(found.query, found.reader, _keys(found), _kind(axis, found), {}, Doubts())
    if isinstance(axis, RecordAxis) and _events(ledger, places):
        record = world.plan.records[axis.record]
        for number, name in enumerate(record.event):
            type_ = field_type(record.fields[name])
            value = lower(Read(type_, 0, 0, name, Field(type_, record.name, name, "element")))
            part.columns[f"{_EVENT}{number}"] = part.reader.hold(_key_code(value))
    for number, rule in zip(places, rules, strict=True):
        _note_rule(part, ledger, number, rule)
    return part


def _events(ledger: Ledger, places: Sequence[int]) -> bool:
    """Whether any of some rules stands in a group that is settled event by event."""
    return any((ledger.rules[place].group or "") in ledger.events for place in places)


def _keys(found: Elements) -> dict[str, E]:
    first: E = found.order[0] if len(found.order) > 1 else sql.cast(sql.number(0), dialect.INT)
    return {"t": found.t, "p": found.p, "o1": first, "o2": found.order[-1]}


def _kind(axis: Axis, found: Elements) -> str | None:
    return axis.period if isinstance(axis, PeriodAxis) else found.kind


def _note_rule(part: _Part, ledger: Ledger, number: int, rule: Rule) -> None:
    reader, doubts = part.reader, part.doubts
    keys = {n: cap.per[rule.name] for n, cap in enumerate(ledger.caps) if rule.name in cap.per}
    exprs = (rule.when, rule.points, rule.times, rule.cites, *(expr for of_cap in keys.values() for expr in of_cap))
    concerns = reader.hold(reader.concerns(exprs))
    reader.read(exprs, doubts, concerns)
    hits = concerns
    if rule.when is not None:
        reader.compute(rule.when, ledger.name, doubts, concerns)
        when = reader.hold(lower_flag(rule.when.tree))
        if rule.unknown == "undecided":
            doubts.add("undecided", rule.name, coding.all_of((concerns, coding.is_null(when))))
        held_true = coding.coalesce(when, TRUE) if rule.unknown == "yes" else coding.holds(when)
        hits = coding.all_of((concerns, held_true))
    hits = reader.hold(hits)
    part.columns[f"h{number}"] = hits
    for column, expr in (("p", rule.points), ("q", rule.times)):
        if expr is None:
            continue
        reader.compute(expr, ledger.name, doubts, hits)
        value = lower(expr.tree)
        if isinstance(value, Const) or reads_nothing(reader.world, expr):
            continue
        value = reader.hold(value)
        # Points can only be missing where an unknown condition counts as true.
        doubts.add("missing", ledger.name, coding.all_of((hits, coding.is_null(value))))
        part.columns[f"{column}{number}"] = reader.hold(coding.choose(hits, value, coding.null("int")))
    if rule.cites is not None:
        reader.compute(rule.cites, ledger.name, doubts, hits)
        clause = lower(rule.cites.tree)
        if not isinstance(clause, Const) and not reads_nothing(reader.world, rule.cites):
            part.columns[f"c{number}"] = reader.hold(coding.choose(hits, reader.hold(clause), coding.null("text")))
    for cap, of_cap in keys.items():
        for place, expr in enumerate(of_cap):
            key = _key_code(lower(expr.tree))
            part.columns[_key_column(number, cap, place)] = reader.hold(coding.choose(hits, key, coding.null(key.sort)))


def _key_column(rule: int, cap: int, place: int) -> str:
    return f"k{rule}_{cap}_{place}"


def _key_code(value: Code) -> Code:
    """What a cap tells apart: a flag as a number, since columns of flags know no null."""
    if value.sort != "bool":
        return value
    one, zero = coding.number(1), coding.number(0)
    return coding.choose(coding.is_null(value), coding.null("int"), coding.choose(value, one, zero))


# ------------------------------------------------------------------------------------------------ all routes


def _hit(ledger: Ledger, place: int, columns: Mapping[str, Code]) -> Hit:
    """The codes of a rule over the columns that there are."""
    rule = ledger.rules[place]
    times = lower(rule.times.tree) if rule.times is not None else coding.number(1)
    price, quantity = columns.get(f"p{place}", lower(rule.points.tree)), columns.get(f"q{place}", times)
    digits = number_scale(rule.points.type) + (number_scale(rule.times.type) if rule.times else 0)
    nominal = coding.rescale(coding.mul(price, quantity), ledger_scale(ledger) - digits)
    nominal = coding.neg(nominal) if rule.sign < 0 else nominal
    hits, replaced = columns.get(f"h{place}", TRUE), columns.get(f"y{place}", coding.null("text"))
    keys = {
        number: tuple(columns[_key_column(place, number, n)] for n in range(len(cap.per[rule.name])))
        for number, cap in enumerate(ledger.caps)
        if rule.name in cap.per
    }
    clause = columns.get(f"c{place}", lower(rule.cites.tree)) if rule.cites is not None else None
    points = columns.get(f"r{place}", nominal)
    return Hit(place, rule, hits, price, quantity, nominal, points, replaced, keys, clause)


def _event(query: Query, reader: Reader, columns: Mapping[str, Code]) -> Event:
    """The records of one event in a cell: they agree in the fields of events; a record that lacks one stands alone."""
    cell = [query.draw(sql.column(name, "b")) for name in ("t", "p")]
    order = [query.draw(sql.column(name, "b")) for name in ("o1", "o2")]
    values = [reader.emitter.stored(code) for name, code in columns.items() if name.startswith(_EVENT)]
    alone = sql.case((sql.either(*(sql.is_null(value) for value in values)), order[-1]))
    return Event(reader, [*cell, *values, query.define(alone)], order)


def _settled(
    world: World,
    ledger: Ledger,
    places: Sequence[int],
    source: str,
    columns: Mapping[str, Code],
    kind: str | None,
    flags: Mapping[tuple[Cause, str], str],
) -> Hits:
    """Settle what meets at each element, and keep the rows of `source`."""
    query = Query(source)
    reader = Reader(world, query, None)
    meeting = {place: _hit(ledger, place, columns) for place in places}
    hits = {place: hit.hits for place, hit in meeting.items()}
    event = _event(query, reader, columns) if _events(ledger, places) else None
    precedence = Precedence(reader, ledger, hits, {place: hit.nominal for place, hit in meeting.items()}, event)
    precedence.settle_all()
    codes: dict[str, Code] = {name: code for name, code in columns.items() if not name.startswith(_EVENT)}
    codes |= {f"r{place}": code for place, code in precedence.points.items()}
    codes |= {f"y{place}": code for place, code in precedence.replaced.items()}
    outputs: dict[str, E] = {name: query.draw(sql.column(name, "b")) for name in (*_KEYS, *flags.values())}
    outputs |= {name: reader.emitter.stored(code) for name, code in codes.items()}
    relation = world.session.table(query.select(outputs), "hits")
    told = {flag: dialect.any_true(sql.column(flag)) for flag in flags.values()}
    by_cell = {name: sql.column(name) for name in ("t", "p")}
    summed = sql.select({**by_cell, **told}, sql.table(relation), None, list(by_cell.values()))
    kept = {name: held(code, name, "b") for name, code in codes.items()}
    return Hits(
        relation,
        kind,
        tuple(_hit(ledger, place, kept) for place in places),
        tuple(flags),
        world.session.table(summed, "flags") if told else None,
    )
