"""The small notations in Chinese words and in English ones, by the templates of the vocabulary. Knows no document.

A text that no template fits is left as it is: the notation's own parser then complains about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from cityrules.feel.spoken import Rewrite, rewrites, rewritten
from cityrules.scheme.notation import NAME
from cityrules.text.diagnostic import Language
from cityrules.text.vocabulary import Words, turned, vocabulary

EXPRESSION: Final = "expression"
LABEL: Final = "label"
RESULT: Final = "result"
AXIS: Final = "axis"
COLUMN: Final = "column"
"""What a text can be beside the notations that the vocabulary has templates for."""

_MOST: Final = 10_000
"""Characters of a notation; a longer text is none."""

OPEN_PLACES: Final = {
    "int": r"-?[0-9][0-9]*",
    "name": NAME,
    "names": r"\S(?:[^\n]{0,500}\S)?",
    "cell": NAME,
    "expression": r"(?s:.+)",
    "type": r"(?s:.+)",
    "rest": r"(?s:.*)",
}


COUNTED: Final = ("periods", "limits")
"""Groups of units that stand behind a number, and lose their s behind 1."""


def phrase(text: str, speech: str, to: Language, own: frozenset[str], columns: bool = False) -> list[Rewrite]:
    """What a text becomes in the words of a language, where `speech` says what kind of text it is. `columns`: it is
    about rows of a consequence, whose columns are words there, too."""
    known = vocabulary()
    if speech == EXPRESSION:
        return rewrites(text, to, own, columns)
    if speech == COLUMN:
        return _whole(text, known.columns, to)
    if speech == LABEL:
        return _whole(text, {**_flags(), **{word: known.words[word] for word in known.labels}}, to)
    if speech == RESULT:
        return _whole(text, {**_flags(), **{word: known.words[word] for word in known.results}}, to)
    if len(text) > _MOST:
        return []
    if speech == AXIS:
        return _whole(text, {**known.periods, **known.axes}, to)
    for pattern, order, made in _templates(speech, to):
        found = pattern.fullmatch(text)
        if found is not None and _fits(found, order, to):
            return list(_filled(text, found, order, made, to, own))
    # The same notation in the words of the other language is a mixture.
    other: Language = "en" if to == "zh" else "zh"
    for pattern, order, _ in _templates(speech, other):
        found = pattern.fullmatch(text)
        if found is not None and order != ("cell",) and _fits(found, order, other):
            return [Rewrite(0, len(text), text, foreign=True)]
    return []


def _flags() -> Words:
    return {word: vocabulary().operators[word] for word in ("true", "false")}


def _whole(text: str, words: Words, to: Language) -> list[Rewrite]:
    """A text that is one word as a whole."""
    new = turned(words, to).get(text.strip())
    start = len(text) - len(text.lstrip())
    if new is not None:
        return [Rewrite(start, start + len(text.strip()), new)]
    foreign = text.strip() in turned(words, to).values()
    return [Rewrite(start, start + len(text.strip()), text.strip(), foreign=True)] if foreign else []


@cache
def _templates(notation: str, to: Language) -> tuple[tuple[re.Pattern[str], tuple[str, ...], tuple[str, ...]], ...]:
    """Of each way to write a notation: a pattern for what is read, its places in order, the parts of what is made."""
    read: Language = "en" if to == "zh" else "zh"
    found = []
    for template in vocabulary().notations[notation]:
        parts = template.parts(read)
        said = "".join(
            _fixed(part) if number % 2 == 0 else f"(?P<p{number // 2}_{part}>{_place(part, read)})"
            for number, part in enumerate(parts)
        )
        found.append((re.compile(rf"\s*{said}\s*"), parts[1::2], template.parts(to)))
    return tuple(found)


def _fixed(text: str) -> str:
    return r"\s+".join(re.escape(piece) for piece in re.split(r"\s+", text))


def _place(name: str, read: Language) -> str:
    known = vocabulary()
    if name == "period":
        return NAME
    if name in COUNTED and read == "en":
        # One month is written without the s.
        single = (f"{re.escape(word.removesuffix('s'))}s?" for word in known.groups[name])
        return "|".join(sorted(single, key=len, reverse=True))
    group = known.groups.get(name)
    if group is None:
        return OPEN_PLACES[name]
    words = list(group.values() if read == "zh" else group)
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _fits(found: re.Match[str], order: tuple[str, ...], to: Language) -> bool:
    """Whether an inner type, which is a notation of its own, is one."""
    return all(bool(found[name]) or place == "rest" for name, place in zip(found.re.groupindex, order, strict=True))


def _filled(
    text: str, found: re.Match[str], order: tuple[str, ...], made: tuple[str, ...], to: Language, own: frozenset[str]
) -> Iterator[Rewrite]:
    """The rewrites that bring a text into the other form: word by word where the places keep their order."""
    names = list(found.re.groupindex)
    one = any(place == "int" and found[name] == "1" for name, place in zip(names, order, strict=True))
    if made[1::2] != order:
        said = {place: _said(found[name], place, to, own, one) for name, place in zip(names, order, strict=True)}
        whole = "".join(part if number % 2 == 0 else said[part] for number, part in enumerate(made))
        start = len(text) - len(text.lstrip())
        yield Rewrite(start, start + len(text.strip()), whole)
        return
    at = len(text) - len(text.lstrip())
    for number, (name, place) in enumerate(zip(names, order, strict=True)):
        yield from _if_new(text, at, found.start(name), made[2 * number])
        for change in _inner(found[name], place, to, own, one):
            shift = found.start(name)
            yield Rewrite(change.start + shift, change.end + shift, change.text, change.foreign)
        at = found.end(name)
    yield from _if_new(text, at, len(text.rstrip()), made[-1])


def _if_new(text: str, start: int, end: int, new: str) -> Iterator[Rewrite]:
    if text[start:end] != new:
        yield Rewrite(start, end, new)


def _said(text: str, place: str, to: Language, own: frozenset[str], one: bool) -> str:
    return rewritten(text, _inner(text, place, to, own, one))


def _inner(text: str, place: str, to: Language, own: frozenset[str], one: bool) -> list[Rewrite]:
    """What stands at a place of a template, in the other language. `one`: the number beside it is 1."""
    known = vocabulary()
    if place in ("expression", "type"):
        return phrase(text, place, to, own)
    if place == "cell":
        return _whole(text, known.axes, to)
    if place == "period":
        return _whole(text, known.periods, to)
    if place in COUNTED and to == "en" and one:
        word = turned(known.groups[place], to)[text]
        return [Rewrite(0, len(text), word.removesuffix("s") if word != "ten_days" else word)]
    if place in COUNTED and to == "zh":
        word = text if text in known.groups[place] else text + "s"
        return [Rewrite(0, len(text), known.groups[place][word])]
    return _whole(text, known.groups[place], to) if place in known.groups else []
