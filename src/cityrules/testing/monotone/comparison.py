"""Two assessments of the same inputs, the second with one more record: whether a claim is broken between them.

Knows result tables and plans; runs nothing. Assessments are compared only where the record changes neither which cells
there are, nor which of them can be determined, nor which other rows are used: nothing is claimed of the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cityrules.engines.base import Facts, Outcome
from cityrules.plan.model import Consequence, Plan, RecordAxis, Route
from cityrules.plan.views import WHOLE
from cityrules.results.tables import inner_columns
from cityrules.testing.monotone.claims import Claim

Cells = Mapping[str, Any]
"""A row of a result table by column, targets by dimension under one key."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Where a claim does not hold: a target in a period (or a record), and what stood there before and after."""

    target: str
    period: str | None
    was: str
    comes_to: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two assessments, and the key of the record that only the second one has."""

    plan: Plan
    before: Outcome
    after: Outcome
    record: str
    key: str


def pair(plan: Plan, record: str, before: Outcome, after: Outcome) -> Pair | None:
    """The two assessments, if they can be compared."""
    every = RecordAxis(record, None)
    new = set(after.facts.reached(every, "", None)) - set(before.facts.reached(every, "", None))
    if len(new) != 1 or _rows(before, "rejects") != _rows(after, "rejects"):
        return None
    same = all(set(_determined(before, table)) == set(_determined(after, table)) for table in ("values", "problems"))
    return Pair(plan, before, after, record, new.pop()) if same else None


def _determined(outcome: Outcome, table: str) -> Iterator[tuple[Any, ...]]:
    """What says which cells there are and which of them are undetermined; single records apart."""
    for row in _rows(outcome, table):
        cell = row["target_kind"], row["target"], row["period"]
        if table == "values":
            yield (*cell, row["measure"], row["state"] == "undetermined")
        elif row["level"] in ("undetermined", "undecided") and not row["record"]:
            yield (*cell, row["name"], True)


def _rows(outcome: Outcome, table: str) -> list[Cells]:
    found = outcome.tables[table]
    if found.inner is None:
        return [dict(zip(found.shape.names, row, strict=True)) for row in found.rows()]
    return [dict(zip(inner_columns(table), row, strict=True)) for row in found.inner()]


def touched(claim: Claim, pair: Pair) -> frozenset[str]:
    """The targets of which something is claimed: those that the record reaches on the ways of the claim."""
    node = pair.plan.measures.get(claim.name) or pair.plan.consequences[claim.name]
    kind = node.grain.kind
    if node.of_record or kind == WHOLE:
        return frozenset({""})
    names = {row["target"] for row in _rows(pair.after, "values") if row["target_kind"] == kind}
    names |= {row["target"] for row in _rows(pair.before, "consequences") if row["target_kind"] == kind}
    return frozenset(name for name in names if any(_comes(pair, path, kind, name) for path in claim.paths))


def _comes(pair: Pair, path: Sequence[str], kind: str, name: str) -> bool:
    field, start, entry = path[:3]
    ancestors = pair.plan.kinds[start].ancestors if start in pair.plan.kinds else ()
    if kind not in (start, entry, *ancestors):
        return False
    measured = field not in pair.plan.records[pair.record].types
    axis = RecordAxis(pair.record, Route(field, start, kind, measured))
    return _reached(pair.after.facts, axis, name, pair.key)


def _reached(facts: Facts, axis: RecordAxis, name: str, key: str) -> bool:
    return key in facts.reached(axis, name, None)


def broken(claim: Claim, pair: Pair, targets: frozenset[str]) -> Broken | None:
    """Where a claim does not hold at some targets; None where it holds."""
    consequence = pair.plan.consequences.get(claim.name)
    if consequence is None:
        return next(_moved(claim, pair, targets), None)
    return next(_followed(claim, consequence, pair, targets), None)


def _moved(claim: Claim, pair: Pair, targets: frozenset[str]) -> Iterator[Broken]:
    before, after = (
        {
            (row["target"] or "", row["period"]): str(row["value"])
            for row in _rows(outcome, "values")
            if row["measure"] == claim.name and row["state"] == "value"
        }
        for outcome in (pair.before, pair.after)
    )
    for cell, was in before.items():
        now = after.get(cell)
        if now is None or cell[0] not in targets:
            continue
        one, two = (claim.order.index(label) if claim.order else Fraction(label) for label in (was, now))
        if two < one if claim.what == "place" else two > one:
            yield Broken(*cell, was, now)


def _followed(claim: Claim, consequence: Consequence, pair: Pair, targets: frozenset[str]) -> Iterator[Broken]:
    before, after = (
        [
            row
            for row in _rows(outcome, "consequences")
            if row["consequence"] == claim.name and (consequence.of_record or (row["target"] or "") in targets)
        ]
        for outcome in (pair.before, pair.after)
    )
    worse = claim.what == "award"
    steps = [step.name for step in consequence.steps]
    if not steps:
        yield from _rows_gone(after, before, pair) if worse else _rows_gone(before, after, pair)
        return
    less, more = (after, before) if worse else (before, after)
    for row in less:
        reached = _gravest(less, row, steps), _gravest(more, row, steps)
        if reached[0] > reached[1]:
            was, now = (steps[place] if place >= 0 else "-" for place in (reached if not worse else reached[::-1]))
            yield Broken(row["target"] or "", row["period"], was, now)


def _rows_gone(there: Sequence[Cells], then: Sequence[Cells], pair: Pair) -> Iterator[Broken]:
    """Rows that have no counterpart, or one with a smaller amount. What follows for the new record itself does not
    count."""
    known = {_place(row): row for row in then}
    for row in there:
        other = known.get(_place(row))
        if row["record"] == pair.key and row["record_kind"] == pair.record:
            continue
        if other is None:
            yield Broken(row["record"] or row["target"] or "", row["period"], str(row["act"]), "-")
        elif row["amount"] is not None and other["amount"] is not None and other["amount"] < row["amount"]:
            yield Broken(row["target"] or "", row["period"], str(row["amount"]), str(other["amount"]))


def _place(row: Cells) -> tuple[Any, ...]:
    return row["target"], row["period"], row["record"]


def _gravest(rows: Iterable[Cells], until: Cells, steps: Sequence[str]) -> int:
    """The gravest step for a target up to the day of a row; -1 where there is none."""
    day: dt.date = until["date"]
    places = [steps.index(row["step"]) for row in rows if row["target"] == until["target"] and row["date"] <= day]
    return max(places, default=-1)
