"""The set-based engine against the reference: all tests of the reference again, random schemes on random inputs."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from cityrules.engines.base import Inputs
from cityrules.testing.strategies import RandomScheme, reduced
from engines.agreement import BothEngines
from strategies.drawn import scheme_of
from strategies.inputs import Case, Table, make_case

LONG = os.environ.get("CITYRULES_PROFILE") == "long"
SCHEMES = int(os.environ.get("CITYRULES_EXAMPLES", 2_000 if LONG else 100))
# Parts so that several workers can share the work. A failure names its seeds.
PARTS, QUESTIONS = 20, 2 if LONG else 1


@pytest.mark.parametrize("part", range(PARTS))
def test_random_schemes_on_random_inputs(part: int) -> None:
    for seed in range(part, SCHEMES, PARTS):
        scheme = scheme_of(seed)
        for question in range(QUESTIONS):
            check(scheme, make_case(scheme.plan, seed * 7 + question), f"scheme {seed}, case {seed * 7 + question}")


def check(scheme: RandomScheme, case: Case, name: str) -> None:
    """Fails with the least rows and the least document that still show a difference of this sort."""
    found = complaint(scheme, case)
    if found:
        case = with_fewer_rows(scheme, case)
        scheme = reduced(scheme, lambda less: sort(complaint(less, known_to(less, case))) == sort(found))
        case = with_fewer_rows(scheme, known_to(scheme, case))
        shown = "\n".join(
            f"{name}: {table.columns}\n" + "\n".join(map(str, table.raw)) for name, table in rows_of(case)
        )
        pytest.fail(f"{name}\n{complaint(scheme, case)}\n{scheme.text}\n{case.question}\n{shown}", pytrace=False)


def complaint(scheme: RandomScheme, case: Case) -> str:
    """How the engines differ, or what one of them raised; empty when they agree."""
    try:
        BothEngines().assess(scheme.plan, case.inputs, case.question)
    except AssertionError as error:
        return str(error)
    except Exception as error:
        return repr(error)
    return ""


def sort(found: str) -> str:
    """The table in which engines differ, or the class of what was raised: a smaller scheme shall fail as the first."""
    return found.partition("(")[0].partition(" ")[0]


def known_to(scheme: RandomScheme, case: Case) -> Case:
    """The case without the tables and given values that a smaller scheme does not know."""
    plan, question = scheme.plan, case.question
    records = {kind: tables for kind, tables in case.inputs.records.items() if kind in plan.records}
    targets = {kind: tables for kind, tables in case.inputs.targets.items() if kind in plan.kinds}
    given = {name: cells for name, cells in question.given.items() if name in plan.measures}
    return Case(Inputs(records, targets), replace(question, given=given))


def rows_of(case: Case) -> list[tuple[str, Table]]:
    inputs = {**case.inputs.targets, **case.inputs.records}
    return [(name, table) for name, tables in inputs.items() for table in tables if isinstance(table, Table)]


def with_fewer_rows(scheme: RandomScheme, case: Case, tries: int = 200) -> Case:
    """The case with rows left out as long as the engines still differ."""
    changed = True
    while changed and tries > 0:
        changed = False
        for name, table in rows_of(case):
            for place in reversed(range(len(table.raw))):
                tries -= 1
                shorter = Table(table.name, table.columns, table.raw[:place] + table.raw[place + 1 :])
                attempt = Case(without(case.inputs, name, table, shorter), case.question)
                if tries > 0 and complaint(scheme, attempt):
                    case, table, changed = attempt, shorter, True
    return case


def without(inputs: Inputs, name: str, old: Table, new: Table) -> Inputs:
    def swapped(kinds: object) -> dict[str, list[Table]]:
        assert isinstance(kinds, dict)
        return {kind: [new if kind == name and t is old else t for t in tables] for kind, tables in kinds.items()}

    return Inputs(swapped(inputs.records), swapped(inputs.targets))
