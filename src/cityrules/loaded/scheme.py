"""The loaded scheme: the one object that an embedding developer holds, and what it can be asked.

Ties the rooms together in one direction: text, document, plan, engine, tables. Defines no meaning of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityrules.calendar.periods import Span
from cityrules.loaded.assessment import Assessment
from cityrules.loaded.engines import EngineName, check_examples, engine_of
from cityrules.loaded.errors import CheckFailed, SchemeError
from cityrules.loaded.given import (
    as_known,
    correction_rows,
    corrections_of,
    inputs_of,
    instant_of,
    opened,
    question_of,
    words_of,
)
from cityrules.loaded.texts import DocumentTexts
from cityrules.plan.build import build
from cityrules.plan.model import Plan
from cityrules.scheme.document import Document
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import under
from cityrules.scheme.places import Places
from cityrules.scheme.telling import told
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.files import read_file

if TYPE_CHECKING:
    from pydantic import BaseModel

    from cityrules.compare.comparison import Comparison
    from cityrules.engines.base import Inputs, Outcome, Progress, Question
    from cityrules.engines.python.single.scorer import RecordScorer
    from cityrules.io.binding.inputs import Binding
    from cityrules.io.rows import Rows
    from cityrules.io.template import Form
    from cityrules.loaded.sealing import MadeOf
    from cityrules.loaded.study import Study
    from cityrules.report.synopsis import Synopsis
    from cityrules.testing.coverage.found import RuleCoverage
    from cityrules.testing.mutation.found import Mutation
    from cityrules.testing.proposing.proposing import ProposedCases


@dataclass(frozen=True)
class Scheme:
    """A checked scheme. Made by `load`; frozen; safe to share between threads."""

    _loaded: Loaded
    plan: Plan
    texts: DocumentTexts | None = field(default=None, compare=False, repr=False)
    """The texts it was made of; None for one that was made in Python."""
    changes: tuple[Mapping[str, Any], ...] = field(default=(), compare=False, repr=False)
    """What was changed of these texts by `overlay`, one after the other."""
    _scorers: dict[str, RecordScorer] = field(default_factory=dict, compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.document.scheme

    @property
    def language(self) -> Language:
        """The language of the document's keywords, which its messages are in unless another is asked for."""
        return self._loaded.language

    @property
    def document(self) -> Document:
        return self._loaded.document

    @property
    def written(self) -> Loaded:
        """The document as it was read, with its plain tree and its nodes."""
        return self._loaded

    @property
    def places(self) -> Places:
        """Where everything in the document stands."""
        return self._loaded.places

    def overlay(self, changes: Mapping[str, Any], *, examples: bool = False) -> Scheme:
        """The scheme with dotted paths changed, such as `{"parameters.fail_line.value": 75}`.

        A change to None removes; `{"readings.NAME": "OPTION"}` chooses an option by name. Raises SchemeError.
        """
        report = Report()
        changed = under(self._loaded, changes, report)
        # The options of readings are overlays on the document as written, not on one that is changed already.
        plan = build(changed, report) if changed is not None and not report.failed else None
        if changed is not None and plan is not None and examples and not report.failed:
            check_examples(changed, plan, report)
        if changed is None or plan is None or report.failed:
            raise SchemeError(told(report, self.language))
        return Scheme(changed, plan, self.texts, (*self.changes, dict(changes)))

    def diff(self, other: Scheme) -> Synopsis:
        """What is different in another scheme, by address and clause: `.changes`, `.groups`, `.table`, `.to_json()`,
        and `.text("en")`, in the words of the regulation. What is only written otherwise is no difference."""
        from cityrules.report.synopsis import Synopsis
        from cityrules.scheme.diff import differences

        return Synopsis(differences(self._loaded, other._loaded))

    def changes_to(self, other: Scheme) -> dict[str, object]:
        """The changes by dotted path under which (`overlay`) this scheme is the other one."""
        return self.diff(other).changes

    def proposal(self, other: Scheme, based_on: str | None = None) -> str:
        """The text of a document that is based on this scheme and is the other one. `based_on`: how it names this
        scheme: a shipped name (None: the name of the scheme) or a file in its folder."""
        from cityrules.compare.proposal import proposal

        return proposal(self.diff(other).differences, based_on or self.name)

    def plan_of(self, example: str) -> Plan:
        """The plan that a worked example runs under: the scheme's own, or with what the example changes.

        Raises KeyError for an example that is not there, SchemeError where its changes make no good document.
        """
        body = self.document.examples[example]
        if not body.under:
            return self.plan
        report = Report()
        changed = under(self._loaded, body.under, report, ("examples", example, "under"))
        plan = build(changed, report) if changed is not None else None
        if plan is None:
            raise SchemeError(told(report, self.language))
        return plan

    def regulation(self, language: Language | None = None) -> str:
        """The scheme as plain regulation text (Markdown), with its examples, for a person to read and sign: in the
        language of its keywords, or in `language`. Labels and names stay as the document has them."""
        from cityrules.report.regulation import regulation

        return regulation(self.document, language or self.language)

    def unlabelled(self, language: Language | None = None) -> tuple[str, ...]:
        """The names of fields, values and everything else for which the document has no word of the language, so that
        `regulation` has to show them as they are. Words are given in the section `labels`."""
        from cityrules.report.regulation import untold

        return untold(self.document, language or self.language)

    def template(self, path: str | Path, language: Language | None = None) -> tuple[Form, ...]:
        """Write the tables as a workbook to fill in a spreadsheet program: a sheet each, with the rows there are; what
        is saved can be read back by `rows: {sheet: FILE!SHEET}`. Explanations are in the language of the document's
        keywords, or in `language`. Returns which table is which sheet.

        Raises DataError for a scheme without tables and for a file that is there already (needs the extra `excel`).
        """
        from cityrules.io.template import write_template

        with words_of(self.language):
            return write_template(self._loaded, self.plan, path, language or self.language)

    def scorer(self, kind: str) -> RecordScorer:
        """The generated scorer for single records of a kind. Raises KeyError for an unknown kind."""
        if kind not in self._scorers:
            from cityrules.engines.python.single.scorer import compile_record

            self._scorers[kind] = compile_record(self.plan, kind)
        return self._scorers[kind]

    def model(self, kind: str) -> type[BaseModel]:
        """A typed, frozen pydantic model of a kind of record or target; `assess` takes its instances as rows.

        Raises KeyError for a name that is neither.
        """
        from cityrules.model.typed import record_model, target_model

        if kind in self.plan.kinds:
            return target_model(self.plan.kinds[kind])
        return record_model(self.plan.records[kind], self.plan.periods)

    def binding(self, thing: str | Path | Mapping[str, Any]) -> Binding:
        """The binding of a file or a mapping, checked against this scheme. Raises SchemeError listing every problem."""
        from cityrules.io.binding.check import check_binding
        from cityrules.io.binding.inputs import Binding
        from cityrules.io.binding.load import binding_from, read_binding

        language: Language = "en"
        report = Report()
        if isinstance(thing, (str, Path)):
            source = read_file(thing, report)
            loaded, language = read_binding(source, report) if source else (None, "en")
        else:
            loaded = binding_from(thing, report)
        if loaded is not None:
            check_binding(loaded, self.plan, report)
        if loaded is None or report.failed:
            raise SchemeError(told(report, language))
        return Binding(loaded, self.plan, language)

    def score_record(self, kind: str, record: Any, *, as_of: dt.datetime | None = None) -> Any:
        """What the rules over one kind say of a single record: points, rules and clauses, in microseconds.

        Raises RecordError for a record that is not acceptable, naming each field and reason.
        """
        return self.scorer(kind)(record, as_of)

    def assess(
        self,
        records: Mapping[str, Any],
        *,
        period: str | Span,
        as_of: dt.datetime | None = None,
        targets: Mapping[str, Any] | None = None,
        engine: EngineName = "python",
        strict: bool = False,
        binding: Binding | str | Path | Mapping[str, Any] | None = None,
        opening: Any = None,
        corrections: Any = None,
        progress: Progress | None = None,
    ) -> Assessment:
        """Assess all targets over the periods that lie wholly inside `period` (`2015`, `2015-03`, `2008-08..2009-02`).

        `records` and `targets` map a kind to its rows: a path (CSV, gzip, Parquet), a data frame (pandas, Polars), an
        Arrow table, an iterable of mappings or pydantic objects, or a list of several of these. With a `binding`,
        `records` maps the host's tables by their names in it, and other kinds besides. `as_of` is the instant
        of knowledge (local civil time); without it, the end of `period`. Rows that cannot be used are `rejects` and
        raise nothing, unless `strict`.

        `opening` is what accounts, runs, ladders, `previous` and `year_before` go on from: an earlier assessment, or
        rows with the columns `measure`, `target`, `period`, `value` (and `dimension`), as its table `values` has them.

        `corrections` are rows that say which records were corrected or annulled, when and why (`docs/appeals.md`);
        those known at `as_of` are applied before rows are accepted, and stand in the table `corrections`.

        Raises SchemeError for a binding with errors, DataError for inputs that cannot be read at all (and for opening
        values that cannot be gone on from) and CheckFailed
        when a check with `otherwise: error` does not hold; ValueError for a period that is no period.
        """
        with words_of(self.language):
            return self._assess(
                records, period, as_of, targets, engine, strict, binding, opening, corrections, progress
            )

    def _assess(
        self,
        records: Mapping[str, Any],
        period: str | Span,
        as_of: dt.datetime | None,
        targets: Mapping[str, Any] | None,
        engine: EngineName,
        strict: bool,
        binding: Binding | str | Path | Mapping[str, Any] | None,
        opening: Any,
        corrections: Any,
        progress: Progress | None,
    ) -> Assessment:
        from cityrules.engines.base import Inputs

        given = Inputs(*self._inputs(records, targets or {}, binding))
        before, corrected = opened(opening), correction_rows(corrections)
        known = corrections_of(self.plan, corrected)
        inputs, after = as_known(self.plan, given, known, instant_of(self.plan, period, as_of))
        question = question_of(self.plan, inputs, period, as_of, before)
        outcome = after(engine_of(engine).assess(self.plan, inputs, question, progress))
        made = self._made_of(given, before, corrected)
        assessment = Assessment(self.plan, question.span, question.as_of, engine, outcome, self.language, made)
        failed = [row for row in assessment.rows("problems") if row["level"] == "error"]
        if failed:
            raise CheckFailed(failed, assessment)
        if strict:
            refuse_rejects(assessment)
        return assessment

    def study(
        self,
        records: Mapping[str, Any],
        *,
        period: str | Span,
        as_of: dt.datetime | None = None,
        targets: Mapping[str, Any] | None = None,
        engine: EngineName = "python",
        binding: Binding | str | Path | Mapping[str, Any] | None = None,
        opening: Any = None,
        corrections: Any = None,
        beside: Scheme | None = None,
        progress: Progress | None = None,
    ) -> Study:
        """The scheme on these rows, to be asked what would change: under other readings, another text, another number.
        Takes what `assess` takes, and reads it once: the rows of all sources stay in memory meanwhile. `beside`: a
        scheme that this one will be compared with; rows of kinds that only that one has may be given, too.

        Raises what `assess` raises for inputs that cannot be read at all.
        """
        from cityrules.compare.appeals import CorrectedRunner, Knowledge
        from cityrules.compare.basis import Basis
        from cityrules.engines.base import Inputs
        from cityrules.io.corrections import Corrections
        from cityrules.io.kept import kept
        from cityrules.loaded.study import Study

        with words_of(self.language):
            given = self._inputs(records, targets or {}, binding, None if beside is None else beside.plan)
            read = Inputs(*({kind: [kept(one) for one in rows] for kind, rows in part.items()} for part in given))
            before = [kept(one) for one in opened(opening)]
            rows = correction_rows(corrections)
            corrected = None if rows is None else [kept(one) for one in rows]
            known = corrections_of(self.plan, corrected)
            inputs, after = as_known(self.plan, read, known, instant_of(self.plan, period, as_of))

        def run(other: Inputs, moment: dt.datetime) -> Outcome:
            asked = question_of(self.plan, other, period, moment, before)
            return engine_of(engine).assess(self.plan, other, asked, progress)

        def basis(rows: Inputs) -> Basis:
            def question(plan: Plan) -> Question:
                return question_of(self.plan, rows, period, as_of, before, plan)

            runner = CorrectedRunner(engine_of(engine).over(rows), after)
            return Basis(self._loaded, self.plan, rows, runner, question, basis, progress)

        knowledge = Knowledge(self.plan, read, known or Corrections(), run)
        return Study(self, basis(inputs), engine, knowledge, self._made_of(read, before, corrected))

    def compare(
        self,
        other: Scheme | Mapping[str, Any],
        records: Mapping[str, Any],
        *,
        period: str | Span,
        causes: bool = True,
        **given: Any,
    ) -> Comparison:
        """What would be otherwise on these rows under another scheme, or under changes by dotted path: short for
        `study(records, period=..., **given).compare(other)`, which see. `given`: what else `study` takes. Rows of kinds
        that only the other has may be given, too."""
        after = self.overlay(other) if isinstance(other, Mapping) else other
        return self.study(records, period=period, beside=after, **given).compare(after, causes=causes)

    def coverage(
        self,
        records: Mapping[str, Any] | None = None,
        *,
        period: str | Span | None = None,
        as_of: dt.datetime | None = None,
        targets: Mapping[str, Any] | None = None,
        binding: Binding | str | Path | Mapping[str, Any] | None = None,
        opening: Any = None,
        cases: str | Path | None = None,
        progress: Progress | None = None,
    ) -> RuleCoverage:
        """Which rules, bands, branches, steps, special cases and boundaries the worked examples exercise, and the
        `cases` of a file; with a `period` (and what else `assess` takes) those rows instead. Looked at on the reference
        engine.

        Raises SchemeError for a file of cases that is none, and what `assess` raises for rows that cannot be read;
        checks that do not hold are no error here.
        ValueError for rows without a period.
        """
        from cityrules.loaded.covering import cover_cases, cover_data

        if period is None:
            if records or targets or binding is not None or opening is not None:
                raise ValueError("rows are looked at over a period: give `period`, too")
            return cover_cases(self, cases)
        from cityrules.engines.base import Inputs

        with words_of(self.language):
            inputs = Inputs(*self._inputs(records or {}, targets or {}, binding))
            question = question_of(self.plan, inputs, period, as_of, opened(opening))
            return cover_data(self, inputs, question, progress)

    def mutate(
        self,
        cases: str | Path | None = None,
        *,
        only: str | None = None,
        search: bool = True,
        language: Language | None = None,
        progress: Progress | None = None,
    ) -> Mutation:
        """Which small errors in the scheme its examples notice, and the `cases` of a file: each number, comparison,
        bound, policy and so on is changed in turn, at or below the address `only` if one is given. With `search`, an
        input is looked for on which each error shows that no case notices, and proposed as a case in the keywords of
        `language` (None: those of the document). Run on the reference engine.

        Raises SchemeError for a file of cases that is none, KeyError for an address at which nothing is changed.
        """
        from cityrules.loaded.mutating import mutate

        return mutate(self, cases, only, search=search, language=language, progress=progress)

    def propose_cases(
        self,
        *,
        cases: str | Path | None = None,
        language: Language | None = None,
        progress: Progress | None = None,
    ) -> ProposedCases:
        """Worked cases for what neither the examples nor the `cases` of a file exercise, to be confirmed by a person:
        `text("..")` is a file of cases, in the keywords of `language` (None: those of the document). The same scheme
        and cases give the same; how much is tried is bounded by a number of runs.

        Raises SchemeError for a file of cases that is none.
        """
        from cityrules.loaded.proposing import propose_cases

        return propose_cases(self, cases, language, progress)

    def _made_of(self, given: Inputs, before: Sequence[Rows], corrected: Sequence[Rows] | None) -> MadeOf:
        from cityrules.loaded.sealing import MadeOf

        version = self.document.cityrules
        return MadeOf(self.texts, self.changes, version, self.name, given.records, given.targets, before, corrected)

    def _inputs(
        self,
        records: Mapping[str, Any],
        targets: Mapping[str, Any],
        binding: Binding | str | Path | Mapping[str, Any] | None,
        beside: Plan | None = None,
    ) -> list[dict[str, Sequence[Rows]]]:
        from cityrules.io.binding.inputs import Binding

        host = binding if binding is None or isinstance(binding, Binding) else self.binding(binding)
        return inputs_of(self.plan, records, targets, host, beside)


def refuse_rejects(assessment: Assessment) -> None:
    from cityrules.io.rows import DataError

    rejected = [
        Diagnostic(
            "CR502",
            path=str(row["kind"]),
            values={"source": str(row["source"]), "row": str(row["row"]), "found": str(row["reasons"])},
        )
        for row in assessment.rows("rejects")
    ]
    if rejected:
        raise DataError(rejected)
