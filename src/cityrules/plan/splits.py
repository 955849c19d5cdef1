"""Splits: one movement shared by the targets that fields of a record name. Knows fields and what is proved of them."""

from __future__ import annotations

from cityrules.feel.tree import Binding
from cityrules.plan.context import Context
from cityrules.plan.model import Axis, RecordAxis
from cityrules.plan.names import Field
from cityrules.plan.sheets import Entry


def check_split(context: Context, entry: Entry, axis: Axis | None, proved: frozenset[Binding]) -> None:
    """Complain about a split one of whose targets can be missing: its share would be lost in silence."""
    if not isinstance(axis, RecordAxis) or entry.via is None:
        return
    field = context.ground.records[axis.record].types.get(entry.via)
    there = {binding.name for binding in proved if isinstance(binding, Field) and binding.record == axis.record}
    if field is not None and field.optional and entry.via not in there:
        context.reporter.refuse_key("CR857", (*entry.path, "split", entry.via), found=entry.via)
