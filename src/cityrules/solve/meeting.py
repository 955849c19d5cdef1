"""What has to hold where two rules of a ledger hit one element, as far as it can be said in conditions of one place."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from cityrules.feel.tree import Binding
from cityrules.feel.walk import reads
from cityrules.plan.model import Axis, KindAxis, Ledger, PeriodAxis, Plan, RecordAxis, Rule
from cityrules.plan.names import (
    Attribute,
    Counted,
    Dial,
    Field,
    Fired,
    Identity,
    InForce,
    Measured,
    Now,
    PeriodPart,
    Tied,
)
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain
from cityrules.solve.asking import HIT, TRUE, Wanted
from cityrules.solve.conditions import conjuncts


def hits(rule: Rule) -> tuple[Wanted, ...]:
    """What has to hold where a rule hits."""
    return () if rule.when is None else ((rule.when.tree, HIT if rule.unknown == "yes" else TRUE),)


def meet(plan: Plan, ledger: Ledger, one: Rule, other: Rule) -> tuple[Wanted, ...] | None:
    """What has to hold where both hit one element; None where they run over two things, whatever fields lead there.

    By two fields a record reaches one cell and may still come from two targets below it: what is read of these by the
    other rule is another value, under a name that says the same, and nothing is said of it.
    """
    if _over(one) != _over(other):
        return None
    if one.axis == other.axis:
        return (*hits(one), *hits(other))
    cell_kind = plan.kinds.get(ledger.grain.kind)
    # What the cell is, and what is above it: all ways come to that.
    near = {ledger.grain.kind, *(() if cell_kind is None else (*cell_kind.ancestors, *cell_kind.parts))}
    parts = (wanted for wanted in _parts(other) if any_way(plan, other.axis, reads(wanted[0]), near))
    return (*hits(one), *parts)


def _over(rule: Rule) -> tuple[str, str]:
    """What a rule runs over."""
    match rule.axis:
        case RecordAxis(record=name):
            return "record", name
        case KindAxis(kind=name):
            return "kind", name
        case PeriodAxis(period=name):
            return "period", name
        case _:
            return "cell", ""


def _parts(rule: Rule) -> Iterator[Wanted]:
    """What has to hold where a rule hits, condition by condition: none of an `and` may be otherwise than the whole."""
    for tree, truths in hits(rule):
        yield from ((part, truths) for part in conjuncts(tree))


def any_way(plan: Plan, axis: Axis | None, names: Iterable[Binding], near: Collection[str] = ()) -> bool:
    """Whether some names are the same by whichever field an element of the axis reaches the cell. `near`: the kinds of
    which all ways come to the same target."""
    own = axis.record if isinstance(axis, RecordAxis) else None

    def at(grain: Grain | None) -> bool:
        return grain is not None and (grain.kind in near or grain.kind in (own, WHOLE))

    def same(name: Binding) -> bool:
        if getattr(name, "side", "") == "cell":
            return True
        match name:
            case Field(record=record):
                return record == own or at(plan.record(record).one_per)
            case Attribute(kind=kind, by=by) | Identity(kind=kind, by=by):
                return by is not None or kind in near
            case Measured(through=Field()):
                return True
            case Measured(measure=measure) | Tied(measure=measure):
                return at(plan.measures[measure].grain)
            case Fired(consequence=consequence) | InForce(consequence=consequence):
                return at(plan.consequences[consequence].grain)
            case PeriodPart(period=period):
                return plan.periods[period].whose is None
            case Dial() | Now() | Counted():
                return True
            case _:
                return False

    return all(same(name) for name in names)
