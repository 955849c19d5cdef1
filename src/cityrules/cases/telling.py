"""A failed case in words: each complaint at its line, expected and computed side by side, and why it came out so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from cityrules.cases.suites import Result
from cityrules.cases.updating import spoken
from cityrules.results.in_words import in_words
from cityrules.results.wording import wording
from cityrules.testing.notes import Difference
from cityrules.testing.worked import DIAGNOSTICS
from cityrules.text.diagnostic import Language
from cityrules.text.show import show, visible
from cityrules.text.vocabulary import vocabulary
from cityrules.text.width import width

_INDENT: Final = "   "
_MOST_ROWS: Final = 20
_MOST_CHILDREN: Final = 8
_MOST_LINES: Final = 24
_NOTHING: Final = "-"


def failure(result: Result, language: Language) -> str:
    """Everything that is not as expected in a case, several lines without a line break at the end."""
    return "\n\n".join("\n".join(_complaint(result, number, language)) for number in range(len(result.found)))


def waits(language: Language) -> str:
    """Why a proposed case is not run."""
    return _say("waits", language)


def _complaint(result: Result, number: int, language: Language) -> Iterator[str]:
    diagnostic = result.found[number]
    yield show(diagnostic, language)
    difference = result.ran.differences.get(diagnostic.path)
    if difference is not None:
        yield from (_INDENT + line for line in _side_by_side(difference, result.suite.words, language))
        yield from (_INDENT + line for line in _why(result, difference, language))


def changes(difference: Difference, words: Language) -> list[tuple[str, str]]:
    """What was expected and what was computed, in the `words` of the document in which it stands or is to be written,
    `-` where there is nothing; of lists what only one of them has, as often as it is there once more."""
    want, got = ([spoken(one, words) for one in side] for side in (difference.wanted, difference.found))
    if isinstance(difference.written, str):
        return [(want[0], got[0])]
    less, more = Counter(want) - Counter(got), Counter(got) - Counter(want)
    rows = [(item, _NOTHING) for item in less.elements()]
    rows += [(_NOTHING, item) for item in more.elements()]
    # A cell that is there with another step stands in one line.
    return list(_paired(rows))


def named(difference: Difference, words: Language) -> str:
    """What a difference is about, as a document with keywords in `words` calls it."""
    name, known = difference.name, vocabulary()
    if words == "en":
        return name
    if name == DIAGNOSTICS:
        return known.key("expect", name) or name
    before, dot, part = name.rpartition(".")
    return f"{before}.{known.properties.get(part, part)}" if dot else name


def _side_by_side(difference: Difference, words: Language, language: Language) -> Iterator[str]:
    """What was expected beside what was computed."""
    rows = changes(difference, words)
    alike = (
        0 if isinstance(difference.written, str) else (Counter(difference.wanted) & Counter(difference.found)).total()
    )
    head = (_say("expected", language), _say("computed", language))
    shown = [head, *((visible(left), visible(right)) for left, right in rows[:_MOST_ROWS])]
    wide = max(width(left) for left, _ in shown)
    for left, right in shown:
        yield f"{left}{' ' * (wide - width(left))} | {right}"
    if alike:
        yield _say("alike", language, number=str(alike))
    if len(rows) > _MOST_ROWS:
        yield _say("more", language, number=str(len(rows) - _MOST_ROWS))


def _paired(rows: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Rows of which the two sides speak of the same cell (`CELL: STEP`) in one."""
    computed: dict[str, list[str]] = {}
    for left, right in rows:
        if left == _NOTHING:
            computed.setdefault(right.partition(": ")[0] if ": " in right else "", []).append(right)
    told = Counter[str]()
    for left, right in rows:
        there = computed.get(left.partition(": ")[0])
        if left != _NOTHING and there:
            told[there[-1]] += 1
            yield left, there.pop()
        elif left == _NOTHING and told[right]:
            told[right] -= 1
        else:
            yield left, right


def _why(result: Result, difference: Difference, language: Language) -> Iterator[str]:
    scheme, plan = result.suite.scheme, result.ran.plan
    explanation = result.ran.why(difference)
    if scheme is None or plan is None or explanation is None:
        return
    lines = in_words(explanation, scheme.language, plan.rows).render(language, most=_MOST_CHILDREN).splitlines()
    yield _say("why", language)
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield _say("more", language, number=str(len(lines) - _MOST_LINES))


def _say(kind: str, language: Language, **values: str) -> str:
    return wording("wording.yaml", "cityrules.cases").say(kind, values, language)
