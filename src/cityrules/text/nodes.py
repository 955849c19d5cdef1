"""The tree a YAML document is read into: texts, maps and lists, each with its place. Every scalar is its text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cityrules.text.places import Places, Style, places
from cityrules.text.source import Span


@dataclass(frozen=True, slots=True)
class Scalar:
    """One text. `text` is what the writer meant, `span` what stands in the file, quotes and indicators included."""

    text: str
    span: Span
    style: Style = "plain"
    _places: Places | None = field(default=None, init=False, repr=False, compare=False)
    origin: Origin | None = field(default=None, repr=False, compare=False)
    """What it was made from, for a text that is not what stands in the file: words of the language in another form."""

    @property
    def empty(self) -> bool:
        """Whether nothing was written: `key:` with no value. A quoted empty text is a text."""
        return not self.text and self.style == "plain"

    def part(self, start: int, end: int) -> Span:
        """Where characters `start` up to `end` of `text` stand in the file.

        Works through quotes, escapes, folded lines and indentation: a character made from several gives them all.
        Bounds outside the text are moved to its border.
        """
        start = max(0, min(start, len(self.text)))
        end = max(start, min(end, len(self.text)))
        if self.origin is not None:
            return self.origin.part(start, end)
        source, begin = self.span.source, self.span.start
        if self.style == "plain" and self.span.end - begin == len(self.text):
            return Span(source, begin + start, begin + end)  # Nothing was folded.
        known = self._places
        if known is None:
            raw = source.text[begin : self.span.end]
            if self.style in ("literal", "folded"):
                # The span stops at the last character one can see, the text may hold line breaks after it.
                raw = source.text[begin : _past_blank_lines(source.text, self.span.end)]
            known = places(raw, begin, self.style, self.text)
            if known is None:
                return self.span
            object.__setattr__(self, "_places", known)
        return Span(source, *known.of(start, end))


@dataclass(frozen=True, slots=True)
class Origin:
    """A text as it stands in the file, and what was put for which of its characters (start, end, new), in order."""

    written: Scalar
    changes: tuple[tuple[int, int, str], ...]

    @property
    def text(self) -> str:
        """The text with the changes."""
        parts, at = [], 0
        for start, end, new in self.changes:
            parts += [self.written.text[at:start], new]
            at = end
        return "".join([*parts, self.written.text[at:]])

    def scalar(self) -> Scalar:
        """The changed text as a node that still stands where the written one does."""
        return Scalar(self.text, self.written.span, self.written.style, self)

    def part(self, start: int, end: int) -> Span:
        """Where characters of the changed text stand in the file; what was put for a word stands where that does."""
        return self.written.part(self._back(start, False), self._back(end, True))

    def _back(self, offset: int, behind: bool) -> int:
        """An offset of the changed text in the written one."""
        shift = 0  # What the changes before `offset` have made the text longer by.
        for start, end, new in self.changes:
            here = start + shift
            if offset <= here and not (offset == here and not behind):
                break
            if offset < here + len(new) or (behind and offset == here + len(new)):
                return end if behind else start
            shift += len(new) - (end - start)
        return offset - shift


@dataclass(frozen=True, slots=True)
class Mapping:
    """A map in the order of the document; no key stands twice."""

    items: tuple[tuple[Scalar, Node], ...]
    span: Span
    _index: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {key.text: number for number, (key, _) in enumerate(self.items)})

    def get(self, name: str) -> Node | None:
        """The value under `name`, or None."""
        number = self._index.get(name)
        return None if number is None else self.items[number][1]

    def key(self, name: str) -> Scalar | None:
        """The key `name` as it stands in the document, or None."""
        number = self._index.get(name)
        return None if number is None else self.items[number][0]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list."""

    items: tuple[Node, ...]
    span: Span


Node = Scalar | Mapping | Sequence
Plain = dict[str, "Plain"] | list["Plain"] | str | None


def plain(node: Node) -> Plain:
    """The tree as plain Python: dicts, lists and texts. A key with nothing after it has None, `""` stays a text.

    The words `null`, `true` and `on` are texts like any other; what they mean is decided by whoever reads the key.
    """
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return None if node.empty else node.text


def find(node: Node, path: Iterable[str | int]) -> tuple[Scalar | None, Node]:
    """Follow `path` as far as it exists: the last key on the way (None at the root) and the node reached.

    Segments the document does not have are skipped, for a validator adds names of its own to its locations (the tag
    of a union, `[key]`). What is missing is therefore found at its parent.
    """
    key: Scalar | None = None
    for segment in path:
        if isinstance(node, Mapping):
            found = node.key(str(segment))
            value = node.get(str(segment))
            if found is not None and value is not None:
                key, node = found, value
        elif isinstance(node, Sequence) and isinstance(segment, int) and 0 <= segment < len(node.items):
            node = node.items[segment]
    return key, node


def interval_in_list(node: Node) -> str | None:
    """The interval that a list was probably meant to be: `[80..90]` without quotes is a list of one text.

    Returns it as it stands in the file, or None. For use where a text is expected and a list was found.
    """
    if not isinstance(node, Sequence) or len(node.items) != 1:
        return None
    item = node.items[0]
    return node.span.text if isinstance(item, Scalar) and ".." in item.text and node.span.text[:1] == "[" else None


def _past_blank_lines(text: str, at: int) -> int:
    """The offset after the blank lines that follow `at`; the indentation of the next line is not passed."""
    passed = at
    while at < len(text) and text[at] in " \t\r\n":
        at += 1
        if text[at - 1] == "\n":
            passed = at
    return len(text) if at == len(text) else passed
