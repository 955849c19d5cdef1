"""Accepted values written where the expectation stands. Everything else in the text, comments and layout too, stays.

Single values, and items of lists and maps, are replaced, added and removed at their spans. What cannot be done so that
nothing else changes is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from pydantic import BaseModel

from cityrules.feel.spoken import rewritten
from cityrules.scheme.convert import applied
from cityrules.scheme.document import CasesDocument, Document
from cityrules.scheme.languages import language_of, model_of
from cityrules.scheme.load import canonical
from cityrules.scheme.phrases import phrase
from cityrules.scheme.places import Path, Places
from cityrules.scheme.wording import Edit
from cityrules.testing.notes import Difference, Writing
from cityrules.testing.worked import DIAGNOSTICS
from cityrules.text.diagnostic import Language, Report
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Node, Scalar, plain
from cityrules.text.nodes import Sequence as SequenceNode
from cityrules.text.quoting import as_written, quoted
from cityrules.text.source import Source, Span
from cityrules.text.yaml import read

_MODELS: Final[tuple[type[BaseModel], ...]] = (Document, CasesDocument)


class _ByHandError(Exception):
    """It cannot be written without touching anything else."""


def edits_of(difference: Difference, places: Places, language: Language) -> tuple[Edit, ...] | None:
    """What has to be written so that a case expects what came out; None where a person has to do it."""
    node = places.entry(difference.path)[1]
    if difference.name == DIAGNOSTICS and not difference.written:
        return None  # It is not refused at all: what is to be expected then, nobody has said.
    try:
        return None if node is None else tuple(_edits(node, difference.written, language))
    except _ByHandError:
        return None


def updated(source: Source, edits: Iterable[Edit], paths: Sequence[Path]) -> str | None:
    """The text with the edits, which are about the expectations at `paths`. None where anything else would be read out
    of it than before."""
    text = applied(source.text, edits)
    before, after = _raw(source), _raw(Source(source.name, text))
    for path in paths:
        for tree in (before, after):
            _take_out(tree, path)
    return text if before == after and before is not None else None


def _raw(source: Source) -> Any:
    """The plain tree of a text in the canonical words; None for no YAML."""
    report = Report()
    root = read(source, report)
    if root is None or report.failed:
        return None
    model = model_of(root, _MODELS)
    return plain(canonical(root, Report(), model) if language_of(root, model) == "zh" else root)


def _take_out(tree: Any, path: Path) -> None:
    for name in path[:-1]:
        tree = tree.get(name) if isinstance(tree, dict) else None
    if isinstance(tree, dict):
        tree.pop(path[-1], None)


def spoken(value: str, language: Language) -> str:
    """A value in the words of a document whose keywords are in `language`: `no cell` is 无此单元."""
    return value if language == "en" else rewritten(value, phrase(value, "expected", language, frozenset()))


# ------------------------------------------------------------------------------------------------------- the edits


def _edits(node: Node, written: Writing, language: Language) -> Iterator[Edit]:
    if isinstance(node, Scalar):
        if node.empty or node.style in ("literal", "folded") or isinstance(written, dict):
            raise _ByHandError
        yield Edit(node.span, _value(written, language, node.style == "double" or node.style == "single"))
    elif isinstance(node, SequenceNode) and isinstance(written, list):
        items = [(item.span.start, item.span.end, plain(item), item) for item in node.items]
        yield from _changed(node, items, [(one, one) for one in written], language, "-")
    elif isinstance(node, MapNode) and isinstance(written, dict):
        for key, value in node.items:
            if key.text in written and not _same(value, written[key.text]):
                yield from _edits(value, written[key.text], language)
        entries = [(key.span.start, max(key.span.end, value.span.end), key.text, key) for key, value in node.items]
        new = [(name, f"{as_written(name)}: {_value(value, language)}") for name, value in written.items()]
        yield from _changed(node, entries, new, language, "")
    else:
        raise _ByHandError


def _same(node: Node, written: str | list[str]) -> bool:
    there = plain(node)
    return sorted(map(str, there if isinstance(there, list) else [there])) == sorted(
        written if isinstance(written, list) else [written]
    )


def _changed(
    node: MapNode | SequenceNode,
    items: Sequence[tuple[int, int, Any, Node]],
    new: list[tuple[str, str]],
    language: Language,
    mark: str,
) -> Iterator[Edit]:
    """The items that are no longer there replaced, as far as others came, or removed; what is new behind the last."""
    source = node.span.source
    left = [name for _, _, name, _ in items]
    added = []
    for name, text in new:
        if name in left:
            left.remove(name)
        else:
            added.append(text if mark == "" else _value(text, language))
    gone = []
    for number, (_, _, name, _) in enumerate(items):
        if name in left:
            left.remove(name)
            gone.append(number)
    if mark:
        for number, text in zip(gone, added, strict=False):
            yield Edit(items[number][3].span, text)
        gone, added = gone[len(added) :], added[len(gone) :]
    elif gone and added:
        raise _ByHandError  # Which entry became which, and what a comment beside it says, is for a person.
    flow = source.text[node.span.start : node.span.start + 1] in ("[", "{")
    spans = [(start, end) for start, end, _, _ in items]
    if gone:
        yield from (_out_of_flow if flow else _out_of_block)(source, spans, gone, mark)
    if added and not spans:
        if not flow:
            raise _ByHandError
        at = node.span.start + 1
        yield Edit(Span(source, at, at), ", ".join(added))
    elif added:
        yield _into_flow(source, spans, added) if flow else _into_block(source, spans, added, mark)


def _out_of_flow(source: Source, spans: list[tuple[int, int]], gone: list[int], mark: str) -> Iterator[Edit]:
    kept = [number for number in range(len(spans)) if number not in gone]
    if not kept:
        yield _out(source, spans[0][0], spans[-1][1])
        return
    for number in gone:
        if number < kept[-1]:
            yield _out(source, spans[number][0], spans[number + 1][0])
    if kept[-1] < len(spans) - 1:
        yield _out(source, spans[kept[-1]][1], spans[-1][1])


def _out(source: Source, start: int, end: int) -> Edit:
    if "#" in source.text[start:end]:
        raise _ByHandError
    return Edit(Span(source, start, end), "")


def _out_of_block(source: Source, spans: list[tuple[int, int]], gone: list[int], mark: str) -> Iterator[Edit]:
    if len(gone) == len(spans):
        raise _ByHandError
    for number in gone:
        start, end = spans[number]
        _prefix(source, start, mark)
        behind = source.text.find("\n", end)
        behind = len(source.text) if behind < 0 else behind + 1
        if source.text[end:behind].strip():
            raise _ByHandError
        yield Edit(Span(source, source.text.rfind("\n", 0, start) + 1, behind), "")


def _into_flow(source: Source, spans: list[tuple[int, int]], added: list[str]) -> Edit:
    at = spans[-1][1]
    return Edit(Span(source, at, at), "".join(f", {text}" for text in added))


def _into_block(source: Source, spans: list[tuple[int, int]], added: list[str], mark: str) -> Edit:
    """New lines like the last one, behind it and what is said beside it."""
    start, end = spans[-1]
    prefix = _prefix(source, start, mark)
    at = source.text.find("\n", end)
    at = len(source.text) if at < 0 else at
    line_break = "\n"
    if source.text[at - 1 : at] == "\r":
        at, line_break = at - 1, "\r\n"
    return Edit(Span(source, at, at), "".join(f"{line_break}{prefix}{text}" for text in added))


def _prefix(source: Source, start: int, mark: str) -> str:
    """What stands on the line before an item of a block."""
    prefix = source.text[source.text.rfind("\n", 0, start) + 1 : start]
    if prefix.strip() != mark:
        raise _ByHandError
    return prefix


# ------------------------------------------------------------------------------------------------------- the texts


def _value(written: str | list[str], language: Language, in_quotes: bool = False) -> str:
    """A value, or a short list, as it is written in a document of a language."""
    if isinstance(written, list):
        return f"[{', '.join(_value(one, language) for one in written)}]"
    said = spoken(written, language)
    return quoted(said) if in_quotes else as_written(said)
