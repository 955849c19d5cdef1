"""Rows that a program holds already: a list of mappings, pydantic models or dataclasses, as input rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import BaseModel

from cityrules.io.columns import check_header
from cityrules.io.files import failure
from cityrules.io.normal import to_text
from cityrules.io.rows import DataError, RawRow

NOT_A_ROW: Final = "CR540"
NOT_A_NAME: Final = "CR541"


class ListRows:
    """Rows from Python objects, which are kept as they are and read when asked for.

    `columns` are all names that any row has, in order of first appearance; a row without one of them has nothing there,
    and optional fields need not be among them at all. A generator is read once, now. A row whose own code fails when
    its values are asked for is bad (`type`). Raises `DataError` for a row that is not a mapping, a model or a
    dataclass, and for a name that is not a text.
    """

    optional_columns = True

    def __init__(self, name: str, items: Iterable[object]) -> None:
        self.name = name
        self._items = tuple(items)
        known: dict[str, None] = {}
        shapes: dict[type, Callable[[Any], Mapping[Any, object]]] = {}
        for number, item in enumerate(self._items, 1):
            shape = shapes.get(type(item))
            if shape is None:
                shape = shapes[type(item)] = self._shape(item, number)
            try:
                names = shape(item).keys()
                new = () if names <= known.keys() else tuple(names)
            except Exception:
                continue  # Read as a bad row, like every row whose values cannot be had.
            for column in new:
                if not issubclass(type(column), str):
                    raise failure(NOT_A_NAME, source=name, row=number, type=type(column).__name__)
                known[str.__str__(column)] = None
        self._shapes = shapes
        self.columns = tuple(known)
        if problems := check_header(self.columns, name):
            raise DataError(problems)

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the list."""
        columns = self.columns
        for number, item in enumerate(self._items, 1):
            texts: list[str | None] = []
            bad: str | None = None
            try:
                values = self._shapes[type(item)](item)
                cells = [values.get(column) for column in columns]
            except Exception:
                yield RawRow(number, (None,) * len(columns), "type")
                continue
            for cell in cells:
                text, reason = to_text(cell)
                texts.append(text)
                if reason is not None and bad != "encoding":
                    bad = reason
            yield RawRow(number, tuple(texts), bad)

    def _shape(self, item: object, number: int) -> Callable[[Any], Mapping[Any, object]]:
        # By its real type: what an object says of its own class is not asked.
        made = type(item)
        if issubclass(made, Mapping):
            return _as_it_is
        if issubclass(made, BaseModel):
            return _of_model
        if dataclasses.is_dataclass(made):
            return _of_dataclass
        raise failure(NOT_A_ROW, source=self.name, row=number, type=type(item).__name__)


def _as_it_is(item: Mapping[Any, object]) -> Mapping[Any, object]:
    return item


def _of_model(item: BaseModel) -> Mapping[Any, object]:
    # Models that were made from a scheme say which attribute holds which field.
    made: Mapping[str, str] | None = getattr(type(item), "__cityrules_attributes__", None)
    values = {
        name: getattr(item, at) for name, at in (made or {name: name for name in type(item).model_fields}).items()
    }
    return {**values, **(item.model_extra or {})}


def _of_dataclass(item: Any) -> Mapping[Any, object]:
    return {field.name: getattr(item, field.name) for field in dataclasses.fields(item)}
