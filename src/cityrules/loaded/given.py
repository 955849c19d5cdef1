"""What a scheme is asked about: the rows that are given, by kind, the time, and what was before it. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cityrules.calendar.periods import Span
from cityrules.loaded.assessment import Assessment
from cityrules.plan.model import Plan
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.suggest import nearest

if TYPE_CHECKING:
    from cityrules.engines.base import CellKey, Inputs, Outcome, Question
    from cityrules.feel.tree import Value
    from cityrules.io.binding.inputs import Binding
    from cityrules.io.corrections import Corrections
    from cityrules.io.rows import Rows

    After = Callable[[Outcome], Outcome]


@contextmanager
def words_of(language: Language) -> Iterator[None]:
    """Inside it what is wrong with inputs is told in the words of a scheme; what stands in a binding, in its."""
    from cityrules.io.rows import DataError

    try:
        yield
    except DataError as problem:
        if language == "en":
            raise
        # What they quote are data and paths, which stay as they are.
        found = [each if each.at else replace(each, words=language) for each in problem.diagnostics]
        raise DataError(found) from None


def question_of(
    plan: Plan,
    inputs: Inputs,
    period: str | Span,
    as_of: dt.datetime | None,
    before: Sequence[Rows],
    under: Plan | None = None,
) -> Question:
    """What is asked about these inputs; of the plan `under` another reading about the same time.

    Raises ValueError for a period that is no period.
    """
    from cityrules.engines.base import Question

    span = period if isinstance(period, Span) else plan.periods.parse_span(period)
    moment = instant_of(plan, span, as_of)
    return Question(span, moment, _before(plan, before, span, inputs, under or plan))


def correction_rows(given: Any) -> list[Rows] | None:
    """The rows of corrections that were given; None where none were. Raises DataError."""
    if given is None:
        return None
    from cityrules.io.corrections import CORRECTIONS
    from cityrules.io.open import open_sources

    return list(open_sources(given, CORRECTIONS))


def corrections_of(plan: Plan, sources: Sequence[Rows] | None) -> Corrections | None:
    """The corrections in rows; None where there are none. Raises DataError."""
    from cityrules.io.corrections import read_corrections

    return None if sources is None else read_corrections(sources, plan)


def as_known(plan: Plan, inputs: Inputs, corrections: Corrections | None, as_of: dt.datetime) -> tuple[Inputs, After]:
    """The inputs as they were known at an instant, and what an outcome of them has besides: what became of the
    corrections."""
    if corrections is None:
        return inputs, lambda outcome: outcome
    from cityrules.io.corrected import applied

    known = applied(plan, inputs.records, corrections, as_of)
    return replace(inputs, records=known.records), lambda outcome: replace(outcome, tables=known.tables(outcome.tables))


def instant_of(plan: Plan, period: str | Span, as_of: dt.datetime | None) -> dt.datetime:
    """The instant of knowledge: without one the end of what is assessed. Raises ValueError for no period."""
    span = period if isinstance(period, Span) else plan.periods.parse_span(period)
    return as_of or plan.days_of(span).end


def _before(
    own: Plan, before: Sequence[Rows], span: Span, inputs: Inputs, plan: Plan
) -> Mapping[str, Mapping[CellKey, Value]]:
    """What was before the span, by measure and cell."""
    if not before:
        return {}
    from cityrules.engines.firsts import first_days
    from cityrules.engines.opening import opening_values

    elsewhere = () if plan is own else own.measures
    return opening_values(plan, before, span, first_days(plan, inputs), elsewhere)


def inputs_of(
    plan: Plan,
    records: Mapping[str, Any],
    targets: Mapping[str, Any],
    host: Binding | None,
    beside: Plan | None = None,
) -> list[dict[str, Sequence[Rows]]]:
    """The rows of records and of targets, by kind; rows of kinds that only the plan `beside` has are taken, too. Raises
    DataError for a kind that there is not, and for one that comes from two sides."""
    from cityrules.io.binding.inputs import refuse_twice
    from cityrules.io.open import open_sources

    bound: Mapping[str, Sequence[Rows]] = {}
    if host is not None:
        kinds = {kind: rows for kind, rows in records.items() if kind not in host.tables}
        refuse_twice(kind for kind in (*kinds, *targets) if kind in host.kinds)
        bound, records = host.rows(records), kinds
    more_records, more_kinds = (beside.records, beside.kinds) if beside is not None else ({}, {})
    parts = _known(records, {**plan.records, **more_records}), _known(targets, {**plan.kinds, **more_kinds})
    given: list[dict[str, Sequence[Rows]]] = [
        {kind: open_sources(rows, kind) for kind, rows in part.items()} for part in parts
    ]
    for kind, rows in bound.items():
        given[kind in plan.kinds][kind] = rows
    return given


def _known(given: Mapping[str, Any], kinds: Mapping[str, object]) -> Mapping[str, Any]:
    from cityrules.io.rows import DataError

    wrong = [
        Diagnostic("CR501", path=kind, values={"found": kind, "wanted": ", ".join(kinds)} | _meant(kind, kinds))
        for kind in given
        if kind not in kinds
    ]
    if wrong:
        raise DataError(wrong)
    return given


def _meant(kind: str, kinds: Mapping[str, object]) -> dict[str, str]:
    near = nearest(kind, kinds)
    return {"suggestion": near} if near else {}


def opened(opening: Any) -> list[Rows]:
    """The rows of the table `values` of an earlier assessment, if there is one to go on from."""
    if opening is None:
        return []
    from cityrules.io.open import open_sources

    return list(open_sources(list(opening.rows("values")) if isinstance(opening, Assessment) else opening, "opening"))
