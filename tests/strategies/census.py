"""Which constructs of the language a scheme has, and how often each occurs in random schemes.

The names come from the models of the document (every key, every word of a choice) and from the plan (what an
expression, an axis, a window is), so that a new construct is asked for as soon as it is there.
`PYTHONPATH=src:tests python -m strategies.census 400` prints how often each occurs.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import sys
import typing
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel

from cityrules.feel.functions import FUNCTIONS
from cityrules.feel.tree import (
    Arithmetic,
    Call,
    Compare,
    If,
    IsMissing,
    Literal_,
    Lookup,
    Months,
    Node,
    Not,
    Property,
    Read,
    Working,
)
from cityrules.plan import names
from cityrules.plan.model import (
    Cap,
    Empty,
    Expr,
    Fold,
    KindAxis,
    Ledger,
    Missing,
    PeriodAxis,
    Plan,
    Rank,
    RecordAxis,
    Standing,
)
from cityrules.plan.reading import axes
from cityrules.scheme.document import FORMS, Document
from cityrules.scheme.notation import ROUNDING_MODES, Rounding, Window, parts_of
from cityrules.testing.random_schemes.scheme import RandomScheme

FOR_READERS = frozenset({
    "Body.label", "Body.note", "Body.by", "Document.issuer", "Document.source", "Document.examples",
    "Document.uncomputed", "Document.silenced", "Document.labels", "Labels.zh", "Labels.en",
    "Document.based_on", "Document.changes",
})  # fmt: skip
"""Keys that change nothing of what is computed, and those that say where the rest stands (`tests/loaded/test_bases.py`
writes random schemes that way)."""

NAMES = (
    "Field",
    "Attribute",
    "Identity",
    "Measured",
    "Tied",
    "Dial",
    "Now",
    "PeriodPart",
    "Counted",
    "Fired",
    "InForce",
)
NODES = (If, IsMissing, Not, Property, Lookup)


def constructs(scheme: RandomScheme) -> set[str]:
    """The names of the constructs that a scheme has."""
    document = Document.model_validate(scheme.document, by_alias=True, by_name=False)
    return {*_stated(document), *_borrowed(scheme), *_tabled(scheme), *_meant(scheme.plan)} & known()


def _tabled(scheme: RandomScheme) -> Iterator[str]:
    """Seasons by name, tables of members, checks without cells."""
    document = scheme.document
    if re.search(r"\bheating\.name\b", str(document["measures"])):
        yield "name of a season"
    if any(
        "market" in table["key"] and "absent" not in table and name in str(document["measures"])
        for name, table in document.get("tables", {}).items()
    ):
        yield "table with a row for each member"
    if any("for" not in body for body in document.get("checks", {}).values()):
        yield "check of the document"


def _borrowed(scheme: RandomScheme) -> Iterator[str]:
    """Types that are taken over from somewhere."""
    document = scheme.document
    written = [
        one["fields"] for part in ("records", "targets") for one in document.get(part, {}).values() if "fields" in one
    ]
    written += [table["columns"] for table in document.get("tables", {}).values()]
    for type_ in (type_.removeprefix("optional ") for types in written for type_ in types.values()):
        if type_ in document["measures"]:
            yield "type of a measure"
        elif re.fullmatch(r"\w+\.\w+", type_):
            yield "type of a field"


@cache
def known() -> frozenset[str]:
    """The names of all constructs there are."""
    found: set[str] = set()
    for model in _models(Document, set()):
        if model.__name__ == "ExampleBody":
            continue
        for key, info in model.model_fields.items():
            name = f"{_definer(model, key)}.{info.alias or key}"
            words = _words(info.annotation)
            found |= {f"{name} = {word}" for word in words} if words else {name} if not info.is_required() else set()
            found |= {name} if words and not info.is_required() else set()
    found |= {f"form {form}" for form in FORMS}
    found |= {f"function {name}" for name in FUNCTIONS if name != "not"} | {
        f"operator {sign}" for sign in ("+", "-", "*", "/", "**", "=", "<")
    }
    found |= {f"node {node.__name__}" for node in NODES} | {f"name {name}" for name in NAMES}
    found |= {"name previous", "name year_before", "name of an element", "name by a field", "name of a referent"}
    found |= {f"round {mode}" for mode in ROUNDING_MODES}
    found |= {f"missing {policy}" for policy in ("error", "skip", "value", "null")}
    found |= {"type of a measure", "type of a field"}
    found |= {"name of a season", "table with a row for each member", "check of the document"}
    found |= {"empty error", "empty null", "empty value"}
    found |= {f"window {kind}" for kind in ("last", "to_date", "ever")}
    found |= {
        f"{user} over {axis}"
        for user in ("fold", "rule")
        for axis in ("records", "targets", "periods", "dimensions", "consequences")
    }
    found |= {f"{user} via {way}" for user in ("fold", "rule") for way in ("a field", "a measure", "a field and up")}
    found |= {"rank with tie-breaks", "standing by a measure"}
    found |= {"fold of single records", "fold of records of another kind", "rule once"}
    found |= {f"cap by {bound}" for bound in ("a number", "the cell", "other rules")}
    found |= {
        f"grain {kind}" for kind in ("record", "whole", "timeless", "dimensions", "own period", "period of a target")
    }
    found |= {f"period {name}" for name in ("day", "week", "ten_days", "month", "quarter", "half_year", "year")}
    return frozenset(found - FOR_READERS)


def _models(annotation: Any, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """All models that a type can hold, each once."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation not in seen:
            seen.add(annotation)
            yield annotation
            for info in annotation.model_fields.values():
                yield from _models(info.annotation, seen)
        return
    for inner in typing.get_args(annotation):
        yield from _models(inner, seen)


