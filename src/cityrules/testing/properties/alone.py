"""Properties of one assessment: values within their bounds, exact numbers, explanations that sum to the score."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Final

from cityrules.engines.base import Outcome
from cityrules.feel.types import Number, Type
from cityrules.plan.bounds import holds
from cityrules.plan.model import Ledger
from cityrules.results.tables import SHAPES
from cityrules.results.why import Explainer
from cityrules.scheme.notation import plain_number
from cityrules.testing.cells import UnreadableError, cell_in, typed
from cityrules.testing.drawing.choices import Choices
from cityrules.testing.properties.subject import Broken, Found, Subject, Trial, inputs_of, rows

_FRACTION: Final = r"-?[0-9]+(/[1-9][0-9]*)?(\.[0-9]+)?"
_CUT: Final = "cut_off"
_EXPLAINED: Final = 6
"""How many cells of an assessment are explained: it costs more than the assessment."""


class Alone:
    """What is tried on any inputs, dirt included, by one assessment."""

    name = ""

    def applies(self, subject: Subject) -> bool:
        return bool(subject.plan.measures)

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        return Trial(inputs_of(subject, choices))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        return next(self.all_broken(subject, subject.assess(trial.drawn)), None)

    def all_broken(self, subject: Subject, outcome: Outcome) -> Iterator[Broken]:
        raise NotImplementedError


class Bounds(Alone):
    """Every value is one that its measure can have; every place one of those that there are; every amount one between
    its least and its most."""

    name = "bounds"

    def all_broken(self, subject: Subject, outcome: Outcome) -> Iterator[Broken]:
        for row in values(outcome):
            type_ = subject.plan.measures[row["measure"]].type
            if not _possible(type_, row["value"]):
                yield Broken(row["measure"], cell_in(row), _range(type_), str(row["value"]))
        for row in rows(outcome, "ranks"):
            if row["place"] is not None and not 1 <= row["place"] <= row["size"]:
                yield Broken(row["measure"], cell_in(row), f"1..{row['size']}", str(row["place"]))
        for row in rows(outcome, "consequences"):
            least, most = row["least"], row["most"]
            if least is not None and most is not None and Fraction(least) > Fraction(most):
                yield Broken(row["consequence"], cell_in(row), f"{least}..", str(most))


class Exact(Alone):
    """No number is binary floating point, and each has exactly the digits of its measure."""

    name = "exactness"

    def all_broken(self, subject: Subject, outcome: Outcome) -> Iterator[Broken]:
        for table, shape in SHAPES.items():
            for row in rows(outcome, table):
                for column in shape.columns:
                    cell = row[column.name]
                    if isinstance(cell, float) or (column.type == "number" and not isinstance(cell, Decimal | None)):
                        name = next(str(row[key]) for key in ("measure", "consequence", "name", "kind") if key in row)
                        yield Broken(name, cell_in(row), "decimal", f"{column.name}: {type(cell).__name__}")
        for row in values(outcome):
            type_ = subject.plan.measures[row["measure"]].type
            if isinstance(type_, Number) and not re.fullmatch(_digits(type_.scale), str(row["value"])):
                yield Broken(row["measure"], cell_in(row), _sample(type_.scale), str(row["value"]))


class Explained(Alone):
    """What is said of a ledger's cell, movement by movement, sums to its value: in the table and in the explanation."""

    name = "explanation"

    def applies(self, subject: Subject) -> bool:
        return any(isinstance(one, Ledger) for one in subject.plan.measures.values())

    def all_broken(self, subject: Subject, outcome: Outcome) -> Iterator[Broken]:
        sums: dict[tuple[object, ...], Fraction] = defaultdict(Fraction)
        for row in rows(outcome, "ledger"):
            sums[_place(row)] += Fraction(row["points"])
        ledgers = [row for row in values(outcome) if isinstance(subject.plan.measures[row["measure"]], Ledger)]
        for row in ledgers:
            if sums[_place(row)] != Fraction(row["value"]):
                yield Broken(row["measure"], cell_in(row), row["value"], plain_number(sums[_place(row)]))
        # Those of which most is to be told.
        ledgers.sort(key=lambda row: -sum(_place(row) == _place(line) for line in rows(outcome, "ledger")))
        explainer = Explainer(subject.plan, outcome.tables, outcome.facts)
        for row in ledgers[:_EXPLAINED]:
            whom = " / ".join(part for part in (row["target"], row["dimension"]) if part)
            told = explainer.explain(whom, row["period"], row["measure"], depth=1)
            cell = next(node for node in told.nodes() if node.kind == "cell")
            if any(child.kind == _CUT for child in cell.children):
                continue  # Too long for an explanation, which says so itself.
            found = sum(
                (Fraction(child.values["points"]) for child in cell.children if "points" in child.values),
                start=Fraction(),
            )
            if found != Fraction(row["value"]) or cell.values["value"] != row["value"]:
                yield Broken(row["measure"], cell_in(row), row["value"], plain_number(found))


def values(outcome: Outcome) -> Iterator[Found]:
    """The values of cells and of single records that are there."""
    for table in ("values", "record_values"):
        yield from (row for row in rows(outcome, table) if row["state"] == "value")


def _place(row: Found) -> tuple[object, ...]:
    return tuple(row[key] for key in ("measure", "target_kind", "target", "period", "dimension"))


def _possible(type_: Type, text: str) -> bool:
    try:
        return holds(type_, typed(text, type_, ()))
    except UnreadableError:
        return False


def _range(type_: Type) -> str:
    match type_:
        case Number(low=low, high=high):
            return f"{'' if low is None else plain_number(low)}..{'' if high is None else plain_number(high)}"
    return ", ".join(getattr(type_, "labels", None) or ("-",))


def _digits(scale: int | None) -> str:
    if scale is None:
        return _FRACTION
    return rf"-?[0-9]+\.[0-9]{{{scale}}}" if scale else "-?[0-9]+"


def _sample(scale: int | None) -> str:
    return "n/d" if scale is None else "0." + "0" * scale if scale else "0"
