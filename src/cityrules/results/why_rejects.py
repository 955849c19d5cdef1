"""Why a row was not used: its reasons, and of conditions what the row says. Reads the table of rejects and the plan."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from cityrules.feel.tree import Read
from cityrules.feel.walk import nodes
from cityrules.plan.model import Condition, Plan
from cityrules.plan.names import Attribute, Field, Identity
from cityrules.results.cells import Cells, Found
from cityrules.results.explanation import Explanation, line


def explain_rejects(plan: Plan, cells: Cells, kind: str, key: str) -> tuple[Explanation, ...]:
    """A line for each row with a key that was not used; `key` as the table has it."""
    return tuple(_row(plan, kind, row) for row in cells.rows("rejects", kind=kind, key=key))


def _row(plan: Plan, kind: str, row: Found) -> Explanation:
    shown = json.loads(str(row["values"]))
    conditions = {one.address: one for one in plan.records[kind].accepted_if}
    reasons = []
    for reason in str(row["reasons"]).split("; "):
        name, _, code = reason.rpartition(": ")
        if name in conditions:
            reasons.append(_condition(conditions[name], code, shown))
        else:
            field = (_field(name, shown),) if name else ()
            reasons.append(line("reject_reason", *field, name=name or None, code=code))
    return line("rejected", *reasons, source=row["source"], row=row["row"])


def _condition(one: Condition, code: str, shown: Mapping[str, object]) -> Explanation:
    """A condition that is not met, and under it what the row has in the fields that it reads."""
    fields = [_field(field, shown) for field in dict.fromkeys(_fields(one)) if field in shown]
    return line("unmet", *fields, name=one.name, text=one.that.text, outcome=code, clause=one.clause, label=one.label)


def _field(name: str, shown: Mapping[str, object]) -> Explanation:
    value = shown.get(name) or None
    return line("field", name=name, value=value, state="missing" if value is None else None)


def _fields(one: Condition) -> Iterator[str]:
    """The fields of the row of which a condition speaks, in the order of its text."""
    reads = [node for node in nodes(one.that.tree) if isinstance(node, Read)]
    for read in sorted(reads, key=lambda read: read.start):
        match read.binding:
            case Field(name=name):
                yield name.partition(".")[0]
            case Attribute(by=by) | Identity(by=by) if by is not None:
                yield by.field
