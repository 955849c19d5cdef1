"""Documents of another form than a scheme (bindings, cases, editions, what a text declares): from a text to a plain
tree, and from that to a model whose form is right. Knows none of these forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from cityrules.scheme.complaints import complain, empties
from cityrules.scheme.languages import language_of, language_of_text
from cityrules.scheme.load import canonical
from cityrules.scheme.places import Places
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import plain
from cityrules.text.source import Source
from cityrules.text.yaml import read

Form = TypeVar("Form", bound=BaseModel)


def tree_of(
    source: Source, form: type[BaseModel], report: Report
) -> tuple[tuple[dict[str, Any], Places] | None, Language]:
    """The plain tree of a YAML text in the canonical words, and where everything stands; None for what is no YAML. And
    the language of its keywords. What is wrong goes into `report`."""
    root = read(source, report)
    if root is None:
        return None, language_of_text(source.text, form)
    language = language_of(root, form)
    if language == "zh":
        root = canonical(root, report, form)
    raw = plain(root)
    return (raw if isinstance(raw, dict) else {}, Places(root)), language


def formed(raw: Mapping[str, Any], places: Places, form: type[Form], report: Report) -> Form | None:
    """The model that a plain tree holds; None where its form is wrong, and `report` then says how."""
    errors: Sequence[Mapping[str, Any]] = ()
    document = None
    try:
        document = form.model_validate(raw, by_alias=True, by_name=False)
    except ValidationError as error:
        errors = cast("Sequence[Mapping[str, Any]]", error.errors(include_url=False))
    complain(errors, raw, places, report, empties(raw, places), form)
    return document
