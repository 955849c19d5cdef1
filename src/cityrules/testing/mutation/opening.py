"""From when a plan is in force, as far as that can show. Knows plans; runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from cityrules.plan.model import Duty, Fold, Ledger, PeriodAxis, Plan


def first_in_force(plan: Plan) -> dt.date | None:
    """The first day in force; where nothing has a day of its own, that of the shortest period it lies in, for of a
    period it counts only whether it touches the time in force. (Days that lie in the same periods of every kind lie
    behind the same latest beginning of one.)"""
    day = plan.in_force_from
    kinds = {kind: plan.periods[kind] for kind in _periods(plan)}
    dated = any(record.dated is not None for record in plan.records.values())
    if day is None or not kinds or dated or any(isinstance(one, Duty) for one in plan.checks.values()):
        return day
    if any(kind.whose is not None for kind in kinds.values()):
        return day
    return max(plan.periods.start_of(kind, plan.periods.index_of(kind, day)) for kind in kinds)


def _periods(plan: Plan) -> Iterator[str]:
    """The kinds of periods that have cells or rows, or are run over."""
    nodes = (*plan.measures.values(), *plan.consequences.values(), *plan.checks.values())
    grains = [one.grain for one in nodes]
    grains.extend(record.one_per for record in plan.records.values() if record.one_per is not None)
    axes = [one.axis for one in nodes if isinstance(one, Fold)]
    for one in nodes:
        if isinstance(one, Ledger):
            grains.extend(cap.shared for cap in one.caps if cap.shared is not None)
            axes.extend(rule.axis for rule in one.rules if rule.axis is not None)
    yield from (grain.period for grain in grains if grain.period is not None)
    yield from (axis.period for axis in axes if isinstance(axis, PeriodAxis))
