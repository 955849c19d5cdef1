"""The plan: a checked scheme with every name resolved, every type and scale known, every measure in order.

This is all that engines, explanation and comparison see; nothing here knows YAML, and nothing here knows an engine.
Policies (`missing`, `empty`, ...) are stated wherever they can matter and absent (None) where the types prove that they
cannot. What each node means, to the last row, is written in `docs/engines.md`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final, Literal, get_args

from cityrules.calendar.periods import Periods
from cityrules.calendar.periods import Span as Days
from cityrules.calendar.recurrence import Recurrence
from cityrules.calendar.working import Working
from cityrules.feel.lookup import Table
from cityrules.feel.tree import Tree
from cityrules.feel.types import Number, Text, Type
from cityrules.plan.climbing import Climb, Surplus, Trigger
from cityrules.scheme.durations import Limit
from cityrules.scheme.notation import FieldType, Grain, Rounding, Window
from cityrules.text.source import Span

# A constant that stands in the document for a value: exact number, label, flag, or None for `null`.
Constant = int | Fraction | str | bool | dt.date | None


@dataclass(frozen=True, slots=True)
class Expr:
    """A checked expression. `guards`: divisors that can be zero (the measure states `empty` for them)."""

    text: str
    path: str
    tree: Tree
    guards: tuple[Tree, ...] = ()
    span: Span | None = None

    @property
    def type(self) -> Type:
        return self.tree.type


# ------------------------------------------------------------------------------------------------ inputs


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of target. `ancestors`: its parents upward. `members`: the fixed names, or how they become known.

    `aliases`: other names that data may use for its members.
    `stated`: rows that the document itself holds, in the columns of registered targets; engines take them in as if
    they had been given with the data.
    `parts`: of `squad per item`, the kinds that its members consist of, the target itself first. `ancestors` are then
    all kinds of which such a pair has exactly one member.
    """

    name: str
    ancestors: tuple[str, ...]
    members: tuple[str, ...] | Literal["registered", "as they appear"]
    fields: Mapping[str, FieldType]
    parts: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    stated: tuple[Mapping[str, str | None], ...] | None = None

    @property
    def in_rows(self) -> bool:
        """Whether its members are rows: given with the data, or stated in the document."""
        return self.members == "registered" or self.stated is not None

    @property
    def parent(self) -> str | None:
        return self.ancestors[0] if self.ancestors else None


