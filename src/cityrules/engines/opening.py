"""Opening balances: what measures were before the first period, read from the table `values` of an earlier assessment.

Only what an assessment looks back at is taken: an account, a run and what a ladder reads in the period before the first
one, and what `previous` and `year_before` ask for. Knows plans and input rows, no engine.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Container, Mapping, Sequence
from fractions import Fraction
from typing import Final

from cityrules.calendar.periods import Back, Span
from cityrules.engines.base import CellKey
from cityrules.engines.firsts import FirstDays, placed
from cityrules.feel.tree import Value
from cityrules.feel.types import Date, DateTime, Flag, Number, Text, Type
from cityrules.io.rows import DataError, Rows
from cityrules.plan.bounds import holds
from cityrules.plan.model import Consequence, Ledger, Measure, Plan, Quotient, Run
from cityrules.plan.names import Measured
from cityrules.plan.quotients import halves_of_value
from cityrules.plan.reading import bindings, expressions, measures_read
from cityrules.scheme.notation import joined_name, scale_of
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

__all__ = ["opening_values"]

_NEEDED: Final = ("measure", "target", "period", "value")
_BESIDE: Final = ("dimension", "state", "provisional")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?(/[0-9]*[1-9][0-9]*)?", re.ASCII)
_MOST_SHOWN: Final = 20


class _UnusableError(Exception):
    """A row that cannot be what an assessment goes on from."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def opening_values(
    plan: Plan, sources: Sequence[Rows], span: Span, firsts: FirstDays, elsewhere: Container[str] = ()
) -> dict[str, dict[CellKey, Value]]:
    """Opening values by measure and cell. Rows of other measures and of other periods before the span are passed over.

    `firsts`: when targets begin to count periods of their own; those of targets without such a day are passed over.
    `elsewhere`: measures of another reading of the document; rows of those that this plan does not have are, too.

    Raises DataError for rows without the columns of `values`, of no measure, of cells that are assessed themselves,
    for values that the measure cannot have, and for values that were undetermined or provisional.
    """
    asked = _Asked(plan, span, firsts, elsewhere)
    found: dict[str, dict[CellKey, Value]] = {}
    wrong: list[Diagnostic] = []
    for source in sources:
        missing = [column for column in _NEEDED if source.columns and column not in source.columns]
        wrong += [_missing(source, column) for column in missing]
        if missing or not source.columns:
            continue
        place = {name: source.columns.index(name) for name in (*_NEEDED, *_BESIDE) if name in source.columns}
        for row in source.rows():
            texts: dict[str, str | None] = {name: row.texts[at] for name, at in place.items()}
            try:
                if row.bad is not None:
                    raise _UnusableError("CR502", found=row.bad)
                _take(asked, texts, found)
            except _UnusableError as error:
                values = {"source": source.name, "row": str(row.number), **error.values}
                wrong.append(Diagnostic(error.code, path=source.name, values=values))
    if wrong:
        raise DataError(wrong[:_MOST_SHOWN])
    _halve(plan, found)
    return found


def _halve(plan: Plan, found: dict[str, dict[CellKey, Value]]) -> None:
    """Give the halves of a fraction of which only the whole is known: they are what is read of it."""
    for whole in [measure for name in found if isinstance(measure := plan.measures[name], Quotient)]:
        names = (whole.numerator, whole.denominator)
        for key, value in found[whole.name].items():
            halves = halves_of_value(plan, whole, value)
            if halves is not None and not any(key in found.get(name, {}) for name in names):
                for name, half in zip(names, halves, strict=True):
                    found.setdefault(name, {})[key] = half


def _missing(source: Rows, column: str) -> Diagnostic:
    values = {"source": source.name, "kind": "values", "found": column, "columns": ", ".join(source.columns)}
    return Diagnostic("CR512", path=source.name, values=values)


