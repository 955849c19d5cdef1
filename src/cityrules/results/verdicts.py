"""The verdicts of an assessment: what it comes to for each target, in one form that two assessments can be compared by.

Verdicts are grades, places, measures that nothing else reads, consequences and checks. Reads a plan and the tables of
one assessment; knows nothing of readings.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from cityrules.plan.model import Bands, Check, Consequence, Duty, Measure, Plan, Rank
from cityrules.plan.reading import measures_read
from cityrules.results.tables import Table

VerdictKind = Literal["grade", "place", "value", "consequence", "check"]
VERDICT_KINDS: Final[tuple[VerdictKind, ...]] = ("grade", "place", "value", "consequence", "check")


@dataclass(frozen=True, slots=True, order=True)
class About:
    """What a verdict is about: a measure, consequence or check, and its cell or record."""

    name: str
    target_kind: str | None = None
    target: str | None = None
    dimension: str | None = None
    period: str | None = None
    record_kind: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found. `state`: `value`, `missing`, `undetermined` or `absent` (no such cell) of measures; `follows`,
    `nothing`, `undecided` or `undetermined` of consequences; `holds`, `broken`, `undecided` or `undetermined` of
    checks; `withheld` of all where they are not computed, because something is not stated. `text`: the grade, place,
    number or acts."""

    state: str
    text: str | None = None


_SILENT: Final[Mapping[VerdictKind, Verdict]] = {
    "consequence": Verdict("nothing"),
    "check": Verdict("holds"),
}


def silent(kind: VerdictKind) -> Verdict:
    """What holds where the tables say nothing: nothing follows, a check holds, a cell does not exist."""
    return _SILENT.get(kind, Verdict("absent"))


_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def same(kind: VerdictKind, verdict: Verdict) -> tuple[str, str | Decimal | None]:
    """What two verdicts have alike that do not differ: of numbers their value, not how many digits are written."""
    if kind == "value" and verdict.text is not None and _NUMBER.fullmatch(verdict.text):
        return verdict.state, Decimal(verdict.text)
    return verdict.state, verdict.text


def reads(plan: Plan, by: Container[str] | None = None) -> set[str]:
    """The measures that other measures and consequences of a plan read: all of these, or those named in `by`."""
    return {name for node in plan.computed() if by is None or node.name in by for name in measures_read(node)}


def kinds_of(plan: Plan, read: Container[str]) -> dict[str, VerdictKind]:
    """The names of a plan that give verdicts, with their kinds; of measures that are no grades and no places those that
    are not `read`. One that only checks read is a verdict, too."""
    found: dict[str, VerdictKind] = {}
    for name, measure in plan.measures.items():
        if isinstance(measure, (Bands, Rank)):
            found[name] = "grade" if isinstance(measure, Bands) else "place"
        elif name not in read:
            found[name] = "value"
    return found | dict.fromkeys(plan.consequences, "consequence") | dict.fromkeys(plan.checks, "check")


def labels_of(plan: Plan) -> dict[str, str]:
    """The labels of measures, consequences and checks that have one."""
    nodes: list[Measure | Consequence | Check | Duty] = [*plan.computed(), *plan.checks.values()]
    return {node.name: node.label for node in nodes if node.label}


ActRows = Sequence[dict[str, str | None]]
"""Rows of the table `consequences`, by column."""


def acts_in(tables: Mapping[str, Table], names: Container[str]) -> ActRows:
    """What follows by the consequences named, read once for all who want to know."""
    return [*_rows(tables["consequences"], names)]


def verdicts(
    tables: Mapping[str, Table], kinds: Mapping[str, VerdictKind], acted: ActRows | None = None
) -> dict[About, Verdict]:
    """The verdicts of one assessment about the names in `kinds`. Measures of single records give none. `acted`: what
    follows by these names, where it was read already."""
    others = {name for name, kind in kinds.items() if kind in ("consequence", "check")}
    found: dict[About, Verdict] = {}
    for row in _rows(tables["values"], kinds.keys() - others):
        found[about_in("measure", row)] = Verdict(row["state"] or "value", row["value"])
    acts: dict[About, list[str]] = {}
    for row in acts_in(tables, kinds) if acted is None else acted:
        acts.setdefault(about_in("consequence", row), []).append(act_text(row))
    found |= {about: Verdict("follows", " + ".join(sorted(said))) for about, said in acts.items()}
    for row in _rows(tables["problems"], others):
        if (about := about_in("name", row)) not in found:
            level = row["level"] or ""
            found[about] = Verdict(level if level in ("undecided", "undetermined") else "broken")
    return found


def _rows(table: Table, names: Container[str]) -> Iterator[dict[str, str | None]]:
    columns = table.shape.names
    for row in table.about(names):
        cells = [cell if cell is None else str(cell) for cell in row]
        yield dict(zip(columns, cells, strict=True))


def about_in(name: str, row: Mapping[str, str | None]) -> About:
    return About(row[name] or "", *[row.get(column) or None for column in _WHERE])


_WHERE: Final = tuple(column for column in About.__slots__ if column != "name")


def act_text(row: Mapping[str, str | None]) -> str:
    """An act in data: what it is, how much, by whom and for how long; not what it was founded on."""
    what = row["act"] or row["options"] or ""
    between = None if row["least"] is None and row["most"] is None else f"{row['least']}..{row['most']}"
    amount = " ".join(part for part in (row["amount"] or between, row["unit"]) if part is not None)
    time = f"{row['starts']}..{row['until'] or ''}" if row["starts"] and (row["until"] or row["ended_by"]) else ""
    parts = [what, amount if row["amount"] or between else "", time, row["decided_by"] or ""]
    said = ", ".join(part for part in parts if part)
    return f"{row['step']}: {said}" if row["step"] else said
