"""The JSON Schema of documents in Chinese keywords, made from that of the canonical ones. Sees schemas as data only."""

from __future__ import annotations

from typing import Any

from cityrules.text.vocabulary import vocabulary


def in_chinese(schema: dict[str, Any], root: str) -> dict[str, Any]:
    """The schema with every key and fixed word in Chinese; descriptions of notations are left out. `root`: the name of
    the outermost body."""
    definitions = {name: _body(body, name) for name, body in schema["definitions"].items()}
    return {**_body({k: v for k, v in schema.items() if k != "definitions"}, root), "definitions": definitions}


def _body(schema: Any, body: str, key: str = "") -> Any:
    """A piece of the schema: of a body, or of what stands at one of its keys."""
    known = vocabulary()
    if isinstance(schema, list):
        return [_body(part, body, key) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for name, part in schema.items():
        if name == "properties":
            made[name] = {known.key(body, word) or word: _body(inner, body, word) for word, inner in part.items()}
        elif name == "propertyNames" and "enum" in part:
            made[name] = {"enum": [known.key(body, word) or word for word in part["enum"]]}
        elif name == "required":
            made[name] = [known.key(body, word) or word for word in part]
        elif name == "enum":
            made[name] = [word if word is None else known.word(key, word) or word for word in part]
        elif name == "pattern" and key:
            continue
        elif name in ("description", "errorMessage"):
            made[name] = known.sentence(part, body) if name == "description" else known.say(part)
        else:
            made[name] = _body(part, body, key)
    return made
