"""An assessment run: by one scheme, or by the editions of one. The one place where rows meet an engine for it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, TypeVar

from cityrules.calendar.periods import Span
from cityrules.engines.base import Inputs, Outcome, Question
from cityrules.io.rows import DataError
from cityrules.loaded.assessment import Assessment
from cityrules.loaded.engines import engine_of
from cityrules.loaded.errors import CheckFailed
from cityrules.loaded.given import Asked, Given, instant_of, question_of, words_of
from cityrules.loaded.sealing import MadeOf
from cityrules.plan.model import Plan
from cityrules.text.diagnostic import Diagnostic

if TYPE_CHECKING:
    from cityrules.engines.base import Progress
    from cityrules.loaded.editions import Editions
    from cityrules.loaded.judged import EditionsAssessment
    from cityrules.loaded.scheme import Scheme

REJECTED: Final = "CR502"
_Run = TypeVar("_Run", bound=Assessment)


def outcome_of(
    plan: Plan,
    given: Given,
    period: str | Span,
    as_of: dt.datetime | None,
    engine: str,
    progress: Progress | None = None,
) -> tuple[Question, Outcome]:
    """What comes out of rows as they were known at the instant, and what was asked about them. Raises DataError, and
    ValueError for a period that is no period."""
    inputs, after = given.known(plan, instant_of(plan, period, as_of))
    question = question_of(plan, inputs, period, as_of, given.before)
    return question, after(engine_of(engine).assess(plan, inputs, question, progress))


def assess(scheme: Scheme, asked: Asked, engine: str, *, strict: bool, progress: Progress | None) -> Assessment:
    """What a scheme makes of what is asked. Raises what `Scheme.assess` says."""
    with words_of(scheme.language):
        given = asked.rows.opened(scheme)
        question, outcome = outcome_of(scheme.plan, given, asked.period, asked.as_of, engine, progress)
        made = made_of(scheme, given)
        found = Assessment(scheme.plan, question.span, question.as_of, engine, outcome, scheme.language, made)
        return _accepted(found, strict=strict)


def assess_by_editions(
    editions: Editions, asked: Asked, engine: str, *, strict: bool, progress: Progress | None
) -> EditionsAssessment:
    """What the editions of a scheme make of it, each of its own time. Raises what `Scheme.assess` says."""
    from cityrules.compare.editions.edition import days_assessed
    from cityrules.compare.editions.judging import judge_all
    from cityrules.loaded.judged import EditionsAssessment

    with words_of(editions.language):
        plan = editions.plan
        span = asked.period if isinstance(asked.period, Span) else plan.periods.parse_span(asked.period)
        moment = asked.as_of or days_assessed(editions.editions, span).end
        given = asked.rows.opened(editions)
        inputs, after = given.known(plan, moment)
        # Every edition reads them, each at its own time.
        kept = Given(inputs, given.before).kept()
        runs = engine_of(engine)

        def run(of: Plan, rows: Inputs, question: Question) -> Outcome:
            return after(runs.assess(of, rows, question, progress))

        found = judge_all(editions.editions, kept.inputs, span, moment, kept.before, run)
        last = found.parts[-1]
        outcome = Outcome(found.tables, last.outcome.facts)
        result = EditionsAssessment(last.plan, span, moment, engine, outcome, editions.language, parts=found.parts)
        return _accepted(result, strict=strict)


def made_of(scheme: Scheme, given: Given) -> MadeOf:
    """What an assessment of these rows by the scheme is made of, for a seal."""
    return MadeOf(scheme.texts, scheme.changes, scheme.document.cityrules, scheme.name, given)


def _accepted(found: _Run, *, strict: bool) -> _Run:
    """A result that may be handed out. Raises CheckFailed for a check that stops it; where it is strict, DataError for
    rows that were not used."""
    failed = [row for row in found.rows("problems") if row["level"] == "error"]
    if failed:
        raise CheckFailed(failed, found)
    rejected = [
        Diagnostic(
            REJECTED,
            path=str(row["kind"]),
            values={"source": str(row["source"]), "row": str(row["row"]), "found": str(row["reasons"])},
        )
        for row in (found.rows("rejects") if strict else ())
    ]
    if rejected:
        raise DataError(rejected)
    return found
