"""A plan split into editions that are all alike, and what comes out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cityrules.compare.editions.edition import Edition
from cityrules.compare.editions.judging import JudgedByEditions, judge_all
from cityrules.compare.editions.spanning import sights
from cityrules.engines.base import Inputs, Outcome, Question
from cityrules.loaded import engine_of
from cityrules.plan.model import Plan
from cityrules.testing.drawing.drawn import Drawn


def split(plan: Plan, borders: Sequence[dt.date], later: bool, goes_on: bool = True) -> tuple[Edition, ...]:
    """The plan as editions that begin on the borders. Periods that one cuts are the later (or the earlier) edition's;
    all that is looked back at continues (or restarts)."""
    whole = replace(plan, in_force_until=None)
    found = [Edition("0", whole, plan.in_force_from or dt.date.min, None)]
    for number, border in enumerate(borders, 1):
        one = Edition(str(number), whole, border, None)
        cut = {kind: later for kind in plan.used_periods if one.cuts(kind)}
        before = {sight.name: goes_on for sight in sights(one, one)}
        found.append(replace(one, later=cut, before=before))
        found[-2] = replace(found[-2], until=border)
    found[-1] = replace(found[-1], plan=plan, until=plan.in_force_until)
    return tuple(found)


def cannot_go_on(editions: Sequence[Edition]) -> bool:
    """Whether something spans a border that no values can stand for: acts, shared caps."""
    return any(sight.thing in ("act", "cap") for one in editions[1:] for sight in sights(one, one))


def judged(editions: Sequence[Edition], drawn: Drawn, engine: str) -> JudgedByEditions:
    """What the editions come to."""
    runs = engine_of(engine)

    def assess(plan: Plan, inputs: Inputs, question: Question) -> Outcome:
        return runs.assess(plan, inputs, question)

    asked = drawn.question(editions[-1].plan)
    return judge_all(editions, drawn.inputs, drawn.span, asked.as_of, [], assess)


def differing(outcome: Outcome, found: JudgedByEditions) -> Iterator[tuple[str, list[str], list[str]]]:
    """The tables that are not the same but for the edition, with what only one side has."""
    for name, table in outcome.tables.items():
        one = sorted(repr(row) for row in table.rows())
        other = sorted(repr(row[:-1]) for row in found.tables[name].rows())
        if one != other:
            yield name, [row for row in one if row not in other], [row for row in other if row not in one]
