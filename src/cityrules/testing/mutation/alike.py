"""Whether two plans mean the same: compared without what only people read, and by proof where conditions differ.

A claim that they are the same is never a guess: what cannot be proved counts as different.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import product
from typing import Any, Final, cast

from cityrules.feel import tree as feel
from cityrules.feel.tree import Binding, IsMissing, Tree
from cityrules.feel.types import Flag, Number
from cityrules.feel.walk import nodes, reads
from cityrules.plan.model import (
    ActPlan,
    Axis,
    Bands,
    Check,
    Dated,
    Duty,
    Expr,
    Kind,
    Ledger,
    Plan,
    RecordAxis,
    Standing,
)
from cityrules.plan.names import Attribute, Dial, Field, Identity, Now, PeriodPart
from cityrules.plan.reading import axes, bindings, consequences_read, expressions
from cityrules.solve.asking import FALSE, TRUE, Asking, Wanted, with_dials
from cityrules.solve.backward import Truths
from cityrules.solve.conditions import compared
from cityrules.solve.reach import Measured
from cityrules.testing.mutation.idle import without_idle
from cityrules.testing.mutation.relations import known_of
from cityrules.testing.mutation.spoken import SPOKEN, words_in

_OF_NODES: Final = frozenset(("type", "start", "end"))
"""Fields of parts of an expression that follow from the others, or say where in its text they stand."""
_DAYS: Final = 100
"""Expressions that can be other ones on more days than these are not compared by proof."""
_PLAIN: Final = (feel.Literal_, feel.Read, feel.Lookup, feel.Compare, feel.IsMissing, feel.Logic, feel.Not, feel.If)
"""Parts of an expression that have a value or are missing, whatever is read."""
_UNKNOWN: Final[Truths] = frozenset((None,))
_OPS: Final[Mapping[str, feel.Comparison]] = {"at_least": ">=", "above": ">", "up_to": "<=", "below": "<"}

_Pair = tuple[Tree, Tree]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two plans are not alike: expressions that must come to the same by pairs; None where it is other."""

    pairs: tuple[_Pair, ...] | None


def same(one: Plan, other: Plan) -> bool:
    """Whether two plans are the same but for what only people read, or proved to come to the same."""
    one, other = without_idle(one), without_idle(other)
    found = list(_differences(one, other, one, other))
    if any(difference.pairs is None for difference in found):
        return False
    pairs = [pair for difference in found for pair in difference.pairs or ()]
    asking = Measured(one).asking
    return all(_proved(asking, list(known_of(asking, pair)), *pair) for pair in pairs)


def same_for_cases(one: Plan, other: Plan) -> bool:
    """The same as far as a case can state it: of a consequence that nothing reads, who it is for and which step it is,
    and not what is done, how much, and for how long (but whether the least it may be is more than the most; of one that
    something reads, not the sums and days of which nothing does); of a check that it does not hold or that this is not
    known, and not which of the two, nor what then happens; of targets that the document lists not what nothing reads;
    of a movement not the clause it cites."""
    return same(_without_acts(one), _without_acts(other))


def _without_acts(plan: Plan) -> Plan:
    nodes = (*plan.measures.values(), *plan.consequences.values(), *plan.checks.values())
    followed = {name for node in nodes for name in consequences_read(node)}
    said = set(words_in(replace(plan, kinds={}, tables={})))
    names = (name for node in nodes for expr in expressions(node) for name in bindings(expr))
    read = {(name.record, name.name) for name in names if isinstance(name, Field)}
    read |= {pair for node in nodes for axis in axes(node) for pair in _placing(axis)}

    def left(name: str, act: ActPlan | None) -> ActPlan | None:
        if act is None or name in followed:
            return act and _without_terms(name, act, read)
        # That the least is more than the most is a problem, which a case can state.
        return cast(ActPlan, _crossed(act))

    return replace(
        plan,
        kinds={name: _without_unread(one, said) for name, one in plan.kinds.items()},
        measures={
            name: _without_cited(one, plan) if isinstance(one, Ledger) else one for name, one in plan.measures.items()
        },
        checks={name: _without_level(one) for name, one in plan.checks.items()},
        rows={name: rows for name, rows in plan.rows.items() if name in followed},
        consequences={
            name: replace(
                one,
                act=left(name, one.act),
                steps=tuple(replace(step, act=cast(ActPlan, left(name, step.act))) for step in one.steps),
            )
            for name, one in plan.consequences.items()
        },
    )


