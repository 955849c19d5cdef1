"""The plan of one edition, kept to the cells that are its own: those that another one judges are not computed.

What came out in those is given to it as values (`carried`), or is lost where it could not be determined: such a cell
exists and is undetermined here, too, so that whatever reads it is. Checks have no cells; they are looked at everywhere
and told where they are the edition's own (`merged`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Sequence
from dataclasses import replace
from typing import Final

from cityrules.compare.editions.edition import Edition
from cityrules.compare.editions.rewriting import where_missing
from cityrules.feel.tree import Compare, Literal_, Logic, Read, Tree
from cityrules.feel.types import Date, DateTime, Flag
from cityrules.plan.fields import field_type
from cityrules.plan.model import Consequence, Expr, Formula, Measure, Missing, Plan
from cityrules.plan.names import Field, Measured, PeriodPart
from cityrules.plan.times import NO, day_of
from cityrules.scheme.notation import Grain

_NOT_KNOWN: Final = ".not_known"
_LOST: Final = ".lost"


def not_known(name: str) -> str:
    """The measure whose value is missing where a measure could not be determined by the edition that judges it."""
    return name + _NOT_KNOWN


def is_helper(name: str) -> bool:
    """Whether a measure is one that stands only in guarded plans."""
    return name.endswith((_NOT_KNOWN, _LOST))


def guarded(editions: Sequence[Edition], at: int, lost: Container[str]) -> Plan:
    """The plan of the edition at a place among those that are in force in what is assessed. It counts as in force in
    all of their time. `lost`: the measures of which some cells could not be determined by others."""
    plan = editions[at].plan
    own = _Own(editions, at)
    measures: dict[str, Measure] = {}
    order: list[str] = []
    for name in plan.order:
        if name in plan.measures:
            added = own.measure(plan.measures[name], name in lost)
            measures |= {one.name: one for one in added}
            order += [one.name for one in added]
        else:
            order.append(name)
    return replace(
        plan,
        in_force_from=editions[0].plan.in_force_from,
        in_force_until=editions[-1].until,
        measures=measures,
        consequences={name: own.consequence(one) for name, one in plan.consequences.items()},
        order=tuple(order),
    )


class _Own:
    """The conditions under which a cell or record is one edition's own."""

    def __init__(self, editions: Sequence[Edition], at: int) -> None:
        self._editions, self._at, self._plan = editions, at, editions[at].plan

    def measure(self, measure: Measure, lost: bool) -> list[Measure]:
        """The measure with its condition, behind what says where its cells were lost."""
        condition = self._condition(measure.grain, measure.of_record)
        if condition is None:
            return [measure]
        applies = _both(condition, measure.applies)
        if not lost:
            return [replace(measure, applies=Expr("", measure.path, applies))]
        known = _flag(measure, _NOT_KNOWN, NO, None, optional=True)
        gone = _flag(measure, _LOST, _value(known), Missing("error"), optional=False)
        applies = Logic(applies.type, 0, 0, "or", (applies, _value(gone)))
        return [known, gone, replace(measure, applies=Expr("", measure.path, applies))]

    def consequence(self, one: Consequence) -> Consequence:
        condition = self._condition(one.grain, one.of_record)
        return one if condition is None else replace(one, applies=Expr("", one.path, _both(condition, one.applies)))

    def _condition(self, grain: Grain, of_record: bool) -> Tree | None:
        """Whether a cell or record is the edition's own; None where all are that it has."""
        if not of_record and grain.period is None:
            mine = self._at == len(self._editions) - 1
            return None if mine else NO
        here = [self._since(one, grain, of_record) for one in self._editions]
        if any(one is None for one in here):
            return None
        parts: list[Tree] = [one for one in here[self._at :][:1] if one is not None and self._at]
        parts += [_not(one) for one in here[self._at + 1 :] if one is not None]
        return _joined(parts)

    def _since(self, edition: Edition, grain: Grain, of_record: bool) -> Compare | None:
        """Whether a cell or record is an edition's or that of one after it."""
        day: Tree
        if of_record:
            record = self._plan.records.get(grain.kind)
            if record is None or record.dated is None:
                return None
            type_ = field_type(record.fields[record.dated])
            day = Read(type_, 0, 0, record.dated, Field(type_, record.name, record.dated, "cell"))
            day = day_of(day) if isinstance(type_, DateTime) else day
        else:
            kind = grain.period or ""
            part = PeriodPart(Date(), kind, "last_day" if edition.later.get(kind, False) else "start", "cell")
            day = Read(Date(), 0, 0, f"{kind}.{part.part}", part)
        return Compare(Flag(day.type.optional), 0, 0, ">=", day, _literal(edition.first), False)


def _literal(day: dt.date) -> Literal_:
    return Literal_(Date(), 0, 0, day)


def _not(one: Compare) -> Compare:
    return replace(one, op="<")


def _joined(parts: list[Tree]) -> Tree | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    return Logic(Flag(any(one.type.optional for one in parts)), 0, 0, "and", tuple(parts))


def _both(condition: Tree, applies: Expr | None) -> Tree:
    """The condition and what stood there. In cells of others what that reads can be away: it is not asked there."""
    if applies is None:
        return condition
    other = where_missing(applies.tree)
    return Logic(Flag(condition.type.optional or other.type.optional), 0, 0, "and", (condition, other))


def _flag(of: Measure, end: str, value: Tree, missing: Missing | None, *, optional: bool) -> Formula:
    """A measure of flags for the cells of another one."""
    return Formula(
        name=of.name + end,
        grain=of.grain,
        of_record=of.of_record,
        type=Flag(optional),
        path=of.path,
        applies=None,
        clause=of.clause,
        label=None,
        value=Expr("", of.path, value),
        missing=missing,
        empty=None,
        round=None,
        round_default=False,
    )


def _value(of: Measure) -> Read:
    return Read(of.type, 0, 0, of.name, Measured(of.type, of.name, "cell"))
