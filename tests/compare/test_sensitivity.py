"""Numbers of a document: all are found, each alone gets another; and what moves is what separate runs say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import cityrules as cr
from cityrules.compare.basis import varied_at
from cityrules.compare.questions.numbers import Placed, numbers_in
from cityrules.compare.questions.sensitivity import Sensitivity, beside
from cityrules.compare.unanswerable import Unanswerable
from cityrules.loaded import specs_folder
from cityrules.results.dependence import Run
from cityrules.results.verdicts import kinds_of, reads, same, verdicts

TEXT = """
cityrules: 1
scheme: numbers
title: Numbers
in_force: {from: 2024-01-01}
targets: {street: {members: registered}}
records:
  finding: {dated: found_on, key: [no], fields: {no: text, street: street, found_on: date, points: 'number(1) [0, 9]'}}
parameters: {line: {value: 2.5, clause: 2, label: The line}, unused: {value: 7}}
tables: {shares: {key: [up], columns: {up: count, share: number(2)}, rows: [[1, 0.50], [2, 0.75]], absent: null}}
measures:
  lost: {for: street each month, sum: points, over: finding, clause: 1}
  left: {for: street each month, formula: 10 - 2 * lost + 0 * unused, clause: 1}
  grade: {for: street each month, bands: lost, up_to: {0.5: good, line: fair}, otherwise: bad, clause: 2}
consequences:
  talk: {for: street each month, when: left < -3 or lost >= 8, do: talk, kind: talk, clause: 3}
