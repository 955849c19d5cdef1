"""What was given on the command line as the arguments of an assessment, and what is likely to surprise about it."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from cityrules.cli.console import progress
from cityrules.cli.declared import Engines, Lang
from cityrules.cli.failures import warn
from cityrules.cli.options import (
    calendar_ends,
    caps_begin_before,
    instant,
    kinds_and_files,
    nobody_registered,
    span_of,
    tables_and_files,
)
from cityrules.io.grammar import only_outside
from cityrules.loaded import Assessment, Editions, EngineName, Scheme, holds_editions, load, load_editions
from cityrules.text.diagnostic import Diagnostic, Language

if TYPE_CHECKING:
    from cityrules.calendar.periods import Span
    from cityrules.io.binding.inputs import Binding
    from cityrules.loaded.study import Study


@dataclass(frozen=True)
class Given:
    """What was given of inputs, as it was written."""

    records: list[str] | None
    targets: list[str] | None
    binding: Path | None
    tables: list[str] | None
    opening: Path | None
    corrections: list[str] | None


def scheme_or_editions(thing: str) -> Scheme | Editions:
    """What a scheme's argument names: a scheme, or the editions of one. Its worked examples are not run.

    Raises SchemeError.
    """
    return load_editions(thing, examples=False) if holds_editions(thing) else load(thing, examples=False)


def assess(
    scheme: Scheme | Editions, given: Given, period: str, as_of: str | None, engine: Engines, language: Language
) -> Assessment:
    asked = asked_for(scheme, given, period, as_of, engine, language)
    with progress() as note:
        return scheme.assess(**asked, progress=note)


@contextmanager
def asking(
    scheme: Scheme,
    given: Given,
    period: str,
    as_of: str | None,
    engine: Engines,
    language: Language,
    beside: Scheme | None = None,
) -> Iterator[Study]:
    """The study of what was given, with progress shown while it is asked; then warns of rows that no answer is about,
    though they are of its time, and where there is nothing at all that an answer could be about."""
    asked = asked_for(scheme, given, period, as_of, engine, language, beside)
    with progress() as note:
        study = scheme.study(**asked, beside=beside, progress=note)
        yield study
    counted = any(not measure.of_record for measure in scheme.plan.measures.values())
    if counted and next(iter(study.assessment.rows("values")), None) is None:
        warn([Diagnostic("CR1116", values={"period": period}, severity="warning")], language)
    warn_of_unused(sum(not only_outside(str(row["reasons"])) for row in study.assessment.rows("rejects")), language)


def warn_of_unused(number: int, language: Language) -> None:
    """Warn of rows that no answer is about, if there are any."""
    if number:
        warn([Diagnostic("CR1104", values={"number": str(number)}, severity="warning")], language)


class Asked(TypedDict):
    """The options as arguments of `Scheme.assess` and `Scheme.study`."""

    records: dict[str, Any]
    targets: dict[str, Any]
    period: Span
    as_of: dt.datetime | None
    engine: EngineName
    binding: Binding | None
    opening: Path | None
    corrections: list[str] | None


def asked_for(
    scheme: Scheme | Editions,
    given: Given,
    period: str,
    as_of: str | None,
    engine: Engines,
    language: Language,
    beside: Scheme | None = None,
) -> Asked:
    """The options as values; warns of what is likely to surprise. Rows of kinds that only the scheme `beside` has may
    be given, too."""
    span = span_of(period, scheme.plan.periods)
    moment = instant(as_of)
    known = [scheme.plan] if beside is None else [scheme.plan, beside.plan]
    rows = kinds_and_files(given.records or [], "--records", {kind: 0 for plan in known for kind in plan.records})
    members = kinds_and_files(given.targets or [], "--targets", {kind: 0 for plan in known for kind in plan.kinds})
    binding = scheme.binding(given.binding) if given.binding is not None else None
    tables = tables_and_files(given.tables or [], binding.tables if binding is not None else None)
    bound = binding.kinds if binding is not None else frozenset()
    warn(
        [
            *nobody_registered(scheme.plan, {*members, *bound}),
            *calendar_ends(scheme.plan, moment, span),
            *caps_begin_before(scheme.plan, span),
        ],
        language,
    )
    return {
        "records": {**rows, **tables},
        "targets": members,
        "period": span,
        "as_of": moment,
        "engine": engine.value,
        "binding": binding,
        "opening": given.opening,
        "corrections": given.corrections,
    }


def language_of(lang: Lang | None) -> Language:
    """The language that was asked for, else that of the system's settings, else English."""
    if lang is not None:
        return lang.value
    settings = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "zh" if next((text for text in settings if text), "").lower().startswith("zh") else "en"
