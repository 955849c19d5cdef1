"""Parts are independent: sessions of random schemes, one consequence at a time, say what one assessment says."""

from __future__ import annotations

import datetime as dt
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from importlib import util
from typing import Any

import pytest

import cityrules as cr
from cityrules.io.rows import DataError
from cityrules.live import Session
from cityrules.live.chain import Chain
from cityrules.live.forward import DurableChain
from cityrules.live.walk import PlainWalk
from cityrules.loaded import specs_folder
from cityrules.plan.excerpt import Body, closure
from cityrules.plan.model import Kind, KindAxis, Plan, RecordAxis
from cityrules.plan.names import Field
from cityrules.plan.reading import axes, bindings, expressions
from cityrules.plan.views import WHOLE
from strategies.drawn import scheme_of
from strategies.inputs import Case, Table, make_case

Row = dict[str, Any]
SCHEMES = 600 if os.environ.get("CITYRULES_PROFILE") == "long" else 48


def alone(plan: Plan, name: str) -> Plan:
    """The plan with one consequence, and what it needs. What would tie all targets and is not read is left out, or
    made into something that does not: listed targets, rows of the whole city."""
    nodes: dict[str, Body] = {**plan.measures, **plan.consequences}
    needed = closure(nodes, [plan.consequences[name]])
    kinds: dict[str, Kind] = {}
    for kind in plan.kinds.values():
        listed = not isinstance(kind.members, str) and not kind.parts and kind.stated is None
        kinds[kind.name] = replace(kind, members="as they appear") if listed else kind
        if kind.stated is not None:
            kinds[kind.name] = replace(kind, members="registered", stated=None)
    bodies = [node for node in nodes.values() if node.name in needed]
    names = [name for body in bodies for expr in expressions(body) for name in bindings(expr)]
    read = {name.record for name in names if isinstance(name, Field)}
    records = {
        record.name: record
        for record in plan.records.values()
        if record.one_per is None or record.one_per.kind != WHOLE or record.name in read
    }
    runs_over = [axis for body in bodies for axis in axes(body)]
    parts = {body.grain.kind for body in bodies} | {axis.kind for axis in runs_over if isinstance(axis, KindAxis)}
    routes = [axis.route for axis in runs_over if isinstance(axis, RecordAxis) and axis.route is not None]
    parts |= {route.kind for route in routes}
    # A row of a cell is looked up by the cell of its own grain.
    parts |= {record.one_per.kind for record in records.values() if record.one_per is not None and record.name in read}
    return replace(
        plan,
        kinds={kind.name: kind for kind in kinds.values() if not kind.parts or kind.name in parts},
        records=records,
        measures={one: measure for one, measure in plan.measures.items() if one in needed},
        consequences={one: consequence for one, consequence in plan.consequences.items() if one in needed},
        checks={},
        rows={one: rows for one, rows in plan.rows.items() if one in needed},
        order=tuple(one for one in plan.order if one in needed),
    )


def rows_of(case: Case) -> Iterator[tuple[str, dict[str, str | None]]]:
    for kinds in (case.inputs.targets, case.inputs.records):
        for kind, tables in kinds.items():
            for table in tables:
                assert isinstance(table, Table)
                for raw in table.raw:
                    if raw.bad is None:
                        yield kind, dict(zip(table.columns, raw.texts, strict=True))


def refused(problem: DataError) -> bool:
    """Whether an event was refused for what rows may do to it: no key, another row with the same, a row that never was,
    a moment before, a period that has not begun."""
    return {found.code for found in problem.diagnostics} <= {"CR182", "CR183", "CR184", "CR185", "CR186"}


