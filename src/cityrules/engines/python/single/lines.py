"""What the writers of generated code share: lines with indentation, names of values, the meaning of bindings.

Knows the plan and the record kind, nothing of measures' forms or of rules.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from cityrules.engines.python.reach import Reach, bindings
from cityrules.engines.python.single.emission import Emitter, Local
from cityrules.engines.python.single.intake import DAY, day_number
from cityrules.feel.tree import Binding
from cityrules.feel.types import Number, Type
from cityrules.plan import clock, coding, rational
from cityrules.plan.code import Code
from cityrules.plan.model import Constant, Expr, RecordAxis
from cityrules.plan.names import Dial, Field, Identity, Measured, Now, PeriodPart
from cityrules.plan.rational import Rational


@dataclass(frozen=True, slots=True)
class Held:
    """A value that the generated code holds in a name of its own; a binding of `plan.code` like any other."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Derived:
    """How the generated code knows a measure of the record: `m0`, whether it can be missing, whether it may have a
    problem (`q0`), whether it may not apply (`x0`)."""

    place: int
    name: str
    type: Type
    nullable: bool
    doubtful: bool
    partial: bool


@dataclass(slots=True)
class FunctionSource:
    """`lines` of the function so far; `space`: the objects that it uses by name."""

    reach: Reach
    space: dict[str, Any]
    lines: list[str] = field(default_factory=list)
    derived: dict[str, Derived] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    dials: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, str], str] = field(default_factory=dict)
    reads_now: bool = False
    axis: RecordAxis | None = None
    emitter: Emitter = field(init=False)
    _depth: int = 1

    def __post_init__(self) -> None:
        self.emitter = Emitter(self.local)

    # --- lines --------------------------------------------------------------------------------------------------

    def line(self, text: str) -> None:
        self.lines.append("    " * self._depth + text)

    @contextmanager
    def under(self, text: str) -> Iterator[None]:
        """A line that ends in a colon, and what stands under it."""
        self.line(text)
        self._depth += 1
        yield
        self._depth -= 1

    def constant(self, name: str, value: object) -> str:
        """An object of the namespace under a generated name."""
        self.space[name] = value
        return name

    # --- values -------------------------------------------------------------------------------------------------

    def local(self, binding: Binding) -> Local:
        """How the generated code knows a name. What a single record does not know never comes here."""
        match binding:
            case Held(name=name):
                return Local(name, False)
            case Field(name=name):
                return self._field(name)
            case Identity(kind=kind):
                source = self.reach.identity_field(kind, self.axis)
                assert source is not None
                return self._field(source)
            case Measured(measure=measure):
                derived = self.derived[measure]
                return Local(f"m{derived.place}", derived.nullable or derived.partial)
            case Dial(name=name):
                return Local(self._dial(name), False)
            case Now():
                self.reads_now = True
                return Local("now", False)
            case PeriodPart(period=period, part=part):
                return Local(self.parts.setdefault((period, part), f"u{len(self.parts)}"), False)
            case _:
                raise TypeError(f"not known to a single record: {binding!r}")

    def _field(self, name: str) -> Local:
        place = list(self.reach.record.fields).index(name)
        type_ = self.reach.record.fields[name]
        if type_.base in ("date", "datetime"):
            self.used.add(place)
            return Local(f"f{place}", type_.optional, f"v{place}")
        counted = type_.base in ("number", "count")
        return Local(f"f{place}" if counted else f"v{place}", type_.optional)

    def _dial(self, name: str) -> str:
        parameter = self.reach.plan.parameters[name]
        scale = parameter.type.scale or 0 if isinstance(parameter.type, Number) else 0
        if len(parameter.values) == 1:
            value = plain(parameter.values[0][1], scale)
            return f"({value})" if isinstance(value, int) else ascii(value)
        return self.dials.setdefault(name, f"p{len(self.dials)}")

    def day(self) -> str:
        """The record's day, counted."""
        dated = self.reach.record.dated
        assert dated is not None
        place = list(self.reach.record.fields).index(dated)
        self.used.add(place)
        return f"f{place} // {DAY}" if self.reach.record.fields[dated].base == "datetime" else f"f{place}"

    # --- what speaks against an expression -----------------------------------------------------------------------

    def doubts(self, exprs: Iterable[Expr]) -> tuple[list[Derived], list[tuple[Derived, Binding]]]:
        """The measures among the names that may have a problem, and those that may not apply."""
        read = [(self.derived[b.measure], b) for b in bindings(exprs) if isinstance(b, Measured)]
        return (
            list({d.name: d for d, _ in read if d.doubtful}.values()),
            [(d, b) for d, b in read if d.partial],
        )


def plain(value: Constant, scale: int) -> int | str | bool | None:
    """A constant of the plan as the generated code has it."""
    match value:
        case None | bool() | str():
            return value
        case dt.date():
            return clock.counted(value)
        case int() | Fraction():
            units: Fraction = Fraction(value) * 10**scale
            if units.denominator != 1:
                raise ValueError(f"{value} has more than {scale} digits")
            return units.numerator


def constant_code(value: Constant, type_: Type) -> Code:
    """A constant of a given type as code; a number in units of 10^-scale of the type."""
    scale = type_.scale or 0 if isinstance(type_, Number) else 0
    match plain(value, scale):
        case None:
            return coding.null(coding.sort_of(type_))
        case bool(flag):
            return coding.truth(flag)
        case str(text):
            return coding.text(text)
        case int(number):
            return coding.number(number)


def held(function: FunctionSource, name: str, value: Rational) -> Rational:
    """A fraction whose parts are worked out once, under names of their own; None where it is missing."""
    emitter = function.emitter
    function.line(f"{name}n = {emitter.value(value.n)}")
    n = coding.slot(Held(f"{name}n", number_type(value.n)))
    if value.whole:
        return Rational(n, rational.ONE, value.scale)
    function.line(f"{name}d = {emitter.value(value.d)}")
    return Rational(n, coding.slot(Held(f"{name}d", number_type(value.d))), value.scale)


def number_type(code: Code) -> Number:
    return Number(0, Fraction(code.low), Fraction(code.high))


def day_bounds(first: dt.date | None, until: dt.date | None) -> tuple[int, int]:
    """The first and last counted day in force."""
    low = day_number(first or dt.date.min)
    return low, day_number(dt.date.max) if until is None else day_number(until) - 1
