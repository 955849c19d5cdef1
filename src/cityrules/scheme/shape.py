"""All rules of a document that need no types: the first thing asked of one whose keys are right. Complains, no more."""

from __future__ import annotations

import datetime as dt
from typing import Final

from cityrules.scheme.acts import check_consequences
from cityrules.scheme.cases import check_cases
from cityrules.scheme.checked import check_checks
from cityrules.scheme.computed import check_measures
from cityrules.scheme.document import Document, ItemBody, ItemLedgerBody, LedgerBody
from cityrules.scheme.inputs import check_inputs
from cityrules.scheme.labels import check_labels
from cityrules.scheme.names import check_names
from cityrules.scheme.periods import check_periods
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter

NO_CLAUSE: Final = "CR327"
VERSION: Final = "CR335"
OVER_BEFORE_IT_BEGINS: Final = "CR336"
NO_BASE_HERE: Final = "CR945"

LANGUAGE: Final = "1"


def check_shape(document: Document, reporter: Reporter) -> None:
    """Complain about all that is wrong in `document`, which may lack what has complaints already (`reporter.raw`)."""
    if document.cityrules != LANGUAGE:
        reporter.refuse(VERSION, ("cityrules",), found=document.cityrules, expected=LANGUAGE)
    first, until = document.in_force.from_, document.in_force.until
    if isinstance(first, dt.date) and until is not None and until <= first:
        reporter.refuse(OVER_BEFORE_IT_BEGINS, ("in_force", "until"), found=until, first=first)
    if document.based_on is not None:
        reporter.refuse(NO_BASE_HERE, ("based_on",), found=document.based_on)
    elif document.changes:
        reporter.pointless((), "changes", "based_on")
    check_names(document, reporter)
    check_periods(document, reporter)
    check_inputs(document, reporter)
    check_measures(document, reporter)
    check_consequences(document, reporter)
    check_checks(document, reporter)
    _check_clauses(document, reporter)
    check_cases(document, reporter)
    check_labels(document, reporter)


def _check_clauses(document: Document, reporter: Reporter) -> None:
    """Whatever costs or earns something, or turns a row away, rests on a clause: its own, or that of what is around."""
    if document.clause is not None:
        return
    for name, measure in document.measures.items():
        if isinstance(measure, LedgerBody) and measure.clause is None:
            _check_rules(measure, ("measures", name), reporter)
    for name, record in document.records.items():
        for condition, body in record.accepted_if.items() if record.clause is None else ():
            if body.clause is None:
                reporter.refuse_key(NO_CLAUSE, ("records", name, "accepted_if", condition), name=condition)
    for name, consequence in document.consequences.items():
        if consequence.clause is not None:
            continue
        if not consequence.steps:
            reporter.refuse_key(NO_CLAUSE, ("consequences", name), name=name)
        for step, act in (consequence.steps or {}).items():
            if act.clause is None:
                reporter.refuse_key(NO_CLAUSE, ("consequences", name, "steps", step), name=step)


def _check_rules(body: LedgerBody | ItemBody, path: Path, reporter: Reporter) -> None:
    """The rules of a ledger, or of an item, that rests on no clause itself; an item with a value is a rule."""
    for name, rule in (body.rules or {}).items():
        if rule.clause is None:
            reporter.refuse_key(NO_CLAUSE, (*path, "rules", name), name=name)
    items = body.items if isinstance(body, (ItemBody, ItemLedgerBody)) else None
    for name, item in (items or {}).items():
        if item.clause is None and item.value is not None:
            reporter.refuse_key(NO_CLAUSE, (*path, "items", name), name=name)
        elif item.clause is None:
            _check_rules(item, (*path, "items", name), reporter)
