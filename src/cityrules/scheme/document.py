"""The document as frozen pydantic models: the forms of the language, nothing of names, types or engines.

Expressions stay text here; the plan parses them. Small notations (`scheme/notation.py`) arrive parsed. The same models
are built from YAML (every scalar a text) and from Python (`Document.model_validate({...})`), and the JSON Schema for
editors is made from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from cityrules.scheme.texts import (
    ActWithinText,
    Amount,
    ClosingText,
    ColumnTypeText,
    DateKey,
    DateOrUnstated,
    DateText,
    DayList,
    EveryText,
    Expression,
    Expressions,
    FieldTypeText,
    GrainText,
    HourList,
    Label,
    LastsText,
    LengthText,
    LimitText,
    Name,
    Names,
    NumeralText,
    PathName,
    PathNames,
    RecurringText,
    Result,
    RoundingText,
    RoundText,
    Texts,
    WindowText,
    WithinText,
    Words,
    YearDayText,
    YearKey,
    as_row,
)

# Where a key takes values of two shapes, only complaints about the shape that was written are of use.
WORD: Final = "a word"
LIST: Final = "a list"
MAP: Final = "a map"


def _word_or_list(value: object) -> str:
    return WORD if isinstance(value, str) else LIST


def _word_or_map(value: object) -> str:
    return MAP if isinstance(value, Mapping) else WORD


def _word_list_or_map(value: object) -> str:
    return LIST if isinstance(value, (list, tuple)) else MAP if isinstance(value, BaseModel) else _word_or_map(value)


class Body(BaseModel):
    """What every named body may carry: the clause it rests on, a label for readers, a note, and who assesses."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    clause: Words | None = None
    label: Words | None = None
    note: Words | None = None
    by: Words | None = None


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
    start_day: Literal["excluded", "included"] | None = None
    last_day_off: Literal["stays", "next working day"] | None = None


class CalendarBody(Body):
    """On which days there is work: `cn` (the arrangement of the State Council), `weekdays` (Monday to Friday), or only
    the years that are `stated`. `years`: those it lacks, or has otherwise. `start_day`: whether the day on which a time
    in days begins counts; `last_day_off`: what a time in calendar days, weeks or months does that ends on a day off.
    Of a time counted back from a day, `day_before`: whether the day so many days before it is in time or too late;
    `day_before_off`: what it does where it is a day off."""

    days: Literal["cn", "weekdays", "stated"]
    years: Mapping[YearKey, YearBody] = {}
    start_day: Literal["excluded", "included"] | None = None
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
    Discriminator(_word_list_or_map),
]


class SheetBody(BaseModel):
    """Where the rows of a table stand: `FILE!SHEET`, or a CSV file, in the folder of the document."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    sheet: Words


Rows = Annotated[
    Annotated[Literal["unstated"], Tag(WORD)]
    | Annotated[tuple[Annotated[tuple[Label, ...], BeforeValidator(as_row)], ...], Tag(LIST)]
    | Annotated[SheetBody, Tag(MAP)],
    Discriminator(_word_list_or_map),
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


class OverrideBody(Body):
    """Where the condition holds, the measure has another value than its form gives. `missing`: what holds where the
    condition is unknown."""

    when: Expression
    is_: Result = Field(alias="is")
    missing: Literal["yes", "no"] | None = None


class MeasureBody(Body):
    """A named value with one cell for each of its grain `for`; exactly one more key gives its form."""

    for_: GrainText = Field(alias="for")
    applies: Expression | None = None
    missing: Label | None = None
    round: RoundText | None = None
    unit: Words | None = None
    overrides: Mapping[Name, OverrideBody] | None = None


class FormulaBody(MeasureBody):
    """A value by an expression. `empty`: what it is where a divisor is zero."""

    formula: Expression
    empty: Label | None = None


class StandingBody(BaseModel):
    """From which date field of a record to which other, exclusive, it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    from_: PathName = Field(alias="from")
    until: PathName


class RuleBody(Body):
    """One rule of a ledger. With `each` it runs over the elements of an axis, else once for the cell. `between`: the
    least and the most that may stand in the field of the record that says how many points it is. `cites`: the clause of
    each movement, where it is not one for all of them."""

    each: Name | None = None
    via: PathName | None = None
    dated: PathName | None = None
    standing: StandingBody | None = None
    when: Expression | None = None
    deduct: Expression | None = None
    add: Expression | None = None
    times: Expression | None = None
    between: Expressions | None = None
    replaces: Names | None = None
    group: Name | None = None
    split: Mapping[PathName, NumeralText] | None = None
    cap: Expression | None = None
    cites: Expression | None = None
    missing: Literal["yes", "no", "undecided"] | None = None


