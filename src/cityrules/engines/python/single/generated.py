"""Python source that scores one record of a kind: its fields, its measures, and every rule over its kind.

The source is put together from generated identifiers, whole numbers and quoted constants; texts of the document (names,
labels, clauses) reach it as objects of its namespace. The contract is `docs/engines.md`; compare `ledgers.py`, which
says the same for all records of a cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cityrules.calendar.kinds import PER_YEAR
from cityrules.engines.python.reach import TOO_LARGE, Reach
from cityrules.engines.python.single.admission import Admission, Bad
from cityrules.engines.python.single.derived import derive
from cityrules.engines.python.single.hits import Beyond, Hit, Hits, Problem, Shape
from cityrules.engines.python.single.intake import DAY, counted_line, day_number, intake_lines
from cityrules.engines.python.single.lines import FunctionSource, day_bounds, plain
from cityrules.engines.python.single.rules import RuleSheet
from cityrules.feel.types import Number
from cityrules.io import grammar
from cityrules.plan import coding, overflow, whole
from cityrules.plan.clock import counted
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Ledger, Plan, RecordAxis, RecordKind
from cityrules.plan.presence import NOTHING


@dataclass(frozen=True, slots=True)
class Generated:
    """`source` defines `score(record, as_of)` in `space`."""

    source: str
    space: dict[str, Any]
    shape: Shape
    beyond: tuple[Beyond, ...]
    reads_as_of: bool


def generate(plan: Plan, record: RecordKind) -> Generated:
    """The source for a dated kind of records, and the rules that it has to leave out."""
    admission = Admission(plan, record)
    space: dict[str, Any] = {
        "Hit": Hit,
        "Hits": Hits,
        "Problem": Problem,
        "new": tuple.__new__,
        "tuple": tuple,
        "abs": abs,
        "min": min,
        "max": max,
        "divided": whole.divided,
        "add_months": whole.add_months,
        "fromordinal": dt.date.fromordinal,
        "depends": _depends,
        "absent": _absent,
    }
    function = FunctionSource(Reach(plan, record), space)
    _check_discretion(function, plan)
    beyond = _check_conditions(function)
    for measure in function.reach.measures():
        try:
            derive(function, measure)
        except TooLargeError:
            function.reach.beyond[measure.name] = (TOO_LARGE,)
    sheets = [
        RuleSheet(function, place, measure)
        for place, measure in enumerate(m for m in plan.measures.values() if _concerns(m, record))
        if isinstance(measure, Ledger)
    ]
    function.line("hits = []")
    at = len(function.lines)
    for sheet in sheets:
        sheet.write()
    shape = Shape(
        tuple((sheet.ledger.name, sheet.scale) for sheet in sheets),
        tuple((derived.name, derived.type) for derived in function.derived.values()),
    )
    space["shape"] = shape
    _return(function, at)
    source = _assembled(function, admission, plan)
    beyond += [one for sheet in sheets for one in sheet.beyond]
    return Generated(source, space, shape, tuple(beyond), function.reads_now)


def _check_discretion(function: FunctionSource, plan: Plan) -> None:
    """Refuse points that the rules which count them do not leave to choose."""
    record, emitter = function.reach.record, function.emitter
    tests: dict[str, list[str]] = {}
    for one in plan.discretions(record.name):
        left = overflow.overflow(one.outside.tree)
        broken = coding.all_of((coding.negated(left), coding.holds(lower_flag(one.outside.tree))))
        tests.setdefault(one.field, []).append(f"({emitter.test(broken, NOTHING)})")
    places = {field: list(record.fields).index(field) for field in tests}
    _refuse(
        function,
        [
            (
                " or ".join(found),
                function.constant(f"B{places[field]}", (field, grammar.OUTSIDE_CHOICE)),
                f"v{places[field]}",
            )
            for field, found in tests.items()
        ],
    )


def _check_conditions(function: FunctionSource) -> list[Beyond]:
    """Refuse a record that does not meet a condition on which it is accepted. The conditions that are out of reach."""
    record, emitter = function.reach.record, function.emitter
    beyond: list[Beyond] = []
    found: list[tuple[str, str, str]] = []
    for number, one in enumerate(record.accepted_if):
        field = one.address
        needs = function.reach.needs([one.that])
        if needs:
            beyond.append(Beyond(record.name, field, needs))
            continue
        left, held = overflow.overflow(one.that.tree), lower_flag(one.that.tree)
        against = coding.holds(coding.negated(held)) if one.unknown == "yes" else coding.negated(coding.holds(held))
        tests = {grammar.NOT_MET: coding.all_of((coding.negated(left), against)), grammar.OVERFLOW: left}
        for code, test in tests.items():
            reason = function.constant(f"{code}{number}", (field, code, one.that.text))
            if test != coding.FALSE:
                found.append((emitter.test(test, NOTHING), reason, ""))
    _refuse(function, found)
    return beyond


def _refuse(function: FunctionSource, found: Iterable[tuple[str, str, str]]) -> None:
    """Lines that refuse the record with every reason of which the test is true: the name of the reason, and the local
    that holds what was found where the reason does not say it."""
    found = list(found)
    if not found:
        return
    function.line("against = None")
    for test, reason, value in found:
        with function.under(f"if {test}:"):
            told = f"(*{reason}, {value})" if value else reason
            function.line(f"against = [*(against or ()), {told}]")
    with function.under("if against is not None:"):
        function.line("raise refuse(against)")


def _concerns(measure: object, record: RecordKind) -> bool:
    return isinstance(measure, Ledger) and any(
        isinstance(rule.axis, RecordAxis) and rule.axis.record == record.name for rule in measure.rules
    )


def _return(function: FunctionSource, at: int) -> None:
    """The answer. Only what can have problems makes a list of them, first of all lines from `at`."""
    for derived in function.derived.values():
        if derived.doubtful:
            with function.under(f"if q{derived.place} is not None:"):
                function.line(f"problems = [*(problems or ()), q{derived.place}]")
    values = "".join(f"m{derived.place}, " for derived in function.derived.values())
    found = "()"
    if any("problems = " in line for line in function.lines):
        function.lines.insert(at, "    problems = None")
        found = "() if problems is None else tuple(problems)"
    function.line(f"return new(Hits, (tuple(hits), {found}, ({values}), shape))")


def _assembled(function: FunctionSource, admission: Admission, plan: Plan) -> str:
    """The whole source: the record taken in, what its names stand for, then the measures and rules written before."""
    record, space = function.reach.record, function.space
    body, function.lines = function.lines, []
    place = list(record.fields).index(record.dated or "")
    for line in intake_lines(admission, space):
        function.line(line)
    with function.under("if bad is not None:"):
        function.line(f"raise refuse(misdated(v{place}, as_of, bad))")
    at = len(function.lines)
    _check_day(function, plan)
    if function.reads_now:
        with function.under("if as_of is None:"):
            function.line("raise refuse([('', 'as_of', None)])")
        function.line("now = counted(as_of)")
    _date_dials(function)
    for (period, part), name in function.parts.items():
        function.line(f"{name} = {_period_part(function, period, part)}")
    types = list(record.fields.values())
    # Dates are counted once the record is known to be good; which ones, only the lines after that can tell.
    counts = ["    " + counted_line(place, types[place]) for place in sorted(function.used)]
    lines = [*function.lines[:at], *counts, *function.lines[at:], *body]
    helpers = "\n".join(function.emitter.helpers)
    return f"{helpers}\ndef score(record, as_of=None):\n" + "\n".join(lines) + "\n"


def _check_day(function: FunctionSource, plan: Plan) -> None:
    """Refuse a record dated outside of what is in force, or after the instant of knowledge."""
    record, space = function.reach.record, function.space
    assert record.dated is not None
    place = list(record.fields).index(record.dated)
    low, high = day_bounds(plan.in_force_from, plan.in_force_until)
    space["counted"] = _seconds
    space["misdated"] = _misdated(record.dated, low, high)
    function.used.add(place)
    seconds = f"f{place}" if record.fields[record.dated].base == "datetime" else f"f{place} * {DAY}"
    tests = [f"(as_of is not None and {seconds} > counted(as_of))"]
    if (low, high) != day_bounds(None, None):
        before = f"{low} <= " if low != day_number(dt.date.min) else ""
        after = f" <= {high}" if high != day_number(dt.date.max) else ""
        tests.append(f"not {before}{function.day()}{after}")
    with function.under(f"if {' or '.join(tests)}:"):
        function.line(f"raise refuse(misdated(v{place}, as_of, ()))")


def _misdated(name: str, low: int, high: int) -> Callable[[dt.date | None, dt.datetime | None, Iterable[Any]], Bad]:
    """The reasons so far and what speaks against the date of a record, unless it is none."""

    def misdated(value: dt.date | None, as_of: dt.datetime | None, bad: Iterable[Any]) -> Bad:
        if value is None:
            return [*bad]
        first = value if isinstance(value, dt.datetime) else dt.datetime.combine(value, dt.time())
        if as_of is not None and first > as_of:
            return [*bad, (name, grammar.AFTER_AS_OF, value)]
        return [*bad] if low <= day_number(value) <= high else [*bad, (name, grammar.OUTSIDE_PERIOD, value)]

    return misdated


def _date_dials(function: FunctionSource) -> None:
    """The values of dated parameters on the record's day."""
    for name, local in function.dials.items():
        parameter = function.reach.plan.parameters[name]
        scale = parameter.type.scale or 0 if isinstance(parameter.type, Number) else 0
        day = function.day()
        text = ascii(plain(parameter.values[0][1], scale))
        for first, value in parameter.values[1:]:
            text = f"{plain(value, scale)!a} if {day} >= {day_number(first)} else {text}"
        function.line(f"{local} = {text}")


