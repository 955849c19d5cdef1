"""The lines of generated code that take one record in: usual types are checked in place, the rest by `Admission`.

Writes `v0`, `v1`, ... for the fields as Python knows them and `f0`, `f1`, ... for their whole numbers. Texts of the
document (names, labels) reach the code as objects of its namespace, never as source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from operator import attrgetter
from typing import Any

from cityrules.engines.python.single.admission import Admission, RecordError
from cityrules.engines.python.single.emission import EPOCH_ORDINAL
from cityrules.io import grammar
from cityrules.plan.records import aliases_of
from cityrules.scheme.notation import FieldType

DAY = 86_400
MOST_TYPES = 64


def intake_lines(admission: Admission, space: dict[str, Any]) -> Iterator[str]:
    """From `record` to `v0`, `v1`, ..., and `f0`, ... of numbers; `bad` has the reasons. Fills the namespace."""
    names = admission.names
    values = ", ".join(f"v{place}" for place in range(len(names)))
    tuple_of_values = f"{values}," if len(names) == 1 else values
    space |= {
        "type": type,
        "len": len,
        "dict": dict,
        "str": str,
        "int": int,
        "Decimal": Decimal,
        "date": dt.date,
        "datetime": dt.datetime,
        "KeyError": KeyError,
        "TypeError": TypeError,
        "take": _taking(admission),
        "lenient": admission.lenient,
        "slow": _slow(admission),
        "refuse": admission.error,
    }
    space |= {f"k{place}": name for place, name in enumerate(names)}
    yield "try:"
    yield "    if type(record) is dict:"
    for place in range(len(names)):
        yield f"        v{place} = record[k{place}]"
    yield "    else:"
    yield f"        {tuple_of_values} = take(record)"
    yield "except KeyError:"
    yield f"    {tuple_of_values} = lenient(record)"
    yield "bad = None"
    yield "try:"
    types = dict(enumerate(admission.record.fields.values()))
    texts = [place for place, type_ in types.items() if not type_.optional and _is_free_text(type_, admission)]
    for place, type_ in types.items():
        if place not in texts:
            for line in _field(place, type_, admission, space):
                yield f"    {line}"
    if texts:
        # All texts in one look; where that is not enough, one by one.
        test = [f"type(v{place}) is str and v{place}" for place in texts]
        joined = " + ".join(f"v{place}" for place in texts)
        yield f"    if not ({' and '.join(test)} and len(t := {joined}) <= {grammar.MAX_TEXT} and t.isprintable()):"
        for place in texts:
            for line in _field(place, types[place], admission, space):
                yield f"        {line}"
    yield "except TypeError:"
    numbers = [f"f{p}" for p, t in enumerate(admission.record.fields.values()) if t.base in ("number", "count")]
    yield f"    {', '.join([values, *numbers])}, bad = slow(({tuple_of_values}))"


def _field(place: int, type_: FieldType, admission: Admission, space: dict[str, Any]) -> Iterator[str]:
    """The check of one field, by its usual types; everything else goes to `c0`, `c1`, ..."""
    v = f"v{place}"
    here = f"{v} is not None and " if type_.optional else ""
    again = f"    {v}, bad = c{place}({v}, bad)"
    if type_.base not in ("number", "count"):
        space[f"c{place}"] = admission.field(place)
    match type_.base:
        case "number" | "count":
            yield from _number(place, type_, admission, space)
            return
        case "flag":
            yield f"if {here}{v} is not True and {v} is not False:"
        case "date":
            yield f"if {here}type({v}) is not date:"
        case "datetime":
            usual = f"type({v}) is datetime and {v}.tzinfo is None and not {v}.microsecond"
            yield f"if {here}not ({usual}):"
        case "enumeration":
            space[f"labels{place}"] = frozenset(type_.labels)
            yield f"if {here}(type({v}) is not str or {v} not in labels{place}):"
        case _:
            if _listed(admission, type_, place, space):
                yield f"if {here}(type({v}) is not str or {v} not in labels{place}):"
            else:
                # What is printable holds neither NUL nor a broken surrogate.
                usual = f"type({v}) is str and 0 < len({v}) <= {grammar.MAX_TEXT} and {v}.isprintable()"
                if aliases := _aliases(admission, type_):
                    space[f"aliases{place}"] = frozenset(aliases)
                    usual += f" and {v} not in aliases{place}"
                yield f"if {here}not ({usual}):"
    yield again


def _is_free_text(type_: FieldType, admission: Admission) -> bool:
    """A text, or the name of a target that only the data can know."""
    return type_.base in ("text", "kind") and admission.members(type_) is None and not _aliases(admission, type_)


def _aliases(admission: Admission, type_: FieldType) -> Mapping[str, str]:
    return aliases_of(admission.plan, type_)


def _listed(admission: Admission, type_: FieldType, place: int, space: dict[str, Any]) -> bool:
    members = admission.members(type_)
    if members is None:
        return False
    space[f"labels{place}"] = members
    return True


def _number(place: int, type_: FieldType, admission: Admission, space: dict[str, Any]) -> Iterator[str]:
    v, f = f"v{place}", f"f{place}"
    low, high = grammar.scaled_range(type_)
    seen: dict[object, int] = {}
    space[f"seen{place}"] = seen.get
    space[f"c{place}"] = admission.field(place, seen)
    word = "if"
    if type_.optional:
        yield f"if {v} is None:"
        yield f"    {f} = None"
        word = "elif"
    whole = [f"type({v}) is int:", f"    {f} = {v}" if type_.scale == 0 else f"    {f} = {v} * {10**type_.scale}",
             f"    if not {low} <= {f} <= {high}:", f"        {f}, bad = c{place}({v}, bad)"]  # fmt: skip
    remembered = [f"type({v}) is Decimal or type({v}) is str:", f"    {f} = seen{place}({v})",
                  f"    if {f} is None:", f"        {f}, bad = c{place}({v}, bad)"]  # fmt: skip
    for first, *rest in (whole, remembered) if type_.scale == 0 else (remembered, whole):
        yield f"{word} {first}"
        yield from rest
        word = "elif"
    yield "else:"
    yield f"    {f}, bad = c{place}({v}, bad)"


def counted_line(place: int, type_: FieldType) -> str:
    """From a date or date-time `v0` to its days or seconds `f0`."""
    v = f"v{place}"
    text = f"{v}.toordinal() - {EPOCH_ORDINAL}"
    if type_.base == "datetime":
        text = f"({text}) * {DAY} + {v}.hour * 3600 + {v}.minute * 60 + {v}.second"
    # Whatever date it is, a date counts as true.
    return f"f{place} = {v} and {text}" if type_.optional else f"f{place} = {text}"


def day_number(day: dt.date) -> int:
    """Days since 1970-01-01 of a date or of the day of a date-time."""
    return day.toordinal() - EPOCH_ORDINAL


def _taking(admission: Admission) -> Any:
    """The fields of something that is no plain dict: another mapping, or an object with an attribute for each.

    How to read them is found out once for each type of object.
    """
    names = admission.names
    getters: dict[type, Any] = {}

    def way(of: type) -> Any:
        if issubclass(of, Mapping):
            return admission.lenient
        # Models made by `record_model` say which attribute holds which field.
        attributes = getattr(of, "__cityrules_attributes__", {})
        getter = attrgetter(*(attributes.get(name, name) for name in names))
        return (lambda record: (getter(record),)) if len(names) == 1 else getter

    def take(record: object) -> Any:
        getter = getters.get(type(record))
        if getter is None:
            if len(getters) >= MOST_TYPES:
                getters.clear()
            getter = getters[type(record)] = way(type(record))
        try:
            return getter(record)
        except RecordError:
            raise
        except Exception as problem:
            # A field that is not there, or an object whose own code fails when it is asked.
            raise admission.error([("", "not_a_record", record)]) from problem

    return take


def _slow(admission: Admission) -> Any:
    """All fields converted one by one, whatever they are: values, then the whole numbers of number fields, then bad."""
    types = list(admission.record.fields.values())
    converts = [admission.field(place) for place in range(len(types))]

    def slow(values: tuple[object, ...]) -> tuple[object, ...]:
        bad = None
        typed, numbers = [], []
        for value, type_, convert in zip(values, types, converts, strict=True):
            found, bad = convert(value, bad)
            if type_.base in ("number", "count"):
                numbers.append(found)
            typed.append(found)
        return (*typed, *numbers, bad)

    return slow
