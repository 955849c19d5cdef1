"""The tables of a scheme as a workbook to fill, through XlsxWriter (extra `excel`), which is imported on use.

A sheet for each table, with its rows as they stand, so that what is read back (`io/annex.py`) is the same; a guide in
front says what each column takes. Equal schemes make equal files, to the byte. Knows tables and types, no rules.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from cityrules.feel.lookup import values_of
from cityrules.feel.types import Date, Flag, Member, Number, Text, Type
from cityrules.io.annex import MOST_ROWS
from cityrules.io.files import failure
from cityrules.io.marks import letters_of
from cityrules.io.sheet import NO_CALAMINE, SIGN
from cityrules.plan.fields import limit
from cityrules.plan.model import Plan
from cityrules.plan.policies import NULL
from cityrules.results.wording import wording
from cityrules.scheme.load import Loaded
from cityrules.scheme.notation import plain_number
from cityrules.text.diagnostic import Language
from cityrules.text.nodes import Mapping as MapNode
from cityrules.text.nodes import Sequence
from cityrules.text.vocabulary import vocabulary

NO_TABLES: Final = "CR1025"
TOO_LONG: Final = "CR1026"
THERE: Final = "CR1027"
NO_WORKBOOK: Final = "CR1032"

_LONGEST: Final = 32_767
_DIGITS: Final = 15
_MOST_LISTED: Final = 1_000
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
_FIRST_DAY: Final = dt.date(1900, 3, 1)
_MADE: Final = dt.datetime(2000, 1, 1)
_NAME_LENGTH: Final = 31
_GREY: Final = "#808080"


@dataclass(frozen=True, slots=True)
class Form:
    """The sheet of one table. `kept`: its rows stand in a sheet of this name already."""

    table: str
    sheet: str
    kept: bool

    def rows(self, file: str, language: Language) -> str:
        """How the table says that its rows stand in this sheet of a file, in the words of a document."""
        return reference(file, self.sheet, language)


def reference(file: str, sheet: str, language: Language) -> str:
    """`rows: {sheet: 'FILE!SHEET'}`."""
    said = {word: vocabulary().keys[word] if language == "zh" else word for word in ("rows", "sheet")}
    return f"{said['rows']}: {{{said['sheet']}: '{file}{SIGN}{sheet}'}}"


def write_template(loaded: Loaded, plan: Plan, path: str | Path, language: Language) -> tuple[Form, ...]:
    """Write the workbook; the sheets in the order of the document. What it explains is in `language`.

    Raises `DataError` without XlsxWriter, for a scheme without tables, for a text that no cell can hold, for a file
    that is not called .xlsx and where there is one already; OSError.
    """
    try:
        from xlsxwriter import Workbook
        from xlsxwriter.exceptions import FileCreateError
    except ImportError:
        raise failure(NO_CALAMINE, source=str(path)) from None
    forms = tuple(_forms(loaded))
    if not forms:
        raise failure(NO_TABLES, found=loaded.document.scheme)
    if Path(path).suffix.lower() != ".xlsx":
        # Under another name no table could read it.
        raise failure(NO_WORKBOOK, found=str(path))
    if Path(path).exists():
        # It may be filled in.
        raise failure(THERE, found=str(path))
    _check_texts(loaded)
    try:
        with Workbook(str(path)) as book:
            # The time at which it was made would be another in every run.
            book.set_properties({"created": _MADE, "title": loaded.document.title})
            _Book(book, loaded, plan, language).write(forms, Path(path).name)
    except FileCreateError as problem:
        raise OSError(str(problem)) from problem
    return forms


def _forms(loaded: Loaded) -> Iterator[Form]:
    """The sheets: those that tables name, else called as the table, each name once."""
    # Spreadsheet programs keep one name for themselves.
    used = {"history"} | {wording("template.yaml", "cityrules.io").lines["guide"][one].lower() for one in ("en", "zh")}
    for name in loaded.document.tables:
        named = _sheet_of(loaded, name)
        wanted = named or name[:_NAME_LENGTH]
        sheet, number = wanted, 1
        while sheet.lower() in used:
            number += 1
            sheet = f"{wanted[: _NAME_LENGTH - 1 - len(str(number))]}_{number}"
        used.add(sheet.lower())
        yield Form(name, sheet, sheet == named)


def _sheet_of(loaded: Loaded, table: str) -> str | None:
    """The sheet that a table of the document as written takes its rows from."""
    found: object = loaded.root
    for key in ("tables", table, "rows"):
        found = found.get(key) if isinstance(found, MapNode) else None
    if not isinstance(found, Sequence):
        return None
    written = found.span.text.strip().strip("'\"")
    sheet = written.partition(SIGN)[2]
    return sheet if sheet and not written.startswith(("[", "-")) else None


def _check_texts(loaded: Loaded) -> None:
    for name, body in loaded.document.tables.items():
        if isinstance(body.rows, tuple) and any(len(text) > _LONGEST for row in body.rows for text in row):
            raise failure(TOO_LONG, found=name, limit=f"{_LONGEST:,}")


class _Book:
    """One workbook in the making."""

    def __init__(self, book: Any, loaded: Loaded, plan: Plan, language: Language) -> None:
        self._book = book
        self._tables = loaded.document.tables
        self._title = loaded.document.title
        self._plan = plan
        self._language = language
        self._spoken = loaded.language
        self._words = wording("template.yaml", "cityrules.io")
        self._heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self._example = book.add_format({"italic": True, "font_color": _GREY, "num_format": "@"})
        self._wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[str, Any] = {}

    def write(self, forms: tuple[Form, ...], file: str) -> None:
        """The guide, and a sheet for each table."""
        guide = self._book.add_worksheet(self._say("guide"))
        guide.set_column(0, 1, 18)
        guide.set_column(2, 2, 60)
        guide.set_column(3, 30, 18)
        guide.write_string(0, 0, self._say("intro", title=self._title))
        guide.write_string(1, 0, self._say("intro_cells"))
        guide.write_string(2, 0, self._say("intro_place", form=reference(file, "…", self._spoken)))
        heads = ("sheet", "column", "type", "example", "clause")
        for place, head in enumerate(heads):
            guide.write_string(4, place, self._say(f"head_{head}"), self._heading)
        row, lists = 5, len(heads) + 1
        for form in forms:
            sheet = self._book.add_worksheet(form.sheet)
            for column, (name, type_) in enumerate(self._plan_types(form.table).items()):
                told = self._told(form.table, name, type_)
                guide.write_string(row, 0, form.sheet)
                guide.write_string(row, 1, name)
                guide.write_string(row, 2, told, self._wrapped)
                guide.write_string(row, 3, self._example_of(form.table, column, type_), self._example)
                guide.write_string(row, 4, self._clause(form.table))
                row += 1
                values = self._values(type_)
                if values:
                    guide.write_string(3, lists, self._say("head_values"), self._heading)
                    guide.write_string(4, lists, f"{form.sheet}{SIGN}{name}", self._heading)
                    guide.write_column(5, lists, values, self._format("@"))
                self._column(sheet, column, name, type_, told, (lists, len(values)))
                lists += bool(values)
            self._rows(sheet, form.table)
        guide.freeze_panes(5, 0)

    def _say(self, kind: str, /, **values: str | None) -> str:
        given = {name: value for name, value in values.items() if value is not None}
        return self._words.say(kind, given, self._language)

    def _plan_types(self, table: str) -> Mapping[str, Type]:
        plan = self._plan.tables[table]
        assert plan is not None
        return plan.types

    def _clause(self, table: str) -> str:
        plan = self._plan.tables[table]
        return (plan.clause if plan is not None else None) or ""

    def _format(self, form: str) -> Any:
        if form not in self._formats:
            self._formats[form] = self._book.add_format({"num_format": form})
        return self._formats[form]

    # ------------------------------------------------------------------------------------------ what it says

    def _told(self, table: str, name: str, type_: Type) -> str:
        """What a column takes, in words."""
        body = self._tables[table]
        optional = "" if type_.optional else None
        match type_:
            case Number(unit="%"):
                told = self._say("percent", optional=optional)
            case Number():
                digits = type_.scale or 0
                low, high = (
                    None if end is None or abs(end) == limit(digits) else plain_number(end)
                    for end in (type_.low, type_.high)
                )
                shown = {"low": low, "high": high, "unit": type_.unit, "optional": optional}
                told = self._say("number", digits=str(digits), **shown) if digits else self._say("whole", **shown)
            case Flag():
                told = self._say("flag", optional=optional)
            case Date():
                told = self._say("date", optional=optional)
            case Member():
                told = self._say("member", kind=type_.kind, optional=optional)
            case _:
                told = self._say("choice" if self._values(type_) else "text", optional=optional)
        if body.sum and name in body.sum:
            told += " " + self._say("sum", sum=str(body.sum[name]))
        if name in body.key:
            beside = ", ".join(other for other in body.key if other != name)
            others = self._say("key_with", names=beside) if beside else ""
            told += " " + self._say("key", others=others)
        return told

    def _values(self, type_: Type) -> tuple[str, ...]:
        """The texts that a column is one of, where they can be listed."""
        if isinstance(type_, Text):
            return tuple(str(value) for value in (values_of(type_) or ())[:_MOST_LISTED])
        if isinstance(type_, Member):
            members = self._plan.kinds[type_.kind].members
            return tuple(members) if isinstance(members, tuple) else ()
        return ()

    def _example_of(self, table: str, column: int, type_: Type) -> str:
        """What could stand in a column: as in the first row, else a value of its type."""
        rows = self._tables[table].rows
        if isinstance(rows, tuple) and rows and rows[0][column] != NULL:
            return str(rows[0][column])
        match type_:
            case Number(unit="%"):
                return "5%"
            case Number():
                low = type_.low if type_.low is not None and abs(type_.low) != limit(type_.scale or 0) else None
                return plain_number(Fraction(1) if low is None else low)
            case Flag():
                return "TRUE"
            case Date():
                return "2024-03-01"
            case _:
                return next(iter(self._values(type_)), "…")

    # ------------------------------------------------------------------------------------------ what is filled in

    def _column(self, sheet: Any, place: int, name: str, type_: Type, told: str, listed: tuple[int, int]) -> None:
        """The heading of a column with what it takes, and what a spreadsheet program lets in."""
        sheet.write_string(0, place, name, self._heading)
        sheet.write_comment(0, place, told, {"x_scale": 2, "author": "cityrules"})
        sheet.set_column(place, place, max(12, 2 * len(name)), self._format(_form(type_)))
        sheet.freeze_panes(1, 0)
        allowed = _allowed(type_)
        column, count = listed
        if count:
            letters = letters_of(column)
            guide = self._say("guide").replace("'", "''")
            allowed = {"validate": "list", "source": f"='{guide}'!${letters}$6:${letters}${5 + count}"}
        if allowed:
            more = {"ignore_blank": True, "error_title": self._say("refused")[:32], "error_message": told[:255]}
            sheet.data_validation(1, place, MOST_ROWS, place, {**allowed, **more})

    def _rows(self, sheet: Any, table: str) -> None:
        rows = self._tables[table].rows
        types = list(self._plan_types(table).values())
        for number, cells in enumerate(rows if isinstance(rows, tuple) else (), 1):
            for place, (text, type_) in enumerate(zip(cells, types, strict=True)):
                if text != NULL:
                    self._write(sheet, number, place, text, type_)

    def _write(self, sheet: Any, row: int, column: int, text: str, type_: Type) -> None:
        match type_:
            case Number(unit=unit) if unit != "%" and _NUMBER.fullmatch(text) and _digits(text) <= _DIGITS:
                digits = len(text.partition(".")[2])
                # A binary number of fifteen digits gives all of them back.
                sheet.write_number(row, column, float(text), self._format("0." + "0" * digits if digits else "0"))
            case Flag():
                sheet.write_boolean(row, column, text == "true")
            case Date() if (day := dt.date.fromisoformat(text)) >= _FIRST_DAY:
                sheet.write_datetime(row, column, dt.datetime.combine(day, dt.time()), self._format("yyyy-mm-dd"))
            case _:
                sheet.write_string(row, column, text, self._format("@"))


def _digits(text: str) -> int:
    return len(Decimal(text).as_tuple().digits)


def _form(type_: Type) -> str:
    """How the cells of a column are shown; what is no number stays a text, or 3.10 would become 3.1."""
    match type_:
        case Number(unit=unit) if unit != "%":
            return "General"
        case Flag():
            return "General"
        case Date():
            return "yyyy-mm-dd"
        case _:
            return "@"


def _allowed(type_: Type) -> dict[str, Any] | None:
    """What a spreadsheet program lets into the cells of a type."""
    match type_:
        case Number(unit=unit) if unit != "%":
            low, high = (
                float(limit(0) * sign if end is None else end) for end, sign in ((type_.low, -1), (type_.high, 1))
            )
            kind = "decimal" if type_.scale else "integer"
            return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}
        case Flag():
            return {"validate": "list", "source": ["TRUE", "FALSE"]}
        case Date():
            return {"validate": "date", "criteria": ">=", "value": _FIRST_DAY}
        case _:
            return None