checks: {bounds: {that: unused > 5, otherwise: error, clause: 2}}
"""
ROWS = [
    {"no": str(number), "street": "ABC"[number % 3], "found_on": "2024-01-05", "points": points}
    for number, points in enumerate(["0.5", "2.5", "6.5", "0", "0.1", "0"])
]
STREETS = [{"name": name} for name in "ABC"]


def study(engine: Any = "python") -> Any:
    return cr.loads(TEXT).study({"finding": ROWS}, targets={"street": STREETS}, period="2024-01", engine=engine)


def placed() -> dict[tuple[str, str, int], Placed]:
    return {(one.address, one.written, one.start): one for one in numbers_in(cr.loads(TEXT).written.raw)}


def test_every_number_is_found() -> None:
    assert [(address, written) for address, written, _ in placed()] == [
        ("parameters.line.value", "2.5"), ("parameters.unused.value", "7"),
        ("tables.shares.rows.0.0", "1"), ("tables.shares.rows.0.1", "0.50"),
        ("tables.shares.rows.1.0", "2"), ("tables.shares.rows.1.1", "0.75"),
        ("measures.left.formula", "10"), ("measures.left.formula", "2"), ("measures.left.formula", "0"),
        ("measures.grade.up_to.0.5", "0.5"),
        ("consequences.talk.when", "3"), ("consequences.talk.when", "8"),
        ("checks.bounds.that", "5"),
    ]  # fmt: skip


def test_a_length_of_time_in_an_expression_is_a_number() -> None:
    where = "'found_on > month.start + duration(\"P13D\")'"
    rule = f"  late: {{for: street each month, count: finding, where: {where}, clause: 1}}\n"
    scheme = cr.loads(TEXT.replace("consequences:", f"{rule}consequences:"))
    found = [one for one in numbers_in(scheme.written.raw) if one.path[:2] == ("measures", "late")]
    assert [one.written for one in found] == ["13"]
    assert found[-1].rewritten(Fraction(12)).endswith('duration("P12D")')
    assert not found[-1].possible(scheme.written.raw, Fraction(-1))


@pytest.mark.parametrize("name", ["illegal-construction", "gallery/deadlines", "gallery/payouts", "village-upkeep"])
def test_each_number_alone_gets_another(name: str) -> None:
    written = cr.load(specs_folder() / name, examples=False).written
    every = list(numbers_in(written.raw))
    assert every
    for number, one in enumerate(every[:25]):
        new = one.value + one.unit
        if not one.possible(written.raw, new):
            continue
        variant = varied_at(written, one.change(written.raw, new))
        if variant.loaded is None:
            continue
        after = list(numbers_in(variant.loaded.raw))
        values = [each.value for each in every]
        assert [each.value for each in after] == [*values[:number], new, *values[number + 1 :]]


def test_a_step_is_a_unit_of_the_last_digit_or_a_part() -> None:
    known = placed()
    line, ten = known["parameters.line.value", "2.5", 0], known["measures.left.formula", "10", 0]
    assert beside(line, None) == (Fraction("2.4"), Fraction("2.6"))
    assert beside(line, Fraction("0.1")) == (Fraction("2.2"), Fraction("2.8"))  # 0.25 is rounded up.
    assert beside(ten, Fraction("0.001")) == (Fraction(9), Fraction(11))
    zero = known["measures.left.formula", "0", 16]
    assert zero.rewritten(Fraction(-1)) == "10 - 2 * lost + (-1) * unused"


@pytest.mark.parametrize("engine", ["python", "duckdb"])
def test_what_moves_is_what_separate_runs_say(engine: Any) -> None:
    found: Sensitivity = study(engine).sensitivity()
    base = cr.loads(TEXT)
    kinds = kinds_of(base.plan, reads(base.plan))

    def alone(scheme: cr.Scheme) -> Run:
        one = scheme.assess({"finding": ROWS}, targets={"street": STREETS}, period="2024-01")
        return Run("", verdicts(one.tables, kinds))

    first = alone(base)
    texts: dict[str, Callable[[str], dict[str, Any]]] = {
        "measures.grade.up_to.0.5": lambda text: {"measures.grade.up_to": {text: "good", "line": "fair"}},
        "parameters.line.value": lambda text: {"parameters.line.value": text},
        "consequences.talk.when": lambda text: {"consequences.talk.when": text},
    }
    seen = 0
    for one in found.numbers:
        for trial in one.trials:
            if one.placed.address not in texts:
                continue
            text = one.placed.rewritten(trial.instead)
            other = alone(base.overlay(texts[one.placed.address](text)))
            moved = Counter(
                kinds[about.name]
                for about in {*first.verdicts, *other.verdicts}
                if same(kinds[about.name], first.about(about, kinds[about.name]))
                != same(kinds[about.name], other.about(about, kinds[about.name]))
            )
            assert trial.moved == moved
            seen += 1
    assert seen == 8
    weights = [one.weight for one in found.numbers]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > (0, 0) == weights[-1]
    still = {one.placed.address for one in found.numbers if not one.moves}
    assert "parameters.unused.value" in still
    line = next(one for one in found.numbers if one.placed.address == "parameters.line.value")
    assert (line.clause, line.label) == ("2", "The line")
    assert len(list(found.table.rows())) == sum(len(one["trials"]) for one in found.to_json()["numbers"])


def test_a_number_that_the_check_refuses_is_told() -> None:
    found = study().sensitivity(only="parameters.unused", step="0.3")
    (one,) = found.numbers
    failed = {trial.instead: [each.code for each in trial.failed] for trial in one.trials}
    assert failed == {Fraction(4): ["CR941"], Fraction(10): []}
    assert [row[-1] for row in found.table.rows()] == ["CR941", None]


@pytest.mark.parametrize("step", ["0.3", "30%", "30 ％", "3/10", Fraction(3, 10)])
def test_a_part_is_read_as_people_write_it(step: str | Fraction) -> None:
    assert study().sensitivity(only="parameters.unused", step=step).step == Fraction(3, 10)


def test_what_cannot_be_asked() -> None:
    with pytest.raises(Unanswerable, match="CR1124"):
        study().sensitivity(only="targets")
    # What is wrong with a step was said of a distance, and 0 was taken for a part.
    for step in ("half", "0", "0%", "-5%", 0.05):
        with pytest.raises(Unanswerable, match="CR1118"):
            study().sensitivity(step=step)  # type: ignore[arg-type]  # No binary number.
    with pytest.raises(Unanswerable, match="CR1120"):
        study().sensitivity(of=["grades"])
