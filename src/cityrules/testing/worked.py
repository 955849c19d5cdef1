"""Worked cases wherever they stand, in a scheme or in a file of their own, run under what they change.

Knows documents, plans, engines and result tables; opens no file. What is refused may be what a case expects.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from cityrules.engines.base import Engine, Outcome
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.results.explanation import Explanation
from cityrules.results.why import Explainer, NothingToExplain
from cityrules.scheme.document import ExampleBody
from cityrules.scheme.load import Loaded, hand_on
from cityrules.scheme.overlay import Changes, Written, changes_key, under_written, written_at
from cityrules.scheme.places import Path
from cityrules.testing.cells import UnreadableError
from cityrules.testing.examples import run_body
from cityrules.testing.notes import Difference, Located, Notes
from cityrules.text.catalogue import catalogue
from cityrules.text.diagnostic import Report
from cityrules.text.suggest import nearest

DIAGNOSTICS: Final = "diagnostics"
"""Under `expect`: the codes with which the changed document is refused."""
_DEPTH: Final = 1


class Page(Located, Written, Protocol):
    """What cases are written in."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a case: its differences by the address of the complaint; where it was run, the plan and answer."""

    differences: Mapping[str, Difference] = field(default_factory=dict)
    plan: Plan | None = None
    outcome: Outcome | None = None

    def why(self, difference: Difference) -> Explanation | None:
        """How the first cell that differs came out as it did; None where there is nothing that could be explained."""
        if self.plan is None or self.outcome is None:
            return None
        explainer = Explainer(self.plan, self.outcome.tables, self.outcome.facts)
        for cell in difference.cells:
            try:
                if difference.kind is not None and isinstance(cell, str):
                    of_it = difference.name in self.plan.measures
                    return explainer.record(difference.kind, cell, difference.name if of_it else None, depth=_DEPTH)
                target, period, dimension = (cell, None, None) if isinstance(cell, str) else cell
                whom = " / ".join(part for part in (target, dimension) if part)
                return explainer.explain(whom, period, difference.name, depth=_DEPTH)
            except NothingToExplain:
                continue
        return None


@dataclass(frozen=True, slots=True)
class Worlds:
    """A scheme with its plan, and the plans that it has under changes: each is built once, and what is wrong with it is
    told at the place of the first case that makes these changes."""

    scheme: Loaded
    plan: Plan
    _built: dict[str, tuple[Plan | None, Report]] = field(default_factory=dict)

    def under(self, changes: Changes) -> tuple[Plan | None, Report]:
        """The plan under some changes, None where it is refused; and what was complained about."""
        if not changes:
            return self.plan, Report()
        key = changes_key(changes)
        if key not in self._built:
            report = Report()
            changed = under_written(self.scheme, changes, report)
            self._built[key] = (build(changed, report) if changed is not None else None), report
        return self._built[key]


def run_case(
    name: str,
    body: ExampleBody,
    at: Path,
    page: Page,
    worlds: Worlds,
    engine: Engine,
    report: Report,
    against: Engine | None = None,
) -> Ran:
    """Run the case that stands `at` an address of a page about a scheme, and note in `report` all that is not as
    expected. With `against` every table must be the same on that engine, too."""
    notes = Notes(name, at, report, page)
    used, own = worlds.under(written_at(page, (*at, "under")) if body.under else {})
    if DIAGNOSTICS in body.expect:
        _refused(body.expect[DIAGNOSTICS], own, notes)
        return Ran(notes.differences)
    hand_on(own, report)
    if used is None or own.failed:
        return Ran()
    outcome = run_body(name, body, used, engine, notes, against)
    return Ran(notes.differences, used, outcome)


def _refused(wanted: object, own: Report, notes: Notes) -> None:
    """Compare the codes that a changed document is refused with: each once, in any order. Warnings refuse nothing."""
    path: Path = ("expect", DIAGNOSTICS)
    want = [str(code) for code in wanted] if isinstance(wanted, (list, tuple)) else [str(wanted)]
    for number, code in enumerate(want):
        if code not in catalogue():
            meant = nearest(code, list(catalogue()))
            values = {"found": code, **({"suggestion": meant} if meant else {})}
            notes.unreadable(UnreadableError("CR1043", (*path, str(number)), at_key=False, **values))
            return
    got = sorted({found.code for found in own if found.severity == "error"})
    if sorted(set(want)) != got:
        listed = ["[" + ", ".join(codes) + "]" for codes in (sorted(set(want)), got)]
        notes.add("CR1042", path, wanted=listed[0], found=listed[1])
        notes.differs(Difference(path, DIAGNOSTICS, tuple(sorted(want)), tuple(got), got))
