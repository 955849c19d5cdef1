"""What records have in common that are counted together: names that both have, of one type. Knows drafts of folds."""

from __future__ import annotations

from cityrules.feel.check import ANY
from cityrules.feel.tree import Read
from cityrules.feel.types import Member, Number, Type
from cityrules.plan.context import Context, Under
from cityrules.plan.drafts import Draft
from cityrules.plan.model import Alike
from cityrules.plan.names import Attribute, Field, Identity, Measured

OWN, OTHER = "among", "like"


def alike(context: Context, draft: Draft, under: Under) -> tuple[Alike, ...] | None:
    """The names in which records agree; none for folds that are not of single records; None after a complaint."""
    found = []
    wanted = 0
    for key, part in draft.parts.items():
        word, _, number = key.partition(".")
        if word != OWN:
            continue
        wanted += 1
        there = draft.parts[f"{OTHER}.{number}"]
        own = context.check(part, ANY, under=under)
        other = own if there is part else context.check(there, ANY)
        if own is None or other is None:
            continue
        if not (isinstance(own.tree, Read) and isinstance(own.tree.binding, (Field, Attribute, Identity, Measured))):
            context.reporter.refuse("CR873", part.path, found=part.text)
        elif _sort(own.tree.type) != _sort(other.tree.type):
            context.reporter.refuse("CR874", part.path, found=part.text)
        else:
            found.append(Alike(context.expr(part, own), context.expr(there, other)))
    return tuple(found) if len(found) == wanted else None


def uncertain(among: tuple[Alike, ...]) -> tuple[str, ...]:
    """The names in which records agree that can be missing: it is unknown then whom a record is like."""
    return tuple(one.own.text for one in among if one.own.type.optional or one.other.type.optional)


def _sort(type_: Type) -> tuple[object, ...]:
    """What values must share to be compared as they are stored."""
    match type_:
        case Number(scale=scale, unit=unit):
            return ("number", scale, unit)
        case Member(kind=kind):
            return ("kind", kind)
        case _:
            return (type(type_).__name__,)
