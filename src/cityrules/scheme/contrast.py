"""Two documents compared body by body along the models. Knows addresses and what values mean, no plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from cityrules.scheme.difference import UNORDERED, Difference, merged, plain_tree, tree_at
from cityrules.scheme.document import Document
from cityrules.scheme.keys import body_at, keys, sections
from cityrules.scheme.load import Loaded
from cityrules.scheme.meant import BOUNDS, bound, meant, plainly
from cityrules.scheme.places import Path


def contrasted(before: Loaded, after: Loaded) -> Iterator[Difference]:
    """Every difference from the first document to the second, in the order in which they stand."""
    # As written: what follows the type of something else follows it in both, and is no difference of its own.
    one, other = (Document.model_validate(loaded.raw, by_alias=True, by_name=False) for loaded in (before, after))
    old, new = plain_tree(before), plain_tree(after)
    for found in _bodies(one, other, old, new, ()):
        yield _with_clause(found, old, new)


def _bodies(before: BaseModel, after: BaseModel, old: Any, new: Any, path: Path) -> Iterator[Difference]:
    """Two bodies of one model, and the plain trees that they were read from."""
    fields = keys(type(before))
    names = {field.alias or name: name for name, field in type(before).model_fields.items()}
    for key in merged(list(old), list(new)):
        one, other = (getattr(body, names[key]) for body in (before, after))
        was, is_ = old.get(key), new.get(key)
        here = (*path, key)
        if not path and key in sections():
            was, is_ = was or {}, is_ or {}
        if isinstance(one, BaseModel) and type(one) is type(other):
            yield from _bodies(one, other, was, is_, here)
        elif all(isinstance(value, Mapping) for value in (one, other, was, is_)):
            yield from _maps((before, one, was), (after, other, is_), key, fields[key].annotation, here)
        elif meant(before, names[key], one) != meant(after, names[key], other):
            yield Difference(here, was, is_)


_Side = tuple[BaseModel, Mapping[str, Any], Mapping[str, Any]]
"""A body, the map that it has at a key, and the plain tree of that map."""


def _maps(before: _Side, after: _Side, key: str, annotation: Any, path: Path) -> Iterator[Difference]:
    (owner, one, was), (later, other, is_) = before, after
    if _values(annotation) is Any:
        if plainly(was) != plainly(is_):
            yield Difference(path, was, is_)
        return
    # Of bounds it is the value that counts: `60` and `60.0` are one.
    called = bound if key in BOUNDS else str
    old, new = {called(name): name for name in one}, {called(name): name for name in other}
    if key in BOUNDS and old.keys() != new.keys():
        # A bound is a value, not a name: one that moves is not one that goes and one that comes.
        yield Difference(path, was, is_)
        return
    for name in merged(list(old), list(new)):
        here = (*path, old.get(name) or new[name])
        if name not in old or name not in new:
            yield Difference(here, was.get(old.get(name, "")), is_.get(new.get(name, "")))
            continue
        value, later_value = one[old[name]], other[new[name]]
        trees = was[old[name]], is_[new[name]]
        if isinstance(value, BaseModel) and type(value) is type(later_value):
            yield from _bodies(value, later_value, *trees, here)
        elif isinstance(value, Mapping) and get_origin(_values(annotation)) is Mapping:
            yield from _maps((owner, value, trees[0]), (later, later_value, trees[1]), key, _values(annotation), here)
        elif meant(owner, _field(owner, key), value) != meant(later, _field(later, key), later_value):
            yield Difference(here, *trees)
    if key not in UNORDERED:
        both = old.keys() & new.keys()
        first = [old[name] for name in old if name in both]
        then = [old[name] for name in new if name in both]
        if first != then:
            yield Difference(path, first, then, order=True)


def _values(annotation: Any) -> Any:
    """The type of the values of the map that an annotation speaks of."""
    if get_origin(annotation) is Mapping:
        return get_args(annotation)[1]
    return next((found for part in get_args(annotation) if (found := _values(part)) is not None), None)


def _field(body: BaseModel, key: str) -> str:
    return next(name for name, field in type(body).model_fields.items() if key in (field.alias, name))


def _with_clause(one: Difference, before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
    """With the clause of the nearest body: its own of after, else of before; what is said of the whole has none."""
    for length in range(len(one.path), 1, -1):
        for raw in (after, before):
            body = tree_at(raw, one.path[:length])
            # A field or column may be called `clause`: only of a body it is one.
            if isinstance(body, Mapping) and body.get("clause") is not None and body_at(one.path[:length], raw):
                return replace(one, clause=str(plainly(body["clause"])))
    return one
