"""Bands: labels (or numbers) by bound, made of drafts with their types and policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, Literal

from cityrules.feel.tree import Literal_
from cityrules.feel.types import Number, Text, Type
from cityrules.plan.bench import Bench, Under, missing_names
from cityrules.plan.common import common, with_unit
from cityrules.plan.desk import Address
from cityrules.plan.drafts import Draft
from cityrules.plan.meanings import place
from cityrules.plan.model import Bands, Constant, Expr, Missing
from cityrules.plan.parts import read_part
from cityrules.plan.policies import ERROR, LABEL, NULL, stated, with_values
from cityrules.scheme.document import BandsBody
from cityrules.scheme.notation import NotationError, Numeral, parse_numeral, scale_of

Line = tuple[tuple[dt.date, Fraction], ...]
"""The height of a bound by the day from which it holds; empty where the text does not state it."""

EVEN: Final = "even"
Word = Literal["at_least", "above", "up_to", "below"]
WORDS: Final[tuple[Word, ...]] = ("at_least", "above", "up_to", "below")


def build_bands(bench: Bench, draft: Draft, body: BandsBody, under: Under) -> Bands | None:
    """Bands: the bounds in the order in which they are tried, the results with one type, what missing gives."""
    part = draft.parts["bands"]
    checked = bench.number(part, under=under)
    if checked is None:
        return None
    value = checked.tree.type
    assert isinstance(value, Number)
    word, given = band_map(body)
    said = stated(bench, draft.path, body.missing, value.optional, missing_names(checked.tree), (ERROR, LABEL, NULL))
    results = [*given.values(), body.otherwise, *([said] if said is not None and said != ERROR else [])]
    numbers = numerals(results, body.unit)
    constants = {text: _constant(text, numbers) for text in results}
    bounds = _bounds(bench, draft, word, given, value, constants)
    policy = None if said is None else Missing("error") if said == ERROR else Missing("value", constants[said])
    type_ = with_unit(bench, draft.path, body.unit, result_type(results, numbers))
    if body.round is not None:
        bench.desk.refuse("CR462", (*draft.path, "round"), found=body.round)
    return Bands(
        **common(bench, draft, under, type_),
        value=bench.expr(part, checked),
        word=word,
        bounds=tuple(bounds),
        otherwise=constants[body.otherwise],
        missing=policy,
    )


def band_map(body: BandsBody) -> tuple[Word, Mapping[str, str]]:
    """The word of a set of bands and its results by bound."""
    for word in WORDS:
        given: Mapping[str, str] | None = getattr(body, word)
        if given is not None:
            return word, given
    return "at_least", {}


def numerals(results: Sequence[str], unit: str | None) -> dict[str, Numeral] | None:
    """The results as numbers if all of them are, apart from `null`: `1级` is a label, `5%` and `0.5` are numbers."""
    found = {}
    for text in results:
        if text == NULL:
            continue
        try:
            numeral = parse_numeral(text)
        except NotationError:
            return None
        if numeral.unit not in (None, "%", unit):
            return None
        found[text] = numeral
    return found if found and len({numeral.unit for numeral in found.values()}) == 1 else None


def result_type(results: Sequence[str], numbers: Mapping[str, Numeral] | None) -> Type:
    """The type that covers all results."""
    if numbers is None:
        labels = dict.fromkeys(text for text in results if text != NULL)
        return Text(tuple(labels), NULL in results)
    values = [numeral.value for numeral in numbers.values()]
    scale = max(scale_of(value) or 0 for value in values)
    unit = next(iter(numbers.values())).unit
    return with_values(Number(scale, min(values), max(values), unit), *([None] if NULL in results else []))


def _constant(text: str, numbers: Mapping[str, Numeral] | None) -> Constant:
    if text == NULL:
        return None
    return text if numbers is None else numbers[text].value


def _bounds(
    bench: Bench, draft: Draft, word: Word, given: Mapping[str, str], value: Number, constants: Mapping[str, Constant]
) -> list[tuple[Expr, Constant]]:
    """The bounds in the order in which they are tried. In the document they have to go one way, on every day."""
    path = (*draft.path, word)
    found: list[tuple[Expr, Constant]] = []
    before: Line = ()
    upward: bool | None = None
    for key, text in given.items():
        made = _bound(bench, draft, (*path, key), key, value)
        if made is None:
            continue
        rises = _rises(before, made[1])
        if rises == EVEN or (upward is not None and rises is not None and rises != upward):
            bench.desk.refuse_key("CR482", (*path, key), found=key)
        upward = rises if isinstance(rises, bool) and upward is None else upward
        before = made[1]
        found.append((made[0], constants[text]))
    # Where nothing says which bound is higher they are tried as they stand.
    return found[::-1] if upward is (word in ("at_least", "above")) else found


def _bound(bench: Bench, draft: Draft, path: Address, key: str, value: Number) -> tuple[Expr, Line] | None:
    """A bound and its height over time: a numeral, or a parameter by its name."""
    try:
        numeral = parse_numeral(key)
    except NotationError:
        return _parameter(bench, draft, path, key, value)
    if numeral.unit is not None and numeral.unit != value.unit:
        bench.desk.refuse_key("CR483", path, found=key, other=value.unit or "-")
    plain = numeral.value.numerator if numeral.value.denominator == 1 else numeral.value
    type_ = Number(scale_of(numeral.value), numeral.value, numeral.value, value.unit)
    at = bench.desk.loaded.locate_key(path)
    tree = Literal_(type_, 0, len(key), plain)
    expr = Expr(key, ".".join(path), tree, (), None if at is None else at.span)
    return expr, ((dt.date.min, numeral.value),)


def _parameter(bench: Bench, draft: Draft, path: Address, key: str, value: Number) -> tuple[Expr, Line] | None:
    parameter = bench.ground.parameters.get(key)
    if parameter is None or not isinstance(parameter.type, Number):
        numbers = [name for name, one in bench.ground.parameters.items() if isinstance(one.type, Number)]
        bench.desk.refuse_name("CR481", path, key, numbers)
        return None
    if parameter.type.unit is not None and parameter.type.unit != value.unit:
        bench.desk.refuse_key("CR483", path, found=key, other=value.unit or "-")
    part = read_part(bench.desk, path, key, place(bench.ground, draft.grain), of_key=True)
    checked = bench.number(part)
    if checked is None:
        return None
    line = tuple((day, value) for day, value in parameter.values if isinstance(value, Fraction))
    return bench.expr(part, checked), line


def _rises(one: Line, two: Line) -> bool | str | None:
    """Whether the second line lies above the first on every day, or below; EVEN: it crosses or touches it; None: a
    value is not stated, so that nobody can say."""
    if not one or not two:
        return None
    days = [day for day, _ in (*one, *two)]
    signs = {_at(two, day) - _at(one, day) for day in days}
    if all(sign > 0 for sign in signs):
        return True
    return False if all(sign < 0 for sign in signs) else EVEN


def _at(line: Line, day: dt.date) -> Fraction:
    """The height of a line on a day; before its first day that of the first, which nobody will ask for."""
    return next((value for since, value in reversed(line) if since <= day), line[0][1])
