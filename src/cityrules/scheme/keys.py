"""What keys each body of the document may and must have, read off the models. For suggestions and the JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cityrules.scheme.document import (
    FORMS,
    Document,
)
from cityrules.scheme.places import Path
from cityrules.scheme.texts import Reader
from cityrules.text.vocabulary import vocabulary

PLAINLY: Final = "plainly"
"""How a value is spoken that is one of a few words."""


@cache
def keys(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields of a body by the key they have in a document (`for`, `from`, `in`)."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


@cache
def required(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys a body must have."""
    return tuple(key for key, field in keys(model).items() if field.is_required())


@cache
def sections() -> frozenset[str]:
    """The keys of the document that hold named bodies."""
    return frozenset(
        key for key, field in keys(Document).items() if is_map(field.annotation) and models_of(field.annotation)
    )


def words_of(model: type[BaseModel] | None, key: str) -> str:
    """The words that can stand at a key, for a message; empty where it takes more than words."""
    field = keys(model).get(key) if model is not None else None
    return ", ".join(_words(field.annotation)) if field is not None else ""


def _words(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(str(word) for word in get_args(annotation))
    return tuple(word for part in get_args(annotation) for word in _words(part))


def form_keys(body: object) -> list[str]:
    """The keys of a measure that give it a form, in its own order. A good measure has one."""
    return [key for key in body if key in FORMS] if isinstance(body, Mapping) else []


@cache
def all_measure_keys() -> frozenset[str]:
    """Every key that some form of measure knows."""
    return frozenset(key for body in FORMS.values() for key in keys(body))


def body_at(path: Path, raw: object, root: type[BaseModel] = Document) -> type[BaseModel] | None:
    """The model of the body at `path`, beginning at `root`; None where there is none, or where it is a measure without
    one form."""
    model: type[BaseModel] | None = root
    while path and model is not None:
        field = keys(model).get(path[0])
        models = models_of(field.annotation) if field is not None else ()
        steps = 2 if field is not None and is_map(field.annotation) else 1
        if not models or len(path) < steps:
            return None
        for name in path[:steps]:
            raw = raw.get(name) if isinstance(raw, Mapping) else None
        forms = form_keys(raw)
        model = models[0] if len(models) == 1 else FORMS[forms[0]] if len(forms) == 1 else None
        path = path[steps:]
    return model


def models_of(annotation: Any) -> tuple[type[BaseModel], ...]:
    """The bodies an annotation speaks of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in models_of(part))


def is_map(annotation: Any) -> bool:
    """Whether the value is a map of names to something, at its outermost."""
    if get_origin(annotation) is Annotated or type(None) in get_args(annotation):
        return is_map(get_args(annotation)[0])
    return get_origin(annotation) is Mapping


@cache
def speech(model: type[BaseModel], name: str) -> str:
    """How words of the language stand in a field, of a map in its values: as `Reader.speech`; `plainly` where it is one
    of a few words."""
    field = model.model_fields[name]
    at = vocabulary().at
    key = field.alias or name
    named = next((at[f"{base.__name__}.{key}"] for base in model.__mro__ if f"{base.__name__}.{key}" in at), None)
    if named is None:
        named = at.get(key)
    if named is not None:
        return named
    readers = [part for part in (*field.metadata, *_read_by(field.annotation)) if isinstance(part, Reader)]
    return (readers[-1 if is_map(field.annotation) else 0].speech or "") if readers else PLAINLY


def _read_by(annotation: Any) -> list[Any]:
    """Everything that an annotation is made of."""
    found = list(annotation.__metadata__) if get_origin(annotation) is Annotated else []
    return found + [part for inner in get_args(annotation) for part in (inner, *_read_by(inner))]
