"""YAML read into nodes with places, every scalar as text, and everything refused that a rule document does not need.

Nodes are built from the parser's events in a loop, never by recursion, and depth and number are counted as they come:
a hostile document is refused before it costs anything. With the C loader of PyYAML the worst document within the
limits takes less than two seconds; without it the same documents are read several times more slowly.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from cityrules.text import limits, traps
from cityrules.text.characters import check_characters
from cityrules.text.diagnostic import Report
from cityrules.text.files import TOO_LARGE
from cityrules.text.nodes import Mapping, Node, Plain, Scalar, Sequence, find, interval_in_list, plain
from cityrules.text.places import Style
from cityrules.text.regions import line_of, tight_colon
from cityrules.text.source import Source, Span
from cityrules.text.syntax import DIRECTIVE, EMPTY_KEY, SEVERAL_DOCUMENTS, TIGHT_COLON, Last, Trouble, explain

__all__ = ["Mapping", "Node", "Plain", "Scalar", "Sequence", "find", "interval_in_list", "plain", "read"]

TOO_DEEP: Final = "CR112"
TOO_MANY: Final = "CR113"
EMPTY: Final = "CR114"
NOT_A_MAP: Final = "CR116"
DUPLICATE_KEY: Final = "CR120"
ANCHOR: Final = "CR121"
ALIAS: Final = "CR122"
MERGE_KEY: Final = "CR123"
TAG: Final = "CR124"
KEY_NOT_TEXT: Final = "CR125"

_STYLES: Final[dict[str | None, Style]] = {"'": "single", '"': "double", "|": "literal", ">": "folded"}


def read(source: Source, report: Report) -> Mapping | None:
    """The top map of a document, or None when there is no reading on (syntax, limits, or no map at the top).

    Everything wrong goes into `report`. A map is also returned after errors that leave the rest readable (a key that
    stands twice, an alias), so that all problems of a document can be told at once: ask `report.failed` before use.
    Never raises, whatever the text.
    """
    # A character has at most four bytes, so that most texts need not be encoded to be measured.
    if len(source.text) * 4 > limits.BYTES and len(source.text.encode("utf-8", "surrogatepass")) > limits.BYTES:
        report.add(TOO_LARGE, path=source.name, limit=f"{limits.BYTES:,}")
        return None
    if not check_characters(source, report):
        return None
    return _Reader(source, report).read()


@dataclass(slots=True)
class _Frame:
    """A map or list that is not closed yet. In a map, `key` is what the next value belongs to."""

    mapping: bool
    flow: bool
    start: int
    entries: list[tuple[Scalar, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    unusable: bool = False
    """Whether the present key has been refused, so that its value is read and left out."""


class _Reader:
    """One pass over the events of one document."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report
        # Marks of the C scanner do not count a byte order mark, those of the Python one do. It gets none to see.
        self._base = 1 if source.text.startswith("\ufeff") else 0
        self._stack: list[_Frame] = []
        self._root: Node | None = None
        self._last = Last(0, 0, "nothing")
        self._end = 0

    def read(self) -> Mapping | None:
        try:
            complete = self._run()
        except yaml.YAMLError as error:
            for frame in self._stack:
                if frame.mapping and not frame.flow:
                    self._without_duplicates(frame.entries)
            self._explain(error)
            return None
        if not complete:
            return None
        root = self._root
        if root is None or (isinstance(root, Scalar) and root.empty):
            # An explicit `---` with nothing after it is as empty as no text at all.
            self._report.add(EMPTY, Span(self._source, 0, 0))
            return None
        if isinstance(root, Mapping):
            return root
        self._not_a_map(root)
        return None

    def _not_a_map(self, root: Scalar | Sequence) -> None:
        """Say why there is no map at the top: often a colon that is none."""
        line = line_of(self._source, root.span.start)
        tight = tight_colon(self._source, *line) if isinstance(root, Scalar) and root.style == "plain" else None
        if any(known.code == traps.WIDE_COLON for known in self._report):
            return
        if tight is not None:
            self._report.add(TIGHT_COLON, tight)
        else:
            # Of a list its first sign is enough.
            end = root.span.end if isinstance(root, Scalar) else root.span.start + 1
            self._report.add(NOT_A_MAP, Span(self._source, root.span.start, end))

    def _run(self) -> bool:
        """Read all events; False when reading has to stop before the end."""
        nodes = documents = 0
        for event in self._events():
            kind = type(event)
            if kind is yaml.ScalarEvent:
                nodes += 1
                self._scalar(event)
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                nodes += 1
                if len(self._stack) == limits.DEPTH:
                    self._report.add(TOO_DEEP, self._span(event), self._path(), limit=limits.DEPTH)
                    return False
                self._open(event, kind is yaml.MappingStartEvent)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self._close(event)
            elif kind is yaml.AliasEvent:
                nodes += 1
                span = self._span(event)
                self._report.add(ALIAS, span, self._path(), found=span.text)
                self._last = Last(span.start, span.end, "alias")
                self._put(Scalar(span.text, span), checked=True)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if event.version or event.tags:
                    self._report.add(DIRECTIVE, self._first_line(event), found="%")
                if documents > 1:
                    self._report.add(SEVERAL_DOCUMENTS, self._span(event))
                    return False
            if self._report.dropped:
                return False  # The report is full; reading on would cost time and tell nothing.
            if nodes > limits.NODES:
                self._report.add(TOO_MANY, self._span(event), limit=f"{limits.NODES:,}")
                return False
        return True

    def _events(self) -> Iterator[Any]:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        text = self._source.text[1:] if self._base else self._source.text
        return iter(yaml.parse(text, Loader=loader))

    def _span(self, event: Any) -> Span:
        return Span(self._source, event.start_mark.index + self._base, event.end_mark.index + self._base)

    def _first_line(self, event: Any) -> Span:
        start = self._span(event).start
        end = self._source.text.find("\n", start)
        return Span(self._source, start, end if end >= 0 else len(self._source.text))

    def _scalar(self, event: Any) -> None:
        style = _STYLES.get(event.style, "plain")
        start = event.start_mark.index + self._base
        end = event.end_mark.index + self._base
        if style in ("literal", "folded"):
            end = start + len(self._source.text[start:end].rstrip())
        if event.anchor is not None or event.tag is not None:
            start = min(self._refuse_properties(event, start), end)
        scalar = Scalar(event.value, Span(self._source, start, end), style)
        self._last = Last(start, end, "quoted" if style in ("single", "double") else "text")
        self._put(scalar)

    def _open(self, event: Any, mapping: bool) -> None:
        start = event.start_mark.index + self._base
        if event.anchor is not None or event.tag is not None:
            start = self._refuse_properties(event, start)
        self._stack.append(_Frame(mapping, bool(event.flow_style), start))

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        path = self._path()
        end = event.end_mark.index + self._base if frame.flow else max(self._end, frame.start)
        if frame.flow:
            self._last = Last(frame.start, end, "flow")
            if frame.mapping:
                frame.entries = traps.mend_map(frame.entries, self._report, path)
            else:
                frame.items = traps.mend_list(frame.items, self._report, path)
        span = Span(self._source, frame.start, end)
        if frame.mapping:
            self._put(Mapping(tuple(self._without_duplicates(frame.entries)), span))
        else:
            self._put(Sequence(tuple(frame.items), span))

    def _put(self, node: Node, *, checked: bool = False) -> None:
        """Give a finished node to what it stands in; one that is `checked` has its complaint already."""
        self._end = node.span.end
        if not self._stack:
            self._root = node
            if isinstance(node, Scalar):
                traps.check_value(node, self._report, "", in_flow=False, in_list=False)
            return
        frame = self._stack[-1]
        if frame.mapping and frame.key is None:
            self._key(frame, node, checked)
            return
        if isinstance(node, Scalar) and not checked and self._suspicious(node, frame.flow):
            traps.check_value(node, self._report, self._path(), in_flow=frame.flow, in_list=not frame.mapping)
        if not frame.mapping:
            frame.items.append(node)
        elif frame.key is not None:
            if not frame.unusable:
                frame.entries.append((frame.key, node))
            frame.key, frame.unusable = None, False

    def _suspicious(self, scalar: Scalar, in_flow: bool) -> bool:
        """A cheap look at a value; almost all need no more. Addresses are only made for those that do."""
        if scalar.style != "plain":
            return False
        after = self._source.text[scalar.span.end : scalar.span.end + 1]
        return after in (" ", "\t") or not scalar.text.isascii() or (in_flow and "?" in scalar.text)

    def _key(self, frame: _Frame, node: Node, checked: bool) -> None:
        if not isinstance(node, Scalar):
            self._report.add(KEY_NOT_TEXT, node.span, self._path())
            frame.key, frame.unusable = Scalar(node.span.text, node.span), True
            return
        frame.key = node
        if checked:
            frame.unusable = True
        elif node.style == "plain":
            if node.text == "<<":
                self._report.add(MERGE_KEY, node.span, self._path())
                frame.unusable = True
            elif not node.text:
                self._report.add(EMPTY_KEY, node.span, self._path())
                frame.unusable = True
            elif not node.text.isascii():
                traps.check_key(node, self._report, self._path())

    def _without_duplicates(self, entries: list[tuple[Scalar, Node]]) -> list[tuple[Scalar, Node]]:
        """The entries with the first of each key; every further one is a diagnostic."""
        first: dict[str, Scalar] = {}
        kept: list[tuple[Scalar, Node]] = []
        for key, value in entries:
            known = first.setdefault(key.text, key)
            if known is key:
                kept.append((key, value))
            else:
                line = known.span.position.line
                path = ".".join(part for part in (self._path(), key.text) if part)
                self._report.add(DUPLICATE_KEY, key.span, path, found=key.text, line=line)
        return kept

    def _refuse_properties(self, event: Any, start: int) -> int:
        """Note anchor and tag of a node, which the parser counts to it; return where the node itself begins."""
        text = self._source.text
        for _ in range((event.anchor is not None) + (event.tag is not None)):
            end = start + 1
            if text[start : start + 1] == "&":
                end += len(event.anchor or "")
                self._report.add(ANCHOR, Span(self._source, start, end), self._path(), found=text[start:end])
            else:
                while end < len(text) and not text[end].isspace() and text[end] not in ",]}":
                    end += 1
                self._report.add(TAG, Span(self._source, start, end), self._path(), found=text[start:end])
            start = end
            while start < len(text) and (text[start].isspace() or text[start] == "#"):
                # A comment may stand between them and the node.
                start = text.find("\n", start) if text[start] == "#" else start + 1
                start = start if start > 0 else len(text)
        return start

    def _path(self) -> str:
        """The dotted address of where reading is."""
        parts = [
            (frame.key.text if frame.key is not None else "") if frame.mapping else str(len(frame.items))
            for frame in self._stack
        ]
        return ".".join(part for part in parts if part)

    def _explain(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        since = getattr(error, "context_mark", None)
        at = min(mark.index + self._base, len(self._source.text)) if mark is not None else 0
        trouble = Trouble(
            self._source,
            at,
            since.index + self._base if since is not None else at,
            getattr(error, "context", None) or "",
            getattr(error, "problem", None) or str(error),
            self._last,
        )
        explain(trouble, self._report, self._path())
