"""All rules of a document that need no types: the first thing asked of one whose keys are right. Complains, no more."""

from __future__ import annotations

import datetime as dt
from typing import Final

from cityrules.scheme.acts import check_consequences
from cityrules.scheme.cases import check_cases
from cityrules.scheme.computed import check_measures
from cityrules.scheme.desk import Desk
from cityrules.scheme.document import Document, LedgerBody
from cityrules.scheme.inputs import check_inputs
from cityrules.scheme.names import check_names

NO_CLAUSE: Final = "CR327"
VERSION: Final = "CR335"
OVER_BEFORE_IT_BEGINS: Final = "CR336"

LANGUAGE: Final = "1"


def check_shape(document: Document, desk: Desk) -> None:
    """Complain about everything wrong in `document`, which may lack what has complaints already (see `desk.raw`)."""
    if document.cityrules != LANGUAGE:
        desk.refuse(VERSION, ("cityrules",), found=document.cityrules, expected=LANGUAGE)
    first, until = document.in_force.from_, document.in_force.until
    if isinstance(first, dt.date) and until is not None and until <= first:
        desk.refuse(OVER_BEFORE_IT_BEGINS, ("in_force", "until"), found=until, first=first)
    check_names(document, desk)
    check_inputs(document, desk)
    check_measures(document, desk)
    check_consequences(document, desk)
    _check_clauses(document, desk)
    check_cases(document, desk)


def _check_clauses(document: Document, desk: Desk) -> None:
    """Whatever costs or earns something rests on a clause: its own, or that of the body around it."""
    if document.clause is not None:
        return
    for name, measure in document.measures.items():
        if isinstance(measure, LedgerBody) and measure.clause is None:
            for rule, body in measure.rules.items():
                if body.clause is None:
                    desk.refuse_key(NO_CLAUSE, ("measures", name, "rules", rule), name=rule)
    for name, consequence in document.consequences.items():
        if consequence.clause is not None:
            continue
        if not consequence.steps:
            desk.refuse_key(NO_CLAUSE, ("consequences", name), name=name)
        for step, act in (consequence.steps or {}).items():
            if act.clause is None:
                desk.refuse_key(NO_CLAUSE, ("consequences", name, "steps", step), name=step)
