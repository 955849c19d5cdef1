"""Force, periods, calendar, parameters, tables, targets and records, as a document writes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from cityrules.scheme.document.body import LIST, MAP, WORD, Body, word_list_or_map
from cityrules.scheme.texts import (
    ClosingText,
    ColumnTypeText,
    DateKey,
    DateOrUnstated,
    DateText,
    DayList,
    EveryText,
    Expression,
    FieldTypeText,
    GrainText,
    HourList,
    Label,
    LengthText,
    Name,
    Names,
    NumeralText,
    Words,
    YearDayText,
    YearKey,
    as_row,
)


class InForce(BaseModel):
    """Half-open: in force from the first day, no longer on `until`. `unstated`: from the start of what is assessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    from_: DateOrUnstated = Field(alias="from")
    until: DateText | None = None


class PeriodBody(Body):
    """A kind of period of the document's own: a cycle (`every`, `from`), a `window`, or `seasons`; and, of a built-in
    kind too, `in`: by which day a period counts for a longer one whose border it crosses."""

    every: EveryText | None = None
    from_: Words | None = Field(None, alias="from")
    window: ClosingText | None = None
    seasons: Mapping[Name, YearDayText] | None = None
    in_: Literal["by first day", "by last day", "by Thursday"] | None = Field(None, alias="in")


class YearBody(Body):
    """How one year differs from Monday to Friday: weekdays `off`, and days of a weekend that are `working`."""

    off: DayList = ()
    working: DayList = ()


class ClockBody(Body):
    """When time runs that is counted in hours: on which days, and in which hours of them."""

    runs: Literal["working days", "every day"]
    hours: HourList


class UnitBody(Body):
    """A unit of the document's own in which limits are counted: how long one is (`length`), on which `clock` it runs if
    that is in hours or minutes, and of days the rules that it has otherwise than the calendar."""

    length: LengthText
    clock: Name | None = None
    start_day: Literal["included", "excluded"] | None = None
    last_day_off: Literal["stays", "next working day"] | None = None


class CalendarBody(Body):
    """On which days there is work: `cn` (the arrangement of the State Council), `weekdays` (Monday to Friday), or only
    the years that are `stated`. `years`: those it lacks, or has otherwise. `start_day`: whether the day on which a time
    in days begins counts; `last_day_off`: what a time in calendar days, weeks or months does that ends on a day off.
    Of a time counted back from a day, `day_before`: whether the day so many days before it is in time or too late;
    `day_before_off`: what it does where it is a day off."""

    days: Literal["cn", "weekdays", "stated"]
    years: Mapping[YearKey, YearBody] = {}
    start_day: Literal["included", "excluded"] | None = None
    last_day_off: Literal["stays", "next working day"] | None = None
    day_before: Literal["in time", "late"] | None = None
    day_before_off: Literal["stays", "previous working day"] | None = None
    clocks: Mapping[Name, ClockBody] = {}
    units: Mapping[Name, UnitBody] = {}


class ParameterBody(Body):
    """A dial: one `value` (or `unstated`), or `values` by the day from which each holds."""

    value: Words | None = None
    values: Mapping[DateKey, Words] | None = None
    unit: Words | None = None


class MembersBody(BaseModel):
    """A table that says who there is, with their places and attributes: a row for each."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    table: Name


Members = Annotated[
    Annotated[Literal["registered", "as they appear"], Tag(WORD)]
    | Annotated[tuple[Words, ...], Tag(LIST)]
    | Annotated[MembersBody, Tag(MAP)],
    Discriminator(word_list_or_map),
]


class SheetBody(BaseModel):
    """Where the rows of a table stand: `FILE!SHEET`, or a CSV file, in the folder of the document."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    sheet: Words


Rows = Annotated[
    Annotated[Literal["unstated"], Tag(WORD)]
    | Annotated[tuple[Annotated[tuple[Label, ...], BeforeValidator(as_row)], ...], Tag(LIST)]
    | Annotated[SheetBody, Tag(MAP)],
    Discriminator(word_list_or_map),
]


class TableBody(Body):
    """Constants by exact keys, called `name(key).column`. `columns`: the types of all columns in the order of the rows;
    `rows`: the rows, where they stand, or `unstated`; `absent`: what holds where no row has the key; `sum`: what
    columns add up to."""

    key: Names
    columns: Mapping[Name, ColumnTypeText]
    rows: Rows
    absent: Label | None = None
    sum: Mapping[Name, NumeralText] | None = None


class TargetBody(Body):
    """A kind of assessed body. `members`: `registered` (given with the data), `as they appear`, their names,
    or a table.
    `aliases`: other names that data may use, each with the name it stands for."""

    in_: Name | None = Field(None, alias="in")
    members: Members
    fields: Mapping[Name, FieldTypeText] = {}
    aliases: Mapping[Words, Words] = {}


class ConditionBody(Body):
    """A condition on which a row is accepted. `missing`: whether a row is, of which it is unknown."""

    that: Expression
    missing: Literal["yes", "no"] | None = None


class RecordBody(Body):
    """A kind of input row. `dated` names the field that places it in time, or `one_per` the cell it belongs to.
    `latest_by`: of rows with one key the one that has the most in this field counts. `event`: rows that agree in these
    fields tell of one event. `accepted_if`: who may submit what, and until when; other rows are rejects."""

    dated: Name | None = None
    one_per: GrainText | None = None
    fields: Mapping[Name, FieldTypeText]
    key: Names | None = None
    absent: Literal["error", "null"] | None = None
    latest_by: Name | None = None
    event: Names | None = None
    accepted_if: Mapping[Name, ConditionBody] = {}
