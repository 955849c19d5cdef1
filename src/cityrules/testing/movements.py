"""What a worked case expects of the movements of ledgers, held against the lines that came out.

Knows result tables, plans and how cells are written; runs nothing. Only the cells, rules and records that are named are
compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cityrules.feel.types import Number
from cityrules.plan.model import Ledger, Plan
from cityrules.results.format import fraction_text
from cityrules.results.tables import Cell
from cityrules.results.why_ledger import own_lines
from cityrules.testing.cells import Path, UnreadableError, address_in, address_of, as_map, cell, typed, unknown_name
from cityrules.testing.given import MOVEMENTS
from cityrules.testing.notes import Address, Difference, Notes

DIFFERS: Final = "CR1049"
NO_LEDGER: Final = "CR1064"
NOT_THERE: Final = "CR710"
NONE: Final = "null"
"""How it is written that nothing moves."""
_POINTS: Final = Number(None)

Rows = Iterable[Mapping[str, Cell]]


def compare_movements(wanted: object, plan: Plan, lines: Rows, values: Rows, notes: Notes) -> None:
    """Note where movements are others than `{LEDGER: {CELL: {RULE: POINTS or {KEY: POINTS}}}}` says. `lines`, `values`:
    the rows of the tables of these names. Raises `UnreadableError`."""
    path: Path = ("expect", MOVEMENTS)
    there = {(str(row["measure"]), address_in(row)) for row in values}
    found: dict[tuple[str, Address], list[Mapping[str, Cell]]] = {}
    for row in lines:
        found.setdefault((str(row["measure"]), address_in(row)), []).append(row)
    for name, cells in as_map(wanted, path).items():
        here = (*path, name)
        ledger = plan.measures.get(name)
        if ledger is None:
            raise unknown_name(here, [one for one, made in plan.measures.items() if isinstance(made, Ledger)])
        if not isinstance(ledger, Ledger):
            raise UnreadableError(NO_LEDGER, here, at_key=True, found=name)
        for said, moves in as_map(cells, here).items():
            at = (*here, said)
            address = address_of(plan.periods, ledger.grain, cell(plan.periods, said, name, ledger.grain, at))
            if (name, address) not in there:
                notes.add(NOT_THERE, at, at_key=True, name=name, found=said)
                continue
            _compare(ledger, said, address, as_map(moves, at), found.get((name, address), []), notes)


def _compare(
    ledger: Ledger,
    said: str,
    address: Address,
    wanted: Mapping[str, object],
    lines: list[Mapping[str, Cell]],
    notes: Notes,
) -> None:
    known = dict.fromkeys((*(rule.name for rule in ledger.rules), *own_lines(ledger)))
    for rule, points in wanted.items():
        path = ("expect", MOVEMENTS, ledger.name, said, rule)
        if rule not in known:
            notes.unreadable(unknown_name(path, known))
            continue
        mine = [row for row in lines if row["rule"] == rule]
        for at, text, some in _parts(path, points, mine):
            moved = sum((_exact(row["points"]) for row in some), Fraction(0)) if some else None
            try:
                want = _number(text, at)
            except UnreadableError as error:
                notes.unreadable(error)
                continue
            if want == moved:
                continue
            shown = [NONE if one is None else fraction_text(one) for one in (want, moved)]
            cell_ = said if at == path else f"{said} ({at[-1]})"
            notes.add(DIFFERS, at, name=ledger.name, rule=rule, cell=cell_, wanted=shown[0], found=shown[1])
            notes.differs(Difference(at, ledger.name, (shown[0],), (shown[1],), shown[1], (address,)))


def _parts(
    path: Path, points: object, lines: list[Mapping[str, Cell]]
) -> Iterator[tuple[Path, object, list[Mapping[str, Cell]]]]:
    """What is expected of a rule, or of each record that it has hit: where it stands, its text, and its lines."""
    if not isinstance(points, Mapping):
        yield path, points, lines
        return
    for key, text in points.items():
        yield (*path, str(key)), text, [row for row in lines if row["record"] is not None and row["record"] == str(key)]


def _number(text: object, path: Path) -> Fraction | None:
    want = typed(text, _POINTS, path)
    assert want is None or isinstance(want, (int, Fraction))
    return None if want is None else Fraction(want)


def _exact(points: Cell) -> Fraction:
    assert isinstance(points, (Decimal, int))
    return Fraction(points)
