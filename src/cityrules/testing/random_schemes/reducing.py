"""A random scheme made smaller for a person who looks for the cause of a failure: part by part is left out of it.

Knows no construct: the plan says whether what is left is a scheme, and whoever asks whether it still fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from cityrules.testing.random_schemes.mending import PLAINLY, plan_of
from cityrules.testing.random_schemes.scheme import RandomScheme
from cityrules.testing.random_schemes.trimming import without_idle
from cityrules.testing.random_schemes.words import Body
from cityrules.text.diagnostic import Report

Address = tuple[str, ...]
Fails = Callable[[RandomScheme], bool]
PLAIN: Final = ("1", "1 > 2")
"""What is tried in the place of expressions."""
_WORD: Final = re.compile(r"\w+")
TRIES: Final = 400
"""So often is asked at most whether a smaller scheme still fails."""


def reduced(scheme: RandomScheme, fails: Fails, *, tries: int = TRIES) -> RandomScheme:
    """The scheme without all that a failure does not need: sections, then measures, rules and fields, then what stands
    inside of them, what refers to each other at once, and expressions said plainly; until nothing more can be left
    out, or `fails` was asked `tries` times.

    `fails` is asked of whole schemes only, and of the first one, too. Raises ValueError where that one does not fail;
    what `fails` raises.
    """
    if not fails(scheme):
        raise ValueError("reduced: the scheme does not fail")
    return _Reducer(scheme, fails, tries).least()


class _Reducer:
    def __init__(self, scheme: RandomScheme, fails: Fails, tries: int) -> None:
        self._found, self._fails, self._left = scheme, fails, tries
        self._refused: set[str] = set()

    def least(self) -> RandomScheme:
        before: RandomScheme | None = None
        while before is not self._found and self._left > 0:
            before = self._found
            self._try(without_idle(self._found.document))
            depth = 0
            while places := list(_containers(self._found.document, depth)):
                for place in places:
                    self._thin(place)
                depth += 1
            for circle in _circles(self._found.document):
                self._try(_without_all(self._found.document, circle))
            for place in _expressions(self._found.document):
                any(map(self._try, _plainly(self._found.document, place)))
        return self._found

    def _thin(self, place: Address) -> None:
        """What stands at a place without its entries: all, then half of them, and so on; the last ones first, since
        they read the others."""
        entries = _entries(_at(self._found.document, place))
        size = len(entries)
        while size:
            for start in reversed(range(0, len(entries), size)):
                self._try(_without(self._found.document, place, entries[start : start + size]))
            # Places in a list have moved up, those before them not.
            entries = _entries(_at(self._found.document, place))
            size //= 2

    def _try(self, document: Body) -> bool:
        """Whether a smaller document is a scheme that still fails; it is gone on with, then."""
        if self._left <= 0 or document == self._found.document or (said := repr(document)) in self._refused:
            return False
        plan = plan_of(document, Report())
        if plan is not None:
            self._left -= 1
            attempt = RandomScheme(document, plan)
            if self._fails(attempt):
                self._found = attempt
                return True
        self._refused.add(said)
        return False


def _containers(document: Body, depth: int) -> Iterator[Address]:
    """The maps and lists so deep in a document, the last ones first; what lies in lists counts as one."""
    places: list[Address] = [()]
    for _ in range(depth):
        places = [
            (*place, key)
            for place in places
            if isinstance(holder := _at(document, place), dict)
            for key, value in holder.items()
            if isinstance(value, dict | list) and value
        ]
    return reversed(places)


def _circles(document: Body) -> Iterator[frozenset[Address]]:
    """What stands in sections and refers to each other, so that none of it can be left out alone: by names, of which
    rather too many are seen than too few."""
    bodies: dict[Address, Any] = {
        (section, name): body
        for section, named in document.items()
        if isinstance(named, dict)
        for name, body in named.items()
    }
    said = {place: set(_WORD.findall(repr(body))) for place, body in bodies.items()}
    beside = {place: [other for other in bodies if other[1] in words] for place, words in said.items()}
    behind = {place: _behind(place, beside) for place in bodies}
    circles = (frozenset(one for one in behind[place] if place in behind[one]) for place in bodies)
    yield from dict.fromkeys(circle for circle in circles if len(circle) > 1)


def _behind(place: Address, beside: Mapping[Address, Sequence[Address]]) -> frozenset[Address]:
    """All that one refers to, directly or through others."""
    found: set[Address] = set()
    waiting = list(beside[place])
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(beside[one])
    return frozenset(found)


def _without_all(document: Body, places: frozenset[Address]) -> Body:
    for section in {place[0] for place in places}:
        there = [name for name in document.get(section, {}) if (section, name) in places]
        document = _without(document, (section,), there) if there else document
    return document


def _expressions(document: Body, place: Address = ()) -> Iterator[Address]:
    """Where expressions stand that are not plain."""
    for key, value in _at(document, place).items():
        if isinstance(value, dict):
            yield from _expressions(document, (*place, key))
        elif isinstance(value, str) and key in PLAINLY and value not in PLAIN:
            yield (*place, key)


def _plainly(document: Body, place: Address) -> Iterator[Body]:
    """The document with something plain in the place of an expression, with and without what is said of missing values:
    of a plain one there are none."""
    *around, key = place
    body = _at(document, tuple(around))
    for said in (body, {one: value for one, value in body.items() if one != "missing"}):
        yield from (_with(document, tuple(around), {**said, key: plain}) for plain in PLAIN)


def _entries(holder: Any) -> list[str | int]:
    return list(holder if isinstance(holder, dict) else range(len(holder)))


def _at(document: Body, place: Address) -> Any:
    at: Any = document
    for key in place:
        at = at[key]
    return at


def _without(document: Body, place: Address, entries: Sequence[str | int]) -> Body:
    holder, gone = _at(document, place), set(entries)
    left: object
    if isinstance(holder, dict):
        left = {key: value for key, value in holder.items() if key not in gone}
    else:
        left = [value for number, value in enumerate(holder) if number not in gone]
    return _with(document, place, left)


def _with(holder: Body, place: Address, value: Any) -> Body:
    """The document with something else at a place, which lies in maps only; it shares the rest."""
    if not place:
        found: Body = value
        return found
    return {**holder, place[0]: _with(holder[place[0]], place[1:], value)}
