"""What stands where in a document, as far as one could write it wrongly: its plain tree beside the models.

Knows the shapes of the language and no operator; resolves no name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cityrules.scheme import texts
from cityrules.scheme.annotations import shapes_of
from cityrules.scheme.document import FORMS, Document
from cityrules.scheme.keys import form_keys, keys
from cityrules.scheme.places import Path
from cityrules.scheme.texts import Reader

Sort = Literal["expression", "number", "label", "rounding", "time", "date", "name", "word", "other"]
"""What a text is: an expression, a number, a result or policy, a rounding, a length of time, a day, a name of something
in the document, one of the words of the language, or nothing that is known here."""

_READ: Final[Mapping[Sort, tuple[Any, ...]]] = {
    "expression": (texts.Expression, texts.Result),
    "number": (texts.NumeralText, texts.Amount),
    "label": (texts.Label,),
    "rounding": (texts.RoundingText, texts.RoundText),
    "time": (
        texts.WindowText, texts.LimitText, texts.LengthText, texts.RecurringText, texts.WithinText,
        texts.ActWithinText, texts.LastsText, texts.EveryText,
    ),
    "date": (texts.DateText, texts.DateOrUnstated, texts.DateKey),
    "name": (texts.Name, texts.PathName),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextSite:
    """A text: of what sort, under which key of which body (`of`, `key`; in a map or list those of the whole), with the
    words that may stand there if they are fixed. `tag`: the notation that the models read it by is the only one."""

    path: Path
    of: str
    key: str
    sort: Sort
    text: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MapSite:
    """A map of names or bounds to bodies or values. `named`: of what sort its keys are."""

    path: Path
    of: str
    key: str
    named: Sort
    value: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BodySite:
    """A body by the name of its model."""

    path: Path
    of: str
    value: Mapping[str, Any]
    known: frozenset[str]
    required: frozenset[str]
    """The keys that it can have, and those that it must have."""


@dataclass(frozen=True, slots=True)
class ListSite:
    path: Path
    of: str
    key: str
    value: Sequence[Any]


Site = TextSite | MapSite | BodySite | ListSite


def sites(raw: Mapping[str, Any], sections: Sequence[str], passed_over: Set[str] = frozenset()) -> Iterator[Site]:
    """Everything in some top-level keys of a document, in the order of the text, a whole before its parts; but for what
    stands under the keys `passed_over` of any body. What the document itself calls so is not passed over."""
    for key, value in raw.items():
        if key in sections:
            yield from _field(value, keys(Document)[key], "Document", key, (key,), passed_over)


def _field(value: Any, field: FieldInfo, of: str, key: str, path: Path, over: Set[str]) -> Iterator[Site]:
    shapes = shapes_of(field.annotation)
    # What pydantic has taken out of an annotation.
    shapes += [extra for extra in field.metadata if isinstance(extra, Reader)]
    yield from _value(value, shapes, of, key, path, over)


def _value(value: Any, shapes: Sequence[Any], of: str, key: str, path: Path, over: Set[str]) -> Iterator[Site]:
    if isinstance(value, Mapping):
        yield from _map(value, shapes, of, key, path, over)
        return
    lists = [shape for shape in shapes if get_origin(shape) is tuple]
    if isinstance(value, (list, tuple)):
        yield ListSite(path, of, key, value)
        inner = shapes_of(get_args(lists[0])[0]) if lists else []
        for number, each in enumerate(value):
            yield from _value(each, inner, of, key, (*path, str(number)), over)
        return
    words = tuple(str(word) for shape in shapes if get_origin(shape) is Literal for word in get_args(shape))
    readers = [shape for shape in shapes if isinstance(shape, Reader)]
    if lists and not readers and not words:
        yield from _value(value, shapes_of(get_args(lists[0])[0]), of, key, path, over)
        return
    sort: Sort = "word" if words and (value in words or not readers) else _sort(readers[0]) if readers else "other"
    if value is not None:
        yield TextSite(path, of, key, sort, str(value), words)


def _map(
    value: Mapping[str, Any], shapes: Sequence[Any], of: str, key: str, path: Path, over: Set[str]
) -> Iterator[Site]:
    map_of = next((shape for shape in shapes if get_origin(shape) is Mapping), None)
    if map_of is not None:
        names, inner = get_args(map_of)
        readers = [shape for shape in shapes_of(names) if isinstance(shape, Reader)]
        yield MapSite(path, of, key, _sort(readers[0]) if readers else "other", value)
        for name, each in value.items():
            yield from _value(each, shapes_of(inner), of, key, (*path, name), over)
        return
    model = _model(value, [shape for shape in shapes if isinstance(shape, type) and issubclass(shape, BaseModel)])
    if model is None:
        return
    known = keys(model)
    must = frozenset(name for name, field in known.items() if field.is_required())
    yield BodySite(path, model.__name__, value, frozenset(known), must)
    for name, each in value.items():
        if name in known and name not in over:
            yield from _field(each, known[name], model.__name__, name, (*path, name), over)


def _model(value: Mapping[str, Any], models: Sequence[type[BaseModel]]) -> type[BaseModel] | None:
    """Which of several bodies a map is: measures are told apart by the key of the form."""
    if len(models) < 2:
        return models[0] if models else None
    forms = form_keys(value)
    return FORMS[forms[0]] if forms else None


@cache
def _sorts() -> Mapping[Reader, Sort]:
    return {
        reader: sort
        for sort, annotations in _READ.items()
        for annotation in annotations
        for reader in shapes_of(annotation)
        if isinstance(reader, Reader)
    }


def _sort(reader: Reader) -> Sort:
    return _sorts().get(reader, "other")
