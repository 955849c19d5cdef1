"""Documents that are good YAML and do not say what their writer meant.

A value cut at a comma or at ` #`, full-width punctuation that YAML takes for letters. Each is an error with the
quoting that mends it: quoted, every one of these texts is accepted.
"""

from __future__ import annotations

import re
from typing import Final

from cityrules.text.diagnostic import Report
from cityrules.text.nodes import Node, Scalar
from cityrules.text.quoting import balance, quoted
from cityrules.text.regions import line_of, value_at, wide_colon
from cityrules.text.source import Span

CUT_AT_COMMA: Final = "CR150"
CUT_AT_HASH: Final = "CR151"
QUESTION_IN_FLOW: Final = "CR155"
WIDE_COLON: Final = "CR156"
WIDE_MARK: Final = "CR157"
WIDE_QUOTES: Final = "CR158"
WIDE_COMMA: Final = "CR159"

_PIECES: Final = 20
"""How many cut pieces are put together again at most."""

_HASH: Final = re.compile(r"[ \t]+#")
_OPERATOR: Final = re.compile(r"(?:[-+*/=<>(,]|(?<![^\s()])(?:and|or|not|in|then|else|if|between))\Z")
_BREAK: Final = re.compile(r"[ \t]*\r?\n[ \t\r\n]*")
_STRUCTURE: Final = re.compile("[：，；、“”‘’＂＇【】｛｝［］（）＃\u3000\xa0]")
_WRAPPED: Final = {"“": "”", "”": "”", "‘": "’", "＂": "＂", "＇": "＇", "【": "】", "｛": "｝", "［": "］"}
_HALF: Final = str.maketrans({
    "：": ":", "，": ",", "；": ";", "、": ",", "“": '"', "”": '"', "‘": "'", "’": "'", "＂": '"', "＇": "'", "【": "[",
    "】": "]", "｛": "{", "｝": "}", "［": "[", "］": "]", "（": "(", "）": ")", "＃": "#", "\u3000": " ", "\xa0": " ",
})  # fmt: skip


def check_key(key: Scalar, report: Report, path: str) -> None:
    """Full-width punctuation in a key without quotes."""
    if key.style != "plain" or key.text.isascii():
        return
    match = _STRUCTURE.search(key.text)
    if match is None:
        return
    at = key.part(match.start(), match.end())
    if match[0] == "：":
        report.add(WIDE_COLON, at, path)
    else:
        sign = match[0] if match[0].isprintable() else f"U+{ord(match[0]):04X}"
        report.add(WIDE_MARK, at, path, found=sign, half=match[0].translate(_HALF), mended=quoted(key.text))


def check_value(value: Scalar, report: Report, path: str, *, in_flow: bool, in_list: bool) -> None:
    """What can be wrong with one value without quotes, whatever stands beside it."""
    if value.style != "plain" or value.empty:
        return
    source, end = value.span.source, value.span.end
    if source.text[end : end + 1] in (" ", "\t"):
        _check_hash(value, report, path, in_flow)
    if in_flow and "?" in value.text:
        report.add(QUESTION_IN_FLOW, value.span, path, found="?", mended=quoted(value.text))
    if value.text.isascii():
        return
    if len(value.text) > 1 and _WRAPPED.get(value.text[0]) == value.text[-1]:
        inner = quoted(value.text[1:-1])
        report.add(WIDE_QUOTES, value.span, path, found=value.text[0] + value.text[-1], mended=inner)
    elif in_flow and in_list and "，" in value.text:
        at = value.text.index("，")
        report.add(WIDE_COMMA, value.part(at, at + 1), path, mended=quoted(value.text))
    elif not in_flow and "：" in value.text:
        _check_wide_colon(value, report, path)


def mend_map(entries: list[tuple[Scalar, Node]], report: Report, path: str) -> list[tuple[Scalar, Node]]:
    """Find values of a map in flow style that were cut at a comma, and put them together again."""
    mended: list[tuple[Scalar, Node]] = []
    number = 0
    while number < len(entries) and not report.dropped:
        key, value = entries[number]
        pieces = [key for key, following in entries[number + 1 : number + 1 + _PIECES] if _nothing(following)]
        # Only what follows directly can be a piece.
        while pieces and pieces[-1] is not entries[number + len(pieces)][0]:
            pieces.pop()
        number += 1
        if isinstance(value, Scalar) and pieces:
            taken = _taken(value, pieces)
            if taken:
                value = _joined(value, pieces[taken - 1], report, f"{path}.{key.text}" if path else key.text)
                number += taken
        mended.append((key, value))
    return mended + entries[number:]


def mend_list(items: list[Node], report: Report, path: str) -> list[Node]:
    """The same for the items of a list in flow style."""
    mended: list[Node] = []
    number = 0
    while number < len(items) and not report.dropped:
        item = items[number]
        number += 1
        if isinstance(item, Scalar) and item.style == "plain" and balance(item.text) == "open":
            pieces: list[Scalar] = []
            for piece in items[number : number + _PIECES]:
                if not isinstance(piece, Scalar):
                    break
                pieces.append(piece)
            taken = _taken(item, pieces)
            if taken:
                item = _joined(item, pieces[taken - 1], report, path)
                number += taken
        mended.append(item)
    return mended + items[number:]


def _nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.empty


def _taken(value: Scalar, pieces: list[Scalar]) -> int:
    """How many of the pieces behind a value belong to it; 0 if it was not cut."""
    if value.style != "plain" or not pieces:
        return 0
    source = value.span.source
    if balance(value.text) != "open":
        # 1,000 is one number to its writer and two texts to YAML.
        first = pieces[0]
        number = value.text[-1:].isdigit() and first.text.isdigit() and first.span.start - value.span.end == 1
        return 1 if number and len(first.text) == 3 else 0
    for count, piece in enumerate(pieces, 1):
        if balance(source.text[value.span.start : piece.span.end]) == "balanced":
            return count
    return 1


def _joined(value: Scalar, last: Scalar, report: Report, path: str) -> Scalar:
    span = Span(value.span.source, value.span.start, last.span.end)
    whole = _BREAK.sub(" ", span.text)
    report.add(CUT_AT_COMMA, span, path, found=value.text, mended=quoted(whole))
    return Scalar(whole, span)


def _check_hash(value: Scalar, report: Report, path: str, in_flow: bool) -> None:
    source, end = value.span.source, value.span.end
    match = _HASH.match(source.text, end)
    if match is None:
        return
    sign = match.end()
    number = source.text[sign : sign + 1].isdigit()
    if number or balance(value.text) == "open" or _OPERATOR.search(value.text):
        stop = value_at(source, sign - 1, in_flow, past_hash=True).end
        whole = _BREAK.sub(" ", source.text[value.span.start : stop])
        report.add(CUT_AT_HASH, Span(source, sign - 1, stop), path, found=value.text, mended=quoted(whole))


def _check_wide_colon(value: Scalar, report: Report, path: str) -> None:
    """A block of `key：value` lines is one text to YAML."""
    source, start, end = value.span.source, value.span.start, value.span.end
    low, _ = line_of(source, start)
    if source.text[low:start].strip(" -"):
        return  # It stands behind a key on one line: a title may well hold a colon.
    while low < end:
        _, high = line_of(source, low)
        colon = wide_colon(source, low, high)
        if colon is None:
            return  # Prose over several lines, in which some line has no colon.
        if low <= start:
            first = colon
        low = high + 1
    report.add(WIDE_COLON, first, path)
