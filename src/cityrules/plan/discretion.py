"""The discretion of an inspector: points that stand in a field of the record, between two bounds. Knows single rows.

A record that does not keep to it is no record: it is rejected before anything counts it. So that this is the same for
every ledger and every engine, it is decided by the row alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from cityrules.feel.check import Checked
from cityrules.feel.tree import Binding, IsMissing, Literal_, Logic, Read, Tree
from cityrules.feel.types import Flag, Number
from cityrules.feel.walk import nodes
from cityrules.plan.context import Context, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.fields import field_type
from cityrules.plan.model import Axis, Discretion, Expr, RecordAxis
from cityrules.plan.names import Dial, Field, Now, PeriodPart
from cityrules.plan.parts import Part
from cityrules.plan.sheets import Entry
from cityrules.plan.trees import compared, default


@dataclass(frozen=True, slots=True)
class Asked:
    """The condition of a rule as written and checked, and what holds where it is unknown."""

    part: Part | None
    when: Checked | None
    unknown: Literal["yes", "no", "undecided"] | None


def build_discretion(
    context: Context,
    draft: Draft,
    entry: Entry,
    axis: Axis | None,
    asked: Asked,
    points: Checked,
    proved: frozenset[Binding],
) -> Discretion | None:
    """The discretion of a rule that states `between`; None, after a complaint, where something is wrong with it."""
    path = (*entry.path, "between")
    if not isinstance(axis, RecordAxis) or axis.follows is not None:
        context.reporter.refuse_key("CR901", path, rule=entry.written)
        return None
    word = "deduct" if entry.body.deduct is not None else "add"
    amount = draft.parts[f"rules.{entry.name}.{word}"]
    chosen = points.tree
    if not (isinstance(chosen, Read) and isinstance(chosen.binding, Field) and _known(context, chosen.binding, axis)):
        context.refuse("CR902", amount, chosen, key=word, found=amount.text, record=axis.record)
        return None
    bounds = [_bound(context, draft.parts.get(f"rules.{entry.name}.between.{n}"), chosen, proved) for n in (0, 1)]
    low, high = bounds
    if low is None or high is None:
        return None
    parts = [(draft.parts[f"rules.{entry.name}.between.{n}"], one) for n, one in enumerate((low, high))]
    if asked.part is not None and asked.when is not None:
        parts.append((asked.part, asked.when))
    fits = [_of_the_row(context, part, one, axis) for part, one in parts]
    if not all(fits):
        return None
    least, most = (context.expr(part, one) for part, one in parts[:2])
    if _crossed(least, most):
        context.reporter.refuse("CR905", path, low=least.text, high=most.text)
        return None
    tree = _outside(context, axis, asked, chosen, low.tree, high.tree)
    guards = tuple(guard for _, one in parts for guard in one.divisors)
    text = f"{amount.text} between {least.text} and {most.text}"
    outside = Expr(text, ".".join(path), tree, guards, context.reporter.loaded.span(path))
    return Discretion(chosen.binding.name, least, most, outside)


def _bound(context: Context, part: Part | None, chosen: Tree, proved: frozenset[Binding]) -> Checked | None:
    """A bound: a number of the same unit, never missing where the rule hits."""
    checked = context.number(part, present=proved)
    if part is None or checked is None:
        return None
    type_ = checked.tree.type
    if type_.optional:
        context.refuse("CR904", part, checked.tree, names=missing_names(checked.tree), found=part.text)
        return None
    assert isinstance(type_, Number)
    unit = chosen.type.unit if isinstance(chosen.type, Number) else None
    if type_.unit is not None and type_.unit != unit:
        context.refuse("CR464", part, checked.tree, found=type_.unit, other=unit or "-")
        return None
    return checked


def _of_the_row(context: Context, part: Part, checked: Checked, axis: RecordAxis) -> bool:
    """Whether an expression reads nothing but the row of a record; complains where it reads more."""
    more = dict.fromkeys(read.name for read in _reads(checked) if not _known(context, read.binding, axis))
    if more:
        context.refuse("CR903", part, checked.tree, names=", ".join(more), record=axis.record)
    return not more


def _known(context: Context, binding: Binding, axis: RecordAxis) -> bool:
    match binding:
        case Field(record=record, name=name):
            return record == axis.record and "." not in name
        case PeriodPart(period=period):
            # Placed by another date, the record can count in another period than that of its own day. Which period of
            # its own a target is in, the register says.
            return axis.placed is None and context.ground.whose(period) is None
        case _:
            return isinstance(binding, (Dial, Now))


def _reads(checked: Checked) -> Iterator[Read]:
    for tree in (checked.tree, *checked.divisors):
        yield from (node for node in nodes(tree) if isinstance(node, Read))


def _crossed(low: Expr, high: Expr) -> bool:
    one, other = low.type, high.type
    assert isinstance(one, Number)
    assert isinstance(other, Number)
    return one.low is not None and other.high is not None and one.low > other.high


def _outside(context: Context, axis: RecordAxis, asked: Asked, chosen: Tree, low: Tree, high: Tree) -> Tree:
    """Whether the rule hits, as far as the row says, and the points lie outside of the bounds."""
    record = context.ground.records[axis.record]
    needed = [axis.route.field] if axis.route is not None and not axis.route.measured else []
    placed = axis.placed
    needed += [placed.field] if placed is not None and placed.field not in placed.measures else []
    # What stands in the record referred to is not the row's to say.
    needed = [name.partition(".")[0] for name in needed]
    items: list[Tree] = []
    for name in needed:
        # Without a value there the record is in no cell, and nobody asks for its points.
        if record.fields[name].optional:
            type_ = field_type(record.fields[name])
            read = Read(type_, chosen.start, chosen.end, name, Field(type_, record.name, name, "element"))
            items.append(IsMissing(Flag(), chosen.start, chosen.end, read, True))
    if asked.when is not None:
        when = asked.when.tree
        items.append(default(when, Literal_(Flag(), 0, 0, True)) if asked.unknown == "yes" else when)
    below, above = compared("<", chosen, low), compared(">", chosen, high)
    items.append(Logic(Flag(below.type.optional), chosen.start, chosen.end, "or", (below, above)))
    if len(items) == 1:
        return items[0]
    return Logic(Flag(any(item.type.optional for item in items)), chosen.start, chosen.end, "and", tuple(items))
