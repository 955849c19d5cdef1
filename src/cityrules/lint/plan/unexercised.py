"""L38: a part of the rules that none of the scheme's own examples exercises, so that nobody has seen what it does."""

from __future__ import annotations

from typing import Final

from cityrules.io.rows import DataError
from cityrules.lint.plan.subject import Subject
from cityrules.loaded import Scheme, SchemeError
from cityrules.testing.cells import UnreadableError
from cityrules.testing.coverage.parts import parts
from cityrules.testing.coverage.trace import Trace
from cityrules.testing.given import prepare

CODE: Final = "L38"
READINGS: Final = "readings"


def check(subject: Subject) -> None:
    scheme = subject.scheme
    if not scheme.document.examples:
        return  # Where nothing at all is tried, a list of everything says nothing.
    marks = exercised(scheme)
    for part in parts(scheme.plan):
        if part.mark not in marks:
            at = scheme.places.key_span(part.path) or scheme.places.span(part.path)
            subject.tell(CODE, part.address, at=at, sort_type=f"part_{part.sort}", owner=part.owner, part=part.name)
    for name, reading in scheme.document.readings.items():
        for option in reading.others:
            path = (READINGS, name, "others", option)
            if f"{READINGS}.{name} {option}" not in marks:
                at = scheme.places.key_span(path)
                subject.tell(CODE, ".".join(path), at=at, sort_type="part_reading", owner=name, part=option)


def exercised(scheme: Scheme) -> frozenset[str]:
    """The marks of all that the examples of a scheme exercise together, each under its own changes."""
    from cityrules.engines.python.engine import PythonEngine

    trace = Trace()
    for name, body in scheme.document.examples.items():
        try:
            plan = scheme.plan_of(name)
            case = prepare(name, body, plan)
            outcome = PythonEngine(trace).assess(plan, case.inputs, case.question)
        except (UnreadableError, DataError, SchemeError):
            continue  # The check tells what is wrong with it.
        trace.note(plan, outcome)
        trace.marks.update(f"{path} {option}" for path, option in body.under.items())
    return frozenset(trace.marks)
