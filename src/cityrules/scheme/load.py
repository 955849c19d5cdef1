"""Documents loaded: from text or Python to checked models, with the place of every address. Knows no types, no plan.

Every problem is told at once: what has none of its own is checked further, even where its neighbour cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Protocol, cast

from pydantic import BaseModel, ValidationError

from cityrules.scheme.borrowing import with_plain_types
from cityrules.scheme.complaints import complain, empties
from cityrules.scheme.document import Document
from cityrules.scheme.keys import required, sections
from cityrules.scheme.languages import language_of, language_of_text
from cityrules.scheme.places import Patch, Path, Places
from cityrules.scheme.raw import raw_of
from cityrules.scheme.reporting import Reporter
from cityrules.scheme.shape import check_shape
from cityrules.scheme.translate import MIXED, translate
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Node, Scalar, plain
from cityrules.text.nodes import Sequence as SequenceNode
from cityrules.text.source import Source, Span
from cityrules.text.yaml import read

TOO_MANY: Final = "CR338"
RESERVED_WORD: Final = "CR177"
RULES: Final = 10_000
"""How many bodies one section may have, and how many rules all ledgers together."""

# What stands in for a top-level key that could not be read, so that the rest can be looked at.
_STAND_IN: Final[Mapping[str, Any]] = {
    "cityrules": "1",
    "scheme": "-",
    "title": "-",
    "in_force": {"from": "unstated"},
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A document that has passed the scheme room.

    `raw` is the plain tree it was made from (dicts, lists, texts; from Python also numbers and dates), which overlays
    are applied to. `root` is None for a document built in Python, and then nothing has a place. Under an overlay,
    `patches` says what stands where since then.
    """

    document: Document
    raw: Mapping[str, object]
    root: Node | None = None
    patches: Mapping[Path, Patch] = field(default_factory=dict)
    language: Language = "en"
    """The language of its keywords as written. Everything here is in the canonical words, which are English."""

    @property
    def places(self) -> Places:
        """Where everything stands."""
        return Places(self.root, self.patches)

    def locate(self, path: Path) -> Scalar | None:
        """The text at an address such as `("measures", "score", "floor")`; None for a map, a list or nothing."""
        return self.places.value(path)

    def locate_key(self, path: Path) -> Scalar | None:
        """The key at an address, None where there is none."""
        return self.places.key(path)

    def span(self, path: Path) -> Span | None:
        """The best place for an address: the text there, else the key, else the nearest place around it."""
        return self.places.span(path)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a document: `loaded` where it passed, else `rest`: what is left of it without the bodies
    that were complained about, so that later rooms can look for more. `left_out`: every name in what is missing there,
    about which nobody should complain again."""

    loaded: Loaded | None = None
    rest: Loaded | None = None
    left_out: frozenset[str] = frozenset()
    language: Language = "en"
    """The language of the keywords as written."""


class Annexed(Protocol):
    """The files beside a document, from which its tables may take their rows."""

    def rows(self, named: Scalar, columns: Mapping[str, str], report: Report, path: str) -> SequenceNode | None:
        """The rows of the table that `named` says, in the order of `columns`, which gives the type of each as written.
        None after a complaint, which is about the document's `path`."""
        ...


def read_document(source: Source, report: Report, annexed: Annexed | None = None) -> Loaded | None:
    """The document that a YAML text holds, or None; everything wrong with it goes into `report`. Never raises.

    `annexed`: what lies beside it; without, a table that names a sheet is complained about.
    """
    return read_text(source, report, annexed).loaded


def read_text(source: Source, report: Report, annexed: Annexed | None = None) -> Reading:
    """The same, with what is left of a document that did not pass."""
    own = Report()
    root, language = nodes_of(source, own, annexed)
    reading = Reading(language=language) if root is None else read_nodes(root, own, language)
    hand_on(own, report)
    return reading


def nodes_of(
    source: Source, report: Report, annexed: Annexed | None, of: Node | None = None
) -> tuple[MapNode | None, Language]:
    """The nodes of a text in the canonical words, with the rows of its sheets, and the language it is written in. `of`:
    the document that it changes."""
    root = read(source, report)
    if root is None:
        return None, language_of_text(source.text)
    language = language_of(root)
    if language == "zh":
        root = canonical(root, report, of=of)
    return (root if annexed is None else _with_rows(root, annexed, report)), language


def read_nodes(root: MapNode, report: Report, language: Language) -> Reading:
    """A document in the canonical words checked; `report` must be new with it."""
    reading = read_tree(_map(plain(root)), Places(root), report)
    if language == "en":
        return reading
    loaded, rest = (part and replace(part, language=language) for part in (reading.loaded, reading.rest))
    return Reading(loaded, rest, reading.left_out, language)


