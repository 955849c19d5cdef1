"""Why something was late or in time: when it began, how long it had, when it was done."""

from __future__ import annotations

from cityrules.feel.tree import Value
from cityrules.plan.model import Deadline, Formula, Pauses
from cityrules.plan.times import read
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail


def explain_deadline(trail: Trail, part: Deadline, here: Place) -> tuple[Explanation, ...]:
    """The line of one part, with the names it came from under it."""
    names = trail.names(part.value, here)
    match part.part:
        case "started" | "done":
            key = "before" if part.value.path.endswith(".before") else part.part
            return (line(f"deadline_{key}", *names, text=part.value.text),)
        case "due":
            said = {"limit": part.limit, "first": part.first_day, "moves": part.last_day, "clock": part.clock}
            said |= {"unit": part.unit, "length": part.length, "before": part.day_before}
            return (line("deadline_due", *names, **said),)
        case "clock_due":
            return (line("deadline_clock", *names, limit=part.limit, clock=part.clock),)
        case "late":
            return (line("deadline_late", *names, limit=part.limit, outcome=_outcome(trail, part, here)),)
        case _:
            return (line("deadline_over", *names),)


def explain_pauses(trail: Trail, pauses: Pauses, here: Place) -> tuple[Explanation, ...]:
    """Whose pauses they are, and the names that the record's own time came from."""
    among = ", ".join(one.own.text for one in pauses.among) or None
    names = trail.names(pauses.starts, here)
    return (line("deadline_paused", *names, over=pauses.axis.record, among=among),)


def _outcome(trail: Trail, late: Deadline, here: Place) -> str:
    """Which of the ways of being late, or not, it was."""
    is_late = trail.evaluate(late.value.tree, here)
    if _of(trail, late, "due", here) is None:
        return "late_without_start" if is_late else "in_time_without_start"
    if _of(trail, late, "done", here) is None:
        return "late_and_open" if is_late else "open"
    return "late" if is_late else "in_time"


def _of(trail: Trail, late: Deadline, part: str, here: Place) -> Value:
    """The value of another part of the same deadline."""
    other = trail.plan.measures[f"{late.deadline}.{part}"]
    assert isinstance(other, Formula)
    return trail.evaluate(read(other), here)
