"""An explanation as a value: a tree of what was read, what was decided, and by which clause. Knows no wording."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cityrules.scheme.notation import JOIN
from cityrules.text.diagnostic import Language

BETWEEN = " / "
"""Stands between a target and the values of its dimensions where people read and write them."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line and what stands under it.

    `kind` names the line (`cell`, `movement`, `condition`, `field`, ...; all of them are in `wording.yaml`). `values`
    are its texts: numbers with exactly the digits they have in the result tables; what does not apply is not there.
    """

    kind: str
    values: Mapping[str, str]
    children: tuple[Explanation, ...] = ()

    def render(self, language: Language = "en", *, most: int | None = None) -> str:
        """The tree written for a person. `most`: how many lines of one branch are shown before the rest is counted."""
        from cityrules.results.why_text import render

        return render(self, language, most=most)

    def to_json(self) -> dict[str, Any]:
        """The tree as data for `json.dumps`; every value is a text."""
        return {
            "kind": self.kind,
            "values": dict(self.values),
            "children": [child.to_json() for child in self.children],
        }

    def nodes(self) -> Iterator[Explanation]:
        """This line and all under it, in the order in which they are shown."""
        yield self
        for child in self.children:
            yield from child.nodes()


def line(kind: str, *children: Explanation, **values: object) -> Explanation:
    """A line; values that are None are left out."""
    texts = {
        name: (value if isinstance(value, str) else str(value)).replace(JOIN, BETWEEN)
        for name, value in values.items()
        if value is not None
    }
    return Explanation(kind, texts, children)