def canonical(root: MapNode, report: Report, model: type[BaseModel] = Document, of: Node | None = None) -> MapNode:
    """A document in Chinese keywords in the canonical ones; words that were not Chinese are complained about. `of`:
    another document, of which it speaks."""
    made = translate(root, "en", model, of)
    for word in made.foreign:
        report.add(MIXED, word.at, word.path, found=word.found, suggestion=word.meant)
    for name in made.clashes:
        report.add(RESERVED_WORD, name.span, found=name.text)
    return made.root


def _with_rows(root: MapNode, annexed: Annexed, report: Report) -> MapNode:
    """The document with the rows of sheets in the place of what names them; where one cannot be read, as it is."""
    tables = root.get("tables")
    if not isinstance(tables, MapNode):
        return root
    raw = plain(root)
    read_in = tuple(
        (name, table_with_rows(body, annexed, report, f"tables.{name.text}", raw)) for name, body in tables.items
    )
    return _replaced(root, "tables", MapNode(read_in, tables.span))


def table_with_rows(body: Node, annexed: Annexed, report: Report, path: str, *documents: object) -> Node:
    """A table with the rows of the sheet that it names; where there is none, or it cannot be read, as it is.
    `documents`: where the types of its columns may be borrowed from."""
    types = body.get("columns") if isinstance(body, MapNode) else None
    if not isinstance(body, MapNode) or not isinstance(types, MapNode):
        return body
    rows = body.get("rows")
    given = {key.text: type_.text if isinstance(type_, Scalar) else "" for key, type_ in types.items}
    columns = {name: lent(type_, *documents) for name, type_ in given.items()}
    found = rows if rows is None else rows_with(rows, columns, annexed, report, f"{path}.rows")
    return body if found is None else _replaced(body, "rows", found)


def lent(type_: str, *documents: object) -> str:
    """A type as written where it is borrowed from (`finding.no`), in the first of some documents or changes by address
    that has it; any other type as it is."""
    kind = type_.removeprefix("optional").strip()
    owner, dot, name = kind.partition(".")
    if not dot or not owner.isidentifier():
        return type_
    for section, part in (("tables", "columns"), ("records", "fields"), ("targets", "fields")):
        for raw in documents:
            found = _at(raw, (section, owner, part, name))
            if isinstance(found, str):
                return found
    return type_


def _at(raw: object, path: tuple[str, ...]) -> object:
    """What stands at an address; several of its names may be one key (`records.finding`)."""
    if not path:
        return raw
    if not isinstance(raw, Mapping):
        return None
    ways = ((".".join(path[:cut]), path[cut:]) for cut in range(len(path), 0, -1))
    return next((_at(raw[key], rest) for key, rest in ways if key in raw), None)


def rows_with(rows: Node, columns: Mapping[str, str], annexed: Annexed, report: Report, path: str) -> Node:
    """The rows of the sheet that is named in their place, in columns of such types; else what stands there."""
    named = rows.get("sheet") if isinstance(rows, MapNode) and len(rows.items) == 1 else None
    if not isinstance(named, Scalar) or not named.text.strip():
        return rows
    found = annexed.rows(named, columns, report, path)
    return rows if found is None else found


def _replaced(body: MapNode, key: str, value: Node) -> MapNode:
    """A map with another value under a key."""
    return MapNode(tuple((name, value if name.text == key else old) for name, old in body.items), body.span)


def document_from(given: Mapping[str, Any] | Document, report: Report) -> Loaded | None:
    """The document built in Python: a map like that of a YAML text, or a `Document`; None when something is wrong.

    Values may be texts, ints, Decimals, Fractions, bools and dates; binary floats are refused. Parts of the map may be
    models. Diagnostics have addresses and no places.
    """
    return read_python(given, report).loaded


def read_python(given: Mapping[str, Any] | Document, report: Report) -> Reading:
    """The same, with what is left of a document that did not pass."""
    own = Report()
    raw = raw_of(given, own)
    reading = Reading() if own.failed else read_tree(raw, Places(), own)
    hand_on(own, report)
    return reading


def load_raw(raw: Mapping[str, Any], places: Places, report: Report) -> Loaded | None:
    """A plain tree checked; None if `report`, which must be new with this document, has an error in the end."""
    return read_tree(raw, places, report).loaded


