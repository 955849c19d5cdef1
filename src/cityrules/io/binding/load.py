"""Bindings loaded: from text or Python to checked models, with the place of every address. Knows no scheme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cityrules.io.binding.document import BindingDocument
from cityrules.scheme.forms import formed, tree_of
from cityrules.scheme.places import Places
from cityrules.scheme.raw import raw_of
from cityrules.text.diagnostic import Language, Report
from cityrules.text.source import Source

VERSION: Final = "CR575"
LANGUAGE: Final = "1"


@dataclass(frozen=True, slots=True)
class LoadedBinding:
    """A binding whose form is right, its plain tree, and where everything stands (nowhere, if it was built in
    Python)."""

    document: BindingDocument
    raw: Mapping[str, object]
    places: Places


def read_binding(source: Source, report: Report) -> tuple[LoadedBinding | None, Language]:
    """The binding that a YAML text holds, or None, and the language of its keywords; what is wrong with it goes into
    `report`."""
    tree, language = tree_of(source, BindingDocument, report)
    return None if tree is None else _loaded(*tree, report), language


def binding_from(given: Mapping[str, Any], report: Report) -> LoadedBinding | None:
    """The binding built in Python: a map like that of a YAML text."""
    raw = raw_of(given, report)
    return None if report.failed else _loaded(raw, Places(), report)


def _loaded(raw: Mapping[str, Any], places: Places, report: Report) -> LoadedBinding | None:
    document = formed(raw, places, BindingDocument, report)
    if document is None or report.failed:
        return None
    if document.version != LANGUAGE:
        path = ("cityrules-binding",)
        report.add(VERSION, places.span(path), path[0], found=document.version, expected=LANGUAGE)
        return None
    return LoadedBinding(document, raw, places)
