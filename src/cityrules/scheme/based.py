"""Documents that change another: `based_on` names the base, `changes` says what is otherwise. Opens no file itself.

The base is a whole document that is read and checked by itself. The one that is based on it says who it is (its own
name, title, force, clause, and who issued it), changes bodies by address and has examples and silences of its own:
those of the base were worked out for the base. Every place stays that of the text which wrote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Protocol

from cityrules.scheme.document import Document
from cityrules.scheme.editions import VERSION_KEY, EditionsDocument, is_editions
from cityrules.scheme.keys import keys, required
from cityrules.scheme.languages import language_of_text
from cityrules.scheme.load import (
    Annexed,
    Loaded,
    Reading,
    hand_on,
    lent,
    nodes_of,
    read_nodes,
    read_tree,
    rows_with,
    table_with_rows,
)
from cityrules.scheme.overlay import Change, Changes, overlaid, resolved, written_in
from cityrules.scheme.places import Patch, Path, Places
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Node, Scalar, plain
from cityrules.text.source import Source, Span

TOO_LONG: Final = "CR944"
BELONGS_UNDER_CHANGES: Final = "CR946"
STANDS_BESIDE_CHANGES: Final = "CR947"
NOT_A_SINGLE_VALUE: Final = "CR302"
MISSING_KEY: Final = "CR305"
NOTHING_WRITTEN: Final = "CR306"
NOT_A_MAP: Final = "CR307"
EDITIONS_HERE: Final = "CR1159"

MOST: Final = 8
"""How many documents may be based on one another."""

_BESIDE: Final = ("examples", "silenced")
"""What was worked out for one document: of the base's rules as they are changed it need not hold."""
ITS_OWN: Final = (
    "cityrules", "scheme", "title", "in_force", "issuer", "source", "clause", "label", "note", "by", *_BESIDE,
)  # fmt: skip
"""What a document says of itself beside its changes."""
_NOT_OF_THE_BASE: Final = ("issuer", "source", "label", "note", "by", *_BESIDE)
"""What the base says of itself, and would be untrue of what is based on it."""


class Bases(Protocol):
    """Where documents find those that they are based on."""

    def base(self, named: Scalar, report: Report) -> Base | None:
        """The document that a name means; None after a complaint."""
        ...


@dataclass(frozen=True, slots=True)
class Base:
    """The text of a base, and what lies beside it."""

    source: Source
    annexed: Annexed | None
    bases: Bases | None


def read_scheme(
    source: Source, report: Report, annexed: Annexed | None = None, bases: Bases | None = None, depth: int = 0
) -> Reading:
    """What a text holds, which may be based on another (`read_text`, where it is not). Never raises.

    `annexed`, `bases`: what lies beside it; without, what names it is complained about.
    """
    if is_editions(source.text):
        report.add(EDITIONS_HERE, Span(source, 0, len(source.text.partition("\n")[0])), VERSION_KEY)
        return Reading(language=language_of_text(source.text, EditionsDocument))
    own = Report()
    root, language = nodes_of(source, own, annexed)
    named = root.get("based_on") if root is not None else None
    if root is None:
        reading = Reading(language=language)
    elif named is None or bases is None:
        reading = read_nodes(root, own, language)
    else:
        reading = _changed(source, root, language, annexed, bases, own, depth)
    hand_on(own, report)
    return reading


def _changed(
    source: Source,
    root: MapNode,
    language: Language,
    annexed: Annexed | None,
    bases: Bases,
    report: Report,
    depth: int,
) -> Reading:
    nothing = Reading(language=language)
    named, changes = root.get("based_on"), root.get("changes")
    if not isinstance(named, Scalar):
        report.add(NOT_A_SINGLE_VALUE, named.span if named else None, "based_on", key="based_on")
    elif named.empty:
        key = root.key("based_on")
        report.add(NOTHING_WRITTEN, key.span if key else None, "based_on", key="based_on")
    if changes is not None and not isinstance(changes, MapNode):
        report.add(NOT_A_MAP, changes.span, "changes", key="changes")
    for name in required(Document):
        if root.get(name) is None:
            report.add(MISSING_KEY, Places(root).span(()), name, key=name)
    own = dict(_own(root, report))
    if report.failed or not isinstance(named, Scalar):
        return nothing
    if depth == MOST:
        report.add(TOO_LONG, named.span, "based_on", limit=MOST)
        return nothing
    found = bases.base(named, report)
    if found is None:
        return nothing
    base = read_scheme(found.source, report, found.annexed, found.bases, depth + 1).loaded
    if base is None:
        return nothing
    if language == "zh":
        # Which words are columns, and which are names of the base, is known now.
        root = nodes_of(source, report, annexed, base.root)[0] or root
        changes, own = root.get("changes"), dict(_own(root, report))
    base = _without_what_is_its_own(base)
    if annexed is not None and isinstance(changes, MapNode):
        changes = _with_sheets(changes, base, annexed, report)
    written = _written(changes, report) if isinstance(changes, MapNode) else {}
    made = overlaid(base, {**resolved(base, written, report), **own}, report)
    if report.failed:
        return nothing
    reading = read_tree(made.raw, Places(base.root, made.patches), report)
    loaded, rest = (part and replace(part, language=language) for part in (reading.loaded, reading.rest))
    return Reading(loaded, rest, reading.left_out, language)


def _with_sheets(changes: MapNode, base: Loaded, annexed: Annexed, report: Report) -> MapNode:
    """The changes with the rows of sheets beside this document: of tables that it adds, and of those of the base, whose
    columns hold unless it changes these, too."""

    written = plain(changes)

    def read(key: Scalar, value: Node) -> Node:
        where = key.text.split(".")
        if where[0] != "tables" or where[2:] not in ([], ["rows"]):
            return value
        if len(where) == 2:
            return table_with_rows(value, annexed, report, f"changes.{key.text}", written, base.raw)
        own = changes.get(f"tables.{where[1]}.columns")
        types: object = plain(own) if own is not None else base.raw
        for name in ("tables", where[1], "columns") if own is None else ():
            types = types.get(name) if isinstance(types, Mapping) else None
        if not isinstance(types, Mapping):
            return value
        columns = {str(name): lent(str(type_), written, base.raw) for name, type_ in types.items()}
        return rows_with(value, columns, annexed, report, f"changes.{key.text}")

    return MapNode(tuple((key, read(key, value)) for key, value in changes.items), changes.span)


def _own(root: MapNode, report: Report) -> Iterator[tuple[tuple[str, ...], Change]]:
    """What the document says of itself, its examples and silences; everything else has to stand under `changes`."""
    for key, value in root.items:
        if key.text in ("based_on", "changes"):
            continue
        if key.text in keys(Document) and key.text not in ITS_OWN:
            report.add(BELONGS_UNDER_CHANGES, key.span, key.text, key=key.text)
            continue
        yield (key.text,), Change(plain(value), Patch(key, value), key.text)


def _written(changes: MapNode, report: Report) -> Changes:
    """What is changed by address. What the document says of itself, it says beside: else one of the two would count."""
    written: dict[Path, Change] = {}
    for path, change in written_in(changes, ("changes",)).items():
        if path[0] in (*ITS_OWN, "based_on", "changes"):
            span = change.patch.key.span if change.patch.key else None
            report.add(STANDS_BESIDE_CHANGES, span, change.source, key=path[0])
        else:
            written[path] = change
    return written


def _without_what_is_its_own(base: Loaded) -> Loaded:
    raw = {key: value for key, value in base.raw.items() if key not in _NOT_OF_THE_BASE}
    return replace(base, raw=raw)
