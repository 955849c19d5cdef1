"""The words of the document language in English (the canonical form) and Chinese, held as data in `vocabulary.yaml`.

Knows words and where they may stand by name; nothing of models, expressions or documents. What a document may write
where is for `scheme/` to say; here is only which word of one language is which of the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, Final

import yaml

from cityrules.text.diagnostic import Language

_QUOTED: Final = re.compile(r"`([^`]+)`")
_NO_WORDS: Final = re.compile(
    r"cityrules .*|--.*|\{[a-z_]+\}|pip .*|\w+\.(?:yaml|xlsx|csv)\b.*|(?:to_\w+|score_record|CsvRows)\(.*"
)
"""What stands between backticks and is no piece of a document: commands, options, values to be filled in."""
_WORD: Final = re.compile(r"[^\W\d]\w*")
_TO_FILL: Final = r"\{[a-z_]+\}"
_SHORT: Final = frozenset({"to", "on", "in", "at", "by", "do", "is", "from", "for", "per"})
"""Words too common to be taken for keys inside a longer piece."""

_PLACE: Final = re.compile(r"\{([a-z_]+)\}")

Words = Mapping[str, str]


@dataclass(frozen=True)
class Template:
    """One way to write a small notation, in both languages, with places in braces."""

    en: str
    zh: str

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def parts(self, language: Language) -> tuple[str, ...]:
        """Fixed text and the names of places in turn, beginning and ending with fixed text (which may be empty)."""
        return tuple(_PLACE.split(self.of(language)))


@dataclass(frozen=True)
class Vocabulary:
    """Everything in `vocabulary.yaml`; all maps go from the English word to the Chinese one."""

    keys: Words
    words: Words
    results: tuple[str, ...]
    labels: tuple[str, ...]
    operators: Words
    between_and: str
    names: Words
    columns: Words
    functions: Words
    properties: Words
    periods: Words
    axes: Words
    groups: Mapping[str, Words]
    notations: Mapping[str, tuple[Template, ...]]
    at: Words
    given: tuple[str, ...]
    repeated: tuple[str, ...]
    expected: tuple[str, ...]
    by_name: tuple[str, ...]
    samples: Words

    def key(self, body: str, key: str) -> str | None:
        """The Chinese form of a key of the body of this name, None where there is none yet."""
        return self.keys.get(f"{body}.{key}", self.keys.get(key))

    def word(self, key: str, word: str) -> str | None:
        """The Chinese form of a fixed word that stands at a key."""
        return self.words.get(f"{key}.{word}", self.words.get(word))

    @cached_property
    def alone(self) -> Words:
        """The words that stand alone where names stand, in expressions, grains and axes: nothing may be named so."""
        return {**self.operators, **self.names, **self.periods, **self.axes, "and": self.operators["and"]}

    @cached_property
    def reserved(self) -> frozenset[str]:
        """The Chinese words that no name of a document in Chinese keywords may be."""
        return frozenset({*self.alone.values(), self.between_and, *self.groups["simple"].values()})

    @cached_property
    def _general(self) -> Words:
        """Every word in some Chinese form, for sentences about a document in Chinese keywords."""
        plain = {key: word for key, word in self.keys.items() if "." not in key}
        fixed = {key: word for key, word in self.words.items() if "." not in key}
        found = {
            **self.columns,
            **self.properties,
            **self.functions,
            **fixed,
            **self.operators,
            **plain,
            **self.periods,
            **self.axes,
        }
        found |= self.samples
        return found | {word: said for group in ("mode", "order") for word, said in self.groups[group].items()}

    def say(self, text: str, body: str = "", own: frozenset[str] = frozenset(), *, expression: bool = False) -> str:
        """English words of the language in a piece of a sentence in Chinese: `text` as a whole, as items of a list, or
        word by word. Words that the document itself has written (`own`) are its own names and stay, and so do places
        that are yet to be filled (`{name}`). In an `expression` a word is an operator or a function before a key."""
        if text in own:
            return text
        words = self._in_expressions if expression else self._general
        whole = (None if expression else self.key(body, text)) or words.get(text)
        if whole is not None:
            return whole
        if ", " in text:
            items = text.split(", ")
            group = next((words for words in self.groups.values() if all(item in words for item in items)), None)
            if group is not None:
                return ", ".join(group[item] for item in items)
            return ", ".join(self.say(item, body, own, expression=expression) for item in text.split(", "))

        def said(found: re.Match[str]) -> str:
            word, before, after = found[0], text[: found.start()][-1:], text[found.end() :][:1]
            if word in own or (word in _SHORT and after != ":" and not expression):
                return word
            if before == "." and text[: found.start()][-2:] != "..":
                return self.properties.get(word, word)
            by_place = self.key(body, word) if after == ":" else self.functions.get(word) if after == "(" else None
            return by_place or words.get(word, word)

        return self._phrases.sub(said, text)

    @cached_property
    def _in_expressions(self) -> Words:
        """The same for sentences about an expression."""
        return {**self._general, **self.properties, **self.functions, **self.operators, **self.samples}

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        """What is looked up piece by piece: words of several parts before single ones."""
        several = sorted((word for word in self._general if not _WORD.fullmatch(word)), key=len, reverse=True)
        return re.compile("|".join([_TO_FILL, *map(re.escape, several), _WORD.pattern]))

    def sentence(self, text: str, body: str = "", *, expression: bool = False) -> str:
        """A sentence of ours (about a body, or an expression) with the words between backticks in Chinese."""

        def said(found: re.Match[str]) -> str:
            if _NO_WORDS.fullmatch(found[1]):
                return found[0]
            return f"`{self.say(found[1], body, expression=expression)}`"

        return _QUOTED.sub(said, text)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once, when the first document or sentence needs it."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # Our own data, and this loader makes nothing but texts, lists and dicts.
    data: dict[str, Any] = yaml.load(
        (resources.files("cityrules.text") / "vocabulary.yaml").read_text("utf-8"), Loader=loader
    )
    expressions = data["expressions"]
    return Vocabulary(
        keys=data["keys"],
        words=data["words"],
        results=tuple(data["results"]),
        labels=tuple(data["labels"]),
        operators=expressions["operators"],
        between_and=expressions["between_and"],
        names=expressions["names"],
        columns=expressions["columns"],
        functions=expressions["functions"],
        properties=expressions["properties"],
        periods=data["periods"],
        axes=data["axes"],
        groups=data["groups"],
        notations={
            name: tuple(Template(way["en"], way["zh"]) for way in ways) for name, ways in data["notations"].items()
        },
        at=data["at"],
        given=tuple(data["given"]),
        repeated=tuple(data["repeated"]),
        expected=tuple(data["expected"]),
        by_name=tuple(data["by_name"]),
        samples=data["samples"],
    )


def turned(words: Words, to: Language) -> Words:
    """A map of words for reading in the direction of a language."""
    return words if to == "zh" else {said: word for word, said in words.items()}
