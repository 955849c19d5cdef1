"""From a checked document to its plan: names resolved, types and scales known, measures in order.

The passes: kinds, records and parameters; the grain of every measure; drafts (axes, and which measures each expression
reads); the order; then each measure in that order, so that the types of what it reads are known; consequences and
checks; magnitudes; what is withheld. All problems are found at once. Knows no engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from cityrules.plan.bands import build_bands
from cityrules.plan.calendars import build_calendar
from cityrules.plan.choices import build_choice
from cityrules.plan.consequences import build_check, build_consequence
from cityrules.plan.context import Context, Under
from cityrules.plan.deadlines import build_deadline
from cityrules.plan.drafts import Draft, EffectiveBody, draft, known_grain
from cityrules.plan.folds import build_fold
from cityrules.plan.formulas import build_formula
from cityrules.plan.kinds import build_kinds
from cityrules.plan.leading import leading
from cityrules.plan.ledgers import build_ledger
from cityrules.plan.magnitudes import check_expressions
from cityrules.plan.model import DEADLINE_PARTS, Measure, Plan, Withheld
from cityrules.plan.order import ordered
from cityrules.plan.overrides import build_overridden, with_raw
from cityrules.plan.parameters import build_parameters
from cityrules.plan.periods import build_periods
from cityrules.plan.records import build_records
from cityrules.plan.reporting import Loaded, Reporter
from cityrules.plan.standings import build_rank, build_run
from cityrules.plan.tables import build_tables
from cityrules.plan.tiers import build_tiers
from cityrules.plan.views import Ground, body_name
from cityrules.plan.weights import build_weighted
from cityrules.plan.withheld import waiting
from cityrules.scheme.document import (
    BandsBody,
    ChooseBody,
    DeadlineBody,
    FoldBody,
    FormulaBody,
    LedgerBody,
    MeasureBody,
    RankBody,
    RunBody,
    TiersBody,
    WeightedBody,
)
from cityrules.scheme.notation import Grain
from cityrules.text.diagnostic import Report


def build(loaded: Loaded, report: Report) -> Plan | None:
    """The plan of a document that passed the scheme room, or None when something is wrong; all of that is in `report`.

    Raises nothing, whatever such a document says.
    """
    reporter = Reporter(loaded, report)
    document = loaded.document
    bodies = with_raw(document.measures)
    ground = _ground(reporter, bodies)
    context = Context(reporter, ground, document.rounding)
    drafts = {}
    for name, body in bodies.items():
        made = draft(reporter, ground, name, body) if ground.has(name) else None
        if made is not None:
            drafts[name] = made
    order, circles = ordered(
        {name: tuple(read if read in drafts else body_name(read) for read in one.reads) for name, one in drafts.items()}
    )
    for circle in circles:
        reporter.refuse_key("CR498", ("measures", body_name(circle[0])), circle=" → ".join((*circle, circle[0])))
    for name in order:
        for measure in _measures(context, drafts[name]):
            if check_expressions(reporter, measure):
                context.built[measure.name] = measure
    consequences = [build_consequence(context, name, body) for name, body in document.consequences.items()]
    checks = [build_check(context, name, body) for name, body in document.checks.items()]
    others = [one for one in (*consequences, *checks) if one is not None]
    for one in others:
        check_expressions(reporter, one)
    if report.failed:
        return None
    tables = {name: one for name, one in ground.tables.items() if one is not None}
    waits = waiting(context.built, others, ground.parameters, tables, document.readings)
    begins = document.in_force.from_
    return Plan(
        scheme=document.scheme,
        title=document.title,
        in_force_from=begins if isinstance(begins, dt.date) else None,
        in_force_until=document.in_force.until,
        rounding=document.rounding,
        periods=ground.periods,
        parameters=ground.parameters,
        tables=tables,
        kinds=ground.kinds,
        records=ground.records,
        measures={name: one for name, one in context.built.items() if one.path not in waits},
        consequences={one.name: one for one in consequences if one is not None and one.path not in waits},
        checks={one.name: one for one in checks if one is not None and one.path not in waits},
        withheld=tuple(Withheld(path.partition(".")[2], ", ".join(sorted(waits[path]))) for path in waits),
    )


def _ground(reporter: Reporter, bodies: Mapping[str, MeasureBody]) -> Ground:
    """What names can stand for; measures whose grain is in doubt are left out, after a complaint."""
    kinds = build_kinds(reporter)
    records, parameters = build_records(reporter, kinds), build_parameters(reporter)
    tables = build_tables(reporter, kinds)
    periods = build_periods(reporter, parameters)
    ground = Ground(periods, kinds, records, parameters, tables, {}, frozenset(), {})
    measures = reporter.loaded.document.measures
    sound = {name for name, body in measures.items() if known_grain(reporter, ground, ("measures", name), body.for_)}
    bodies = {name: body for name, body in bodies.items() if body_name(name) in sound}
    deadlines = frozenset(name for name, body in bodies.items() if isinstance(body, DeadlineBody))
    grains: dict[str, Grain] = {}
    applies: dict[str, str] = {}
    for name, body in bodies.items():
        parts = [f"{name}.{part}" for part in DEADLINE_PARTS] if name in deadlines else [name]
        grains |= dict.fromkeys(parts, body.for_)
        if body.applies is not None:
            applies |= dict.fromkeys(parts, body.applies)
    ranks = frozenset(name for name, body in bodies.items() if isinstance(body, RankBody))
    calendar = build_calendar(reporter)
    ground = Ground(periods, kinds, records, parameters, tables, grains, ranks, applies, calendar, deadlines)
    return replace(ground, leading=leading(ground, bodies), views={}, places={})


def _measures(context: Context, one: Draft) -> list[Measure]:
    """The measures of a draft: one, or the parts of a deadline; none where something is wrong."""
    under = context.under(one.parts.get("applies"))
    if under is None:
        return []
    if isinstance(one.body, DeadlineBody):
        return [*build_deadline(context, one, one.body, under)]
    measure = _measure(context, one, under)
    return [] if measure is None else [measure]


def _measure(context: Context, one: Draft, under: Under) -> Measure | None:
    """The measure of a draft, by its form."""
    match one.body:
        case FormulaBody() as body:
            return build_formula(context, one, body, under)
        case BandsBody() as body:
            return build_bands(context, one, body, under)
        case EffectiveBody() as body:
            return build_overridden(context, one, body, under)
        case ChooseBody() as body:
            return build_choice(context, one, body, under)
        case TiersBody() as body:
            return build_tiers(context, one, body, under)
        case WeightedBody() as body:
            return build_weighted(context, one, body, under)
        case RankBody() as body:
            return build_rank(context, one, body, under)
        case RunBody() as body:
            return build_run(context, one, body, under)
        case LedgerBody() as body:
            return build_ledger(context, one, body, under)
        case FoldBody() as body:
            return build_fold(context, one, body, under)
    return None