def known_before(scheme: cr.Scheme, case: Case, period: str) -> list[Row] | None:
    """What an assessment of the months before a period knows for sure; None where it stops, or where nobody asks."""
    rows: dict[str, list[Row]] = {}
    for kind, row in rows_of(case):
        rows.setdefault(kind, []).append(row)
    targets = {kind: found for kind, found in rows.items() if kind in scheme.plan.kinds}
    records = {kind: found for kind, found in rows.items() if kind not in targets}
    try:
        before = scheme.assess(records, targets=targets, period=period, as_of=case.question.as_of)
    except cr.CheckFailed:
        return None
    return [row for row in before.rows("values") if row["state"] != "undetermined" and not row["provisional"]] or None


def lived(scheme: cr.Scheme, case: Case, rng: random.Random, chain: Chain) -> int:
    """Live through the rows of a case in any order, some of them twice, corrected with what others say, or annulled,
    with the clock going on and periods closed in between, asking now and then; the number of parts."""
    rows = list(rows_of(case))
    rng.shuffle(rows)
    span = case.question.span
    last = case.question.as_of
    middle = span.start + (span.last_day - span.start) / 2
    opening = None
    if rng.random() < 0.25 and f"{middle:%Y-%m}" > f"{span.start:%Y-%m}":
        before = middle.replace(day=1) - dt.timedelta(days=1)
        opening = known_before(scheme, case, f"{span.start:%Y-%m}..{before:%Y-%m}")
    start = span.start if opening is None else middle
    period = f"{start:%Y-%m}..{span.last_day:%Y-%m}"
    with Session(scheme, period=period, chain=chain, opening=opening) as session:
        first = session.clock.date()
        for number, (kind, row) in enumerate(rows):
            try:
                what = rng.random()
                if number == len(rows) // 2 and last >= session.clock:
                    session.advance(last)
                elif what < 0.05 and session.clock.date() < last.date():
                    session.advance(first + (last.date() - first) * rng.random())
                elif what < 0.08:
                    session.close_period(f"{session.clock:%Y-%m}")
                session.post(kind, row)
                if what > 0.8:
                    other = rng.choice([values for of, values in rows[: number + 1] if of == kind])
                    form = session._forms[kind]
                    known = {name: text for name, text in row.items() if name in form.key}
                    if what > 0.98:
                        session.annul(kind, known)
                    elif what > 0.95:
                        session.correct(kind, {**other, **known})
                    else:
                        assert session.post(kind, row) is None
            except DataError as problem:
                if not refused(problem):
                    raise
            if rng.random() < 2 / len(rows):
                check(session)
        check(session)
        return len([*session._parts]) if session._parts.tied is None and session.consequences() else 0


def check(session: Session) -> None:
    closed = {event.on for event in session.events if event.what == "close"}
    wanted = [row for row in session.assess().rows("consequences") if not row["provisional"] or row["period"] in closed]
    assert session.consequences() == wanted


@pytest.fixture(scope="module", params=["plain", "durable"])
def chain(request: pytest.FixtureRequest) -> Iterator[Chain]:
    if request.param == "durable" and util.find_spec("durable") is None:
        pytest.skip("durable-rules is not installed (the extra `live`, a C compiler)")
    made: Chain = DurableChain() if request.param == "durable" else PlainWalk()
    yield made
    made.close()


def test_sessions_of_random_schemes(chain: Chain) -> None:
    untied, frame = 0, cr.load(specs_folder() / "gallery/streaks")
    plain = isinstance(chain, PlainWalk)
    for seed in range(SCHEMES):
        whole, rng = scheme_of(seed).plan, random.Random(seed)
        # durable-rules sees ladders alone.
        names = [name for name, one in whole.consequences.items() if plain or one.ladder is not None]
        for name in rng.sample(names, min(2, len(names))):
            plan = alone(whole, name)
            try:
                found = lived(replace(frame, plan=plan, _scorers={}), make_case(plan, seed), rng, chain)
            except (AssertionError, DataError) as error:
                raise AssertionError(f"scheme {seed}, {name}") from error
            untied += found > 1
    # Else the parts were not tried.
    assert not plain or untied > SCHEMES // 48
