"""Characters no document may hold: those that YAML forbids, and those that make a text look like another one."""

from __future__ import annotations

import re
from typing import Final

from cityrules.text.diagnostic import Report
from cityrules.text.source import Source, Span

CONTROL: Final = "CR110"
HIDDEN: Final = "CR111"

# What YAML does not count as printable, and the line breaks that only YAML knows (they would shift every line number).
_CONTROL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]|\r(?!\n)")
# Direction marks and characters of no width: a rule must read on paper as it reads to the machine.
_HIDDEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_AT_MOST: Final = 20


def check_characters(source: Source, report: Report) -> bool:
    """Note every forbidden character (the first twenty of each sort). True if the text may be read as YAML.

    A byte order mark at the beginning is accepted.
    """
    good = True
    for code, pattern in ((CONTROL, _CONTROL), (HIDDEN, _HIDDEN)):
        start = 1 if source.text.startswith("\ufeff") else 0
        for number, match in enumerate(pattern.finditer(source.text, start)):
            if number == _AT_MOST:
                break
            good = False
            report.add(code, Span(source, match.start(), match.end()), sign=f"U+{ord(match[0]):04X}")
    return good
