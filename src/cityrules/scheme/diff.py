"""What is different between two documents: by address, as small as an address can be, and as an overlay. Runs nothing.

Two documents are compared as what they mean: what is only written otherwise is no difference, and neither is the order
of names, wherever that has no meaning.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cityrules.scheme.amendment import Amendment
from cityrules.scheme.contrast import contrasted
from cityrules.scheme.difference import Difference, plain_tree, tree_at
from cityrules.scheme.keys import body_at, sections
from cityrules.scheme.load import Loaded
from cityrules.scheme.places import Path

SAID: Final = frozenset({"clause", "label", "note", "by"})
"""What bodies say of themselves."""
SAYING: Final = frozenset({
    *SAID, "cityrules", "scheme", "title", "issuer", "source", "uncomputed", "silenced", "labels", "examples",
})  # fmt: skip
"""What a document says of itself, and what nothing is computed from."""

_UNSTATED: Final = "unstated"


@dataclass(frozen=True, slots=True)
class Group:
    """The differences under one clause; of those under none (`clause` None), in one body. `name`: the clause, else the
    address of the body."""

    clause: str | None
    name: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Differences:
    """All differences between two documents, in the order in which they stand."""

    before: Loaded
    after: Loaded
    found: tuple[Difference, ...]

    def __iter__(self) -> Iterator[Difference]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def changes(self) -> dict[str, object]:
        """The changes by dotted path under which the document before is the document after."""
        return self.changes_of(self.found)

    def changes_of(self, chosen: Collection[Difference]) -> dict[str, object]:
        """The changes by dotted path that make some of the differences, and no other.

        An overlay adds at the end and has no addresses inside of names with dots: where that would be something else,
        the map around it is replaced as a whole.
        """
        made = Amendment(plain_tree(self.before), plain_tree(self.after), chosen)
        return {".".join(path): value for path, value in made.changes().items()}

    @property
    def groups(self) -> tuple[Group, ...]:
        """All differences by clause."""
        return grouped(self.found)

    @cached_property
    def effective(self) -> tuple[Difference, ...]:
        """Those that can change a result."""
        return tuple(one for one in self.found if self.is_effective(one))

    @cached_property
    def told(self) -> tuple[Difference, ...]:
        """Those that change what is told and quoted alone: titles, labels, notes, examples, what a reading asks; and
        the clause, which explanations and movements quote: no number comes from it."""
        return tuple(one for one in self.found if not self.is_effective(one))

    def is_effective(self, difference: Difference) -> bool:
        """Whether a difference can change a result."""
        path = difference.path
        if path[0] in SAYING or (path[-1] in SAID and self._in_body(path)):
            return False
        if path[0] != "readings" or len(path) < 2:
            return True
        # The chosen reading is what the document says; one that nobody chose keeps from being computed what its options
        # change.
        bodies = [tree_at(one.raw, path[:2]) for one in (self.before, self.after)]
        return any(isinstance(body, Mapping) and body.get("chosen") == _UNSTATED for body in bodies) and (
            len(path) == 2 or path[2] in ("chosen", "others")
        )

    def _in_body(self, path: Path) -> bool:
        """Whether the last part of a path is the key of a body, and no name that is written like one."""
        return any(body_at(path[:-1], one.raw) is not None for one in (self.before, self.after))


def differences(before: Loaded, after: Loaded) -> Differences:
    """What is different between two documents, from the first to the second."""
    return Differences(before, after, tuple(contrasted(before, after)))


def grouped(found: Iterable[Difference]) -> tuple[Group, ...]:
    """Differences by clause, in the order in which each clause is met first."""
    groups: dict[tuple[str | None, str], list[Difference]] = {}
    for one in found:
        name = one.clause or ".".join(one.path[: 2 if one.path[0] in sections() else 1])
        groups.setdefault((one.clause, name), []).append(one)
    return tuple(Group(clause, name, tuple(ones)) for (clause, name), ones in groups.items())
