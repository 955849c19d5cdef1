"""What quotes and brackets do to a piece of YAML: is it cut off in the middle, and how is it written quoted."""

from __future__ import annotations

import re
from typing import Final, Literal

_CLOSER: Final = {"(": ")", "[": "]", "{": "}"}
_CLOSERS: Final = frozenset(")]}")

_PLAIN: Final = re.compile(r"-?[0-9][0-9./-]*|[^\W_][\w./@-]*(?: [\w./@-]+)*")
_NOT_PLAIN: Final = frozenset({"yes", "no", "on", "off", "y", "n"})
"""Words that readers of other versions of YAML take for flags."""

Balance = Literal["balanced", "open", "closed"]


def quoted(text: str) -> str:
    """`text` as a YAML text in quotes on one line: single quotes where it holds `"` or a backslash, else double."""
    if any(character < " " for character in text):
        short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        return '"' + "".join(short.get(c, f"\\x{ord(c):02x}" if c < " " else c) for c in text) + '"'
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def as_written(text: str) -> str:
    """`text` without quotes where it is read as itself anywhere, also inside brackets; else `quoted`."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _NOT_PLAIN else quoted(text)


def as_key(text: str) -> str:
    """The same for a key. `no` stays plain, as documents write it: the words are flags nowhere in them."""
    return text if _PLAIN.fullmatch(text) else quoted(text)


def balance(text: str) -> Balance:
    """Whether `text` leaves a quote or bracket open, closes one that it did not open, or neither.

    Intervals mix their brackets (`[80..90)`), so any closing bracket closes any opening one. Only `"` quotes a
    text inside an expression; an apostrophe is an ordinary character.
    """
    depth = 0
    lowest = 0
    inside = False
    for character in text:
        if character == '"':
            inside = not inside
        elif inside:
            continue
        elif character in _CLOSER:
            depth += 1
        elif character in _CLOSERS:
            depth -= 1
            lowest = min(lowest, depth)
    if inside or depth > lowest:
        # `a) + f(b` both closes and opens; what it opens is what a following piece can complete.
        return "open"
    return "closed" if lowest < 0 else "balanced"
