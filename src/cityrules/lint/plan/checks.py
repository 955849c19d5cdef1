"""All checks on a plan, in the order of their codes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from cityrules.lint.plan import (
    grades,
    hidden,
    holes,
    monotony,
    never,
    overlaps,
    unexercised,
    unproved,
    unreached,
    worthless,
)
from cityrules.lint.plan.subject import Subject
from cityrules.loaded import Scheme
from cityrules.text.diagnostic import Report

_MODULES: Final = (holes, overlaps, hidden, never, unreached, grades, worthless, monotony, unexercised, unproved)

CHECKS: Final[Mapping[str, Callable[[Subject], None]]] = MappingProxyType({one.CODE: one.check for one in _MODULES})
"""Each check by its code. A check that compares names orders them, so that findings come out in one order."""


def look(scheme: Scheme, report: Report) -> None:
    """Run every check; findings go into `report`, and so do silences that keep nothing silent."""
    subject = Subject(scheme, report)
    for check in CHECKS.values():
        check(subject)
    subject.unused()
