"""Why a cell could not be determined: the cause, followed down to where it began."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.feel.walk import reads
from cityrules.plan.model import Axis, Bands, Expr, Fold, Formula, Ledger, Measure, Pauses, Rank, Run
from cityrules.plan.names import Measured
from cityrules.results.elements import elements
from cityrules.results.explanation import Explanation, line
from cityrules.results.reading import Place
from cityrules.results.trail import Trail, texts
from cityrules.scheme.notation import Window

_ORIGINS: Final = 10


def explain_unknown(trail: Trail, measure: Measure, here: Place) -> tuple[Explanation, ...]:
    """The problem of a cell, and under it the undetermined cells that it reads."""
    row = problem(trail, measure.name, here)
    cause = str(row["cause"]) if row else None
    if cause != "depends":
        # The cause lies here: what it reads shows it.
        names = [name for expr in expressions(measure) for name in _at_cell(trail, measure, expr, here)]
        return (line("undetermined", *names, **(texts(row, "cause", "detail") if row else {})),)
    found: dict[tuple[str, Place], None] = {}
    for origin in _origins(trail, measure, here):
        found[origin] = None
        if len(found) == _ORIGINS:
            break
    lines = [trail.cell(name, place) for name, place in found]
    return (line("undetermined", *lines, **(texts(row, "cause", "detail") if row else {})),)


def problem(trail: Trail, name: str, here: Place) -> dict[str, object] | None:
    """The row of `problems` for one cell of a measure."""
    if here.of_record:
        row = trail.cells.row("problems", name=name, record_kind=here.kind, record=here.target)
    else:
        row = trail.cells.row(
            "problems", name=name, target_kind=here.kind, target=here.target, period=trail.reader.period_name(here)
        )
    return dict(row) if row else None


def expressions(measure: Measure) -> tuple[Expr, ...]:
    """Everything that a measure reads, in the order of the document."""
    match measure:
        case Formula():
            found = [measure.value]
        case Pauses():
            found = [measure.starts, measure.length, *(alike.own for alike in measure.among)]
        case Bands():
            found = [measure.value, *(bound for bound, _ in measure.bounds)]
        case Fold():
            found = [expr for expr in (measure.where, measure.value, *(alike.own for alike in measure.among)) if expr]
        case Rank():
            found = [measure.value, *(expr for expr, _ in measure.tie_breaks), *measure.among]
        case Run():
            found = [measure.condition]
        case Ledger():
            parts = [part for rule in measure.rules for part in (rule.when, rule.points, rule.times)]
            found = [measure.base, *(part for part in parts if part)]
    return tuple(([measure.applies] if measure.applies else []) + found)


def _at_cell(trail: Trail, measure: Measure, expr: Expr, here: Place) -> tuple[Explanation, ...]:
    """The names of an expression, where they are the cell's own."""
    if any(getattr(binding, "side", "cell") == "element" for binding in reads(expr.tree)):
        return ()
    return trail.names(expr, here)


def _origins(trail: Trail, measure: Measure, here: Place) -> Iterator[tuple[str, Place]]:
    """The undetermined cells that a cell reads: its own, those of its elements, of its rank group, of its run."""
    bindings = [b for expr in expressions(measure) for b in reads(expr.tree) if isinstance(b, Measured)]
    for element in [None, *_elements(trail, measure, here)]:
        for binding in bindings:
            if (binding.side == "element") != (element is not None):
                continue
            place = trail.reader.place_of(binding, here, element)
            if place is not None and _undetermined(trail, binding.measure, place):
                yield binding.measure, place
    if isinstance(measure, Rank):
        for binding in bindings:
            base = trail.plan.measures[binding.measure]
            for row in trail.cells.rows(
                "values", measure=binding.measure, period=trail.reader.period_name(here), state="undetermined"
            ):
                if base.grain.kind == here.kind:
                    yield binding.measure, Place(here.kind, str(row["target"] or ""), here.period, here.index)
    if isinstance(measure, Run) and here.index is not None:
        before = Place(here.kind, here.target, here.period, here.index - 1)
        if _undetermined(trail, measure.name, before):
            yield measure.name, before


def _elements(trail: Trail, measure: Measure, here: Place) -> Iterator[Place]:
    """What a fold or the rules of a ledger run over in a cell."""
    axes: dict[Axis, Window | None] = {}
    if isinstance(measure, Fold):
        axes[measure.axis] = measure.window
    elif isinstance(measure, Ledger):
        axes = {rule.axis: None for rule in measure.rules if rule.axis is not None}
    for axis, window in axes.items():
        yield from elements(trail.reader, axis, window, here, measure if isinstance(measure, Fold) else None)


def _undetermined(trail: Trail, measure: str, place: Place) -> bool:
    row = trail.reader.row(measure, place)
    return row is not None and row["state"] == "undetermined"
