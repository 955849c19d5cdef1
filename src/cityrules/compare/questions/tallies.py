"""How many verdicts of each sort an assessment comes to: grades by label, consequences by step, amounts in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from cityrules.feel.types import Number
from cityrules.plan.model import Plan
from cityrules.results.verdicts import VERDICT_KINDS, About, ActRows, Verdict, VerdictKind, labels_of

STATES: Final = ("value", "follows", "holds", "broken", "missing", "undecided", "undetermined", "withheld")
"""In which order states of one name are told."""

What = tuple[str, str, str | None, str | None]
"""What is counted: a name, a state, a result (of grades and steps) and a unit."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many verdicts about a name have a state and, of grades and steps, a `result` (`values` and consequences
    without steps: None). `total`: the sum of their numbers, of consequences of their amounts, in `unit`; None where
    there is nothing to sum."""

    kind: VerdictKind
    name: str
    label: str | None
    state: str
    result: str | None
    number: int
    total: Fraction | None = None
    unit: str | None = None

    @property
    def what(self) -> What:
        """What is counted, whatever the number."""
        return self.name, self.state, self.result, self.unit


def tallies(
    plan: Plan, acted: ActRows, kinds: Mapping[str, VerdictKind], found: Mapping[About, Verdict]
) -> tuple[Tally, ...]:
    """The tallies of one assessment about the names in `kinds`, of which `found` are the verdicts and `acted` the acts
    that follow. Places are not
    counted: there are as many of each under any rule. What nothing is said of (a check that holds) is not there."""
    return tallies_by(plan, acted, kinds, found, lambda _: "").get("", ())


def tallies_by(
    plan: Plan,
    acted: ActRows,
    kinds: Mapping[str, VerdictKind],
    found: Mapping[About, Verdict],
    group: Callable[[str | None], str],
) -> dict[str, tuple[Tally, ...]]:
    """The same for each group of periods; `group` says to which the period of a verdict (None: it has none) belongs."""
    counted: dict[str, Counter[What]] = {}
    totals: dict[tuple[str, What], Fraction] = {}

    def add(period: str | None, what: What, amount: Fraction | None) -> None:
        of = group(period)
        counted.setdefault(of, Counter())[what] += 1
        if amount is not None:
            totals[of, what] = totals.get((of, what), Fraction(0)) + amount

    for about, verdict in found.items():
        kind = kinds[about.name]
        if kind in ("place", "consequence") and verdict.state in ("value", "follows"):
            continue
        type_ = plan.measures[about.name].type if about.name in plan.measures else None
        if verdict.state == "value" and isinstance(type_, Number) and kind == "value":
            add(about.period, (about.name, verdict.state, None, type_.unit), Fraction(verdict.text or "0"))
        else:
            add(about.period, (about.name, verdict.state, verdict.text, None), None)
    for row in acted:
        amount = row["amount"]
        what = (row["consequence"] or "", "follows", row["step"], row["unit"])
        add(row["period"], what, None if amount is None else Fraction(amount))
    labels = labels_of(plan)
    return {
        of: in_order(
            plan,
            [
                Tally(kinds[what[0]], what[0], labels.get(what[0]), *what[1:3], number, totals.get((of, what)), what[3])
                for what, number in each.items()
            ],
        )
        for of, each in counted.items()
    }


def in_order(plan: Plan, made: Iterable[Tally]) -> tuple[Tally, ...]:
    """Kind by kind and name by name as they are computed; labels and steps as the document has them."""
    names = [*plan.order, *plan.checks]
    results = {
        name: [*plan.labels(name)] if name in plan.measures else [step.name for step in plan.consequences[name].steps]
        for name in plan.order
    }

    def place(one: Tally) -> tuple[int, int, str, int, int, str, str]:
        known = results.get(one.name, [])
        return (
            VERDICT_KINDS.index(one.kind),
            names.index(one.name) if one.name in names else len(names),
            one.name,
            STATES.index(one.state) if one.state in STATES else len(STATES),
            known.index(one.result) if one.result in known else len(known),
            one.result or "",
            one.unit or "",
        )

    return tuple(sorted(made, key=place))