class CapBody(Body):
    """A bound on what movements of a ledger come to together. `of`: rules by name, or `add` or `deduct` for all of one
    direction; `per`: one bound for each value of a name, or for each cell of a grain inside the ledger's. With `order`
    and `short`, `per` is a wider grain, whose cells share the bound: first come, first served."""

    at: Expression
    of: Texts
    per: Words | None = None
    order: Texts | None = None
    short: Literal["part", "none"] | None = None


Precedence = Literal["all", "highest", "first", "all per event", "highest per event", "first per event"]
Together = Annotated[
    Annotated[Precedence, Tag(WORD)] | Annotated[Mapping[Name, Precedence], Tag(MAP)], Discriminator(_word_or_map)
]


class LedgerBody(MeasureBody):
    """Points gained and lost, line by line. `from`: where it starts; `together`: what several hits on one do."""

    from_: Expression = Field(alias="from")
    rules: Mapping[Name, RuleBody]
    together: Together | None = None
    caps: Mapping[Name, CapBody] = {}
    floor: NumeralText | None = None
    ceiling: NumeralText | None = None


class ItemBody(Body):
    """A scored item: what it is worth, and exactly one of rules that take from that, a value, or items in it. `extra`:
    it stands outside of the full mark."""

    worth: Expression
    rules: Mapping[Name, RuleBody] | None = None
    value: Expression | None = None
    items: Mapping[Name, ItemBody] | None = None
    extra: Literal["yes"] | None = None
    applies: Expression | None = None


class ItemLedgerBody(LedgerBody):
    """Points by items, nested to any depth, whose worths come to the full mark `from`. `absent_items`: what becomes of
    the worth of an item that does not apply."""

    rules: Mapping[Name, RuleBody] = {}
    items: Mapping[Name, ItemBody]
    absent_items: Literal["rescale", "full", "zero"] | None = None


class FoldBody(MeasureBody):
    """Many values to one. `over` is the axis (of `count` the value of the key itself). `among`: of a single record,
    the names in which the records it is counted with agree (`whole`: all of them); of a target that is compared with
    others of its kind, those in which these agree, and whether it is `itself` one of them. `dated`: another date of
    the record that places it in time; `standing`: it counts in every period that it touches."""

    over: Name | None = None
    where: Expression | None = None
    via: PathName | None = None
    dated: PathName | None = None
    standing: StandingBody | None = None
    among: PathNames | None = None
    itself: Literal["included", "excluded"] | None = None
    window: WindowText | None = None
    empty: Label | None = None


class CountBody(FoldBody):
    """How many elements there are."""

    count: Name


class SumBody(FoldBody):
    """The exact sum."""

    sum: Expression


class MeanBody(FoldBody):
    """The exact sum divided once by the number, and rounded."""

    mean: Expression


class MinBody(FoldBody):
    """The smallest value."""

    min: Expression


class MaxBody(FoldBody):
    """The largest value."""

    max: Expression


class FirstBody(FoldBody):
    """The value of the first element: records by date and key, targets by name, periods as they follow."""

    first: Expression


class LastBody(FoldBody):
    """The value of the last element."""

    last: Expression


class DistinctBody(FoldBody):
    """How many different values there are."""

    distinct: Expression


class PortionBody(FoldBody):
    """The share of elements for which the condition holds: a fraction of 1, or of 100 with `unit: '%'`."""

    portion: Expression


class BandsBody(MeasureBody):
    """Labels by bound. Exactly one of the four maps; the word says whether the bound itself belongs to the band."""

    bands: Expression
    at_least: Mapping[Words, Label] | None = None
    above: Mapping[Words, Label] | None = None
    up_to: Mapping[Words, Label] | None = None
    below: Mapping[Words, Label] | None = None
    otherwise: Label


class BranchBody(Body):
    """One branch: a condition, and what holds where it is the first to be true."""

    when: Expression
    give: Result


class ChooseBody(MeasureBody):
    """The value of the first branch whose condition holds. A result is an expression; one word that names nothing is
    a label."""

    choose: Mapping[Name, BranchBody]
    otherwise: Result


class TiersBody(MeasureBody):
    """Rates by tier. `marginal`: each rate on the part of the number in its tier; `whole`: the rate of the tier that
    the number comes to, on all of it."""

    tiers: Expression
    up_to: Mapping[Words, Amount]
    beyond: Amount
    apply: Literal["marginal", "whole"]


class WeightedBody(MeasureBody):
    """A sum by weights. `total`: what the weights sum to. `missing` may also be `rescale`."""

    weighted: Mapping[Name, Amount]
    total: NumeralText
    empty: Label | None = None


class RankBody(MeasureBody):
    """A place. `rank`: `high E` or `low E`, or a list, of which each decides between those whom all before it leave
    equal; competition ranking (1, 2, 2, 4) on the published value."""

    rank: Texts
    among: PathNames
    ties: Literal["share", "dense", "error"]


