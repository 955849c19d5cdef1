"""Texts of a document said in the other language, and what was found on the way. Knows no model."""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from cityrules.feel.spoken import Rewrite
from cityrules.scheme.phrases import phrase
from cityrules.text.diagnostic import Language
from cityrules.text.nodes import Mapping, Origin, Scalar
from cityrules.text.source import Span
from cityrules.text.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Foreign:
    """A word of the other language in a document, where it stands, and what it is called in the document's own."""

    at: Span
    path: str
    found: str
    meant: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters of the file, and what stands there in the other language."""

    at: Span
    text: str


@dataclass(slots=True)
class Translation:
    """A document in the other language: its nodes, what changes in the file, words that were in that language already,
    and names (`clashes`) that are words of the language that was read or wanted."""

    root: Mapping
    edits: list[Edit] = field(default_factory=list)
    foreign: list[Foreign] = field(default_factory=list)
    clashes: list[Scalar] = field(default_factory=list)


class Wording:
    """Words and texts said in the language `to`; `translation` collects what changes. `own`: fields and columns of the
    document, which are no words."""

    def __init__(self, to: Language, own: frozenset[str]) -> None:
        self.to: Language = to
        self.own = own
        self.translation = Translation(Mapping((), None))  # type: ignore[arg-type]

    def word(self, node: Scalar, words: Map[str, str], path: tuple[str, ...]) -> Scalar:
        """A text that is one word as a whole."""
        new = words.get(node.text)
        if new is not None:
            return self.rewritten(node, [Rewrite(0, len(node.text), new)] if new != node.text else [], path)
        if node.text in words.values():
            meant = next(read for read, made in words.items() if made == node.text)
            self.translation.foreign.append(Foreign(node.span, ".".join(path), node.text, meant))
        return node

    def text(self, node: Scalar, speech: str | None, path: tuple[str, ...], columns: bool = False) -> Scalar:
        """A text in a notation; `columns`: one about the rows of a consequence."""
        if not speech or not node.text.strip() or node.text.isdecimal():
            return node
        return self.rewritten(node, phrase(node.text, speech, self.to, self.own, columns), path)

    def rewritten(self, node: Scalar, changes: list[Rewrite], path: tuple[str, ...]) -> Scalar:
        kept = []
        for change in changes:
            at = node.part(change.start, change.end)
            if change.foreign:
                meant = vocabulary().say(change.text) if self.to == "en" else change.text
                self.translation.foreign.append(Foreign(at, ".".join(path), change.text, meant))
            else:
                kept.append((change.start, change.end, change.text))
                self.translation.edits.append(Edit(at, change.text))
        return Origin(node, tuple(kept)).scalar() if kept else node
