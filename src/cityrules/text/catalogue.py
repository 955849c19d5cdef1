"""The sentences of all diagnostics, Chinese and English side by side, held as data under `messages/`.

An entry is `CODE: {name, en, zh, expected: {en, zh}, mend: {en, zh}}`; `expected` and `mend` may be left out. The
key `terms` of a file holds words for values instead. The files are read when the first sentence is needed. `problems`
is what a test asks for; a user with a broken catalogue still gets a sentence, if a poor one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, Final

import yaml

from cityrules.text.diagnostic import Diagnostic, Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_CODE: Final = re.compile(r"(?:CR[1-9][0-9]{2,3}|L[0-9]{2})\Z")
_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")
_PARTS: Final = ("expected", "mend")
TERMS: Final = "terms"

Texts = Mapping[Language, str]


@dataclass(frozen=True, slots=True)
class Message:
    """One entry: the stable name beside the code, and each sentence by language; an absent part is empty."""

    code: str
    name: str
    text: Texts
    expected: Texts = field(default_factory=dict)
    mend: Texts = field(default_factory=dict)

    @property
    def placeholders(self) -> frozenset[str]:
        """The values a diagnostic with this code must bring."""
        return frozenset(n for texts in (self.text, self.expected, self.mend) for t in texts.values() for n in _in(t))


@cache
def catalogue() -> Mapping[str, Message]:
    """Every entry by its code."""
    found: dict[str, Message] = {}
    for _, entries in _files():
        for code, entry in entries.items():
            if isinstance(entry, dict):
                found.setdefault(code, _message(code, entry))
    return MappingProxyType(found)


def message(code: str) -> Message:
    """The entry of `code`. A code without an entry gets one that says only the code."""
    known = catalogue().get(code)
    return known if known is not None else Message(code, "unknown", dict.fromkeys(LANGUAGES, code))


@cache
def terms() -> Mapping[str, Texts]:
    """Words that values stand for, by their key: `number` is shown as "a number" or 数字."""
    found: dict[str, Texts] = {}
    for _, entries in _files(wanted_terms=True):
        given = entries.get(TERMS)
        if isinstance(given, dict):
            found.update({key: _texts(texts) for key, texts in given.items()})
    return MappingProxyType(found)


def spoken(values: Mapping[str, str], language: Language) -> dict[str, str]:
    """The values with those whose name ends in `_type` in words of a language; an unknown key stays as it is."""
    known = terms()
    return {
        name: known.get(value, {}).get(language, value) if name.endswith("_type") else value
        for name, value in values.items()
    }


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with each `{name}` replaced by its value, which is text and never looked into.

    A placeholder without a value stays as it is, for a poor sentence serves a user better than an exception;
    `unfilled` finds it in tests.
    """
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def unfilled(diagnostic: Diagnostic) -> list[str]:
    """The values that the sentences of a diagnostic need and it does not bring, sorted."""
    return sorted(message(diagnostic.code).placeholders - diagnostic.values.keys())


def codes() -> Mapping[str, tuple[str, ...]]:
    """The codes of each file of the catalogue, by the name of the file without `.yaml`."""
    return {file.removesuffix(".yaml"): tuple(entries) for file, entries in _files()}


def problems() -> list[str]:
    """What is wrong with the catalogue: a code or name given twice, a language missing, unequal placeholders."""
    found: list[str] = []
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    for file, entries in _files():
        for code, entry in entries.items():
            place = f"{file}: {code}"
            if not _CODE.match(code):
                found.append(f"{place}: a code is CR and three or four digits, or L and two")
            if code in codes:
                found.append(f"{place}: also in {codes[code]}")
            codes[code] = file
            if not isinstance(entry, dict):
                found.append(f"{place}: an entry is a map")
                continue
            name = str(entry.get("name", ""))
            if not _NAME.match(name):
                found.append(f"{place}: {name!r} is not a name in kebab-case")
            if name in names:
                found.append(f"{place}: {names[name]} has the same name")
            names[name] = code
            found.extend(f"{place}: {problem}" for problem in _problems(entry))
    return found


def _problems(entry: dict[str, Any]) -> Iterator[str]:
    unknown = entry.keys() - {"name", *LANGUAGES, *_PARTS}
    if unknown:
        yield f"unknown keys {sorted(unknown)}"
    for part in ("", *_PARTS):
        texts = entry.get(part, {}) if part else {key: entry.get(key) for key in LANGUAGES}
        if not isinstance(texts, dict):
            yield f"{part} is not a map of languages"
        elif part in entry or not part:
            given = [texts.get(language) for language in LANGUAGES]
            if not all(isinstance(text, str) and text.strip() for text in given):
                yield f"{part or 'the sentence'} is not there in both languages"
            elif set(_in(str(given[0]))) != set(_in(str(given[1]))):
                yield f"{part or 'the sentence'} has other placeholders in en than in zh"


def _in(template: str) -> list[str]:
    return _PLACEHOLDER.findall(template)


def _files(wanted_terms: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each file of the catalogue by name, in the order of the names: its entries, or its terms alone."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    folder = resources.files("cityrules.text") / "messages"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            # Our own data, and this loader makes nothing but texts, lists and dicts.
            entries = yaml.load(file.read_text("utf-8"), Loader=loader)
            entries = entries if isinstance(entries, dict) else {}
            yield file.name, {code: entry for code, entry in entries.items() if (code == TERMS) is wanted_terms}


def _message(code: str, entry: dict[str, Any]) -> Message:
    parts = [_texts(entry.get(part)) for part in _PARTS]
    return Message(code, str(entry.get("name", "unknown")), _texts(entry) or dict.fromkeys(LANGUAGES, code), *parts)


def _texts(given: object) -> Texts:
    """The sentences of both languages, one standing in for the other where it is missing."""
    if not isinstance(given, dict):
        return {}
    there = [str(given[language]) for language in LANGUAGES if given.get(language)]
    return {language: str(given.get(language) or there[0]) for language in LANGUAGES} if there else {}
