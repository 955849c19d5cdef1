"""The loaded scheme: the one object that an embedding developer holds, and what it can be asked.

Ties the rooms together in one direction: text, document, plan, engine, tables. Defines no meaning of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityrules.calendar.periods import Span
from cityrules.loaded.assessment import Assessment
from cityrules.loaded.given import Asked, Handed, words_of
from cityrules.loaded.texts import DocumentTexts
from cityrules.plan.model import Plan
from cityrules.scheme.document import Document
from cityrules.scheme.load import Loaded
from cityrules.scheme.places import Places
from cityrules.text.diagnostic import Language

if TYPE_CHECKING:
    from pydantic import BaseModel

    from cityrules.compare.documents.comparison import Comparison
    from cityrules.engines.base import Progress
    from cityrules.engines.python.single.scorer import RecordScorer
    from cityrules.io.binding.inputs import Binding
    from cityrules.io.template import Form
    from cityrules.loaded.engines import EngineName
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
        from cityrules.loaded.changed import changed

        written, plan = changed(self._loaded, changes, examples=examples)
        return Scheme(written, plan, self.texts, (*self.changes, dict(changes)))

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
        from cityrules.compare.documents.proposal import proposal

        return proposal(self.diff(other).differences, based_on or self.name)

    def plan_of(self, example: str) -> Plan:
        """The plan that a worked example runs under: the scheme's own, or with what the example changes.

        Raises KeyError for an example that is not there, SchemeError where its changes make no good document.
        """
        from cityrules.loaded.changed import plan_of_example

        return plan_of_example(self._loaded, self.plan, example)

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
        from cityrules.loaded.bound import bound

        return bound(thing, self.plan)

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
        from cityrules.loaded.running import assess

        asked = Asked(Handed(records, targets, binding, opening, corrections), period, as_of)
        return assess(self, asked, engine, strict=strict, progress=progress)

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
        from cityrules.loaded.studying import study

        asked = Asked(Handed(records, targets, binding, opening, corrections), period, as_of)
        return study(self, asked, engine, beside=beside, progress=progress)

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
        asked = Asked(Handed(records or {}, targets, binding, opening), period, as_of)
        return cover_data(self, asked, progress)

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
