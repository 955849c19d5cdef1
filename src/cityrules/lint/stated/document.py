"""What a text declares as frozen pydantic models: sections of named entries. Says what is there, judges nothing.

An entry names its clause. `unstated` stands where the text says nothing: a key that asks for it cannot be left out, so
that nobody forgets to look.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from cityrules.lint.stated.notation import LastDayText, Policy, RangeText, ShareText, StatedLimitText, WholeText
from cityrules.scheme.document import MAP, WORD, word_or_map
from cityrules.scheme.texts import NumeralText, Texts, Words

VERSION_KEY: Final = "cityrules-stated"

Span = Literal["day", "week", "month", "quarter", "half", "year"]


def _as_list(value: object) -> object:
    """One number stands for a list of one."""
    return value if isinstance(value, (list, tuple, Mapping)) or value is None else [value]


Wholes = Annotated[tuple[WholeText, ...], BeforeValidator(_as_list)]


class StatedPart(BaseModel):
    """What every part may carry: a note for readers."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    note: Words | None = None


class Stated(StatedPart):
    """What every entry has: its clause, a few words of the text, and which text it is of, where there are several."""

    clause: Words
    quote: Words | None = None
    text: Words | None = None


class StatedSeveral(StatedPart):
    """Equal parts: how many, and each."""

    times: WholeText
    each: NumeralText


AmountText = Annotated[
    Annotated[NumeralText, Tag(WORD)] | Annotated[StatedSeveral, Tag(MAP)], Discriminator(word_or_map)
]


class StatedTotal(Stated):
    """A total and the parts that the text gives for it, in one unit."""

    total: NumeralText
    unit: Words | None = None
    parts: Mapping[Words, AmountText]


class StatedCount(Stated):
    """How many items are announced, and which are listed."""

    declared: WholeText
    listed: Texts


class StatedIntervals(Stated):
    """Cases told apart by a number: the ranges as the text words them."""

    of: Words
    parts: Mapping[Words, RangeText]


class StatedBands(Stated):
    """Grades by a score, in the order of the text; `within`: what scores there can be."""

    of: Words
    within: RangeText | None = None
    parts: Mapping[Words, RangeText]


class StatedWeights(Stated):
    """Weights of the parts of one score, and what they should come to."""

    total: NumeralText
    parts: Mapping[Words, ShareText]


class StatedScore(StatedPart):
    """A score for each period: what larger one it enters, how; `closes`: the last day of the month that counts, `rest`:
    where the days behind it go."""

    every: Span
    enters: Policy | None = None
    how: Policy | None = None
    closes: LastDayText | None = None
    rest: Policy | None = None


class StatedPeriods(Stated):
    """The scores of all periods; `result`: which of them stands at the end."""

    result: Policy
    scores: Mapping[Words, StatedScore]


class StatedCounter(Stated):
    """What happens after so many times: in a row, or in all. `value`: the number compared is itself made of several."""

    counts: Literal["consecutive", "cumulative"]
    of: Words
    every: Span
    times: Wholes
    window: Policy
    repeat: Policy
    gap: Policy
    new_year: Policy
    value: Literal["single", "average", "sum"]
    over: Policy | None = None


class StatedDeduction(StatedPart):
    """One rule: what is deducted for which event; `excludes`: rules that cannot take the same event."""

    deduct: Policy
    event: Words
    excludes: Texts = ()


class StatedDeductions(Stated):
    """The rules that deduct from one score, and what the text says of them together."""

    rules: Mapping[Words, StatedDeduction]
    together: Policy
    full_mark: Policy
    floor: Policy
    cap: Policy


class StatedWord(Stated):
    """A word that a rule hangs on, and what the text says it means."""

    quote: Words
    binds: Words
    means: Policy


class StatedDeadline(Stated):
    """The limits of one duty, and the event that starts them; `last_day`: whether a fixed day itself is in time."""

    limits: Mapping[Words, StatedLimitText]
    starts: Policy
    last_day: Policy | None = None


