"""Where each character of a YAML text stands in the file, for every style YAML has of writing one.

The parser gives the finished text and where it begins and ends. A part of it (a name inside an expression) has to be
underlined in the file, so the steps that made the text are walked again here, character by character: quotes doubled
or escaped, lines folded, indentation taken off.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass, field
from typing import Final, Literal

Style = Literal["plain", "single", "double", "literal", "folded"]

_BLANKS: Final = re.compile(r"[ \t]*")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_BREAK: Final = re.compile(r"\r?\n")
_ESCAPE: Final = {
    "0": "\0", "a": "\x07", "b": "\x08", "t": "\t", "\t": "\t", "n": "\n", "v": "\x0b", "f": "\x0c", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_DIGITS: Final = {"x": 2, "u": 4, "U": 8}


@dataclass(frozen=True, slots=True)
class Places:
    """Of each character the offsets in the file where it begins and ends; `closing` is where the text ends."""

    starts: array[int]
    ends: array[int]
    closing: int

    def of(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the file of characters `start` up to `end`, which must lie within the text."""
        first = self.starts[start] if start < len(self.starts) else self.closing
        return first, self.ends[end - 1] if end > start else first


def places(raw: str, offset: int, style: Style, text: str) -> Places | None:
    """The places of `text`, which the parser made from `raw`, the characters of the file from `offset` on.

    None if walking the steps again does not give the same text: a caller then points at the whole.
    """
    block = style in ("literal", "folded")
    walk = _block(raw, offset, style == "folded", text) if block else _flow(raw, offset, style)
    made = "".join(walk.characters)
    # How many of its last line breaks a block keeps is for the parser to say.
    if made != text and not (block and made.startswith(text) and not made[len(text) :].strip()):
        return None
    return Places(walk.starts[: len(text)], walk.ends[: len(text)], walk.closing)


@dataclass(slots=True)
class _Walk:
    """The characters made so far and where each came from; offsets of `add` are those of `raw`."""

    offset: int
    characters: list[str] = field(default_factory=list)
    starts: array[int] = field(default_factory=lambda: array("L"))
    ends: array[int] = field(default_factory=lambda: array("L"))
    closing: int = 0

    def add(self, character: str, start: int, end: int) -> None:
        self.characters.append(character)
        self.starts.append(self.offset + start)
        self.ends.append(self.offset + end)


def _flow(raw: str, offset: int, style: Style) -> _Walk:
    """Plain and quoted texts, which fold their lines."""
    walk = _Walk(offset)
    at, stop = (0, len(raw)) if style == "plain" else (1, len(raw) - 1)
    walk.closing = offset + stop
    while at < stop:
        character = raw[at]
        if character in " \t\r\n":
            at = _fold(walk, raw, at, stop)
        elif character == "'" and style == "single":
            walk.add("'", at, at + 2)
            at += 2
        elif character == "\\" and style == "double":
            at = _escape(walk, raw, at, stop)
        else:
            walk.add(character, at, at + 1)
            at += 1
    return walk


def _fold(walk: _Walk, raw: str, at: int, stop: int) -> int:
    """White space inside a text: one line break becomes a space, each further one stays; blanks round them go."""
    space = _SPACE.match(raw, at, stop)
    if space is None:  # A carriage return alone; the reader refuses such documents.
        walk.add(raw[at], at, at + 1)
        return at + 1
    breaks = list(_BREAK.finditer(raw, at, space.end()))
    if not breaks:
        for each in range(at, space.end()):
            walk.add(raw[each], each, each + 1)
    elif len(breaks) == 1:
        walk.add(" ", at, space.end())
    else:
        for line_break in breaks[1:]:
            walk.add("\n", line_break.start(), line_break.end())
    return space.end()


def _escape(walk: _Walk, raw: str, at: int, stop: int) -> int:
    """A backslash in double quotes: a named or numbered character, or a line break that is taken out."""
    line_break = _BREAK.match(raw, at + 1, stop)
    if line_break is None:
        sign = raw[at + 1] if at + 1 < stop else "\\"
        end = at + 2 + _DIGITS.get(sign, 0)
        try:
            made = chr(int(raw[at + 2 : end], 16)) if sign in _DIGITS else _ESCAPE.get(sign, sign)
        except (ValueError, OverflowError):
            made = sign
        walk.add(made, at, min(end, stop))
        return end
    while line_break is not None:
        at = line_break.end()
        blanks = _BLANKS.match(raw, at, stop)
        at = blanks.end() if blanks else at
        line_break = _BREAK.match(raw, at, stop)
        if line_break is not None:
            walk.add("\n", line_break.start(), line_break.end())
    return at


def _block(raw: str, offset: int, folded: bool, text: str) -> _Walk:
    """Texts after `|` and `>`: indentation comes off, and `>` folds lines that are not indented further."""
    walk = _Walk(offset)
    lines = _lines(raw)
    indent = _indent(raw, lines, text)
    walk.closing = offset + len(raw.rstrip())
    pending: list[tuple[int, int]] = []  # Line breaks seen since the last line with content.
    flush = False  # Whether that line may be joined to the next by a space.
    first = True
    for start, end, after in lines:
        begin = start + indent
        if end <= begin:
            pending.append((end, after))
            continue
        smooth = raw[begin] not in " \t"
        if folded and flush and smooth and not first:
            breaks = pending[1:]
            if not breaks:
                walk.add(" ", pending[0][0], begin)
        else:
            breaks = pending
        for line_break in breaks:
            walk.add("\n", *line_break)
        for each in range(begin, end):
            walk.add(raw[each], each, each + 1)
        pending, flush, first = [(end, after)], smooth, False
    for line_break in pending:
        if line_break[1] > line_break[0]:
            walk.add("\n", *line_break)
    if pending and not first and walk.characters and walk.characters[-1] != "\n":
        # A block that ends with the file, without a line break, still ends with one.
        walk.add("\n", len(raw), len(raw))
    return walk


def _indent(raw: str, lines: list[tuple[int, int, int]], text: str) -> int:
    """The indentation that came off a block: what its first line with content lost."""
    written = next((line for line in text.split("\n") if line.strip(" ")), None)
    if written is None:
        # Nothing but blank lines: the longest lost what it has more than the longest of the text.
        longest = max((end - start for start, end, _ in lines), default=0)
        return longest - max(map(len, text.split("\n")))
    for start, end, _ in lines:
        content = raw[start:end].lstrip(" ")
        if content:
            return max(0, end - start - len(content) - (len(written) - len(written.lstrip(" "))))
    return 0


def _lines(raw: str) -> list[tuple[int, int, int]]:
    """Start, end, and start of the next, of every line of a block after its header."""
    found: list[tuple[int, int, int]] = []
    header = _BREAK.search(raw)
    at = header.end() if header else len(raw)
    while at < len(raw):
        line_break = _BREAK.search(raw, at)
        end, after = (line_break.start(), line_break.end()) if line_break else (len(raw), len(raw))
        found.append((at, end, after))
        at = after
    return found
