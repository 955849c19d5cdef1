"""The kinds of targets with their ancestors, out of the document. Knows nothing of records and measures."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from cityrules.plan.fields import BASES
from cityrules.plan.model import Kind
from cityrules.plan.reporting import Reporter
from cityrules.scheme.document import TargetBody
from cityrules.scheme.notation import FieldType

MOST_LEVELS = 32
"""Of kinds above one another: far more than any administration has."""


def build_kinds(reporter: Reporter) -> dict[str, Kind]:
    """Every kind by name; complaints go to the reporter. A kind whose place is in doubt is built without ancestors."""
    bodies = reporter.loaded.document.targets
    kinds = {}
    for name, body in bodies.items():
        ancestors = _ancestors(reporter, name, bodies)
        _check_members(reporter, name, body)
        for field, type_ in body.fields.items():
            check_field(reporter, ("targets", name, "fields", field), type_, bodies)
        kinds[name] = Kind(name, ancestors, body.members, dict(body.fields))
    return kinds


def check_field(reporter: Reporter, path: tuple[str, ...], field: FieldType, kinds: Mapping[str, object]) -> None:
    """Complain about a field that is typed with something that is no kind."""
    if field.kind is not None and field.kind not in kinds:
        reporter.refuse_name("CR404", path, field.kind, [*kinds, *BASES])


def _ancestors(reporter: Reporter, name: str, bodies: Mapping[str, TargetBody]) -> tuple[str, ...]:
    """The parents upward from `name`. Complains about its own parent only: each kind speaks for itself."""
    path = ("targets", name, "in")
    chain: list[str] = []
    at = bodies[name].in_
    while at is not None:
        if at not in bodies:
            if not chain:
                reporter.refuse_name("CR401", path, at, bodies)
            return tuple(chain)
        if at == name or at in chain:
            # Each circle is told once, at its first kind.
            if at == name and not any(kind in chain for kind in itertools.takewhile(name.__ne__, bodies)):
                reporter.refuse("CR402", path, circle=" → ".join((name, *chain, name)))
            return ()
        chain.append(at)
        if len(chain) > MOST_LEVELS:
            reporter.refuse("CR406", path, limit=MOST_LEVELS)
            return ()
        at = bodies[at].in_
    if chain and bodies[chain[0]].members == "as they appear":
        reporter.refuse("CR408", path, name=name, found=chain[0])
    return tuple(chain)


def _check_members(reporter: Reporter, name: str, body: TargetBody) -> None:
    if body.members == "registered":
        return
    for key, given in (("in", body.in_), ("fields", body.fields)):
        if given:
            reporter.refuse("CR403", ("targets", name, key), name=name, key=key)
