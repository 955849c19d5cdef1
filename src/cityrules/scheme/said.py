"""Addresses of a document and what stands there, in the keywords that it is written in, for texts that people read.

Data keep the canonical words, which are English: programs of every language ask by the same addresses. Whoever reads
`参数.授旗名额.取值` finds it in the document, and can hand it over as a change on the command line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from cityrules.scheme.annotations import address
from cityrules.scheme.load import Loaded
from cityrules.scheme.places import Path
from cityrules.scheme.translate import Saying
from cityrules.text.nodes import Mapping, Node


class Said:
    """How one document says what stands in it."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded

    def path(self, path: Sequence[str]) -> Path:
        """A path name by name; names that the document gives stay as they are."""
        language = self._loaded.language
        return tuple(path) if language == "en" else tuple(address([*path], language)[0])

    def address(self, dotted: str) -> str:
        """A dotted address."""
        return ".".join(self.path(dotted.split(".")))

    def at(self, path: Sequence[str], value: str) -> str:
        """A single value that stands at a path, or could: a word, an expression, a number."""
        return value if self._saying is None else self._saying.at(tuple(path), value)

    def node(self, path: Sequence[str], value: Node) -> Node:
        """The same of any value, maps and lists as well."""
        return value if self._saying is None else self._saying.node(tuple(path), value)

    @cached_property
    def _saying(self) -> Saying | None:
        root, language = self._loaded.root, self._loaded.language
        return Saying(root, language) if language != "en" and isinstance(root, Mapping) else None
