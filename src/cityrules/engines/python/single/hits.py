"""What the rules say of a single record: points, rules and clauses, exact. Knows no plan and no generated code.

Points are whole numbers of units of 10^-scale; `Decimal` values are made when they are asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final, NamedTuple

from cityrules.feel.types import Date, DateTime, Number, Type
from cityrules.plan.bounds import EPOCH

# Exact whatever the context of the caller: no number here has more digits.
_EXACT: Final = Context(prec=100)
_MIDNIGHT: Final = dt.datetime.combine(EPOCH, dt.time())

Plain = int | str | bool | None

MOST_REMEMBERED: Final = 1_024
"""Hits of one rule, or texts of one field, that a scorer keeps."""


def decimal(units: int, scale: int) -> Decimal:
    """`units` times 10^-scale, with exactly `scale` digits after the point."""
    return Decimal(units).scaleb(-scale, _EXACT)


class Hit(NamedTuple):
    """A rule that holds for the record. `units` is what counts and `nominal_units` price times quantity, signed, both
    in units of 10^-scale; a hit that another rule of its group displaces counts 0 and names that rule. `via`: the field
    that leads to the target who bears it; None where it is the whole city."""

    measure: str
    rule: str
    clause: str | None
    units: int
    scale: int
    nominal_units: int
    replaced_by: str | None
    via: str | None

    @property
    def points(self) -> Decimal:
        """What counts, negative for a deduction."""
        return decimal(self.units, self.scale)

    @property
    def nominal(self) -> Decimal:
        """Price times quantity, before precedence."""
        return decimal(self.nominal_units, self.scale)


def hits_by_units(model: Hit) -> tuple[dict[int, Hit], Callable[[int], Hit]]:
    """The hits of one rule by what they count, of which a rule has few values: those made so far, and how to make one
    more. Bounded."""
    known: dict[int, Hit] = {}

    def make(units: int) -> Hit:
        hit = model._replace(units=units, nominal_units=units)
        if len(known) < MOST_REMEMBERED:
            known[units] = hit
        return hit

    return known, make


class Problem(NamedTuple):
    """A rule of a ledger, or a measure of the record (`rule` None), that cannot be determined for this record.

    `cause` and `detail` are those of the table `problems`: `undecided`, `depends`, `missing`, `empty`, `overflow`, ...
    """

    measure: str
    rule: str | None
    cause: str
    detail: str


@dataclass(frozen=True, slots=True)
class Beyond:
    """A rule over the record's kind that no single record can be scored by, and the names that it needs besides; or,
    with the kind of record as the measure, a condition on which its rows are accepted (`accepted_if.NAME`)."""

    measure: str
    rule: str
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The ledgers (name and scale) and derived measures (name and type) of a scorer, in the order of its values."""

    ledgers: tuple[tuple[str, int], ...]
    derived: tuple[tuple[str, Type], ...]


class Hits(NamedTuple):
    """Everything the rules say of one record.

    Caps, floors, ceilings and roundings belong to a cell with all its records and are not applied here.
    """

    hits: tuple[Hit, ...]
    problems: tuple[Problem, ...]
    plain: tuple[Plain, ...]
    shape: Shape

    @property
    def points(self) -> Mapping[str, Decimal | None]:
        """The sum of the hits by ledger, negative for deductions; None where a rule of it cannot be determined."""
        units = dict.fromkeys((name for name, _ in self.shape.ledgers), 0)
        for hit in self.hits:
            units[hit.measure] += hit.units
        doubtful = {problem.measure for problem in self.problems if problem.rule is not None}
        return {name: None if name in doubtful else decimal(units[name], scale) for name, scale in self.shape.ledgers}

    @property
    def values(self) -> Mapping[str, Decimal | str | bool | dt.date | None]:
        """The measures of the record itself; None where missing, undetermined or not applicable."""
        return {name: typed(plain, type_) for (name, type_), plain in zip(self.shape.derived, self.plain, strict=True)}

    @property
    def undecided(self) -> tuple[Problem, ...]:
        """The rules whose condition is unknown and that say `undecided` for it."""
        return tuple(problem for problem in self.problems if problem.cause == "undecided")


def typed(plain: Plain, type_: Type) -> Decimal | str | bool | dt.date | None:
    """A value of the generated code as a user knows it."""
    if isinstance(plain, (bool, str)) or plain is None:
        return plain
    match type_:
        case Number(scale=scale):
            return decimal(plain, scale or 0)
        case Date():
            return EPOCH + dt.timedelta(days=plain)
        case DateTime():
            return _MIDNIGHT + dt.timedelta(seconds=plain)
        case _:
            raise TypeError(f"no value of a measure: {type_}")
