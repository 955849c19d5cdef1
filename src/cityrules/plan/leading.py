"""Which kind of target a measure of single records names, read off its text: a rule may run over records by way of it.

Needed before anything has a type, for what a rule sees depends on where its records lead. Knows fields and identities.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.parser import parse
from cityrules.feel.types import Member
from cityrules.plan.views import Ground
from cityrules.scheme.document import ChooseBody, FormulaBody, MeasureBody
from cityrules.text.diagnostic import Report


def leading(ground: Ground, bodies: Mapping[str, MeasureBody], ways: Iterable[str | None] = ()) -> dict[str, str]:
    """The kind of target by measure, for those of which every result is a target of one kind, or nothing. `ways`: what
    is gone by elsewhere."""
    found: dict[str, str] = {}
    wanted = {
        rule.via for body in bodies.values() for rule in (*getattr(body, "rules", {}).values(), body) if _via(rule)
    }
    wanted |= set(ways)
    for name in wanted & ground.measures.keys():
        kinds = set(_kinds(ground, bodies, name, frozenset()))
        if len(kinds) == 1 and None not in kinds:
            found[name] = str(kinds.pop())
    return found


def _via(body: object) -> bool:
    return getattr(body, "via", None) is not None


def _kinds(ground: Ground, bodies: Mapping[str, MeasureBody], name: str, seen: frozenset[str]) -> Iterator[str | None]:
    """The kind of each result; None for one that is no target."""
    body = bodies[name]
    record = ground.records.get(body.for_.kind)
    if record is None or name in seen:
        yield None
        return
    view = ground.view(body.for_)
    for leaf in _leaves(body):
        if isinstance(leaf, ast.Constant) and leaf.value is None:
            continue
        if isinstance(leaf, ast.Dot) and isinstance(leaf.base, ast.Call):
            yield _of_table(ground, leaf.base.name, leaf.name)
            continue
        said = ".".join(leaf.names) if isinstance(leaf, ast.Path) else ""
        if said in record.types:
            kind = record.types[said].kind
            yield kind if kind in ground.kinds else None
        elif said in view.kinds:
            yield said
        elif said in ground.measures and bodies[said].for_ == body.for_:
            yield from _kinds(ground, bodies, said, seen | {name})
        else:
            yield None


def _of_table(ground: Ground, name: str, column: str) -> str | None:
    """The kind of target that stands in a column of a table, if the document lists who there is: a name that nobody
    has would else lead a record nowhere, and nobody would be told."""
    table = ground.tables.get(name)
    type_ = table.table.columns.get(column) if table is not None else None
    if not isinstance(type_, Member) or not isinstance(ground.kinds[type_.kind].members, tuple):
        return None
    return type_.kind


def _leaves(body: MeasureBody) -> Iterator[ast.Expr | None]:
    """Every expression that can be the result."""
    match body:
        case FormulaBody(formula=formula):
            texts = [formula]
        case ChooseBody(choose=branches, otherwise=otherwise):
            texts = [*(branch.give for branch in branches.values()), otherwise]
        case _:
            texts = []
            yield None
    waiting = [parse(text, Complaints(Report(), text)) for text in texts]
    while waiting:
        match waiting.pop():
            case ast.Choice(then=then, otherwise=other):
                waiting += [then, other]
            case ast.Call(name="default", arguments=arguments):
                waiting += arguments
            case leaf:
                yield leaf
