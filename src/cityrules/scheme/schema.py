"""The JSON Schema (draft-07) of the document, for editors. Made from the models; says what keys there are, no more.

One misspelling gives one error: there is no `anyOf` that fails in every branch, and what a body lacks is said only
where all its keys are known.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cityrules.scheme.document import FORMS, Document, MeasureBody
from cityrules.scheme.keys import all_measure_keys, is_map, keys, models_of, required
from cityrules.scheme.schema_zh import in_chinese
from cityrules.scheme.texts import Reader
from cityrules.text.diagnostic import Language

Schema = dict[str, Any]

MEASURE: Final = "Measure"


def json_schema(language: Language = "en", root: type[BaseModel] = Document, title: str = "scheme") -> Schema:
    """The schema as data, for documents of a kind (`root`) whose keywords are in a language."""
    models = _all_models(root)
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"cityrules {title}, version 1",
        **_body(root),
        "definitions": {model.__name__: _body(model) for model in models if model is not root},
    }
    if root is Document:
        schema["definitions"][MEASURE] = _measure()
    return schema if language == "en" else in_chinese(schema, root.__name__)


def text(language: Language = "en", root: type[BaseModel] = Document, title: str = "scheme") -> str:
    """The schema as the text of its file."""
    return json.dumps(json_schema(language, root, title), ensure_ascii=False, indent=2) + "\n"


def _all_models(model: type[BaseModel]) -> list[type[BaseModel]]:
    found: list[type[BaseModel]] = [model]
    for each in found:  # Grows as it goes.
        for field in keys(each).values():
            found.extend(inner for inner in models_of(field.annotation) if inner not in found)
    return found


def _body(model: type[BaseModel]) -> Schema:
    schema: Schema = {
        "type": "object",
        "description": _description(model),
        "properties": {key: _property(field) for key, field in keys(model).items()},
        "additionalProperties": False,
    }
    if required(model):
        schema["if"] = {"propertyNames": {"enum": list(keys(model))}}
        schema["then"] = {"required": list(required(model))}
    return schema


def _measure() -> Schema:
    """A measure by the key that gives its form: the first one there. Without any, one complaint says so."""
    known = sorted(all_measure_keys())
    schema: Schema = {
        "if": {"propertyNames": {"enum": known}},
        # Editors that know `errorMessage` show it; for all others nothing is allowed here.
        "then": {"not": {}, "errorMessage": f"A measure needs exactly one of: {', '.join(FORMS)}."},
        "else": {"properties": dict.fromkeys(known, True), "additionalProperties": False},
    }
    for form, model in reversed(FORMS.items()):
        schema = {"if": {"required": [form]}, "then": {"$ref": f"#/definitions/{model.__name__}"}, "else": schema}
    # What is no map at all passes for having every key, and is refused by the first form.
    return {"description": _description(MeasureBody), **schema}


def _description(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _property(field: FieldInfo) -> Schema:
    # What pydantic takes off the outermost Annotated stands beside the annotation.
    for extra in field.metadata:
        if isinstance(extra, Reader):
            return dict(extra.schema)
    return _value(field.annotation)


def _value(annotation: Any) -> Schema:
    """The schema of one value. Absent keys are simply not there, so that None never shows."""
    arguments = [part for part in get_args(annotation) if part is not type(None)]
    if annotation is Any or annotation is str:
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {"$ref": f"#/definitions/{annotation.__name__}"}
    if get_origin(annotation) is Annotated:
        reader = next((extra for extra in arguments[1:] if isinstance(extra, Reader)), None)
        return _value(arguments[0]) if reader is None else dict(reader.schema)
    if get_origin(annotation) is Literal:
        # An editor reads the word `null` as nothing.
        return {"enum": [*arguments, None]} if "null" in arguments else {"type": "string", "enum": arguments}
    if get_origin(annotation) is Mapping:
        return _map(*arguments)
    if get_origin(annotation) is tuple:
        item = _value(arguments[0])
        return _by_type("array", {"type": "array", "items": item}, item)
    if len(arguments) == 1:
        return _value(arguments[0])
    return _choice(arguments)


def _map(key: Any, value: Any) -> Schema:
    names = _value(key)
    schema: Schema = {"type": "object", "additionalProperties": _value(value)}
    if "pattern" in names:
        schema["propertyNames"] = {"pattern": names["pattern"]}
    return schema


def _choice(alternatives: list[Any]) -> Schema:
    """A value of several shapes, told apart by their shape; the measures, by their form."""
    if all(models_of(part) for part in alternatives):
        return {"$ref": f"#/definitions/{MEASURE}"}
    body = next((part for part in alternatives if models_of(part)), None)
    if body is not None:
        others = [part for part in alternatives if part is not body]
        return _by_type("object", _value(_bare(body)), _value(others[0]) if len(others) == 1 else _choice(others))
    word = next(_value(part) for part in alternatives if get_origin(_bare(part)) is Literal)
    other = next(part for part in alternatives if get_origin(_bare(part)) is not Literal)
    if is_map(_bare(other)):
        return _by_type("object", _value(other), word)
    return _by_type("array", {"type": "array", "items": _value(get_args(_bare(other))[0])}, word)


def _by_type(type_: str, schema: Schema, otherwise: Schema) -> Schema:
    return {"if": {"type": type_}, "then": schema, "else": otherwise}


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
