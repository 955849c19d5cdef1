"""Whether what follows for targets that have nothing to do with each other is independent. Knows plans, no rows."""

from __future__ import annotations

from cityrules.feel.tree import Read, Tree
from cityrules.plan.excerpt import Body
from cityrules.plan.model import (
    Alike,
    Consequence,
    Duty,
    Fold,
    KindAxis,
    Ledger,
    Pauses,
    Plan,
    Rank,
    RecordAxis,
    Run,
    Share,
)
from cityrules.plan.names import Field, Fired, InForce, Measured
from cityrules.plan.reading import axes, bindings, expressions
from cityrules.plan.views import WHOLE


def tied_by(plan: Plan) -> str | None:
    """What makes all targets one part: a name in the scheme; None where parts are independent."""
    for kind in plan.kinds.values():
        if kind.parts or kind.stated is not None or not isinstance(kind.members, str):
            return kind.name
    return compared_by(plan)


def compared_by(plan: Plan) -> str | None:
    """What in the scheme makes values of one target depend on others that have nothing to do with it; None where
    nothing does. Targets that the document itself lists have cells in every part, and the same ones in each."""
    for record in plan.records.values():
        if record.one_per is not None and record.one_per.kind == WHOLE:
            return record.name
    bodies: list[Body] = [*plan.measures.values(), *plan.consequences.values(), *plan.checks.values()]
    return next((body.name for body in bodies if _ties(plan, body)), None)


def _ties(plan: Plan, body: Body) -> bool:
    """Whether a value of one target can depend on others that have nothing to do with it."""
    if body.grain.kind == WHOLE or isinstance(body, (Rank, Share, Pauses)):
        return True
    if isinstance(body, Fold) and (body.of_record or body.among):
        # Records that must name one target belong together anyway.
        return not any(_together(plan, alike) for alike in body.among)
    if isinstance(body, Ledger) and any(cap.shared is not None and cap.shared.kind == WHOLE for cap in body.caps):
        return True
    return any(
        axis.route is None or axis.route.measured if isinstance(axis, RecordAxis)
        else isinstance(axis, KindAxis) and axis.itself is not None
        for axis in axes(body)
    )  # fmt: skip


def _together(plan: Plan, alike: Alike) -> bool:
    """Whether two rows that agree in something both name the target that this is."""
    kinds = [_named(plan, expr.tree) for expr in (alike.own, alike.other)]
    return kinds[0] is not None and kinds[0] == kinds[1]


def _named(plan: Plan, tree: Tree) -> str | None:
    """The kind of target that each record names in what is read; None where it may name none."""
    if not isinstance(tree, Read) or not isinstance(tree.binding, Field) or tree.binding.record not in plan.records:
        return None
    type_ = plan.records[tree.binding.record].fields.get(tree.binding.name)
    return type_.kind if type_ is not None and not type_.optional and type_.kind in plan.kinds else None


def settled_within(plan: Plan, period: str) -> bool:
    """Whether the cells of a kind of period depend on nothing that is dated outside of it: everything in the plan is of
    that period or of one inside it, and nothing looks back, counts on or stands for longer."""
    if any(record.references for record in plan.records.values()):
        # A record outside of what is assessed is another referent than one that is not there.
        return False
    grains = [one.one_per for one in plan.records.values() if one.one_per is not None]
    bodies: list[Body] = [*plan.measures.values(), *plan.consequences.values(), *plan.checks.values()]
    grains += [body.grain for body in bodies if isinstance(body, Consequence) or not getattr(body, "of_record", False)]
    if any(grain.period is None or not plan.periods.within(grain.period, period) for grain in grains):
        return False
    used = {grain.period for grain in grains if grain.period is not None} | {period}
    if any(plan.periods[one].whose is not None or plan.periods[one].belongs is not None for one in used):
        return False
    return not any(_looks_beyond(plan, body, period) for body in bodies)


def _looks_beyond(plan: Plan, body: Body, period: str) -> bool:
    """Whether something about a cell can lie outside of its period."""
    if isinstance(body, (Run, Pauses, Duty)) or (
        isinstance(body, Fold) and (body.window is not None or body.of_record)
    ):
        return True
    if isinstance(body, Consequence) and (body.ladder is not None or any(act.ends is not None for act in body.acts)):
        return True
    if isinstance(body, Ledger):
        wide = [cap.shared.period for cap in body.caps if cap.shared is not None]
        if body.carried or any(one is None or not plan.periods.within(one, period) for one in wide):
            return True
    if any(
        isinstance(axis, RecordAxis) and (axis.placed is not None or axis.follows is not None) for axis in axes(body)
    ):
        return True
    every = (binding for expr in expressions(body) for binding in bindings(expr))
    return any(
        isinstance(one, (Fired, InForce)) or (isinstance(one, Measured) and bool(one.back or one.through))
        for one in every
    )
