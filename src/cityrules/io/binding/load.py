"""Bindings loaded: from text or Python to checked models, with the place of every address. Knows no scheme."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import ValidationError

from cityrules.io.binding.document import BindingDocument
from cityrules.scheme.complaints import complain, empties
from cityrules.scheme.languages import language_of, language_of_text
from cityrules.scheme.load import canonical
from cityrules.scheme.places import Places
from cityrules.scheme.raw import raw_of
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import plain
from cityrules.text.source import Source
from cityrules.text.yaml import read

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
    root = read(source, report)
    if root is None:
        return None, language_of_text(source.text, BindingDocument)
    language = language_of(root, BindingDocument)
    if language == "zh":
        root = canonical(root, report, BindingDocument)
    raw = plain(root)
    return _loaded(raw if isinstance(raw, dict) else {}, Places(root), report), language


def binding_from(given: Mapping[str, Any], report: Report) -> LoadedBinding | None:
    """The binding built in Python: a map like that of a YAML text."""
    raw = raw_of(given, report)
    return None if report.failed else _loaded(raw, Places(), report)


def _loaded(raw: Mapping[str, Any], places: Places, report: Report) -> LoadedBinding | None:
    errors: Sequence[Mapping[str, Any]] = ()
    document = None
    try:
        document = BindingDocument.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        errors = cast("Sequence[Mapping[str, Any]]", error.errors(include_url=False))
    complain(errors, raw, places, report, empties(raw, places), BindingDocument)
    if document is None or report.failed:
        return None
    if document.version != LANGUAGE:
        path = ("cityrules-binding",)
        report.add(VERSION, places.span(path), path[0], found=document.version, expected=LANGUAGE)
        return None
    return LoadedBinding(document, raw, places)
