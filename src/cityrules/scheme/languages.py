"""Which language the keywords of a document are in, and the keywords of each body in either. Changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping as Map
from collections.abc import Sequence as Sequence_
from functools import cache
from typing import Final

from pydantic import BaseModel

from cityrules.scheme.document import FORMS, Document
from cityrules.scheme.keys import keys
from cityrules.text.diagnostic import Language
from cityrules.text.nodes import Mapping
from cityrules.text.vocabulary import turned, vocabulary

_LANGUAGES: Final[tuple[Language, Language]] = ("en", "zh")


_TOP: Final = re.compile(r"^([^\s#:：]{1,40})[ \t]*[:：]", re.MULTILINE)


def model_of(root: Mapping, models: Sequence_[type[BaseModel]]) -> type[BaseModel]:
    """Which of several kinds of documents one is, by the key with the version; the first where there is none."""
    there = {key.text for key, _ in root.items}
    return next((model for model in models if there & {*_version(model)}), models[0])


def language_of(root: Mapping, model: type[BaseModel] = Document) -> Language:
    """The language of a document's keywords: that of the key with the version, else of most keys at the top."""
    return _language([key.text for key, _ in root.items], model)


def language_of_text(text: str, model: type[BaseModel] = Document) -> Language:
    """The same for a text that is no YAML: by what stands before a colon where lines begin."""
    return _language(_TOP.findall(text), model)


def _language(top: Sequence_[str], model: type[BaseModel]) -> Language:
    if all(key.isascii() for key in top):
        return "en"
    known = words_of(model, "zh")
    said = Counter("zh" if key in known.values() else "en" for key in top if key in {*known, *known.values()})
    for word, language in zip(_version(model), _LANGUAGES, strict=True):
        if word in top:
            said[language] += len(top)
    return "zh" if said["zh"] > said["en"] else "en"


def _version(model: type[BaseModel]) -> tuple[str, str]:
    """The key with the version of a kind of document, in English and Chinese."""
    key = next(key for key in keys(model) if key.startswith("cityrules"))
    return key, vocabulary().key(model.__name__, key) or key


@cache
def words_of(model: type[BaseModel], to: Language) -> Map[str, str]:
    """The keys of a body from the other language into `to`; those without a Chinese form stay as they are."""
    known = vocabulary()
    said = {key: known.key(model.__name__, key) or key for key in keys(model)}
    return turned(said, to)


@cache
def words_of_measures(to: Language) -> Map[str, str]:
    return {read: made for form in reversed(FORMS.values()) for read, made in words_of(form, to).items()}
