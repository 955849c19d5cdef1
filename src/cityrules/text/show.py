"""Diagnostics written out for a person (with the line and a caret) and for a program (as JSON data).

Whatever the document holds, what is written is bounded in length and has no control characters: a line can be a
megabyte long, and an escape sequence in a document must not reach the terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from cityrules.text.catalogue import fill, message, spoken
from cityrules.text.diagnostic import Diagnostic, Language, Report
from cityrules.text.source import Position, Span
from cityrules.text.vocabulary import vocabulary
from cityrules.text.width import cell, width

_ROOM: Final = 96
"""Cells of the source line that are shown."""

_VALUE: Final = 120
"""Characters of a value inside a sentence that are shown."""

_PATH: Final = 1000
"""Characters of a path that are shown; it has to stay whole to be clicked on."""

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "head": "{place}: {severity} {code}: {text}",
        "error": "error",
        "warning": "warning",
        "finding": "finding",
        "suggestion": "did you mean `{suggestion}`?",
        "expected": "expected: {expected}",
        "mend": "how to mend: {mend}",
        "more": "... and {number} more.",
    },
    "zh": {
        "head": "{place}：{severity} {code}：{text}",
        "error": "错误",
        "warning": "警告",
        "finding": "发现",
        "suggestion": "是否应为 `{suggestion}`？",
        "expected": "应为：{expected}",
        "mend": "改法：{mend}",
        "more": "…… 另有 {number} 处。",
    },
}


def show(diagnostic: Diagnostic, language: Language = "en") -> str:
    """The diagnostic in one language, several lines without a line break at the end.

    Place, severity, code and sentence; the line of the document with carets under the offending text (of a text over
    several lines the first); then suggestion, what was expected, and how to mend it, as far as there are any.
    """
    words = _WORDS[language]
    values = {name: _short(value) for name, value in diagnostic.values.items()}
    text, expected, mend = _sentences(diagnostic, language, values)
    head = {
        "place": _place(diagnostic),
        "severity": words[diagnostic.severity],
        "code": diagnostic.code,
        "text": text,
    }
    lines = [fill(words["head"], head) if head["place"] else fill(words["head"].partition("}")[2][1:].lstrip(), head)]
    if diagnostic.at is not None:
        lines.extend(_quote(diagnostic.at))
    if values.get("suggestion"):
        lines.append("   " + fill(words["suggestion"], values))
    if expected:
        lines.append("   " + fill(words["expected"], {"expected": expected}))
    if mend:
        lines.append("   " + fill(words["mend"], {"mend": mend}))
    return "\n".join(lines)


def show_all(report: Report, language: Language = "en") -> str:
    """Every diagnostic of a report in the order of the text, with an empty line between them."""
    shown = [show(diagnostic, language) for diagnostic in report]
    if report.dropped:
        shown.append(fill(_WORDS[language]["more"], {"number": str(report.dropped)}))
    return "\n\n".join(shown)


def to_json(diagnostic: Diagnostic, language: Language = "en") -> dict[str, Any]:
    """The diagnostic as data for `json.dumps`. Lines and columns count from 1; `end_column` is the first one behind.

    What a diagnostic does not have is None. Sentences are those of `show`; `found` and `suggestion` are as they were
    given, control characters and all.
    """
    text, expected, mend = _sentences(diagnostic, language, {n: _short(v) for n, v in diagnostic.values.items()})
    at = diagnostic.at
    start: Position | None = at.position if at is not None else None
    end: Position | None = at.source.position(at.end) if at is not None else None
    return {
        "code": diagnostic.code,
        "name": message(diagnostic.code).name,
        "severity": diagnostic.severity,
        "file": at.source.name if at is not None else None,
        "line": start.line if start else None,
        "column": start.column if start else None,
        "end_line": end.line if end else None,
        "end_column": end.column if end else None,
        "path": diagnostic.path,
        "message": text,
        "expected": expected or None,
        "mend": mend or None,
        "suggestion": diagnostic.values.get("suggestion") or None,
        "found": diagnostic.values.get("found"),
    }


def visible(text: str) -> str:
    r"""`text` with every control, direction and invisible character written as its number (`\x1b`, `\u202e`)."""
    return text if text.isascii() and text.isprintable() else "".join(map(_sign, text))


def _sentences(diagnostic: Diagnostic, language: Language, values: Mapping[str, str]) -> tuple[str, str, str]:
    """Sentence, what was expected, how to mend it. What the diagnostic itself expected comes before the catalogue."""
    entry = message(diagnostic.code)
    values = spoken(values, language)
    parts = [one.get(language, "") for one in (entry.text, entry.expected, entry.mend)]
    if diagnostic.words == "zh":
        of_expression = diagnostic.code.startswith("CR2")
        parts = [vocabulary().sentence(part, expression=of_expression) for part in parts]
    text, expected, mend = (fill(part, values) for part in parts)
    return text, expected or values.get("expected", ""), mend


def _place(diagnostic: Diagnostic) -> str:
    if diagnostic.at is None:
        return visible(diagnostic.path[:_PATH])
    place, source = diagnostic.at.position, diagnostic.at.source
    name = visible(source.name[:_PATH])
    return name if source.cell else f"{name}:{place.line}:{place.column}"


def _short(value: str) -> str:
    return visible(value) if len(value) <= _VALUE else visible(value[: _VALUE - 1]) + "…"


def _sign(character: str) -> str:
    if character.isprintable() or character == "\u3000":
        return character
    if character == "\t":
        return " "
    if unicodedata.category(character) == "Zs":
        return character  # Spaces of other widths show themselves as spaces.
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _quote(at: Span) -> list[str]:
    """The line where a span begins, cut round it if it is long, and carets under the span."""
    place = at.position
    line = at.source.line(place.line)
    if at.source.cell and not line.strip():
        return []  # Nobody sees more of an empty cell than its place.
    first = min(place.column - 1, len(line))
    last = max(first, min(first + at.end - at.start, len(line)))
    left, right = _window(line, first)
    before = ("…" if left > 0 else "") + visible(line[left:first])
    marked = visible(line[first : min(last, right)])
    after = visible(line[min(last, right) : right]) + ("…" if right < len(line) else "")
    carets = " " * width(before) + "^" * max(1, width(marked))
    number = " " * 5 if at.source.cell else f"{place.line:>5}"
    return [f"{number} | {before}{marked}{after}".rstrip(), f"{' ' * len(number)} | {carets}"]


def _window(line: str, at: int) -> tuple[int, int]:
    """The part of a line to show: all of it if there is room, else a third of the room before the caret."""
    if len(line) <= _ROOM and width(visible(line)) <= _ROOM:
        return 0, len(line)
    left, used = at, 0
    while left > 0 and used < _ROOM // 3:
        left -= 1
        used += _cells(line[left])
    right = at
    while right < len(line) and used < _ROOM:
        used += _cells(line[right])
        right += 1
    while left > 0 and used < _ROOM:
        left -= 1
        used += _cells(line[left])
    return left, right


def _cells(character: str) -> int:
    sign = _sign(character)
    # A character that shows nothing still counts, or a line of a million of them would be shown whole.
    return max(1, cell(character) if sign == character else len(sign))
