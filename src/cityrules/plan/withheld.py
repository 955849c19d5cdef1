"""What is not computed because the text leaves something open: unstated parameters, and readings nobody has chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cityrules.plan.model import Check, Consequence, Duty, Measure, ParameterPlan, TablePlan
from cityrules.plan.reading import Node, consequences_read, measures_read, parameters_read, tables_read
from cityrules.plan.views import raw_of
from cityrules.scheme.document import ReadingBody

UNSTATED = "unstated"

Waits = dict[str, set[str]]


def waiting(
    computed: Iterable[Measure | Consequence],
    checks: Iterable[Check | Duty],
    parameters: Mapping[str, ParameterPlan],
    tables: Mapping[str, TablePlan],
    readings: Mapping[str, ReadingBody],
) -> Waits:
    """For each node that is withheld, by path, what it waits for: directly, or through a measure that it reads.

    `computed` is in its order, so that one walk settles all of them.
    """
    nodes: list[Node] = [*computed, *checks]
    paths: dict[str, str] = {}
    waits: Waits = {node.path: set() for node in nodes}
    open_parameters = {name: {name} for name, parameter in parameters.items() if not parameter.values}
    # Parameters and tables share one namespace.
    open_parameters |= {name: {name} for name, one in tables.items() if not one.table.stated}
    for name, body in readings.items():
        if body.chosen == UNSTATED:
            for path in (path for option in body.others.values() for path in option):
                _mark(name, path, waits, open_parameters)
    for node in nodes:
        for parameter in (*parameters_read(node), *tables_read(node)):
            waits[node.path] |= open_parameters.get(parameter, set())
        for name in (*measures_read(node), *consequences_read(node)):
            waits[node.path] |= waits[paths[name]]
        paths[node.name] = node.path
    return {path: reasons for path, reasons in waits.items() if reasons}


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
