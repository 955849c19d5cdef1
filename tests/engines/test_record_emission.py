"""Python written out of code says what the code says."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cityrules.engines.python.single.emission import Emitter, Local
from cityrules.feel.tree import Binding, Value
from cityrules.feel.types import Number
from cityrules.plan import coding, whole
from cityrules.plan import lower as lowering
from cityrules.plan.code import Code
from cityrules.plan.coding import TooLargeError
from cityrules.plan.overflow import overflow
from plan.code_meaning import Plain, run
from plan.test_lower import ORDINARY, checked, slots
from plan.typed_expressions import CONDITIONS, EXPRESSIONS, NAMES, VALUES

PLACES = {name: f"f{place}" for place, name in enumerate(NAMES)}


def resolve(binding: Binding) -> Local:
    return Local(PLACES[binding.name], binding.type.optional)  # type: ignore[attr-defined]


def compiled(code: Code, way: str) -> Callable[..., Plain]:
    emitter = Emitter(resolve)
    text = getattr(emitter, way)(code)
    parameters = ", ".join(PLACES.values())
    source = "".join(emitter.helpers) + f"def found({parameters}):\n    return {text}\n"
    space: dict[str, object] = {
        "divided": whole.divided,
        "add_months": whole.add_months,
        "fromordinal": __import__("datetime").date.fromordinal,
    }
    exec(compile(source, "<generated>", "exec"), space)  # noqa: S102 - what is under test
    return space["found"]  # type: ignore[return-value]


def agree(code: Code, values: dict[str, Value]) -> None:
    plain = slots(values)
    arguments = [plain[name] for name in NAMES.values()]
    expected = run(code, plain)
    found = compiled(code, "value")(*arguments)
    assert found == expected
    assert type(found) is type(expected)
    if code.sort == "bool":
        assert bool(compiled(code, "test")(*arguments)) is (expected is True)
        assert bool(compiled(code, "falsy")(*arguments)) is (expected is False)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(EXPRESSIONS, CONDITIONS), VALUES, st.sampled_from(["any", "condition"]))
def test_written_python_means_the_code(text: str, values: dict[str, Value], of: str) -> None:
    found = checked(text, of) or checked(text)
    assume(found is not None)
    assert found is not None
    try:
        agree(overflow(found.tree), values)
        if isinstance(found.tree.type, Number):
            fraction = lowering.lower_number(found.tree)
            agree(fraction.n, values)
            agree(coding.div(fraction.n, fraction.d, "half even"), values)
        else:
            agree(lowering.lower(found.tree), values)
    except TooLargeError:
        pass


def test_three_hundred_alternatives() -> None:
    """One flat `or` must not nest."""
    items = [coding.compare("=", coding.slot(NAMES["n"]), coding.number(7 * n)) for n in range(150)]
    items += [coding.compare(">", coding.slot(NAMES["opt"]), coding.number(n)) for n in range(150)]
    agree(coding.any_of(items), ORDINARY | {"n": 700})


def test_a_long_sum_and_a_deep_one() -> None:
    """CPython nests sums to the left; deep parts become functions of their own."""
    agree(coding.add(*(coding.mul(coding.slot(NAMES["n"]), coding.slot(NAMES["size"])) for _ in range(900))), ORDINARY)
    deep = coding.slot(NAMES["small"])
    for n in range(60):
        deep = coding.absolute(coding.neg(coding.choose(coding.slot(NAMES["on"]), deep, coding.number(n))))
    agree(deep, ORDINARY | {"on": True})


@pytest.mark.parametrize("last", [True, False])
def test_a_deep_condition_and_its_opposite(last: bool) -> None:
    """`and` in `or` in `and`, forty deep: what is too deep to stand in one line is asked for by a function."""
    deep = coding.compare("=" if last else "!=", coding.slot(NAMES["small"]), coding.slot(NAMES["small"]))
    for n in range(40):
        never = coding.compare("<", coding.slot(NAMES["n"]), coding.number(-1000 - n))
        ever = coding.compare(">", coding.slot(NAMES["n"]), coding.number(-2000 - n))
        deep = coding.any_of([never, coding.all_of([ever, deep])])
    agree(deep, ORDINARY)


def test_nested_stand_ins_are_worked_out_once() -> None:
    """`default` in `default`, sixty deep: written once each, not doubled at every level."""
    code = coding.slot(NAMES["perhaps"])
    other = coding.compare(">", coding.slot(NAMES["opt"]), coding.number(3))
    for _ in range(60):
        code = coding.coalesce(coding.negated(coding.choose(code, other, coding.negated(other))), other)
    started = time.process_time()
    agree(code, ORDINARY)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["'; import os #", "\\", "\n", "\ud800", "'''", "{x}", "劣"])
def test_texts_stay_texts(text: str) -> None:
    code = coding.compare("=", coding.slot(NAMES["note"]), coding.text(text))
    agree(code, ORDINARY | {"note": text})
    others = [coding.compare("=", coding.slot(NAMES["note"]), coding.text(str(n))) for n in range(3)]
    agree(coding.any_of([code, *others]), ORDINARY | {"note": text})
