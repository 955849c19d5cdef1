"""One difference between two documents, and where the order of names is one. Compares nothing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from cityrules.scheme.keys import body_at, is_map, keys, sections
from cityrules.scheme.load import Loaded
from cityrules.scheme.overlay import written_at
from cityrules.scheme.places import Path

_Name = TypeVar("_Name", bound=Hashable)

UNORDERED: Final = frozenset({
    *sections(), "fields", "aliases", "accepted_if", "values", "years", "clocks", "units", "sum", "weighted",
    "together", "zh", "en", "others", "defaults",
})  # fmt: skip
"""Maps of names whose order says nothing. In every other one what stands first counts first, or is told first."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What stands at an address before and after, as plain values (a text, a list, a map); None: nothing stands there.
    `order`: the names of a map stand in another order, and `before` and `after` are these names. `clause`: that of the
    nearest body around it that has one."""

    path: Path
    before: object
    after: object
    clause: str | None = None
    order: bool = False

    @property
    def address(self) -> str:
        return ".".join(self.path)


def is_ordered(path: Path, raw: Mapping[str, Any]) -> bool:
    """Whether a path leads to a map of names whose order has a meaning."""
    owner = body_at(path[:-1], raw) if path else None
    return owner is not None and path[-1] not in UNORDERED and is_map(keys(owner)[path[-1]].annotation)


def merged(before: Sequence[_Name], after: Sequence[_Name]) -> list[_Name]:
    """The names of the first list in its order, each that only the second has behind the one that it follows there."""
    known, last = set(before), None
    behind: dict[_Name | None, list[_Name]] = {}
    for name in after:
        if name in known:
            last = name
        else:
            behind.setdefault(last, []).append(name)
    return [*behind.get(None, []), *(one for name in before for one in (name, *behind.get(name, [])))]


def plain_tree(loaded: Loaded) -> Mapping[str, Any]:
    """The plain tree of a document, with the changes that its readings and examples make as an overlay takes them: None
    removes. (In a text `null` does, and quoted it is the word.)"""
    raw = loaded.raw
    readings = {
        name: {
            **body,
            "others": {option: _changes(loaded, "readings", name, "others", option) for option in _map(body["others"])},
        }
        for name, body in _map(raw.get("readings")).items()
    }
    examples = {
        name: {**body, "under": _changes(loaded, "examples", name, "under")} if body.get("under") else body
        for name, body in _map(raw.get("examples")).items()
    }
    found = {"readings": readings, "examples": examples}
    return {**raw, **{section: bodies for section, bodies in found.items() if bodies}}


def _changes(loaded: Loaded, *path: str) -> dict[str, object]:
    return {".".join(address): change.value for address, change in written_at(loaded, path).items()}


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def tree_at(raw: object, path: Path) -> object:
    """What stands at a path of a plain tree; None where nothing does."""
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw
