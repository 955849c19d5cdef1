"""Guesses at what a writer meant as one value, in a line that YAML cut elsewhere or could not read."""

from __future__ import annotations

import re
from typing import Final

from cityrules.text.source import Source, Span

_INNER: Final = r"""[^\[\](){}\n,"']{0,200}?"""
INTERVAL: Final = re.compile(rf"[\[\](]{_INNER}\.\.{_INNER}[\[\])]")
"""An interval in any of the ways it is written: `[80..90)`, `]80..90]`, `(80..90[`."""

_REACH: Final = 2000
"""How far a value is followed. A longer one is cut in every message anyway, and lines can be a megabyte long."""

_WIDE_COLON: Final = re.compile(r"""[ ]*(?:-[ ]+)*[^\s：:#"'，。；,{\[]{1,40}(：)""")
_TIGHT_COLON: Final = re.compile(r"""[ ]*(?:-[ ]+)*[^\s：:#"'，。；,{\[]{1,40}(:)[^\s:]""")
_COMMENT: Final = re.compile(r"(?<=[ \t])#")


def value_at(source: Source, at: int, in_flow: bool, *, past_hash: bool = False) -> Span:
    """The value round offset `at`: from the key, comma or bracket before it to the end of the line.

    In flow style it ends earlier, at a comma or bracket of its surroundings. Quoted texts and intervals are passed
    over whole, and round brackets hold together what is between them. A comment ends it, unless `past_hash`.
    """
    text = source.text
    low, high = line_of(source, at)
    low, high = max(low, at - _REACH), min(high, at + _REACH)
    start = _backward(text, low, at, in_flow)
    end = _forward(text, start, high, in_flow, past_hash)
    while end > start and text[end - 1] in " \t\r":
        end -= 1
    return Span(source, start, max(end, start + 1))


def _backward(text: str, low: int, at: int, in_flow: bool) -> int:
    depth = 0
    start = at
    while start > low:
        before = text[start - 1]
        if before in ")]}":
            depth += 1
        elif before in "([{" and depth:
            depth -= 1
        elif (
            (in_flow and depth == 0 and before in "[{,")
            or (before == ":" and text[start : start + 1] in (" ", "\t"))
            or (before == " " and text[start - 2 : start - 1] == "-" and not text[low : start - 2].strip(" "))
        ):
            break
        start -= 1
    while start < at and text[start] in " \t":
        start += 1
    return start


def _forward(text: str, at: int, high: int, in_flow: bool, past_hash: bool) -> int:
    depth = 0
    while at < high:
        here = text[at]
        interval = INTERVAL.match(text, at, high)
        if interval:
            at = interval.end()
            continue
        if here == '"':
            close = text.find('"', at + 1, high)
            at = close if close > 0 else at
        elif here in "([{":
            depth += 1
        elif here in ")]}":
            if depth == 0 and in_flow and here != ")":
                break
            depth = max(0, depth - 1)
        elif (here == "," and in_flow and depth == 0) or (here == "#" and text[at - 1] in " \t" and not past_hash):
            break
        at += 1
    return at


def line_of(source: Source, at: int) -> tuple[int, int]:
    """The offsets where the line round `at` begins and ends."""
    end = source.text.find("\n", at)
    return source.text.rfind("\n", 0, at) + 1, end if end >= 0 else len(source.text)


def line_before(source: Source, at: int) -> tuple[int, int] | None:
    """The last line before that of `at` that holds more than blanks or a comment, by its offsets."""
    low, _ = line_of(source, at)
    while low > 0:
        low, high = line_of(source, low - 1)
        content = source.text[low:high].strip()
        if content and not content.startswith("#"):
            return low, high
    return None


def wide_colon(source: Source, low: int, high: int) -> Span | None:
    """The full-width colon that a line uses after its key."""
    match = _WIDE_COLON.match(source.text, low, high)
    return Span(source, match.start(1), match.end(1)) if match else None


def tight_colon(source: Source, low: int, high: int) -> Span | None:
    """The colon after a key that lacks the space behind it."""
    match = _TIGHT_COLON.match(source.text, low, high)
    return Span(source, match.start(1), match.end(1)) if match else None


def comment_in(source: Source, low: int, high: int) -> int | None:
    """Where a comment behind a value begins, or None. Quotes are not looked at."""
    match = _COMMENT.search(source.text, low, high)
    return match.start() if match else None


def indentation(source: Source, low: int) -> int:
    """The number of spaces a line begins with."""
    text = source.text
    at = low
    while at < len(text) and text[at] == " ":
        at += 1
    return at - low
