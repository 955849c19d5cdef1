"""What follows in each cell: by a condition, or by the steps of a ladder. The contract is `docs/engines.md`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from cityrules.engines.base import CellKey, check_number
from cityrules.engines.python.acts import Act, Terms, day
from cityrules.engines.python.cells import candidates
from cityrules.engines.python.doubts import Doubts, Problem
from cityrules.engines.python.elements import period_name
from cityrules.engines.python.grid import CellPlace
from cityrules.engines.python.ladders import climb
from cityrules.engines.python.problems import problem_row, where_is
from cityrules.engines.python.reading import Place, Reading, evidence_text
from cityrules.engines.python.records import Record, RecordPlace
from cityrules.engines.python.results import Effects
from cityrules.engines.python.world import World
from cityrules.feel.tree import Value
from cityrules.feel.types import Number, Type
from cityrules.io.grammar import KEY_JOIN
from cityrules.plan.followings import DATE, DUE, ENDED_BY, LEVEL, NUMBERS, PERIOD, STARTS, STEP, UNTIL
from cityrules.plan.model import ActPlan, Consequence
from cityrules.results.format import as_field_text, as_text, level_type
from cityrules.results.tables import Row
from cityrules.scheme.notation import parts_of, split_name


@dataclass(frozen=True, slots=True)
class Fact:
    """One act that follows at a place. `step`, `level`: of a ladder."""

    place: Place
    act: ActPlan
    terms: Terms
    evidence: str
    step: str | None = None
    level: Value = None


def follow(world: World, consequence: Consequence) -> None:
    """Add the rows of one consequence to `consequences`, and what could not be decided to `problems`; note what
    followed for whatever reads it."""
    followed = world.followed.setdefault(consequence.name, {})
    world.effects.setdefault(consequence.name, Effects())
    told, rows = world.told(consequence.name), list[Record]()
    measure = world.plan.measures[consequence.ladder] if consequence.ladder is not None else None
    levels = level_type(consequence, measure.type) if measure is not None else None
    decided = _decide(world, consequence) if measure is None else _climb(world, consequence)
    for one in decided:
        place = one.place if isinstance(one, Fact) else one[0]
        key: CellKey | Record = place.record if isinstance(place, RecordPlace) else place.key
        before = followed.get(key, frozenset())
        if isinstance(one, Fact):
            told.fired.append(_row(world, consequence, one, levels))
            if isinstance(before, frozenset):
                followed[key] = before | {one.step}
        else:
            told.problems.append(problem_row(world, place, "undecided", consequence.name, one[1], consequence.clause))
            followed[key] = one[1]
        if isinstance(place, CellPlace):
            rows.append(_record(world, consequence, place, one if isinstance(one, Fact) else None))
            _note_effect(world, consequence, place, one if isinstance(one, Fact) else None)
    if consequence.name in world.plan.rows:
        check_number(consequence.name, len(rows), of_targets=False)
        world.records[consequence.name] = rows


def _note_effect(world: World, consequence: Consequence, place: CellPlace, fact: Fact | None) -> None:
    """Note from when until when an act has effect; what is undecided could have it from its date on, or, where acts say
    themselves when they start, on any day."""
    effects = world.effects[consequence.name]
    if fact is None:
        first = dt.date.min if consequence.starts_itself else _date(world, place)
        effects.unknown[place.name] = min(first, effects.unknown.get(place.name, first))
    elif (starts := day(fact.terms, STARTS)) is not None:
        effects.of_target.setdefault(place.name, []).append((fact.step, starts, day(fact.terms, UNTIL)))


def _decide(world: World, consequence: Consequence) -> Iterator[Fact | tuple[Place, Problem]]:
    """What follows by a condition, and where that cannot be told."""
    name, act = consequence.name, consequence.act
    assert consequence.when is not None
    assert act is not None
    when, settle = Reading(world, consequence.when, name), Act(world, consequence, act)
    for candidate in candidates(world, consequence.grain, consequence.of_record, consequence.applies, name):
        place, doubts = candidate.place, Doubts()
        values = when.read(place, place, doubts)
        held = when.compute(values, doubts)
        if_done = Doubts()
        terms = settle.at(place, doubts, if_done)
        problem = candidate.problem or (doubts.problem() if doubts else None)
        if problem is None and held is None and consequence.unknown == "undecided":
            problem = Problem("undecided", name)
        follows = held or (held is None and consequence.unknown == "yes")
        if problem is None and follows and if_done:
            problem = if_done.problem()
        if problem is not None:
            yield place, problem
        elif follows:
            yield Fact(place, act, terms, evidence_text((when, values)))


def _climb(world: World, consequence: Consequence) -> Iterator[Fact | tuple[Place, Problem]]:
    for move in climb(world, consequence):
        if move.problem is not None:
            yield move.place, move.problem
        for step in move.steps:
            yield Fact(move.place, step.act, move.terms[step.name], move.evidence[step.name], step.name, move.level)


def _row(world: World, consequence: Consequence, fact: Fact, levels: Type | None) -> Row:
    """A row of `consequences`."""
    kind, target, period, record_kind, record, provisional = where_is(world, fact.place)
    act, terms = fact.act, fact.act.terms
    return (
        kind,
        target,
        period,
        _date(world, fact.place),
        consequence.name,
        fact.step,
        act.do,
        "; ".join(act.options) or None,
        act.kind,
        act.to,
        "proposal" if act.decided_by else "automatic",
        "; ".join(act.decided_by) or None,
        as_text(fact.level, levels) if levels is not None else None,
        *(as_text(fact.terms[name], terms[name].type) if name in terms else None for name in NUMBERS),
        next((one.type.unit for one in terms.values() if isinstance(one.type, Number)), None),
        *(day(fact.terms, name) for name in (STARTS, DUE, UNTIL)),
        ended_by if isinstance(ended_by := fact.terms.get(ENDED_BY), str) else None,
        fact.evidence,
        act.clause if act.clause is not None else consequence.clause,
        record_kind,
        record,
        provisional,
    )


def _date(world: World, place: Place) -> dt.date:
    """The day of what follows; cells without a period are dated when they are looked at."""
    return world.as_of.date() if isinstance(place, CellPlace) and place.index is None else place.day


def _record(world: World, consequence: Consequence, place: CellPlace, fact: Fact | None) -> Record:
    """A row as a record that others run over. Without a fact: what is undecided stands in its place, so that whoever
    comes upon it is undetermined."""
    kind = world.plan.rows[consequence.name]
    date = _date(world, place)
    values: dict[str, Value] = {**dict.fromkeys(kind.fields), DATE: date, PERIOD: period_name(place)}
    values |= dict(zip(parts_of(place.grain.kind), split_name(place.name), strict=True)) if place.name else {}
    if fact is not None:
        values |= {STEP: fact.step, LEVEL: fact.level, **fact.terms}
    values = {field: values[field] for field in kind.fields}
    key = KEY_JOIN.join(as_field_text(values[field], kind.fields[field]) for field in kind.key)
    return Record(kind.name, key, values, date, date, place.name, place.index)
