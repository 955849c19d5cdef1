"""Expressions in Chinese words and in English ones: which characters of a text are words of the language, and which
word of the other language each of them is. Knows tokens and the vocabulary; no grammar, no name of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cityrules.feel.complaints import Complaints
from cityrules.feel.lexer import Kind, Token, tokens
from cityrules.text.diagnostic import Language, Report
from cityrules.text.vocabulary import Words, turned, vocabulary


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The characters `start` up to `end` of a text, and what stands there in the other language. `foreign`: they are in
    that other language already."""

    start: int
    end: int
    text: str
    foreign: bool = False


def rewrites(text: str, to: Language, own: frozenset[str] = frozenset(), columns: bool = False) -> list[Rewrite]:
    """The words of the language in an expression, in order; empty where there is none. Never complains.

    `own` are fields and columns of the document: behind a dot they are not words of the language. `columns`: it is
    about rows of a consequence, whose columns are words, too.
    """
    if text.isascii() and text.isdigit():
        return []
    return list(_Words(text, to, own, columns).found())


class _Words:
    """One pass over the tokens. Every map goes from the words read to the words wanted."""

    def __init__(self, text: str, to: Language, own: frozenset[str], columns: bool) -> None:
        known = vocabulary()
        more = known.columns if columns else {}
        self._to: Language = to
        self._own = own
        self._alone = turned({**more, **known.operators, **known.names, **known.periods, **known.axes}, to)
        self._functions = turned(known.functions, to)
        self._properties = turned(known.properties, to)
        self._read_and, self._make_and = ("and", known.between_and) if to == "zh" else (known.between_and, "and")
        self._between = "between" if to == "zh" else known.operators["between"]
        self._tokens = tokens(text, Complaints(Report(), text))

    def found(self) -> Iterator[Rewrite]:
        depth, waiting = 0, list[int]()  # At which depth of brackets a `between` waits for its `and`.
        at = 0
        while (token := self._tokens[at]).kind is not Kind.END:
            depth += token.sign("(", "[") - token.sign(")", "]")
            if self._is_date_and_time(at):
                end = self._tokens[at + 2].end
                yield Rewrite(token.start, end, self._functions.get("date and time", ""), self._to == "en")
                at += 3
                continue
            at += 1
            if token.kind not in (Kind.NAME, Kind.WORD):
                continue
            if token.value == self._between:
                waiting.append(depth)
            if waiting and waiting[-1] == depth and token.value == self._read_and:
                waiting.pop()
                yield Rewrite(token.start, token.end, self._make_and)
            elif (new := self._word(at - 1, token)) is not None:
                yield new

    def _word(self, at: int, token: Token) -> Rewrite | None:
        before = self._tokens[at - 1] if at else None
        words = self._alone
        if before is not None and before.sign("."):
            if token.value in self._own:
                return None
            words = self._properties
        elif self._tokens[at + 1].sign("(") and token.value not in words and token.value not in words.values():
            words = self._functions
        return _rewrite(token, words)

    def _is_date_and_time(self, at: int) -> bool:
        three = self._tokens[at : at + 3]
        return [token.value for token in three] == ["date", "and", "time"]


def _rewrite(token: Token, words: Words) -> Rewrite | None:
    new = words.get(token.value)
    if new is not None:
        return Rewrite(token.start, token.end, new)
    if token.value in words.values():
        return Rewrite(token.start, token.end, token.value, foreign=True)
    return None


def rewritten(text: str, changes: list[Rewrite]) -> str:
    """A text with its rewrites carried out; those that are `foreign` stay as they are."""
    parts, at = [], 0
    for change in changes:
        if not change.foreign:
            parts += [text[at : change.start], change.text]
            at = change.end
    return "".join([*parts, text[at:]])


def spoken(text: str, to: Language, own: frozenset[str] = frozenset()) -> str:
    """An expression in the words of a language."""
    return rewritten(text, rewrites(text, to, own))
