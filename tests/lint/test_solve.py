"""What is said about conditions holds: `no` is contradicted by no values, `yes` comes with values that do it.

On small domains the answer is that of trying everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from cityrules.feel.check import Expectation, check
from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Binding, Tree, Value
from cityrules.feel.types import Flag, Number, Text
from cityrules.feel.walk import reads
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import lower_flag
from cityrules.solve.asking import as_value, by_type, confirmed, with_words
from cityrules.solve.search import Found, Wanted, search
from cityrules.solve.smt import decide
from cityrules.solve.values import Values
from cityrules.text.diagnostic import Report
from plan.typed_expressions import CONDITIONS, VALUES, Name, Scope

many = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))


def tree_of(text: str, scope: Scope) -> Tree | None:
    found = check(text, scope, Report(), expect=Expectation("condition", guards=True))
    return found.tree if found is not None else None


def reader(values: Mapping[str, Value]) -> Callable[[Any], Value]:
    return lambda name: values[name.name]


def own(codes: list[Wanted], names: Mapping[Binding, Values]) -> Found:
    return search(codes, names, {}, {})


def answer(
    wanted: list[tuple[Tree, frozenset[bool | None]]],
    by: Callable[[list[Wanted], Mapping[Binding, Values]], Found] = own,
) -> Found:
    codes = [(lower_flag(tree), truths) for tree, truths in wanted]
    names = {name: by_type(name.type) for tree, _ in wanted for name in reads(tree)}
    return by(codes, with_words([code for code, _ in codes], names))


@many
@given(st.lists(CONDITIONS, min_size=1, max_size=3), VALUES)
def test_no_is_contradicted_by_no_values_and_yes_is_confirmed(texts: list[str], values: dict[str, Value]) -> None:
    trees = [tree_of(text, Scope()) for text in texts]
    assume(all(tree is not None for tree in trees))
    try:
        wanted = [(tree, frozenset((evaluate(tree, reader(values)),))) for tree in trees if tree]
    except EvaluationError:
        assume(False)
    try:
        found = answer(wanted)  # type: ignore[arg-type]
    except TooLargeError:
        return
    assert found.answer != "no"
    if found.answer == "yes":
        told: list[tuple[Tree, frozenset[bool | None]]] = wanted  # type: ignore[assignment]
        assert confirmed(told, found.values) or beyond(told, found)


def beyond(wanted: list[tuple[Tree, frozenset[bool | None]]], found: Found) -> bool:
    """Whether the reference evaluator has no value there: a date beyond the calendar, a divisor of zero."""
    try:
        for tree, _ in wanted:
            evaluate(tree, lambda name: as_value(name.type, found.values[name]))
    except EvaluationError:
        return True
    return False


# ------------------------------------------------------------------------------------------------- trying everything

SMALL = {
    name.name: name
    for name in (
        Name("a", Number(0, Fraction(0), Fraction(4))),
        Name("b", Number(0, Fraction(-2), Fraction(2), None, True)),
        Name("c", Number(1, Fraction(0), Fraction(1, 2))),
        Name("s", Text(("x", "y", "z"), True)),
        Name("t", Text(("x", "y"))),
        Name("f", Flag(True)),
        Name("g", Flag()),
    )
}
EVERY: dict[str, list[Value]] = {
    "a": [0, 1, 2, 3, 4],
    "b": [None, -2, -1, 0, 1, 2],
    "c": [Fraction(tenths, 10) for tenths in range(6)],
    "s": [None, "x", "y", "z"],
    "t": ["x", "y"],
    "f": [None, True, False],
    "g": [True, False],
}


class SmallScope(Scope):
    def resolve(self, path: tuple[str, ...]) -> Name | None:
        return SMALL.get(".".join(path))

    def names(self) -> list[str]:
        return list(SMALL)


_numbers = st.recursive(
    st.sampled_from(["a", "b", "c", "0", "1", "2", "0.3", "-1"]),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max", "default"]), inner, inner),
        st.builds("abs({})".format, inner),
        st.builds("(if g then {} else {})".format, inner, inner),
        st.builds("full_steps({}, 2)".format, inner),
    ),
    max_leaves=4,
)
_atoms = st.one_of(
    st.builds("({} {} {})".format, _numbers, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), _numbers),
    st.builds(
        "({} {} {})".format, st.sampled_from("st"), st.sampled_from(["=", "!="]), st.sampled_from(["t", '"x"', '"z"'])
    ),
    st.builds("({} {} null)".format, st.sampled_from("bsf"), st.sampled_from(["=", "!="])),
    st.builds("({} in [{}..{}))".format, _numbers, st.integers(-1, 2), st.integers(1, 4)),
    st.sampled_from(["f", "g", "f = g", 's in ("x", "y")']),
)
_small = st.recursive(
    _atoms,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(["and", "or"]), inner),
        st.builds("not({})".format, inner),
        st.builds("default({}, {})".format, inner, inner),
        st.builds("(if g then {} else {})".format, inner, inner),
    ),
    max_leaves=5,
)
_truths = st.sets(st.sampled_from([True, False, None]), min_size=1, max_size=2).map(frozenset)


@many
@given(st.lists(st.tuples(_small, _truths), min_size=1, max_size=3))
@example([("(a > c)", frozenset((True,))), ("(c > a)", frozenset((True,)))])
@example([("(a > b)", frozenset((False,))), ("(a <= b)", frozenset((False,)))])
@example([("(a - b > 1)", frozenset((True,))), ("(b - a >= -1)", frozenset((True,)))])
def test_on_small_domains_the_answer_is_that_of_trying_everything(
    asked: list[tuple[str, frozenset[bool | None]]],
) -> None:
    trees = [tree_of(text, SmallScope()) for text, _ in asked]
    assume(all(tree is not None for tree in trees))
    wanted = [(tree, truths) for tree, (_, truths) in zip(trees, asked, strict=True) if tree is not None]
    found = answer(wanted)
    read: list[Any] = [name for tree, _ in wanted for name in reads(tree)]
    names = list(dict.fromkeys(name.name for name in read))
    able = any(
        all(evaluate(tree, reader(values)) in truths for tree, truths in wanted)
        for values in (dict(zip(names, each, strict=True)) for each in product(*(EVERY[name] for name in names)))
    )
    assert found.answer in ("yes" if able else "no", "unknown")
    if found.answer == "yes":
        assert confirmed(wanted, found.values)


@settings(many, max_examples=40)
@given(st.lists(st.tuples(_small, _truths), min_size=1, max_size=3))
@example([("(full_steps(b, 2) = -1)", frozenset((True,)))])
def test_z3_answers_the_same(asked: list[tuple[str, frozenset[bool | None]]]) -> None:
    pytest.importorskip("z3", reason="the extra `analysis` is not installed")
    trees = [tree_of(text, SmallScope()) for text, _ in asked]
    assume(all(tree is not None for tree in trees))
    wanted = [(tree, truths) for tree, (_, truths) in zip(trees, asked, strict=True) if tree is not None]
    found = answer(wanted, by=lambda codes, names: decide(codes, names, {}))
    assert answer(wanted).answer in (found.answer, "unknown")
    if found.answer == "yes":
        assert confirmed(wanted, found.values)


def test_z3_decides_what_intervals_cannot() -> None:
    pytest.importorskip("z3", reason="the extra `analysis` is not installed")
    trees = [tree_of(text, Scope()) for text in ("n < many", "many < opt", "opt < n")]
    wanted = [(tree, frozenset((True,))) for tree in trees if tree is not None]
    assert answer(wanted).answer == "unknown"
    assert answer(wanted, by=lambda codes, names: decide(codes, names, {})).answer == "no"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["n > many", "many > n + 5"], "no"),
        (["n > many", "many > n - 5"], "yes"),
        (["day > later", "later >= day"], "no"),
        (['day > @"2024-01-01"', 'day < @"2024-01-02"'], "no"),
        (["at > until", "until != null", 'at - until < @"PT2S"'], "yes"),
        (['note = "x"', 'note = "y"'], "no"),
        (['note != "x"', "note != word"], "yes"),
        (["not(word = word)"], "no"),
        (["not(note = note)", "note != null"], "no"),
        (["rate * size > 900"], "no"),
        (["rate * size >= 900"], "yes"),
        (["day.month = 2", "day.day = 30"], "unknown"),
        (["day.month <= 1 and day.day <= 10", "not(day.month = 1 and day.day <= 10)"], "no"),
        (["day.month <= 2 and day.day <= 10", "not(day.month = 1 and day.day <= 10)"], "yes"),
        (["later.year = 2024", "later = null"], "no"),
        (["later.year = 2024", "later != null"], "yes"),
    ],
)
def test_wide_domains(texts: list[str], expected: str) -> None:
    trees = [tree_of(text, Scope()) for text in texts]
    assert answer([(tree, frozenset((True,))) for tree in trees if tree is not None]).answer == expected
