"""Ledgers as they stand in a plan: rules, caps, items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cityrules.plan.model.axes import KindAxis, PeriodAxis, RecordAxis
from cityrules.plan.model.expressions import Expr
from cityrules.plan.model.values import Base
from cityrules.scheme.notation import Grain, Rounding


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
