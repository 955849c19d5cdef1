"""The words of a part of an expression as the document has them, in either language, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence

from cityrules.feel.spoken import Rewrite, rewrites
from cityrules.feel.tree import Tree
from cityrules.plan.model import Expr
from cityrules.text.source import Span


def words(expr: Expr, node: Tree) -> tuple[str, Span | None]:
    """The words of a part of an expression, and where they stand."""
    if expr.span is None:
        return expr.text[node.start : node.end] or expr.text, None
    stands = expr.span.text
    # Where a form has put more around it, what is written is the text in the document, in the words of either language.
    own = " ".join((stands[1:-1] if stands[:1] in ("'", '"') else stands).split())
    for written, read in ((expr.text, []), (own, [] if own in expr.text else rewrites(own, "en"))):
        places, turned = _aligned(written, stands), _turned(written, read)
        if places is not None and node.start < node.end <= len(turned):
            start, end = turned[node.start][0], turned[node.end - 1][1]
            first, last = expr.span.start + places[start], expr.span.start + places[end - 1] + 1
            return written[start:end], Span(expr.span.source, first, last)
    return expr.text[node.start : node.end] or expr.text, expr.span


def _turned(written: str, read: Sequence[Rewrite]) -> list[tuple[int, int]]:
    """Of each character of a text as it is read, with other words for some that are written: from where up to where
    that is written of which it is."""
    found: list[tuple[int, int]] = []
    at = 0
    for word in read:
        found += [(place, place + 1) for place in range(at, word.start)]
        found += [(word.start, word.end)] * len(word.text)
        at = word.end
    return found + [(place, place + 1) for place in range(at, len(written))]


def _aligned(written: str, stands: str) -> list[int] | None:
    """Where each character of a text stands in the document, which may break lines in it; None where it does not."""
    first = next((char for char in written if not char.isspace()), "")
    for start, char in enumerate(stands):
        if char == first and (found := _from(written, stands, start)) is not None:
            return found
    return None


def _from(written: str, stands: str, start: int) -> list[int] | None:
    at, found = start, []
    for char in written:
        if not char.isspace():
            while at < len(stands) and stands[at].isspace():
                at += 1
            if at >= len(stands) or stands[at] != char:
                return None
        found.append(min(at, len(stands) - 1))
        at += 0 if char.isspace() else 1
    return found
