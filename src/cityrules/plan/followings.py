"""What consequences leave behind, as something to run over: their rows as a kind of record. Knows no expressions.

A row belongs to the target and the period of its cell and is dated by the last day of that period. What the columns
`step`, `level` hold is known when the consequence is built.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from cityrules.feel.tree import Read
from cityrules.feel.types import Flag, Number
from cityrules.plan.compose import all_of
from cityrules.plan.drafts import known_grain
from cityrules.plan.fields import ends
from cityrules.plan.model import Axis, Consequence, Expr, Kind, RecordAxis, RecordKind
from cityrules.plan.names import Fired
from cityrules.plan.records import routes_by_kind
from cityrules.plan.reporting import Reporter
from cityrules.plan.views import WHOLE, Following, Ground
from cityrules.scheme.acts import effective, has_effect
from cityrules.scheme.document import ConsequenceBody
from cityrules.scheme.notation import FieldType, Grain, parts_of

DATE: Final = "date"
PERIOD: Final = "period"
STEP: Final = "step"
LEVEL: Final = "level"
AMOUNT: Final = "amount"
STARTS: Final = "starts"
DUE: Final = "due"
UNTIL: Final = "until"
ENDED_BY: Final = "ended_by"
LEAST: Final = "least"
MOST: Final = "most"
NUMBERS: Final = (AMOUNT, LEAST, MOST)
TERMS: Final = (*NUMBERS, STARTS, DUE, UNTIL, ENDED_BY)
"""What an act says of how much and of when, as columns; an act need not have all of them."""


def build_followings(reporter: Reporter, ground: Ground) -> dict[str, Following]:
    """What is known of each consequence whose grain is one; complaints go to the reporter."""
    found: dict[str, Following] = {}
    for name, body in reporter.loaded.document.consequences.items():
        grain = body.for_
        if not known_grain(reporter, ground, ("consequences", name), grain):
            continue
        steps = tuple(body.steps or ())
        rows = None if grain.kind in ground.records else _rows(ground.kinds, name, body, steps)
        lasting = {step for step, act in (body.steps or {}).items() if has_effect(effective(act, body))}
        whole = {None} if lasting or has_effect(body) else set()
        found[name] = Following(grain, steps, frozenset() if rows is None else frozenset({*lasting, *whole}), rows)
    return found


def _rows(kinds: Mapping[str, Kind], name: str, body: ConsequenceBody, steps: tuple[str, ...]) -> RecordKind:
    grain: Grain = body.for_
    parts = () if grain.kind == WHOLE else parts_of(grain.kind)
    own = {PERIOD: FieldType("text"), DATE: FieldType("date")}
    if grain.period is None:
        del own[PERIOD]
    if steps:
        own |= {STEP: FieldType("enumeration", labels=steps), LEVEL: FieldType("number")}
    acts = [effective(step, body) for step in (body.steps or {}).values()] or [body]
    due = [act.within is not None for act in acts]
    lasting = [has_effect(act) for act in acts]
    bounds = [act.between is not None for act in acts]
    for number, said in ((AMOUNT, [act.amount is not None for act in acts]), (LEAST, bounds), (MOST, bounds)):
        if any(said):
            own[number] = FieldType("number", optional=not all(said))
    if any(lasting):
        own |= {STARTS: FieldType("date", optional=not all(lasting)), UNTIL: FieldType("date", optional=True)}
    if any(act.ends is not None for act in acts):
        own[ENDED_BY] = FieldType("text", optional=True)
    if any(due):
        own[DUE] = FieldType("date", optional=not all(due))
    fields = own | {part: FieldType("kind", kind=part) for part in parts}
    key = [*parts, DATE if grain.period is None else PERIOD, *([STEP] if steps else [])]
    ways = routes_by_kind(fields, kinds)
    return RecordKind(
        name=name,
        fields=fields,
        key=tuple(key),
        dated=DATE,
        one_per=None,
        absent=None,
        routes={kind: found[0] for kind, found in ways.items() if len(found) == 1},
        label=body.label,
        clause=body.clause,
    )


def note_types(ground: Ground, built: Consequence, numbers: Mapping[str, Number | None]) -> None:
    """Note what the columns of the rows of a consequence hold, once that is known."""
    following = ground.following[built.name]
    rows = following.rows
    if rows is None:
        return
    fields = dict(rows.fields)
    for name, type_ in numbers.items():
        if type_ is not None and name in fields:
            optional, scale = fields[name].optional, type_.scale or 0
            fields[name] = FieldType("number", optional, scale, type_.low, type_.high, type_.unit)
    following.rows = replace(rows, fields=fields)


def amount_type(amounts: Sequence[Number]) -> Number | None:
    """The type that holds each of some amounts, which have one unit."""
    if not amounts:
        return None
    bounds = [ends(one) for one in amounts]
    scale = max(one.scale or 0 for one in amounts)
    return Number(scale, min(low for low, _ in bounds), max(high for _, high in bounds), amounts[0].unit)


def with_followed(axis: Axis | None, condition: Expr | None, path: str) -> Expr | None:
    """The condition of a fold or rule; where it runs over a consequence, this must have followed, besides. Its text
    stays the author's, who wrote of nothing else."""
    if not isinstance(axis, RecordAxis) or axis.follows is None:
        return condition
    text = f"fired({axis.follows})"
    read = Read(Flag(), 0, len(text), text, Fired(Flag(), axis.follows, None, "element"))
    followed = Expr(text, path, read)
    if condition is None:
        return followed
    both = all_of((followed, condition))
    assert both is not None
    return replace(both, text=condition.text)
