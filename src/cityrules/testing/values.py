"""What a worked case expects of the values of a measure, cell by cell, held against those that came out.

Knows result tables, plans and how cells are written; runs nothing. Only the cells that are named are compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cityrules.feel.types import Number, Type
from cityrules.plan.model import Measure, Plan
from cityrules.results.format import as_text
from cityrules.results.tables import Cell
from cityrules.testing.cells import (
    NO_CELL,
    UNDETERMINED,
    Path,
    UnreadableError,
    address_in,
    address_of,
    cell,
    cell_in,
    typed,
)
from cityrules.testing.given import Case
from cityrules.testing.notes import Address, Difference, Notes

NOT_THERE: Final = "CR710"
DEPENDS: Final = "depends"

Rows = Sequence[Mapping[str, Cell]]


def compare_values(
    measure: Measure,
    wanted: Mapping[str, object],
    case: Case,
    plan: Plan,
    values: Rows,
    problems: Rows,
    notes: Notes,
) -> None:
    """Note where the values of a measure are others than `{CELL: VALUE}` says; `values`, `problems`: the rows of the
    tables in which they stand."""
    found: dict[Address, str | None] = {}
    for row in values:
        if row["measure"] == measure.name:
            value = UNDETERMINED if row["state"] == UNDETERMINED else row["value"]
            found[address_in(row)] = None if value is None else str(value)
    for said, text in wanted.items():
        path = ("expect", measure.name, said)
        try:
            _compare(measure, path, text, found, case, plan, problems, notes)
        except UnreadableError as error:
            notes.unreadable(error)


def _compare(
    measure: Measure,
    path: Path,
    text: object,
    found: Mapping[Address, str | None],
    case: Case,
    plan: Plan,
    problems: Rows,
    notes: Notes,
) -> None:
    said = path[-1]
    key = None if measure.of_record else cell(plan.periods, said, measure.name, measure.grain, path)
    address: Address = said if key is None else address_of(plan.periods, measure.grain, key)
    in_words = text in (UNDETERMINED, NO_CELL)
    want = str(text) if in_words else as_text(typed(text, measure.type, path), measure.type)
    kind = measure.grain.kind if measure.of_record else None
    shown = want or "null"
    if address not in found:
        if key is None:
            case.known.record(said, measure.grain.kind, measure.name, path)
        else:
            case.known.target(key, measure.grain, measure.name, path)
        if want != NO_CELL:
            notes.add(NOT_THERE, path, at_key=True, name=measure.name, found=said)
            notes.differs(Difference(path, measure.name, (shown,), (NO_CELL,), NO_CELL, (address,), kind))
    elif not _same(want, found[address], measure.type):
        got = found[address] or "null"
        began = _began(measure.name, address, problems) if got == UNDETERMINED else None
        code, more = "CR701" if began is None else "CR958", began or {"found": got}
        notes.add(code, path, False, name=measure.name, cell=said, wanted=shown, **more)
        notes.differs(Difference(path, measure.name, (shown,), (got,), got, (address,), kind))


def _began(name: str, cell: Address, problems: Rows) -> dict[str, str] | None:
    """Where what is undetermined about a cell began: the first problem, on the way down through what it reads, that
    does not rest on another one. Of problems of one measure those of the cell's own period come first."""
    period = None if isinstance(cell, str) else cell[1]
    rows = [row for row in problems if row["name"] != name or address_in(row) == cell]
    rows.sort(key=lambda row: row["period"] != period)
    waiting, seen = [name], set[str]()
    while waiting:
        here = waiting.pop(0)
        seen.add(here)
        mine = [row for row in rows if row["name"] == here]
        for row in mine:
            if row["cause"] != DEPENDS:
                detail = str(row["detail"] or here)
                return {"origin": here, "place": cell_in(row), "cause_type": str(row["cause"]), "detail": detail}
        below = (part for row in mine for part in str(row["detail"]).split(", "))
        waiting += [part for part in dict.fromkeys(below) if part not in seen]
    return None


def _same(want: str | None, got: str | None, type_: Type) -> bool:
    """Numbers by value (70 is 70.00), everything else by text."""
    if isinstance(type_, Number) and want is not None and got is not None:
        try:
            return Fraction(Decimal(want)) == Fraction(Decimal(got))
        except ArithmeticError:
            return want == got
    return want == got
