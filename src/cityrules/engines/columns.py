"""The columns that input tables must have, and the complaints about those that lack some. Knows no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityrules.engines.base import Inputs
from cityrules.io import grammar
from cityrules.io.columns import check_columns
from cityrules.io.keys import cell_columns
from cityrules.io.rows import DataError, Rows
from cityrules.plan.model import Plan
from cityrules.scheme.notation import FieldType
from cityrules.text.diagnostic import Diagnostic

__all__ = ["cell_columns", "check_inputs"]


def check_inputs(plan: Plan, inputs: Inputs) -> None:
    """Raises DataError with everything that is wrong with the columns of all tables."""
    found: list[Diagnostic] = []
    for kind in plan.kinds.values():
        if kind.members != "registered":
            continue
        parent = (kind.parent,) if kind.parent else ()
        for rows in inputs.targets.get(kind.name, ()):
            lifetime = [name for name in (grammar.SINCE_COLUMN, grammar.UNTIL_COLUMN) if name in rows.columns]
            found += _missing(rows, (grammar.NAME_COLUMN, *parent), kind.fields, kind.name, lifetime)
    for record in plan.records.values():
        for rows in inputs.records.get(record.name, ()):
            found += _missing(rows, cell_columns(record), record.fields, record.name)
    if found:
        raise DataError(found)


def _missing(
    rows: Rows, first: Sequence[str], fields: Mapping[str, FieldType], kind: str, more: Sequence[str] = ()
) -> list[Diagnostic]:
    required = [*first, *(name for name, type_ in fields.items() if not type_.optional)]
    optional = [*(name for name, type_ in fields.items() if type_.optional), *more]
    return check_columns(rows, required, optional, kind=kind)
