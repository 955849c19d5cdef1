"""Why something could not be determined: the cause, followed down to the record or input where it began."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.feel.tree import Read
from cityrules.feel.walk import nodes
from cityrules.plan.model import (
    Check,
    Consequence,
    Duty,
    Expr,
    Fold,
    KindAxis,
    Ledger,
    Measure,
    Rank,
    RecordAxis,
    Run,
    Share,
)
from cityrules.plan.names import Fired, InForce, Measured, Name, Tied
from cityrules.plan.reading import bindings, expressions
from cityrules.results.elements import elements
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, texts
from cityrules.results.why_folds import element_name

_MOST: Final = 10
"""Origins, and elements, that are told of one cell."""


def explain_unknown(
    trail: Trail, node: Measure | Consequence | Check | Duty, here: Place, among: tuple[Place, ...] | None = None
) -> tuple[Explanation, ...]:
    """The problem of a cell, and under it the undetermined cells that it reads, or what is missing there.

    `among`: the elements that it is about, where these are not those of the cell.
    """
    row = trail.reader.problem(node.name, here)
    cause = str(row["cause"]) if row else None
    if cause == "depends":
        found: dict[tuple[str, Place], None] = {}
        for origin in _origins(trail, node, here, among):
            found[origin] = None
            if len(found) == _MOST:
                break
        lines = [trail.either(name, place) for name, place in found]
    else:
        # The cause lies here: what it reads shows it. The conditions of the others are told anyway.
        own = not isinstance(node, (Consequence, Check, Duty))
        lines = [name for expr in expressions(node) for name in _at_cell(trail, expr, here)] if own else []
        lines += _lacking(trail, node, here, among)
    return (line("undetermined", *_once(lines), **(texts(row, "cause", "detail") if row else {})),)


def _once(lines: list[Explanation]) -> list[Explanation]:
    return list({repr((one.kind, one.values)): one for one in lines}.values())


def _at_cell(trail: Trail, expr: Expr, here: Place) -> tuple[Explanation, ...]:
    """The names of an expression, where they are the cell's own."""
    if any(getattr(binding, "side", "cell") == "element" for binding in bindings(expr)):
        return ()
    return trail.names(expr, here)


def _lacking(
    trail: Trail, node: Measure | Consequence | Check | Duty, here: Place, among: tuple[Place, ...] | None
) -> Iterator[Explanation]:
    """The elements of which something that is read of them is not there, with that."""
    found = 0
    for element in _elements(trail, node, here, among):
        lines = _missing(trail, node, here, element)
        if lines:
            yield line("element", *_once(lines), name=element_name(trail, element, here))
            found += 1
        if found == _MOST or trail.budget.nodes <= 0:
            return


def _missing(
    trail: Trail, node: Measure | Consequence | Check | Duty, here: Place, element: Place
) -> list[Explanation]:
    lines: list[Explanation] = []
    for expr in expressions(node):
        for read in nodes(expr.tree):
            if not isinstance(read, Read) or getattr(read.binding, "side", "cell") != "element":
                continue
            trail.budget.nodes -= 1
            if not _is_there(trail, read, here, element) and (told := trail.name(read, here, element)) is not None:
                lines.append(told)
    return lines


def _is_there(trail: Trail, read: Read, here: Place, element: Place) -> bool:
    if isinstance(read.binding, Measured) and not (read.binding.back or read.binding.through):
        # An element without a cell of it is passed over: nothing is missing.
        place = trail.reader.place_of(read.binding, here, element)
        if place is None or trail.reader.row(read.binding.measure, place) is None:
            return True
    return trail.reader.value(read.binding, here, element) is not None


def _origins(
    trail: Trail, node: Measure | Consequence | Check | Duty, here: Place, among: tuple[Place, ...] | None
) -> Iterator[tuple[str, Place]]:
    """The undetermined cells that a cell reads: its own, those of its elements, of its rank group, of its run."""
    every = [binding for expr in expressions(node) for binding in bindings(expr)]
    reader = trail.reader
    if isinstance(node, Consequence) and node.ladder is not None:
        place = reader.place_at(node.ladder, here)
        if place is not None and reader.problem(node.ladder, place):
            yield node.ladder, place
    for binding in every:
        if getattr(binding, "side", "cell") == "cell":
            yield from undetermined(trail, binding, here, None)
    for element in _elements(trail, node, here, among):
        yield from _followed(trail, node, element)
        for binding in every:
            if getattr(binding, "side", "cell") == "element":
                yield from undetermined(trail, binding, here, element)
    if isinstance(node, (Rank, Share)):
        for binding in every:
            if isinstance(binding, Measured) and trail.plan.measures[binding.measure].grain.kind == here.kind:
                for row in trail.cells.rows(
                    "values", measure=binding.measure, period=reader.period_name(here), state="undetermined"
                ):
                    yield binding.measure, Place(here.kind, str(row["target"] or ""), here.period, here.index)
    if (isinstance(node, Run) or (isinstance(node, Ledger) and node.carried)) and here.index is not None:
        before = Place(here.kind, here.target, here.period, here.index - 1)
        if reader.problem(node.name, before):
            yield node.name, before
    if isinstance(node, Ledger) and any(cap.shared for cap in node.caps):
        # One of the cells that share a bound has a problem of its own.
        for row in trail.cells.rows("problems", name=node.name):
            if row["cause"] != "depends" and (place := reader.place_of_row(row)) is not None:
                yield node.name, place


def undetermined(trail: Trail, binding: Name, here: Place, element: Place | None) -> Iterator[tuple[str, Place]]:
    """The undetermined cells of which a name speaks."""
    reader = trail.reader
    match binding:
        case Measured() | Tied():
            place = (
                reader.place_of(binding, here, element)
                if isinstance(binding, Measured)
                else reader.rank_place(binding, here, element)
            )
            if place is not None and reader.problem(binding.measure, place):
                yield binding.measure, place
        case Fired() | InForce():
            for place in reader.undecided(binding, here, element):
                yield binding.consequence, place


def _followed(trail: Trail, node: Measure | Consequence | Check | Duty, element: Place) -> Iterator[tuple[str, Place]]:
    """The consequence of which an element is a row, where it is undecided whether it followed."""
    for axis in _axes(node):
        if isinstance(axis, RecordAxis) and axis.follows is not None and axis.record == element.kind:
            body = trail.plan.consequences[axis.follows]
            place = element if body.of_record else trail.reader.place_of_grain(body.grain, element)
            if place is not None and trail.reader.problem(body.name, place):
                yield body.name, place


def _axes(node: Measure | Consequence | Check | Duty) -> list[RecordAxis | KindAxis | object]:
    if isinstance(node, (Fold, Duty)):
        return [node.axis]
    return [rule.axis for rule in node.rules if rule.axis is not None] if isinstance(node, Ledger) else []


def _elements(
    trail: Trail, node: Measure | Consequence | Check | Duty, here: Place, among: tuple[Place, ...] | None
) -> Iterator[Place]:
    """What a fold or the rules of a ledger run over in a cell."""
    if among is not None:
        yield from among
    elif isinstance(node, Fold):
        yield from elements(trail.reader, node.axis, node.window, here, node)
    elif isinstance(node, Ledger):
        for axis in dict.fromkeys(rule.axis for rule in node.rules if rule.axis is not None):
            yield from elements(trail.reader, axis, None, here)