class StatedAssessor(Stated):
    """Who assesses whom, and through whom it is really done."""

    assesses: Texts
    through: Texts = ()


class StatedUnit(Stated):
    """Who belongs to a body."""

    members: Texts


class StatedList(Stated):
    """Names as listed; `open`: the word that leaves the list open; `same_as`: the list of the same things elsewhere."""

    members: Texts
    open: Words | None = None
    same_as: Words | None = None


class StatedRanking(Stated):
    """A ranking: how many are ranked together, how many at the top and the bottom something happens to, and ties."""

    of: Words
    size: Policy
    top: WholeText | None = None
    bottom: WholeText | None = None
    ties: Policy


class StatedRate(Stated):
    """A rate; `least`: how many things the denominator counts at least; `empty`: the rate of none."""

    numerator: Policy
    denominator: Policy
    least: Policy
    empty: Policy


class StatedAnnex(Stated):
    """An annex or another document that a rule refers to."""

    number: WholeText | None = None


class StatedSanction(Stated):
    """A measure against a person, and whether the text takes it or proposes it to somebody."""

    word: Words
    does: Literal["decides", "proposes"]
    decided_by: Policy


class StatedVeto(Stated):
    """A veto: what sets it off, what it takes, what becomes of the grade."""

    when: Words
    takes: Texts
    grade: Policy


class StatedReward(Stated):
    """A reward, for what, and its amount as written."""

    for_: Words = Field(alias="for")
    amount: Policy


class StatedHeading(Stated):
    """A heading and how many sentences stand below it."""

    heading: Words
    sentences: WholeText


class StatedTimes(StatedPart):
    """So many times in each period."""

    times: WholeText
    every: Span


CountText = Annotated[Annotated[NumeralText, Tag(WORD)] | Annotated[StatedTimes, Tag(MAP)], Discriminator(word_or_map)]


class StatedObservations(Stated):
    """How many observations stand behind the score of each that is ranked in one ranking."""

    ranking: Words
    counts: Mapping[Words, CountText]


class AsStated(StatedPart):
    """What one or more texts declare. `attached`: the annexes that are there. `silenced`: findings that are known, by
    code and entry, each with the reason."""

    version: Words = Field(alias=VERSION_KEY)
    texts: Mapping[Words, Words]
    attached: Texts = ()
    totals: Mapping[Words, StatedTotal] = {}
    counts: Mapping[Words, StatedCount] = {}
    intervals: Mapping[Words, StatedIntervals] = {}
    bands: Mapping[Words, StatedBands] = {}
    weights: Mapping[Words, StatedWeights] = {}
    periods: Mapping[Words, StatedPeriods] = {}
    counters: Mapping[Words, StatedCounter] = {}
    deductions: Mapping[Words, StatedDeductions] = {}
    words: Mapping[Words, StatedWord] = {}
    deadlines: Mapping[Words, StatedDeadline] = {}
    assessors: Mapping[Words, StatedAssessor] = {}
    units: Mapping[Words, StatedUnit] = {}
    lists: Mapping[Words, StatedList] = {}
    rankings: Mapping[Words, StatedRanking] = {}
    rates: Mapping[Words, StatedRate] = {}
    annexes: Mapping[Words, StatedAnnex] = {}
    sanctions: Mapping[Words, StatedSanction] = {}
    vetoes: Mapping[Words, StatedVeto] = {}
    rewards: Mapping[Words, StatedReward] = {}
    headings: Mapping[Words, StatedHeading] = {}
    observations: Mapping[Words, StatedObservations] = {}
    silenced: Mapping[Words, Mapping[Words, Words]] = {}


SECTIONS: Final = tuple(
    name for name in AsStated.model_fields if name not in ("version", "note", "texts", "attached", "silenced")
)
"""The sections that hold entries."""