def _period_part(function: FunctionSource, period: str, part: str) -> str:
    """A part of the period that contains the record's day."""
    record = function.reach.record
    day = f"v{list(record.fields).index(record.dated or '')}"
    kind = function.reach.plan.periods[period]
    if part == "number" and period in PER_YEAR and period != "ten_days":
        length = 12 // PER_YEAR[period]
        return f"{day}.year" if length == 12 else f"({day}.month + {length - 1}) // {length}"

    def found(day: dt.date) -> int:
        index = kind.index_of(day)
        if part == "number":
            return kind.number(index)
        return day_number(kind.start(index) if part == "start" else kind.last_day(index))

    return f"{function.constant(f'get_{period}_{part}', found)}({day})"


def _seconds(as_of: dt.datetime) -> int:
    return counted(as_of)


def _depends(measure: str, rule: str | None, names: tuple[str, ...], problems: tuple[Problem | None, ...]) -> Problem:
    """The problem of what reads undetermined measures."""
    undetermined = [name for name, problem in zip(names, problems, strict=True) if problem is not None]
    return Problem(measure, rule, "depends", ", ".join(sorted(undetermined)))


def _absent(measure: str, names: tuple[str, ...], present: tuple[bool, ...]) -> Problem:
    """The problem of what reads measures that do not apply here."""
    gone = [name for name, there in zip(names, present, strict=True) if not there]
    return Problem(measure, None, "absent", ", ".join(sorted(gone)))
