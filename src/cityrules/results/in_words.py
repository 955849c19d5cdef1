"""An explanation with its pieces of the document in the document's own words. Knows which values are such pieces."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from cityrules.feel.spoken import rewritten
from cityrules.results.explanation import Explanation
from cityrules.scheme.phrases import AXIS, EXPRESSION, phrase
from cityrules.text.diagnostic import Language

_PIECES: Final = {
    **dict.fromkeys(("text", "where", "give", "weight", "worth", "rate", "cap"), EXPRESSION),
    **dict.fromkeys(("over", "group", "each"), AXIS),
    "window": "window",
    "lasts": "lasts",
    "within": "within",
}
"""The values of lines that are pieces of the document, and what they are."""


def in_words(explanation: Explanation, language: Language) -> Explanation:
    """The explanation of a cell of a scheme with keywords in `language`: conditions and formulas as it says them."""
    if language == "en":
        return explanation
    values = {
        name: rewritten(value, phrase(value, _PIECES[name], language, frozenset())) if name in _PIECES else value
        for name, value in explanation.values.items()
    }
    return replace(
        explanation, values=values, children=tuple(in_words(child, language) for child in explanation.children)
    )
