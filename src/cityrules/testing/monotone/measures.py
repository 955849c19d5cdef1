"""How each form of measure moves with what it reads. Knows plans; what names do is told by the analysis that asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from cityrules.feel.interval import Interval
from cityrules.feel.types import Number
from cityrules.plan.model import (
    Alike,
    Bands,
    Constant,
    Expr,
    Fold,
    Formula,
    KindAxis,
    Missing,
    PeriodAxis,
    Rank,
    RecordAxis,
    Tiers,
)
from cityrules.testing.monotone.expressions import Order
from cityrules.testing.monotone.moves import ANY, STILL, Effect, Move, Path, joined

NUMBERS = Interval()


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an expression is read: at cells of targets of a `kind`, with elements of another one, and whether the cell
    and the element are those that the record reaches (None: any of both)."""

    kind: str
    own: bool | None
    elements: str = ""
    own_element: bool | None = None


class Known(Protocol):
    """What an analysis says while it goes through a plan."""

    def motion(self, expr: Expr, seat: Seat) -> Move:
        """How an expression moves; with what is stated for an empty divisor."""
        ...

    def arrivals(self, axis: RecordAxis) -> tuple[Move, Move]:
        """Whether records come (up) or go (down) on an axis: at targets of their own, and at others."""
        ...

    def paths(
        self, axis: RecordAxis | KindAxis | PeriodAxis | None, exprs: Sequence[Expr], kind: str
    ) -> frozenset[Path]:
        """The ways on which a measure at targets of a kind is reached through an axis and some expressions."""
        ...

    def order(self, expr: Expr, seat: Seat) -> Order | None: ...


def seats(axis: RecordAxis | KindAxis | PeriodAxis | None, kind: str) -> tuple[Seat, Seat]:
    """Where what runs over an axis is read: at cells of their own, and at others."""
    match axis:
        case PeriodAxis():
            return Seat(kind, True, kind, True), Seat(kind, False, kind, False)
        case KindAxis(kind=lower, itself=None):
            # Of the targets below one that the record reaches, some are reached and others are not.
            return Seat(kind, True, lower), Seat(kind, False, lower, False)
        case KindAxis(kind=lower):
            return Seat(kind, True, lower), Seat(kind, False, lower)
        case RecordAxis(record=record):
            return Seat(kind, True, record), Seat(kind, False, record)
        case None:
            return Seat(kind, True), Seat(kind, False)


def bounds(expr: Expr | None) -> Interval:
    """Between what a number lies."""
    return Interval.of(expr.type) if expr is not None and isinstance(expr.type, Number) else NUMBERS


def of_formula(formula: Formula, known: Known) -> Effect:
    """A formula, and whatever is put together as one."""
    kind = formula.grain.kind
    own, other = (_formula(formula, known, seat) for seat in seats(None, kind))
    return Effect(own, other, known.paths(None, [formula.value], kind))


def _formula(formula: Formula, known: Known, seat: Seat) -> Move:
    found = _tiers(formula, known, seat) if isinstance(formula, Tiers) else None
    return stood_in(found or known.motion(formula.value, seat), formula.missing)


def _tiers(tiers: Tiers, known: Known, seat: Seat) -> Move | None:
    """Rates of what lies in each tier go up with the number where no rate is negative; rates of the whole do so where
    they do not fall. None: look at the expression."""
    number = known.motion(tiers.number, seat)
    fixed = [expr for tier in tiers.tiers for expr in (tier.bound, tier.rate) if expr is not None]
    rates = [bounds(tier.rate) for tier in tiers.tiers]
    if any(not known.motion(expr, seat).still for expr in fixed):
        return None
    if any(rate.low is None or rate.low < 0 for rate in rates):
        return None
    falls = (one.high is None or two.low is None or one.high > two.low for one, two in pairwise(rates))
    if tiers.apply == "whole" and any(falls):
        return None
    return number


def stood_in(move: Move, missing: Missing | None) -> Move:
    """How a value moves for which something stands in where it is missing."""
    replaced = missing is not None and missing.policy == "value" and missing.value is not None
    return ANY if replaced and not move.steady else move


def of_bands(bands: Bands, known: Known) -> tuple[Effect, Order | None]:
    """Bands, and the order of their labels where all of them are texts."""
    kind = bands.grain.kind
    upward = bands.word in ("up_to", "below")
    given = [result for _, result in bands.bounds]
    results = [*given, bands.otherwise] if upward else [bands.otherwise, *reversed(given)]
    order = _order(results)
    exprs = [bands.value, *(bound for bound, _ in bands.bounds)]
    own, other = (_banded(bands, results, order, known, seat) for seat in seats(None, kind))
    return Effect(own, other, known.paths(None, exprs, kind)), order


