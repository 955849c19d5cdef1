"""An explanation with its pieces of the document in the document's own words. Knows which values are such pieces."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from typing import Final

from cityrules.feel.spoken import rewritten
from cityrules.results.explanation import Explanation
from cityrules.scheme.phrases import AXIS, COLUMN, EXPRESSION, phrase
from cityrules.text.diagnostic import Language

_PIECES: Final = {
    **dict.fromkeys(("text", "up_to", "where", "give", "weight", "worth", "rate", "cap"), EXPRESSION),
    **dict.fromkeys(("over", "group", "each"), AXIS),
    "window": "window",
    "lasts": "lasts",
    "within": "within",
    "limit": "deadline",
    "length": "limit",
    "measure": EXPRESSION,
}
"""The values of lines that are pieces of the document, and what they are."""


_OWN: Final = frozenset(("cell", "record_cell", "consequence", "check"))
"""Lines below which nothing is about the rows that are run over above."""


def in_words(explanation: Explanation, language: Language, rows: Container[str] = ()) -> Explanation:
    """The explanation of a cell of a scheme with keywords in `language`: conditions and formulas as it says them.

    `rows`: the consequences with rows that others run over, the columns of which have words, too.
    """
    return explanation if language == "en" else _told(explanation, language, rows, False)


def canonical(name: str | None, known: Container[str], language: Language) -> str | None:
    """The name of a part as tables have it (`期限.late`) where it was said as the document says it (`期限.逾期`)."""
    if name is None or name in known or language == "en":
        return name
    return rewritten(name, phrase(name, EXPRESSION, "en", frozenset()))


def _told(node: Explanation, language: Language, rows: Container[str], columns: bool) -> Explanation:
    about = node.values.get("over") in rows or node.values.get("record_kind") in rows
    columns = about or (columns and node.kind not in _OWN)
    pieces = _PIECES
    if node.kind == "name" or (node.kind == "field" and about):
        pieces = {**_PIECES, "name": EXPRESSION if node.kind == "name" else COLUMN}
    values = {
        name: rewritten(value, phrase(value, pieces[name], language, frozenset(), columns)) if name in pieces else value
        for name, value in node.values.items()
    }
    children = tuple(_told(child, language, rows, columns) for child in node.children)
    return replace(node, values=values, children=children)
