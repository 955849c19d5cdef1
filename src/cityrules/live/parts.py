"""Into which independent parts the targets of a scheme fall, as far as its rows say. Knows names, no values.

Targets belong together with those that hold them, with those that a record names besides, and so on. What follows for
the targets of one part depends on the rows of that part alone, unless the scheme compares targets: then all are one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from cityrules.model.forms import Place
from cityrules.plan.independence import tied_by
from cityrules.plan.model import Plan


@dataclass(eq=False, slots=True)
class Part:
    """Targets that belong together. `places`: the rows about them; `names`: what they are called. `cause`: the event
    that last touched them, by its number; `dirty`: what follows for them is not known since; `heir`: the part that this
    one has become part of."""

    places: dict[Place, None] = field(default_factory=dict)
    names: dict[str, None] = field(default_factory=dict)
    cause: int = 0
    dirty: bool = True
    heir: Part | None = None

    @property
    def now(self) -> Part:
        """The part in which these targets are by now."""
        part = self
        while part.heir is not None:
            part = part.heir
        return part


class Parts:
    """The parts of the rows so far. They grow together and never fall apart again, which is right if slow: a row that
    was annulled may have tied two."""

    def __init__(self, plan: Plan) -> None:
        self.tied = tied_by(plan)
        self._up: dict[Hashable, Hashable] = {}
        self._parts: dict[Hashable, Part] = {}

    def __iter__(self) -> Iterator[Part]:
        return iter(self._parts.values())

    def touch(self, place: Place, named: Iterable[Place], event: int) -> None:
        """Note that an event is about a row, which names targets and other rows."""
        named = [*named]
        part = self._join([place, *(named if self.tied is None else [()])])
        part.places[place] = None
        part.names |= dict.fromkeys(key[0] for _, key in named)
        part.cause, part.dirty = event, True

    def touch_all(self, event: int) -> None:
        """Note that an event can change everything."""
        for part in self._parts.values():
            part.cause, part.dirty = event, True

    def _join(self, nodes: list[Hashable]) -> Part:
        """The part that holds some nodes from now on."""
        roots = list(dict.fromkeys(map(self._root, nodes)))
        # The smaller ones are put under the largest.
        first, *others = sorted(roots, key=lambda root: -len(self._parts[root].places))
        part = self._parts[first]
        for root in others:
            self._up[root] = first
            joined = self._parts.pop(root)
            part.places |= joined.places
            part.names |= joined.names
            joined.heir = part
        return part

    def _root(self, node: Hashable) -> Hashable:
        if node not in self._up:
            self._up[node] = node
            self._parts[node] = Part()
        way = []
        while self._up[node] != node:
            way.append(node)
            node = self._up[node]
        for step in way:
            self._up[step] = node
        return node
