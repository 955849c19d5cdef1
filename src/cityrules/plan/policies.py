"""What is said about nothing: `missing`, `empty`, values that stand in; exactly where types say it can matter."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from fractions import Fraction

from cityrules.feel.types import Date, Flag, Number, Text, Type, as_optional
from cityrules.plan.context import Context
from cityrules.plan.model import Constant, Empty, Missing
from cityrules.plan.reporting import Address
from cityrules.scheme.notation import NotationError, parse_numeral, scale_of

ERROR, SKIP, NULL = "error", "skip", "null"
WORDS = {ERROR, SKIP, NULL}
VALUE, LABEL = "VALUE", "LABEL"
FREE = {VALUE, LABEL}
"""What stands in a message for anything of the right type."""


def stated(
    context: Context, path: Address, given: str | None, can_be: bool, names: str, allowed: tuple[str, ...]
) -> str | None:
    """The word given for `missing`, None where there is none to go by. Complains unless it is stated exactly when
    something can be missing (`names`); `allowed` is for the message."""
    expected = ", ".join(allowed)
    if can_be and given is None:
        context.reporter.refuse("CR470", path, names=names, words=expected, owner=".".join(path))
    elif given is not None and not can_be:
        context.reporter.refuse("CR471", (*path, "missing"), found=given)
    elif given is not None and given not in allowed and (given in WORDS or not FREE & set(allowed)):
        context.reporter.refuse("CR472", (*path, "missing"), found=given, expected=expected)
    elif can_be:
        return given
    return None


def missing(
    context: Context, path: Address, given: str | None, type_: Type, can_be: bool, names: str, allowed: tuple[str, ...]
) -> Missing | None:
    """The stated policy for values of `type_`, None where none is needed or the stated one is wrong."""
    word = stated(context, path, given, can_be, names, allowed)
    if word == ERROR:
        return Missing("error")
    if word == SKIP:
        return Missing("skip")
    if word is None:
        return None
    return Missing("value", stand_in(context, (*path, "missing"), word, type_))


def empty(context: Context, path: Address, given: str | None, type_: Type, can_be: bool) -> Empty | None:
    """The stated value over nothing or by nothing, None where there can be none."""
    place = (*path, "empty")
    if given is None:
        if can_be:
            context.reporter.refuse("CR474", path, name=path[-1])
        return None
    if not can_be:
        context.reporter.refuse("CR475", place, found=given)
        return None
    if given == SKIP:
        context.reporter.refuse("CR479", place, found=given)
        return None
    return Empty(error=True) if given == ERROR else Empty(stand_in(context, place, given, type_))


def stand_in(context: Context, path: Address, text: str, type_: Type) -> Constant:
    """A value of `type_` written out, None for `null`. Complains about a value of another type."""
    if text == NULL:
        return None
    match type_:
        case Number():
            return _number(context, path, text, type_)
        case Text():
            return text
        case Flag():
            if text in ("true", "false"):
                return text == "true"
            context.reporter.refuse("CR473", path, found=text, like="true")
        case Date():
            try:
                return dt.date.fromisoformat(text if len(text) == 10 else "")
            except ValueError:
                context.reporter.refuse("CR473", path, found=text, like="2024-01-31")
        case _:
            context.reporter.refuse("CR473", path, found=text, like=NULL)
    return None


def _number(context: Context, path: Address, text: str, type_: Number) -> Constant:
    try:
        numeral = parse_numeral(text)
    except NotationError:
        context.reporter.refuse("CR473", path, found=text, like="0")
        return None
    if numeral.unit is not None and numeral.unit != type_.unit:
        context.reporter.refuse("CR464", path, found=numeral.unit, other=type_.unit or "-")
    return numeral.value


def with_values(type_: Type, *values: Constant) -> Type:
    """The type of a value that may also be one of some constants; None (missing) makes it optional."""
    for value in values:
        if value is None:
            type_ = as_optional(type_)
        elif isinstance(type_, Number) and isinstance(value, (int, Fraction)):
            exact = Fraction(value)
            scale = None if type_.scale is None else max(type_.scale, scale_of(exact) or 0)
            low = None if type_.low is None else min(type_.low, exact)
            high = None if type_.high is None else max(type_.high, exact)
            type_ = replace(type_, scale=scale, low=low, high=high)
        elif isinstance(type_, Text) and type_.labels is not None and isinstance(value, str):
            type_ = replace(type_, labels=tuple(dict.fromkeys((*type_.labels, value))))
    return type_


def after(type_: Type, policy: Missing | None, when_empty: Empty | None = None) -> Type:
    """The type of a result under stated policies: never missing, unless one of them says `null` or `skip`."""
    type_ = as_optional(type_, False)
    if policy is not None and policy.policy == "value":
        type_ = with_values(type_, policy.value)
    if policy is not None and policy.policy == "skip":
        type_ = as_optional(type_)
    if when_empty is not None and not when_empty.error:
        type_ = with_values(type_, when_empty.value)
    return type_
