"""The kinds of targets with their ancestors, out of the document. Knows nothing of records and measures."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from cityrules.feel.tree import Value
from cityrules.plan.fields import BASES
from cityrules.plan.model import Kind, TablePlan
from cityrules.plan.reporting import Address, Reporter
from cityrules.scheme.document import Document, MembersBody, TargetBody
from cityrules.scheme.notation import FieldType, Grain, parts_of, plain_number

MOST_LEVELS = 32
"""Of kinds above one another: far more than any administration has."""


def build_kinds(reporter: Reporter) -> dict[str, Kind]:
    """Every kind by name; complaints go to the reporter. A kind whose place is in doubt is built without ancestors."""
    documented = reporter.loaded.document
    bodies = documented.targets
    kinds = {}
    for name, body in bodies.items():
        ancestors = _ancestors(reporter, name, bodies)
        _check_members(reporter, name, body)
        for field, type_ in body.fields.items():
            check_field(reporter, ("targets", name, "fields", field), type_, bodies)
        members = _listed(documented, body.members.table) if isinstance(body.members, MembersBody) else body.members
        kinds[name] = Kind(name, ancestors, members, dict(body.fields), aliases=dict(body.aliases))
    return {**kinds, **_by_dimension(reporter, kinds)}


def _listed(document: Document, table: str) -> tuple[str, ...]:
    """The names in the first column of the key of a table."""
    body = document.tables.get(table)
    if body is None or not isinstance(body.rows, tuple) or not body.key or body.key[0] not in body.columns:
        return ()
    place = list(body.columns).index(body.key[0])
    return tuple(row[place] for row in body.rows if len(row) > place)


def with_stated(
    document: Document, kinds: Mapping[str, Kind], tables: Mapping[str, TablePlan | None]
) -> dict[str, Kind]:
    """The kinds whose members stand in a table, with its rows."""
    found = dict(kinds)
    for name, body in document.targets.items():
        plan = tables.get(body.members.table) if isinstance(body.members, MembersBody) else None
        if plan is None:
            continue
        columns = list(plan.table.columns)
        found[name] = replace(
            kinds[name],
            stated=tuple(
                {NAME: _text(key[0])} | {column: _text(cell) for column, cell in zip(columns, cells, strict=True)}
                for key, cells in plan.table.rows.items()
            ),
        )
    return found


NAME = "name"
"""The column of registered targets that says what they are called."""


def _text(value: Value) -> str | None:
    """A value of a table as it would stand in a file."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return plain_number(value)
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)


def _by_dimension(reporter: Reporter, kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds `squad per item` that grains of the document name, each once."""
    found: dict[str, Kind] = {}
    for path, grain in _grains(reporter.loaded.document):
        parts = parts_of(grain.kind)
        if len(parts) > 1 and grain.kind not in found and _independent(reporter, path, grain, parts, kinds):
            same = next((kind.name for kind in found.values() if set(kind.parts) == set(parts)), None)
            if same is not None:
                reporter.refuse("CR894", path, found=grain.kind, other=same)
                continue
            seen = dict.fromkeys(name for part in parts for name in (part, *kinds[part].ancestors))
            found[grain.kind] = Kind(grain.kind, tuple(seen), (), {}, parts)
    for kind in found.values():
        # A pair of a squad and an item belongs to the pair of its bureau and the item, too.
        others = (other for other in found.values() if other.name != kind.name)
        coarser = (other.name for other in others if set(other.parts) <= {*kind.ancestors})
        found[kind.name] = replace(kind, ancestors=(*kind.ancestors, *coarser))
    return found


def _grains(document: Document) -> Iterator[tuple[Address, Grain]]:
    """Every grain of the document, with its address."""
    for section, bodies in (
        ("measures", document.measures), ("consequences", document.consequences), ("checks", document.checks)
    ):  # fmt: skip
        for name, body in bodies.items():
            if body.for_ is not None:
                yield (section, name, "for"), body.for_
    for name, record in document.records.items():
        if record.one_per is not None:
            yield ("records", name, "one_per"), record.one_per


def _independent(
    reporter: Reporter, path: Address, grain: Grain, parts: tuple[str, ...], kinds: Mapping[str, Kind]
) -> bool:
    """Whether a target and its dimensions are kinds that have nothing to do with one another; complains if not."""
    target, *dimensions = parts
    documented = reporter.loaded.document
    if target == "whole":
        plain = Grain(dimensions[0], grain.period)
        reporter.refuse("CR892", path, found=grain, wanted=plain)
        return False
    if target in documented.records:
        reporter.refuse("CR893", path, found=grain, kind=target)
        return False
    if target not in kinds:
        return False  # What is made of the grain complains about that.
    for place, name in enumerate(dimensions, 1):
        if name not in kinds:
            reporter.refuse_name("CR890", path, name, [kind for kind in kinds if kind != target])
            return False
        line = {name, *kinds[name].ancestors}
        for other in parts[:place]:
            if line & {other, *kinds[other].ancestors}:
                reporter.refuse("CR891", path, found=name, other=other)
                return False
    return True


def plain_kinds(kinds: Mapping[str, Kind]) -> list[str]:
    """The names of the kinds that the document declares, without those by dimension."""
    return [name for name, kind in kinds.items() if not kind.parts]


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
    if body.members == "registered" or isinstance(body.members, MembersBody):
        return
    for key, given in (("in", body.in_), ("fields", body.fields)):
        if given:
            reporter.refuse("CR403", ("targets", name, key), name=name, key=key)