def _take(asked: _Asked, texts: Mapping[str, str | None], found: dict[str, dict[CellKey, Value]]) -> None:
    """Note what one row says, if it is looked back at."""
    plan, name = asked.plan, texts["measure"] or ""
    measure = plan.measures.get(name)
    if measure is None or measure.of_record:
        if name in asked.elsewhere:
            return
        meant = nearest(name, plan.measures)
        raise _UnusableError("CR992", found=name, **({"suggestion": meant} if meant else {}))
    kind, said = measure.grain.period, texts["period"]
    if kind is None and said is None:
        return  # A timeless value has no period to be before.
    try:
        period = plan.periods.parse(said or "")
    except ValueError:
        period = ("", 0)
    if kind is None or period[0] != kind:
        raise _UnusableError("CR993", name=name, found=said or "", grain=str(measure.grain))
    target, dimension = texts["target"] or "", texts.get("dimension")
    cell = joined_name((target, *dimension.split(" / "))) if dimension else target
    key = placed(plan, measure.grain, (cell, period[1]), asked.firsts)
    if key is None or key[1] is None:
        return  # A target that is no more, or counts no periods of its own.
    inside = asked.inside(kind, key[1])
    if key[1] >= inside.start:
        raise _UnusableError("CR994", name=name, found=said or "")
    if key[1] not in asked.before(name, kind, inside):
        return
    place = " ".join(part for part in (texts["target"], said, texts.get("dimension")) if part)
    if texts.get("state") == "undetermined" or (texts.get("provisional") or "").lower() == "true":
        state = "was_undetermined" if texts.get("state") == "undetermined" else "was_provisional"
        raise _UnusableError("CR995", name=name, cell=place, state_type=state)
    value = _value(texts["value"] or None, measure)
    if isinstance(measure, Quotient) and halves_of_value(plan, measure, value) is None:
        raise _UnusableError("CR996", name=name, found=texts["value"] or "")
    known = found.setdefault(name, {})
    if known.setdefault(key, value) != value:
        raise _UnusableError("CR997", name=name, cell=place)


def _value(text: str | None, measure: Measure) -> Value:
    """A value as the tables write it. Raises `_UnusableError`."""
    if text is None:
        if not measure.type.optional:
            raise _UnusableError("CR996", name=measure.name, found="")
        return None
    try:
        value = _read(text, measure.type)
    except (ValueError, KeyError):
        raise _UnusableError("CR996", name=measure.name, found=text) from None
    digits = measure.type.scale if isinstance(measure.type, Number) else None
    needed = scale_of(value) if isinstance(value, Fraction) else 0
    if (digits is not None and (needed is None or needed > digits)) or not holds(measure.type, value):
        raise _UnusableError("CR996", name=measure.name, found=text)
    return value


def _read(text: str, type_: Type) -> Value:
    match type_:
        case Number():
            if not _NUMBER.fullmatch(text) or len(text) > 100:
                raise ValueError(text)
            number = Fraction(text)
            return int(number) if number.denominator == 1 else number
        case Flag():
            return {"true": True, "false": False}[text.lower()]
        case Date():
            return dt.date.fromisoformat(text)
        case DateTime():
            return dt.datetime.fromisoformat(text)
        case Text():
            return text
    return text


# ------------------------------------------------------------------------------------------- what is looked back at


def _looked_back(plan: Plan) -> dict[str, set[Back]]:
    """The measures of whose earlier cells something is read, and how far back these lie."""
    found: dict[str, set[Back]] = {}
    nodes = (*plan.measures.values(), *plan.consequences.values(), *plan.checks.values())
    for node in nodes:
        for expr in expressions(node):
            for binding in bindings(expr):
                if isinstance(binding, Measured) and binding.back:
                    for name in (binding.measure, plan.quotient_of(binding.measure)):
                        found.setdefault(name, set()).add(binding.back)
        if isinstance(node, Run) or (isinstance(node, Ledger) and node.carried):
            found.setdefault(node.name, set()).add("period")
        if isinstance(node, Consequence) and node.ladder is not None:
            # A ladder looks at all that its steps read in the cell before.
            for name in (whole for half in measures_read(node) for whole in (half, plan.quotient_of(half))):
                found.setdefault(name, set()).add("period")
    return found


class _Asked:
    """What is asked of the periods before those of the span."""

    def __init__(self, plan: Plan, span: Span, firsts: FirstDays, elsewhere: Container[str]) -> None:
        self.plan, self.firsts, self.elsewhere = plan, firsts, elsewhere
        self._span, self._backs = span, _looked_back(plan)
        self._known: dict[tuple[str, range], frozenset[int]] = {}

    def inside(self, kind: str, index: int) -> range:
        """The periods of the span, of whoever has this one."""
        return self.plan.periods.in_span(kind, self._span, self.plan.periods[kind].begins(index))

    def before(self, name: str, kind: str, inside: range) -> frozenset[int]:
        """The running numbers of those before them of which a measure is asked."""
        if (name, inside) not in self._known:
            backs, back = self._backs.get(name, set()), self.plan.periods.back
            found = {inside.start - 1} if "period" in backs else set()
            earlier = [back(kind, index, "year") for index in inside] if "year" in backs else []
            found |= {index for index in earlier if index is not None and index < inside.start}
            self._known[name, inside] = frozenset(found)
        return self._known[name, inside]
