"""The text of a document with its keywords in the other language: comments, order, quoting and layout stay.

Only the characters of words change. What would not say the same afterwards is a diagnostic, and nothing is converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as Sequence_
from typing import Final

from pydantic import BaseModel

from cityrules.scheme.document import Document
from cityrules.scheme.languages import language_of, model_of
from cityrules.scheme.translate import MIXED, translate
from cityrules.scheme.wording import Edit, Translation
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import Mapping, Node, Scalar, Sequence
from cityrules.text.source import Source, Span
from cityrules.text.yaml import read

RESERVED_WORD: Final = "CR177"
NOT_THE_SAME: Final = "CR178"

_PLURAL: Final = re.compile(r"\b(day|hour|minute|week|month|quarter|half_year|year)s\b")


def convert(
    source: Source, to: Language, report: Report, models: Sequence_[type[BaseModel]] = (Document,)
) -> str | None:
    """The text with its keywords in `to`; the text itself where they are already. None after an error. `models`: the
    kinds of documents that it can be."""
    own = Report()
    root = read(source, own)
    for found in own:
        report.put(found)
    if root is None or own.failed:
        return None
    model = model_of(root, models)
    if language_of(root, model) == to:
        return source.text
    made = translate(root, to, model)
    _complain(made, to, report)
    if report.failed:
        return None
    text = applied(source.text, made.edits)
    again = read(Source(source.name, text), Report())
    there = again and translate(again, "en" if to == "zh" else "zh", model).root
    different = root.span if there is None else _difference(root, there)
    if different is not None:
        report.add(NOT_THE_SAME, different)
        return None
    return text


def _complain(made: Translation, to: Language, report: Report) -> None:
    for word in made.foreign:
        if to == "en":
            report.add(MIXED, word.at, word.path, found=word.found, suggestion=word.meant)
        else:
            # A text in an English document that would be a word of the language in a Chinese one.
            report.add(NOT_THE_SAME, word.at, word.path)
    for name in made.clashes:
        report.add(RESERVED_WORD, name.span, found=name.text)


def applied(text: str, edits: Iterable[Edit]) -> str:
    """A text with its edits, which do not overlap."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.at.start):
        parts += [text[at : edit.at.start], edit.text]
        at = edit.at.end
    return "".join([*parts, text[at:]])


def _difference(one: Node, other: Node) -> Span | None:
    """Where the first of two trees begins to differ from the second."""
    if isinstance(one, Mapping) and isinstance(other, Mapping) and len(one.items) == len(other.items):
        for (key, value), (other_key, other_value) in zip(one.items, other.items, strict=True):
            if key.text != other_key.text:
                return key.span
            if (found := _difference(value, other_value)) is not None:
                return found
        return None
    if isinstance(one, Sequence) and isinstance(other, Sequence) and len(one.items) == len(other.items):
        return next(
            (found for a, b in zip(one.items, other.items, strict=True) if (found := _difference(a, b)) is not None),
            None,
        )
    same = isinstance(one, Scalar) and isinstance(other, Scalar) and _singular(one.text) == _singular(other.text)
    return None if same else one.span


def _singular(text: str) -> str:
    """`last 1 months` is `last 1 month`: Chinese has one form for both."""
    return _PLURAL.sub(r"\1", text)
