"""Documents built in Python, brought into the plain form of those read from text. Knows models only as maps of keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from cityrules.scheme.notation import NotationError
from cityrules.scheme.texts import as_text
from cityrules.text import limits
from cityrules.text.diagnostic import Report

TOO_DEEP: Final = "CR355"
KEY_TWICE: Final = "CR356"
NOT_A_MAP: Final = "CR307"
TOO_LARGE: Final = "CR357"


def raw_of(given: object, report: Report) -> dict[str, Any]:
    """The plain tree of a document or a part of it: models become dicts, tuples lists, keys texts; single values stay.

    Only what was set in a model is taken. What nests too deep, contains itself or is too large is a diagnostic.
    """
    reader = _Reader(report)
    tree = reader.plain(given, ())
    if isinstance(tree, dict):
        return tree
    if not report.failed:
        report.add(NOT_A_MAP, key="-")
    return {}


def plain_value(given: object, report: Report, path: tuple[str, ...]) -> Any:
    """The plain form of what an overlay puts at a path: a tree, or a single value as it is."""
    return _Reader(report).plain(given, path)


class _Reader:
    def __init__(self, report: Report) -> None:
        self._report = report
        self._nodes = 0

    def plain(self, value: object, path: tuple[str, ...]) -> Any:
        self._nodes += 1
        if self._nodes > limits.NODES:
            if self._nodes == limits.NODES + 1:
                self._report.add(TOO_LARGE, path=".".join(path), limit=f"{limits.NODES:,}")
            return None
        if not isinstance(value, (BaseModel, Mapping, list, tuple)):
            return value
        if len(path) >= limits.DEPTH:
            self._report.add(TOO_DEEP, path=".".join(path[:6]), limit=limits.DEPTH)
            return None
        if isinstance(value, (list, tuple)):
            return [self.plain(item, (*path, str(number))) for number, item in enumerate(value[: limits.NODES])]
        tree: dict[str, Any] = {}
        for key, item in _entries(value):
            if self._nodes > limits.NODES:
                break
            name = self._key(key, path)
            if name in tree:
                self._report.add(KEY_TWICE, path=".".join((*path, name)), found=name)
            tree[name] = self.plain(item, (*path, name))
        return tree

    def _key(self, key: object, path: tuple[str, ...]) -> str:
        try:
            return as_text(key)
        except NotationError as error:
            values: dict[str, Any] = {"key": "-", **error.values}
            self._report.add(error.code, path=".".join(path), **values)
            return "-"


def _entries(value: object) -> list[tuple[object, object]]:
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        return [
            (field.alias or name, getattr(value, name))
            for name, field in fields.items()
            if name in value.model_fields_set
        ]
    return list(value.items()) if isinstance(value, Mapping) else []
