"""From the tables of an assessment to the cells of ladders, and from moves to rows of consequences. Knows no engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

from cityrules.calendar.periods import Periods
from cityrules.live.chain import NO, UNKNOWN, YES, Cell, Chain, Mark
from cityrules.live.cut import ChainedLadder
from cityrules.loaded import Assessment
from cityrules.plan.climbing import BOUNDED
from cityrules.plan.model import Step
from cityrules.results.format import as_text, level_type, scaled
from cityrules.results.tables import Cell as Value
from cityrules.results.tables import inner_columns

Row = dict[str, Value]
Closed = Callable[[str, bool], bool]
"""Whether what follows in a period stands, by its name and whether it is provisional."""

_FLAGS = {"true": YES, "false": NO}


def inner_rows(assessment: Assessment, name: str) -> Iterator[Row]:
    """The rows of a table as engines fill it, where a target by dimension has one name."""
    table, columns = assessment.tables[name], inner_columns(name)
    return (dict(zip(columns, row, strict=True)) for row in (table.inner or table.rows)())


class _Found(NamedTuple):
    """A row of `values`: what there is, and whether it is determined."""

    text: str | None
    determined: bool


_NOBODY = _Found(None, True)


class _Tables:
    """The tables of an assessment, looked up by measure or consequence, target and period."""

    def __init__(self, assessment: Assessment) -> None:
        self.values: dict[tuple[str, str], dict[str, _Found]] = {}
        self.provisional: dict[tuple[str, str], dict[str, bool]] = {}
        self.rows: dict[tuple[str, str, str], Row] = {}
        self.targets: dict[str, dict[str, None]] = {}
        for row in inner_rows(assessment, "values"):
            measure, target = str(row["measure"]), str(row["target"])
            self.targets.setdefault(measure, {})[target] = None
            period, text = str(row["period"]), row["value"]
            found = _Found(None if text is None else str(text), row["state"] != "undetermined")
            self.values.setdefault((measure, target), {})[period] = found
            self.provisional.setdefault((measure, target), {})[period] = bool(row["provisional"])
        for row in inner_rows(assessment, "consequences"):
            self.rows[str(row["consequence"]), str(row["target"]), str(row["period"])] = row
        self.undecided = {
            (str(row["name"]), str(row["target"]), str(row["period"])): (row["cause"], row["detail"])
            for row in inner_rows(assessment, "problems")
            if row["level"] == "undecided"
        }

    def value(self, measure: str, target: str, period: str) -> _Found:
        return self.values.get((measure, target), {}).get(period, _NOBODY)


def climbed(ladders: tuple[ChainedLadder, ...], assessment: Assessment, chain: Chain, closed: Closed) -> Iterator[Row]:
    """The rows of `consequences` that ladders leave in periods that are closed, walked by a chain."""
    tables = _Tables(assessment)
    for ladder in ladders:
        for target in tables.targets.get(ladder.measure.name, ()):
            yield from _of_target(ladder, target, tables, assessment.plan.periods, chain, closed)


def plain_rows(ladders: tuple[ChainedLadder, ...], assessment: Assessment) -> Iterator[Row]:
    """The rows of the other consequences."""
    every = [(ladder, step) for ladder in ladders for step in ladder.consequence.steps]
    steps = {name for ladder, step in every for name in (ladder.row(step), ladder.look(step))}
    return (row for row in inner_rows(assessment, "consequences") if row["consequence"] not in steps)


def _of_target(
    ladder: ChainedLadder,
    target: str,
    tables: _Tables,
    periods: Periods,
    chain: Chain,
    closed: Closed,
) -> Iterator[Row]:
    kind = ladder.consequence.grain.period or ""
    provisional = tables.provisional[ladder.measure.name, target]
    names = {periods[kind].parse(name): name for name in provisional}
    stands = {index for index, name in names.items() if closed(name, provisional[name])}
    if not stands:
        return
    cells = [
        _cell(ladder, target, tables, periods, index, index - 1 not in names, names[index])
        for index in sorted(names)
        if index <= max(stands)
    ]
    thread = f"{ladder.consequence.name}\t{target}"
    for move in chain.moves(thread, ladder.shape, cells):
        if move.at not in stands:
            continue
        period = names[move.at]
        applies = tables.value(ladder.applies, target, period) if ladder.applies is not None else None
        if applies is None or (applies.determined and applies.text == "true"):
            for number in move.fired:
                step = ladder.consequence.steps[number]
                row = tables.rows[ladder.row(step), target, period]
                assert move.value is not None
                assert move.level is not None
                yield _row(ladder, step, row, move.value, move.level)


def _cell(
    ladder: ChainedLadder, target: str, tables: _Tables, periods: Periods, index: int, hole: bool, period: str
) -> Cell:
    """What is known of a cell of the measure of a ladder."""
    found = tables.value(ladder.measure.name, target, period)
    doubt, steps, void = False, list[int](), list[int]()
    for number, step in enumerate(ladder.consequence.steps):
        look = tables.value(ladder.read(step), target, period)
        against = tables.undecided.get((ladder.look(step), target, period))
        # That a condition is unknown is no doubt about the cell; what cannot be read is.
        own = against == ("undecided", ladder.look(step))
        doubt = doubt or not look.determined or (against is not None and not own)
        steps.append(_number(look, ladder.scale) if step.trigger in BOUNDED else _held(look, step))
        if against is None and (ladder.row(step), target, period) in tables.undecided:
            void.append(number)
    anew = hole
    if ladder.run is not None:
        kind = ladder.consequence.grain.period or ""
        anew = hole or (ladder.run.new_year == "breaks" and periods.years_apart(kind, index))
        return Cell(index, hole, anew, _mark(found), 0, doubt, tuple(steps), tuple(void))
    mark: Mark = "hit" if found.determined else "unknown"
    return Cell(index, hole, anew, mark, _number(found, ladder.scale), doubt, tuple(steps), tuple(void))


def _mark(found: _Found) -> Mark:
    """Whether the condition of a run held."""
    if not found.determined:
        return "unknown"
    return "missing" if found.text is None else "hit" if found.text == "true" else "miss"


def _held(found: _Found, step: Step) -> int:
    if not found.determined:
        return UNKNOWN
    if found.text is None:
        return {"yes": YES, "undecided": UNKNOWN}.get(step.unknown or "no", NO)
    return _FLAGS[found.text]


def _number(found: _Found, scale: int) -> int:
    """A number made whole; what is missing counts 0."""
    return 0 if found.text is None else scaled(Fraction(found.text), scale)


def _row(ladder: ChainedLadder, step: Step, row: Mapping[str, Value], value: int, level: int) -> Row:
    """The row of a step as the ladder leaves it."""
    consequence, power = ladder.consequence, 10**ladder.scale
    told = as_text(Fraction(level, power), level_type(consequence, ladder.measure.type))
    evidence = row["evidence"]
    if ladder.run is not None:
        # What else the condition of the step read stands behind the count.
        counted = f"{ladder.run.name}={as_text(Fraction(value, power), ladder.run.type)}"
        evidence = f"{counted}; {evidence}" if evidence else counted
    return {**row, "consequence": consequence.name, "step": step.name, "level": told, "evidence": evidence}
