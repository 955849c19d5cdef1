"""The names of columns: those a table has against those a kind declares. Knows nothing of files or engines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cityrules.io.rows import Rows
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.suggest import nearest

EMPTY_NAME: Final = "CR510"
SAME_NAME: Final = "CR511"
NO_COLUMN: Final = "CR512"
UNREADABLE: Final = "CR513"

_SHOWN: Final = 12


def check_columns(
    rows: Rows, required: Sequence[str], optional: Sequence[str] = (), *, kind: str = ""
) -> list[Diagnostic]:
    """What is wrong with the columns of a table that is to be read as `kind`; empty when nothing is.

    `required` columns must be there; `optional` ones too, unless the table says otherwise (`Rows.optional_columns`).
    A column that is there but cannot be read (a list in a Parquet file) is named with its type. Other columns do not
    matter. Engines raise `DataError` with what this returns, for all tables at once.
    """
    report = Report()
    if rows.optional_columns and not rows.columns:
        # An empty list of Python objects: there is no row that could lack anything.
        return []
    unreadable = getattr(rows, "unreadable_columns", {})
    declared = [*required, *(() if rows.optional_columns else optional)]
    free = [column for column in rows.columns if column not in required and column not in optional]
    for column in [*required, *optional]:
        if column in unreadable:
            report.add(UNREADABLE, source=rows.name, kind=kind, found=column, type=unreadable[column])
        elif column in declared and column not in rows.columns:
            columns = ", ".join(rows.columns[:_SHOWN]) + (" …" if len(rows.columns) > _SHOWN else "")
            report.add(
                NO_COLUMN,
                source=rows.name,
                kind=kind,
                found=column,
                columns=columns,
                suggestion=nearest(column, free) or "",
            )
    return list(report)


def check_header(columns: Sequence[str], source: str) -> list[Diagnostic]:
    """Names that are empty or stand twice."""
    report = Report()
    seen: set[str] = set()
    for place, column in enumerate(columns, 1):
        if not column.strip():
            report.add(EMPTY_NAME, source=source, place=place)
        elif column in seen:
            report.add(SAME_NAME, source=source, found=column)
        seen.add(column)
    return list(report)
