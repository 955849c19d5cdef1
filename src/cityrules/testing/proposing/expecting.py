"""What a case expects, out of the result tables of the reference engine. Judges nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cityrules.calendar.periods import Span
from cityrules.engines.base import Outcome
from cityrules.plan.model import Measure, Plan
from cityrules.results.tables import Cell
from cityrules.testing.cells import NO_CELL, UNDETERMINED, by_cell, cell_in
from cityrules.testing.given import PROBLEMS, REJECTS

MOST_CELLS: Final = 8
"""So many cells of a measure are expected that have another value than most."""
MOST_ALIKE: Final = 2
"""So many of the value that most cells have."""


Pins = Mapping[str, frozenset[str]]
"""Cells by measure that have to be expected, so that the case is about their days."""


def expected(plan: Plan, outcome: Outcome, names: Iterable[str], pins: Pins | None = None) -> dict[str, object]:
    """What comes out of some measures, consequences and checks; and all rejected rows, since a case has to speak of
    them. Of a measure that does not apply everywhere some cells are told that are not there. One that has come to
    nothing is left out; that no consequence follows, or that a check holds, says something."""
    pins = pins or {}
    found: dict[str, object] = {}
    problems: dict[str, object] = {}
    for name in dict.fromkeys(names):
        if name in plan.measures:
            values = _values(plan, outcome, plan.measures[name], pins.get(name, frozenset()))
            if values:
                found[name] = values
        elif name in plan.consequences:
            rows = [row for row in _rows(outcome, "consequences") if row["consequence"] == name]
            steps = bool(plan.consequences[name].steps)
            found[name] = _steps(rows) if steps and rows else [cell_in(row) for row in rows]
        elif name in plan.checks:
            problems[name] = [cell_in(row) for row in _rows(outcome, "problems") if row["name"] == name]
    if problems:
        found[PROBLEMS] = problems
    rejects = _rejects(outcome)
    return {**found, REJECTS: rejects} if rejects else found


def reaching(plan: Plan, outcome: Outcome, names: Iterable[str], span: Span) -> Pins:
    """Cells of one measure, of the given names if possible, that lie at the first and the last days of a span."""
    known = plan.periods
    others = (name for name in plan.measures if "." not in name)
    for name in dict.fromkeys((*(name for name in names if name in plan.measures), *others)):
        kind = plan.measures[name].grain.period
        if plan.measures[name].of_record or kind is None or known[kind].whose is not None:
            continue
        rows = [row for row in _rows(outcome, "values") if row["measure"] == name]
        periods = [(known.parse(str(row["period"]))[1], row) for row in rows]
        if not periods:
            continue
        first, last = (choose(periods, key=lambda one: one[0]) for choose in (min, max))
        if known.start_of(kind, first[0]) <= span.start and span.last_day <= known.last_day_of(kind, last[0]):
            return {name: frozenset((cell_in(first[1]), cell_in(last[1])))}
    return {}


def _values(plan: Plan, outcome: Outcome, measure: Measure, pinned: frozenset[str]) -> dict[str, object]:
    table = list(_rows(outcome, "record_values" if measure.of_record else "values"))
    rows = [row for row in table if row["measure"] == measure.name]
    said = {cell_in(row): UNDETERMINED if row["state"] == UNDETERMINED else row["value"] for row in rows}
    texts: dict[str, object] = {cell: None if value is None else str(value) for cell, value in said.items()}
    usual = Counter(texts.values()).most_common(1)[0][0] if texts else None
    unusual = [cell for cell in texts if texts[cell] != usual]
    alike = [cell for cell in texts if texts[cell] == usual]
    kept = {*pinned, *unusual[:MOST_CELLS], *alike[: MOST_ALIKE if unusual else MOST_CELLS // 2]}
    beside = _beside(plan, table, measure) if getattr(measure, "applies", None) is not None else ()
    gone = [cell for cell in (*sorted(pinned), *beside) if cell not in texts]
    told = {cell: value for cell, value in texts.items() if cell in kept}
    return {**told, **dict.fromkeys(dict.fromkeys(gone[: len(pinned) + MOST_ALIKE]), NO_CELL)}


def _beside(plan: Plan, rows: Iterable[Mapping[str, Cell]], measure: Measure) -> Iterator[str]:
    """The cells of other measures of the same grain, in which this one could have one, too."""
    alike = {one.name for one in plan.measures.values() if one.grain == measure.grain}
    yield from dict.fromkeys(cell_in(row) for row in rows if row["measure"] in alike)


def _steps(rows: Iterable[Mapping[str, Cell]]) -> dict[str, object]:
    return {**by_cell((cell_in(row), str(row["step"])) for row in rows)}


def _rejects(outcome: Outcome) -> dict[str, object]:
    found: dict[str, list[tuple[str, str]]] = {}
    for row in _rows(outcome, "rejects"):
        found.setdefault(str(row["kind"]), []).append((str(row["key"]), str(row["reasons"])))
    return {kind: by_cell(rows) for kind, rows in found.items()}


def _rows(outcome: Outcome, table: str) -> Iterator[Mapping[str, Cell]]:
    found = outcome.tables[table]
    return (dict(zip(found.shape.names, row, strict=True)) for row in found.rows())
