"""The measures that may befall a person or a unit, as law has them: terms, periods, organs. Data, and no document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

import yaml

Decision = Literal["automatic", "proposal"]
Verified = Literal["V", "S", "N"]

SANCTION: Final = "sanction"
"""The nature of the measures of which law has a closed list."""
EMPLOYEE: Final = "employee"
"""Who works for an enterprise: what befalls them is their employer's to decide."""

_SEVERAL: Final = re.compile(r"[、，,;；/]|或|和|及|\band\b|\bor\b")
_WHOSE: Final = re.compile(r"\bof( the| a| an| each)? $")
_BRACKETS: Final = re.compile(r"[（(][^）)]*[）)]")


@dataclass(frozen=True, slots=True)
class PersonnelMeasure:
    """One measure. `months`: how long it has effect, None where law says nothing. `befalls`: classes of addressees,
    empty for anyone. `basis` and `organ` are keys of words in the reader's language. `verified`: V read in the law
    itself, S second-hand, N not verified. `common`: its terms mean it only in an act of one of its `kinds`."""

    name: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    nature: str
    kinds: tuple[str, ...]
    befalls: tuple[str, ...]
    months: int | None
    basis: str
    organ: str
    decision: Decision
    verified: Verified
    common: bool


@dataclass(frozen=True, slots=True)
class PersonnelCatalogue:
    """All measures by name, the words by which documents call those whom they befall, and those in which a term stands
    by `chance`."""

    measures: Mapping[str, PersonnelMeasure]
    addressees: Mapping[str, tuple[str, ...]]
    chance: tuple[str, ...]
    _terms: Mapping[str, PersonnelMeasure | None]
    _any: re.Pattern[str]

    def named_in(self, text: str, kind: str | None) -> tuple[tuple[str, PersonnelMeasure], ...]:
        """The measures that the text of an act of this kind names, with the terms as written, in their order.

        Of terms inside one another the longest counts (诫勉谈话 before 诫勉, 黄牌警告 before 警告); the 处分
        in 办事处分管领导 is none.
        """
        found = ((match[0], self._terms[match[0].casefold()]) for match in self._any.finditer(text))
        return tuple((term, one) for term, one in found if one is not None and (not one.common or kind in one.kinds))

    def addressee(self, text: str) -> str | None:
        """The class of whom an act is addressed to; None where the words do not say, or name several."""
        said = _BRACKETS.sub("", text).strip().casefold()
        if _SEVERAL.search(said):
            return None
        ends = [(len(word), name) for name, words in self.addressees.items() for word in words if _ends(said, word)]
        return max(ends)[1] if ends else None


def _ends(said: str, word: str) -> bool:
    """Whether a text ends with a word. An English one stands by itself, and not for whose somebody is: the head of a
    squad is no squad."""
    if not said.endswith(word):
        return False
    before = said[: -len(word)]
    alone = not (before[-1:].isascii() and before[-1:].isalpha())
    return not word.isascii() or (alone and _WHOSE.search(before) is None)


@cache
def personnel() -> PersonnelCatalogue:
    """The catalogue, read once, when the first consequence needs it."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    # Our own data, and this loader makes nothing but texts, lists and dicts.
    data: dict[str, Any] = yaml.load(
        (resources.files("cityrules.scheme") / "personnel.yaml").read_text("utf-8"), Loader=loader
    )
    measures = {name: _measure(name, body) for name, body in data["measures"].items()}
    terms: dict[str, PersonnelMeasure | None] = dict.fromkeys(data["chance"])
    terms |= {term.casefold(): one for one in measures.values() for term in (*one.zh, *one.en)}
    longest_first = sorted(terms, key=lambda term: (-len(term), term))
    alternatives = (rf"\b{re.escape(term)}\b" if term.isascii() else re.escape(term) for term in longest_first)
    return PersonnelCatalogue(
        measures,
        {name: (*words["zh"], *words["en"]) for name, words in data["addressees"].items()},
        tuple(data["chance"]),
        terms,
        re.compile("|".join(alternatives), re.IGNORECASE),
    )


def _measure(name: str, body: Mapping[str, Any]) -> PersonnelMeasure:
    months = body.get("months")
    return PersonnelMeasure(
        name=name,
        zh=tuple(body["zh"]),
        en=tuple(body["en"]),
        nature=body["nature"],
        kinds=tuple(body["kinds"]),
        befalls=tuple(body.get("befalls", ())),
        months=None if months is None else int(months),
        basis=body["basis"],
        organ=body["organ"],
        decision=body["decision"],
        verified=body["verified"],
        common=body.get("common") == "yes",
    )
