"""Numbers, lengths of time, days and roundings as they stand in a text, and what is beside each. Exact."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from cityrules.testing.mutation.operators import operators

_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]{0,999})(?:\.[0-9]{1,999})?)(\s*[%‰万亿千百]?)")
"""What begins with more zeros than a number does is a code, and so is what has more digits than anybody counts."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_COUNT: Final = re.compile(r"(?<![0-9.-])[0-9]{1,999}(?![0-9.-])")


def numbers(text: str) -> Iterator[str]:
    """A number with one more and one less in its last digit, as nothing, and doubled; nothing of any other text."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        return
    digits, unit = len(found[1].partition(".")[2]), found[2]
    number = int(found[1].replace(".", ""))
    seen = {number}
    for new in (number + 1, number - 1, 0, number * 2):
        if new not in seen:
            seen.add(new)
            yield _written(new, digits) + unit


def _written(number: int, digits: int) -> str:
    """So many units of the last of some decimals, with all of these; nothing as `0`."""
    if not digits or not number:
        return str(number)
    text = str(abs(number)).zfill(digits + 1)
    return f"{'-' if number < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def days_beside(text: str) -> Iterator[str]:
    """The day before and the day after, as far as the calendar has them."""
    if _DAY.fullmatch(text.strip()) is None:
        return
    day = dt.date.fromisoformat(text.strip())
    for last, step in ((dt.date.min, -1), (dt.date.max, 1)):
        if day != last:
            yield (day + dt.timedelta(days=step)).isoformat()


def spans(text: str) -> Iterator[str]:
    """A length of time with one more and one less, doubled, and counted in another unit; another phrase."""
    known = operators()
    yield from known.phrases.get(text.strip(), ())
    for found in _COUNT.finditer(text):
        number = int(found[0])
        for new in (number + 1, number - 1, number * 2):
            if new != number:
                yield text[: found.start()] + str(new) + text[found.end() :]
    # The longest first, so that working days are not taken for days.
    words = sorted((form for unit in known.units for form in (unit, unit[:-1])), key=len, reverse=True)
    counted = re.search(rf"\b({'|'.join(words)})\b", text)
    if counted is not None:
        unit = counted[1] if counted[1] in known.units else counted[1] + "s"
        for other in known.units[unit]:
            yield text[: counted.start()] + (other if counted[1] == unit else other[:-1]) + text[counted.end() :]


def lengths(text: str) -> Iterator[str]:
    """The same of a text that may be a word: only one that counts a unit, or a phrase, is a length of time."""
    known = operators()
    words = {form for unit in known.units for form in (unit, unit[:-1])}
    if text.strip() in known.phrases or words & set(re.findall(r"[a-z]+", text)):
        yield from spans(text)


def rounded(text: str) -> Iterator[str]:
    """Another mode, one more and one less decimal; a quotient that stays exact is rounded."""
    found = re.fullmatch(r"\s*([a-z ]+?)\s+to\s+([0-9])\s*", text)
    if found is None:
        yield "half up to 2"
        return
    mode, digits = found[1], int(found[2])
    for other in operators().roundings:
        if other != mode:
            yield f"{other} to {digits}"
    for new in (digits + 1, digits - 1):
        if 0 <= new <= 9:
            yield f"{mode} to {new}"
