"""On which conditions rows are accepted: who may submit what, and until when. Knows no measures and no other rows.

A row that does not meet them is no record: it is rejected before anything counts it. So that this is the same for every
engine, it is decided by the row, the targets that it reaches on its own day, and constants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cityrules.feel.check import CONDITION, Checked
from cityrules.feel.tree import Read
from cityrules.feel.walk import nodes
from cityrules.plan.context import Context, missing_names
from cityrules.plan.magnitudes import check_expressions
from cityrules.plan.meanings import Place, place
from cityrules.plan.model import Condition, RecordKind
from cityrules.plan.names import Attribute, Dial, Field, Identity, Now, PeriodPart
from cityrules.plan.parts import Part, read_part
from cityrules.plan.policies import stated
from cityrules.scheme.notation import Grain

YES_NO = ("yes", "no")


def build_conditions(context: Context) -> dict[str, tuple[Condition, ...]]:
    """The conditions of each kind of record that states some; those in doubt are left out, after a complaint."""
    found = {}
    for name, record in context.ground.records.items():
        if context.reporter.loaded.document.records[name].accepted_if:
            found[name] = tuple(_conditions(context, record))
    return found


def _conditions(context: Context, record: RecordKind) -> Iterator[Condition]:
    around = context.reporter.loaded.document.records[record.name]
    here = _place(context, record)
    for name, body in around.accepted_if.items():
        path = ("records", record.name, "accepted_if", name)
        part = read_part(context.reporter, (*path, "that"), body.that, here)
        checked = context.check(part, CONDITION)
        if checked is None or not _of_the_row(context, part, checked, record):
            continue
        names = missing_names(checked.tree)
        word = stated(context, path, body.missing, checked.tree.type.optional, names, YES_NO)
        condition = Condition(
            name=name,
            that=context.expr(part, checked),
            unknown=next((known for known in ("yes", "no") if known == word), None),
            clause=context.clause(body.clause, around.clause),
            label=body.label,
            path=".".join(path),
        )
        if check_expressions(context.reporter, condition):
            yield condition


def _place(context: Context, record: RecordKind) -> Place:
    """Where the conditions of a kind stand: at its rows. What other rows hold of the same cell is not there, and its
    own row is."""
    ground = context.ground
    if record.one_per is None:
        return place(ground, Grain(record.name))
    records = {name: one for name, one in ground.records.items() if one.one_per is None}
    own = records[record.name] = replace(record, absent="error")
    alone = replace(ground, records=records, views={}, places={})
    return Place(alone, replace(alone.view(record.one_per), record=own))


def _of_the_row(context: Context, part: Part, checked: Checked, record: RecordKind) -> bool:
    """Whether a condition reads nothing but what a row knows; complains where it reads more."""
    reads = (node for node in nodes(checked.tree) if isinstance(node, Read))
    more = dict.fromkeys(read.name for read in reads if not _known(read.binding, record))
    if more:
        context.refuse("CR980", part, checked.tree, names=", ".join(more), record=record.name)
    return not more


def _known(binding: object, record: RecordKind) -> bool:
    if isinstance(binding, Field):
        return binding.record == record.name
    return isinstance(binding, (Attribute, Identity, Dial, Now, PeriodPart))