class ShareBody(MeasureBody):
    """A part of a total, `in_proportion_to` a number of each cell among those it is shared with. The parts are whole
    numbers of a `step`, such as a fen, and come to the total exactly: each is rounded down, and what remains goes, a
    step each, where rounding down took most. `remainder` says where it goes first among those from whom it took as
    much: `high E` or `low E` in turn, at last `by name`."""

    apportion: Expression
    in_proportion_to: Expression
    among: PathNames
    step: NumeralText
    remainder: Texts
    empty: Label | None = None


class RunBody(MeasureBody):
    """How many cells in a row, up to and with this one, the condition has held."""

    run: Expression
    new_year: Literal["continues", "breaks"]


class PauseBody(Body):
    """When a deadline does not run: it stops on `from` and runs again on `until`. `over`: each record of this kind that
    agrees with the record in `among` (`whole`: every one) stops it so, what overlaps counted once."""

    from_: Expression = Field(alias="from")
    until: Expression
    over: Name | None = None
    among: Names | None = None


class DeadlineBody(MeasureBody):
    """Whether something was done in time. `deadline`: how long, or by which day; `starts`: when it began, or `before`:
    what it has to be done so long before; `done`: when it was done. Gives `.started`, `.done`, `.due`, `.late`, and how
    long over: `.days_over` or `.minutes_over`."""

    deadline: Expression
    starts: Expression | None = None
    before: Expression | None = None
    done: Expression
    paused: PauseBody | None = None
    extended_by: Expression | None = None
    at_most: LimitText | None = None
    clock: Name | None = None


# The key that gives a measure its form. The order is the order of the reference documentation.
FORMS: dict[str, type[MeasureBody]] = {
    "formula": FormulaBody,
    "items": ItemLedgerBody,
    "rules": LedgerBody,
    "count": CountBody,
    "sum": SumBody,
    "mean": MeanBody,
    "min": MinBody,
    "max": MaxBody,
    "first": FirstBody,
    "last": LastBody,
    "distinct": DistinctBody,
    "portion": PortionBody,
    "bands": BandsBody,
    "choose": ChooseBody,
    "tiers": TiersBody,
    "weighted": WeightedBody,
    "rank": RankBody,
    "apportion": ShareBody,
    "run": RunBody,
    "deadline": DeadlineBody,
}


def _form(value: object) -> str | None:
    """The tag of a measure's form by the one key that names it; None when it has none (or, from YAML, several)."""
    if isinstance(value, MeasureBody):
        return next(f"{key} form" for key, body in FORMS.items() if isinstance(value, body))
    if not isinstance(value, Mapping):
        return None
    found = [key for key in FORMS if key in value]
    return f"{found[0]} form" if len(found) == 1 else None


Measure = Annotated[
    Annotated[FormulaBody, Tag("formula form")]
    | Annotated[ItemLedgerBody, Tag("items form")]
    | Annotated[LedgerBody, Tag("rules form")]
    | Annotated[CountBody, Tag("count form")]
    | Annotated[SumBody, Tag("sum form")]
    | Annotated[MeanBody, Tag("mean form")]
    | Annotated[MinBody, Tag("min form")]
    | Annotated[MaxBody, Tag("max form")]
    | Annotated[FirstBody, Tag("first form")]
    | Annotated[LastBody, Tag("last form")]
    | Annotated[DistinctBody, Tag("distinct form")]
    | Annotated[PortionBody, Tag("portion form")]
    | Annotated[BandsBody, Tag("bands form")]
    | Annotated[ChooseBody, Tag("choose form")]
    | Annotated[TiersBody, Tag("tiers form")]
    | Annotated[WeightedBody, Tag("weighted form")]
    | Annotated[RankBody, Tag("rank form")]
    | Annotated[ShareBody, Tag("apportion form")]
    | Annotated[RunBody, Tag("run form")]
    | Annotated[DeadlineBody, Tag("deadline form")],
    Discriminator(_form, custom_error_type="CR303", custom_error_message="no form, or more than one"),
]

ActKind = Literal[
    "praise", "award", "flag", "title", "explanation", "circular", "talk", "sanction", "veto", "referral",
    "replacement", "listing", "payment",
]  # fmt: skip
ACT_KINDS: tuple[str, ...] = get_args(ActKind)


class EndsBody(Body):
    """What lifts an act before its time is up: the first record of the kind `over`, or row of that consequence, that
    reaches the target on the day on which the act starts or later. `where`: only such records; `via`: the field (or
    measure) by which they reach it; `dated`: another of their dates."""

    over: Name
    where: Expression | None = None
    via: PathName | None = None
    dated: PathName | None = None


