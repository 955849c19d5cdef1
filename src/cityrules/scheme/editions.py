"""Editions of one scheme by date, as frozen pydantic models and loaded from a text. Knows no scheme.

The later edition says how it takes over: which of the periods that its first day cuts are its own, and which values of
the time before it goes on from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from cityrules.scheme.forms import formed, tree_of
from cityrules.scheme.places import Places
from cityrules.scheme.texts import Name, PathName, Words
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source
from cityrules.text.vocabulary import vocabulary

VERSION_KEY: Final = "cityrules-editions"
LANGUAGE: Final = "1"
VERSION: Final = "CR1140"


class EditionBody(BaseModel):
    """One edition. `is`: a shipped scheme or a file beside this one; its own `in_force` says when. `periods`: of each
    kind of period that its first day cuts, whether the `later` edition (this one) judges the cut one or the `earlier`.
    `before`: of each thing of the time before that is looked back at, whether it goes on or begins anew. `renamed`:
    what a measure was called in the edition before."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    is_: Words = Field(alias="is")
    periods: Mapping[Name, Literal["later", "earlier"]] = {}
    before: Mapping[PathName, Literal["continues", "restarts"]] = {}
    renamed: Mapping[PathName, PathName] = {}
    note: Words | None = None


class EditionsDocument(BaseModel):
    """Editions of one scheme, the earliest first."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    version: Words = Field(alias=VERSION_KEY)
    scheme: Words
    title: Words | None = None
    note: Words | None = None
    editions: Mapping[Name, EditionBody]


@dataclass(frozen=True, slots=True)
class LoadedEditions:
    """A document whose form is right, its plain tree, where everything stands, and the language of its keywords."""

    document: EditionsDocument
    raw: Mapping[str, object]
    places: Places
    language: Language


def is_editions(text: str) -> bool:
    """Whether a text says at its top that it holds editions, in either language."""
    said = (VERSION_KEY, vocabulary().key(EditionsDocument.__name__, VERSION_KEY) or VERSION_KEY)
    either = "|".join(map(re.escape, said))
    return re.search(rf"^\ufeff?(['\"]?)({either})\1[ \t]*[:：]", text, re.MULTILINE) is not None


def read_editions(source: Source, report: Report) -> tuple[LoadedEditions | None, Language]:
    """The editions that a YAML text holds, or None, and the language of its keywords; what is wrong with it goes into
    `report`."""
    tree, language = tree_of(source, EditionsDocument, report)
    return None if tree is None else _loaded(*tree, report, language), language


def _loaded(raw: Mapping[str, Any], places: Places, report: Report, language: Language) -> LoadedEditions | None:
    document = formed(raw, places, EditionsDocument, report)
    if document is None or report.failed:
        return None
    if document.version != LANGUAGE:
        report.add(VERSION, places.span((VERSION_KEY,)), VERSION_KEY, found=document.version, expected=LANGUAGE)
        return None
    return LoadedEditions(document, raw, places, language)
