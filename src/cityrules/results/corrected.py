"""The table of corrections that were applied to the records of an assessment, and what explanations say of them.

Knows tables and explanations, no rows of inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from cityrules.results.explanation import Explanation, line
from cityrules.results.tables import Cell, Column, Shape, Table

CORRECTIONS: Final = Shape(
    "corrections",
    (
        *map(Column, ("record_kind", "record", "known_on", "field", "before", "after")),
        Column("annulled", "flag"),
        *map(Column, ("reason", "by", "number", "source")),
        Column("row", "integer"),
    ),
)
"""One row is one correction that was applied, in order of knowledge. `before` and `after`: the texts of the field;
`annulled`: whether the record was annulled (true) or stands again (false), and then no field."""

Told = Mapping[tuple[str, str], tuple[Explanation, ...]]


def corrections_of(tables: Mapping[str, Table]) -> Told:
    """The lines about corrections, by kind and key of the record."""
    found: dict[tuple[str, str], list[Explanation]] = {}
    table = tables.get(CORRECTIONS.name)
    for row in table.rows() if table is not None else ():
        values = dict(zip(CORRECTIONS.names, row, strict=True))
        key = str(values.pop("record_kind")), str(values.pop("record"))
        found.setdefault(key, []).append(_line(values))
    return {key: tuple(lines) for key, lines in found.items()}


def with_corrections(explanation: Explanation, told: Told) -> Explanation:
    """The explanation with the corrections of each record below the lines about it."""
    return _with(explanation, told, None) if told else explanation


def _with(node: Explanation, told: Told, above: tuple[str, str] | None) -> Explanation:
    key = (node.values.get("record_kind", ""), node.values.get("record", ""))
    children = tuple(_with(child, told, key if key[1] else above) for child in node.children)
    # Once in a branch is enough: what stands below a line about a record is about the same record.
    more = told.get(key, ()) if key != above else ()
    return replace(node, children=(*more, *children))


def _line(values: Mapping[str, Cell]) -> Explanation:
    about = {name: values[name] for name in ("known_on", "reason", "by", "number")}
    if values["field"] is None:
        return line("annulled" if values["annulled"] else "restored", **about)
    return line("corrected", **about, **_change(values))


def _change(values: Mapping[str, Cell]) -> dict[str, Cell]:
    change: dict[str, Cell] = {"name": values["field"]}
    for name in ("before", "after"):
        if values[name] is None:
            change[f"{name}_state"] = "missing"
        else:
            change[name] = values[name]
    return change
