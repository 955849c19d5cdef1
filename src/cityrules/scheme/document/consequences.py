"""What follows, as a document writes it: acts, steps, consequences, checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from cityrules.scheme.document.body import Body
from cityrules.scheme.texts import (
    ActWithinText,
    DateText,
    Expression,
    Expressions,
    GrainText,
    LastsText,
    Name,
    PathName,
    RecurringText,
    Texts,
    WithinText,
    Words,
)

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
