"""What is not computed because the text leaves something open: unstated parameters, and readings nobody has chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cityrules.plan.model import Check, Condition, Consequence, Duty, Measure, ParameterPlan, TablePlan
from cityrules.plan.reading import Node, consequences_read, measures_read, parameters_read, tables_read
from cityrules.plan.views import raw_of
from cityrules.scheme.document import ReadingBody

UNSTATED = "unstated"

Waits = dict[str, set[str]]


def waiting(
    computed: Iterable[Measure | Consequence],
    checks: Iterable[Check | Duty],
    conditions: Iterable[Condition],
    parameters: Mapping[str, ParameterPlan],
    tables: Mapping[str, TablePlan],
    readings: Mapping[str, ReadingBody],
) -> Waits:
    """For each node that is withheld, by path, what it waits for: directly, or through a measure that it reads.

    `computed` is in its order, so that one walk settles all of them. Where it is open which rows are accepted, nothing
    is sure.
    """
    nodes: list[Node] = [*computed, *checks]
    paths: dict[str, str] = {}
    waits: Waits = {node.path: set() for node in nodes}
    open_parameters = {name: {name} for name in _unstated(parameters, tables)}
    for name, body in readings.items():
        if body.chosen == UNSTATED:
            for path in (path for option in body.others.values() for path in option):
                _mark(name, path, waits, open_parameters)
    everywhere: set[str] = set()
    for condition in conditions:
        everywhere |= _open(condition, open_parameters)
    for node in nodes:
        waits[node.path] |= everywhere | _open(node, open_parameters)
        for name in (*measures_read(node), *consequences_read(node)):
            waits[node.path] |= waits[paths[name]]
        paths[node.name] = node.path
    return {path: reasons for path, reasons in waits.items() if reasons}


def settled(
    conditions: Mapping[str, tuple[Condition, ...]],
    parameters: Mapping[str, ParameterPlan],
    tables: Mapping[str, TablePlan],
) -> dict[str, tuple[Condition, ...]]:
    """Of conditions those that need nothing unstated."""
    open_ = {name: {name} for name in _unstated(parameters, tables)}
    return {name: tuple(one for one in found if not _open(one, open_)) for name, found in conditions.items()}


def _unstated(parameters: Mapping[str, ParameterPlan], tables: Mapping[str, TablePlan]) -> Iterator[str]:
    """The parameters and tables of which the text leaves open what is in them; they share one namespace."""
    yield from (name for name, parameter in parameters.items() if not parameter.values)
    yield from (name for name, one in tables.items() if not one.table.stated)


def _open(node: Node, parameters: Mapping[str, set[str]]) -> set[str]:
    """What a node waits for that it reads itself."""
    return {one for name in (*parameters_read(node), *tables_read(node)) for one in parameters.get(name, ())}


def _mark(reading: str, path: str, waits: Waits, parameters: dict[str, set[str]]) -> None:
    """Note what a reading leaves open by changing what stands at a path."""
    section, _, rest = path.partition(".")
    name = rest.partition(".")[0]
    if section in ("measures", "consequences", "checks"):
        for path in (f"{section}.{name}", f"{section}.{raw_of(name)}"):
            if path in waits:
                waits[path].add(reading)
    elif section in ("parameters", "tables"):
        parameters.setdefault(name, set()).add(reading)
    elif section not in ("examples", "uncomputed", "readings", "title", "issuer", "source"):
        # Targets, records, the default rounding: nothing is sure to be the same under every reading.
        for reasons in waits.values():
            reasons.add(reading)
