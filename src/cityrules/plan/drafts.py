"""A measure before types: its grain, its axes, its expressions with their places and what they read.

Enough to put all measures in order; the modules of the forms make measures of drafts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cityrules.plan.axes import find_axis
from cityrules.plan.kinds import plain_kinds
from cityrules.plan.meanings import Place, counting, place
from cityrules.plan.model import Axis, Dated, RecordAxis
from cityrules.plan.parts import Part, read_part, result_part
from cityrules.plan.placement import placed
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.sheets import entries, item_entries, walk
from cityrules.plan.views import WHOLE, Ground
from cityrules.scheme.document import (
    BandsBody,
    CapBody,
    ChooseBody,
    CountBody,
    DeadlineBody,
    DistinctBody,
    FirstBody,
    FoldBody,
    FormulaBody,
    LastBody,
    LedgerBody,
    MaxBody,
    MeanBody,
    MeasureBody,
    MinBody,
    PauseBody,
    PortionBody,
    RankBody,
    RunBody,
    SumBody,
    TiersBody,
    WeightedBody,
)
from cityrules.scheme.durations import is_limit
from cityrules.scheme.notation import Grain, NotationError, Window, parse_numeral, parts_of, window_of

OF_ONE_CELL: Final = (FormulaBody, BandsBody, ChooseBody, TiersBody, WeightedBody, DeadlineBody)
"""The forms that read nothing but their own cell, so that single records can have them."""


class EffectiveBody(MeasureBody):
    """What holds of a measure with overrides; `raw` names the measure that has its form. Made by `plan.overrides`."""

    raw: str


DIRECTIONS: Final = ("high", "low")
CARRIED: Final = "carried"
"""What a ledger starts from that goes on where the period before ended."""


@dataclass(frozen=True, slots=True)
class CapDraft:
    """A cap of a ledger as written. `of`: rules of the document, or directions; `per`: the names it tells apart; `at`
    is the part `caps.NAME.at` unless it is a numeral, and each name the part `caps.NAME.per.RULE.NUMBER`. Of a cap
    that several cells share, of the grain `shared` (as written), these are what `order` says behind its directions."""

    name: str
    path: Address
    at: str
    at_path: Address
    of: tuple[str, ...]
    per: tuple[str, ...]
    clause: str | None
    label: str | None
    shared: str | None = None
    high: tuple[bool, ...] = ()
    short: Literal["part", "none"] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """`parts`: expressions by their keys in the body (`rules.late.when`); `axes`: by the rule's name, '' for the body.
    Of ledgers, `rules`: those of the plan by the name in the document; `caps`: in the order in which they hold.
    `window`: of a fold, with the name of its period.

    A part whose axis is in doubt is left out.
    """

    name: str
    body: MeasureBody
    path: Address
    parts: Mapping[str, Part]
    axes: Mapping[str, Axis | None]
    rules: Mapping[str, tuple[str, ...]]
    caps: Sequence[CapDraft]
    window: Window | None = None

    @property
    def grain(self) -> Grain:
        return self.body.for_

    @property
    def reads(self) -> tuple[str, ...]:
        """The measures and consequences it reads, in the order of the text."""
        names = [name for part in self.parts.values() for name in part.reads]
        return tuple(dict.fromkeys([*names, *(name for axis in self.axes.values() for name in led_by(axis))]))


def led_by(axis: Axis | None) -> tuple[str, ...]:
    """The measures that say which targets the records of an axis reach and when, and the consequence run over."""
    if not isinstance(axis, RecordAxis):
        return ()
    led = (axis.route.field,) if axis.route is not None and axis.route.measured else ()
    if isinstance(axis.placed, Dated) and axis.placed.measured:
        led = (*led, axis.placed.field)
    return led if axis.follows is None else (*led, axis.follows)


def known_grain(reporter: Reporter, ground: Ground, path: Address, grain: Grain) -> bool:
    """Whether a grain names a kind of target, a kind of dated record or the whole, that has such periods; complains
    where it does not."""
    place_ = (*path, "for")
    if grain.period is not None and grain.period not in ground.periods:
        return False  # What is wrong with the kind of period has been said.
    record, whose = ground.records.get(grain.kind), ground.whose(grain.period)
    if record is not None:
        if record.one_per is not None:
            reporter.refuse("CR421", place_, found=grain.kind, grain=record.one_per)
        elif grain.period is not None:
            reporter.refuse("CR422", place_, found=grain, kind=grain.kind)
        else:
            return True
        return False
    if grain.kind == WHOLE or grain.kind in ground.kinds:
        if whose is not None and whose not in parts_of(grain.kind):
            reporter.refuse("CR969", place_, found=grain, period=grain.period, kind=whose)
            return False
        return True
    dated = [record.name for record in ground.records.values() if record.dated]
    target = parts_of(grain.kind)[0]
    if target in ground.kinds or target in ground.records or target == WHOLE:
        return False  # What is wrong with its dimensions was said when the kinds were made.
    reporter.refuse_name("CR420", place_, target, [*plain_kinds(ground.kinds), *dated, WHOLE])
    return False


def draft(reporter: Reporter, ground: Ground, name: str, body: MeasureBody) -> Draft | None:
    """The draft of a measure whose grain is known, or None where its form asks for another grain."""
    path = ("measures", name.partition(".")[0])
    if not _grain_fits(reporter, ground, path, body):
        return None
    pen = _Pen(reporter, ground, path, body.for_)
    pen.write("applies", body.applies)
    match body:
        case FormulaBody():
            pen.write("formula", body.formula)
        case BandsBody():
            pen.write("bands", body.bands)
        case EffectiveBody():
            for override, changed in (body.overrides or {}).items():
                pen.write(f"overrides.{override}.when", changed.when)
                pen.result(f"overrides.{override}.is", changed.is_)
            pen.write("raw", body.raw)
        case ChooseBody():
            for branch, given in body.choose.items():
                pen.write(f"choose.{branch}.when", given.when)
                pen.result(f"choose.{branch}.give", given.give)
            pen.result("otherwise", body.otherwise)
        case TiersBody():
            pen.write("tiers", body.tiers)
        case WeightedBody():
            for element_ in body.weighted:
                pen.key(f"weighted.{element_}", element_)
        case RankBody():
            _rank(pen, body)
        case RunBody():
            pen.write("run", body.run)
        case DeadlineBody():
            _deadline(pen, body)
        case LedgerBody():
            _ledger(pen, body)
        case FoldBody():
            _fold(pen, body)
    return Draft(name, body, path, pen.parts, pen.axes, pen.rules, pen.caps, pen.window)


def _grain_fits(reporter: Reporter, ground: Ground, path: Address, body: MeasureBody) -> bool:
    grain = body.for_
    if grain.kind in ground.records and not isinstance(body, (*OF_ONE_CELL, EffectiveBody, FoldBody)):
        reporter.refuse("CR423", (*path, "for"), grain=grain)
        return False
    if grain.kind in ground.records and isinstance(body, (FirstBody, LastBody, DistinctBody)):
        reporter.refuse("CR423", (*path, "for"), grain=grain)
        return False
    if isinstance(body, RankBody) and ground.whose(grain.period) is not None:
        reporter.refuse("CR970", (*path, "for"), found=grain, period=grain.period)
        return False
    if isinstance(body, RunBody) and grain.period is None:
        reporter.refuse("CR427", (*path, "for"), grain=grain)
        return False
    return True


class _Pen:
    """Collects the parts of one body."""

    def __init__(self, reporter: Reporter, ground: Ground, path: Address, grain: Grain) -> None:
        self.reporter = reporter
        self.ground = ground
        self.path = path
        self.grain = grain
        self.parts: dict[str, Part] = {}
        self.axes: dict[str, Axis | None] = {}
        self.rules: dict[str, tuple[str, ...]] = {}
        self.caps: list[CapDraft] = []
        self.window: Window | None = None
        self.cell = place(ground, grain)
        self._places: dict[Axis, Place] = {}

    def write(
        self,
        key: str,
        text: str | None,
        axis: Axis | None = None,
        offset: int = 0,
        *,
        path: Address | None = None,
        at: Place | None = None,
    ) -> None:
        """Note an expression about the cell, about the elements of an axis, or at a place of its own. `path`: where it
        stands, if its key does not say."""
        if text is None:
            return
        here = at or self.cell
        if axis is not None:
            here = self.place_of(axis)
        path = (*self.path, *key.split(".")) if path is None else path
        self.parts[key] = read_part(self.reporter, path, text, here, offset)

    def place_of(self, axis: Axis) -> Place:
        """Where expressions about the elements of an axis stand."""
        return self._places.setdefault(axis, place(self.ground, self._around(axis), axis))

    def among(self, names: tuple[str, ...], there: Place, around: Address) -> None:
        """Note names in which elements agree with the cell, once as it has them and once as they do, `there`. `around`:
        the body in which they stand."""
        # One name stands as a text of its own, several in a list.
        single = len(names) == 1 and self.reporter.loaded.locate((*around, "among")) is not None
        for number, name in enumerate(names):
            path = (*around, "among") if single else (*around, "among", str(number))
            own = self.parts[f"among.{number}"] = read_part(self.reporter, path, name, self.cell)
            self.parts[f"like.{number}"] = own if there == self.cell else read_part(self.reporter, path, name, there)

    def _around(self, axis: Axis) -> Grain:
        """The grain of the cell that elements stand in. What a single record is counted with is seen by itself: the
        same for every record that looks back at it."""
        of_record = self.grain.kind in self.ground.records
        return Grain(axis.record) if of_record and isinstance(axis, RecordAxis) else self.grain

    def result(self, key: str, text: str) -> None:
        """Note what a branch gives: an expression about the cell, or a label."""
        self.parts[key] = result_part(self.reporter, (*self.path, *key.split(".")), text, self.cell)

    def key(self, key: str, text: str) -> None:
        """Note an expression about the cell that stands as a key."""
        self.parts[key] = read_part(self.reporter, (*self.path, *key.split(".")), text, self.cell, of_key=True)


def _fold(pen: _Pen, body: FoldBody) -> None:
    key = "count" if isinstance(body, CountBody) else "over"
    name = body.count if isinstance(body, CountBody) else body.over
    if name is None:
        return
    if body.window is not None:
        pen.window = window_of(body.window, pen.ground.periods)
    axis = find_axis(pen.reporter, pen.ground, pen.path, key, name, pen.grain, body.via, pen.window, body.itself)
    axis = placed(pen.reporter, pen.ground, pen.path, axis, pen.grain, body)
    pen.axes[""] = axis
    if axis is None:
        return
    word, text = element(body)
    pen.write(word, text, axis)
    pen.write("where", body.where, axis)
    if body.among is not None and body.among != (WHOLE,):
        there = place(pen.ground, Grain(axis.record)) if isinstance(axis, RecordAxis) else pen.place_of(axis)
        pen.among(body.among, there, pen.path)
    if isinstance(axis, RecordAxis) and pen.grain.kind in pen.ground.records and body.via is not None:
        # What refers to a record agrees with its key.
        path = (*pen.path, "via")
        there = place(pen.ground, Grain(axis.record))
        pen.parts["among.0"] = read_part(pen.reporter, path, pen.ground.records[pen.grain.kind].key[0], pen.cell)
        pen.parts["like.0"] = read_part(pen.reporter, path, body.via, there)


def element(body: FoldBody) -> tuple[str, str | None]:
    """The word of a fold and the expression of an element's value; None for count."""
    match body:
        case SumBody():
            return "sum", body.sum
        case MeanBody():
            return "mean", body.mean
        case MinBody():
            return "min", body.min
        case MaxBody():
            return "max", body.max
        case FirstBody():
            return "first", body.first
        case LastBody():
            return "last", body.last
        case DistinctBody():
            return "distinct", body.distinct
        case PortionBody():
            return "portion", body.portion
        case _:
            return "count", None


