"""Measures that compare a cell with others, as they stand in a plan; all measures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cityrules.plan.model.expressions import Expr
from cityrules.plan.model.ledgers import Ledger
from cityrules.plan.model.values import Bands, Base, Empty, Fold, Formula, Missing, Pauses


@dataclass(frozen=True, slots=True)
class Rank(Base):
    """`among`: kinds or attributes whose equal values make one group; empty for the whole field. `tie_breaks`: what
    decides, one after the other, between equal values, and whether the highest of it comes first; never missing."""

    value: Expr
    high: bool
    among: tuple[Expr, ...]
    ties: Literal["share", "dense", "error"]
    missing: Missing | None
    tie_breaks: tuple[tuple[Expr, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Share(Base):
    """A part of `total`, which all cells of a group have alike, in proportion to `weight`, which is never negative; a
    whole number of times `step`, of which the total always is one. `order`: what decides, one after the other, where
    what remains goes among those from whom rounding down took as much, and whether the highest of it comes first; never
    missing; at last the name does."""

    total: Expr
    weight: Expr
    among: tuple[Expr, ...]
    step: Fraction
    order: tuple[tuple[Expr, bool], ...]
    missing: Missing | None
    empty: Empty | None


@dataclass(frozen=True, slots=True)
class Run(Base):
    condition: Expr
    missing: Literal["breaks", "holds", "counts"] | None
    new_year: Literal["continues", "breaks"]


Measure = Formula | Pauses | Bands | Fold | Ledger | Rank | Share | Run
