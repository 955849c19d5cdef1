"""The shapes that a value of the document can have, read off the annotations of the models; and of an address."""

from __future__ import annotations

from collections.abc import Mapping as Map
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cityrules.scheme.document import Document
from cityrules.scheme.keys import keys
from cityrules.scheme.languages import words_of, words_of_measures
from cityrules.scheme.texts import Reader
from cityrules.text.diagnostic import Language
from cityrules.text.vocabulary import turned, vocabulary

_PERIODS: Final = "periods"
"""The section in which a document says more of built-in periods, by their words, and names its own."""


def shapes_of(annotation: Any) -> list[Any]:
    """The shapes a value can have: readers, fixed words, lists, maps, bodies."""
    if annotation is None or annotation is type(None):
        return []
    if isinstance(annotation, Reader):
        return [annotation]
    origin = get_origin(annotation)
    if origin is Annotated:
        inner, *extras = get_args(annotation)
        reader = next((extra for extra in extras if isinstance(extra, Reader)), None)
        return [reader] if reader is not None else shapes_of(inner)
    if origin in (Literal, tuple) or origin is Map:
        return [annotation]
    parts = [part for part in get_args(annotation) if part is not type(None)]
    if parts:
        return [shape for part in parts for shape in shapes_of(part)]
    return [annotation]


@cache
def said_names(key: str, to: Language) -> Map[str, str]:
    """The names below a key that are words of the language and none of the document: the built-in periods."""
    return turned(vocabulary().periods, to) if key == _PERIODS else {}


def address(path: list[str], to: Language) -> tuple[list[str], Any, tuple[str, str]]:
    """An address in the other language, the shape of what stands there (None: not known), and its body and key."""
    found: list[str] = []
    shape: Any = Document
    last = ("Document", "")
    for name in path:
        alternatives = shapes_of(shape.annotation if isinstance(shape, FieldInfo) else shape)
        map_of = next((part for part in alternatives if get_origin(part) is Map), None)
        models = [part for part in alternatives if isinstance(part, type) and issubclass(part, BaseModel)]
        if map_of is not None:
            found.append(said_names(last[1], to).get(name, name))
            shape, last = get_args(map_of)[1], (last[0], "")
        elif models:
            measures = len(models) > 1
            words = words_of_measures(to) if measures else words_of(models[0], to)
            new = words.get(name, name)
            english = new if to == "en" else name
            model = next((model for model in models if english in keys(model)), models[0])
            found.append(new)
            shape, last = keys(model).get(english), (model.__name__, english)
        else:
            found.append(name)
            shape = None
    return found, shape, last
