"""An explanation written out as an indented tree, in Chinese or English. Knows no plan and no table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal
from functools import reduce
from itertools import groupby
from typing import Final

from cityrules.results.explanation import Explanation
from cityrules.results.wording import wording
from cityrules.text.diagnostic import Language
from cityrules.text.show import visible

_LONGEST: Final = 400
_LAST: Final = 2
_RECORDS: Final = 8
# The default context would round to 28 digits.
_EXACT: Final = Context(prec=100)


def render(explanation: Explanation, language: Language = "en", *, most: int | None = None) -> str:
    """The tree as text without a line break at the end. Control characters of values are shown as their numbers.

    `most`: how many children of one line are shown; the rest is counted, and its points are added up. Of movements of
    points each rule shows some, as far as that is possible. The last lines are always among those shown: there stand
    the quotient, the floor and the rounding.
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
    if most is None:
        return list(children)
    children = tuple(_few_records(children))
    if len(children) <= most:
        return list(children)
    groups = [list(group) for _, group in groupby(children, key=lambda child: _rule(child) or id(child))]
    if len(groups) <= most and any(_rule(group[0]) and len(group) > 1 for group in groups):
        return [
            shown for group, room in zip(groups, _rooms(groups, most), strict=True) for shown in _first(group, room)
        ]
    end = min(_LAST, most // 2)
    return [
        *children[: most - end],
        _hidden(children[most - end : len(children) - end]),
        *children[len(children) - end :],
    ]


def _few_records(children: Sequence[Explanation]) -> Iterator[Explanation]:
    """The lines with only the first of many records that a fold ran over, each of which says no more than its value."""
    for record, group in groupby(children, key=lambda child: child.kind == "element" and not child.children):
        alike = list(group)
        yield from _first(alike, _RECORDS if record else len(alike))


def _rule(child: Explanation) -> str:
    """The rule of a movement of points; nothing for other lines, which make no group with their neighbours."""
    return child.values["rule"] if child.kind == "movement" else ""


def _rooms(groups: Sequence[Sequence[Explanation]], most: int) -> list[int]:
    """How many lines each group may show: the small ones all of theirs, the large ones equally many."""
    rooms = [0] * len(groups)
    left = most
    for done, place in enumerate(sorted(range(len(groups)), key=lambda place: len(groups[place]))):
        rooms[place] = min(len(groups[place]), left // (len(groups) - done))
        left -= rooms[place]
    return rooms


def _first(group: Sequence[Explanation], room: int) -> Iterator[Explanation]:
    room += len(group) == room + 1  # A line that says "one more" is better used for that one.
    yield from group[:room]
    if group[room:]:
        yield _hidden(group[room:])


def _hidden(children: Sequence[Explanation]) -> Explanation:
    """A line for those that are not shown: how many, of which rule if it is one, and what their points come to."""
    number = sum(int(child.values["number"]) if child.kind == "more" else 1 for child in children)
    values = {"number": str(number)}
    rules = {_rule(child) for child in children}
    if len(rules) == 1 and "" not in rules:
        values["rule"] = next(iter(rules))
    points = [Decimal(child.values["points"]) for child in children if "points" in child.values]
    if points:
        total = reduce(_EXACT.add, points)
        values["points"] = format(total, "f") if total == 0 else format(total, "+f")
    return Explanation("more", values)


def _short(value: str) -> str:
    text = visible(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
