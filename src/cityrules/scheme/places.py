"""Where the addresses of a document stand: paths of names looked up in the nodes. Knows no form of the language.

A document under an overlay stands in two texts. `Patch` is what an overlay put at a path; every other place is that of
the base.
"""

from __future__ import annotations

from collections.abc import Mapping as Map
from dataclasses import dataclass, field

from cityrules.text.nodes import Mapping, Node, Scalar, Sequence
from cityrules.text.source import Span

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patch:
    """What stands at a path since an overlay: the key it was written with, and its node; None where Python gave it."""

    key: Scalar | None = None
    node: Node | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """The nodes of a document (no root: it was built in Python) and of the overlays on it."""

    root: Node | None = None
    patches: Map[Path, Patch] = field(default_factory=dict)

    def entry(self, path: Path) -> tuple[Scalar | None, Node | None]:
        """The key and the value at `path`, None for what is not there. A list has its numbers from 0 as names."""
        key, node, rest = None, self.root, path
        for length in range(len(path), 0, -1) if self.patches else ():
            patch = self.patches.get(path[:length])
            if patch is not None:
                key, node, rest = patch.key, patch.node, path[length:]
                break
        for name in rest:
            if isinstance(node, Mapping):
                key, node = node.key(name), node.get(name)
            elif isinstance(node, Sequence) and name.isascii() and name.isdigit() and int(name[:6]) < len(node.items):
                key, node = None, node.items[int(name[:6])]
            else:
                return None, None
        return key, node

    def value(self, path: Path) -> Scalar | None:
        """The text at `path`; None for a map, a list, or nothing."""
        node = self.entry(path)[1]
        return node if isinstance(node, Scalar) else None

    def key(self, path: Path) -> Scalar | None:
        """The key at `path`."""
        return self.entry(path)[0]

    def span(self, path: Path) -> Span | None:
        """The best place to point at: the text, else the key, else the nearest place around it; None without a text.

        What an overlay from Python put in has no place, and what stands around it in the base would mislead.
        """
        while True:
            if self.patches.get(path) == Patch():
                return None
            key, node = self.entry(path)
            if isinstance(node, Scalar) and not node.empty:
                return node.span
            if key is not None:
                return key.span
            if not path:
                return None if node is None else Span(node.span.source, node.span.start, node.span.start)
            if node is not None:
                return Span(node.span.source, node.span.start, node.span.start + 1)
            path = path[:-1]

    def key_span(self, path: Path) -> Span | None:
        """The key at `path`, or the best place there is."""
        key = self.entry(path)[0]
        return self.span(path) if key is None else key.span