def _rank(pen: _Pen, body: RankBody) -> None:
    alone = len(body.rank) == 1 and pen.reporter.loaded.locate((*pen.path, "rank")) is not None
    for number, said in enumerate(body.rank):
        word, _, rest = said.partition(" ")
        place = (*pen.path, "rank") if alone else (*pen.path, "rank", str(number))
        if word not in DIRECTIONS or not rest.strip():
            pen.reporter.refuse("CR492", place, found=said[:60])
        else:
            pen.write(f"rank.{number}", rest, offset=len(word) + 1, path=place)
    if body.among == (WHOLE,):
        return
    for number, name in enumerate(body.among):
        if name == WHOLE:
            pen.reporter.refuse("CR493", (*pen.path, "among", str(number)), found=name)
            continue
        # One name stands as a text of its own, several in a list.
        single = len(body.among) == 1 and pen.reporter.loaded.locate((*pen.path, "among")) is not None
        pen.write("among" if single else f"among.{number}", name)


def _deadline(pen: _Pen, body: DeadlineBody) -> None:
    if not is_limit(body.deadline):
        pen.write("deadline", body.deadline)
    pen.write("starts", body.starts)
    pen.write("done", body.done)
    pen.write("extended_by", body.extended_by)
    if body.paused is not None:
        axis = _pauses(pen, body.paused) if body.paused.over is not None else None
        if axis is not None or body.paused.over is None:
            pen.write("paused.from", body.paused.from_, axis)
            pen.write("paused.until", body.paused.until, axis)


