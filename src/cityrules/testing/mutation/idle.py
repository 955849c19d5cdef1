"""What a plan states and can never use: how rules that never meet stand together, what holds of several steps where
there is one, on which days of periods it begins and ends, by which number all have the same part, what a new year does
to a run of years, which end of one value is meant, how is rounded where nothing has to be, which of two branches comes
first that never hold together. Left out, so that plans which differ in it alone are alike.

Knows plans and proofs; runs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from fractions import Fraction
from itertools import combinations

from cityrules.feel.tree import Literal_
from cityrules.feel.types import Number
from cityrules.plan.model import (
    Choice,
    Consequence,
    Fold,
    Formula,
    Ledger,
    Measure,
    Overridden,
    Plan,
    RecordAxis,
    Route,
    Rule,
    Run,
    Share,
    Tiers,
)
from cityrules.solve.meeting import meet
from cityrules.solve.reach import Measured
from cityrules.testing.mutation.opening import in_force
from cityrules.testing.mutation.roundings import settled


def without_idle(plan: Plan) -> Plan:
    """The plan without what of its ledgers, shares, runs and ladders and its first day never decides anything."""
    measured = Measured(plan)
    first, until = in_force(plan)
    return replace(
        plan,
        in_force_from=first,
        in_force_until=until,
        measures={name: _measure(measured, one) for name, one in plan.measures.items()},
        consequences={name: _climbing(one) for name, one in plan.consequences.items()},
    )


def _measure(measured: Measured, one: Measure) -> Measure:
    match one:
        case Ledger():
            return _grouped(measured, one)
        case Share():
            return _shared(one)
        case Fold(op="min") if _of_one_row(measured.plan, one):
            return settled(measured, replace(one, op="max"))
        case Run() if not _crosses_new_year(measured.plan, one):
            return replace(one, new_year="continues")
        case Choice() | Overridden() | Tiers():
            # Its value says all of it.
            parts = {part.name: getattr(one, part.name) for part in fields(Formula)}
            return settled(measured, Formula(**parts))
        case Formula() | Fold():
            return settled(measured, one)
        case _:
            return one


def _of_one_row(plan: Plan, fold: Fold) -> bool:
    """Whether it runs over what followed in its own cell, and that is one row at most."""
    match fold.axis:
        case RecordAxis(route=Route(field=field, start=start, measured=False), placed=None, follows=str(name)):
            one = plan.consequences[name]
            single = len(one.steps) < 2 or one.together == "highest"
            own = field == start == fold.grain.kind
            return single and own and one.grain == fold.grain and fold.window is None and not fold.among
        case _:
            return False


def _crosses_new_year(plan: Plan, run: Run) -> bool:
    """Whether it counts periods shorter than a year: only of these some begin a new year, and others do not."""
    return run.grain.period is not None and plan.periods.shorter(run.grain.period, "year")


def _shared(share: Share) -> Share:
    """Parts in proportion to a number that is written there, and more than nothing, are equal parts whatever it is."""
    tree = share.weight.tree
    if isinstance(tree, Literal_) and isinstance(tree.value, (int, Fraction)) and tree.value > 0:
        return replace(share, weight=replace(share.weight, tree=replace(tree, type=Number(0), value=Fraction(1))))
    return share


def _climbing(one: Consequence) -> Consequence:
    return replace(one, together=None) if len(one.steps) < 2 else one


def _grouped(measured: Measured, ledger: Ledger) -> Ledger:
    """A group in which all adds up, or nothing meets, is as if there were none."""
    names = dict.fromkeys(rule.group for rule in ledger.rules if rule.group is not None)
    kept = {group for group in names if _decides(measured, ledger, group)}
    return replace(
        ledger,
        rules=tuple(rule if rule.group in kept else replace(rule, group=None) for rule in ledger.rules),
        groups={group: policy for group, policy in ledger.groups.items() if group in kept},
    )


def _decides(measured: Measured, ledger: Ledger, group: str) -> bool:
    if group in ledger.events:
        return True
    rules = [rule for rule in ledger.rules if rule.group == group]
    return ledger.groups.get(group, "all") != "all" and _meet(measured, ledger, rules)


def _meet(measured: Measured, ledger: Ledger, rules: Sequence[Rule]) -> bool:
    """Whether two of some rules may count for one element: neither replaces the other, and both may hit it (proved
    where they do not)."""
    return any(
        one.name not in other.replaces
        and other.name not in one.replaces
        and (both := meet(measured.plan, ledger, one, other)) is not None
        and not measured.asking.ask(both).never
        for one, other in combinations(rules, 2)
    )
