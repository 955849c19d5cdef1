"""Formulas and bands: one expression, one value. The contract is `docs/engines.md`, "Formula" and "Bands"."""

from __future__ import annotations

from cityrules.engines.sql.cells import Ground, constant, ground, stand_in, store
from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.fractions import fraction_text
from cityrules.engines.sql.reading import Reader, guarded, left_calendar
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import World
from cityrules.feel.types import Number, Type
from cityrules.plan import coding, rational
from cityrules.plan.code import Code, Relation
from cityrules.plan.lower import at_scale, lower, lower_number, lower_rounded, missing
from cityrules.plan.lower import with_stand_in as with_missing
from cityrules.plan.model import Bands, Expr, Formula, Missing, Quotient, Weighted
from cityrules.results.format import number_scale, with_stand_in
from cityrules.scheme.notation import Rounding

_BOUND: dict[str, Relation] = {"at_least": ">=", "above": ">", "up_to": "<=", "below": "<"}


def solve_formula(world: World, measure: Formula) -> None:
    """The value of the expression, with what stands in for a zero divisor or a missing result, rounded."""
    if isinstance(measure, Quotient):
        _solve_quotient(world, measure)
        return
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    doubts = Doubts()
    found.reader.read([measure.value], doubts)
    zero = found.reader.hold(guarded(measure.value))
    doubts.add("overflow", measure.name, left_calendar(measure.value, zero))
    value = found.reader.hold(number_or_other(measure.value, measure.type, measure.round))
    not_zero = coding.negated(zero)
    value = stand_in(value, measure.missing, measure.type, measure.name, doubts, not_zero, measure.round)
    empty = measure.empty
    if empty is None or empty.error:
        doubts.add("empty", measure.name, zero)
    else:
        value = coding.choose(zero, constant(empty.value, measure.type, measure.round), value)
    store(found, measure, value, doubts, _elements(found, measure))


def _solve_quotient(world: World, measure: Quotient) -> None:
    """The text of the fraction: what reads it reads its halves."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    doubts = Doubts()
    found.reader.read([measure.value], doubts)
    store(found, measure, fraction_text(found.reader, lower_number(measure.value.tree)), doubts)


def told(reader: Reader, expr: Expr, stated: Missing | None = None) -> E:
    """The value of an expression as tables tell it, with what is stated for a missing one: in the units of its type,
    a fraction as its text."""
    if isinstance(expr.type, Number) and expr.type.scale is None:
        return reader.emit(fraction_text(reader, with_missing(lower_number(expr.tree), stated)))
    type_ = with_stand_in(expr.type, stated)
    value = coding.rescale(lower(expr.tree), number_scale(type_) - number_scale(expr.type))
    if stated is not None and stated.policy == "value":
        value = coding.coalesce(value, constant(stated.value, type_))
    return reader.emitter.stored(value)


def _elements(found: Ground, measure: Formula) -> dict[str, E]:
    """What `inputs` tells of a weighted sum, as columns of its cells: `e0` the value, `m0` whether it was missing."""
    columns: dict[str, E] = {}
    if not isinstance(measure, Weighted) or measure.of_record:
        return columns
    for place, element in enumerate(measure.elements):
        columns[f"m{place}"] = found.reader.emit(missing(element.value.tree))
        columns[f"e{place}"] = told(found.reader, element.value, measure.instead)
    return columns


def number_or_other(expr: Expr, type_: Type, rounding: Rounding | None = None) -> Code:
    """The value of an expression as `type_` holds it, rounded where a rounding is stated."""
    if not isinstance(expr.type, Number):
        return lower(expr.tree)
    scale = number_scale(type_)
    if rounding is None:
        return at_scale(lower_number(expr.tree), scale)
    return coding.rescale(lower_rounded(expr.tree, rounding), scale - rounding.digits)


def solve_bands(world: World, measure: Bands) -> None:
    """The label of the first bound that the value satisfies."""
    found = ground(world, measure.grain, measure.of_record, measure.applies, measure.name)
    reader, doubts = found.reader, Doubts()
    bounds = [bound for bound, _ in measure.bounds]
    reader.read([measure.value, *bounds], doubts)
    reader.compute(measure.value, measure.name, doubts)
    value = lower_number(measure.value.tree)
    value = rational.Rational(reader.hold(value.n), reader.hold(value.d), value.scale)
    label: Code = constant(measure.otherwise, measure.type)
    for bound, result in reversed(measure.bounds):
        holds = rational.related(_BOUND[measure.word], value, lower_number(bound.tree))
        label = coding.choose(holds, constant(result, measure.type), label)
    nothing, stated = rational.missing(value), measure.missing
    instead: Code = coding.null(label.sort)
    if stated is not None and stated.policy == "error":
        doubts.add("missing", measure.name, nothing)
    elif stated is not None and stated.policy == "value":
        instead = constant(stated.value, measure.type)
    label = coding.choose(nothing, instead, label)
    store(found, measure, label, doubts, {"b": told(reader, measure.value)})