def read_tree(raw: Mapping[str, Any], places: Places, report: Report) -> Reading:
    """The same, with what is left of a document that did not pass."""
    if too_many(raw, places, report):
        return Reading()
    document, errors = _validated(raw)
    bad = complain(errors, raw, places, report, empties(raw, places))
    sound = document if not bad else _sound_part(raw, bad) if len(errors) <= Report.LIMIT else None
    if sound is not None:
        check_shape(sound, Reporter(raw, places, report))
    if not report.failed and document is not None:
        return Reading(Loaded(document, raw, places.root, places.patches))
    return _rest(raw, places, report) if len(report) < Report.LIMIT else Reading()


def _rest(raw: Mapping[str, Any], places: Places, report: Report) -> Reading:
    """A document without every body that is complained about; nothing where more than bodies would be missing."""
    paths = [tuple(diagnostic.path.split(".")) for diagnostic in report if diagnostic.severity == "error"]
    if any(not path or len(path) < 2 or path[0] not in sections() for path in paths):
        return Reading()
    document = _sound_part(raw, paths)
    if document is None:
        return Reading()
    return Reading(None, Loaded(document, raw, places.root, places.patches), frozenset(_names_at(raw, paths)))


def _names_at(raw: Mapping[str, Any], paths: Iterable[Path]) -> Iterator[str]:
    """Every key in the bodies that `paths` lie in, and their own names."""
    for path in paths:
        stack: list[Any] = [{path[1]: _map(raw.get(path[0])).get(path[1])}]
        while stack:
            body = stack.pop()
            if isinstance(body, dict):
                yield from map(str, body)
                stack.extend(body.values())


def _validated(raw: Mapping[str, Any]) -> tuple[Document | None, Sequence[Mapping[str, Any]]]:
    """What the models make of a plain tree: a document, or their errors. Only the keys of the language count."""
    try:
        return with_plain_types(Document.model_validate(raw, by_alias=True, by_name=False)), ()
    except ValidationError as error:
        return None, cast("Sequence[Mapping[str, Any]]", error.errors(include_url=False))


def hand_on(own: Report, report: Report) -> None:
    """Add everything in one report to another."""
    for diagnostic in own:
        report.add(
            diagnostic.code, diagnostic.at, diagnostic.path, severity=diagnostic.severity, **dict(diagnostic.values)
        )
    report.dropped += own.dropped


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rules(body: Mapping[str, Any]) -> int:
    """The rules and items of a ledger or item. (The text room holds the depth of documents.)"""
    items = _map(body.get("items"))
    return len(_map(body.get("rules"))) + len(items) + sum(_rules(_map(item)) for item in items.values())


def too_many(raw: Mapping[str, Any], places: Places, report: Report) -> bool:
    """Whether there is more to check than a document may ask for."""
    sizes = {section: len(body) for section, body in raw.items() if isinstance(body, dict)}
    measures = _map(raw.get("measures")).values()
    sizes["rules"] = sum(_rules(_map(measure)) for measure in measures)
    steps = _map(raw.get("consequences")).values()
    sizes["steps"] = sum(len(_map(_map(consequence).get("steps"))) for consequence in steps)
    records = _map(raw.get("records")).values()
    sizes["accepted_if"] = sum(len(_map(_map(record).get("accepted_if"))) for record in records)
    for section, size in sizes.items():
        if size > RULES:
            path = {"rules": "measures", "steps": "consequences", "accepted_if": "records"}.get(section, section)
            report.add(TOO_MANY, places.key_span((path,)), path, key=section, found=f"{size:,}", limit=f"{RULES:,}")
            return True
    return False


def _sound_part(raw: Mapping[str, Any], bad: Iterable[Path]) -> Document | None:
    """The document without the bodies that `bad` paths lie in, for the checks that come after the models'."""
    part = {
        section: dict(body) if section in sections() and isinstance(body, dict) else body
        for section, body in raw.items()
    }
    for path in bad:
        _leave_out(part, path)
    for key in required(Document):
        part.setdefault(key, _STAND_IN[key])
    return _validated(part)[0]


def _leave_out(part: dict[str, Any], path: Path) -> None:
    """Take the smallest body round `path` out of a tree: a rule of a ledger, else the named body, else the key."""
    section = part.get(path[0]) if path else None
    if len(path) < 2 or path[0] not in sections() or not isinstance(section, dict):
        part.pop(path[0] if path else "", None)
        return
    body = section.get(path[1])
    if len(path) > 3 and path[2] == "rules" and isinstance(body, dict) and isinstance(body.get("rules"), dict):
        section[path[1]] = {**body, "rules": {name: rule for name, rule in body["rules"].items() if name != path[3]}}
    else:
        section.pop(path[1], None)
