"""Parts of a document: what stands at an address alone, as a document that a text can be made of. Tells nothing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel

from cityrules.scheme.document import Document
from cityrules.scheme.keys import body_at, is_map, keys, models_of, sections
from cityrules.scheme.places import Path

_Model = TypeVar("_Model", bound=BaseModel)

_APART = ("calendar", "rounding")
"""What stands at the top of a document and is told with its bodies."""


def unit_of(path: Path, *trees: Mapping[str, Any]) -> Path:
    """The address of the smallest named body round an address, in the first tree that has one: a rule, a parameter, a
    measure; of a whole map of bodies its own; of what lies in no section its key at the top."""
    if path[0] not in sections():
        return path[:1]
    for raw in trees:
        for length in range(len(path), 1, -1):
            owner = body_at(path[: length - 1], raw)
            if owner is None and body_at(path[:length], raw) is not None:
                return path[:length]
            if length == len(path) and owner is not None and _holds_bodies(owner, path[-1]):
                return path
    return path[:2]


def around_of(unit: Path, raw: Mapping[str, Any]) -> Path | None:
    """The address of the named body that a unit stands in; None for what stands in none."""
    return next((unit[:length] for length in range(len(unit) - 1, 1, -1) if body_at(unit[:length], raw)), None)


def part_of(document: Document, unit: Path, *, whole: bool) -> Document:
    """The document without the named bodies that `unit` does not lead to, and, unless its `whole` is wanted, without
    those in it."""
    part = _narrowed(document, unit, whole)
    return part.model_copy(update={name: None for name in _APART if unit[0] != name})


def _narrowed(body: _Model, path: Path, whole: bool) -> _Model:
    if whole and not path:
        return body
    changed: dict[str, object] = {}
    for name, field in type(body).model_fields.items():
        value = getattr(body, name)
        key = field.alias or name
        if not isinstance(value, Mapping) or not _holds_bodies(type(body), key):
            continue
        if path[:1] != (key,):
            changed[name] = {}
        elif len(path) > 1:
            inner = value.get(path[1])
            changed[name] = {} if inner is None else {path[1]: _narrowed(inner, path[2:], whole)}
    return body.model_copy(update=changed)


@cache
def _holds_bodies(model: type[BaseModel], key: str) -> bool:
    """Whether a key of a body holds named bodies."""
    field = keys(model).get(key)
    return field is not None and is_map(field.annotation) and bool(models_of(field.annotation))