def _pauses(pen: _Pen, body: PauseBody) -> Axis | None:
    """The records that stop a deadline, and the names in which they agree with the record that has it."""
    path = (*pen.path, "paused")
    if pen.grain.kind not in pen.ground.records:
        pen.reporter.refuse_key("CR924", (*path, "over"), found=pen.grain)
        return None
    axis = find_axis(pen.reporter, pen.ground, path, "over", body.over or "", pen.grain, None, None)
    pen.axes[""] = axis
    if isinstance(axis, RecordAxis) and body.among is not None and body.among != (WHOLE,):
        pen.among(body.among, place(pen.ground, Grain(axis.record)), path)
    return axis


def _ledger(pen: _Pen, body: LedgerBody) -> None:
    if body.from_ != CARRIED:
        pen.write("from", body.from_)
    elif pen.grain.period is None:
        pen.reporter.refuse("CR864", (*pen.path, "from"), grain=pen.grain)
    for entry in entries(body, pen.path):
        rule, name, axis = entry.body, entry.name, None
        pen.rules[entry.written] = (*pen.rules.get(entry.written, ()), name)
        if rule.each is not None:
            axis = find_axis(pen.reporter, pen.ground, entry.path, "each", rule.each, pen.grain, entry.via, None)
            axis = placed(pen.reporter, pen.ground, entry.path, axis, pen.grain, rule)
            pen.axes[name] = axis
            if axis is None:
                continue
        else:
            if rule.via is not None:
                pen.reporter.refuse("CR437", (*entry.path, "via"), axis="-")
            for key in ("dated", "standing"):
                if getattr(rule, key) is not None:
                    pen.reporter.refuse_key("CR877", (*entry.path, key), found=key)
        for key, text in (("when", rule.when), ("deduct", rule.deduct), ("add", rule.add), ("times", rule.times)):
            pen.write(f"rules.{name}.{key}", text, axis, path=(*entry.path, key))
        for number, bound in enumerate(rule.between or ()):
            pen.write(f"rules.{name}.between.{number}", bound, axis, path=(*entry.path, "between", str(number)))
    for item in walk(item_entries(body, pen.path)):
        texts = (("worth", item.body.worth), ("value", item.body.value), ("applies", item.body.applies))
        for key, text in texts:
            if text is not None and not (key == "worth" and _is_numeral(text)):
                pen.write(f"items.{item.name}.{key}", text, path=(*item.path, key))
    pen.caps = [*_rule_caps(pen, body), *_common_caps(pen, body)]


