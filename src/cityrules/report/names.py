"""What everything in a document is called in a text for people: its label, else its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from cityrules.feel.spoken import rewritten
from cityrules.results.wording import wording
from cityrules.scheme.document import Body, ConsequenceBody, Document
from cityrules.scheme.phrases import phrase
from cityrules.text.diagnostic import Language
from cityrules.text.vocabulary import vocabulary

_PLAIN: Final = re.compile(r"\w+")
_LOUD: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*[]#|"} | {"<": "&lt;", ">": "&gt;"})


def plain(text: str) -> str:
    """A text of the document as Markdown shows it: in one line, and nothing in it a mark."""
    return " ".join(text.split()).translate(_LOUD)


def say(kind: str, language: Language, /, **values: str | None) -> str:
    """A sentence of `report/wording.yaml`; a value that is None counts as absent."""
    given = {name: value for name, value in values.items() if value is not None}
    return wording("wording.yaml", "cityrules.report").say(kind, given, language)


def word(of: str, value: str, language: Language) -> str:
    """A word of a list of `report/wording.yaml`."""
    return wording("wording.yaml", "cityrules.report").lists[of].get(value, {}).get(language, value)


class Names:
    """The names of one document in one language."""

    def __init__(self, document: Document, language: Language) -> None:
        self.language: Language = language
        self._labels = _labels(document, language)
        self._steps = {
            name: {step: of.label or of.do or step for step, of in (body.steps or {}).items()}
            for name, body in document.consequences.items()
        }
        self._dials = {
            name: body
            for name, body in document.parameters.items()
            if body.value is not None and body.value != "unstated"
        }
        self.consequences = frozenset(document.consequences)
        self.kinds = frozenset((*document.targets, *document.records))
        self.records = frozenset(document.records)
        known = vocabulary()
        self._words: Mapping[str, str] = {**known.periods, **known.axes} if language == "zh" else {}

    def __contains__(self, name: object) -> bool:
        return name in self._labels

    def of(self, name: str) -> str:
        """A name alone: a kind, a record, a measure, a period; dotted paths part by part."""
        if "." in name:
            first, _, rest = name.partition(".")
            return say("member", self.language, of=self.of(first), member=self.member(first, rest))
        if name == "whole":
            return word("axes", name, self.language)
        return plain(self._labels.get(name) or self._words.get(name, name))

    def member(self, owner: str, name: str) -> str:
        """What stands behind a dot: the step of a ladder, a property of the language, else a field."""
        if name in self._steps.get(owner, {}):
            return plain(self._steps[owner][name])
        first, _, rest = name.partition(".")
        told = vocabulary().properties.get(first, first) if self.language == "zh" else first
        return plain(told) + (self._dot + self.member(first, rest) if rest else "")

    @property
    def _dot(self) -> str:
        return "的" if self.language == "zh" else "'s "

    def inside(self, name: str) -> str:
        """The same inside a condition or formula: quoted where it would not be seen as one name, and with its value
        where it is a number that is set once for all."""
        told = self.of(name)
        if not _PLAIN.fullmatch(told.replace("\\", "")):
            told = say("quoted_name", self.language, name=told)
        dial = self._dials.get(name)
        if dial is None or dial.value is None:
            return told
        unit = None if dial.unit is None else plain(dial.unit)
        return say("dial", self.language, name=told, value=self.notation(dial.value, "limit"), unit=unit)

    def sets(self, name: str) -> bool:
        """Whether a name is a number that is set once for all."""
        return name in self._dials

    def notation(self, text: str, speech: str) -> str:
        """A small notation: as a document in this language writes it."""
        if self.language == "en" or speech not in vocabulary().notations:
            return plain(text)
        return plain(rewritten(text, phrase(text, speech, self.language, frozenset())))

    def heading(self, field: str) -> str:
        """A field or column, which has no label of its own: as a kind of that name is called, else as it is."""
        heads = wording("wording.yaml", "cityrules.report").lists["heads"]
        return word("heads", field, self.language) if field in heads and field not in self else self.of(field)

    def listed(self, names: tuple[str, ...]) -> str:
        """Several names."""
        return self.joined(self.of(name) for name in names)

    def joined(self, texts: Iterator[str] | tuple[str, ...] | list[str]) -> str:
        """Several texts."""
        return ("、" if self.language == "zh" else ", ").join(texts)


def _labels(document: Document, language: Language) -> dict[str, str]:
    """What everything is called that has a label. Where several have the same one, they are told apart by the kind of
    target or record that they are about."""
    sections: list[Mapping[str, Body]] = [
        document.checks, document.consequences, document.measures, document.tables, document.parameters,
        document.periods, document.records, document.targets,
    ]  # fmt: skip
    bodies = {name: body for section in sections for name, body in section.items()}
    labels = {
        name: label
        for name, body in bodies.items()
        if (label := body.label or (body.do if isinstance(body, ConsequenceBody) else None))
    }
    times = Counter(labels.values())
    found = dict(labels)
    for name, label in labels.items():
        grain = getattr(bodies[name], "for_", None)
        if times[label] > 1 and grain is not None:
            kind = grain.kind.partition(" per ")[0]
            told = word("axes", kind, language) if kind == "whole" else labels.get(kind, kind)
            found[name] = say("told_apart", language, label=label, kind=told)
    return found
