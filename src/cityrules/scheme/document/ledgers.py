"""Ledgers as a document writes them: rules, caps, items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from cityrules.scheme.document.body import MAP, WORD, Body, word_or_map
from cityrules.scheme.document.measures import MeasureBody, StandingBody
from cityrules.scheme.texts import (
    Expression,
    Expressions,
    Name,
    Names,
    NumeralText,
    PathName,
    Texts,
    Words,
)


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
    Annotated[Precedence, Tag(WORD)] | Annotated[Mapping[Name, Precedence], Tag(MAP)], Discriminator(word_or_map)
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
