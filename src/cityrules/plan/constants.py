"""Checks about the document itself: conditions over its parameters and tables, judged before any data is there.

They are no business of an engine: a document whose constants break them is refused, or pointed at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Binding, Value
from cityrules.plan.meanings import Place
from cityrules.plan.model import Check, ParameterPlan
from cityrules.plan.names import Dial
from cityrules.plan.parts import Part, foreign_names, read_part
from cityrules.plan.reading import parameters_read
from cityrules.plan.reporting import Address, Reporter
from cityrules.scheme.notation import Grain
from cityrules.text.diagnostic import Report

OF_DOCUMENT: Final = Grain("whole")
"""Where the condition of such a check stands; no cell is ever judged by it."""


def constant_part(reporter: Reporter, path: Address, text: str, place: Place) -> Part | None:
    """The condition at a path; None after a complaint about a name that is no parameter and no table."""
    known = {*place.ground.parameters, *place.ground.tables}
    # What else is wrong with such a name would only mislead.
    found = list(foreign_names(read_part(Reporter(reporter.loaded, Report()), path, text, place), known))
    part = None if found else read_part(reporter, path, text, place)
    whole = reporter.loaded.locate(path)
    for name, start, end in found:
        at = reporter.loaded.span(path) if whole is None else whole.part(start, end)
        reporter.put("CR940", at, path, {"found": name, "name": path[1]})
    return part


def judge(reporter: Reporter, check: Check, parameters: Mapping[str, ParameterPlan]) -> None:
    """Complain, or warn where the check says so, if a condition does not hold on some day from which a value holds."""
    read = [parameters[name] for name in parameters_read(check)]
    days = sorted({day for parameter in read for day, _ in parameter.values}) or [dt.date.min]
    broken = next((day for day in days if not _holds(check, parameters, day)), None)
    if broken is None:
        return
    path = (*check.path.split("."), "that")
    code = "CR941" if broken == dt.date.min else "CR942"
    complain = reporter.refuse if check.otherwise == "error" else reporter.warn
    complain(code, path, found=check.that.text, name=check.name, day=broken)


def _holds(check: Check, parameters: Mapping[str, ParameterPlan], day: dt.date) -> bool:
    def value(binding: Binding) -> Value:
        assert isinstance(binding, Dial)
        given = parameters[binding.name].values
        found = next((value for since, value in reversed(given) if since <= day), given[0][1])
        return int(found) if isinstance(found, Fraction) and found.denominator == 1 else found

    try:
        holds = evaluate(check.that.tree, value)
    except EvaluationError:
        holds = None
    return check.unknown == "yes" if holds is None else bool(holds)
