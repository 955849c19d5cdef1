"""Conditions and formulas in words: names by their labels, signs as words. Knows tokens, no grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cityrules.feel.complaints import Complaints
from cityrules.feel.lexer import Kind, Token, tokens
from cityrules.feel.spoken import rewrites
from cityrules.report.names import Names, plain, say, word
from cityrules.text.diagnostic import Language, Report

_SIGNS: Final = frozenset({"=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "**"})
_LENGTH: Final = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
_VALUES: Final = frozenset({"true", "false", "null"})
_WIDE: Final = "[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef“”]"
_BETWEEN_WIDE: Final = re.compile(f"(?<={_WIDE}) (?={_WIDE})")
_BESIDE_SIGNS: Final = re.compile("(?<=[（、]) | (?=[）、])")
_KEPT: Final = "\0"
"""Stands for a blank inside a name or text of the document, which stays."""

_WIDE_SIGNS: Final = {"(": "（", ")": "）", ",": "、"}

_UNITS: Final = ("years", "months", "weeks", "days", "hours", "minutes", "seconds")


class Phrasing:
    """The expressions of one document in one language."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def told(self, text: str, columns: bool = False) -> str:
        """An expression in words. What is no expression comes back as it is. `columns`: it is about rows of a
        consequence, whose columns have words of the language."""
        return _Pass(text, self._names, columns).told()


class _Pass:
    """One pass over the tokens of one expression."""

    def __init__(self, text: str, names: Names, columns: bool) -> None:
        self._text = text
        self._names = names
        self._language = names.language
        self._tokens = tokens(text, Complaints(Report(), text))
        found = rewrites(text, "zh", columns=columns) if self._language == "zh" else []
        self._words = {change.start: change.text for change in found}
        self._ranges = dict(_ranges(self._tokens))

    def told(self) -> str:
        parts: list[str] = []
        at = end = 0
        while (token := self._tokens[at]).kind is not Kind.END:
            used, said = self._piece(at)
            parts += [self._text[end : token.start], said]
            at += used
            end = self._tokens[at - 1].end
        return _joined(parts, self._language)

    def _piece(self, at: int) -> tuple[int, str]:
        """How many tokens from here on are told together, and how."""
        token, after = self._tokens[at], self._tokens[at + 1]
        if token.sign("=", "!=") and after.word("null"):
            return 2, f" {word('signs', token.value + ' null', self._language)}"
        if token.kind is Kind.SIGN and token.value in _SIGNS and not self._is_minus(at):
            return 1, f" {word('signs', token.value, self._language)} "
        if token.sign(".") and at and after.kind in (Kind.NAME, Kind.WORD):
            return 2, say("dot", self._language) + self._member(at + 1)
        if token.kind is Kind.TEXT:
            return 1, say("literal", self._language, text=self._names.value(token.value)).replace(" ", _KEPT)
        if token.kind in (Kind.NAME, Kind.WORD):
            return self._literal(at) or (1, self._name(at, token))
        if at in self._ranges:
            return 1, self._ranges[at] and say(self._ranges[at], self._language)
        if token.value in _WIDE_SIGNS and token.kind is Kind.SIGN and self._language == "zh":
            return 1, _WIDE_SIGNS[token.value]
        return 1, plain(self._text[token.start : token.end])

    def _is_minus(self, at: int) -> bool:
        """Whether a sign stands before its number alone."""
        before = self._tokens[at - 1] if at else None
        return self._tokens[at].sign("-") and (before is None or before.sign("(", ",", "[", *_SIGNS))

    def _member(self, at: int) -> str:
        owner = self._tokens[at - 2].value if at >= 2 else ""
        if self._tokens[at].start in self._words:
            return self._words[self._tokens[at].start]
        return self._names.member(owner, self._tokens[at].value)

    def _literal(self, at: int) -> tuple[int, str] | None:
        """A date, an instant or a length of time that is written with a function."""
        here = self._tokens[at : at + 6]
        offset = 3 if [token.value for token in here[:3]] == ["date", "and", "time"] else 1
        if here[0].value not in ("date", "duration") or len(here) < offset + 3:
            return None
        bracket, text, closing = here[offset : offset + 3]
        if not (bracket.sign("(") and text.kind is Kind.TEXT and closing.sign(")")):
            return None
        said = plain(text.value)
        if here[0].value == "duration":
            said = length(text.value, self._names)
        return offset + 3, said

    def _name(self, at: int, token: Token) -> str:
        if self._tokens[at + 1].sign("(") and token.kind is Kind.NAME and token.value not in self._names:
            return word("functions", token.value, self._language)
        if token.kind is Kind.WORD and token.value in _VALUES:
            return word("operators", token.value, self._language)
        if token.start in self._words:
            said = self._words[token.start]
            return f" {said} " if token.kind is Kind.WORD else said
        if token.kind is Kind.WORD:
            return token.value
        return self._names.inside(token.value).replace(" ", _KEPT)


def _ranges(of: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """The brackets of ranges, and what stands between their ends, with the sentence for each; empty: nothing."""
    opened: list[tuple[int, int | None]] = []
    for at, token in enumerate(of):
        if token.sign("(", "[", "]") and not (token.sign("]", "[") and opened and opened[-1][1] is not None):
            opened.append((at, None))
        elif token.sign("..") and opened:
            opened[-1] = (opened[-1][0], at)
        elif token.sign(")", "]", "[") and opened:
            start, between = opened.pop()
            if between is not None:
                low, high = of[start].sign("["), token.sign("]")
                kind = "both" if low and high else "low" if low else "high" if high else "neither"
                yield from ((start, ""), (between, "range"), (at, f"range_{kind}"))


def _joined(parts: list[str], language: Language) -> str:
    """The pieces in a row, with one blank where there are any; in Chinese only beside what is not Chinese."""
    told = re.sub(" +", " ", "".join(parts)).strip()
    if language == "zh":
        told = _BESIDE_SIGNS.sub("", _BETWEEN_WIDE.sub("", told))
    return told.replace(_KEPT, " ")


def length(text: str, names: Names) -> str:
    """A length of time as FEEL writes it (`P27D`) in words."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return plain(text)
    parts = [
        say("length", names.language, number=number, unit=word("units", unit, names.language))
        for unit, number in zip(_UNITS, found.groups(), strict=True)
        if number is not None
    ]
    return "".join(parts) if names.language == "zh" else " ".join(parts)
