"""What the checker says of an expression holds for its values: missing, bounds, scale, labels, no division by zero."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import assume, example, given
from hypothesis import strategies as st

from cityrules.feel.check import Expectation, check
from cityrules.feel.evaluate import OutOfRange, evaluate
from cityrules.feel.tree import Value
from cityrules.feel.types import Number, Text
from cityrules.text.diagnostic import Report
from plan.test_lower import ORDINARY
from plan.typed_expressions import EXPRESSIONS, VALUES, Name, Scope


@given(EXPRESSIONS, VALUES, st.sampled_from(["any", "condition"]))
@example("many > few and rate / many < 2", ORDINARY | {"many": 0, "few": None}, "condition")
@example("many <= few or full_steps(rate, many) > 2", ORDINARY | {"many": 0, "few": None}, "condition")
@example("few > opt and small > few and rate / small > 1", ORDINARY | {"small": 0}, "condition")
def test_a_value_is_of_the_type_that_was_found(text: str, values: dict[str, Value], of: str) -> None:
    found = check(text, Scope(), Report(), expect=Expectation(of, guards=True))  # type: ignore[arg-type]
    assume(found is not None)
    assert found is not None

    def read(name: object) -> Value:
        assert isinstance(name, Name)
        return values[name.name]

    try:
        if any(evaluate(divisor, read) == 0 for divisor in found.divisors):
            return
        value = evaluate(found.tree, read)  # a divisor of zero would be raised
    except OutOfRange:
        return
    type_ = found.tree.type
    if value is None:
        assert type_.optional
    elif isinstance(type_, Number):
        assert isinstance(value, (int, Fraction))
        assert type_.low is None or type_.low <= value
        assert type_.high is None or value <= type_.high
        assert type_.scale is None or (value * 10**type_.scale).denominator == 1
    elif isinstance(type_, Text) and type_.labels is not None:
        assert value in type_.labels