def _without_unread(kind: Kind, said: Collection[str]) -> Kind:
    """A kind of target whose stated members have no fields but those that are spoken of."""
    if kind.stated is None:
        return kind
    unread = kind.fields.keys() - said
    rows = tuple({name: value for name, value in row.items() if name not in unread} for row in kind.stated)
    return replace(kind, stated=rows)


def _without_cited(ledger: Ledger, plan: Plan) -> Ledger:
    """A ledger without the clauses that its movements cite, but for those that can make a cell undetermined: only what
    is written and looked up never does."""

    def plain(expr: Expr) -> bool:
        never = all(_always_there(name, plan) for name in bindings(expr))
        return never and all(isinstance(node, _PLAIN) for node in nodes(expr.tree))

    rules = (replace(one, cites=None) if one.cites is not None and plain(one.cites) else one for one in ledger.rules)
    return replace(ledger, rules=tuple(rules))


def _placing(axis: Axis) -> Iterator[tuple[str, str]]:
    """The fields by which the records of an axis stand in time."""
    match axis:
        case RecordAxis(record=record, placed=Dated(field=name)):
            yield record, name
        case RecordAxis(record=record, placed=Standing(since=since, until=until)):
            yield from ((record, since), (record, until))


def _without_terms(name: str, act: ActPlan, read: Set[tuple[str, str]]) -> ActPlan:
    """An act of a consequence that something follows, without the sums and the day of which nothing reads anything."""
    if (name, "due") not in read:
        act = replace(act, due=None, within=None)
    if not {(name, "amount"), (name, "least"), (name, "most")} & read:
        act = replace(act, amount=_crossed(act), between=None)
    return act


def _crossed(act: ActPlan) -> Expr | None:
    """Whether what is left open lies between two amounts of which the least is more than the most."""
    return None if act.between is None else act.between.crossed


def _without_level(one: Check | Duty) -> Check | Duty:
    return replace(one, otherwise="warn", unknown="no" if one.unknown == "undecided" else one.unknown)


# ------------------------------------------------------------------------------------------------------- differences


def _differences(a: Any, b: Any, one: Plan, other: Plan) -> Iterator[Difference]:
    """Where two parts of plans are not alike."""
    if a is b:
        return
    if type(a) is not type(b):
        yield Difference(None)
    elif isinstance(a, Plan):
        yield from _of_plans(a, b)
    elif isinstance(a, Bands) and _only_bounds(a, b):
        yield from _of_bands(a, b, one, other)
    elif isinstance(a, Expr):
        if any(_differences(a.tree, b.tree, one, other)) or any(_differences(a.guards, b.guards, one, other)):
            yield Difference(None if a.guards or b.guards else _on_each_day(a.tree, b.tree, one, other))
    elif isinstance(a, Dial):
        if a != b or one.parameters[a.name].values != other.parameters[b.name].values:
            yield Difference(None)
    elif isinstance(a, Number):
        if (a.scale, a.optional) != (b.scale, b.optional):
            yield Difference(None)
    elif isinstance(a, Mapping):
        yield from _of_many([*a], [*b], one, other)
        yield from _of_many([*a.values()], [*b.values()], one, other)
    elif isinstance(a, (tuple, list)):
        yield from _of_many(a, b, one, other)
    elif is_dataclass(a):
        passed = SPOKEN | _OF_NODES if isinstance(a, feel.Node) else SPOKEN
        for part in fields(a):
            if part.name not in passed:
                yield from _differences(getattr(a, part.name), getattr(b, part.name), one, other)
    elif a != b:
        yield Difference(None)


def _of_plans(a: Plan, b: Plan) -> Iterator[Difference]:
    """Parameters count where they are read, and the rounding of a document where something is rounded so; what stands
    in a table stands in the expressions that look something up. In what order things are computed follows from what
    reads what."""
    for part in fields(a):
        if part.name in ("measures", "consequences"):
            mine, theirs = (dict(sorted(getattr(plan, part.name).items())) for plan in (a, b))
            yield from _differences(mine, theirs, a, b)
        elif part.name not in ("parameters", "tables", "rounding", "scheme", "order", *SPOKEN):
            yield from _differences(getattr(a, part.name), getattr(b, part.name), a, b)


def _of_many(a: Sequence[Any], b: Sequence[Any], one: Plan, other: Plan) -> Iterator[Difference]:
    if len(a) != len(b):
        yield Difference(None)
        return
    for x, y in zip(a, b, strict=True):
        yield from _differences(x, y, one, other)


def _only_bounds(a: Bands, b: Bands) -> bool:
    return (a.word in _OPS and b.word in _OPS) and [result for _, result in a.bounds] == [r for _, r in b.bounds]


def _of_bands(a: Bands, b: Bands, one: Plan, other: Plan) -> Iterator[Difference]:
    """Bands with the same results in the same order are the same where each bound is passed by the same values."""
    for part in fields(a):
        if part.name not in ("bounds", "word", *SPOKEN):
            yield from _differences(getattr(a, part.name), getattr(b, part.name), one, other)
    for (x, _), (y, _) in zip(a.bounds, b.bounds, strict=True):
        if a.word != b.word or any(_differences(x.tree, y.tree, one, other)):
            pair = compared(_OPS[a.word], a.value.tree, x.tree), compared(_OPS[b.word], b.value.tree, y.tree)
            yield Difference(_on_each_day(*pair, one, other))


def _on_each_day(a: Tree, b: Tree, one: Plan, other: Plan) -> tuple[_Pair, ...] | None:
    """Two expressions as they are on the days of the cell and of the element, as far as they are not alike then: with
    numbers in the place of parameters, of which each plan has its own. None where they do not read the same, so that
    one of them alone can be undetermined or without a cell; or where these are too many days."""
    if not _read_alike(a, b, one, other):
        return None
    read = [(plan, name) for tree, plan in ((a, one), (b, other)) for name in reads(tree) if isinstance(name, Dial)]
    sides = [
        sorted({dt.date.min, *(day for plan, dial in read if dial.side == side for day, _ in _values(plan, dial))})
        for side in ("cell", "element")
    ]
    if len(sides[0]) * len(sides[1]) > _DAYS:
        return None
    pairs = [(_on(a, one, *days), _on(b, other, *days)) for days in product(*sides)]
    return tuple(pair for pair in pairs if any(_differences(*pair, one, other)))


def _values(plan: Plan, dial: Dial) -> tuple[tuple[dt.date, object], ...]:
    return plan.parameters[dial.name].values


def _on(tree: Tree, plan: Plan, cell: dt.date, element: dt.date) -> Tree:
    """A tree with what parameters are on the day of the cell and on that of the element."""
    dials = {name for name in reads(tree) if isinstance(name, Dial) and _values(plan, name)}
    days = {"cell": cell, "element": element}
    return with_dials(tree, {(one.name, one.side): plan.parameters[one.name].on(days[one.side]) for one in dials})


def _read_alike(a: Tree, b: Tree, one: Plan, other: Plan) -> bool:
    """Whether both read the same of what can be undetermined, or have no cell: then so is whatever reads it."""
    these, those = (
        [name for name in reads(tree) if not _always_there(name, plan)] for tree, plan in ((a, one), (b, other))
    )

    def among(name: Binding, names: Sequence[Binding]) -> bool:
        return any(not any(_differences(name, each, one, other)) for each in names)

    return all(among(name, those) for name in these) and all(among(name, these) for name in those)


def _always_there(name: Binding, plan: Plan) -> bool:
    """Whether a name has a value wherever it is read, or is missing."""
    match name:
        case Field(record=record):
            kind = plan.record(record)
            return kind.one_per is None or kind.absent == "null"
        case Attribute() | Identity() | Dial() | Now() | PeriodPart():
            return True
        case _:
            return False


# ------------------------------------------------------------------------------------------------------------- proofs


def _proved(asking: Asking, known: Sequence[Wanted], one: Tree, other: Tree) -> bool:
    """Whether two expressions never differ, whatever the names in them are as far as what is known of them allows."""
    if not asking.beyond_alike(one, other):
        return False
    if isinstance(one.type, Flag) and isinstance(other.type, Flag):
        values: tuple[Truths, ...] = (TRUE, FALSE, _UNKNOWN)
        every: Truths = TRUE | FALSE | _UNKNOWN
        return all(asking.ask([(one, value), (other, every - value), *known]).never for value in values)
    if type(one.type) is not type(other.type):
        return False
    if not asking.ask([(compared("!=", one, other), TRUE), *known]).never:
        return False
    missing = [IsMissing(Flag(), 0, 0, tree, False) for tree in (one, other)]
    return all(
        asking.ask([(missing[place], TRUE), (missing[1 - place], FALSE), *known]).never
        for place in (0, 1)
        if (one, other)[place].type.optional
    )
