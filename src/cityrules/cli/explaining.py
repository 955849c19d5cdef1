"""`why`: which cell is meant, and its explanation."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import typer

from cityrules.calendar.periods import Periods, Span
from cityrules.cli.failures import usage
from cityrules.cli.options import unknown
from cityrules.loaded import Assessment
from cityrules.plan.model import Plan
from cityrules.results.in_words import canonical, in_words
from cityrules.results.why import Explainer, Explanation
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language


def explain(
    assessment: Assessment,
    target: str | None,
    record: str | None,
    at: str | None,
    measure: str | None,
    depth: int,
) -> Explanation:
    """The explanation that was asked for. Raises UsageError, NothingToExplain."""
    if (target is None) == (record is None):
        raise usage("CR610")
    if record is not None:
        kind, sign, key = record.partition("=")
        if not sign:
            raise usage("CR615", found=record)
        judged = assessment.judged_record(kind, key)
        return _said(judged, _explainer(judged).record(kind, key, _canonical(judged, measure), depth=depth))
    period = at
    if at is None:
        measure = _canonical(assessment, measure)
        _known_measure(assessment.plan, measure)
        period = _only_period(assessment.plan, assessment.span, measure)
    judged = assessment.judged(target or "", period, measure)
    measure = _canonical(judged, measure)
    _known_measure(judged.plan, measure)
    return _said(judged, _explainer(judged).explain(target or "", period, measure, depth=depth))


def _explainer(judged: Assessment) -> Explainer:
    return Explainer(judged.plan, judged.tables, judged.outcome.facts)


def _canonical(judged: Assessment, measure: str | None) -> str | None:
    return canonical(measure, judged.plan.measures, judged.language)


def _said(judged: Assessment, found: Explanation) -> Explanation:
    """An explanation in the words of the scheme; of several editions, under the one by which it is."""
    return judged.told(in_words(found, judged.language, judged.plan.rows))


def tell(explanation: Explanation, language: Language, as_json: bool, most: int, changes: Sequence[str] = ()) -> None:
    """Write an explanation; before the tree, under which changes of the document it holds."""
    if as_json:
        data: dict[str, Any] = explanation.to_json()
        typer.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        if changes:
            typer.echo(
                wording("wording.yaml", "cityrules.cli").say("changes", {"changes": "; ".join(changes)}, language)
            )
        typer.echo(explanation.render(language, most=most or None))


def _known_measure(plan: Plan, measure: str | None) -> None:
    known = [*plan.measures, *plan.consequences, *plan.checks]
    if measure is not None and measure not in known and all(one.name != measure for one in plan.withheld):
        raise unknown("CR640", measure, known)


def _only_period(plan: Plan, span: Span, measure: str | None) -> str | None:
    """The one period that can be meant when none was named."""
    known = plan.periods
    named = measure or ""
    base = plan.measures.get(named) or plan.consequences.get(named) or plan.checks.get(named)
    if base is not None:
        if base.grain.period is None:
            return None  # Of a duty, too: all of its intervals.
        kinds = [base.grain.period]
    else:
        kinds = ["month", *(kind for kind in known if kind != "month")]
    for kind in kinds:
        found = known.in_span(kind, span)
        if len(found) == 1 and (base is not None or _covers(known, span, kind, found[0])):
            return known.name_of(kind, found[0])
    example = next(
        (known.name_of(kind, found[-1]) for kind in kinds if (found := known.in_span(kind, span))), "2024-03"
    )
    raise usage("CR607", measure=measure or "*", example=example)


def _covers(periods: Periods, span: Span, kind: str, index: int) -> bool:
    return Span(periods.start_of(kind, index), periods.last_day_of(kind, index)) == span
