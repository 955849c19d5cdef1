"""What pydantic complains about, said as diagnostics at the right place. Knows bodies and keys, no rule beyond them.

One mistake gives one diagnostic: a misspelt key is not also a missing one, a value that was left out is not also of the
wrong shape.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from cityrules.scheme.document import FORMS, LIST, MAP, WORD, Document, ItemLedgerBody, LedgerBody
from cityrules.scheme.keys import all_measure_keys, body_at, form_keys, keys, words_of
from cityrules.scheme.places import Path, Places
from cityrules.scheme.texts import EMPTY, NOT_SINGLE
from cityrules.text.diagnostic import Diagnostic, Report
from cityrules.text.names import note_name
from cityrules.text.nodes import interval_in_list
from cityrules.text.quoting import quoted
from cityrules.text.source import Span
from cityrules.text.suggest import nearest
from cityrules.text.vocabulary import vocabulary

MIXED: Final = "CR176"
UNKNOWN_KEY: Final = "CR301"
FURTHER_OUT: Final = "CR951"
_OTHERWISE: Final[Mapping[tuple[type[BaseModel] | None, str], str]] = {
    (body, "cap"): "caps: {NAME: {at: NUMBER, of: deduct}}" for body in (LedgerBody, ItemLedgerBody)
}
"""Keys of a part that the whole says in another way."""
NO_FORM: Final = "CR303"
TWO_FORMS: Final = "CR304"
MISSING_KEY: Final = "CR305"
NOT_A_MAP: Final = "CR307"
NOT_A_LIST: Final = "CR308"
UNKNOWN_WORD: Final = "CR309"
BAD_NAME: Final = "CR319"
INTERVAL: Final = "CR345"

# What pydantic puts into a location beside keys and numbers: the tags of unions, and the mark of a map's key.
_TAGS: Final = frozenset({WORD, LIST, MAP, *(f"{form} form" for form in FORMS)})
_KEY_MARK: Final = "[key]"
_MAP_TYPES: Final = frozenset({"model_type", "model_attributes_type", "dict_type", "mapping_type", "dataclass_type"})
_LIST_TYPES: Final = frozenset({"tuple_type", "list_type", "iterable_type"})
_CODE: Final = re.compile(r"(?:CR|L)[0-9]+\Z")
_WORD_IN_LITERAL: Final = re.compile(r"'([^']*)'")


def empties(raw: object, places: Places, path: Path = ()) -> set[Path]:
    """Where `key:` stands with nothing after it. In examples and overlays nothing is a value."""
    found: set[Path] = set()
    entries = raw.items() if isinstance(raw, Mapping) else enumerate(raw) if isinstance(raw, list) else ()
    for name, value in entries:
        here = (*path, str(name))
        if value is None:
            # A document from Python says None for what it leaves out.
            if places.value(here) is not None:
                found.add(here)
        elif not isinstance(value, str) and not _free(here):
            found |= empties(value, places, here)
    return found


def complain(
    errors: Sequence[Mapping[str, Any]],
    raw: Mapping[str, Any],
    places: Places,
    report: Report,
    empty: Collection[Path],
    root: type[BaseModel] = Document,
) -> set[Path]:
    """Turn the errors of pydantic, and the `empty` places, into diagnostics, of each the first thousand at most.

    Returns the paths of those it spoke of.
    """
    return _Complaints(raw, places, report, empty, root).run(errors)


def _free(path: Path) -> bool:
    """Whether any value may stand here: the rows of examples, what overlays put in."""
    return (path[0] in ("examples", "cases") and len(path) > 2) or (path[0] == "readings" and path[2:3] == ("others",))


class _Complaints:
    def __init__(
        self,
        raw: Mapping[str, Any],
        places: Places,
        report: Report,
        empty: Collection[Path],
        root: type[BaseModel],
    ) -> None:
        self._raw = raw
        self._root = root
        self._places = places
        self._report = report
        self._empty = empty
        self._unknown: dict[Path, list[str]] = {}
        self._missing: dict[Path, list[str]] = {}

    def run(self, errors: Sequence[Mapping[str, Any]]) -> set[Path]:
        paths: set[Path] = set(self._empty)
        for error in errors[: Report.LIMIT]:
            path = tuple(str(part) for part in error["loc"] if part not in _TAGS and part != _KEY_MARK)
            if any(path[:length] in self._empty for length in range(1, len(path) + 1)):
                continue
            paths.add(path)
            if error["type"] == "extra_forbidden":
                self._unknown.setdefault(path[:-1], []).append(path[-1])
            elif error["type"] == "missing":
                self._missing.setdefault(path[:-1], []).append(path[-1])
            else:
                self._one(error, path)
        for body, unknown in self._unknown.items():
            self._unknown_keys(body, unknown)
        for body, missing in self._missing.items():
            for key in missing:
                # An overlay that took the key away is the place to point at.
                words = words_of(body_at(body, self._raw, self._root), key)
                values = {"key": key, "expected": words} if words else {"key": key}
                self._report.put(Diagnostic(MISSING_KEY, self._places.key_span((*body, key)), ".".join(body), values))
        # Of a hostile document's complaints the rest are only counted.
        self._report.dropped += max(0, len(errors) - Report.LIMIT) + max(0, len(self._empty) - Report.LIMIT)
        for path in sorted(self._empty)[: Report.LIMIT]:
            # What stands below an unknown key is not known to need a value.
            if not any(path[length] in self._unknown.get(path[:length], ()) for length in range(len(path))):
                self._add(EMPTY, path)
        return paths

    def _one(self, error: Mapping[str, Any], path: Path) -> None:
        kind, values, found = error["type"], dict(error.get("ctx", {})), error.get("input")
        if kind == NO_FORM:
            self._form(path)
        elif kind in _MAP_TYPES:
            self._add(NOT_A_MAP, path)
        elif kind == BAD_NAME:
            self._name(path, _KEY_MARK in error["loc"], values)
        elif kind in _LIST_TYPES:
            self._add(NOT_A_LIST, path)
        elif kind == NOT_SINGLE or (kind == "literal_error" and not isinstance(found, (str, int))):
            self._not_single(path, found)
        elif kind == "literal_error":
            words = _WORD_IN_LITERAL.findall(str(values.get("expected", "")))
            self._add(UNKNOWN_WORD, path, found=found, expected=", ".join(words))
        elif kind == EMPTY:
            self._add(EMPTY, path)
        elif _CODE.match(kind):
            # What is wrong with a key is shown at the key.
            at = self._places.key_span(path) if _KEY_MARK in error["loc"] else self._places.span(path)
            self._add(kind, path, at, **values)
        else:
            # The models give no other errors; if one of them ever does, the user still gets a place.
            self._add(NOT_SINGLE, path)

    def _add(self, code: str, path: Path, at: Span | None = None, **values: Any) -> None:
        if "expected" in values and "found" in values and "suggestion" not in values:
            meant = self._nearest(str(values["found"]), str(values["expected"]).split(", "))
            values |= {"suggestion": meant} if meant else {}
        self._report.add(code, at or self._places.span(path), ".".join(path), **{"key": _last(path), **values})

    def _nearest(self, name: str, candidates: Iterable[str]) -> str | None:
        """None once the report is full: of a hostile document's complaints the rest are only counted."""
        if len(self._report) >= Report.LIMIT:
            return None
        if name.isascii():
            return nearest(name, candidates)
        # A misspelt Chinese word is near the Chinese form of what was meant.
        known = vocabulary()
        said = {known.keys.get(word, known.words.get(word, word)): word for word in candidates}
        return said.get(nearest(name, said) or "")

    def _name(self, path: Path, at_key: bool, values: dict[str, object]) -> None:
        span = self._places.key_span(path) if at_key else self._places.span(path)
        if note_name(str(values["found"]), span, self._report, ".".join(path)):
            self._add(BAD_NAME, path, span, **values)

    def _not_single(self, path: Path, found: object) -> None:
        node = self._places.entry(path)[1]
        interval = interval_in_list(node) if node is not None else None
        if found is None:
            self._add(EMPTY, path)
        elif interval is not None and node is not None:
            self._add(INTERVAL, path, node.span, found=interval, mended=quoted(interval))
        else:
            self._add(NOT_SINGLE, path)

    def _form(self, path: Path) -> None:
        """A measure with no form or with two."""
        body = _value(self._raw, path)
        if not isinstance(body, Mapping):
            self._add(NOT_A_MAP, path)
            return
        given = form_keys(body)
        if given:
            first, second = given[:2]
            span = self._places.key_span((*path, second))
            self._report.add(TWO_FORMS, span, ".".join(path), key=_last(path), first=first, second=second)
            return
        expected = ", ".join(FORMS)
        for key in body:
            meant = self._nearest(str(key), FORMS) if key not in all_measure_keys() else None
            if meant:
                span = self._places.key_span((*path, key))
                self._report.add(
                    NO_FORM, span, ".".join((*path, key)), key=_last(path), expected=expected, suggestion=meant
                )
                return
        self._report.add(NO_FORM, self._places.key_span(path), ".".join(path), key=_last(path), expected=expected)

    def _unknown_keys(self, path: Path, unknown: list[str]) -> None:
        """Unknown keys of one body, with what they were meant to be; a required key so meant is not missing too."""
        model = body_at(path, self._raw, self._root)
        body = _value(self._raw, path)
        allowed = [key for key in _keys(model) if not (isinstance(body, Mapping) and key in body)]
        missing = self._missing.get(path, [])
        for key in unknown:
            meant = self._nearest(key, [*missing, *allowed])
            if meant is None and len(missing) == len(unknown) == 1 and _shortened(key, missing[0]):
                meant = missing[0]
            if meant in missing:
                missing.remove(meant)
            place = (*path, key)
            english = _english(model, key)
            if english is not None:
                self._report.add(MIXED, self._places.key_span(place), ".".join(place), found=key, suggestion=english)
                missing[:] = [name for name in missing if name != english]
                continue
            owner = self._further_out(path, key)
            if owner is not None:
                at, beside = self._places.key_span(place), path[len(owner)]
                self._report.add(FURTHER_OUT, at, ".".join(place), found=key, owner=_last(owner), beside=beside)
                continue
            meant = _OTHERWISE.get((model, key), meant)
            values: dict[str, Any] = {"found": key, "expected": ", ".join(allowed)}
            values |= {"suggestion": meant} if meant else {}
            self._report.add(UNKNOWN_KEY, self._places.key_span(place), ".".join(place), **values)

    def _further_out(self, path: Path, key: str) -> Path | None:
        """The nearest body around the one at `path`, short of the document, that knows a key."""
        around = (path[:end] for end in range(len(path) - 1, 1, -1))
        bodies = ((at, body_at(at, self._raw, self._root)) for at in around)
        return next((at for at, model in bodies if model is not None and key in keys(model)), None)


def _english(model: type[BaseModel] | None, key: str) -> str | None:
    """The key that a Chinese word is in this body."""
    if key.isascii():
        return None
    known = vocabulary()
    return next((name for name in _keys(model) if model and known.key(model.__name__, name) == key), None)


def _keys(model: type[BaseModel] | None) -> Iterable[str]:
    return keys(model) if model is not None else ()


def _last(path: Path) -> str:
    return path[-1] if path else "-"


def _value(raw: object, path: Path) -> object:
    for name in path:
        raw = raw.get(name) if isinstance(raw, Mapping) else None
    return raw


def _shortened(one: str, other: str) -> bool:
    """Whether two short keys begin alike and one is the other with letters left out: `fr` for `for`."""
    short, long = sorted((one, other), key=len)
    letters = iter(long)
    return bool(short) and short[0] == long[0] and all(letter in letters for letter in short)
