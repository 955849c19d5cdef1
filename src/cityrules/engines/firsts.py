"""The days with which targets begin to count periods of their own, read from raw rows before any engine does.

Whoever names such a period before there are accepted targets (opening balances, worked cases) learns here which it is.
Knows plans and input rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from cityrules.engines.base import CellKey, Inputs, with_stated
from cityrules.io.grammar import NAME_COLUMN
from cityrules.plan.model import Plan
from cityrules.scheme.notation import Grain, parts_of, split_name

__all__ = ["FirstDays", "first_days", "placed"]

FirstDays = Mapping[str, Mapping[str, dt.date]]
"""By kind of period and name of the target."""


def first_days(plan: Plan, inputs: Inputs) -> FirstDays:
    """The first day of every target that has one for itself. Left out are those of which the rows do not say the same:
    such rows are rejects."""
    own = {name: one.whose for name, one in plan.periods.kinds.items() if one.whose is not None}
    return {name: dict(_of_kind(plan, inputs, *whose)) for name, whose in own.items()}


def _of_kind(plan: Plan, inputs: Inputs, kind: str, field: str) -> Iterator[tuple[str, dt.date]]:
    found: dict[str, set[dt.date]] = {}
    aliases = plan.kinds[kind].aliases
    for source in with_stated(plan, inputs).targets.get(kind, ()):
        if NAME_COLUMN not in source.columns or field not in source.columns:
            continue
        name_at, day_at = source.columns.index(NAME_COLUMN), source.columns.index(field)
        for row in source.rows():
            if row.bad is not None:
                continue
            name, day = row.texts[name_at] or "", row.texts[day_at] or ""
            try:
                first = dt.date.fromisoformat(day[:10])
            except ValueError:
                continue  # It has none, or the row is a reject.
            found.setdefault(aliases.get(name, name), set()).add(first)
    return ((name, days.pop()) for name, days in found.items() if len(days) == 1)


def placed(plan: Plan, grain: Grain, key: CellKey, firsts: FirstDays) -> CellKey | None:
    """A cell by the running number of its period, which the name of the period leaves open where each target has its
    own; None where the target has none."""
    target, index = key
    whose = None if grain.period is None else plan.periods[grain.period].whose
    if whose is None or index is None or grain.period is None:
        return key
    if whose[0] not in parts_of(grain.kind):
        return None
    first = firsts[grain.period].get(split_name(target)[parts_of(grain.kind).index(whose[0])])
    return None if first is None else (target, plan.periods[grain.period].of(index, first))
