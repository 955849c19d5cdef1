"""Overlays: changes of a document by address, as readings, examples and what-if questions make them. Never mutates.

An address is a dotted path (`parameters.pass.value`); names contain no dots. A new value replaces what stands there or
is added to an existing body; a section the document does not have yet is begun. None removes. In a YAML text, nothing
and a bare `null` remove, while a quoted `"null"` is the word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol

from cityrules.scheme.document import Document
from cityrules.scheme.keys import keys, sections
from cityrules.scheme.load import Loaded, hand_on, load_raw
from cityrules.scheme.places import Patch, Path, Places
from cityrules.scheme.raw import plain_value
from cityrules.scheme.reporting import listed
from cityrules.text.diagnostic import Report
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Node, Scalar, plain
from cityrules.text.suggest import nearest

NO_PLACE: Final = "CR350"
NOT_A_BODY: Final = "CR351"
NOTHING_THERE: Final = "CR352"
UNKNOWN_READING: Final = "CR353"
UNKNOWN_OPTION: Final = "CR354"
OVERLAP: Final = "CR358"

_READINGS: Final = "readings"


@dataclass(frozen=True, slots=True)
class Change:
    """One new value: `value` None removes. `patch` is where it is written, `source` the address of that."""

    value: object
    patch: Patch = field(default_factory=Patch)
    source: str = ""


Changes = Mapping[Path, Change]


@dataclass(frozen=True, slots=True)
class Overlaid:
    """The plain tree of a document under changes, not checked yet, and what stands where since then."""

    raw: Mapping[str, Any]
    patches: Mapping[Path, Patch]


def apply(loaded_raw: Mapping[str, Any], changes: Mapping[str, object], report: Report) -> Mapping[str, Any]:
    """The plain tree of a document with changes by dotted path; what cannot be applied is a diagnostic and left out."""
    return _applied(loaded_raw, changes_from(changes, report), report)


def under(loaded: Loaded, changes: Mapping[str, object], report: Report, at: Path | None = None) -> Loaded | None:
    """The document under changes by dotted path, checked anew; None after an error.

    `readings.NAME: OPTION` among them stands for what that option changes. `at` is the address of the changes where
    they stand in the document itself (`("examples", NAME, "under")`). Addresses keep their places: those of the base
    or, where something was changed, that of the text which changed it.
    """
    own = Report()
    written = changes_from(changes, own) if at is None else written_at(loaded, at)
    result = None if own.failed else under_written(loaded, written, own)
    hand_on(own, report)
    return result


def under_written(loaded: Loaded, changes: Changes, report: Report) -> Loaded | None:
    """The document under changes that stand somewhere, in it or elsewhere, checked anew; None after an error."""
    own = Report()
    made = overlaid(loaded, resolved(loaded, changes, own), own)
    result = None if own.failed else load_raw(made.raw, Places(loaded.root, made.patches), own)
    hand_on(own, report)
    return result and replace(result, language=loaded.language)


def changes_key(changes: Changes) -> str:
    """The same for the same changes, wherever they stand."""
    return repr(sorted((path, str(change.value)) for path, change in changes.items())) if changes else ""


def overlaid(loaded: Loaded, changes: Changes, report: Report) -> Overlaid:
    """The changes applied to a document, as far as that is possible; the rest are diagnostics."""
    return Overlaid(_applied(loaded.raw, changes, report), _patched(loaded.patches, changes))


def changes_from(changes: Mapping[str, object], report: Report) -> Changes:
    """Values by dotted path as changes; nothing stands anywhere. Values may be models, as in `document_from`."""
    return {
        tuple(str(path).split(".")): Change(plain_value(value, report, ()), source=str(path))
        for path, value in changes.items()
    }


class Written(Protocol):
    """What changes are written in: a document, or a file of cases."""

    @property
    def raw(self) -> Mapping[str, object]: ...

    @property
    def places(self) -> Places: ...


def written_at(loaded: Written, path: Path) -> Changes:
    """The changes that stand at `path` of a text."""
    node = loaded.places.entry(path)[1]
    if isinstance(node, MapNode):
        return written_in(node, path)
    value: Any = loaded.raw
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    entries = value.items() if isinstance(value, Mapping) else ()
    return {tuple(key.split(".")): Change(new, source=".".join((*path, key))) for key, new in entries}


def written_in(node: MapNode, path: Path) -> Changes:
    """The changes that a map of a text states, which stands at `path` of it."""
    return {
        tuple(key.text.split(".")): Change(_new(value), Patch(key, value), ".".join((*path, key.text)))
        for key, value in node.items
    }


def _new(value: Node) -> object:
    """The value that an overlay in a text states; None where it removes."""
    removes = isinstance(value, Scalar) and value.style == "plain" and value.text in ("", "null")
    return None if removes else plain(value)


def resolved(loaded: Loaded, changes: Changes, report: Report) -> Changes:
    """The changes with `readings.NAME: OPTION` replaced by what the option changes."""
    result: dict[Path, Change] = {}
    inside: dict[Path, Path] = {}  # Every path round a change, with one of the changes in it.
    for path, change in changes.items():
        if path[0] == _READINGS and len(path) == 2 and isinstance(change.value, str):
            more = _option(loaded, path[1], change.value, change.patch, change.source, report)
        else:
            more = {path: change}
        met: set[Path] = set()  # Of one option, what it has in common with another change is told once.
        for each, new in more.items():
            # Two changes at one address, or one inside the other, would depend on their order.
            round_it = [each[:length] for length in range(1, len(each) + 1)]
            other = inside.get(each) or next((known for known in round_it if known in result), None)
            if other is not None:
                if other in met:
                    continue
                met.add(other)
                span = new.patch.key.span if new.patch.key else None
                report.add(OVERLAP, span, new.source, found=".".join(each), other=result[other].source)
                continue
            result[each] = new
            inside.update(dict.fromkeys(round_it, each))
    return result


def _option(loaded: Loaded, name: str, option: str, patch: Patch, source: str, report: Report) -> Changes:
    readings = loaded.document.readings
    if name not in readings:
        _refuse(UNKNOWN_READING, patch, source, name, readings, report)
        return {}
    if option not in readings[name].options:
        _refuse(UNKNOWN_OPTION, patch, source, option, readings[name].others, report, reading=name)
        return {}
    if option not in readings[name].others:
        return {}  # The document is written so.
    # The reading is chosen now: what nobody had chosen no longer keeps anything from being computed.
    chosen = {(_READINGS, name, "chosen"): Change(option, source=source)}
    return chosen | dict(written_at(loaded, (_READINGS, name, "others", option)))


def _refuse(
    code: str, patch: Patch, source: str, found: str, known: Iterable[str], report: Report, **values: Any
) -> None:
    names = list(known)
    meant = nearest(found, names)
    span = patch.key.span if patch.key else None
    values |= {"found": found, "expected": listed(names), **({"suggestion": meant} if meant else {})}
    report.add(code, span, source, **values)


def _applied(raw: Mapping[str, Any], changes: Changes, report: Report) -> Mapping[str, Any]:
    result: dict[str, Any] = dict(raw)
    mine: set[Path] = set()  # Dicts that were copied already and may be changed.
    gone: set[Path] = set()  # Bodies that are not there, each of which is told once.
    for path, change in changes.items():
        if any(path[:length] in gone for length in range(1, len(path))):
            continue
        body = _body(result, path, change, mine, gone, report)
        if body is None:
            continue
        if change.value is not None:
            body[path[-1]] = change.value
        elif path[-1] in body:
            del body[path[-1]]
        else:
            _refuse(NOTHING_THERE, change.patch, change.source, path[-1], body, report, address=".".join(path))
    return result


def _body(
    root: dict[str, Any], path: Path, change: Change, mine: set[Path], gone: set[Path], report: Report
) -> dict[str, Any] | None:
    """The body that the last name of a path stands in, copied where it is still the base's; None if there is none."""
    body = root
    for length, name in enumerate(path[:-1], 1):
        here = path[:length]
        if name not in body and length == 1 and name in sections():
            body[name] = {}
            mine.add(here)
        inner = body.get(name)
        if inner is None:
            known = body if length > 1 else dict.fromkeys([*body, *keys(Document)])
            gone.add(here)
            body_of = ".".join(here)
            _refuse(NO_PLACE, change.patch, change.source, name, known, report, address=".".join(path), body=body_of)
            return None
        if not isinstance(inner, Mapping):
            span = change.patch.key.span if change.patch.key else None
            report.add(NOT_A_BODY, span, change.source, found=".".join(here), address=".".join(path))
            return None
        if here not in mine:
            body[name] = dict(inner)
            mine.add(here)
        body = body[name]
    return body


def _patched(base: Mapping[Path, Patch], changes: Changes) -> Mapping[Path, Patch]:
    """What stands where, after further changes: a new value hides what was patched inside the old one."""
    kept = {
        path: patch
        for path, patch in base.items()
        if not any(path[:length] in changes for length in range(len(path) + 1))
    }
    return kept | {path: change.patch for path, change in changes.items()}
