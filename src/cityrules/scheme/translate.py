"""A document in the words of one language brought into those of the other: a walk over its nodes along the models.

What stands where is read off the models, which word it is off the vocabulary. The nodes that come out hold the other
language's texts and stand where the written ones do, so that every complaint still points at what the user wrote.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from cityrules.feel.spoken import Rewrite
from cityrules.scheme.annotations import address, said_names, shapes_of
from cityrules.scheme.document import FORMS, Document
from cityrules.scheme.keys import keys
from cityrules.scheme.languages import words_of
from cityrules.scheme.phrases import COLUMN, LABEL, RESULT
from cityrules.scheme.texts import Reader
from cityrules.scheme.wording import Foreign, Translation, Wording
from cityrules.text.diagnostic import Language
from cityrules.text.nodes import Mapping, Node, Scalar, Sequence
from cityrules.text.vocabulary import turned, vocabulary

MIXED: Final = "CR176"
"""A word of the other language."""

_OVERLAYS: Final = {("ExampleBody", "under"), ("CaseBody", "under"), ("Document", "changes")}
_OVER: Final = ("each", "over", "count")
_PLACING: Final = ("dated", "from", "until")
"""Keys at which a field is named that places a record in time."""
_FREE: Final = {
    *((body, key) for body in ("ExampleBody", "CaseBody") for key in ("given", "expect")),
    ("ReadingBody", "others"),
}


def translate(root: Mapping, to: Language, model: type[BaseModel] = Document, of: Node | None = None) -> Translation:
    """A document in the other language brought into `to`. Never complains: what is no word stays as it is. `of`:
    another document, in the canonical words, of which it speaks."""
    walk = _Walk(to, root, of)
    made = walk.model(root, model, ())
    assert isinstance(made, Mapping)
    walk.translation.root = made
    return walk.translation


def translate_change(path: str, value: Node, of: Node | None) -> tuple[str, Node]:
    """A change of a document in Chinese keywords (a dotted address and the new value) in the canonical words. `of`:
    the document, in the canonical words."""
    key = Scalar(path, value.span, "double")
    root = Mapping((), value.span)
    made = _Walk("en", root, of).overlay(Mapping(((key, value),), value.span), ())
    assert isinstance(made, Mapping)
    return made.items[0][0].text, made.items[0][1]


class Saying:
    """What stands at addresses of a document in the canonical words, told in the words of a language."""

    def __init__(self, root: Mapping, to: Language) -> None:
        self._walk = _Walk(to, Mapping((), root.span), root)
        self._span = root.span

    def at(self, path: tuple[str, ...], value: str) -> str:
        """A single value that stands at an address, or could."""
        made = self.node(path, Scalar(value, self._span))
        return made.text if isinstance(made, Scalar) else value

    def node(self, path: tuple[str, ...], value: Node) -> Node:
        """The same of any value."""
        return self._walk.change([*path], value, path)[1]


def own_names(root: Mapping) -> frozenset[str]:
    """The fields and columns that a document defines; behind a dot these are names and no words."""
    known = vocabulary().keys
    holders = {"fields", "columns", known["fields"], known["columns"]}
    found: set[str] = set()
    waiting: list[tuple[Node, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        if not isinstance(node, Mapping) or depth > 2:
            continue
        for key, value in node.items:
            if key.text in holders and isinstance(value, Mapping):
                found.update(inner.text for inner, _ in value.items)
            else:
                waiting.append((value, depth + 1))
    return frozenset(found)


def _names(root: Mapping, section: str) -> frozenset[str]:
    """The names in a section of a document in either language."""
    said = {section, vocabulary().keys[section]}
    bodies = (value for key, value in root.items if key.text in said and isinstance(value, Mapping))
    return frozenset(name.text for body in bodies for name, _ in body.items)


@cache
def _axes() -> frozenset[str]:
    """The keys that say what a body runs over, in both languages."""
    return frozenset({*_OVER, *(vocabulary().keys[key] for key in _OVER)})


class _Walk(Wording):
    """One pass; `translation` collects what it finds."""

    def __init__(self, to: Language, root: Mapping, of: Node | None = None) -> None:
        documents = [one for one in (root, of) if isinstance(one, Mapping)]
        super().__init__(to, frozenset[str]().union(*map(own_names, documents)))
        self.root = root
        self.of = of
        self.consequences = frozenset[str]().union(*(_names(each, "consequences") for each in documents))
        self.columns = False
        """Whether what is walked over is about the rows of a consequence."""

    # --- bodies ------------------------------------------------------------------------------------------------

    def model(self, node: Node, model: type[BaseModel], path: tuple[str, ...]) -> Node:
        """A body: its keys, and what stands at them."""
        if not isinstance(node, Mapping):
            return node
        words, fields = words_of(model, self.to), keys(model)
        entries, around = [], self.columns
        self.columns = around or self.over_rows(node)
        for key, value in node.items:
            new = self.word(key, words, path)
            name = _english(key, new, self.to)
            here = (*path, name)
            known = fields.get(name)
            place = (model.__name__, name)
            if place in _OVERLAYS:
                value = self.overlay(value, here)
            elif place in _FREE:
                value = self.free(value, name, here)
            elif known is not None:
                value = self.field(value, known, model.__name__, name, here)
            entries.append((new, value))
        self.columns = around
        return Mapping(tuple(entries), node.span)

    def over_rows(self, node: Node) -> bool:
        """Whether a body runs over a consequence."""
        items = node.items if isinstance(node, Mapping) else ()
        return any(key.text in _axes() and getattr(value, "text", None) in self.consequences for key, value in items)

    def field(self, node: Node, known: FieldInfo, body: str, key: str, path: tuple[str, ...]) -> Node:
        """What stands at a key."""
        at = vocabulary().at
        speech = at.get(f"{body}.{key}", at.get(key))
        reader = next((extra for extra in known.metadata if isinstance(extra, Reader)), None)
        return self.value(node, [reader or known.annotation], key, path, speech)

    def value(self, node: Node, shapes: list[Any], key: str, path: tuple[str, ...], speech: str | None) -> Node:
        """A value that has one of several shapes, told apart by its own."""
        flat = [part for shape in shapes for part in shapes_of(shape)]
        if isinstance(node, Mapping):
            return self.map(node, flat, key, path, speech)
        lists = [get_args(shape)[0] for shape in flat if get_origin(shape) is tuple]
        if isinstance(node, Sequence):
            items = tuple(
                self.value(item, lists or flat, key, (*path, str(number)), speech)
                for number, item in enumerate(node.items)
            )
            return Sequence(items, node.span)
        # One value stands for a list of one.
        singles = [part for shape in lists for part in shapes_of(shape)] + flat
        words = [word for shape in singles if get_origin(shape) is Literal for word in get_args(shape)]
        known = vocabulary()
        said = {str(word): known.word(key, str(word)) or str(word) for word in words}
        reader = next((shape for shape in singles if isinstance(shape, Reader)), None)
        new = self.word(node, turned(said, self.to), path) if words else node
        if new is not node or node.text in said or node.text in said.values():
            return new
        speech = speech or (reader.speech if reader is not None else "")
        if self.columns and key in _PLACING:
            speech = COLUMN
        return self.text(node, _of_key(speech, key), path, self.columns)

    def map(self, node: Mapping, shapes: list[Any], key: str, path: tuple[str, ...], speech: str | None) -> Node:
        """A map of names to bodies or values, or a body."""
        for shape in shapes:
            if get_origin(shape) is Map:
                names, value = get_args(shape)
                said = said_names(key, self.to)
                self.names(node, names, said)
                entries = []
                for name, inner in node.items:
                    new = self.word(name, said, path)
                    here = (*path, _english(name, new, self.to))
                    entries.append((new, self.value(inner, [value], "", here, speech)))
                return Mapping(tuple(entries), node.span)
        models = [shape for shape in shapes if isinstance(shape, type) and issubclass(shape, BaseModel)]
        model = self.chosen(node, models)
        return node if model is None else self.model(node, model, path)

    def chosen(self, node: Mapping, models: list[type[BaseModel]]) -> type[BaseModel] | None:
        """Which of several bodies a map is: of the measures by the key of the form."""
        if len(models) < 2:
            return models[0] if models else None
        there = {key.text for key, _ in node.items}
        read = {form: {form, vocabulary().key(model.__name__, form)} for form, model in FORMS.items()}
        form = next((form for form, said in read.items() if said & there), None)
        if models[0] in FORMS.values():
            # Without a form a measure cannot be computed, but its other keys can be read.
            return FORMS[form] if form is not None else models[0]
        return max(models, key=lambda model: len(there & {*words_of(model, "en"), *words_of(model, "zh")}))

    def names(self, node: Mapping, names: Any, said: Map[str, str]) -> None:
        """Names that a document gives: none may be a word that stands alone where names stand, but for those (`said`)
        that this place knows itself."""
        if any(isinstance(part, Reader) and part.speech == "axis" for part in shapes_of(names)):
            reserved = vocabulary().reserved - {*said, *said.values()}
            self.translation.clashes += [name for name, _ in node.items if name.text in reserved]

    # --- free forms --------------------------------------------------------------------------------------------

    def free(self, node: Node, form: str, path: tuple[str, ...]) -> Node:
        """The maps of examples and readings that no model describes."""
        if not isinstance(node, Mapping):
            return node
        if form == "others":
            return Mapping(
                tuple((name, self.overlay(value, (*path, name.text))) for name, value in node.items), node.span
            )
        known = vocabulary()
        words = known.given if form == "given" else known.expected
        said = turned({word: known.key(form, word) or word for word in words}, self.to)
        entries = []
        for key, value in node.items:
            new = self.word(key, said, path)
            name = _english(key, new, self.to)
            if name not in words:
                new = self.part(new, path)
                value = self.rows(value, (*path, name)) if form == "given" else self.cells(value, (*path, name))
            elif name in known.by_name and isinstance(value, Mapping):
                inner = tuple((self.part(one, (*path, name)), cells) for one, cells in value.items)
                value = Mapping(inner, value.span)
            entries.append((new, value))
        return Mapping(tuple(entries), node.span)

    def part(self, name: Scalar, path: tuple[str, ...]) -> Scalar:
        """The name of something that is computed, or of a part of it (`grade.raw`): that is said as in expressions."""
        before, dot, part = name.text.rpartition(".")
        said = turned(vocabulary().properties, self.to)
        if not dot or part in self.own:
            return name
        at = len(before) + 1
        if part in said:
            return self.rewritten(name, [Rewrite(at, len(name.text), said[part])], path)
        if part in said.values():
            meant = next(read for read, made in said.items() if made == part)
            self.translation.foreign.append(Foreign(name.part(at, len(name.text)), ".".join(path), part, meant))
        return name

    def rows(self, node: Node, path: tuple[str, ...]) -> Node:
        """Rows of records: data, written as in a file, but for the words that repeat one."""
        if isinstance(node, Sequence):
            return Sequence(tuple(self.rows(item, path) for item in node.items), node.span)
        known = vocabulary()
        said = turned({word: known.keys[word] for word in known.repeated}, self.to)
        if not isinstance(node, Mapping) or not {key.text for key, _ in node.items} <= {*said, *said.values()}:
            return node
        return Mapping(tuple((self.word(key, said, path), value) for key, value in node.items), node.span)

    def cells(self, node: Node, path: tuple[str, ...]) -> Node:
        """What is expected of cells: data, but for the word that says there is no result."""
        if isinstance(node, Mapping):
            return Mapping(tuple((key, self.cells(value, path)) for key, value in node.items), node.span)
        return self.text(node, "expected", path, self.columns) if isinstance(node, Scalar) else node

    def overlay(self, node: Node, path: tuple[str, ...]) -> Node:
        """Changes by dotted address."""
        if not isinstance(node, Mapping):
            return node
        entries = []
        for key, value in node.items:
            old_names = key.text.split(".")
            names, value = self.change(old_names, value, (*path, key.text))
            changes, at = [], 0
            for old, new in zip(old_names, names, strict=True):
                if old != new:
                    changes.append(Rewrite(at, at + len(old), new))
                at += len(old) + 1
            entries.append((self.rewritten(key, changes, path), value))
        return Mapping(tuple(entries), node.span)

    def change(self, names: list[str], value: Node, path: tuple[str, ...]) -> tuple[list[str], Node]:
        """The names of an address, and what is to stand there."""
        made, shape, last = address(names, self.to)
        canonical = names if self.to == "zh" else made
        self.columns = self.over_rows_at(names, self.root) or (
            self.of is not None and self.over_rows_at(canonical, self.of)
        )
        if isinstance(shape, FieldInfo):
            value = self.field(value, shape, last[0], last[1], path)
        elif shape is not None:
            value = self.value(value, [shape], last[1], path, None)
        self.columns = False
        return made, value

    def over_rows_at(self, path: list[str], root: Node) -> bool:
        """Whether an address of a document, in its words, lies in a body that runs over a consequence."""
        node = root
        for name in path:
            if self.over_rows(node):
                return True
            items = node.items if isinstance(node, Mapping) else ()
            node = next((value for key, value in items if key.text == name), Mapping((), node.span))
        return False


def _english(written: Scalar, made: Scalar, to: Language) -> str:
    return made.text if to == "en" else written.text


def _of_key(speech: str | None, key: str) -> str | None:
    """A label that is a result (of a band, say) knows fewer words than one that says what is done with a gap."""
    return RESULT if speech == LABEL and key in ("", "otherwise", "give", "is", "rows") else speech
