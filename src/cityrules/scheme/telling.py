"""Diagnostics about a document in Chinese keywords, told in its own words. Knows no rule that they complain about.

Every room works on the canonical words. So a value of a diagnostic is a name of the document, which stays, or holds
words of the language, which are told as the document writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from cityrules.text.diagnostic import Diagnostic, Language
from cityrules.text.vocabulary import vocabulary

_WORD: Final = re.compile(r"[^\W\d]\w*")
# Where a key has a form of its own.
_BODIES: Final = {
    "measures": ("LedgerBody",),
    "checks": ("CheckBody",),
    "in_force": ("InForce",),
    "examples": ("given",),
    "cases": ("given",),
    "rows": ("BindingRows", "BindingField", "BindingWhen"),
}


def told(found: Iterable[Diagnostic], language: Language) -> tuple[Diagnostic, ...]:
    """Diagnostics in the words of a document whose keywords are in `language`."""
    if language == "en":
        return tuple(found)
    written: dict[str, frozenset[str]] = {}
    made = []
    for diagnostic in found:
        at = diagnostic.at
        if at is not None and at.source.name not in written:
            # What of a message stands in the text is the document's own.
            written[at.source.name] = frozenset(_WORD.findall(at.source.text))
        own = written[at.source.name] if at is not None else frozenset()
        made.append(_told(diagnostic, own | {at.text} if at is not None else own))
    return tuple(made)


def _told(diagnostic: Diagnostic, own: frozenset[str]) -> Diagnostic:
    bodies = _BODIES.get(diagnostic.path.partition(".")[0], ())
    known = vocabulary()
    values = {
        name: value if name.endswith("_type") or not value.strip() else known.say(value, _body(value, bodies), own)
        for name, value in diagnostic.values.items()
    }
    return replace(diagnostic, values=values, words="zh")


def _body(value: str, bodies: tuple[str, ...]) -> str:
    """Which of some bodies a word is a key of; the first where it is of none."""
    known = vocabulary().keys
    return next((body for body in bodies if f"{body}.{value}" in known), bodies[0] if bodies else "")
