"""What everything in a document is called in a text for people: as its section `labels` says, else by its label, else
by its name, whichever is of the language. What has no word of the language is noted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from cityrules.feel.spoken import rewritten
from cityrules.results.wording import wording
from cityrules.scheme.document import Body, ConsequenceBody, Document
from cityrules.scheme.phrases import phrase
from cityrules.text.diagnostic import Language
from cityrules.text.vocabulary import vocabulary

_PLAIN: Final = re.compile(r"\w+")
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z]{2}")
_ONE: Final = re.compile("一(?=[件次个项条起份张处名户]\\w)")
"""How the label of a kind of record may begin in Chinese: as one of them."""
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


def reads(text: str, language: Language) -> bool:
    """Whether a text can stand in a language: in Chinese one with Chinese characters or without words, in English
    one without Chinese characters."""
    if language == "en":
        return not _CHINESE.search(text)
    return bool(_CHINESE.search(text)) or not _LATIN.search(text)


class Names:
    """The names of one document in one language. `quoting`: behind the name of a number that is set once for all stands
    its value, too."""

    def __init__(self, document: Document, language: Language, *, quoting: bool = True) -> None:
        self._quoting = quoting
        self.language: Language = language
        self.untold: dict[str, None] = {}
        """Names for which the document has no word of the language, in the order in which they were met."""
        given = document.labels
        self._given: Mapping[str, str] = {} if given is None else given.zh if language == "zh" else given.en
        # Where a bare name is met nobody knows of which kind it is; a word for one kind alone is the word for it.
        self._only = _unambiguous(self._given)
        self._about: tuple[str, ...] = ()
        self._added = _added(document)
        self._bodies = _bodies(document)
        self._labels = self._apart(self._bodies)
        self._steps = {
            name: {step: self.called(step, of.label or of.do) for step, of in (body.steps or {}).items()}
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

    def told(self, name: str, label: str | None = None, owner: str | None = None) -> str | None:
        """The word of the language for a name that has this label, of the kind or table `owner`; None without one."""
        label = label or self._added.get(name)
        given = self._given.get(f"{owner}.{name}") if owner else None
        if given is not None:
            return given
        # Its own label says more than the word for all of that name.
        if label is not None and reads(label, self.language):
            return label
        if name in self._given:
            return self._given[name]
        if owner is None and name in self._only:
            return self._only[name]
        return name.replace("_", " ") if reads(name, self.language) else None

    def called(self, name: str, label: str | None = None, owner: str | None = None) -> str:
        """The same; without one the label, else the name, and it is noted."""
        told = self.told(name, label, owner)
        if told is None:
            self.untold[name] = None
            told = label or name
        return told

    def titled(self, name: str, label: str | None) -> str:
        """What a body is called where it is told: in English also by its Chinese label, which the source has."""
        called = self.called(name, label) if self._labels.get(name) is None else self._labels[name]
        if self.language == "en" and label is not None and label != called and not reads(label, "en"):
            return say("two_names", self.language, name=plain(called), label=plain(label))
        return plain(called)

    def value(self, text: str) -> str:
        """A value of the data, or a unit: as it is, unless it has a word."""
        return plain(self._given.get(text, text))

    def closed(self, text: str) -> str:
        """A value of an enumeration, which the document spells out, so that it should have a word."""
        if text not in self._given and not reads(text, self.language):
            self.untold[text] = None
        return self.value(text)

    def of(self, name: str) -> str:
        """A name alone: a kind, a record, a measure, a period, a field; dotted paths part by part."""
        if "." in name:
            first, _, rest = name.partition(".")
            return say("member", self.language, of=self.of(first), member=self.member(first, rest))
        if name == "whole":
            return word("axes", name, self.language)
        own = next((self._given[path] for owner in self._about if (path := f"{owner}.{name}") in self._given), None)
        if own is not None:
            return plain(own)
        if name in self._labels:
            label = self._labels[name]
            return plain(label[2:] if name in self.records and _ONE.match(label) else label)
        return plain(self._words[name]) if name in self._words else plain(self.called(name))

    def each(self, kind: str) -> str:
        """Each target or record of a kind."""
        label = self._labels.get(kind, "")
        if kind in self.records and _ONE.match(label):
            return say("each_one", self.language, kind=plain(label[1:]))
        return say("each_record" if kind in self.records else "each", self.language, kind=self.of(kind))

    @contextmanager
    def about(self, *owners: str | None) -> Iterator[None]:
        """Inside it a name is first of all that of a field of these kinds."""
        before = self._about
        self._about = (*(owner.split(" ")[0] for owner in owners if owner), *before)
        try:
            yield
        finally:
            self._about = before

    def member(self, owner: str, name: str) -> str:
        """What stands behind a dot: the step of a ladder, a property of the language, else a field."""
        if name in self._steps.get(owner, {}):
            return plain(self._steps[owner][name])
        first, _, rest = name.partition(".")
        known = vocabulary().properties
        if first in known and first not in self._given and f"{owner}.{first}" not in self._given:
            told = known[first] if self.language == "zh" else first
        elif first in self._labels and f"{owner}.{first}" not in self._given:
            told = self._labels[first]
        else:
            told = self.called(first, None, owner)
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
        if dial is None or dial.value is None or not self._quoting:
            return told
        unit = None if dial.unit is None else self.value(dial.unit)
        return say("dial", self.language, name=told, value=self.notation(dial.value, "limit"), unit=unit)

    def sets(self, name: str) -> bool:
        """Whether a name is a number that is set once for all."""
        return name in self._dials

    def notation(self, text: str, speech: str) -> str:
        """A small notation: as a document in this language writes it."""
        if self.language == "en" or speech not in vocabulary().notations:
            return plain(text)
        return plain(rewritten(text, phrase(text, speech, self.language, frozenset())))

    def heading(self, field: str, owner: str | None = None) -> str:
        """A field or column: by the word for that of `owner`, else as a kind of that name is called."""
        if owner is not None and f"{owner}.{field}" in self._given:
            return plain(self._given[f"{owner}.{field}"])
        heads = wording("wording.yaml", "cityrules.report").lists["heads"]
        if field in heads and field not in self and field not in self._given:
            return word("heads", field, self.language)
        return self.of(field)

    def listed(self, names: tuple[str, ...]) -> str:
        """Several names."""
        return self.joined(self.of(name) for name in names)

    def joined(self, texts: Iterator[str] | tuple[str, ...] | list[str]) -> str:
        """Several texts."""
        return ("、" if self.language == "zh" else ", ").join(texts)

    def _apart(self, bodies: Mapping[str, Body]) -> dict[str, str]:
        """What every body is called. Where several are called the same, they are told apart by the kind of target or
        record that they are about."""
        called = {name: self.called(name, _label(body)) for name, body in bodies.items()}
        times = Counter(called.values())
        found = dict(called)
        for name, label in called.items():
            grain = getattr(bodies[name], "for_", None)
            if times[label] > 1 and grain is not None:
                kind = grain.kind.partition(" per ")[0]
                told = word("axes", kind, self.language) if kind == "whole" else called.get(kind, kind)
                found[name] = say("told_apart", self.language, label=label, kind=told)
        return found


def _added(document: Document) -> dict[str, str]:
    """The labels of bodies that only an option of a reading or an example adds."""
    overlays = [changes for body in document.readings.values() for changes in body.others.values()]
    overlays += [body.under for body in document.examples.values()]
    found = {}
    for path, new in ((path, new) for changes in overlays for path, new in changes.items()):
        if path.count(".") == 1 and isinstance(new, Mapping) and new.get("label"):
            found[path.partition(".")[2]] = str(new["label"])
    return found


def _unambiguous(given: Mapping[str, str]) -> dict[str, str]:
    """The words of names that have one for a single kind or table, or the same for all."""
    found: dict[str, set[str]] = {}
    for path, label in given.items():
        if "." in path:
            found.setdefault(path.rpartition(".")[2], set()).add(label)
    return {name: labels.pop() for name, labels in found.items() if len(labels) == 1}


def _bodies(document: Document) -> dict[str, Body]:
    """Everything that has a name of its own."""
    sections: list[Mapping[str, Body]] = [
        document.checks, document.consequences, document.measures, document.tables, document.parameters,
        document.periods, document.records, document.targets,
    ]  # fmt: skip
    return {name: body for section in sections for name, body in section.items()}


def _label(body: Body) -> str | None:
    return body.label or (body.do if isinstance(body, ConsequenceBody) else None)
