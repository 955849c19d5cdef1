"""From a checked document to its plan: names resolved, types and scales known, measures in order.

The passes: kinds, records and parameters; the grain of every measure; drafts (axes, and which measures each expression
reads); the order of measures and consequences; then each in that order, so that the types of what it reads are known;
checks; magnitudes; what is withheld. All problems are found at once. Knows no engine.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from cityrules.plan.accepting import build_conditions
from cityrules.plan.acts import ActDraft, draft_consequence
from cityrules.plan.bands import build_bands
from cityrules.plan.calendars import build_calendar
from cityrules.plan.choices import build_choice
from cityrules.plan.consequences import build_check, build_consequence
from cityrules.plan.constants import judge
from cityrules.plan.context import Context, Under
from cityrules.plan.deadlines import build_deadline
from cityrules.plan.drafting import draft
from cityrules.plan.drafts import Draft, EffectiveBody, known_grain
from cityrules.plan.duties import build_duty
from cityrules.plan.folds import build_fold
from cityrules.plan.followings import build_followings
from cityrules.plan.formulas import build_formula
from cityrules.plan.kinds import build_kinds, with_stated
from cityrules.plan.leading import leading
from cityrules.plan.ledgers import build_ledger
from cityrules.plan.magnitudes import check_expressions
from cityrules.plan.model import DEADLINE_PARTS, Check, Consequence, Fold, Formula, Measure, Plan, Withheld
from cityrules.plan.order import ordered
from cityrules.plan.overrides import build_overridden, with_raw
from cityrules.plan.parameters import build_parameters
from cityrules.plan.periods import build_periods
from cityrules.plan.precedence import check_used_events
from cityrules.plan.quotients import halved, stays_exact
from cityrules.plan.records import build_records
from cityrules.plan.references import as_used
from cityrules.plan.reporting import Loaded, Reporter
from cityrules.plan.shares import build_share
from cityrules.plan.standings import build_rank, build_run
from cityrules.plan.tables import build_tables
from cityrules.plan.tiers import build_tiers
from cityrules.plan.views import Ground, body_name, halves_of
from cityrules.plan.weights import build_weighted
from cityrules.plan.withheld import settled, waiting
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
    ShareBody,
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
    acts = {
        name: draft_consequence(reporter, ground, name, body)
        for name, body in document.consequences.items()
        if name in ground.following
    }
    computed = _compute(context, drafts, acts)
    tried = [
        build_check(context, name, body) if body.every is None else build_duty(context, name, body)
        for name, body in document.checks.items()
    ]
    checks = [check for check in tried if check is not None]
    conditions = build_conditions(context)
    for check in checks:
        check_expressions(reporter, check)
    if report.failed:
        return None
    check_used_events(reporter, ground.records, context.built.values())
    tables = {name: one for name, one in ground.tables.items() if one is not None}
    asked = [condition for found in conditions.values() for condition in found]
    waits = waiting(computed, checks, asked, ground.parameters, tables, document.readings)
    sure = {one.name: one for one in computed if one.path not in waits}
    stated = {check.name for check in checks if isinstance(check, Check) and document.checks[check.name].for_ is None}
    for check in checks:
        if isinstance(check, Check) and check.name in stated and check.path not in waits:
            judge(reporter, check, ground.parameters)
    if report.failed:
        return None
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
        records=as_used(ground.records, settled(conditions, ground.parameters, tables), [*computed, *checks]),
        measures={name: one for name, one in sure.items() if not isinstance(one, Consequence)},
        consequences={name: one for name in acts if isinstance(one := sure.get(name), Consequence)},
        checks={one.name: one for one in checks if one.path not in waits and one.name not in stated},
        withheld=tuple(
            Withheld(node.path.partition(".")[2], ", ".join(sorted(waits[node.path])), node.clause)
            for node in (*computed, *checks)
            if node.path in waits
        ),
        rows={name: one.rows for name, one in ground.following.items() if one.rows is not None and name in sure},
        order=tuple(sure),
    )


def _compute(
    context: Context, drafts: Mapping[str, Draft], acts: Mapping[str, ActDraft]
) -> list[Measure | Consequence]:
    """Measures and consequences, each behind what it reads, after complaints about circles."""
    reads = {name: one.reads for name, one in drafts.items()} | {name: one.reads for name, one in acts.items()}
    reads = {name: tuple(one if one in reads else body_name(one) for one in named) for name, named in reads.items()}
    order, circles = ordered(reads)
    for circle in circles:
        section = "consequences" if circle[0] in acts else "measures"
        context.reporter.refuse_key("CR498", (section, body_name(circle[0])), circle=" → ".join((*circle, circle[0])))
    computed: list[Measure | Consequence] = []
    for name in order:
        if name in acts:
            followed = build_consequence(context, acts[name])
            if followed is not None and check_expressions(context.reporter, followed):
                context.followed[name] = followed
                computed.append(followed)
            continue
        for measure in _measures(context, drafts[name]):
            if check_expressions(context.reporter, measure):
                context.built[measure.name] = measure
                computed.append(measure)
    return computed


def _ground(reporter: Reporter, bodies: Mapping[str, MeasureBody]) -> Ground:
    """What names can stand for; measures whose grain is in doubt are left out, after a complaint."""
    kinds = build_kinds(reporter)
    records, parameters = build_records(reporter, kinds), build_parameters(reporter)
    tables = build_tables(reporter, kinds)
    kinds = with_stated(reporter.loaded.document, kinds, tables)
    periods = build_periods(reporter, parameters, kinds)
    # What is wrong with a kind of period that is not there has been said.
    there = {None, *periods}
    records = {name: one for name, one in records.items() if one.one_per is None or one.one_per.period in there}
    ground = Ground(periods, kinds, records, parameters, tables, {}, frozenset(), {})
    for name, record in records.items():
        if record.one_per is not None and (whose := ground.whose(record.one_per.period)) is not None:
            values = {"found": f"one_per: {record.one_per}", "period": record.one_per.period, "kind": whose}
            reporter.refuse("CR971", ("records", name, "one_per"), **values)
    measures = reporter.loaded.document.measures
    sound = {name for name, body in measures.items() if known_grain(reporter, ground, ("measures", name), body.for_)}
    bodies = {name: body for name, body in bodies.items() if body_name(name) in sound}
    deadlines = frozenset(name for name, body in bodies.items() if isinstance(body, DeadlineBody))
    grains: dict[str, Grain] = {}
    applies: dict[str, str] = {}
    for name, body in bodies.items():
        parts = [f"{name}.{part}" for part in DEADLINE_PARTS] if name in deadlines else [name]
        if stays_exact(body, records):
            parts += halves_of(name)
        grains |= dict.fromkeys(parts, body.for_)
        if body.applies is not None:
            applies |= dict.fromkeys(parts, body.applies)
    ranks = frozenset(name for name, body in bodies.items() if isinstance(body, RankBody))
    calendar = build_calendar(reporter)
    ground = Ground(periods, kinds, records, parameters, tables, grains, ranks, applies, calendar, deadlines)
    ground = replace(ground, following=build_followings(reporter, ground))
    document = reporter.loaded.document
    acts = [act for one in document.consequences.values() for act in (one, *(one.steps or {}).values())]
    ways = [one.via for one in document.checks.values()] + [act.ends.via for act in acts if act.ends is not None]
    return replace(ground, leading=leading(ground, bodies, ways), views={}, places={})


def _measures(context: Context, one: Draft) -> list[Measure]:
    """The measures of a draft: one, or the parts of a deadline; none where something is wrong."""
    under = context.under(one.parts.get("applies"))
    if under is None:
        return []
    if isinstance(one.body, DeadlineBody):
        return [*build_deadline(context, one, one.body, under)]
    measure = _measure(context, one, under)
    if isinstance(measure, (Fold, Formula)) and stays_exact(one.body, context.ground.records):
        return halved(context, one, measure)
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
        case ShareBody() as body:
            return build_share(context, one, body, under)
        case RunBody() as body:
            return build_run(context, one, body, under)
        case LedgerBody() as body:
            return build_ledger(context, one, body, under)
        case FoldBody() as body:
            return build_fold(context, one, body, under)
    return None
