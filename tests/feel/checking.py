"""Short ways to check and evaluate an expression over the sample scope."""

from __future__ import annotations

from collections.abc import Mapping

from cityrules.feel.check import ANY, CONDITION, Checked, Expectation, check
from cityrules.feel.evaluate import evaluate
from cityrules.feel.tree import Tree, Value
from cityrules.text.diagnostic import Report
from cityrules.text.source import Source, Span
from feel.sample_scope import SampleScope


def checked(text: str, expect: Expectation = ANY) -> Checked:
    report = Report()
    found = check(text, SampleScope(), report, expect=expect)
    assert found is not None, [(each.code, dict(each.values)) for each in report]
    return found


def tree(text: str, expect: Expectation = ANY) -> Tree:
    return checked(text, expect).tree


def condition(text: str) -> Checked:
    return checked(text, CONDITION)


def complaints(text: str, expect: Expectation = ANY) -> list[tuple[str, str]]:
    """The codes with the text each points at, in the order of the text."""
    report = Report()
    source = Source("expression", text)
    found = check(text, SampleScope(), report, locate=lambda start, end: Span(source, start, end), expect=expect)
    assert (found is None) is (len(report) > 0)
    return [(each.code, each.at.text) for each in report if each.at is not None]


def codes(text: str, expect: Expectation = ANY) -> list[str]:
    return [code for code, _ in complaints(text, expect)]


def value(text: str, values: Mapping[str, Value] | None = None, expect: Expectation = ANY) -> Value:
    known = values or {}
    return evaluate(tree(text, expect), lambda name: known[name.name])  # type: ignore[attr-defined]
