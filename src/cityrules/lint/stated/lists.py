"""L14: a list that is open, has names made unreadable or given twice, or differs from the same list elsewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedList
from cityrules.lint.stated.teller import Teller

CODE: Final = "L14"
_MASKED: Final = re.compile(r"[*×＊]|某|[(（]\s*[)）]|_{2,}|\?{2,}")
"""What stands in the place of a name that was taken out."""


def check(stated: AsStated, teller: Teller) -> None:
    for name, listed in stated.lists.items():
        for lack, key, found in _lacks(listed, stated):
            teller.tell(CODE, ("lists", name, key), lack_type=lack, found=found)


def _lacks(listed: StatedList, stated: AsStated) -> Iterator[tuple[str, str, str]]:
    if listed.open is not None:
        yield "lint_open", "open", listed.open
    masked = [name for name in listed.members if _MASKED.search(name)]
    if masked:
        yield "lint_masked", "members", ", ".join(masked)
    twice = [f"{name} ×{times}" for name, times in Counter(listed.members).items() if times > 1]
    if twice:
        yield "lint_twice", "members", ", ".join(twice)
    if listed.same_as is not None:
        other = stated.lists[listed.same_as].members
        ours = [name for name in listed.members if name not in other]
        theirs = [name for name in other if name not in listed.members]
        if ours or theirs:
            yield "lint_aliased", "same_as", ", ".join(_matched(ours, theirs))


def _matched(ours: list[str], theirs: list[str]) -> Iterator[str]:
    """The names of one list only, each beside the one of the other that has most in common with it."""
    left = list(theirs)
    for name in ours:
        match = max(left, key=lambda other: SequenceMatcher(None, name, other, autojunk=False).ratio(), default=None)
        if match is not None:
            left.remove(match)
        yield f"{name} / {match or '-'}"
    yield from (f"- / {name}" for name in left)