def _banded(bands: Bands, results: list[Constant], order: Order | None, known: Known, seat: Seat) -> Move:
    if any(not known.motion(bound, seat).still for bound, _ in bands.bounds):
        return ANY
    value = known.motion(bands.value, seat)
    if value.still:
        return STILL
    if not value.steady and bands.missing is not None and bands.missing.policy != "error":
        # Nothing where there was a value, or the other way round: what then stands in may be any of the results.
        value = ANY if bands.missing.value is not None else value
    if order is not None:
        return value
    numbers = [Fraction(result) for result in results if isinstance(result, (int, Fraction))]
    if len(numbers) < len(results):
        return ANY
    if numbers == sorted(numbers):
        return value
    return -value if numbers == sorted(numbers, reverse=True) else ANY


def _order(results: list[Constant]) -> Order | None:
    """The labels from the lowest band up, if each has one place."""
    if not all(isinstance(result, str) for result in results):
        return None
    labels = [str(result) for place, result in enumerate(results) if place == 0 or result != results[place - 1]]
    return tuple(labels) if len(set(labels)) == len(labels) else None


def of_fold(fold: Fold, known: Known) -> Effect:
    kind, axis = fold.grain.kind, fold.axis
    arrivals = known.arrivals(axis) if isinstance(axis, RecordAxis) else (STILL, STILL)
    if fold.of_record:
        # A record that is there already looks at the others, the new one perhaps among them.
        arrivals = (joined(arrivals),) * 2
    moves = [_gathered(fold, known, seat, arrival) for seat, arrival in zip(seats(axis, kind), arrivals, strict=True)]
    exprs = [expr for expr in (fold.value, fold.where) if expr is not None]
    return Effect(moves[0], moves[1], known.paths(axis, exprs, kind))


def _gathered(fold: Fold, known: Known, seat: Seat, arrivals: Move) -> Move:
    where = known.motion(fold.where, seat) if fold.where is not None else STILL
    value = known.motion(fold.value, seat) if fold.value is not None else STILL
    if not alike(fold.among, known, seat):
        return ANY
    if where.still and value.still and arrivals.still:
        return STILL
    if not where.steady and fold.missing is not None and fold.missing.policy != "error":
        return ANY
    if not value.steady and fold.missing is not None and fold.missing.policy != "error":
        return ANY  # An element comes or goes, or something else stands for it.
    change = Move(where.up or arrivals.up, where.down or arrivals.down)
    comes_or_goes = not change.still
    interval = bounds(fold.value)
    if fold.missing is not None and isinstance(fold.missing.value, (int, Fraction)):
        interval = interval.hull(Interval(Fraction(fold.missing.value), Fraction(fold.missing.value)))
    match fold.op:
        case "count":
            return change
        case "sum":
            return Move(value.up, value.down) | change.times(interval)
        case "distinct":
            return change if value.still else ANY
        case "min" | "max" if comes_or_goes:
            if fold.empty is not None and not fold.empty.error and fold.empty.value is not None:
                return ANY
            turned = -change if fold.op == "min" else change
            return Move(value.up or turned.up, value.down or turned.down, False)
        case _ if comes_or_goes:
            return ANY
        case _:
            return value


def alike(among: Sequence[Alike], known: Known, seat: Seat) -> bool:
    """Whether who agrees with whom stays as it is."""
    return all(known.motion(expr, seat).still for one in among for expr in (one.own, one.other))


def of_rank(rank: Rank, known: Known) -> Effect:
    """A place: the worse the value, the greater. The record touches one cell of a group only where there is one way to
    come to it; otherwise another one may fall behind."""
    kind = rank.grain.kind
    standing = [(rank.value, rank.high), *rank.tie_breaks]
    paths = known.paths(None, [expr for expr, _ in standing], kind)
    own, others = seats(None, kind)
    group = [known.motion(expr, seat) for expr in rank.among for seat in (own, others)]
    mine = joined(-move if high else move for expr, high in standing for move in (known.motion(expr, own),))
    theirs = joined(-move if high else move for expr, high in standing for move in (known.motion(expr, others),))
    if mine.still and theirs.still and joined(group).still:
        return Effect()
    if not joined(group).still or not (mine.steady and theirs.steady) or not theirs.still or not alone(paths):
        return Effect(ANY, ANY, paths)
    return Effect(Move(mine.up, mine.down), Move(True, True), paths)


def alone(paths: frozenset[Path]) -> bool:
    """Whether a record reaches at most one target on these ways, in all periods: it goes straight to it. A target below
    may belong to one above today and to another tomorrow."""
    return len(paths) <= 1 and all(len(path) == 3 for path in paths)
