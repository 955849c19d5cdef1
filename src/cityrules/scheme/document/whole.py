"""A whole document, with its readings and worked examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cityrules.scheme.document.body import Body
from cityrules.scheme.document.consequences import CheckBody, ConsequenceBody
from cityrules.scheme.document.forms import Measure
from cityrules.scheme.document.surroundings import (
    CalendarBody,
    InForce,
    ParameterBody,
    PeriodBody,
    RecordBody,
    TableBody,
    TargetBody,
)
from cityrules.scheme.texts import (
    Name,
    RoundingText,
    Words,
)


class ReadingBody(Body):
    """An ambiguity of the source. The body of the document is the chosen reading; `others` are overlays on it."""

    question: Words
    chosen: Words
    because: Words
    others: Mapping[Name, Mapping[str, Any]]

    @property
    def options(self) -> tuple[str, ...]:
        """All that it can be set to: the chosen one, where somebody has chosen, and the others."""
        chosen = () if self.chosen == "unstated" or self.chosen in self.others else (self.chosen,)
        return (*chosen, *self.others)


class UncomputedBody(Body):
    """A clause that computes nothing, and why."""

    text: Words
    why: Words


class ExampleBody(Body):
    """A worked case, run by the check. What `given` and `expect` hold is listed below."""

    under: Mapping[str, Any] = {}
    defaults: Mapping[Name, Mapping[Name, Any]] = {}
    given: Mapping[str, Any] = {}
    expect: Mapping[str, Any]


class CaseBody(ExampleBody):
    """A worked case in a file of its own. `status: proposed`: nobody has confirmed yet that it is what the text has; it
    is not run and counts as nothing. Whoever confirms it takes the line away."""

    status: Literal["proposed"] | None = None


class LabelsBody(BaseModel):
    """What names are called in texts for people, by language: of anything in the document, or of one field or column
    by its path (`finding.no`); values of enumerations and units, too."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    zh: Mapping[Words, Words] = {}
    en: Mapping[Words, Words] = {}


class Document(Body):
    """A scheme, as written. `based_on`: the scheme that it changes, `changes`: what is otherwise, by address; once the
    base is read, both are gone and what they make stands in their place. `silenced`: findings about its rules that are
    known, by code and address, each with the reason."""

    cityrules: Words
    scheme: Words
    title: Words
    in_force: InForce
    issuer: Words | None = None
    source: Words | None = None
    based_on: Words | None = None
    changes: Mapping[str, Any] = {}
    rounding: RoundingText | None = None
    periods: Mapping[Name, PeriodBody] = {}
    calendar: CalendarBody | None = None
    parameters: Mapping[Name, ParameterBody] = {}
    tables: Mapping[Name, TableBody] = {}
    targets: Mapping[Name, TargetBody] = {}
    records: Mapping[Name, RecordBody] = {}
    measures: Mapping[Name, Measure] = {}
    consequences: Mapping[Name, ConsequenceBody] = {}
    checks: Mapping[Name, CheckBody] = {}
    readings: Mapping[Name, ReadingBody] = {}
    uncomputed: Mapping[Name, UncomputedBody] = {}
    silenced: Mapping[Words, Mapping[Words, Words]] = {}
    labels: LabelsBody | None = None
    examples: Mapping[Name, ExampleBody] = {}


class CasesDocument(BaseModel):
    """Worked cases of a scheme in a file of their own, each in the form of an example. `scheme`: the folder or file of
    the scheme, from here (`.`: beside this file), or a shipped name. `out_of_reach`: parts of the scheme that no case
    can exercise, as rule coverage names them, each with the reason."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    version: Words = Field(alias="cityrules-cases")
    scheme: Words
    note: Words | None = None
    out_of_reach: Mapping[Words, Words] = {}
    cases: Mapping[Name, CaseBody]

    @property
    def confirmed(self) -> Mapping[str, CaseBody]:
        """The cases that are tests: those that nobody has to confirm yet are left out."""
        return {name: body for name, body in self.cases.items() if body.status is None}

    @property
    def waiting(self) -> tuple[str, ...]:
        """The names of those that wait for somebody to confirm them."""
        return tuple(name for name, body in self.cases.items() if body.status is not None)
