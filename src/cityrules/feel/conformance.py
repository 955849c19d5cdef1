"""Runs cases of the DMN Technology Compatibility Kit: what the checker accepts must give the expected value.

A case is refused when the checker refuses it, when a date leaves the calendar (a row of `problems`, never a value), and
when a number on the way needs more than FEEL's 34 digits: it is exact here and rounded there. An accepted one agrees
when the values are the same, exactly; where the kit writes a number with eight or more decimals, it is the rounding of
a longer one, and agreement is to those digits (half even, as FEEL rounds). Where the kit expects null or an error, only
a missing value agrees.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from cityrules.feel import temporal
from cityrules.feel.check import check
from cityrules.feel.complaints import Complaints
from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.kinds import literal_number
from cityrules.feel.lexer import KEYWORDS, MOST_DIGITS, Kind, tokens
from cityrules.feel.lookup import Table
from cityrules.feel.scope import DayCount
from cityrules.feel.tree import Binding, Months, Tree, Value
from cityrules.feel.types import Date, DateTime, Duration, Flag, Null, Text, Type
from cityrules.feel.walk import nodes
from cityrules.text.diagnostic import Report

# From so many decimals on, an expected number is a rounded one.
ROUNDED_FROM = 8

# In these files what decides is the declared type of a decision, which a case in this form does not carry.
BEYOND_THE_EXPRESSION = frozenset({"0082-feel-coercion-test-01"})

Verdict = Literal["agree", "disagree", "refused"]


class UnreadableCasesError(Exception):
    """The file of cases cannot be read; the text is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case; `why` says codes of the refusal, or what was found and expected."""

    file: str
    id: str
    expression: str
    verdict: Verdict
    why: str


@dataclass(frozen=True, slots=True)
class _Input:
    type: Type
    value: Value


class _Inputs:
    """A scope over the inputs of a case; contexts are dotted names."""

    def __init__(self, inputs: Mapping[str, Any]) -> None:
        self.known: dict[tuple[str, ...], _Input] = {}
        for name, given in inputs.items():
            self.add((name,), given)

    def add(self, path: tuple[str, ...], given: Any) -> None:
        if not _is_name(path[-1]) or not isinstance(given, dict):
            return
        if given.get("t") == "context" and isinstance(given.get("v"), dict):
            for name, inner in given["v"].items():
                self.add((*path, name), inner)
            return
        found = _typed(given)
        if found is not None:
            self.known[path] = found

    def resolve(self, path: tuple[str, ...]) -> Binding | None:
        return self.known.get(path)

    def names(self) -> Iterable[str]:
        return [".".join(path) for path in self.known]

    def table(self, name: str) -> Table | None:
        return None

    def call(self, function: str, arguments: tuple[tuple[str, ...] | None, ...]) -> Binding | str | None:
        return None

    def day_count(self) -> DayCount | str:
        return "CR251"


def read_cases(path: Path) -> list[dict[str, Any]]:
    """The cases of a file. Raises `UnreadableCasesError`."""
    try:
        cases = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise UnreadableCasesError(f"{path}: cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableCasesError(f"{path}: is not JSON in UTF-8 ({error})") from error
    if not isinstance(cases, list) or not all(map(_is_case, cases)):
        raise UnreadableCasesError(f"{path}: is not a list of cases, each with an `expr`")
    return cases


def _is_case(case: object) -> bool:
    return (
        isinstance(case, dict)
        and isinstance(case.get("expr"), str)
        and all(isinstance(case.get(part) or {}, dict) for part in ("inputs", "expected"))
    )


def run(cases: Iterable[Mapping[str, Any]]) -> Iterator[Outcome]:
    """The outcome of each case, in order."""
    for case in cases:
        verdict, why = _judge(case)
        yield Outcome(str(case.get("file", "")), str(case.get("id", "")), case["expr"], verdict, why)


def expects_value(case: Mapping[str, Any]) -> bool:
    """Whether a case is well-typed and has a value: no error expected, and not null."""
    expected = case.get("expected") or {}
    return not case.get("error") and expected.get("v") is not None


def _judge(case: Mapping[str, Any]) -> tuple[Verdict, str]:
    if case.get("file") in BEYOND_THE_EXPRESSION:
        return "refused", "the expected value depends on a declared type that the case does not carry"
    inputs = case.get("inputs") or {}
    if any(not _is_name(name) and name in case["expr"] for name in inputs):
        # FEEL reads the longest name that fits, so `a-b` may be one name; here it would be a difference.
        return "refused", "an input has a name that this language cannot write"
    report = Report()
    scope = _Inputs(inputs)
    checked = check(case["expr"], scope, report)
    if checked is None:
        return "refused", " ".join(sorted({diagnostic.code for diagnostic in report}))
    try:
        found = evaluate(checked.tree, _value)
    except EvaluationError as error:
        return "refused", type(error).__name__
    if not all(_as_in_feel(part) for part in nodes(checked.tree) if part is not checked.tree):
        return "refused", f"a number on the way has more than {MOST_DIGITS} digits"
    expected = case.get("expected") or {"t": "null", "v": None}
    if case.get("error") or expected.get("v") is None:
        agrees = found is None
    else:
        agrees = _agrees(found, expected)
    wanted = "an error" if case.get("error") else f"{expected.get('t')} {expected.get('v')}"
    return ("agree" if agrees else "disagree"), f"found {found!r}, expected {wanted}"


def _as_in_feel(tree: Tree) -> bool:
    """Whether the value of a part is the same in FEEL, which rounds every number to 34 digits."""
    try:
        value = evaluate(tree, _value)
    except EvaluationError:
        return True  # in a branch that is not taken
    return isinstance(value, bool) or not isinstance(value, (int, Fraction)) or _rounded(Fraction(value)) == value


def _rounded(number: Fraction) -> Fraction:
    """A number rounded as FEEL rounds the result of every operation."""
    with localcontext(prec=MOST_DIGITS, rounding=ROUND_HALF_EVEN):
        return Fraction(Decimal(number.numerator) / Decimal(number.denominator))


def _value(binding: Binding) -> Value:
    assert isinstance(binding, _Input)
    return binding.value


def _is_name(name: str) -> bool:
    if name in KEYWORDS:
        return False
    complaints = Complaints(Report(), name)
    found = tokens(name, complaints)
    return not complaints.count and [token.kind for token in found] == [Kind.NAME, Kind.END] and found[0].value == name


def _typed(given: Mapping[str, Any]) -> _Input | None:
    """The type and value of an input, None for what this language has no values of."""
    kind, text = given.get("t"), given.get("v")
    if kind == "null" or text is None:
        return _Input(Null(), None)
    if not isinstance(text, str):
        return None
    if kind == "string":
        return _Input(Text(), text)
    value = _parsed(str(kind), text)
    match value:
        case bool():
            return _Input(Flag(), value)
        case int() | Fraction():
            return _Input(literal_number(Fraction(value)), value)
        case dt.datetime():
            return _Input(DateTime(), value)
        case dt.date():
            return _Input(Date(), value)
        case Months():
            return _Input(Duration("months"), value)
        case dt.timedelta():
            return _Input(Duration("days"), value)
    return None


def _parsed(kind: str, text: str) -> Value:
    match kind:
        case "boolean":
            return {"true": True, "false": False}.get(text)
        case "decimal":
            return _decimal(text)
        case "date":
            return temporal.date(text)
        case "dateTime":
            return temporal.date_time(text) if "T" in text else None
        case "duration":
            return temporal.duration(text)
    return None


def _decimal(text: str) -> Fraction | None:
    """A decimal number of a size that can be written out."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or len(text) > 100 or abs(number.adjusted()) > 400:
        return None
    return Fraction(number)


def _agrees(found: Value, expected: Mapping[str, Any]) -> bool:
    kind, text = str(expected.get("t")), expected.get("v")
    if found is None or not isinstance(text, str):
        return False
    if kind == "string":
        return isinstance(found, str) and found == text
    value = _parsed(kind, text)
    if value is None or isinstance(value, bool) is not isinstance(found, bool):
        return False
    if isinstance(value, Fraction):
        return isinstance(found, (int, Fraction)) and _same_number(Fraction(found), value, text)
    same_kind = type(value) is type(found)
    return same_kind and value == found


def _same_number(found: Fraction, expected: Fraction, text: str) -> bool:
    if found == expected:
        return True
    if len(Decimal(text).as_tuple().digits) >= MOST_DIGITS:
        # As many digits as a FEEL number has: the kit's value is rounded to them.
        return _rounded(found) == expected
    decimals = len(text.partition(".")[2])
    return "E" not in text.upper() and decimals >= ROUNDED_FROM and round(found, decimals) == expected
