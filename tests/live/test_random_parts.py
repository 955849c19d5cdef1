"""Parts are independent: sessions of random schemes, one consequence at a time, say what one assessment says."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace

import cityrules as cr
from cityrules.io.rows import DataError
from cityrules.live import Session
from cityrules.live.cut import Body, closure
from cityrules.loaded import specs_folder
from cityrules.plan.model import Kind, KindAxis, Plan, RecordAxis
from cityrules.plan.names import Field
from cityrules.plan.reading import axes, bindings, expressions
from cityrules.plan.views import WHOLE
from strategies.inputs import Case, Table, make_case
from strategies.schemes import make_scheme

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


def lived(scheme: cr.Scheme, case: Case, rng: random.Random) -> int:
    """Live through the rows of a case in any order, asking now and then; the number of parts."""
    rows = list(rows_of(case))
    rng.shuffle(rows)
    span = case.question.span
    period = f"{span.start:%Y-%m}..{span.last_day:%Y-%m}"
    with Session(scheme, period=period, chain="plain") as session:
        for number, (kind, row) in enumerate(rows):
            if number == len(rows) // 2 and case.question.as_of >= session.clock:
                session.advance(case.question.as_of)
                session.consequences()
            try:
                session.post(kind, row)
            except DataError as problem:
                # No key, or another row with the same.
                if not {found.code for found in problem.diagnostics} <= {"CR182", "CR183"}:
                    raise
        wanted = [row for row in session.assess().rows("consequences") if not row["provisional"]]
        assert session.consequences() == wanted
        return len([*session._parts]) if session._parts.tied is None and wanted else 0


def test_sessions_of_random_schemes() -> None:
    untied, frame = 0, cr.load(specs_folder() / "gallery/streaks")
    for seed in range(SCHEMES):
        whole, rng = make_scheme(seed).plan, random.Random(seed)
        names = list(whole.consequences)
        for name in rng.sample(names, min(2, len(names))):
            plan = alone(whole, name)
            found = lived(replace(frame, plan=plan, _scorers={}), make_case(plan, seed), rng)
            untied += found > 1
    # Else the parts were not tried.
    assert untied > SCHEMES // 24
