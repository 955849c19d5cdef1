"""A tree of maps, lists and texts as YAML that a person likes to read: short things on one line. Knows no scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from cityrules.text.quoting import as_key, as_written
from cityrules.text.width import width

Text = Callable[[str], str]

WIDE: Final = 116
"""So many cells of a line are used."""


def lines(key: str, value: object, indent: int, text: Text = as_written) -> Iterator[str]:
    """`key: value` as lines, so many spaces from the left: on one line where there is room, else one for each entry.
    `text`: how a single text is written."""
    head = f"{' ' * indent}{as_key(key)}:"
    short = f"{' ' * indent}{entry(key, value, text)}"
    if not isinstance(value, (Mapping, list)) or not value or width(short) <= WIDE:
        yield short
        return
    yield head
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from lines(str(name), inner, indent + 2, text)
    else:
        for item in value:
            yield f"{' ' * (indent + 2)}- {flow(item, text)}"


def entry(key: str, value: object, text: Text = as_written) -> str:
    """`key: value` on one line."""
    return f"{as_key(key)}: {flow(value, text)}"


def flow(value: object, text: Text = as_written) -> str:
    """A value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(entry(str(name), inner, text) for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item, text) for item in value) + "]"
    return "null" if value is None else text(str(value))
