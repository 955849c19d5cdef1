"""How everything in a plan moves when one more record of a kind is there, or when some measures rise. Proves nothing by
itself: what it does not exclude may still never happen. Knows plans; no data and no engine.

It speaks of assessments of the same cells, of which the same can be determined, from the same rows and one more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cityrules.feel.interval import Interval
from cityrules.feel.tree import Binding
from cityrules.feel.types import Number
from cityrules.plan.model import (
    Bands,
    Consequence,
    Expr,
    Fold,
    Formula,
    KindAxis,
    Ledger,
    Measure,
    Pauses,
    PeriodAxis,
    Plan,
    Rank,
    RecordAxis,
    Run,
    Step,
)
from cityrules.plan.names import Attribute, Field, Fired, Identity, InForce, Measured, Tied
from cityrules.plan.reading import bindings, expressions
from cityrules.plan.views import WHOLE
from cityrules.testing.monotone.expressions import Order, Sight, motion, order_of
from cityrules.testing.monotone.ledgers import of_ledger
from cityrules.testing.monotone.measures import Seat, of_bands, of_fold, of_formula, of_rank, seats
from cityrules.testing.monotone.moves import ANY, STILL, UP, Effect, Move, Path, joined


@dataclass(slots=True)
class Followed:
    """How a consequence moves. `rows`: whether it comes (up) or goes in single cells; `steps`: the same for each step;
    `so_far`: how the gravest step up to a cell moves; `amount`: how amounts do; `fixed`: whether what is written of it
    is otherwise as before: from when, until when, with which amounts."""

    rows: Effect
    so_far: Effect
    amount: Effect
    fixed: bool
    steps: dict[str, Effect] = field(default_factory=dict)


class Analysis:
    """One pass over a plan in the order in which it is computed."""

    def __init__(self, plan: Plan, arriving: str | None = None, rising: frozenset[str] = frozenset()) -> None:
        self.plan = plan
        self.arriving = arriving
        self.effects: dict[str, Effect] = {}
        self.orders: dict[str, Order] = {}
        self.followed: dict[str, Followed] = {}
        for one in plan.computed():
            if isinstance(one, Consequence):
                self.followed[one.name] = self._consequence(one)
            elif one.name in rising:
                self.effects[one.name] = Effect(UP, STILL, frozenset({("", "", one.grain.kind)}))
            else:
                self.effects[one.name] = self._measure(one)

    # ------------------------------------------------------------------------------------------- forms

    def _measure(self, measure: Measure) -> Effect:
        if self._moves_cells(measure):
            return Effect(ANY, ANY, self.paths(None, list(expressions(measure)), measure.grain.kind))
        match measure:
            case Formula():
                order = self.order(measure.value, seats(None, measure.grain.kind)[0])
                if order is not None:
                    self.orders[measure.name] = order
                return of_formula(measure, self)
            case Bands():
                found, order = of_bands(measure, self)
                if order is not None:
                    self.orders[measure.name] = order
                return found
            case Fold():
                return of_fold(measure, self)
            case Ledger():
                return of_ledger(measure, self)
            case Rank():
                return of_rank(measure, self)
            case Run():
                kind = measure.grain.kind
                own, other = (self.motion(measure.condition, seat) for seat in seats(None, kind))
                # Unknown breaks, holds or counts: each lies between the two others.
                return Effect(
                    Move(own.up, own.down), Move(other.up, other.down), self.paths(None, [measure.condition], kind)
                )
        return self._all_or_nothing(measure)

    def _all_or_nothing(self, measure: Measure) -> Effect:
        """A form of which nothing is known as soon as anything that it reads moves."""
        kind = measure.grain.kind
        every = [self.motion(expr, seat) for expr in expressions(measure) for seat in seats(None, kind)]
        axis = measure.axis if isinstance(measure, Pauses) else None
        if isinstance(axis, RecordAxis):
            every += [*self.arrivals(axis)]
        still = joined(every).still
        return Effect() if still else Effect(ANY, ANY, self.paths(axis, list(expressions(measure)), kind))

    def _moves_cells(self, node: Measure | Consequence) -> bool:
        if node.applies is None:
            return False
        return any(not self.motion(node.applies, seat).still for seat in seats(None, node.grain.kind))

    def _consequence(self, one: Consequence) -> Followed:
        kind = one.grain.kind
        exprs = [expr for expr in (one.when, *(step.when for step in one.steps)) if expr is not None]
        paths = self.paths(None, exprs, kind)
        amounts = [act.amount for act in one.acts if act.amount is not None]
        own, other = (joined(self.motion(each, seat) for each in amounts) for seat in seats(None, kind))
        amount = Effect(own, other, paths)
        if one.ladder is not None:
            paths |= self.effects[one.ladder].paths
        if self._moves_cells(one):
            nothing = Effect(ANY, ANY, paths)
            return Followed(nothing, nothing, amount, False, {step.name: nothing for step in one.steps})
        if one.ladder is not None:
            return self._ladder(one, one.ladder, paths, amount)
        assert one.when is not None
        own, other = (_row(self.motion(one.when, seat)) for seat in seats(None, kind))
        rows = Effect(own, other, paths)
        return Followed(rows, rows, amount, rows.still and self._fixed(one))

    def _fixed(self, one: Consequence) -> bool:
        """Whether what a row says moves with nothing."""
        halves = seats(None, one.grain.kind)
        if any(not self.motion(expr, seat).still for act in one.acts for expr in act.terms.values() for seat in halves):
            return False
        for ending in (act.ends for act in one.acts if act.ends is not None):
            read = [] if ending.where is None else [ending.where]
            here = seats(ending.axis, one.grain.kind)
            moves = [*self.arrivals(ending.axis), *(self.motion(expr, seat) for expr in read for seat in here)]
            if not joined(moves).still:
                return False
        return True

    def _ladder(self, one: Consequence, ladder: str, paths: frozenset[Path], amount: Effect) -> Followed:
        kind = one.grain.kind
        level = self.effects[ladder]
        halves = (level.own, level.other) if self.plan.measures[ladder].grain.kind == kind else (level.all,) * 2
        so_far: list[Move] = []
        single: list[dict[str, Move]] = []
        for seat, value in zip(seats(None, kind), halves, strict=True):
            steps = {step.name: self._step(step, seat, value) for step in one.steps}
            moved = joined(steps.values())
            # With a restart, or a pause in what it applies to, an earlier step can stand in the way of a later one.
            plain = one.restart_after is None and one.applies is None
            so_far.append(moved if moved.still or (plain and not self._bounds_move(one)) else ANY)
            lasting = all(step.trigger in ("at_least", "each_period") for step in one.steps)
            alone = lasting and plain and (one.together == "all" or len(one.steps) == 1)
            single.append({name: move if move.still or alone else ANY for name, move in steps.items()})
            if not moved.still and not alone:
                single[-1] = dict.fromkeys(steps, ANY)
        rows = Effect(joined(single[0].values()), joined(single[1].values()), paths)
        return Followed(
            rows,
            Effect(so_far[0], so_far[1], paths),
            amount,
            rows.still and self._fixed(one),
            {step.name: Effect(single[0][step.name], single[1][step.name], paths) for step in one.steps},
        )

    def _step(self, step: Step, seat: Seat, level: Move) -> Move:
        if step.bound is not None:
            return ANY if not level.steady else _row(level)
        return _row(self.motion(step.when, seat)) if step.when is not None else STILL

    def _bounds_move(self, one: Consequence) -> bool:
        """Whether a bound of a ladder is not the same in all its cells: then a level that was over one of them before
        its time does not come to it again."""
        bounds = [step.bound for step in one.steps if step.bound is not None]
        return any(next(bindings(bound), None) is not None for bound in bounds)

    # ------------------------------------------------------------------------------------------- what forms ask

    def motion(self, expr: Expr, seat: Seat) -> Move:
        sight = self._sight(seat)
        for guard in expr.guards:
            type_ = guard.type
            positive = isinstance(type_, Number) and Interval.of(type_).low is not None and (type_.low or 0) > 0
            if not positive and not motion(guard, sight).still:
                return ANY
        return motion(expr.tree, sight)

    def order(self, expr: Expr, seat: Seat) -> Order | None:
        return order_of(expr.tree, self._sight(seat))

    def _sight(self, seat: Seat) -> Sight:
        anywhere = Seat(seat.kind, None, seat.elements)
        return Sight(
            lambda binding: self._name(binding, seat), lambda binding: self._name(binding, anywhere), self._label_order
        )

    def _label_order(self, binding: Binding) -> Order | None:
        return self.orders.get(binding.measure) if isinstance(binding, Measured) else None

    def arrivals(self, axis: RecordAxis) -> tuple[Move, Move]:
        if self._shifts(axis):
            return ANY, ANY
        followed = self.followed.get(axis.follows) if axis.follows is not None else None
        if axis.record in self.plan.rows and followed is not None:
            rows = followed.rows.all
            return rows, rows
        return (UP, STILL) if axis.record == self.arriving else (STILL, STILL)

    def _shifts(self, axis: RecordAxis) -> bool:
        """Whether records that are there can come to lie elsewhere."""
        found = []
        if axis.route is not None and axis.route.measured:
            found.append(self.effects[axis.route.field])
        if axis.placed is not None:
            found += [self.effects[measure] for measure in axis.placed.measures]
        return any(not one.still for one in found)

    def paths(
        self, axis: RecordAxis | KindAxis | PeriodAxis | None, exprs: Sequence[Expr], kind: str
    ) -> frozenset[Path]:
        found: set[Path] = set()
        if isinstance(axis, RecordAxis) and axis.record == self.arriving:
            route = axis.route
            found.add((route.field, route.start, route.kind) if route is not None else ("", "", WHOLE))
        for binding in (binding for expr in exprs for binding in bindings(expr)):
            for path in self._paths_of(binding):
                found.add(path if path[-1] == kind else (*path, kind))
        return frozenset(found)

    def _paths_of(self, binding: Binding) -> Iterator[Path]:
        if isinstance(binding, (Measured, Tied)) and binding.measure in self.effects:
            yield from self.effects[binding.measure].paths
        elif isinstance(binding, (Fired, InForce)) and binding.consequence in self.followed:
            yield from self.followed[binding.consequence].rows.paths

    # ------------------------------------------------------------------------------------------- names

    def _name(self, binding: Binding, seat: Seat) -> Move:
        at_element = getattr(binding, "side", "cell") == "element"
        kind, own = (seat.elements, seat.own_element) if at_element else (seat.kind, seat.own)
        match binding:
            case Measured(measure=measure):
                # Of its own earlier periods an account says nothing that it does not say anyway.
                effect = self.effects.get(measure, Effect())
                same = self.plan.measures[measure].grain.kind == kind
                return self._at(effect, own if same and binding.through is None else None)
            case Tied(measure=measure):
                return STILL if self.effects[measure].still else ANY
            case Fired(consequence=name, step=step):
                followed = self.followed[name]
                effect = followed.rows if step is None else followed.steps[step]
                return self._at(effect, own if self.plan.consequences[name].grain.kind == kind else None)
            case InForce(consequence=name):
                return STILL if self.followed[name].fixed else ANY
            case Field(record=record) if record in self.plan.rows and record in self.followed:
                return STILL if self.followed[record].fixed else ANY
            case Attribute(by=route) | Identity(by=route) if route is not None and route.measured:
                return STILL if self.effects[route.field].still else ANY
        return STILL

    def _at(self, effect: Effect, own: bool | None) -> Move:
        if own is None:
            return effect.all
        return effect.own if own else effect.other


def _row(condition: Move) -> Move:
    """Whether a row comes or goes with a condition; where it is unknown, either is stated."""
    return Move(condition.up, condition.down)
