"""An explanation written out as an indented tree, in Chinese or English. Knows no plan and no table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.results.explanation import Explanation
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language
from cityrules.text.show import visible

_LONGEST: Final = 400
_LAST: Final = 2


def render(explanation: Explanation, language: Language = "en", *, most: int | None = None) -> str:
    """The tree as text without a line break at the end. Control characters of values are shown as their numbers.

    `most`: how many children of one line are shown; the rest is counted. The last ones are always among those shown:
    there stand the quotient, the floor and the rounding.
    """
    return "\n".join(_lines(explanation, language, most, "", ""))


def _lines(node: Explanation, language: Language, most: int | None, first: str, rest: str) -> Iterator[str]:
    """A node behind the prefix `first`, and everything under it behind `rest`."""
    values = {name: _short(value) for name, value in node.values.items()}
    yield (first + wording().say(node.kind, values, language)).rstrip()
    children = _cut(node.children, most)
    for number, child in enumerate(children, 1):
        last = number == len(children)
        yield from _lines(child, language, most, rest + ("└─ " if last else "├─ "), rest + ("   " if last else "│  "))


def _cut(children: tuple[Explanation, ...], most: int | None) -> list[Explanation]:
    if most is None or len(children) <= most:
        return list(children)
    end = min(_LAST, most // 2)
    hidden = Explanation("more", {"number": str(len(children) - most)})
    return [*children[: most - end], hidden, *children[len(children) - end :]]


def _short(value: str) -> str:
    text = visible(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