def _words(annotation: Any) -> tuple[str, ...]:
    """The words of the choices that a key has."""
    if typing.get_origin(annotation) is Literal:
        return tuple(word for word in typing.get_args(annotation) if isinstance(word, str))
    if isinstance(annotation, type):
        return ()
    return tuple(word for inner in typing.get_args(annotation) for word in _words(inner))


def _definer(model: type[BaseModel], key: str) -> str:
    """The model that a key belongs to, of those that a model is made of."""
    own = [base for base in model.__mro__ if key in getattr(base, "__annotations__", {})]
    return own[-1].__name__.removesuffix("Body") or "Body"


def _stated(value: object) -> Iterator[str]:
    """What stands in a part of a document."""
    if isinstance(value, BaseModel):
        model = type(value)
        yield from (f"form {form}" for form, body in FORMS.items() if body is model)
        for key in value.model_fields_set:
            info = model.model_fields[key]
            name = f"{_definer(model, key)}.{info.alias or key}"
            inner = getattr(value, key)
            yield name
            if isinstance(inner, str) and inner in _words(info.annotation):
                yield f"{name} = {inner}"
            if isinstance(inner, Mapping):
                yield from (f"{name} = {word}" for word in inner.values() if isinstance(word, str))
            yield from _stated(inner)
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _stated(inner)


def _meant(plan: Plan) -> Iterator[str]:
    """What a plan is made of."""
    for part in (plan.measures, plan.consequences, plan.checks):
        for one in part.values():
            placed = (axis.placed for axis in axes(one) if isinstance(axis, RecordAxis))
            if any(isinstance(way, Standing) and way.measures for way in placed):
                yield "standing by a measure"
            yield from _grain(plan, one.grain.kind, one.grain.period, one.grain.kind in plan.records)
            yield from _parts(one)


def _grain(plan: Plan, kind: str, period: str | None, of_record: bool) -> Iterator[str]:
    if of_record:
        yield "grain record"
        return
    yield "grain timeless" if period is None else f"period {period}"
    yield from (
        f"grain {name}"
        for name, holds in (("whole", kind == "whole"), ("dimensions", len(parts_of(kind)) > 1))
        if holds
    )
    if period is not None and f"period {period}" not in known():
        yield "grain period of a target" if plan.periods[period].whose is not None else "grain own period"


