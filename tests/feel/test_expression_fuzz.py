"""Whatever the text, checking ends soon, raises nothing, and either gives a tree or says what is wrong."""

from __future__ import annotations

import contextlib
import time

from hypothesis import example, given
from hypothesis import strategies as st

from cityrules.feel.check import ANY, CONDITION, Expectation, check
from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.text.catalogue import unfilled
from cityrules.text.diagnostic import Report
from cityrules.text.show import show_all
from cityrules.text.source import Source, Span
from feel.sample_scope import NAMES, SampleScope

WORDS = "and or not in between if then else true false null date duration min abs default instance for some"
SIGNS = "+ - * / ** = != < <= > >= ( ) [ ] { } , . .. : == && || ! % <> ？ ＞ （ “ ” ' \" @ /* // ; 、 \\ #"
VALUES = '1 0 2.5 15万 95% 1e5 "优秀" @"P1D" @"2024-01-01" date("2024-01-01")'
TOKENS = [*NAMES, *WORDS.split(" "), *SIGNS.split(" "), *VALUES.split(" "), "date and time("]
SOUP = st.lists(st.sampled_from(TOKENS), max_size=30)
EXPECTATIONS = st.sampled_from([ANY, CONDITION, Expectation("number", guards=True)])


def examine(text: str, expect: Expectation) -> None:
    report = Report()
    source = Source("expression", text)
    began = time.perf_counter()
    found = check(text, SampleScope(), report, locate=lambda start, end: Span(source, start, end), expect=expect)
    assert time.perf_counter() - began < 2
    assert (found is None) is (len(report) > 0)
    for diagnostic in report:
        assert diagnostic.at is not None
        assert 0 <= diagnostic.at.start <= diagnostic.at.end <= len(text)
        assert unfilled(diagnostic) == []
    assert show_all(report, "zh") or found is not None
    if found is not None:
        # The values are of one kind only, so types fail; what matters is that it ends.
        with contextlib.suppress(EvaluationError, TypeError, AttributeError):
            evaluate(found.tree, lambda name: None if name.type.optional else 1)


@given(SOUP, st.sampled_from(["", " "]), EXPECTATIONS)
def test_token_soup(parts: list[str], glue: str, expect: Expectation) -> None:
    examine(glue.join(parts), expect)


@given(st.text(max_size=60), EXPECTATIONS)
@example("\ud800", ANY)
@example('"\\ud800"', ANY)
@example("\x00", ANY)
@example("@", ANY)
@example("²", ANY)
@example("1²", ANY)
@example("x²", ANY)
@example("ａｎｄ", ANY)
@example("a.and", ANY)
@example("n in", ANY)
@example("n in [", ANY)
@example("]1..2[", ANY)
@example("date and time()", ANY)
@example("……", ANY)
def test_any_text(text: str, expect: Expectation) -> None:
    examine(text, expect)


def test_hostile_expressions_end_soon() -> None:
    power = "1.234567890123456789012345678901234"
    for text in (
        "+".join([f"{power}**140"] * 60),
        " or ".join([f"{power}**140>{power}**140"] * 120),
        "count_true(" + ",".join(["n/n>n"] * 1500) + ")",
        " and ".join(f"x{i} > 0" for i in range(800)),
        " and ".join(["x > 0"] * 660),
        "(" * 60 + "n" + ")" * 60,
        "n in (" + ",".join(["n"] * 1900) + ")",
        " or ".join(["n in (1,2,3,4,5,6,7)"] * 200),
        "/*" * 5000,
        '"' * 9999,
        "“" * 9999,
        "'" * 9999,
        "n." * 4999 + "n",
        "max(" * 60 + "n",
    ):
        examine(text, ANY)
        examine(text, CONDITION)
