"""The kinds of periods of a document: those built in and its own. Knows parameters and targets, no measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from cityrules.calendar import kinds
from cityrules.calendar.kinds import PeriodKind, crosses
from cityrules.calendar.periods import Periods
from cityrules.plan.model import Kind, ParameterPlan
from cityrules.plan.reporting import Address, Reporter
from cityrules.scheme.document import PeriodBody

DAY_OF_EVERY_MONTH = 28


def build_periods(reporter: Reporter, parameters: Mapping[str, ParameterPlan], targets: Mapping[str, Kind]) -> Periods:
    """Every kind of period by name; complaints go to the reporter. One whose start is in doubt begins anywhere."""
    found = dict(kinds.BUILT_IN)
    for name, body in reporter.loaded.document.periods.items():
        known = found.get(name)
        own = replace(known, belongs=body.in_) if known is not None else _own(reporter, parameters, targets, name, body)
        if own is not None:
            found[name] = own
    for name, body in reporter.loaded.document.periods.items():
        one = found.get(name)
        if (
            one is not None
            and one.whose is None
            and body.in_ is not None
            and not any(crosses(one, other) for other in found.values())
        ):
            reporter.refuse("CR824", ("periods", name, "in"), found=name)
    return Periods(found)


def _own(
    reporter: Reporter,
    parameters: Mapping[str, ParameterPlan],
    targets: Mapping[str, Kind],
    name: str,
    body: PeriodBody,
) -> PeriodKind | None:
    if body.window is not None:
        return kinds.window(name, kinds.BUILT_IN[body.window.period], body.window.day, body.in_)
    if body.seasons is not None:
        return kinds.seasons(name, {label: (day.month, day.day) for label, day in body.seasons.items()}, body.in_)
    if body.every is None:
        return None
    path, said = ("periods", name, "from"), body.from_ or ""
    count, unit = body.every.count, body.every.unit
    if "." in said:
        return _of_targets(reporter, targets, name, body, said)
    begins = _first_day(reporter, parameters, path, said)
    if unit in ("day", "week"):
        return kinds.cycle(name, count * (7 if unit == "week" else 1), "days", begins, body.in_)
    if begins.day > DAY_OF_EVERY_MONTH:
        reporter.refuse("CR823", path, found=begins, every=body.every)
        begins = begins.replace(day=DAY_OF_EVERY_MONTH)
    return kinds.cycle(name, count * (12 if unit == "year" else 1), "months", begins, body.in_)


def _of_targets(
    reporter: Reporter, targets: Mapping[str, Kind], name: str, body: PeriodBody, said: str
) -> PeriodKind | None:
    """A cycle that begins for each target on a day of its own."""
    assert body.every is not None
    days = [
        f"{kind.name}.{field}"
        for kind in targets.values()
        for field, type_ in (kind.fields.items() if kind.in_rows else ())
        if type_.base == "date"
    ]
    if said not in days:
        reporter.refuse_name("CR967", ("periods", name, "from"), said, days)
    if body.in_ is not None:
        reporter.refuse("CR968", ("periods", name, "in"), found=name, field=said)
    count, unit = body.every.count, body.every.unit
    if unit in ("day", "week"):
        return kinds.cycle_of(name, count * (7 if unit == "week" else 1), "days", said)
    return kinds.cycle_of(name, count * (12 if unit == "year" else 1), "months", said)


def _first_day(reporter: Reporter, parameters: Mapping[str, ParameterPlan], path: Address, text: str) -> dt.date:
    """The day with which a cycle begins: a date, or a parameter that is one. After a complaint any day."""
    try:
        return dt.date.fromisoformat(text if len(text) == 10 else "")
    except ValueError:
        values = parameters[text].values if text in parameters else ()
    only = values[0][1] if len(values) == 1 else None
    if isinstance(only, dt.date):
        return only
    reporter.refuse("CR822", path, found=text[:60])
    return dt.date(2000, 1, 1)
