"""What stands in a document, brought into a form in which two things that mean the same are equal. Knows no plan.

`70` and `70.0` are one number, `a>=5` and `(a >= 5)` one condition. What can be read as nothing else stands for itself,
so that two things are never the same by mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import Final

from pydantic import BaseModel

from cityrules.feel.complaints import Complaints
from cityrules.feel.parser import parse
from cityrules.scheme.document import BandsBody, TableBody, TiersBody, WeightedBody
from cityrules.scheme.durations import parse_any_limit, parse_limit
from cityrules.scheme.keys import speech
from cityrules.scheme.notation import NotationError, parse_grain, parse_numeral
from cityrules.scheme.texts import as_text
from cityrules.text.diagnostic import Report

BOUNDS: Final = ("at_least", "above", "up_to", "below")
"""Maps whose keys are values: numbers, or the names of parameters."""

_PLACES: Final = frozenset({"start", "end", "name_end", "ends"})
"""Fields of a parse tree that say where something stands in its text."""
_NUMBERS: Final = frozenset({"number", "count"})
_AMOUNTS: Final = {(TiersBody, "up_to"), (TiersBody, "beyond"), (WeightedBody, "weighted")}


def meant(body: BaseModel, name: str, value: object) -> object:
    """What a value at a field of a body means: equal for two that mean the same there."""
    if isinstance(body, TableBody) and name in ("rows", "absent"):
        return _cells(body, value)
    if (type(body), name) in _AMOUNTS:
        return _each(value, "amount", numbers=True)
    return _each(value, speech(type(body), name), numbers=not isinstance(body, BandsBody) or _all_numbers(body))


def bound(text: str) -> object:
    """What the key of a map of bounds means."""
    return _numeral(text) or text


def plainly(value: object) -> object:
    """What no model describes (rows of examples, changes by address): texts, wherever they came from."""
    if isinstance(value, Mapping):
        return {name: plainly(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plainly(inner) for inner in value]
    return value if value is None or isinstance(value, BaseModel) else as_text(value)


def _each(value: object, spoken: str, *, numbers: bool) -> object:
    if isinstance(value, BaseModel):
        return type(value), tuple((name, meant(value, name, getattr(value, name))) for name in type(value).model_fields)
    if isinstance(value, Mapping):
        return tuple((key, _each(inner, spoken, numbers=numbers)) for key, inner in value.items())
    if isinstance(value, tuple):
        return tuple(_each(inner, spoken, numbers=numbers) for inner in value)
    if not isinstance(value, str):
        return value
    return _text(value, spoken, numbers)


def _text(text: str, spoken: str, numbers: bool) -> object:
    match spoken:
        case "expression":
            return _tree(text) or text
        case "label" if numbers:
            return _numeral(text) or text
        case "amount":
            return _rate(text) or _tree(text) or text
        case "stated":
            return _limit(text, parse_limit) or _numeral(text) or text
        case "deadline":
            return _limit(text, parse_any_limit) or _tree(text) or text
        case "rank" | "remainder":
            order, _, rest = text.partition(" ")
            return order, _tree(rest) or rest
        case "grain":
            return _grain(text) or text
        case _:
            return text


def _all_numbers(body: BandsBody) -> bool:
    """Whether bands give numbers. Among labels `1` and `1.0` are two."""
    given = [label for name in BOUNDS for label in (getattr(body, name) or {}).values()]
    return all(label == "null" or _numeral(label) for label in [*given, body.otherwise])


def _cells(body: TableBody, value: object) -> object:
    """Rows, each cell by the type of its column; or what holds where there is no row."""
    numbers = [type_.base in _NUMBERS for type_ in body.columns.values()]
    if isinstance(value, str):
        return _text(value, "label", all(numbers[len(body.key) :]))
    if not isinstance(value, tuple) or not all(len(row) == len(numbers) for row in value):
        return value
    return tuple(
        tuple(_text(cell, "label", number) for cell, number in zip(row, numbers, strict=True)) for row in value
    )


def _numeral(text: str) -> object:
    try:
        found = parse_numeral(text)
    except NotationError:
        return None
    return "number", found.value, found.unit


def _rate(text: str) -> object:
    try:
        found = parse_numeral(text)
    except NotationError:
        return None
    value = found.value / 100 if found.unit == "%" else found.value
    return "number", value, None if found.unit == "%" else found.unit


def _limit(text: str, read: Callable[[str], object]) -> object:
    try:
        return read(text)
    except NotationError:
        return None


def _grain(text: str) -> object:
    try:
        return parse_grain(text)
    except NotationError:
        return None


@lru_cache(maxsize=4096)
def _tree(text: str) -> object:
    """The parse tree of an expression without its places; None where there is none."""
    complaints = Complaints(Report(), text)
    found = parse(text, complaints)
    return None if found is None or complaints.count else _bare(found)


def _bare(node: object) -> object:
    if isinstance(node, tuple):
        return tuple(map(_bare, node))
    if not is_dataclass(node):
        return type(node), node  # True is no 1.
    return type(node), *(_bare(getattr(node, field.name)) for field in fields(node) if field.name not in _PLACES)