def _rule_caps(pen: _Pen, body: LedgerBody) -> Iterator[CapDraft]:
    """The caps of single rules, which hold first."""
    for written, entry in {entry.written: entry for entry in entries(body, pen.path)}.items():
        cap = entry.body.cap
        if cap is not None:
            at = (*entry.path, "cap")
            yield _cap(pen, f"{written}.cap", cap, entry.path, at, (written,), None, entry.clause, None)


def _common_caps(pen: _Pen, body: LedgerBody) -> Iterator[CapDraft]:
    for name, cap in body.caps.items():
        path = (*pen.path, "caps", name)
        if cap.order is not None and cap.short is not None and cap.per is not None:
            yield _shared_cap(pen, name, cap, path)
        else:
            yield _cap(pen, name, cap.at, path, (*path, "at"), cap.of, cap.per, cap.clause, cap.label)


def _shared_cap(pen: _Pen, name: str, cap: CapBody, path: Address) -> CapDraft:
    """A cap that several cells share, with what their movements are ordered by."""
    if not _is_numeral(cap.at):
        pen.write(f"caps.{name}.at", cap.at, path=(*path, "at"))
    single = pen.reporter.loaded.locate((*path, "order")) is not None
    high: list[bool] = []
    for number, said in enumerate(cap.order or ()):
        word, _, text = said.partition(" ")
        place_ = (*path, "order") if single else (*path, "order", str(number))
        if word not in DIRECTIONS or not text.strip():
            pen.reporter.refuse("CR492", place_, found=said[:60])
            continue
        high.append(word == "high")
        for rule in (rule for own in pen.rules.values() for rule in own):
            axis = pen.axes.get(rule)
            if axis is not None or rule not in pen.axes:
                pen.write(f"caps.{name}.per.{rule}.{number}", text, axis, len(word) + 1, path=place_)
    return CapDraft(
        name, path, cap.at, (*path, "at"), cap.of, tuple(cap.order or ()), cap.clause, cap.label,
        cap.per, tuple(high), cap.short,
    )  # fmt: skip


