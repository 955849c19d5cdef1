"""What became of mutants as text and as plain data. Knows what was found; computes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from cityrules.results.wording import Wording, wording
from cityrules.testing.mutation.found import Mutation, Placed
from cityrules.testing.writing.case import case_text
from cityrules.text.diagnostic import Language


def words() -> Wording:
    """The sentences of mutation."""
    return wording("wording.yaml", "cityrules.testing.mutation")


def as_text(found: Mutation, language: Language) -> str:
    """The survivors by line and clause, and totals; ends with a line break."""
    say = words().say
    values = {
        "title": found.title,
        "scheme": found.scheme,
        "killed": str(found.totals["killed"]),
        "counted": str(found.counted),
        "percent": found.percent,
        "cases": str(found.cases),
    }
    lines = [say("summary", values, language)]
    rest: dict[str, str] = {state: str(number) for state, number in found.totals.items()}
    lines.append(say("rest", rest | {"all": str(len(found.mutants))}, language))
    if found.unusable:
        lines.append(say("unusable", {"names": ", ".join(found.unusable)}, language))
    if found.survivors:
        lines += ["", say("survivors", {"number": str(len(found.survivors))}, language)]
    for place, some in groupby(found.survivors, key=lambda one: _place(one, language)):
        lines.append(place)
        for one in some:
            lines += _told(one, found.language, language)
    return "\n".join(lines) + "\n"


def heading(one: Placed, language: Language) -> str:
    """Where a mutant stands, and what is changed."""
    values = {"place": _place(one, language), "change": _change(one, language)}
    return words().say("about", values, language)


def _place(one: Placed, language: Language) -> str:
    values = {"address": one.judged.mutant.address}
    values |= {} if one.line is None else {"line": str(one.line)}
    values |= {} if one.clause is None else {"clause": one.clause}
    return words().say("place", values, language)


def _change(one: Placed, language: Language) -> str:
    mutant = one.judged.mutant
    before, after = (" ".join(text.split()) for text in excerpt(mutant.before, mutant.after))
    kind = "changed" if mutant.after else "gone"
    return words().say(kind, {"kind": mutant.kind, "before": before, "after": after}, language)


def _told(one: Placed, own: Language, language: Language) -> Iterator[str]:
    """What is told of a survivor; cases are in the scheme's `own` words."""
    say, judged = words().say, one.judged
    yield "    " + _change(one, language)
    runs = {"runs": str(judged.runs)}
    if one.also and judged.found is not None:
        yield "      " + say("also", {"case": judged.found.case, "expect": one.also}, language)
    elif judged.case is not None:
        yield "      " + say("case", runs, language)
        yield from ("        " + line if line else "" for line in case_text(judged.case, own).splitlines())
    elif judged.by:
        yield "      " + say("likewise", {"case": judged.by}, language)
    elif judged.found is not None:
        yield "      " + say("shown", runs, language)
    else:
        yield "      " + say("nothing", runs, language)


def excerpt(before: str, after: str, around: int = 24) -> tuple[str, str]:
    """The part of two texts in which they differ, with whole words around it."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    low = max(0, start - around)
    low += len(re.split(r"\s", before[low:start], maxsplit=1)[0]) if low and " " in before[low:start] else 0
    shown = []
    for text in (before, after):
        high = min(len(text), len(text) - end + around)
        tail = text[len(text) - end : high]
        if high < len(text) and " " in tail:
            high -= len(tail.rsplit(" ", 1)[1])
        shown.append(("…" if low else "") + text[low:high].strip() + ("…" if high < len(text) else ""))
    return shown[0], shown[1]


def as_data(found: Mutation) -> dict[str, object]:
    """Everything as plain data."""
    return {
        "scheme": found.scheme,
        "title": found.title,
        "killed": found.totals["killed"],
        "counted": found.counted,
        "percent": found.percent,
        "totals": dict(found.totals),
        "cases": found.cases,
        "unusable": list(found.unusable),
        "mutants": [
            {
                "state": one.judged.state,
                "kind": one.judged.mutant.kind,
                "address": one.judged.mutant.address,
                "before": one.judged.mutant.before,
                "after": one.judged.mutant.after,
                "clause": one.clause,
                "file": one.at.source.name if one.at is not None else None,
                "line": one.line,
                "column": one.at.position.column if one.at is not None else None,
                "by": one.judged.by or None,
                "case": None if one.judged.case is None else case_text(one.judged.case, found.language),
                "shows_in": one.judged.found.case or None if one.judged.found is not None else None,
                "expect": one.also or None,
                "runs": one.judged.runs,
            }
            for one in found.mutants
        ],
    }
