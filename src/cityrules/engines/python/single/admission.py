"""A single record taken in: its fields by the one grammar of input texts, or every reason why not.

The generated scorer checks the usual types itself and comes here for everything else. Knows no measures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from cityrules.engines.python.fields import Column, Refused, converter, named
from cityrules.engines.python.single.hits import MOST_REMEMBERED
from cityrules.feel.tree import Value
from cityrules.io import grammar
from cityrules.io.normal import to_text
from cityrules.io.rows import DataError
from cityrules.plan.model import Plan, RecordKind
from cityrules.plan.records import aliases_of
from cityrules.scheme.notation import FieldType, plain_number
from cityrules.text.diagnostic import Diagnostic
from cityrules.text.suggest import nearest

MOST_CHARACTERS: Final = 40
"""Of a text whose value is remembered."""
_REMEMBERED: Final = ("number", "count", "flag", "date", "datetime")

Bad = list[tuple[str, str, object]]
"""Field, reason and what was found, for each field that is not acceptable."""

Convert = Callable[[object, Bad | None], tuple[Any, Bad | None]]

# One diagnostic a reason; the catalogue has the sentences.
_CODES: Final = {
    grammar.MISSING: "CR550",
    grammar.NUL: "CR551",
    grammar.TOO_LONG: "CR552",
    grammar.NOT_A_NUMBER: "CR553",
    grammar.EXCESS_DIGITS: "CR554",
    grammar.OUT_OF_RANGE: "CR555",
    grammar.NOT_A_FLAG: "CR556",
    grammar.NOT_A_DATE: "CR557",
    grammar.NOT_A_TIMESTAMP: "CR558",
    grammar.UNKNOWN_LABEL: "CR559",
    grammar.UNKNOWN_TARGET: "CR560",
    grammar.OUTSIDE_PERIOD: "CR561",
    grammar.AFTER_AS_OF: "CR562",
    grammar.OUTSIDE_CHOICE: "CR900",
    grammar.NOT_MET: "CR981",
    grammar.OVERFLOW: "CR982",
    grammar.TYPE: "CR563",
    grammar.ENCODING: "CR564",
    "no_such_field": "CR565",
    "not_a_record": "CR566",
    "as_of": "CR567",
}


class RecordError(DataError):
    """A record that is not acceptable. `reasons`: `field: code` as in the table `rejects`; `diagnostics`: in words."""

    def __init__(self, diagnostics: list[Diagnostic], reasons: tuple[str, ...]) -> None:
        super().__init__(diagnostics)
        self.reasons = reasons


class Admission:
    """What the generated code of one record kind calls for unusual records. `names`: the fields in order."""

    def __init__(self, plan: Plan, record: RecordKind) -> None:
        self.plan = plan
        self.record = record
        self.names = tuple(record.fields)
        self._clauses = {one.address: one.clause or "" for one in record.accepted_if}
        self._columns = [
            Column(name, named(converter(type_, self.members(type_)), aliases_of(plan, type_)), type_.optional)
            for name, type_ in record.fields.items()
        ]

    def members(self, type_: FieldType) -> frozenset[str] | None:
        """The members of a listed kind; those of others are only known with the data."""
        kind = self.plan.kinds.get(type_.kind or "")
        return frozenset(kind.members) if kind is not None and isinstance(kind.members, tuple) else None

    def field(self, place: int, seen: dict[object, Any] | None = None) -> Convert:
        """The conversion of one field: the value as the generated code holds it, or one more reason in the list.

        Short texts and decimals that were converted once are found in `seen` the next time. Bounded.
        """
        column = self._columns[place]
        type_ = self.record.fields[column.name]
        known: dict[object, Any] = {} if seen is None else seen
        remembers = type_.base in _REMEMBERED

        def convert(found: object, bad: Bad | None) -> tuple[Any, Bad | None]:
            short = remembers and (type(found) is Decimal or (type(found) is str and len(found) <= MOST_CHARACTERS))
            if type(found) is str and short and (value := known.get(found)) is not None:
                return value, bad
            value = _converted(column, found)
            if isinstance(value, Refused):
                return None, [*(bad or ()), (column.name, value.code, found)]
            if isinstance(value, (int, Fraction)) and not isinstance(value, bool):
                value = int(value * 10**type_.scale)
            if short and value is not None:
                if len(known) >= MOST_REMEMBERED:
                    known.clear()
                known[found] = value
            return value, bad

        return convert

    def lenient(self, record: object) -> tuple[object, ...]:
        """The fields of a mapping in which some are not there. An absent optional field is missing.

        Raises RecordError where a field that is not declared is likely meant to be the absent one, or where the record
        is no mapping.
        """
        if not isinstance(record, Mapping):
            raise self.error([("", "not_a_record", record)])
        bad: Bad = []
        for name in self.names:
            if name not in record:
                others = [key for key in record if isinstance(key, str) and key not in self.record.fields]
                meant = nearest(name, others)
                if meant is not None:
                    bad.append((name, "no_such_field", meant))
        if bad:
            raise self.error(bad)
        return tuple(record.get(name) for name in self.names)

    def error(self, bad: Bad) -> RecordError:
        """All reasons against a record, one diagnostic each, in the order of its fields."""
        bad = sorted(bad, key=lambda one: self.names.index(one[0]) if one[0] in self.names else len(self.names))
        reasons = tuple(sorted(grammar.reason(field, code) for field, code, _ in bad))
        return RecordError([self._diagnostic(*one) for one in bad], reasons)

    def _diagnostic(self, field: str, code: str, found: object) -> Diagnostic:
        type_ = self.record.fields.get(field)
        values = {
            "record": self.record.name,
            "field": field,
            "found": _shown(found),
            "expected": _expected(type_, code),
            "clause": self._clauses.get(field, ""),
            "digits": str(type_.scale if type_ is not None else 0),
        }
        return Diagnostic(_CODES[code], None, f"{self.record.name}.{field}" if field else self.record.name, values)


def _converted(column: Column, found: object) -> Value | Refused:
    text, bad = to_text(found)
    if bad is not None:
        return Refused(bad)
    return column.value(text)


def _shown(found: object) -> str:
    text, _ = to_text(found)
    shown = text or ""
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _expected(type_: FieldType | None, code: str) -> str:
    if type_ is None:
        return ""
    if code == grammar.OUT_OF_RANGE:
        low, high = grammar.scaled_range(type_)
        return f"[{plain_number(Fraction(low, 10**type_.scale))}, {plain_number(Fraction(high, 10**type_.scale))}]"
    return ", ".join(type_.labels) if type_.labels else str(type_)
