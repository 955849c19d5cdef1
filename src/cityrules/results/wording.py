"""Sentences held as data: templates with optional parts, and lists of words, in Chinese and English. Knows no tree.

A template's `[[part]]` is left out when a value that it needs is absent; `{value:list}` says a value in the words of
a list. Values are never looked into.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import yaml

from cityrules.text.diagnostic import Language

_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)(?::([a-z_]+))?\}")
_INNERMOST: Final = re.compile(r"\[\[((?:(?!\[\[|\]\]).)*)\]\]")


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences of one file: `lines` by kind and language, `lists` by name, value and language."""

    lines: Mapping[str, Mapping[str, str]]
    lists: Mapping[str, Mapping[str, Mapping[str, str]]]

    def say(self, kind: str, values: Mapping[str, str], language: Language) -> str:
        """The sentence of `kind`. A kind without one is said by its name and values: poor, but not nothing."""
        template = self.lines.get(kind, {}).get(language)
        if template is None:
            return " ".join([kind, *(f"{name}={value}" for name, value in values.items())])
        return _PLACEHOLDER.sub(lambda found: self._word(found, values, language), _chosen(template, values))

    def _word(self, found: re.Match[str], values: Mapping[str, str], language: Language) -> str:
        value = values.get(found[1], "-")
        return self.lists.get(found[2], {}).get(value, {}).get(language, value) if found[2] else value


def _chosen(template: str, values: Mapping[str, str]) -> str:
    """The template with each optional part kept or dropped, from the inside out."""

    def part(found: re.Match[str]) -> str:
        needed = _PLACEHOLDER.findall(found[1])
        # An inner part that was dropped needs nothing; one that stands needs what it names.
        return found[1] if all(name in values for name, _ in needed) else ""

    while True:
        chosen = _INNERMOST.sub(part, template)
        if chosen == template:
            return chosen
        template = chosen


@cache
def wording(file: str = "wording.yaml", package: str = "cityrules.results") -> Wording:
    """The sentences of a file of a package; read once."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    text = (resources.files(package) / file).read_text("utf-8")
    # Our own data, and this loader makes nothing but texts, lists and dicts.
    entries: dict[str, Any] = yaml.load(text, Loader=loader)
    return Wording(entries.get("lines", {}), entries.get("lists", {}))


def placeholders(template: str) -> set[tuple[str, str]]:
    """What a template names: value and list (empty: none). Tests compare the languages by this."""
    return set(_PLACEHOLDER.findall(template))
