"""Who stands near a line: cells and records with a number within a distance of what it is held against, above or below.

Reads a plan, the tables of one assessment and the facts behind them; runs nothing. A *line* is a bound of bands or
tiers, a step of a ladder, or a comparison of two numbers in a condition that somebody wrote and that is judged once in
a cell (or for a single record, where the measure or consequence is about these). What is judged for each element of a
fold or ledger is none.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import cache, partial
from typing import Any, Final

from cityrules.compare.near.cliffs import Cliffs, Line, LineKind, Near
from cityrules.compare.near.deciding import Comparisons, conditions
from cityrules.engines.base import Outcome
from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Tree, Value
from cityrules.feel.types import Number
from cityrules.plan.model import Bands, Check, Consequence, Duty, Measure, Plan, RecordAxis, Tiers
from cityrules.results.cells import Cells
from cityrules.results.explanation import line as told
from cityrules.results.format import fraction_text
from cityrules.results.places import Place
from cityrules.results.reading import Reader
from cityrules.results.trail import Trail
from cityrules.results.verdicts import About
from cityrules.results.why_ladders import standing
from cityrules.scheme.notation import parts_of, split_name
from cityrules.testing.coverage.sites import Site

OF_FRACTIONS: Final = Fraction(1, 10)
"""How far is near, where nobody says and the number is a fraction without a last digit."""


def near_lines(plan: Plan, outcome: Outcome, within: Fraction | None = None, of: Collection[str] = ()) -> Cliffs:
    """Who stands within a distance of a line, that distance included. `within` None: one unit of the last digit of what
    is held against the line, of what is a fraction 0.1. `of`: the measures, consequences and checks whose lines are
    meant (empty: all)."""
    seen = _Looking(plan, Reader(plan, Cells(outcome.tables), outcome.facts), within)
    for one in (*plan.computed(), *plan.checks.values()):
        if not isinstance(one, Duty) and (not of or one.name in of):
            seen.look(one)
    return Cliffs(tuple(seen.lines), tuple(sorted(seen.near, key=seen.place)))


class _Looking:
    """One pass over a plan and its outcome."""

    def __init__(self, plan: Plan, reader: Reader, within: Fraction | None) -> None:
        self.lines: dict[Line, int] = {}
        self.near: list[Near] = []
        self._plan = plan
        self._reader = reader
        self._within = within
        self._comparisons = Comparisons(plan)

    def place(self, one: Near) -> tuple[int, str, tuple[str, ...]]:
        """Line by line; of one line by period and target."""
        about = one.about
        where = (about.target_kind, about.target, about.dimension, about.record_kind, about.record)
        return self.lines[one.line], about.period or "", tuple(part or "" for part in where)

    def look(self, owner: Measure | Consequence | Check) -> None:
        """Find the lines of a measure, consequence or check, and who is near them."""
        places = cache(lambda: list(self._places(owner)))  # Of most measures there are no lines.
        match owner:
            case Bands():
                self._bands(owner, places())
            case Tiers():
                self._tiers(owner, places())
            case Consequence() if owner.ladder is not None:
                self._ladder(owner, owner.ladder, places())
        for expr in conditions(owner):
            sites = list(self._comparisons.within(expr.tree))
            for site in sites:
                self._line("condition", owner, ".".join(site.path), site.text, site.value)
            for here in places() if sites else ():
                for site in self._comparisons.deciding(expr.tree, partial(self._value, here=here)):
                    self._condition(owner, site, here)

    # ------------------------------------------------------------------------------------------- where

    def _places(self, owner: Measure | Consequence | Check) -> Iterator[Place]:
        """The cells (or records) in which something is judged."""
        if isinstance(owner, (Consequence, Check)):
            applies = owner.applies if isinstance(owner, Consequence) else None
            for here in self._cells_of(owner):
                if applies is None or self._value(applies.tree, here) is True:
                    yield here
            return
        table = "record_values" if owner.of_record else "values"
        for row in self._reader.cells.rows(table, measure=owner.name):
            place = self._reader.place_of_row(row)
            if place is not None:
                yield place

    def _cells_of(self, owner: Consequence | Check) -> Iterator[Place]:
        """The cells of what has no table with all of them: of the targets that the tables know, in what is assessed."""
        kind, period = owner.grain.kind, owner.grain.period
        if owner.of_record:
            for key in self._reader.facts.reached(RecordAxis(kind, None), "", None):
                yield Place(kind, key, of_record=True)
            return
        found: dict[Place, None] = {}
        for row in self._reader.cells.distinct("values", "target_kind", "target", "period"):
            target_kind, target, name = (None if part is None else str(part) for part in row)
            if target_kind != kind:
                continue
            if period is None:
                found[Place(kind, target or "")] = None
            elif self._plan.periods[period].whose is None:
                for index in self._plan.periods.in_span(period, self._reader.facts.span):
                    found[Place(kind, target or "", period, index)] = None
            elif name is not None and self._plan.periods.parse(name)[0] == period:
                found[self._reader.cell(kind, target or "", *self._plan.periods.parse(name))] = None
        yield from (here for here in found if self._reader.has_cell(owner, here))

    # ------------------------------------------------------------------------------------------- what

    def _bands(self, bands: Bands, places: Sequence[Place]) -> None:
        results = [*(result for _, result in bands.bounds), bands.otherwise]
        for number, (bound, given) in enumerate(bands.bounds):
            text = f"{bands.word} {bound.text}"
            line = self._line("band", bands, bound.path, text, bands.value.tree)
            for here in places:
                pair = self._pair(line, bands.value.tree, bound.tree, here)
                if pair is None:
                    continue
                reached = _reached(bands, *pair)
                beside, beyond = (given, results[number + 1]) if reached else (results[number + 1], given)
                self._add(line, here, *pair, reached, _said(self._band(bands, pair[0], here, beside)), _said(beyond))

    def _band(self, bands: Bands, value: Fraction, here: Place, beside: object) -> object:
        """The band that a cell has: far from a line it need not be the one beside it, which stands in where a bound is
        not known."""
        for bound, given in bands.bounds:
            at = self._value(bound.tree, here)
            if not isinstance(at, (int, Fraction)):
                return beside
            if _reached(bands, value, Fraction(at)):
                return given
        return bands.otherwise

    def _tiers(self, tiers: Tiers, places: Sequence[Place]) -> None:
        for one in tiers.tiers:
            if one.bound is None:
                continue
            line = self._line("tier", tiers, one.bound.path, f"up_to {one.bound.text}", tiers.number.tree)
            for here in places:
                pair = self._pair(line, tiers.number.tree, one.bound.tree, here)
                if pair is not None:
                    self._add(line, here, *pair, pair[0] <= pair[1])

    def _ladder(self, body: Consequence, ladder: str, places: Sequence[Place]) -> None:
        type_ = self._plan.measures[ladder].type
        for step in body.steps:
            if step.bound is None:
                continue
            text = f"{step.trigger} {step.bound.text}"
            line = self._line("step", body, step.bound.path, text, type_, step.act.clause)
            for here in places:
                found, level = self._value(step.bound.tree, here), self._level(body, ladder, here)
                if level is None or not isinstance(found, (int, Fraction)):
                    continue
                bound = Fraction(found)
                if abs(level - bound) > line.within:
                    continue
                reached = level > bound if step.trigger == "exceeds" else level >= bound
                sides = (step.name, None)
                self._add(line, here, level, bound, reached, *(sides if reached else sides[::-1]))

    def _level(self, body: Consequence, ladder: str, here: Place) -> Fraction | None:
        """How far a ladder has come: its measure, less what a restart took off."""
        place = self._reader.place_at(ladder, here)
        value = None if place is None else self._reader.measured(ladder, place)
        if not isinstance(value, (int, Fraction)):
            return None
        if body.restart_after is None:
            return Fraction(value)
        found = standing(Trail(self._plan, self._reader, lambda *_: told("step"), 0), body, here).climbed
        return None if found is None else Fraction(found.level)

    def _condition(self, owner: Measure | Consequence | Check, site: Site, here: Place) -> None:
        if site.value is None or site.bound is None:
            return
        line = self._line("condition", owner, ".".join(site.path), site.text, site.value)
        pair = self._pair(line, site.value, site.bound, here)
        holds = self._value(site.node, here)
        if pair is not None and isinstance(holds, bool):
            self._add(line, here, *pair, holds)

    # ------------------------------------------------------------------------------------------- numbers

    def _line(
        self,
        kind: LineKind,
        owner: Measure | Consequence | Check,
        path: str,
        text: str,
        of: Tree | Any,
        clause: str | None = None,
    ) -> Line:
        type_ = getattr(of, "type", of)
        scale = type_.scale if isinstance(type_, Number) else None
        within = self._within
        if within is None:
            within = OF_FRACTIONS if scale is None else Fraction(1, 10**scale)
        line = Line(kind, owner.name, owner.label, clause or owner.clause, path, text, within)
        self.lines.setdefault(line, len(self.lines))
        return line

    def _pair(self, line: Line, value: Tree, bound: Tree, here: Place) -> tuple[Fraction, Fraction] | None:
        """A number and what it is held against, if they are near each other."""
        one, other = self._value(value, here), self._value(bound, here)
        if not isinstance(one, (int, Fraction)) or not isinstance(other, (int, Fraction)):
            return None
        pair = Fraction(one), Fraction(other)
        return pair if abs(pair[0] - pair[1]) <= line.within else None

    def _value(self, tree: Tree, here: Place) -> Value:
        try:
            return evaluate(tree, lambda binding: self._reader.value(binding, here))
        except EvaluationError:
            return None

    def _add(
        self,
        line: Line,
        here: Place,
        value: Fraction,
        bound: Fraction,
        reached: bool,
        result: str | None = None,
        beyond: str | None = None,
    ) -> None:
        self.near.append(Near(line, self._about(line.owner, here), value, bound, reached, result, beyond))

    def _about(self, name: str, here: Place) -> About:
        if here.of_record:
            return About(name, record_kind=here.kind, record=here.target)
        target, *values = split_name(here.target)
        dimension = " / ".join(values) or None
        return About(name, parts_of(here.kind)[0], target or None, dimension, self._reader.period_name(here))


def _reached(bands: Bands, value: Fraction, bound: Fraction) -> bool:
    beyond = value < bound if bands.word in ("up_to", "below") else value > bound
    return beyond or (value == bound and bands.word in ("at_least", "up_to"))


def _said(result: object) -> str | None:
    if isinstance(result, (int, Fraction)) and not isinstance(result, bool):
        return fraction_text(result)
    return None if result is None else str(result)