@dataclass(frozen=True, slots=True)
class Route:
    """How a record reaches a target of `kind`: through `field` (typed with `start`), then up to `kind`. `measured`:
    `field` is a measure of the record that names the target."""

    field: str
    start: str
    kind: str
    measured: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row must meet to be accepted; it reads the row, the targets that it reaches on its own day, and constants.
    `unknown`: whether a row of which it is unknown is accepted."""

    name: str
    that: Expr
    unknown: Literal["yes", "no"] | None
    clause: str | None
    label: str | None
    path: str

    @property
    def address(self) -> str:
        """Where it stands in its kind of record; in the reasons of rejects in the place of a field."""
        return f"accepted_if.{self.name}"


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of input row.

    Dated kinds have `dated` (a date or date-time field) and `key`. Kinds `one_per` a grain have one row per cell of it;
    their columns are the kind of the grain (the target's name), the period (`2024-03`) and the fields; `absent` says
    what a cell without a row means (`error`: undetermined, `null`: its fields are missing).
    `latest_by`: the field that says which of several rows with one key counts.
    `event`: the fields in which rows of one event agree; a record without a value in one of them is an event by itself.
    `routes` lists one route for each kind of target that is reached by exactly one path.
    `references`: fields that hold the key of a record of another kind, and that kind; their type is that of the key.
    `through`: what something reads of records referred to, by path (`finding.found_on`): such a name can stand wherever
    the name of a field can. A record that refers to nobody is not accepted, so that these are missing only where the
    reference itself, or the field at its end, is.
    `accepted_if`: what its rows must meet, each condition by itself.
    """

    name: str
    fields: Mapping[str, FieldType]
    key: tuple[str, ...]
    dated: str | None
    one_per: Grain | None
    absent: Literal["error", "null"] | None
    routes: Mapping[str, Route]
    label: str | None = None
    clause: str | None = None
    latest_by: str | None = None
    event: tuple[str, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    through: Mapping[str, FieldType] = field(default_factory=dict)
    accepted_if: tuple[Condition, ...] = ()

    @property
    def types(self) -> Mapping[str, FieldType]:
        """The types of its own fields, and of those that it has through others."""
        return {**self.fields, **self.through}


@dataclass(frozen=True, slots=True)
class ParameterPlan:
    """A dial. `values`: (first day, value), sorted; the first day of a single value is `date.min`."""

    name: str
    type: Type
    values: tuple[tuple[dt.date, Constant], ...]
    unit: str | None
    clause: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class TablePlan:
    """Constants by exact keys. Look-ups in expressions hold what they need of it; the rest is for those who explain.
    `types`: those of all columns as declared, in the order of the rows (in `table` as narrow as its values)."""

    name: str
    table: Table
    clause: str | None = None
    label: str | None = None
    types: Mapping[str, Type] = field(default_factory=dict)


# ------------------------------------------------------------------------------------------------ axes


@dataclass(frozen=True, slots=True)
class Dated:
    """Another date `field` of the record places it in time; without a value there it stands nowhere. `measures`: what
    of it is a measure of the record (when something fell due, in which month a late row is booked)."""

    field: str
    measures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The record stands in every period that it touches, from the day in the field `since` up to, not including, the
    one in `until` (nothing there: ever since), on its first day at least. `measures`: which of the two are measures of
    the record (until when a sanction has effect)."""

    since: str
    until: str
    measures: tuple[str, ...] = ()

    @property
    def field(self) -> str:
        """What must have a value for the record to stand anywhere."""
        return self.since


@dataclass(frozen=True, slots=True)
class RecordAxis:
    """The records of a kind that reach the cell's target by `route` (None: the cell is the whole city) and are dated
    in the cell's period or window (all of them where the cell is timeless). `placed`: how they are placed in time
    where it is not by the date of their kind. `follows`: the consequence that is run over, where it is one: the records
    are its rows, or, where it is about single records, those for which it followed."""

    record: str
    route: Route | None
    placed: Dated | Standing | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class KindAxis:
    """The targets of a lower `kind` that belong to the cell's target (all, where the cell is whole), in its period.

    `part`: which of the parts of the kind tells them apart, and is cited for them.
    `itself`: the targets are those beside the cell's own, of its own kind, and whether it is one of them; the fold says
    in what they agree with it.
    """

    kind: str
    part: int = 0
    itself: Literal["included", "excluded"] | None = None


@dataclass(frozen=True, slots=True)
class PeriodAxis:
    """The shorter `period`s inside the cell's period or window, for the cell's own target."""

    period: str


Axis = RecordAxis | KindAxis | PeriodAxis


# ------------------------------------------------------------------------------------------------ measures


@dataclass(frozen=True, slots=True)
class Missing:
    """What a stated `missing` says: `error` (undetermined), `skip` (passed over) or a `value` that stands in."""

    policy: Literal["error", "skip", "value"]
    value: Constant = None


@dataclass(frozen=True, slots=True)
class Empty:
    """The stated value of a fold over nothing, or of a formula whose divisor is zero; `error`: undetermined."""

    value: Constant = None
    error: bool = False


@dataclass(frozen=True, slots=True)
class Base:
    """What all measures have. `type`: the static type of the value, after rounding, optional when it can be missing."""

    name: str
    grain: Grain
    of_record: bool
    type: Type
    path: str
    applies: Expr | None
    clause: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Formula(Base):
    """`round_default`: the rounding is the document's; the measure states none of its own."""

    value: Expr
    missing: Missing | None
    empty: Empty | None
    round: Rounding | None
    round_default: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition and what it gives."""

    name: str
    when: Expr
    give: Expr
    clause: str | None
    label: str | None


@dataclass(frozen=True, slots=True)
class Choice(Formula):
    """A formula made of branches: the first whose condition holds gives the value; missing where one before is unknown.
    `value` says all of it; engines need no more."""

    branches: tuple[Branch, ...]
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Overridden(Formula):
    """What holds of a measure with overrides: the first whose condition is true, else the measure `raw`. `unknown`:
    for each whether it counts as true where it is unknown. `value` says all of it."""

    raw: str
    overrides: tuple[Branch, ...]
    unknown: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Tier:
    """`bound` None: whatever lies beyond the others."""

    bound: Expr | None
    rate: Expr


@dataclass(frozen=True, slots=True)
class Tiers(Formula):
    """A formula made of rates by tier, from the lowest up; a bound belongs to the tier below it. `value` says all."""

    number: Expr
    tiers: tuple[Tier, ...]
    apply: Literal["marginal", "whole"]


@dataclass(frozen=True, slots=True)
class Element:
    """One value of a weighted sum and its weight."""

    name: str
    value: Expr
    weight: Expr


@dataclass(frozen=True, slots=True)
class Weighted(Formula):
    """A formula made of values times weights. `instead`: what stands for a missing value; `rescales`: the weights of
    what is there are scaled to the `total`. `value` says all; `elements` are what `inputs` tells."""

    elements: tuple[Element, ...]
    total: Fraction
    instead: Missing | None
    rescales: bool


@dataclass(frozen=True, slots=True)
class Quotient(Formula):
    """A measure that stays a fraction (`round: exact`): the measure `numerator` by the measure `denominator`, which is
    positive, or missing with it. `value` says so; what reads the quotient reads the two."""

    numerator: str
    denominator: str


DeadlinePart = Literal["started", "done", "paused", "clock_due", "due", "late", "days_over", "minutes_over"]
DEADLINE_PARTS: Final[tuple[DeadlinePart, ...]] = get_args(DeadlinePart)


@dataclass(frozen=True, slots=True)
class Deadline(Formula):
    """One part of a deadline, named `NAME.PART`: computed as a formula, told in its own words. `deadline`: the NAME;
    `limit`: how long it is, as written. The rules that bear on it, where they do:
    whether the `first_day` counts, whether the `last_day` moves off a day off, on which `clock` time runs, what one
    `unit` of the document's own is (`length`); where it is counted back, what that `day_before` is."""

    deadline: str = ""
    part: DeadlinePart = "due"
    limit: str = ""
    first_day: Literal["included", "excluded"] | None = None
    last_day: Literal["next working day", "previous working day"] | None = None
    clock: str | None = None
    unit: str | None = None
    length: str | None = None
    day_before: Literal["in time", "late"] | None = None


@dataclass(frozen=True, slots=True)
class Pauses(Base):
    """How much of the time of a `deadline` stood still, in whole units of its running count; one part of it, named
    `NAME.paused`. Of the record: its time begins at the count `starts` and is `length` long (missing where either is).
    Each record of the axis (which has no route) that agrees with it in `among` stops the count from `begins` to `ends`,
    read of that record alone; one without `begins` stops nothing."""

    deadline: str
    axis: RecordAxis
    among: tuple[Alike, ...]
    starts: Expr
    length: Expr
    begins: Expr
    ends: Expr


@dataclass(frozen=True, slots=True)
class Bands(Base):
    """`bounds`: from the highest down for `at_least` and `above`, from the lowest up for `up_to` and `below`; the first
    bound that `value` satisfies gives the label. Each bound is an expression at the cell: a numeral or a parameter
    (a `Dial`, so that an overlay or an edition can move the line), never missing."""

    value: Expr
    word: Literal["at_least", "above", "up_to", "below"]
    bounds: tuple[tuple[Expr, Constant], ...]
    otherwise: Constant
    missing: Missing | None


FoldOp = Literal["count", "sum", "mean", "min", "max", "first", "last", "distinct", "portion"]


@dataclass(frozen=True, slots=True)
class Alike:
    """A name in which two records must agree, as the record itself (`own`) and as the others (`other`) have it."""

    own: Expr
    other: Expr


@dataclass(frozen=True, slots=True)
class Fold(Base):
    """`value` is the element's value (None for count, a condition for portion). `times`: 100 for a portion in %.
    `round_default`: the rounding is the document's; the measure states none of its own.

    A fold of single records looks back from the record: its elements are the records of the axis (which has no route)
    that agree with it in `among` and lie in the window; where they are of its own kind it is the last of them.
    Without a window these are all records that refer to it: `among` compares its key with the reference.
    A fold over targets of the cell's own kind runs over those that agree with the cell's in `among`.
    `of_quotient`: it is a sum, the numerator of such a fold, and tells its elements as that would.
    """

    op: FoldOp
    axis: Axis
    value: Expr | None
    where: Expr | None
    window: Window | None
    missing: Missing | None
    empty: Empty | None
    round: Rounding | None
    times: int = 1
    round_default: bool = False
    among: tuple[Alike, ...] = ()
    of_quotient: FoldOp | None = None

    @property
    def tells(self) -> bool:
        """Whether `inputs` tells what it was made of."""
        return self.of_quotient is not None or self.op in ("mean", "portion")


@dataclass(frozen=True, slots=True)
class Discretion:
    """What whoever makes a record may choose: the points of a rule stand in `field`, from `low` to `high`. `outside`
    is true of a record that does not keep to it, and reads nothing but the record's own row; never true where it is
    unknown."""

    field: str
    low: Expr
    high: Expr
    outside: Expr


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a ledger. `sign` is -1 for deduct, 1 for add. `points` and `times` are never missing where `when` is
    true. `replaces`: rules of the same group whose movement for the same element is replaced by this one. `discretion`:
    between what the points of a record may lie that is used at all. `cites`: the clause of each movement; where it is
    missing, that of the rule."""

    name: str
    axis: RecordAxis | KindAxis | PeriodAxis | None
    when: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    sign: Literal[-1, 1]
    points: Expr
    times: Expr | None
    replaces: tuple[str, ...]
    group: str | None
    clause: str | None
    label: str | None
    path: str
    discretion: Discretion | None = None
    cites: Expr | None = None


@dataclass(frozen=True, slots=True)
class Cap:
    """A bound on the running sum of the points of some rules in a cell. `at` is never missing and may read what rules
    have counted so far (`names.Counted`). `per`: by rule, what is told apart among its elements; each combination of
    values has a sum of its own (nothing where the whole cell has one).

    `shared`: the wider grain of which all cells together have one sum; `per` is then what their movements are ordered
    by, `high` whether the greatest comes first; `short`: whether what does not fit counts in `part` or not at all.
    """

    name: str
    at: Expr
    rules: tuple[str, ...]
    per: Mapping[str, tuple[Expr, ...]]
    clause: str | None
    label: str | None
    path: str
    shared: Grain | None = None
    high: tuple[bool, ...] = ()
    short: Literal["part", "none"] | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A scored item of a ledger. What its `rules` and the items in it move is held between -`worth` and 0 (`extra`:
    between -`worth` and `worth`). Where it does not apply, the conditions of its rules say so, too."""

    name: str
    worth: Expr
    extra: bool
    applies: Expr | None
    rules: tuple[str, ...]
    items: tuple[Item, ...]
    clause: str | None
    label: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Ledger(Base):
    """`groups`: the policy of each group of rules that can hit one element ('' for rules outside a named group).
    `events`: the groups that are settled among all that hits the records of one event, not record by record.
    `caps`: in the order in which they hold: those of single rules, then those of several. `items`: the topmost ones;
    `rescale`: what is lost of items that apply stands for those beside them that do not. `carried`: the base is the
    ledger's own value in the period before, 0 where there is none; such a ledger is not rounded and has no items."""

    base: Expr
    rules: tuple[Rule, ...]
    caps: tuple[Cap, ...]
    groups: Mapping[str, Literal["all", "highest", "first"]]
    floor: Fraction | None
    ceiling: Fraction | None
    round: Rounding | None
    items: tuple[Item, ...] = ()
    rescale: bool = False
    round_default: bool = False
    carried: bool = False
    events: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rank(Base):
    """`among`: kinds or attributes whose equal values make one group; empty for the whole field. `tie_breaks`: what
    decides, one after the other, between equal values, and whether the highest of it comes first; never missing."""

    value: Expr
    high: bool
    among: tuple[Expr, ...]
    ties: Literal["share", "dense", "error"]
    missing: Missing | None
    tie_breaks: tuple[tuple[Expr, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Share(Base):
    """A part of `total`, which all cells of a group have alike, in proportion to `weight`, which is never negative; a
    whole number of times `step`, of which the total always is one. `order`: what decides, one after the other, where
    what remains goes among those from whom rounding down took as much, and whether the highest of it comes first; never
    missing; at last the name does."""

    total: Expr
    weight: Expr
    among: tuple[Expr, ...]
    step: Fraction
    order: tuple[tuple[Expr, bool], ...]
    missing: Missing | None
    empty: Empty | None


@dataclass(frozen=True, slots=True)
class Run(Base):
    condition: Expr
    missing: Literal["breaks", "holds", "counts"] | None
    new_year: Literal["continues", "breaks"]


Measure = Formula | Pauses | Bands | Fold | Ledger | Rank | Share | Run


# ------------------------------------------------------------------------------------------------ consequences, checks


@dataclass(frozen=True, slots=True)
class Ending:
    """What lifts an act: the first record of the axis, for which `where` holds, on the day on which the act starts or
    later. `where` is never unknown and reads nothing but the record."""

    axis: RecordAxis
    where: Expr | None
    path: str


@dataclass(frozen=True, slots=True)
class Between:
    """Between what an amount lies that whoever decides chooses. `crossed`: whether the least is more than the most;
    None where it never is."""

    least: Expr
    most: Expr
    crossed: Expr | None


@dataclass(frozen=True, slots=True)
class ActPlan:
    """What is done; None: one of the `options`. `decided_by` not empty: a proposal to these organs. `amount`: a number
    that is never missing; `between`: the same, left open.
    `starts`, `until`: the first day on which it has effect, and the first on which it has none any more (None: for
    good, if not for what `ends` it); without `starts` it is done at once. `due`: the last day on which it is carried
    out in time. `stated`: whether the day it starts is; `lasts`, `within`: for how long and in what time, as written.
    """

    do: str | None
    kind: str
    to: str | None
    follows: Literal["post", "person"] | None
    decided_by: tuple[str, ...]
    clause: str | None
    options: tuple[str, ...] = ()
    amount: Expr | None = None
    between: Between | None = None
    starts: Expr | None = None
    due: Expr | None = None
    until: Expr | None = None
    ends: Ending | None = None
    stated: bool = False
    lasts: str | None = None
    within: str | None = None

    @property
    def terms(self) -> Mapping[str, Expr]:
        """What is computed of it, by column."""
        least, most = (self.between.least, self.between.most) if self.between is not None else (None, None)
        every = {
            "amount": self.amount,
            "least": least,
            "most": most,
            "starts": self.starts,
            "due": self.due,
            "until": self.until,
        }
        return {name: expr for name, expr in every.items() if expr is not None}


@dataclass(frozen=True, slots=True)
class Step:
    """`reaches`, `exceeds`: fires in the cell in which the ladder's value comes to (or over) `bound`; `at_least`: in
    every cell while it holds; `each_period`, `on_entry`: by `when`."""

    name: str
    trigger: Trigger
    bound: Expr | None
    when: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    act: ActPlan
    path: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """Either `when` with one `act`, or a `ladder` (a measure's name) with `steps` from mild to grave."""

    name: str
    grain: Grain
    of_record: bool
    applies: Expr | None
    path: str
    clause: str | None
    label: str | None
    when: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    act: ActPlan | None
    ladder: str | None
    steps: tuple[Step, ...]
    restart_after: str | None
    surplus: Surplus | None
    together: Literal["highest", "all"] | None

    @property
    def climb(self) -> Climb:
        """How the ladder climbs. A consequence without one has no steps."""
        names = [step.name for step in self.steps]
        restart = names.index(self.restart_after) if self.restart_after in names else None
        return Climb(tuple(step.trigger for step in self.steps), restart, self.surplus, self.together == "highest")

    @property
    def starts_itself(self) -> bool:
        """Whether an act states when it starts to have effect."""
        return any(act.starts is not None and act.stated for act in self.acts)

    @property
    def acts(self) -> tuple[ActPlan, ...]:
        """What can be done, step by step."""
        return (self.act,) if self.act is not None else tuple(step.act for step in self.steps)


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    grain: Grain
    of_record: bool
    that: Expr
    unknown: Literal["yes", "no", "undecided"] | None
    otherwise: Literal["error", "warn", "refer"]
    clause: str | None
    label: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What must be done again and again: in each interval of `every` (a kind of period, or a rule with whose dates one
    begins) lies a record of the axis for which `where` holds. `begins`: the week from which weeks are counted;
    `within`: only so much of each interval counts (`working`: the calendar for it); `unknown`: whether a record of
    which `where` is unknown counts."""

    name: str
    grain: Grain
    applies: Expr | None
    every: Recurrence | str
    begins: dt.date | None
    within: Limit | None
    working: Working | None
    axis: RecordAxis
    where: Expr | None
    unknown: Literal["yes", "no", "undecided"] | None
    otherwise: Literal["error", "warn", "refer"]
    clause: str | None
    label: str | None
    path: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A measure, consequence or check that is not computed, the unstated parameter (or reading) it waits for, and the
    clause that it rests on."""

    name: str
    waits_for: str
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole scheme. `measures` are in an order in which each reads only earlier ones (or earlier periods); `order` is
    that of measures and consequences together, for either may read the other. `rows`: by consequence of cells, its rows
    as a kind of record."""

    scheme: str
    title: str
    in_force_from: dt.date | None
    in_force_until: dt.date | None
    rounding: Rounding | None
    periods: Periods
    parameters: Mapping[str, ParameterPlan]
    tables: Mapping[str, TablePlan]
    kinds: Mapping[str, Kind]
    records: Mapping[str, RecordKind]
    measures: Mapping[str, Measure]
    consequences: Mapping[str, Consequence]
    checks: Mapping[str, Check | Duty]
    withheld: tuple[Withheld, ...]
    rows: Mapping[str, RecordKind] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def record(self, name: str) -> RecordKind:
        """A kind of record, or the rows of a consequence as one."""
        return self.rows[name] if name in self.rows else self.records[name]

    @property
    def referred(self) -> frozenset[str]:
        """The kinds of records that others refer to."""
        return frozenset(kind for record in self.records.values() for kind in record.references.values())

    def computed(self) -> Iterator[Measure | Consequence]:
        """Measures and consequences, each behind what it reads."""
        for name in self.order:
            yield self.measures[name] if name in self.measures else self.consequences[name]

    def days_of(self, span: Days) -> Days:
        """The days of a span and of all periods with cells that count for it although they cross its border."""
        return self.periods.days_of(span, self._used_periods())

    def closes(self, kind: str, index: int) -> dt.date:
        """The day with which a period closes: the last of itself and of those that count for it."""
        return self.periods.closes(kind, index, self._used_periods())

    def counting_for(self, kind: str) -> tuple[str, ...]:
        """The kinds of periods with cells that say where they belong, and so can close later than a longer period."""
        used = sorted(self._used_periods())
        return tuple(one for one in used if self.periods[one].belongs is not None and self.periods.within(one, kind))

    def begins_with(self, kind: str) -> tuple[str, ...]:
        """The fields of a kind of target with which periods of its own begin; all versions of one have them alike."""
        whose = (one.whose for one in self.periods.kinds.values())
        found = {field: None for one in whose if one is not None for owner, field in (one,) if owner == kind}
        return tuple(found)

    def first_open(self, kind: str, day: dt.date) -> int:
        """The first period of a kind that has not closed before a day; it closes with the last that counts for it."""
        return self.periods.first_open(kind, day, self._used_periods())

    def _used_periods(self) -> set[str]:
        """The kinds of periods that have cells."""
        grains = [one.grain for part in (self.measures, self.consequences, self.checks) for one in part.values()]
        duties = {one.every for one in self.checks.values() if isinstance(one, Duty) and isinstance(one.every, str)}
        return duties | {grain.period for grain in grains if grain.period is not None}

    def discretions(self, record: str) -> tuple[Discretion, ...]:
        """What the rules of all ledgers leave to whoever makes a record of a kind."""
        rules = (rule for one in self.measures.values() if isinstance(one, Ledger) for rule in one.rules)
        of_kind = (one for one in rules if isinstance(one.axis, RecordAxis) and one.axis.record == record)
        return tuple(rule.discretion for rule in of_kind if rule.discretion is not None)

    def quotient_of(self, name: str) -> str:
        """The measure of which another is the numerator or denominator; of all others the name itself."""
        whole = self.measures.get(name.rpartition(".")[0])
        return whole.name if isinstance(whole, Quotient) and name in (whole.numerator, whole.denominator) else name

    def measure_scale(self, name: str) -> int:
        """Digits after the point of a numeric measure, 0 for others."""
        type_ = self.measures[name].type
        return (type_.scale or 0) if isinstance(type_, Number) else 0

    def labels(self, name: str) -> tuple[str, ...]:
        """The labels a text measure can have, as far as they are known."""
        type_ = self.measures[name].type
        return type_.labels or () if isinstance(type_, Text) else ()
