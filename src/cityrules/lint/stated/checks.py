"""All checks on what a text declares, in the order of their codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cityrules.lint.stated import (
    aggregation,
    annexes,
    assessors,
    averages,
    bands,
    closing,
    counters,
    counts,
    deadlines,
    headings,
    inequalities,
    intervals,
    limits,
    lists,
    observations,
    rankings,
    rates,
    rewards,
    sanctions,
    stacking,
    totals,
    vague,
    vetoes,
    weights,
)
from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.load import LoadedStatement
from cityrules.lint.stated.teller import Teller
from cityrules.text.diagnostic import Report

_MODULES: Final = (
    totals, counts, intervals, bands, inequalities, weights, aggregation, counters, averages, stacking, vague,
    deadlines, assessors, lists, rankings, rates, limits, annexes, sanctions, vetoes, rewards, headings, closing,
    observations,
)  # fmt: skip

CHECKS: Final[Mapping[str, Callable[[AsStated, Teller], None]]] = MappingProxyType(
    {module.CODE: module.check for module in _MODULES}
)


def look(stated: LoadedStatement, report: Report) -> None:
    """Put everything that the checks find into `report`, and every silence that keeps nothing silent."""
    teller = Teller(stated, report)
    for check in CHECKS.values():
        check(stated.document, teller)
    teller.unused()
