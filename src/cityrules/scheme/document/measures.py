"""Measures as a document writes them, by the key of their form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from cityrules.scheme.document.body import Body
from cityrules.scheme.texts import (
    Amount,
    Expression,
    GrainText,
    Label,
    LimitText,
    Name,
    Names,
    NumeralText,
    PathName,
    PathNames,
    Result,
    RoundText,
    SomeTexts,
    Texts,
    WindowText,
    Words,
)


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

    rank: SomeTexts
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
