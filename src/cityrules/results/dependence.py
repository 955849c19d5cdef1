"""Which verdicts depend on a reading: the same records under every option, compared. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cityrules.results.tables import Column, Row, Shape, Table
from cityrules.results.verdicts import VERDICT_KINDS, About, Verdict, VerdictKind, same, silent
from cityrules.scheme.document import ReadingBody
from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.show import to_json

CHOSEN: Final = ""
"""The name of the option that the body of the document is."""

DEPENDENCE: Final = Shape(
    "readings",
    (
        *map(Column, ("reading", "clause", "question", "kind", "name", "label")),
        *map(Column, ("target_kind", "target", "dimension", "period", "record_kind", "record", "option")),
        Column("chosen", "flag"),
        *map(Column, ("state", "value")),
    ),
)
"""One row is what one option of one reading makes of one verdict that depends on it. `option` is null for the chosen
one, the body of the document."""


@dataclass(frozen=True, slots=True)
class Run:
    """The verdicts under one option. `failed`: why there are none; `withheld`: what is not computed under it, because
    something is not stated."""

    option: str
    verdicts: Mapping[About, Verdict]
    failed: tuple[Diagnostic, ...] = ()
    withheld: frozenset[str] = frozenset()

    def about(self, about: About, kind: VerdictKind) -> Verdict:
        """What is found; where the tables say nothing: nothing follows, a check holds, a cell does not exist."""
        if about.name in self.withheld:
            return Verdict("withheld")
        return self.verdicts.get(about) or silent(kind)


@dataclass(frozen=True, slots=True)
class Dependent:
    """A verdict that depends on a reading, and what it is under each option; `CHOSEN` comes first."""

    about: About
    kind: VerdictKind
    label: str | None
    by_option: Mapping[str, Verdict]


@dataclass(frozen=True, slots=True)
class ReadingResult:
    """What a reading makes of the verdicts. `options`: those that were run, the chosen one (`CHOSEN`) first where there
    is one; `failed`: why others could not be run on these records."""

    name: str
    clause: str | None
    question: str
    chosen: str | None
    because: str
    options: tuple[str, ...]
    dependents: tuple[Dependent, ...]
    failed: Mapping[str, tuple[Diagnostic, ...]]


@dataclass(frozen=True, slots=True)
class Dependence:
    """All readings of a scheme on the same records. `depend` and `same`: how many verdicts do and do not depend on
    any of them; a verdict that no option knows is not counted."""

    readings: tuple[ReadingResult, ...]
    depend: int
    same: int

    @property
    def table(self) -> Table:
        """All of it as one table of the shape `DEPENDENCE`."""
        return Table(DEPENDENCE, self._rows)

    def _rows(self) -> Iterator[Row]:
        for reading in self.readings:
            for one in reading.dependents:
                about = [getattr(one.about, name) for name in About.__slots__[1:]]
                named = (reading.name, reading.clause, reading.question, one.kind, one.about.name, one.label)
                for option, verdict in one.by_option.items():
                    yield (*named, *about, option or None, option == CHOSEN, verdict.state, verdict.text)

    def to_json(self, language: Language = "en") -> dict[str, Any]:
        """The same for machines; `language` is that of the reasons why an option could not be run."""
        return {
            "depend": self.depend,
            "same": self.same,
            "readings": [
                {
                    "reading": reading.name,
                    "clause": reading.clause,
                    "question": reading.question,
                    "chosen": reading.chosen,
                    "because": reading.because,
                    "options": [option for option in reading.options if option != CHOSEN],
                    "failed": {
                        option: [to_json(diagnostic, language) for diagnostic in found]
                        for option, found in reading.failed.items()
                    },
                    "verdicts": [_told(one) for one in reading.dependents],
                }
                for reading in self.readings
            ],
        }


def _told(one: Dependent) -> dict[str, Any]:
    about = {name: getattr(one.about, name) for name in About.__slots__}
    under = [
        {"option": option or None, "chosen": option == CHOSEN, "state": verdict.state, "value": verdict.text}
        for option, verdict in one.by_option.items()
    ]
    return {"kind": one.kind, "label": one.label, **about, "under": under}


def compared(
    readings: Iterable[tuple[str, ReadingBody, Sequence[Run]]],
    kinds: Mapping[str, VerdictKind],
    labels: Mapping[str, str],
    unstated: str,
    first: Run,
) -> Dependence:
    """The readings with the runs under their options, compared. `kinds`: of every name that gives verdicts under any
    option; `labels`: their labels, where they have one; `unstated`: what a reading has as chosen that nobody chose;
    `first`: the document as it is."""
    results: list[ReadingResult] = []
    known = set(first.verdicts)
    moved: set[About] = set()
    for name, body, runs in readings:
        good = [run for run in runs if not run.failed]
        every = {about for run in good for about in run.verdicts}
        known |= every
        found = []
        for about in every:
            under = {run.option: run.about(about, kinds[about.name]) for run in good}
            if len({same(kinds[about.name], verdict) for verdict in under.values()}) > 1:
                found.append(Dependent(about, kinds[about.name], labels.get(about.name) or None, under))
        moved |= {one.about for one in found}
        results.append(
            ReadingResult(
                name,
                body.clause,
                body.question,
                None if body.chosen == unstated else body.chosen,
                body.because,
                tuple(run.option for run in good),
                tuple(sorted(found, key=_place)),
                {run.option: run.failed for run in runs if run.failed},
            )
        )
    return Dependence(tuple(results), len(moved), len(known - moved))


def _place(one: Dependent) -> tuple[int, str, tuple[str, ...]]:
    """Grades first, checks last; what is about one name together, by period and target."""
    about = one.about
    where = (about.period, about.target_kind, about.target, about.dimension, about.record_kind, about.record)
    return VERDICT_KINDS.index(one.kind), about.name, tuple(part or "" for part in where)
