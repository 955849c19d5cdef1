"""Measures as written to drafts: what each form reads, with its places and axes. The forms themselves come later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cityrules.plan.axes import find_axis
from cityrules.plan.drafts import BY_NAME, Draft, EffectiveBody
from cityrules.plan.ledger_drafts import draft_ledger
from cityrules.plan.meanings import place
from cityrules.plan.model import Axis, RecordAxis
from cityrules.plan.parts import read_part
from cityrules.plan.pen import Pen, ordered
from cityrules.plan.placement import placed
from cityrules.plan.reporting import Address, Reporter
from cityrules.plan.views import WHOLE, Ground
from cityrules.scheme.document import (
    BandsBody,
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
    ShareBody,
    SumBody,
    TiersBody,
    WeightedBody,
)
from cityrules.scheme.durations import is_limit
from cityrules.scheme.notation import Grain, window_of

OF_ONE_CELL: Final = (FormulaBody, BandsBody, ChooseBody, TiersBody, WeightedBody, DeadlineBody)
"""The forms that read nothing but their own cell, so that single records can have them."""


def draft(reporter: Reporter, ground: Ground, name: str, body: MeasureBody) -> Draft | None:
    """The draft of a measure whose grain is known, or None where its form asks for another grain."""
    path = ("measures", name.partition(".")[0])
    if not _grain_fits(reporter, ground, path, body):
        return None
    pen = Pen(reporter, ground, path, body.for_)
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
            ordered(pen, "rank", body.rank)
            _groups(pen, body.among)
        case ShareBody():
            pen.write("apportion", body.apportion)
            pen.write("in_proportion_to", body.in_proportion_to)
            ordered(pen, "remainder", body.remainder[:-1] if body.remainder[-1:] == (BY_NAME,) else body.remainder)
            _groups(pen, body.among)
        case RunBody():
            pen.write("run", body.run)
        case DeadlineBody():
            _deadline(pen, body)
        case LedgerBody():
            draft_ledger(pen, body)
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
    if isinstance(body, (RankBody, ShareBody)) and ground.whose(grain.period) is not None:
        reporter.refuse("CR970", (*path, "for"), found=grain, period=grain.period)
        return False
    if isinstance(body, RunBody) and grain.period is None:
        reporter.refuse("CR427", (*path, "for"), grain=grain)
        return False
    return True


def _fold(pen: Pen, body: FoldBody) -> None:
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


def _groups(pen: Pen, among: Sequence[str]) -> None:
    """The names whose equal values make one group."""
    if tuple(among) == (WHOLE,):
        return
    for number, name in enumerate(among):
        if name == WHOLE:
            pen.reporter.refuse("CR493", (*pen.path, "among", str(number)), found=name)
            continue
        # One name stands as a text of its own, several in a list.
        single = len(among) == 1 and pen.reporter.loaded.locate((*pen.path, "among")) is not None
        pen.write("among" if single else f"among.{number}", name)


def _deadline(pen: Pen, body: DeadlineBody) -> None:
    if not is_limit(body.deadline):
        pen.write("deadline", body.deadline)
    pen.write("starts", body.starts)
    pen.write("before", body.before)
    pen.write("done", body.done)
    pen.write("extended_by", body.extended_by)
    if body.paused is not None:
        axis = _pauses(pen, body.paused) if body.paused.over is not None else None
        if axis is not None or body.paused.over is None:
            pen.write("paused.from", body.paused.from_, axis)
            pen.write("paused.until", body.paused.until, axis)


def _pauses(pen: Pen, body: PauseBody) -> Axis | None:
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
