"""Bands: labels (or numbers) by bound, made of drafts with their types and policies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, Literal

from cityrules.feel.tree import Literal_
from cityrules.feel.types import Number, Text, Type
from cityrules.plan.common import common, with_unit
from cityrules.plan.context import Context, Under, missing_names
from cityrules.plan.drafts import Draft
from cityrules.plan.meanings import place
from cityrules.plan.model import Bands, Constant, Expr, Missing
from cityrules.plan.parts import read_part
from cityrules.plan.policies import ERROR, LABEL, NULL, stated, with_values
from cityrules.plan.reporting import Address
from cityrules.scheme.document import BandsBody
from cityrules.scheme.notation import NotationError, Numeral, parse_numeral, plain_number, scale_of

Line = tuple[tuple[dt.date, Fraction], ...]
"""The height of a bound by the day from which it holds; empty where the text does not state it."""

EVEN: Final = "even"
Word = Literal["at_least", "above", "up_to", "below"]
WORDS: Final[tuple[Word, ...]] = ("at_least", "above", "up_to", "below")


def build_bands(context: Context, draft: Draft, body: BandsBody, under: Under) -> Bands | None:
    """Bands: the bounds in the order in which they are tried, the results with one type, what missing gives."""
    part = draft.parts["bands"]
    checked = context.number(part, under=under, exact=True)
    if checked is None:
        return None
    value = checked.tree.type
    assert isinstance(value, Number)
    word, given = band_map(body)
    said = stated(context, draft.path, body.missing, value.optional, missing_names(checked.tree), (ERROR, LABEL, NULL))
    results = [*given.values(), body.otherwise, *([said] if said is not None and said != ERROR else [])]
    numbers = numerals(results, body.unit)
    constants = {text: _constant(text, numbers) for text in results}
    bounds = bounds_of(context, draft, word, given, value, constants)
    _check_use(context, draft, word, bounds, value, constants[body.otherwise])
    policy = None if said is None else Missing("error") if said == ERROR else Missing("value", constants[said])
    type_ = with_unit(context, draft.path, body.unit, result_type(results, numbers))
    if body.round is not None:
        context.reporter.refuse("CR462", (*draft.path, "round"), found=body.round)
    return Bands(
        **common(context, draft, under, type_),
        value=context.expr(part, checked),
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


def bounds_of(
    context: Context,
    draft: Draft,
    word: Word,
    given: Mapping[str, str],
    value: Number,
    constants: Mapping[str, Constant],
) -> list[tuple[Expr, Constant]]:
    """The bounds in the order in which they are tried. In the document they have to go one way, on every day."""
    path = (*draft.path, word)
    found: list[tuple[Expr, Constant]] = []
    lines: list[tuple[str, Line]] = []
    for key, text in given.items():
        made = _bound(context, draft, (*path, key), key, value)
        if made is not None:
            found.append((made[0], constants[text]))
            lines.append((key, made[1]))
    from_below = word in ("up_to", "below")
    ways = [_rises(one[1], two[1]) for one, two in pairwise(lines)]
    ups, downs = ways.count(True), ways.count(False)
    upward = ups > downs or (ups == downs and from_below)  # the way that most of them go
    for way, (before, _), (key, _) in zip(ways, lines, lines[1:], strict=False):
        if way is not None and way != upward:
            context.reporter.refuse_key("CR482", (*path, key), found=key, other=before)
    # Where nothing says which bound is higher they are tried as they stand.
    return found[::-1] if ups + downs and upward is not from_below else found


def _check_use(
    context: Context,
    draft: Draft,
    word: Word,
    bounds: Sequence[tuple[Expr, Constant]],
    value: Number,
    otherwise: Constant,
) -> None:
    """Point out bounds that no value comes to, and bounds on both sides of which stands the same."""
    for number, (bound, result) in enumerate(bounds):
        path = (*draft.path, word, bound.text)
        if not isinstance(bound.tree, Literal_) or not isinstance(bound.type, Number):
            continue
        at, low, high = bound.type.low, value.low, value.high
        assert at is not None
        never = {
            "at_least": high is not None and at > high,
            "above": high is not None and at >= high,
            "up_to": low is not None and at < low,
            "below": low is not None and at <= low,
        }
        following = bounds[number + 1][1] if number + 1 < len(bounds) else otherwise
        if never[word]:
            ends = ("" if end is None else plain_number(end) for end in (low, high))
            context.reporter.warn(
                "CR480", path, at_key=True, word=word, found=bound.text, range=f"[{' .. '.join(ends)}]"
            )
        elif result == following:
            said = "null" if result is None else result
            context.reporter.warn("CR466", path, at_key=True, found=bound.text, result=said)


def _bound(context: Context, draft: Draft, path: Address, key: str, value: Number) -> tuple[Expr, Line] | None:
    """A bound and its height over time: a numeral, or a parameter by its name."""
    try:
        numeral = parse_numeral(key)
    except NotationError:
        return _parameter(context, draft, path, key, value)
    if numeral.unit is not None and numeral.unit != value.unit:
        context.reporter.refuse_key("CR483", path, found=key, other=value.unit or "-")
    plain = numeral.value.numerator if numeral.value.denominator == 1 else numeral.value
    type_ = Number(scale_of(numeral.value), numeral.value, numeral.value, value.unit)
    at = context.reporter.loaded.locate_key(path)
    tree = Literal_(type_, 0, len(key), plain)
    expr = Expr(key, ".".join(path), tree, (), None if at is None else at.span)
    return expr, ((dt.date.min, numeral.value),)


def _parameter(context: Context, draft: Draft, path: Address, key: str, value: Number) -> tuple[Expr, Line] | None:
    parameter = context.ground.parameters.get(key)
    if parameter is None or not isinstance(parameter.type, Number):
        numbers = [name for name, one in context.ground.parameters.items() if isinstance(one.type, Number)]
        context.reporter.refuse_name("CR481", path, key, numbers)
        return None
    if parameter.type.unit is not None and parameter.type.unit != value.unit:
        context.reporter.refuse_key("CR483", path, found=key, other=value.unit or "-")
    part = read_part(context.reporter, path, key, place(context.ground, draft.grain), of_key=True)
    checked = context.number(part)
    if checked is None:
        return None
    line = tuple((day, value) for day, value in parameter.values if isinstance(value, Fraction))
    return context.expr(part, checked), line


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
