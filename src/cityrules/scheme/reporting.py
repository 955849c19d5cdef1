"""Where the rules of the scheme room look things up and put their complaints. Knows addresses, no rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from cityrules.scheme.document import Document
from cityrules.scheme.keys import body_at, words_of
from cityrules.scheme.places import Path, Places
from cityrules.text.diagnostic import Report
from cityrules.text.suggest import nearest

NONE_OF: Final = "CR321"
SEVERAL_OF: Final = "CR322"
KEY_NEEDED: Final = "CR323"
KEY_REFUSED: Final = "CR324"
KEY_NEEDS: Final = "CR325"


@dataclass(frozen=True, slots=True)
class Reporter:
    """The plain tree of a document of the form `root`, the places of its addresses, and the report."""

    raw: Mapping[str, object]
    places: Places
    report: Report
    root: type[BaseModel] = Document

    def plain(self, path: Path) -> object:
        """What stands at a path in the plain tree, None for nothing."""
        value: object = self.raw
        for name in path:
            if isinstance(value, list):
                value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
            else:
                value = value.get(name) if isinstance(value, Mapping) else None
        return value

    def names(self, path: Path) -> list[str]:
        """The keys of the map at a path, also of those that have faults of their own; none where there is no map."""
        value = self.plain(path)
        return list(value) if isinstance(value, Mapping) else []

    def refuse(self, code: str, path: Path, **values: Any) -> None:
        """Complain about the value at a path."""
        if not self._full():
            self.report.add(code, self.places.span(path), ".".join(path), **values)

    def refuse_key(self, code: str, path: Path, **values: Any) -> None:
        """Complain about the key at a path."""
        if not self._full():
            self.report.add(code, self.places.key_span(path), ".".join(path), **values)

    def refuse_name(self, code: str, path: Path, found: str, known: Iterable[str], **values: Any) -> None:
        """Complain about a name that is not one of the `known`, with the one that was probably meant.

        It stands as value or, where the path ends with it, as key.
        """
        if self._full():
            return
        names = list(dict.fromkeys(known))
        meant = nearest(found, names)
        suggestion = {"suggestion": meant} if meant else {}
        complain = self.refuse_key if path[-1] == found else self.refuse
        complain(code, path, found=found, expected=listed(names), **suggestion, **values)

    def _full(self) -> bool:
        """Whether the report takes no more: of a hostile document's complaints the rest are only counted."""
        full = len(self.report) >= Report.LIMIT
        self.report.dropped += full
        return full

    def exactly_one(self, path: Path, body: BaseModel, keys: tuple[str, ...]) -> str | None:
        """The one of the keys that a body has; otherwise a complaint, and None."""
        given = [key for key in keys if getattr(body, key) is not None]
        if not given:
            self.refuse_key(NONE_OF, path, key=path[-1], keys=", ".join(keys))
        elif len(given) > 1:
            self.refuse_key(SEVERAL_OF, (*path, given[1]), first=given[0], second=given[1], keys=", ".join(keys))
        return given[0] if len(given) == 1 else None

    def needed(self, path: Path, key: str, where: str, words: str = "") -> None:
        """Complain that a body lacks a key, which what stands in it (`where`, as written) makes necessary."""
        words = words or words_of(body_at(path, self.raw, self.root), key)
        self.refuse_key(KEY_NEEDED, path, key=key, where=where, **({"expected": words} if words else {}))

    def refused(self, path: Path, key: str, where: str) -> None:
        """Complain about a key that means nothing beside `where`."""
        self.refuse_key(KEY_REFUSED, (*path, key), key=key, where=where)

    def pointless(self, path: Path, key: str, where: str) -> None:
        """Complain about a key that means something only beside `where`."""
        self.refuse_key(KEY_NEEDS, (*path, key), key=key, where=where)


def listed(names: Sequence[str], most: int = 20) -> str:
    """Names for a sentence, `-` for none; of many the first."""
    return (", ".join(names[:most]) or "-") + (", ..." if len(names) > most else "")
