"""Situations built for parts that no search has come by: values on which conditions are proved to hold, put into rows;
and as many rows of known points as a cap, a floor or the worth of an item needs. Runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Read
from cityrules.feel.walk import nodes, reads
from cityrules.plan.model import Cap, Item, Ledger, Plan, RecordAxis, RecordKind
from cityrules.plan.names import Attribute, Counted, Field, Measured
from cityrules.plan.reading import all_items
from cityrules.results.format import NOTHING
from cityrules.testing.cells import cell_in
from cityrules.testing.coverage.parts import Part
from cityrules.testing.coverage.reach import Needs
from cityrules.testing.coverage.trace import rows
from cityrules.testing.drawing.drawn import Row
from cityrules.testing.proposing.bench import Seen
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.proposing.tweaks import numbered

BASES: Final = 6
"""In so many situations values are put."""
KINDS: Final = 3
"""So many rows of different points are kept for a rule."""
MOST_ROWS: Final = 60
"""So many rows are put together at most."""
_PLACES: Final = 3

Base = tuple[Situation, Seen]


@dataclass(frozen=True, slots=True)
class _Mover:
    """A row that was seen to move a ledger by so many points by a rule, and where."""

    rule: str
    kind: str
    row: Row
    points: Fraction
    base: Base


@dataclass(slots=True)
class Builder:
    """Builds for one plan."""

    plan: Plan
    _needs: Needs = field(init=False)

    def __post_init__(self) -> None:
        self._needs = Needs(self.plan)

    def situations(self, part: Part, bases: Sequence[Base]) -> Iterator[Situation]:
        """Situations in which a part may be exercised, out of those there are; the smallest ones first."""
        small = sorted(bases, key=lambda one: one[0].size)
        yield from self._summed(part, small)
        yield from self._held(part, small)

    # ------------------------------------------------------------------------------------------ conditions that hold

    def _held(self, part: Part, bases: Sequence[Base]) -> Iterator[Situation]:
        """Values on which what the part needs holds, put where the names in it stand."""
        for asked, values in self._needs.of(part.mark):
            names = {node.name: node.binding for tree, _ in asked for node in nodes(tree) if isinstance(node, Read)}
            # Of parameters the answer says nothing: they are what the document says.
            there = {binding: values[name] for name, binding in names.items() if name in values}
            texts = {binding: None if text == NOTHING else text for binding, text in there.items()}
            fields = {(name.record, name.name): text for name, text in texts.items() if isinstance(name, Field)}
            attributes = {(name.kind, name.name): text for name, text in texts.items() if isinstance(name, Attribute)}
            measures = {
                name.measure: text
                for name, text in texts.items()
                if isinstance(name, Measured) and "." not in name.measure and not self._of_record(name.measure)
            }
            for situation, seen in bases[:BASES]:
                with_targets = self._with_attributes(situation, attributes)
                for changed in self._with_fields(with_targets, fields):
                    yield changed
                    yield from self._with_values(changed, seen, measures)

    def _of_record(self, measure: str) -> bool:
        return self.plan.measures[measure].of_record

    def _with_attributes(self, situation: Situation, values: Mapping[tuple[str, str], str | None]) -> Situation:
        targets = {
            kind: tuple({**row, **{name: text for (of, name), text in values.items() if of == kind}} for row in rows_)
            for kind, rows_ in situation.targets.items()
        }
        return replace(situation, targets=targets)

    def _with_fields(self, situation: Situation, values: Mapping[tuple[str, str], str | None]) -> Iterator[Situation]:
        """With the values in one row of their kind, each time in another, the others as they are."""
        kinds = dict.fromkeys(kind for kind, _ in values)
        if not kinds:
            yield situation
        for kind in kinds:
            mine = {name: text for (of, name), text in values.items() if of == kind}
            there = situation.records.get(kind, ())
            for place, row in enumerate(there[:_PLACES]):
                changed = (*there[:place], {**row, **mine}, *there[place + 1 :])
                yield replace(situation, records={**situation.records, kind: changed})
                more = (*there, numbered(self.plan.records[kind], {**row, **mine}, len(there) + 1))
                yield replace(situation, records={**situation.records, kind: more})

    def _with_values(self, situation: Situation, seen: Seen, values: Mapping[str, str | None]) -> Iterator[Situation]:
        """With values that stand in for measures, in the same cells as far as they are of one grain."""
        if not values:
            return
        cells = {
            name: [cell_in(row) for row in rows(seen.outcome, "values") if row["measure"] == name] for name in values
        }
        for place in range(_PLACES):
            given = {name: {cells[name][place]: text} for name, text in values.items() if len(cells[name]) > place}
            if given:
                yield replace(situation, values={**situation.values, **given})

    # ------------------------------------------------------------------------------------------------ so many points

    def _summed(self, part: Part, bases: Sequence[Base]) -> Iterator[Situation]:
        """As many rows as bring the points that are held against a bound to it, below it and beyond it."""
        ledgers = [one for one in self.plan.measures.values() if isinstance(one, Ledger)]
        for ledger in ledgers:
            yield from self._counted(ledger, part, bases)
        for ledger in ledgers if part.sort in ("below", "equal", "above") else ():
            for rules, amounts in self._bounds(ledger, part):
                movers = _movers(self.plan, ledger, rules, bases)
                for amount in amounts:
                    for some in _adding(movers, amount, part.sort):
                        yield from self._laid(ledger, some)

    def _counted(self, ledger: Ledger, part: Part, bases: Sequence[Base]) -> Iterator[Situation]:
        """A row of what is capped beside one of what the cap counts."""
        for cap in ledger.caps:
            counted = [name for one in reads(cap.at.tree) if isinstance(one, Counted) for name in one.rules]
            if tuple(cap.at.path.split(".")) == part.path and counted:
                for one in _movers(self.plan, ledger, counted, bases):
                    for other in _movers(self.plan, ledger, cap.rules, bases):
                        yield from self._laid(ledger, [(one, 1), (other, 1)])

    def _bounds(self, ledger: Ledger, part: Part) -> Iterator[tuple[tuple[str, ...], tuple[Fraction, ...]]]:
        """The rules that are held against what a part is about, and how many points that is."""
        for cap in ledger.caps:
            if tuple(cap.at.path.split(".")) == part.path:
                yield cap.rules, self._amounts(cap)
        for item in all_items(ledger.items):
            if (*item.path.split("."), "worth") == part.path:
                inside = (item, *all_items(item.items))
                yield tuple(name for one in inside for name in one.rules), self._amounts(item)
        base = self._needs.ends(ledger.base)
        for key, bound, sign in (("floor", ledger.floor, -1), ("ceiling", ledger.ceiling, 1)):
            if bound is not None and part.path[-1] == key and part.owner == ledger.name:
                mine = tuple(rule.name for rule in ledger.rules if rule.sign == sign)
                yield mine, tuple(dict.fromkeys(abs(end - bound) for end in base))

    def _amounts(self, of: Cap | Item) -> tuple[Fraction, ...]:
        return tuple(dict.fromkeys(self._needs.ends(of.at if isinstance(of, Cap) else of.worth)))

    def _laid(self, ledger: Ledger, some: Sequence[tuple[_Mover, int]]) -> Iterator[Situation]:
        """The rows so often in one cell, and nothing else of their kinds: in what the first was seen in; told
        apart where caps do."""
        apart, first = _told_apart(ledger), some[0][0]
        situation = first.base[0]
        records: dict[str, tuple[Row, ...]] = dict.fromkeys(situation.records, ())
        for mover, times in some:
            kind = self.plan.records[mover.kind]
            row = _beside(kind, mover.row, self.plan.records[first.kind], first.row)
            there = records.get(mover.kind, ())
            more = [_another(kind, row, len(there) + number, apart) for number in range(1, times + 1)]
            records[mover.kind] = (*there, *more)
        yield replace(situation, records=records)
        # What others refer to, and what else counts, may be needed.
        own = {kind: rows_ for kind, rows_ in records.items() if rows_}
        yield replace(situation, records={**situation.records, **own})


def _movers(plan: Plan, ledger: Ledger, rules: Sequence[str], bases: Sequence[Base]) -> list[_Mover]:
    """Rows that were seen to move a ledger by one of some rules, a few of different points for each."""
    over = {rule.name: rule.axis.record for rule in ledger.rules if isinstance(rule.axis, RecordAxis)}
    wanted = {name: over[name] for name in rules if name in over}
    found: dict[tuple[str, Fraction], _Mover] = {}
    for base in bases:
        keys = {kind: _by_key(plan.records[kind], base[0].records.get(kind, ())) for kind in set(wanted.values())}
        for line in rows(base[1].outcome, "ledger"):
            name = str(line["rule"])
            if line["measure"] != ledger.name or name not in wanted or line["points"] is None:
                continue
            row, points = keys[wanted[name]].get(str(line["record"])), abs(Fraction(str(line["points"])))
            if row is not None and points:
                found.setdefault((name, points), _Mover(name, wanted[name], row, points, base))
    few: dict[str, list[_Mover]] = {}
    for mover in sorted(found.values(), key=lambda one: -one.points):
        few.setdefault(mover.rule, []).append(mover)
    return [mover for mine in few.values() for mover in (*mine[:KINDS], *mine[KINDS:][-KINDS:])]


def _by_key(kind: RecordKind, there: Sequence[Row]) -> Mapping[str, Row]:
    return {row.get(kind.key[0]) or "": row for row in there} if len(kind.key) == 1 else {}


def _adding(movers: Sequence[_Mover], amount: Fraction, side: str) -> list[list[tuple[_Mover, int]]]:
    """How often which rows, so that their points come to an amount, or to just less or just more than it: few rows
    first, and those of one rule alone before those of two."""
    alone = [[(mover, times)] for mover in movers if (times := _times(mover, amount, side))]
    pairs = [
        [(one, times), (other, more)]
        for one in movers
        for other in movers
        if one is not other
        for times in range(1, MOST_ROWS)
        if (left := amount - times * one.points) > 0 and (more := _times(other, left, side))
    ]
    return [
        some for several in (alone, pairs) for some in sorted(several, key=lambda some: sum(times for _, times in some))
    ]


def _times(mover: _Mover, amount: Fraction, side: str) -> int:
    """How often a row comes to an amount, or to just beside it; 0 where it cannot."""
    times, exact = int(amount / mover.points), (amount / mover.points).denominator == 1
    wanted = {"equal": times if exact else 0, "above": times + 1, "below": times - 1 if exact else times}[side]
    return wanted if 0 < wanted <= MOST_ROWS else 0


def _told_apart(ledger: Ledger) -> frozenset[tuple[str, str]]:
    """The fields by which caps have a sum of their own, by kind of record."""
    exprs = (expr for cap in ledger.caps for keys in cap.per.values() for expr in keys)
    return frozenset((name.record, name.name) for expr in exprs for name in reads(expr.tree) if isinstance(name, Field))


def _beside(kind: RecordKind, row: Row, like: RecordKind, other: Row) -> Row:
    """The row in the cell of another: of the same targets, on the same day."""
    said = dict(row)
    for name, type_ in kind.fields.items():
        if type_.kind is not None:
            same = (other.get(one) for one, its in like.fields.items() if its.kind == type_.kind)
            said[name] = next(same, None) or row.get(name)
    if kind.dated is not None and like.dated is not None and kind.fields[kind.dated] == like.fields[like.dated]:
        said[kind.dated] = other.get(like.dated)
    return said


def _another(kind: RecordKind, row: Row, number: int, apart: frozenset[tuple[str, str]]) -> Row:
    """The row under another key, with texts of its own where these tell rows apart."""
    own = {
        name: f"{row[name]} {number}"
        for name, type_ in kind.fields.items()
        if (kind.name, name) in apart and type_.base == "text" and row.get(name) and name not in kind.references
    }
    return {**numbered(kind, row, number), **own}