class Act(Body):
    """What is done: the act, its kind, to whom, and who decides. `decided_by` present: it comes out as a proposal.
    `pick`: acts of which they pick one. `amount`: how much of what; `between`: the least and the most, between which
    they choose. `lasts`: for how long it has effect, from the day `starts` (else that of the row) on; `ends`: what
    lifts it; `within`: how long there is from that day on to carry it out."""

    do: Words | None = None
    pick: Texts | None = None
    kind: ActKind | None = None
    to: Words | None = None
    follows: Literal["post", "person"] | None = None
    amount: Expression | None = None
    between: Expressions | None = None
    starts: Expression | None = None
    lasts: LastsText | None = None
    ends: EndsBody | None = None
    within: ActWithinText | None = None
    decided_by: Texts | None = None


class StepBody(Act):
    """A step of a ladder. `reaches`, `exceeds`: at the crossing; `at_least`: every period while it holds; `when` with
    `fires` for a compound condition."""

    reaches: Expression | None = None
    exceeds: Expression | None = None
    at_least: Expression | None = None
    when: Expression | None = None
    fires: Literal["each period", "on entry"] | None = None
    missing: Literal["yes", "no", "undecided"] | None = None


class ConsequenceBody(Act):
    """What follows from measures: `when` a condition holds, or by the `steps` of a `ladder` from mild to grave."""

    for_: GrainText = Field(alias="for")
    applies: Expression | None = None
    when: Expression | None = None
    missing: Literal["yes", "no", "undecided"] | None = None
    ladder: Name | None = None
    steps: Mapping[Name, StepBody] | None = None
    restarts: Words | None = None
    surplus: Literal["carried", "dropped"] | None = None
    together: Literal["highest", "all"] | None = None


class CheckBody(Body):
    """A condition that data must meet (`that`), or a duty that comes again (`every`): a record of the kind `over` must
    lie in each interval. `error` stops the result, `warn` and `refer` stand in `problems`. Without `for` the condition
    is about the document itself: its parameters and tables meet it before any data is read.

    Of duties, `every`: a kind of period, or a rule of dates with each of which an interval begins; `from`: the week
    from which weeks are counted; `within`: how much of each interval counts; `where`, `via`, `dated`: which records."""

    for_: GrainText | None = Field(None, alias="for")
    applies: Expression | None = None
    that: Expression | None = None
    every: RecurringText | None = None
    from_: DateText | None = Field(None, alias="from")
    within: WithinText | None = None
    over: Name | None = None
    via: Name | None = None
    dated: Name | None = None
    where: Expression | None = None
    otherwise: Literal["error", "warn", "refer"]
    missing: Literal["yes", "no", "undecided"] | None = None


class ReadingBody(Body):
    """An ambiguity of the source. The body of the document is the chosen reading; `others` are overlays on it."""

    question: Words
    chosen: Words
    because: Words
    others: Mapping[Name, Mapping[str, Any]]


class UncomputedBody(Body):
    """A clause that computes nothing, and why."""

    text: Words
    why: Words


class ExampleBody(Body):
    """A worked case, run by the check. What `given` and `expect` hold is listed below."""

    under: Mapping[str, Any] = {}
    defaults: Mapping[Name, Mapping[Name, Any]] = {}
    given: Mapping[str, Any]
    expect: Mapping[str, Any]


class LabelsBody(BaseModel):
    """What names are called in texts for people, by language: of anything in the document, or of one field or column
    by its path (`finding.no`); values of enumerations and units, too."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    zh: Mapping[Words, Words] = {}
    en: Mapping[Words, Words] = {}


class Document(Body):
    """A scheme, as written. `based_on`: the scheme that it changes, `changes`: what is otherwise, by address; once the
    base is read, both are gone and what they make stands in their place. `silenced`: findings about its rules that are
    known, by code and address, each with the reason."""

    cityrules: Words
    scheme: Words
    title: Words
    in_force: InForce
    issuer: Words | None = None
    source: Words | None = None
    based_on: Words | None = None
    changes: Mapping[str, Any] = {}
    rounding: RoundingText | None = None
    periods: Mapping[Name, PeriodBody] = {}
    calendar: CalendarBody | None = None
    parameters: Mapping[Name, ParameterBody] = {}
    tables: Mapping[Name, TableBody] = {}
    targets: Mapping[Name, TargetBody] = {}
    records: Mapping[Name, RecordBody] = {}
    measures: Mapping[Name, Measure] = {}
    consequences: Mapping[Name, ConsequenceBody] = {}
    checks: Mapping[Name, CheckBody] = {}
    readings: Mapping[Name, ReadingBody] = {}
    uncomputed: Mapping[Name, UncomputedBody] = {}
    silenced: Mapping[Words, Mapping[Words, Words]] = {}
    labels: LabelsBody | None = None
    examples: Mapping[Name, ExampleBody] = {}
