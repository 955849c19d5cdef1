"""What a single record knows: which names an expression may read when there is nothing but the record.

Fields of the record, measures of the record that are themselves within reach, parameters, the target that a field names
directly, the periods around the record's day, and the instant of knowledge. Everything else needs targets or cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from cityrules.feel.tree import Binding, Read, Tree
from cityrules.feel.walk import nodes
from cityrules.plan.model import Bands, Expr, Formula, Measure, Plan, RecordAxis, RecordKind, Rule
from cityrules.plan.names import Dial, Field, Identity, Measured, Now, PeriodPart

TOO_LARGE = "(128 bits)"
"""Stands among the needs of what has numbers too large to be generated."""


@dataclass(slots=True)
class Reach:
    """`beyond`: the measures of the record that are out of reach, with the names they need."""

    plan: Plan
    record: RecordKind
    beyond: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def measures(self) -> Iterator[Formula | Bands]:
        """The measures of the record that can be computed from it, in order; the others are noted in `beyond`."""
        for measure in self.plan.measures.values():
            if not (measure.of_record and measure.grain.kind == self.record.name):
                continue
            needs = self.needs(expressions(measure))
            if needs or not isinstance(measure, (Formula, Bands)):
                # What looks at other records cannot be told from one.
                self.beyond[measure.name] = needs or (measure.name,)
            else:
                yield measure

    def needs(self, exprs: Iterable[Expr], axis: RecordAxis | None = None) -> tuple[str, ...]:
        """The names in expressions that a single record does not know, sorted. `axis`: of the rule they stand in."""
        found: set[str] = set()
        for expr in exprs:
            for node in reads(expr):
                found.update(self._needs(node, axis))
        return tuple(sorted(found))

    def _needs(self, node: Read, axis: RecordAxis | None) -> Iterable[str]:
        match node.binding:
            case Field(record=record, name=name) if record == self.record.name and name in self.record.fields:
                return ()
            case Measured(measure=measure, back="") if self._own(measure):
                return self.beyond.get(measure, ())
            case Identity(kind=kind, by=None) if self.identity_field(kind, axis) is not None:
                return ()
            case PeriodPart(period=period) if self.plan.periods[period].whose is not None:
                # When the target began to count, the register says.
                return (node.name,)
            case Dial() | PeriodPart() | Now():
                return ()
            case _:
                return (node.name,)

    def _own(self, name: str) -> bool:
        measure = self.plan.measures.get(name)
        return measure is not None and measure.of_record and measure.grain.kind == self.record.name

    def identity_field(self, kind: str, axis: RecordAxis | None) -> str | None:
        """The field that names the record's target of a kind directly; None where the way leads over a register."""
        route = axis.route if axis is not None else None
        if route is not None and not route.measured:
            if route.start == kind:
                return route.field if route.field in self.record.fields else None
            if kind in self.plan.kinds[route.start].ancestors:
                return None
        own = self.record.routes.get(kind)
        direct = own is not None and own.start == kind and own.field in self.record.fields
        return own.field if own is not None and direct else None


def expressions(measure: Measure) -> list[Expr]:
    """The expressions of a measure of a record."""
    found = [measure.applies] if measure.applies is not None else []
    match measure:
        case Formula():
            found.append(measure.value)
        case Bands():
            found += [measure.value, *(bound for bound, _ in measure.bounds)]
        case _:
            pass
    return found


def rule_expressions(rule: Rule) -> list[Expr]:
    """The expressions of a rule, in the order in which they are computed."""
    return [expr for expr in (rule.when, rule.points, rule.times, rule.cites) if expr is not None]


def reads(expr: Expr) -> Iterator[Read]:
    """Every name that an expression or one of its guards reads."""
    for tree in trees(expr):
        for node in nodes(tree):
            if isinstance(node, Read):
                yield node


def trees(expr: Expr) -> tuple[Tree, ...]:
    return (*expr.guards, expr.tree)


def bindings(exprs: Iterable[Expr]) -> dict[Binding, None]:
    """What the names in expressions mean, each once, in order."""
    return {node.binding: None for expr in exprs for node in reads(expr)}
