"""From a checked document to its plan: names resolved, types and scales known, measures in order.

The passes: kinds, records and parameters; the grain of every measure; drafts (axes, and which measures each expression
reads); the order; then each measure in that order, so that the types of what it reads are known; consequences and
checks; magnitudes; what is withheld. All problems are found at once. Knows no engine.
"""

from __future__ import annotations

import datetime as dt

from cityrules.plan.bands import build_bands
from cityrules.plan.bench import Bench
from cityrules.plan.consequences import build_check, build_consequence
from cityrules.plan.desk import Desk, Loaded
from cityrules.plan.drafts import Draft, draft, known_grain
from cityrules.plan.folds import build_fold
from cityrules.plan.formulas import build_formula
from cityrules.plan.kinds import build_kinds
from cityrules.plan.ledgers import build_ledger
from cityrules.plan.magnitudes import check_expressions
from cityrules.plan.model import Measure, Plan, Withheld
from cityrules.plan.order import ordered
from cityrules.plan.parameters import build_parameters
from cityrules.plan.records import build_records
from cityrules.plan.standings import build_rank, build_run
from cityrules.plan.views import Ground
from cityrules.plan.withheld import waiting
from cityrules.scheme.document import BandsBody, FoldBody, FormulaBody, LedgerBody, RankBody, RunBody
from cityrules.text.diagnostic import Report


def build(loaded: Loaded, report: Report) -> Plan | None:
    """The plan of a document that passed the scheme room, or None when something is wrong; all of that is in `report`.

    Raises nothing, whatever such a document says.
    """
    desk = Desk(loaded, report)
    document = loaded.document
    ground = _ground(desk)
    bench = Bench(desk, ground, document.rounding)
    drafts = {}
    for name in ground.measures:
        made = draft(desk, ground, name, document.measures[name])
        if made is not None:
            drafts[name] = made
    order, circles = ordered({name: one.reads for name, one in drafts.items()})
    for circle in circles:
        desk.refuse_key("CR498", ("measures", circle[0]), circle=" → ".join((*circle, circle[0])))
    for name in order:
        measure = _measure(bench, drafts[name])
        if measure is not None and check_expressions(desk, measure):
            bench.built[name] = measure
    consequences = [build_consequence(bench, name, body) for name, body in document.consequences.items()]
    checks = [build_check(bench, name, body) for name, body in document.checks.items()]
    others = [one for one in (*consequences, *checks) if one is not None]
    for one in others:
        check_expressions(desk, one)
    if report.failed:
        return None
    waits = waiting(bench.built, others, ground.parameters, document.readings)
    begins = document.in_force.from_
    return Plan(
        scheme=document.scheme,
        title=document.title,
        in_force_from=begins if isinstance(begins, dt.date) else None,
        in_force_until=document.in_force.until,
        rounding=document.rounding,
        parameters=ground.parameters,
        kinds=ground.kinds,
        records=ground.records,
        measures={name: one for name, one in bench.built.items() if one.path not in waits},
        consequences={one.name: one for one in consequences if one is not None and one.path not in waits},
        checks={one.name: one for one in checks if one is not None and one.path not in waits},
        withheld=tuple(Withheld(path.partition(".")[2], ", ".join(sorted(waits[path]))) for path in waits),
    )


def _ground(desk: Desk) -> Ground:
    """What names can stand for; measures whose grain is in doubt are left out, after a complaint."""
    document = desk.loaded.document
    kinds = build_kinds(desk)
    ground = Ground(kinds, build_records(desk, kinds), build_parameters(desk), {}, frozenset(), {})
    grains = {
        name: body.for_
        for name, body in document.measures.items()
        if known_grain(desk, ground, ("measures", name), body.for_)
    }
    ranks = frozenset(name for name in grains if isinstance(document.measures[name], RankBody))
    applies = {name: text for name in grains if (text := document.measures[name].applies) is not None}
    return Ground(kinds, ground.records, ground.parameters, grains, ranks, applies)


def _measure(bench: Bench, one: Draft) -> Measure | None:
    """The measure of a draft, by its form."""
    under = bench.under(one.parts.get("applies"))
    if under is None:
        return None
    match one.body:
        case FormulaBody() as body:
            return build_formula(bench, one, body, under)
        case BandsBody() as body:
            return build_bands(bench, one, body, under)
        case RankBody() as body:
            return build_rank(bench, one, body, under)
        case RunBody() as body:
            return build_run(bench, one, body, under)
        case LedgerBody() as body:
            return build_ledger(bench, one, body, under)
        case FoldBody() as body:
            return build_fold(bench, one, body, under)
    return None
