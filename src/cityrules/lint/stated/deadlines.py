"""L12: a limit of which nobody knows when it begins, what it is measured in, or whether its last day is in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedDeadline
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.durations import FixedDay, Limit

CODE: Final = "L12"
_WORKING: Final = "working days"


def check(stated: AsStated, teller: Teller) -> None:
    for name, deadline in stated.deadlines.items():
        path = ("deadlines", name, "limits")
        limits = ", ".join(f"{case}: {teller.written((*path, case))}" for case in deadline.limits)
        for lack, key in _lacks(deadline):
            teller.tell(CODE, ("deadlines", name, key), limits=limits, lack_type=lack)


def _lacks(deadline: StatedDeadline) -> Iterator[tuple[str, str]]:
    limits = deadline.limits.values()
    units = {limit.unit for limit in limits if isinstance(limit, Limit)}
    if UNSTATED in limits:
        yield "lint_no_limit", "limits"
    if _WORKING in units and units - {_WORKING}:
        yield "lint_unit_mix", "limits"
    if deadline.starts == UNSTATED and (units or UNSTATED in limits):
        yield "lint_no_start", "starts"
    if any(isinstance(limit, FixedDay) for limit in limits) and deadline.last_day in (None, UNSTATED):
        yield "lint_last_day", "limits" if deadline.last_day is None else "last_day"
