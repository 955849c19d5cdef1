"""A property that does not hold, in words: which, where, by which clause, and the inputs as a case. Runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.plan.model import Plan
from cityrules.results.wording import wording
from cityrules.testing.properties.subject import Broken, Property, Subject, Trial
from cityrules.testing.writing.case import case_text
from cityrules.text.diagnostic import Language
from cityrules.text.show import visible

_MOST_ROWS: Final = 12
_LONGEST: Final = 400
_DONE: Final = ("order", "files", "gone", "record")


def failure(subject: Subject, of: Property, trial: Trial, broken: Broken, language: Language) -> str:
    """Several lines, without a line break at the end."""
    return "\n".join(_lines(subject, of, trial, broken, language))


def says(of: Property, language: Language) -> str:
    """What a property says, in a sentence."""
    return _say(f"says_{of.name}", language)


def _lines(subject: Subject, of: Property, trial: Trial, broken: Broken, language: Language) -> Iterator[str]:
    clause = _clause(subject.plan, broken.name)
    shown = "" if clause is None else _say("clause", language, clause=clause)
    named = {"scheme": subject.plan.scheme, "name": broken.name, "cell": broken.cell, "clause": shown}
    yield _say("head", language, says=says(of, language) + (" " if language == "en" else ""), **named).replace(
        "  ", " "
    )
    if broken.wanted != broken.found:
        yield _say("compared", language, wanted=visible(broken.wanted), found=visible(broken.found))
    for kind in _DONE:
        if broken.done.get(kind):
            yield _say(kind, language, **{kind: broken.done[kind]})
    if "second" in broken.done:
        yield _say("engines", language, **broken.done)
    elif broken.rows:
        yield _say("differs", language)
    yield from (f"   {visible(row)[:_LONGEST]}" for row in broken.rows[:_MOST_ROWS])
    if len(broken.rows) > _MOST_ROWS:
        yield _say("more", language, number=str(len(broken.rows) - _MOST_ROWS))
    yield _say("inputs", language)
    yield case_text(trial.drawn.case(of.name, broken.expect), language).rstrip("\n")


def _clause(plan: Plan, name: str) -> str | None:
    """The clause of what is called so."""
    found = plan.measures.get(name) or plan.consequences.get(name) or plan.checks.get(name) or plan.records.get(name)
    return None if found is None else found.clause


def _say(kind: str, language: Language, **values: str) -> str:
    return wording("wording.yaml", __package__).say(kind, values, language)