def _cap(
    pen: _Pen,
    name: str,
    at: str,
    path: Address,
    at_path: Address,
    of: tuple[str, ...],
    per: str | None,
    clause: str | None,
    label: str | None,
) -> CapDraft:
    place_ = counting(pen.ground, pen.grain, pen.path[-1], pen.rules)
    if not _is_numeral(at):
        pen.write(f"caps.{name}.at", at, None, path=at_path, at=place_)
    keys = _keys(per) if per is not None else ()
    for rule, axis in pen.axes.items():
        for number, key in enumerate(keys if axis is not None else ()):
            if any(rule in pen.rules.get(word, ()) for word in of) or {"add", "deduct"} & set(of):
                pen.write(f"caps.{name}.per.{rule}.{number}", key, axis, path=(*path, "per"))
    return CapDraft(name, path, at, at_path, of, keys, clause, label)


def _keys(per: str) -> tuple[str, ...]:
    """The names that a `per` tells apart: one, or the target and the period of a grain."""
    kind, each, period = per.partition(" each ")
    if not each:
        return (per.strip(),)
    start = f"{period.strip()}.start"
    return (start,) if kind.strip() == WHOLE else (kind.strip(), start)


def _is_numeral(text: str) -> bool:
    try:
        parse_numeral(text)
    except NotationError:
        return False
    return True
