"""Into which independent parts the targets of a scheme fall, as far as its rows say. Knows plans and names, no values.

Targets belong together with those that hold them, with those that a record names besides, and so on. What follows for
the targets of one part depends on the rows of that part alone, unless the scheme compares targets: then all are one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field

from cityrules.feel.tree import Read, Tree
from cityrules.live.cut import Body
from cityrules.live.forms import Place
from cityrules.plan.model import Alike, Fold, KindAxis, Ledger, Pauses, Plan, Rank, RecordAxis, Share
from cityrules.plan.names import Field
from cityrules.plan.reading import axes
from cityrules.plan.views import WHOLE


def tied_by(plan: Plan) -> str | None:
    """What makes all targets one part: a name in the scheme; None where parts are independent."""
    for kind in plan.kinds.values():
        if kind.parts or kind.stated is not None or not isinstance(kind.members, str):
            return kind.name
    for record in plan.records.values():
        if record.one_per is not None and record.one_per.kind == WHOLE:
            return record.name
    bodies: list[Body] = [*plan.measures.values(), *plan.consequences.values(), *plan.checks.values()]
    return next((body.name for body in bodies if _ties(plan, body)), None)


def _ties(plan: Plan, body: Body) -> bool:
    """Whether a value of one target can depend on others that have nothing to do with it."""
    if body.grain.kind == WHOLE or isinstance(body, (Rank, Share, Pauses)):
        return True
    if isinstance(body, Fold) and (body.of_record or body.among):
        # Records that must name one target belong together anyway.
        return not any(_together(plan, alike) for alike in body.among)
    if isinstance(body, Ledger) and any(cap.shared is not None and cap.shared.kind == WHOLE for cap in body.caps):
        return True
    return any(
        axis.route is None or axis.route.measured if isinstance(axis, RecordAxis)
        else isinstance(axis, KindAxis) and axis.itself is not None
        for axis in axes(body)
    )  # fmt: skip


def _together(plan: Plan, alike: Alike) -> bool:
    """Whether two rows that agree in something both name the target that this is."""
    kinds = [_named(plan, expr.tree) for expr in (alike.own, alike.other)]
    return kinds[0] is not None and kinds[0] == kinds[1]


def _named(plan: Plan, tree: Tree) -> str | None:
    """The kind of target that each record names in what is read; None where it may name none."""
    if not isinstance(tree, Read) or not isinstance(tree.binding, Field) or tree.binding.record not in plan.records:
        return None
    type_ = plan.records[tree.binding.record].fields.get(tree.binding.name)
    return type_.kind if type_ is not None and not type_.optional and type_.kind in plan.kinds else None


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
