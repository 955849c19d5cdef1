"""A document under changes by dotted path, checked as any other: what `Scheme.overlay` and worked examples run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityrules.loaded.engines import check_examples
from cityrules.loaded.errors import SchemeError
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import under
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Report


def changed(written: Loaded, changes: Mapping[str, Any], *, examples: bool) -> tuple[Loaded, Plan]:
    """The document with the paths changed, and its plan; with `examples` its worked cases are run, too. Raises
    SchemeError."""
    report = Report()
    made = under(written, changes, report)
    # The options of readings are overlays on the document as written, not on one that is changed already.
    plan = build(made, report) if made is not None and not report.failed else None
    if made is not None and plan is not None and examples and not report.failed:
        check_examples(made, plan, report)
    if made is None or plan is None or report.failed:
        raise SchemeError(told(report, written.language))
    return made, plan


def plan_of_example(written: Loaded, plan: Plan, example: str) -> Plan:
    """The plan that a worked example runs under: that of the document, or with what the example changes. Raises
    KeyError, SchemeError."""
    body = written.document.examples[example]
    if not body.under:
        return plan
    report = Report()
    made = under(written, body.under, report, ("examples", example, "under"))
    other = build(made, report) if made is not None else None
    if other is None:
        raise SchemeError(told(report, written.language))
    return other
