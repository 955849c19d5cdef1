"""From when and until when a plan is in force, as far as that can show. Knows plans; runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from cityrules.plan.model import Duty, Fold, Ledger, PeriodAxis, Plan

_DAY: Final = dt.timedelta(days=1)


def in_force(plan: Plan) -> tuple[dt.date | None, dt.date | None]:
    """The first day in force, and the first that no longer is; where nothing has a day of its own, those with which the
    shortest periods begin and end that the first and the last day in force lie in, for of a period it counts only
    whether it touches the time in force. (Days that lie in the same periods of every kind lie behind the same latest
    beginning of one, and before the same earliest end.)"""
    first, until = plan.in_force_from, plan.in_force_until
    kinds = {kind: plan.periods[kind] for kind in _periods(plan)}
    dated = any(record.dated is not None for record in plan.records.values())
    if not kinds or dated or any(isinstance(one, Duty) for one in plan.checks.values()):
        return first, until
    if any(kind.whose is not None for kind in kinds.values()):
        return first, until
    known = plan.periods
    if first is not None:
        first = max(known.start_of(kind, known.index_of(kind, first)) for kind in kinds)
    if until is not None and until > dt.date.min:
        last = until - _DAY
        end = min(known.last_day_of(kind, known.index_of(kind, last)) for kind in kinds)
        until = end + _DAY if end < dt.date.max else until
    return first, until


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
