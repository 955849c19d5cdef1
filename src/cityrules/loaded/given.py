"""What a scheme is asked about: the rows that are given, by kind, the time, and what was before it. Runs nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

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
    from cityrules.loaded.manifest import Part

    After = Callable[[Outcome], Outcome]


class Bindable(Protocol):
    """A scheme, or editions of one: what rows are opened for."""

    @property
    def plan(self) -> Plan: ...

    def binding(self, thing: str | Path | Mapping[str, Any]) -> Binding: ...


@dataclass(frozen=True, slots=True)
class Handed:
    """Rows as they were handed in; `Scheme.assess` says what each may be."""

    records: Mapping[str, Any]
    targets: Mapping[str, Any] | None = None
    binding: Binding | str | Path | Mapping[str, Any] | None = None
    opening: Any = None
    corrections: Any = None

    def opened(self, of: Bindable, beside: Plan | None = None) -> Given:
        """The rows of all sources; of kinds that only the plan `beside` has, too. Raises DataError, and SchemeError for
        a binding with errors."""
        from cityrules.engines.base import Inputs
        from cityrules.io.binding.inputs import Binding

        host = self.binding
        if host is not None and not isinstance(host, Binding):
            host = of.binding(host)
        records, targets = _inputs_of(of.plan, self.records, self.targets or {}, host, beside)
        return Given(Inputs(records, targets), _opened(self.opening), _correction_rows(self.corrections))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about: rows, a time, and the instant of knowledge (None: the end of that time)."""

    rows: Handed
    period: str | Span
    as_of: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """The rows of all sources, opened: of records and targets, of what was before, and of corrections (None where none
    were given, not even an empty table)."""

    inputs: Inputs
    before: Sequence[Rows]
    corrected: Sequence[Rows] | None = None

    def kept(self) -> Given:
        """The same, each source read once. Raises DataError."""
        from cityrules.engines.base import Inputs
        from cityrules.io.kept import kept

        parts = (self.inputs.records, self.inputs.targets)
        inputs = Inputs(*({kind: [kept(one) for one in rows] for kind, rows in part.items()} for part in parts))
        before = [kept(one) for one in self.before]
        return Given(inputs, before, None if self.corrected is None else [kept(one) for one in self.corrected])

    def sources(self) -> Iterator[tuple[Part, str, Rows]]:
        """Every source with the part and the kind that it is of, in the order of a manifest."""
        parts: tuple[tuple[Part, Mapping[str, Sequence[Rows]]], ...] = (
            ("records", self.inputs.records),
            ("targets", self.inputs.targets),
            ("opening", {"": self.before}),
            ("corrections", {"": self.corrected or ()}),
        )
        for part, kinds in parts:
            for kind in sorted(kinds):
                for rows in kinds[kind]:
                    yield part, kind, rows

    def known(self, plan: Plan, as_of: dt.datetime) -> tuple[Inputs, After]:
        """The inputs as they were known at an instant, as `as_known`. Raises DataError."""
        return as_known(plan, self.inputs, corrections_of(plan, self.corrected), as_of)


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


def _inputs_of(
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


def _opened(opening: Any) -> list[Rows]:
    """The rows of the table `values` of an earlier assessment, if there is one to go on from."""
    if opening is None:
        return []
    from cityrules.io.open import open_sources

    return list(open_sources(list(opening.rows("values")) if isinstance(opening, Assessment) else opening, "opening"))


def _correction_rows(given: Any) -> list[Rows] | None:
    """The rows of corrections that were given; None where none were. Raises DataError."""
    if given is None:
        return None
    from cityrules.io.corrections import CORRECTIONS
    from cityrules.io.open import open_sources

    return list(open_sources(given, CORRECTIONS))
