"""Rows of a host's table as rows of a kind: fields drawn from columns, joined, decoded. Knows texts, no file, no type.

What a binding does not foresee (a code that it does not list, a day in another form) makes the row bad, with the field
and the reason; the text then stays as it was, for display.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from re import compile as pattern
from typing import Final

from cityrules.io import grammar
from cityrules.io.binding.dates import date_format, read_date
from cityrules.io.binding.document import BindingField
from cityrules.io.rows import RawRow, Rows
from cityrules.scheme.notation import plain_number

Texts = Sequence[str | None]
Found = tuple[str | None, str | None]

UNLISTED: Final = "unlisted_code"
OTHER_FORM: Final = "other_date_form"
TWO_READINGS: Final = "two_readings"

_NUMBER: Final = pattern(grammar.NUMBER)


@dataclass(frozen=True, slots=True)
class Choice:
    """The rows in which the column at `place` holds one of `texts`."""

    column: str
    place: int
    texts: frozenset[str]

    def takes(self, row: Texts) -> bool:
        return (row[self.place] or "") in self.texts


@dataclass(frozen=True, slots=True)
class BoundRows:
    """The rows of a kind in one table of a host. `draw`: for each column of the kind the text of a row, or its reason.

    `choice`: only these rows. `others`: this is where rows are told of that no use of the table takes, or that cannot
    be read at all; None where another use of the table does so. With `reject`, rows that none of `others` takes are
    bad. Places and names of rows are those of the table.
    """

    source: Rows
    columns: tuple[str, ...]
    draw: tuple[Callable[[Texts], Found], ...]
    choice: Choice | None
    others: tuple[Choice, ...] | None
    reject: bool
    optional_columns: bool = False

    @property
    def name(self) -> str:
        return self.source.name

    def rows(self) -> Iterator[RawRow]:
        """The rows in order of the table."""
        width = len(self.source.columns)
        for row in self.source.rows():
            texts = row.texts if len(row.texts) >= width else row.texts + (None,) * (width - len(row.texts))
            if row.bad is not None:
                if self.others is not None:
                    yield RawRow(row.number, self._read(texts)[0], row.bad)
            elif self.choice is None or self.choice.takes(texts):
                found, bad = self._read(texts)
                yield RawRow(row.number, found, bad)
            elif self.reject and self.others and not any(other.takes(texts) for other in self.others):
                bad = grammar.reason(self.choice.column, UNLISTED)
                yield RawRow(row.number, self._read(texts)[0], bad)

    def _read(self, row: Texts) -> tuple[tuple[str | None, ...], str | None]:
        found = [read(row) for read in self.draw]
        bad = [grammar.reason(column, code) for column, (_, code) in zip(self.columns, found, strict=True) if code]
        return tuple([text for text, _ in found]), "; ".join(sorted(bad)) or None


def reader(body: BindingField | None, places: Mapping[str, int]) -> Callable[[Texts], Found]:
    """How a field is read from a row; None: the field is nothing. `places`: of the columns that are there."""
    if body is None or body.value is not None:
        constant = None if body is None else body.value
        return lambda _row: (constant, None)
    draw = _drawn(body, places)
    empty = frozenset(body.empty or ())
    convert = _conversion(body)

    def read(row: Texts) -> Found:
        text = draw(row)
        if not text or text in empty:
            return None, None
        return convert(text)

    return read


def _drawn(body: BindingField, places: Mapping[str, int]) -> Callable[[Texts], str | None]:
    if body.join is None:
        place = places.get(body.column or "")
        return (lambda _row: None) if place is None else (lambda row: row[place])
    parts = [places[column] for column in body.join if column in places]
    if len(parts) < len(body.join):
        return lambda _row: None
    sign = body.with_ or ""

    def joined(row: Texts) -> str | None:
        texts = [row[place] for place in parts]
        # Of a name with a part missing nothing is left: the rest would be the name of something else.
        return sign.join(text or "" for text in texts) if all(texts) else None

    return joined


def _conversion(body: BindingField) -> Callable[[str], Found]:
    if body.codes is not None:
        return _decoded(body.codes, body.otherwise or "reject")
    if body.date is not None:
        return _dated(body.date)
    if body.times is not None:
        return _multiplied(body.times.value)
    return lambda text: (text, None)


def _decoded(codes: Mapping[str, str], otherwise: str) -> Callable[[str], Found]:
    def read(text: str) -> Found:
        label = codes.get(text)
        if label is not None:
            return label, None
        return (None, None) if otherwise == "missing" else (text, UNLISTED if otherwise == "reject" else None)

    return read


def _dated(texts: Sequence[str]) -> Callable[[str], Found]:
    formats = [found for text in texts if (found := date_format(text)) is not None]

    def read(text: str) -> Found:
        found = read_date(text, formats) if len(text) <= grammar.MAX_TEXT else set()
        if len(found) == 1:
            return next(iter(found)), None
        return text, TWO_READINGS if found else OTHER_FORM

    return read


def _multiplied(factor: Fraction) -> Callable[[str], Found]:
    def read(text: str) -> Found:
        # What is no number stays as it is: the grammar of input texts refuses it.
        number = len(text) <= grammar.MAX_NUMBER and _NUMBER.fullmatch(text)
        return (plain_number(Fraction(text) * factor) if number else text), None

    return read
