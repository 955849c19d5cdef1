"""A ladder that is walked again over what it went by fires the same steps in the same cells: none twice, none more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from cityrules.engines.base import CellKey, Inputs, Outcome
from cityrules.engines.firsts import first_days, placed
from cityrules.feel.tree import Value
from cityrules.feel.types import Number
from cityrules.plan.model import Consequence, Measure, Plan, Quotient
from cityrules.results.tables import inner_columns
from cityrules.testing.cells import cell_in, typed
from cityrules.testing.drawing.choices import Choices
from cityrules.testing.properties.subject import Broken, Subject, Trial, inputs_of, rows, unlike

TABLE = "consequences"


class Ladders:
    """What a ladder counts is given back as it was found: the same steps must fire. No step fires twice in a cell."""

    name = "ladders"

    def applies(self, subject: Subject) -> bool:
        return any(_climbed(subject.plan))

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        return Trial(inputs_of(subject, choices))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        plan, question = subject.plan, trial.drawn.question(subject.plan)
        climbed = dict(_climbed(plan))
        first = subject.assess(trial.drawn)
        twice = _twice(first, climbed)
        if twice is not None:
            return twice
        inputs = trial.drawn.inputs
        given = {measure.name: _cells(plan, first, measure, inputs) for measure in climbed.values()}
        again = subject.engine.assess(plan, inputs, replace(question, given=given))
        return unlike(_only(first, climbed), _only(again, climbed), (TABLE,))


def _climbed(plan: Plan) -> Iterator[tuple[str, Measure]]:
    """Each consequence that is a ladder, and the measure that it goes by; but for measures that are no decimals."""
    for one in plan.consequences.values():
        measure = None if one.ladder is None else plan.measures.get(one.ladder)
        if measure is not None and _decimal(plan, one, measure):
            yield one.name, measure


def _decimal(plan: Plan, one: Consequence, measure: Measure) -> bool:
    whole = isinstance(measure.type, Number) and measure.type.scale is not None
    return whole and not isinstance(measure, Quotient) and not measure.of_record


def _twice(outcome: Outcome, climbed: Mapping[str, Measure]) -> Broken | None:
    fired = Counter(
        (row["consequence"], cell_in(row), row["step"]) for row in rows(outcome, TABLE) if row["consequence"] in climbed
    )
    for (name, cell, step), times in fired.items():
        if times > 1:
            return Broken(name, cell, f"{step}: 1", f"{step}: {times}")
    return None


def _cells(plan: Plan, outcome: Outcome, measure: Measure, inputs: Inputs) -> dict[CellKey, Value]:
    """The values of a measure by cell, as a question gives them."""
    firsts = first_days(plan, inputs)
    table = outcome.tables["values"]
    columns = inner_columns("values")
    made = table.inner() if table.inner is not None else table.rows()
    found: dict[CellKey, Value] = {}
    for cells in made:
        row = dict(zip(columns, cells, strict=False))
        if row["measure"] != measure.name or row["state"] == "undetermined":
            continue
        period = row["period"]
        index = None if period is None else plan.periods.parse(str(period))[1]
        key = placed(plan, measure.grain, (str(row["target"] or ""), index), firsts)
        if key is not None:
            value = row["value"]
            found[key] = typed(None if value is None else str(value), measure.type, ())
    return found


def _only(outcome: Outcome, climbed: Mapping[str, Measure]) -> Outcome:
    """An outcome with those rows of consequences alone that ladders gave."""
    table = outcome.tables[TABLE]
    at = table.shape.names.index("consequence")
    some = replace(table, rows=lambda: (row for row in table.rows() if row[at] in climbed), inner=None)
    return replace(outcome, tables={**outcome.tables, TABLE: some})
