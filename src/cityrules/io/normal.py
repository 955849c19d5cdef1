"""Typed Python values to the texts of input rows, exactly. Knows nothing of fields, kinds or files.

A binary float becomes the shortest decimal text that gives it back (so `0.1` is 0.1 and `0.1 + 0.2` has seventeen
digits and will be a reject); everything else becomes the text of what it is. What has no such text is bad.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
import reprlib
import struct
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import Final, Literal

from cityrules.scheme.notation import plain_number, scale_of

Bad = Literal["type", "encoding"]

_DIGITS: Final = 1_000
"""More digits than any number may have; beyond them a number is not even written out."""

_SHOWN: Final = 200
_SAFE_TO_SHOW: Final = (bytes, bytearray, list, tuple, dict, set, frozenset, float, Decimal, dt.time, dt.timedelta)


def to_text(value: object) -> tuple[str | None, Bad | None]:
    """The text of one value (None for nothing), and the reason for which it has none.

    `type`: a NaN or infinity, a time with a zone, bytes, anything nested or unknown, an object whose own methods raise.
    `encoding`: a text that is not valid Unicode. With a reason the text is for display only. Empty text is nothing.
    """
    try:
        return _converted(value)
    except Exception:
        # Values may be of classes with code of their own; what that code does wrong is the row's fault, not ours.
        return _display(value), "type"


def _converted(value: object) -> tuple[str | None, Bad | None]:
    if value is None:
        return None, None
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if isinstance(value, Integral):
        return _whole(int(value))
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, Fraction):
        return (_display(value), "type") if scale_of(value) is None else (plain_number(value), None)
    if isinstance(value, dt.datetime):
        return (value.isoformat(), "type") if value.tzinfo is not None else (value.isoformat(), None)
    if isinstance(value, dt.date):
        return value.isoformat(), None
    if isinstance(value, enum.Enum):
        return to_text(value.value)
    return _display(value), "type"


def float_text(value: float, *, single: bool = False) -> tuple[str | None, Bad | None]:
    """The shortest decimal text of a binary number, never in powers of ten. `single`: of four bytes (`float32`)."""
    if not math.isfinite(value):
        return float.__repr__(value), "type"
    text = format(Decimal(_single(value) if single else float.__repr__(value)), "f")
    # A whole number is written as one: many sources (spreadsheets, frames with gaps) have no other numbers than floats.
    return text.removesuffix(".0"), None


def escaped(text: str) -> str:
    """A text that came from bytes by `surrogateescape`: the bytes that are not UTF-8 stand as `\\xff`."""
    return "".join(
        character
        if not "\ud800" <= character <= "\udfff"
        else f"\\x{ord(character) - 0xDC00:02x}"
        if "\udc80" <= character <= "\udcff"
        else f"\\u{ord(character):04x}"
        for character in text
    )


def _text(text: str) -> tuple[str | None, Bad | None]:
    if not text:
        return None, None
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        return escaped(text), "encoding"
    return text, None


def _whole(value: int) -> tuple[str | None, Bad | None]:
    # Python refuses to write integers of thousands of digits; so do we, before it raises.
    if value.bit_length() > 3 * _DIGITS:
        return "<int>", "type"
    return str(value), None


def _decimal(value: Decimal) -> tuple[str | None, Bad | None]:
    if not value.is_finite():
        return str(value), "type"
    exponent = value.as_tuple().exponent
    if value.adjusted() > _DIGITS or (isinstance(exponent, int) and exponent < -_DIGITS):
        return _display(value), "type"
    return format(value, "f"), None


def _single(value: float) -> str:
    """The fewest digits that give the same number of four bytes; nine always do."""
    wanted = struct.pack("f", value)
    return next(text for text in (format(value, f".{n}g") for n in range(1, 10)) if _packed(text) == wanted)


def _packed(text: str) -> bytes:
    try:
        return struct.pack("f", float(text))
    except OverflowError:
        return b""  # Rounded up over the largest number: this many digits are too few.


def _display(value: object) -> str:
    """Something to show of a value that cannot be used: bounded, and the same in every run (no addresses)."""
    if type(value) in _SAFE_TO_SHOW:
        text = reprlib.repr(value)
        if " at 0x" not in text:
            return _text(text)[0] or ""
    return f"<{type(value).__name__[:_SHOWN]}>"
