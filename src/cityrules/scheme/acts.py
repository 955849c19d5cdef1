"""What consequences and the steps of their ladders must state beyond their keys. Knows no expression and no measure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cityrules.scheme.document import Act, Body, ConsequenceBody, Document, StepBody
from cityrules.scheme.durations import FOR_GOOD
from cityrules.scheme.inputs import NOTHING_IN_IT
from cityrules.scheme.lawful import check_lawful
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter

INCOMPLETE: Final = "CR326"
UNKNOWN_STEP: Final = "CR333"
BAD_RESTART: Final = "CR334"
NO_BOUND: Final = "CR342"

NOBODY_DECIDES: Final = "CR963"
NO_CHOICE: Final = "CR965"
TWO_BOUNDS: Final = "CR906"

EITHER: Final = (("do", "pick"), ("amount", "between"))
"""What is fixed, and what leaves the same to whoever decides."""
TRIGGERS: Final = ("reaches", "exceeds", "at_least", "when")
CROSSINGS: Final = ("reaches", "exceeds")
_FROM_A_DAY: Final = "lasts / ends / within"
_AFTER: Final = re.compile(r"after\s+(\S+)")


def check_consequences(document: Document, reporter: Reporter) -> None:
    """Complain about every consequence that leaves something open or says it twice."""
    for name, consequence in document.consequences.items():
        path = ("consequences", name)
        if consequence.ladder is None and consequence.steps is None:
            _single(consequence, path, reporter)
        else:
            _ladder(consequence, path, reporter)


def _single(consequence: ConsequenceBody, path: Path, reporter: Reporter) -> None:
    # An act without a condition would befall everybody: it must be written as one (`when: true`).
    reporter.exactly_one(path, consequence, ("when", "ladder"))
    _complete(consequence, path, reporter)
    for key in ("restarts", "surplus", "together"):
        if getattr(consequence, key) is not None:
            reporter.pointless(path, key, "ladder")


def _ladder(consequence: ConsequenceBody, path: Path, reporter: Reporter) -> None:
    if consequence.when is not None:
        reporter.exactly_one(path, consequence, ("when", "ladder") if consequence.ladder else ("when", "steps"))
        return
    if consequence.ladder is None:
        reporter.needed(path, "ladder", "steps")
    if consequence.steps is None:
        reporter.needed(path, "steps", f"ladder: {consequence.ladder}")
        return
    if not consequence.steps:
        reporter.refuse_key(NOTHING_IN_IT, (*path, "steps"), key="steps")
        return
    acts: tuple[Act, ...] = (consequence, *consequence.steps.values())
    if consequence.starts is not None and not any(_counts_from_a_day(act) for act in acts):
        reporter.pointless(path, "starts", _FROM_A_DAY)
    _choices(consequence, path, reporter)
    for name, step in consequence.steps.items():
        _step(step, consequence, (*path, "steps", name), reporter)
    if len(consequence.steps) > 1 and consequence.together is None:
        reporter.needed(path, "together", "steps")
    _restarts(consequence, consequence.steps, path, reporter)


def _step(step: StepBody, consequence: ConsequenceBody, path: Path, reporter: Reporter) -> None:
    trigger = reporter.exactly_one(path, step, TRIGGERS)
    if trigger == "when":
        if step.fires is None:
            reporter.needed(path, "fires", f"when: {step.when}")
    elif trigger is not None:
        for key in ("fires", "missing"):
            if getattr(step, key) is not None:
                reporter.pointless(path, key, "when")
    _complete(step, path, reporter, consequence)


def _complete(act: Act, path: Path, reporter: Reporter, consequence: ConsequenceBody | None = None) -> None:
    """What is done and of what kind it is, said here or by the consequence for all its steps."""
    whole = act if consequence is None else effective(act, consequence)
    for key in ("do", "kind"):
        if getattr(whole, key) is None and (key != "do" or whole.pick is None):
            reporter.refuse_key(INCOMPLETE, path, name=path[-1], key=key)
    _choices(act, path, reporter)
    open_ = next((key for key in ("pick", "between") if getattr(whole, key) is not None), None)
    if open_ is not None and not whole.decided_by:
        reporter.refuse_key(NOBODY_DECIDES, (*path, open_) if getattr(act, open_) is not None else path, key=open_)
    if act.lasts == FOR_GOOD and act.ends is not None and getattr(consequence, "lasts", None) is None:
        # What is lifted by nothing else than `ends` says so by `ends` alone.
        reporter.refused(path, "lasts", "ends")
    if act.starts is not None and not _counts_from_a_day(whole):
        reporter.pointless(path, "starts", _FROM_A_DAY)
    check_lawful(whole, act, path, reporter)


def _choices(act: Act, path: Path, reporter: Reporter) -> None:
    """What a body leaves to whoever decides: it says no more than one of two things, and leaves a choice."""
    for fixed, free in EITHER:
        if getattr(act, fixed) is not None and getattr(act, free) is not None:
            reporter.refused(path, free, fixed)
    if act.between is not None and len(act.between) != 2:
        reporter.refuse_key(TWO_BOUNDS, (*path, "between"), count=len(act.between))
    if act.pick is not None and len(set(act.pick)) < max(2, len(act.pick)):
        reporter.refuse_key(NO_CHOICE, (*path, "pick"), found=", ".join(act.pick))


def _counts_from_a_day(act: Act) -> bool:
    """Whether it matters on which day an act starts."""
    return has_effect(act) or act.within is not None


def has_effect(act: Act) -> bool:
    """Whether an act has effect for a time, and is not over with being done."""
    return act.lasts is not None or act.ends is not None


def effective(own: Act, around: Act) -> Act:
    """What a step does: it takes from the consequence around what it does not say itself."""
    said = {key: getattr(own, key) for key in Act.model_fields if getattr(own, key) is not None}
    # What a step fixes, or leaves open, takes the place of both.
    instead = {key for pair in EITHER for key in pair if said.keys() & {*pair}}
    given = {
        key: getattr(around, key) for key in Act.model_fields if key not in Body.model_fields and key not in instead
    }
    return Act.model_construct(**{**given, **said})


def _restarts(consequence: ConsequenceBody, steps: Mapping[str, StepBody], path: Path, reporter: Reporter) -> None:
    """After a crossing: does counting go on, or start anew after a step, and what then becomes of what is over?"""
    said = consequence.restarts
    crossing = next((key for step in steps.values() for key in CROSSINGS if getattr(step, key) is not None), None)
    if said is None:
        if crossing is not None:
            reporter.needed(path, "restarts", crossing, "no, after STEP")
        elif consequence.surplus is not None:
            reporter.pointless(path, "surplus", "restarts: after ...")
        return
    after = _AFTER.fullmatch(said.strip())
    if after is None:
        if said.strip() != "no":
            reporter.refuse(BAD_RESTART, (*path, "restarts"), found=said)
        elif crossing is None:
            reporter.pointless(path, "restarts", " / ".join(CROSSINGS))
        elif consequence.surplus is not None:
            reporter.refused(path, "surplus", "restarts: no")
        return
    step = steps.get(after[1])
    if step is None:
        reporter.refuse_name(UNKNOWN_STEP, (*path, "restarts"), after[1], steps)
    elif step.when is not None:
        reporter.refuse(NO_BOUND, (*path, "restarts"), found=after[1])
    if consequence.surplus is None:
        reporter.needed(path, "surplus", f"restarts: {said}")