def _parts(value: object) -> Iterator[str]:
    """What a node of the plan, or of an expression, is, and all within it."""
    match value:
        case Rounding(mode=mode):
            yield f"round {mode}"
        case Missing(policy=policy, value=constant):
            yield "missing null" if policy == "value" and constant is None else f"missing {policy}"
        case Empty(error=error, value=constant):
            yield "empty error" if error else "empty null" if constant is None else "empty value"
        case Window(kind=kind):
            yield f"window {kind}"
        case Fold(of_record=True, axis=RecordAxis(record=record), grain=grain):
            yield "fold of single records" if record == grain.kind else "fold of records of another kind"
        case Fold(axis=axis):
            yield from (f"fold {way}" for way in _axis(axis))
        case Ledger(rules=rules):
            for rule in rules:
                yield from (f"rule {way}" for way in _axis(rule.axis)) if rule.axis is not None else ("rule once",)
        case Rank(tie_breaks=(_, *_)):
            yield "rank with tie-breaks"
        case Cap(at=Expr(tree=tree)):
            inner = {type(node.binding).__name__ for node in _nodes(tree) if isinstance(node, Read)}
            yield "cap by other rules" if "Counted" in inner else "cap by the cell" if inner else "cap by a number"
        case Arithmetic(op=op):
            yield f"operator {op}"
        case Compare(op=op):
            yield f"operator {op}"
        case Call(function=function):
            yield f"function {function}"
        case Read(binding=binding):
            yield f"name {type(binding).__name__}"
            if isinstance(binding, names.Measured) and binding.back:
                yield {"period": "name previous", "year": "name year_before"}[binding.back]
            if getattr(binding, "by", None) is not None:
                yield "name by a field"
            if getattr(binding, "through", None) is not None:
                yield "name of a referent"
            if getattr(binding, "side", "") == "element":
                yield "name of an element"
        case Working():
            yield "function working_days_between"
        case Literal_(value=dt.datetime()):
            yield "function date and time"
        case Literal_(value=dt.timedelta() | Months()):
            yield "function duration"
        case Node():
            yield f"node {type(value).__name__}"
    if isinstance(value, Lookup):
        yield "node Lookup"
        return
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from _parts(getattr(value, item.name))
    elif isinstance(value, tuple | list):
        for inner_ in value:
            yield from _parts(inner_)
    elif isinstance(value, Mapping):
        for inner_ in value.values():
            yield from _parts(inner_)


def _nodes(value: object) -> Iterator[object]:
    yield value
    if dataclasses.is_dataclass(value):
        for item in dataclasses.fields(value):
            yield from _nodes(getattr(value, item.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _nodes(inner)


def _axis(axis: RecordAxis | KindAxis | PeriodAxis) -> Iterator[str]:
    match axis:
        case RecordAxis(route=route, follows=follows):
            yield "over records" if follows is None else "over consequences"
            if route is not None:
                up = route.start != route.kind
                yield "via a measure" if route.measured else "via a field and up" if up else "via a field"
        case KindAxis(part=part, kind=kind):
            yield "over dimensions" if part or len(parts_of(kind)) > 1 else "over targets"
        case PeriodAxis():
            yield "over periods"


def census(schemes: typing.Iterable[RandomScheme]) -> Counter[str]:
    """In how many schemes each construct occurs; those that occur in none are there with 0."""
    found: Counter[str] = Counter(dict.fromkeys(known(), 0))
    for scheme in schemes:
        found.update(constructs(scheme))
    return found


def main(count: int) -> None:
    from cityrules.testing.random_schemes.scheme import make_scheme

    found = census(make_scheme(seed) for seed in range(count))
    for name, times in sorted(found.items(), key=lambda item: (item[1], item[0])):
        print(f"{100 * times / count:6.1f} %  {name}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
