"""What a run has come by beside rules and branches: on which side of each bound, which stated special case.

A comparison inside a condition counts only where it decides: where the rest of the condition leaves the answer to it
(modified condition/decision coverage). Values and bounds are the engine's own; nothing here knows what a rule means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from fractions import Fraction

from cityrules.engines.base import Outcome
from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Call, Compare, If, IsMissing, Logic, Lookup, Not, Tree, Value
from cityrules.feel.walk import children, nodes
from cityrules.plan.model import Bands, Consequence, Deadline, Expr, Formula, Overridden, Pauses, Plan, Tiers
from cityrules.testing.coverage.distance import beside, side
from cityrules.testing.coverage.grid import Grids
from cityrules.testing.coverage.parts import decided
from cityrules.testing.coverage.points import last_day, still_open
from cityrules.testing.coverage.policies import absent_mark, paused_mark, policies, unknown_mark
from cityrules.testing.coverage.sites import Site, atoms, mark, sites
from cityrules.testing.coverage.trace import Read, Trace, rows

Look = Callable[[Read], None]


class Watcher(Trace):
    """Watches an engine that runs one plan."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self._sites = {id(site.node): site for site in sites(plan)}
        self._wanted: dict[int, tuple[Expr, frozenset[str]]] = {}
        self._looks: dict[int, list[Look]] = {}
        self._guarded: dict[int, str] = {}
        self._kept: list[object] = [plan]
        self._tables = {
            name: one.table.rows
            for name, one in plan.tables.items()
            if one.table.absent is not None and one.table.stated
        }
        self._grids = Grids(plan)
        self._steps = dict(self._with_steps(plan))
        for expr, shown in policies(plan):
            self._look(expr, self._missing(expr, shown))
        for measure in plan.measures.values():
            self._prepare(measure)

    def _prepare(self, measure: object) -> None:
        match measure:
            case Tiers():
                self._look(measure.value, self._tiers(measure))
            case Overridden():
                for branch in measure.overrides:
                    self._look(measure.value, self._missing(branch.when, unknown_mark(branch.when)))
            case Deadline(part="late"):
                self._look(measure.value, self._deadline(measure))
            case Deadline(stops=stops) if stops is not None:
                self._look(measure.value, self._paused(measure, stops))
            case _:
                pass
        if isinstance(measure, Formula) and measure.empty is not None:
            self._guarded[id(measure.value)] = decided(f"{measure.path}.empty")

    def _look(self, expr: Expr, look: Look) -> None:
        self._kept.append(expr)
        self._looks.setdefault(id(expr), []).append(look)

    def __call__(self, expr: Expr, read: Read) -> None:
        empty = self._guarded.get(id(expr))
        if empty is not None and any(_value(guard, read) == 0 for guard in expr.guards):
            self.marks.add(empty)
            return
        super().__call__(expr, read)
        for look in self._looks.get(id(expr), ()):
            look(read)
        if not self._all_of(expr) <= self.marks:
            self._see(expr.tree, read, True)

    def _all_of(self, expr: Expr) -> frozenset[str]:
        """All that can be shown of the conditions of an expression."""
        known = self._wanted.get(id(expr))
        if known is None:
            there = [self._sites[id(node)] for node in atoms(expr.tree) if id(node) in self._sites]
            tables = {node.table for node in nodes(expr.tree) if isinstance(node, Lookup)} & self._tables.keys()
            sides = (site.mark(side) for site in there for side in site.sides)
            known = expr, frozenset((*sides, *map(absent_mark, tables)))
            self._wanted[id(expr)] = known
        return known[1]

    def _see(self, tree: Tree, read: Read, decides: bool) -> None:
        """Only what is come to. `decides`: the answer of the whole hangs on this part."""
        site = self._sites.get(id(tree))
        if site is not None and decides:
            self._show(site, tree, read)
        match tree:
            case Lookup():
                self._look_up(tree, read)
            case Logic(op=op, items=items):
                other = op == "or"  # What decides an `or` is true, an `and` false, whatever the others say.
                held = [_value(item, read) for item in items]
                for place, item in enumerate(items):
                    rest = held[:place] + held[place + 1 :]
                    self._see(item, read, decides and other not in rest)
            case If():
                holds = _value(tree.condition, read)
                self._see(tree.condition, read, decides)
                if isinstance(holds, bool):
                    self._see(tree.then if holds else tree.otherwise, read, decides)
            case Not() | Call(function="default"):
                self._see(children(tree)[0], read, decides)
            case Compare() | IsMissing() | _:
                for part in children(tree):
                    self._see(part, read, decides)

    def _look_up(self, tree: Lookup, read: Read) -> None:
        """Note a key of which the table has no row; one that is missing is none."""
        rows_ = self._tables.get(tree.table)
        if rows_ is not None:
            key = tuple(_value(argument, read) for argument in tree.keys)
            if None not in key and key not in rows_:
                self.marks.add(absent_mark(tree.table))

    def _show(self, site: Site, tree: Tree, read: Read) -> None:
        if site.value is None or site.bound is None:
            holds = _value(tree, read)
            if isinstance(holds, bool):
                self.marks.add(site.mark("true" if holds else "false"))
            return
        self._beside(site.key, _value(site.value, read), _value(site.bound, read), self._grids.step(site.value))

    def compared(self, path: str, value: Value, bound: Value) -> None:
        self._beside(path, value, bound, self._steps.get(path))

    def _beside(self, key: str, value: Value, bound: Value, near: Fraction | None) -> None:
        """Note on which side of a bound a value lies, and whether just beside it."""
        place = side(value, bound)
        if place is None:
            return
        self.marks.add(mark(key, place))
        if beside(value, bound, near):
            self.marks.add(mark(key, place, near=True))

    def _with_steps(self, plan: Plan) -> Iterator[tuple[str, Fraction | None]]:
        """How far apart the values are that are held against the bounds of forms, by where these stand."""
        for one in plan.computed():
            if isinstance(one, Bands):
                step = self._grids.step(one.value.tree)
                yield from ((bound.path, step) for bound, _ in one.bounds)
            elif isinstance(one, Consequence) and one.ladder is not None:
                grid = self._grids.of_measure(one.ladder)
                step = grid.step if grid is not None else None
                yield from ((step_.bound.path, step) for step_ in one.steps if step_.bound is not None)

    def _missing(self, expr: Expr, shown: str) -> Look:
        def look(read: Read) -> None:
            try:
                if evaluate(expr.tree, read) is None:
                    self.marks.add(shown)
            except (EvaluationError, KeyError):
                return  # It is not come to, or has no value for another reason.

        return look

    def _tiers(self, measure: Tiers) -> Look:
        def look(read: Read) -> None:
            number = _value(measure.number.tree, read)
            if not isinstance(number, (int, Fraction)):
                return
            reached = "beyond"
            for tier in reversed(measure.tiers):
                if tier.bound is None:
                    continue
                bound = _value(tier.bound.tree, read)
                self._beside(tier.bound.path, number, bound, self._grids.step(measure.number.tree))
                if isinstance(bound, (int, Fraction)) and number <= bound:
                    reached = tier.bound.text
            self.marks.add(f"tier {measure.path} {reached}")

        return look

    def _paused(self, measure: Deadline, stops: tuple[Tree, Tree, Tree]) -> Look:
        shown = paused_mark(measure)

        def look(read: Read) -> None:
            """That the time had begun, and was not over, when it began to stand still, for a while."""
            begun, start, until = (_value(tree, read) for tree in stops)
            due = _value(measure.value.tree, read)
            if start is None or not (_in_order(begun, until) and _in_order(start, until)):
                return
            # What runs on a clock is counted there, so that its last moment is not known here.
            if not isinstance(due, dt.date) or side(start, due) in ("below", "equal"):
                self.marks.add(shown)

        return look

    def _deadline(self, measure: Deadline) -> Look:
        done, waiting, key = last_day(measure), still_open(measure), measure.path

        def look(read: Read) -> None:
            finished = _value(done.left, read) if done is not None else None
            if done is not None and finished is not None:
                self._beside(key, finished, _value(done.right, read), None)
            elif waiting is not None:
                past = _value(waiting, read)
                if isinstance(past, bool):
                    self.marks.add(f"overdue {key}" if past else f"open {key}")

        return look

    def note(self, plan: Plan, outcome: Outcome) -> None:
        super().note(plan, outcome)
        pauses = {one.name: paused_mark(one) for one in plan.measures.values() if isinstance(one, Pauses)}
        for row in rows(outcome, "record_values") if pauses else ():
            if row["measure"] in pauses and row["value"] is not None and Fraction(str(row["value"])) > 0:
                self.marks.add(pauses[str(row["measure"])])
        for row in rows(outcome, "ranks"):
            tied = row["tied"]
            if isinstance(tied, int) and tied > 1:
                self.marks.add(f"ties {row['measure']}")
        self.marks.update(f"ties {row['name']}" for row in rows(outcome, "problems") if row["cause"] == "ties")


def _in_order(one: Value, other: Value) -> bool:
    """Whether one moment comes before the other, which may not have come yet."""
    return other is None or side(one, other) == "below"


def _value(tree: Tree, read: Read) -> Value:
    try:
        return evaluate(tree, read)
    except EvaluationError:
        return None
