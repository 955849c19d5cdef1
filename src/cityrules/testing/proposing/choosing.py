"""What was found made into a few small cases that show something: each with a name, and what it is for above it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cityrules.feel.tree import Lookup
from cityrules.feel.walk import nodes, reads
from cityrules.plan.model import Plan
from cityrules.plan.names import Field, Measured
from cityrules.plan.reading import expressions
from cityrules.results.wording import wording
from cityrules.testing.coverage.found import Covered
from cityrules.testing.coverage.show import told
from cityrules.testing.proposing.bench import Bench, Seen
from cityrules.testing.proposing.search import Found
from cityrules.testing.proposing.situation import Situation
from cityrules.testing.writing.case import WrittenCase
from cityrules.text.diagnostic import Language

SMALLER: Final = 80
"""How often it is tried to make a case smaller."""
MOST_PARTS: Final = 8
"""A case is for so many parts at most: one that shows everything shows nothing."""
_READERS: Final = 2
_NO_WORD: Final = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A situation, and the parts that a case of it is for."""

    situation: Situation
    parts: tuple[Covered, ...]

    @property
    def marks(self) -> frozenset[str]:
        return frozenset(one.part.mark for one in self.parts)


def cover(found: Sequence[Found], wanted: Sequence[Covered]) -> Iterator[Chosen]:
    """A few situations that together come by every part that any does; of those that show as much the smallest."""
    left = {one.part.mark: one for one in wanted}
    while left:
        best = max(found, key=lambda one: (_worth(one, left), -one.situation.size), default=None)
        if best is None or not _worth(best, left):
            return
        mine = [left[mark] for mark in left if mark in best.marks]
        # What belongs together first: the parts of what most of them are of.
        owners = [one.part.owner for one in mine]
        mine.sort(key=lambda one: -owners.count(one.part.owner))
        mine = mine[:MOST_PARTS]
        for one in mine:
            del left[one.part.mark]
        yield Chosen(best.situation, tuple(one for one in wanted if one in mine))


def _worth(found: Found, left: Mapping[str, Covered]) -> int:
    return min(len(found.marks & left.keys()), MOST_PARTS)


def smallest(bench: Bench, chosen: Chosen) -> Situation:
    """The situation with as few rows as it needs."""
    situation, marks, tries = chosen.situation, chosen.marks, SMALLER
    shrinking = True
    while shrinking:
        shrinking = False
        plan = bench.plan_of(situation.under)
        assert plan is not None
        for smaller in (*situation.smaller(), *situation.barer(plan)):
            tries -= 1
            if tries < 0:
                return situation
            seen = bench.run(smaller)
            if seen is not None and marks <= seen.marks:
                situation, shrinking = smaller, True
                break
    return situation


def proposal(
    bench: Bench, chosen: Chosen, taken: set[str], language: Language, sayings: Mapping[str, str] | None = None
) -> WrittenCase | None:
    """The case of a situation; None where it cannot be written. Its name is not among those `taken`, and is added."""
    small = smallest(bench, chosen)
    for situation in dict.fromkeys((id(small), id(chosen.situation))):
        there = small if situation == id(small) else chosen.situation
        written = bench.write(there, names(bench, chosen, there), chosen.marks)
        if written is not None:
            name = _name(chosen.parts, taken, language)
            taken.add(name)
            return WrittenCase(name, written.body, about(chosen.parts, language), proposed=True)
    return None


# ---------------------------------------------------------------------------------------------- what is expected


def names(bench: Bench, chosen: Chosen, situation: Situation) -> tuple[str, ...]:
    """The measures, consequences and checks that show what some parts decide."""
    plan = bench.plan_of(situation.under) or bench.plan
    found: dict[str, None] = {}
    for one in chosen.parts:
        path = one.part.path
        if path[0] == "records":
            found |= dict.fromkeys(list(_readers_of_kind(plan, path[1]))[:_READERS])
        elif path[0] == "tables":
            found |= dict.fromkeys(list(_readers_of_table(plan, path[1]))[:_READERS])
        elif path[0] == "readings":
            found |= dict.fromkeys(_changed_by(bench, situation))
        else:
            own = [name for name in (path[1], one.part.owner) if _known(plan, name)]
            found |= dict.fromkeys(own)
            for name in own:
                found |= dict.fromkeys(list(_readers(plan, name))[:_READERS])
    return tuple(found)


def _known(plan: Plan, name: str) -> bool:
    return name in plan.measures or name in plan.consequences or name in plan.checks


def _readers(plan: Plan, name: str) -> Iterator[str]:
    """What reads a measure itself: consequences first."""
    for one in (*plan.consequences.values(), *plan.measures.values()):
        if ("." not in one.name and getattr(one, "ladder", None) == name) or (
            "." not in one.name
            and one.name != name
            and any(
                isinstance(read, Measured) and read.measure == name
                for expr in expressions(one)
                for read in reads(expr.tree)
            )
        ):
            yield one.name


def _readers_of_kind(plan: Plan, kind: str) -> Iterator[str]:
    for one in (*plan.measures.values(), *plan.consequences.values()):
        if "." not in one.name and any(
            isinstance(read, Field) and read.record == kind for expr in expressions(one) for read in reads(expr.tree)
        ):
            yield one.name


def _readers_of_table(plan: Plan, table: str) -> Iterator[str]:
    for one in (*plan.measures.values(), *plan.consequences.values()):
        if "." not in one.name and any(
            isinstance(node, Lookup) and node.table == table for expr in expressions(one) for node in nodes(expr.tree)
        ):
            yield one.name


def _changed_by(bench: Bench, situation: Situation) -> Iterator[str]:
    """What comes out otherwise than under the chosen readings."""
    under = bench.run(situation)
    without = bench.run(
        Situation(situation.records, situation.targets, situation.span, situation.values, situation.as_of)
    )
    if under is None:
        return
    for table, column in (("values", "measure"), ("record_values", "measure"), ("consequences", "consequence")):
        one, other = (_by_name(seen, table, column) for seen in (under, without))
        yield from (name for name in {**one, **other} if "." not in name and one.get(name) != other.get(name))


def _by_name(seen: Seen | None, table: str, column: str) -> Mapping[str, list[object]]:
    found: dict[str, list[object]] = {}
    if seen is not None:
        tables = seen.outcome.tables[table]
        at = tables.shape.names.index(column)
        for row in tables.rows():
            found.setdefault(str(row[at]), []).append(row)
    return found


# --------------------------------------------------------------------------------------------------- in words


def about(parts: Iterable[Covered], language: Language) -> tuple[str, ...]:
    """Lines that say which parts a case is for: their address, clause and what of each."""
    lines = []
    for (address, clause), some in groupby(parts, key=lambda one: (one.part.address, one.clause)):
        values = {"address": address, "what": "; ".join(told(one, language) for one in some)}
        lines.append(say("about", language, **values, **({} if clause is None else {"clause": clause})))
    return tuple(" ".join(line.split()) for line in lines)


def _name(parts: Sequence[Covered], taken: set[str], language: Language) -> str:
    owners = [one.part.owner for one in parts]
    owner = max(dict.fromkeys(owners), key=owners.count)
    sorts = dict.fromkeys(one.part.sort for one in parts if one.part.owner == owner)
    words = [owner, *[say(f"sort_{sort}", language) for sort in sorts][:3]]
    stem = _NO_WORD.sub("_", "_".join(words)).strip("_")
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name


def say(kind: str, language: Language, **values: str) -> str:
    """A sentence about proposed cases."""
    return wording("wording.yaml", "cityrules.testing.proposing").say(kind, values, language)
