"""Formats of days and times, such as `YYYY/M/D hh:mm`: read from a binding, and applied to texts. Knows no table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cityrules.io import grammar

_PARTS: Final = {
    "YYYY": ("year", "[0-9]{4}"),
    "MM": ("month", "[0-9]{2}"),
    "M": ("month", "[0-9]{1,2}"),
    "DD": ("day", "[0-9]{2}"),
    "D": ("day", "[0-9]{1,2}"),
    "hh": ("hour", "[0-9]{2}"),
    "h": ("hour", "[0-9]{1,2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
}
_TOKEN: Final = re.compile("|".join(_PARTS) + "|.", re.DOTALL)
_ISO: Final = re.compile(f"{grammar.DATE}|{grammar.DATETIME}")


@dataclass(frozen=True, slots=True)
class DateFormat:
    """A format that was read. `timed`: it has hour and minute."""

    pattern: re.Pattern[str]
    timed: bool

    def iso(self, text: str) -> str | None:
        """The text as the grammar of input texts has it, None where it does not fit. Days need not exist."""
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        parts = {name: int(value) for name, value in found.groupdict().items()}
        day = f"{parts['year']:04}-{parts['month']:02}-{parts['day']:02}"
        if not self.timed:
            return day
        return f"{day}T{parts['hour']:02}:{parts['minute']:02}:{parts.get('second', 0):02}"


def date_format(text: str) -> DateFormat | None:
    """The format that a text says: year, month and day once each, perhaps hour and minute, perhaps second. None for
    a text that says none. Letters other than those of the parts, but for `T`, are no signs between them."""
    names: list[str] = []
    pattern = ""
    for token in _TOKEN.findall(text):
        if token in _PARTS:
            name, digits = _PARTS[token]
            names.append(name)
            pattern += f"(?P<{name}>{digits})"
        elif token.isascii() and token.isalnum() and token != "T":
            return None
        else:
            pattern += re.escape(token)
        if len(set(names)) != len(names):
            return None
    timed = {"hour", "minute"} <= set(names)
    if not {"year", "month", "day"} <= set(names) or (not timed and len(names) > 3):
        return None
    return DateFormat(re.compile(pattern), timed)


def read_date(text: str, formats: Sequence[DateFormat]) -> set[str]:
    """What a text can mean: the result of every format that it fits, and itself where it is in the grammar already."""
    found = {iso for format in formats if (iso := format.iso(text)) is not None}
    return found | {text} if _ISO.fullmatch(text) else found
