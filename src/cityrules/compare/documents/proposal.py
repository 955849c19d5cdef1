"""The differences of two documents as a document of its own: one that is based on the first and changes it by address.

What comes out is a text that loads as the second document. Runs nothing and opens no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from cityrules.scheme.based import ITS_OWN
from cityrules.scheme.convert import convert
from cityrules.scheme.diff import Differences
from cityrules.scheme.difference import plain_tree
from cityrules.scheme.meant import plainly
from cityrules.testing.writing.layout import lines
from cityrules.text.diagnostic import Report
from cityrules.text.quoting import as_written, quoted
from cityrules.text.source import Source

_LAST: Final = ("silenced", "examples")
"""What stands behind the changes."""
_OVERLAYS: Final = ("others", "under")
"""Keys of changes by address."""


def proposal(differences: Differences, based_on: str) -> str:
    """A document (YAML) that is based on the first document, which `based_on` names, and is the second one. In the
    keywords of the second document.

    An example that both have was worked out for the first one and is not repeated, as a base's never are: under what is
    changed it need not hold.
    """
    after = differences.after
    text = "\n".join(_written(differences, based_on)) + "\n"
    if after.language == "en":
        return text
    return convert(Source("proposal.yaml", text), after.language, Report()) or text


def _written(differences: Differences, based_on: str) -> Iterator[str]:
    before, after = (plain_tree(loaded) for loaded in (differences.before, differences.after))
    for key in ITS_OWN:
        if key not in _LAST and after.get(key) is not None:
            yield from lines(key, plainly(after[key]), 0, _text)
        elif key == "clause" and before.get(key) is not None:
            # The base's own would hold on; with nothing behind it, there is none.
            yield f"{key}:"
    yield from lines("based_on", based_on, 0, _text)
    changes = {path: value for path, value in differences.changes.items() if path.partition(".")[0] not in ITS_OWN}
    if changes:
        yield "changes:"
        for path, value in changes.items():
            yield from lines(path, value if isinstance(value, str) else _nulls(plainly(value)), 2, _text)
    own = {one.path[1] for one in differences if one.path[0] == "examples" and len(one.path) > 1}
    for key in _LAST:
        body = _nulls(plainly(after.get(key)))
        entries = body.items() if isinstance(body, Mapping) else ()
        kept = {name: value for name, value in entries if key != "examples" or name in own}
        if kept:
            yield ""
            yield f"{key}:"
            for name, value in kept.items():
                yield from lines(str(name), value, 2, _text)


def _nulls(value: object, key: str = "") -> object:
    """A tree with None for the word `null`, which is written without quotes wherever it is no change by address."""
    if key in _OVERLAYS:
        return value
    if isinstance(value, Mapping):
        return {name: _nulls(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_nulls(inner) for inner in value]
    return None if value == "null" else value


def _text(text: str) -> str:
    """In changes a plain `null` removes, while the quoted one is the word."""
    return quoted(text) if text == "null" else as_written(text)
