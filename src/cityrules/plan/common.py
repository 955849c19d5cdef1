"""What all measures are made with: the fields of `Base`, units, and the type of a measure whose body is in doubt."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TypedDict

from cityrules.feel.types import Number, Type
from cityrules.plan.context import Context, Under
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Expr
from cityrules.plan.reporting import Address
from cityrules.scheme.notation import Grain

MOST_PLACES = Fraction(10**6)
"""Of a rank: the targets that one assessment may hold."""

MOST_CELLS = Fraction(12 * 9999)
"""Of a run: the months that a calendar has."""


class Common(TypedDict):
    """The fields of `model.Base`."""

    name: str
    grain: Grain
    of_record: bool
    type: Type
    path: str
    applies: Expr | None
    clause: str | None
    label: str | None


def common(context: Context, draft: Draft, under: Under, type_: Type) -> Common:
    """What every measure has."""
    return Common(
        name=draft.name,
        grain=draft.grain,
        of_record=draft.grain.kind in context.ground.records,
        type=type_,
        path=f"measures.{draft.name}",
        applies=under.expr,
        clause=context.clause(draft.body.clause),
        label=draft.body.label,
    )


def with_unit(context: Context, path: Address, unit: str | None, type_: Type) -> Type:
    """The type with the unit that the measure states. A number without a unit takes it; another unit is refused."""
    if unit is None:
        return type_
    if not isinstance(type_, Number):
        context.reporter.refuse("CR465", (*path, "unit"), found=unit)
        return type_
    if type_.unit is not None and type_.unit != unit:
        context.reporter.refuse("CR464", (*path, "unit"), found=unit, other=type_.unit)
        return type_
    return replace(type_, unit=unit)
