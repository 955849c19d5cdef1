"""What consequences leave behind for others to read: their rows as records, and where they followed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from cityrules.engines.base import check_number
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.columns import stored_type
from cityrules.engines.sql.dialect import BIG, INT
from cityrules.engines.sql.outputs import Terms, term_type, text_or_null
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.world import BAD, Followed, Records, World
from cityrules.plan.followings import DATE, LEVEL, PERIOD, STEP, TERMS
from cityrules.plan.model import ActPlan, Consequence
from cityrules.plan.views import WHOLE
from cityrules.results.format import number_scale
from cityrules.scheme.notation import parts_of


def fact(
    world: World,
    consequence: Consequence,
    relation: str,
    terms: Terms | None,
    *,
    act: ActPlan | None = None,
    where: E | None = None,
    step: str | None = None,
    level: E | None = None,
) -> exp.Query:
    """Rows of one consequence out of a relation with `t`, `p` and `date`. `terms` None: it is not known what followed
    there."""
    nothing = sql.null()
    columns: dict[str, E] = dict.fromkeys(TERMS, nothing)
    if terms is not None and act is not None:
        fields = world.plan.rows[consequence.name].fields
        scales = {name: fields[name].scale - number_scale(expr.type) for name, expr in act.terms.items()}
        for name, column in terms.items():
            more = scales.get(name, 0)
            columns[name] = sql.mul(column, sql.number(10**more)) if more else column
    outputs: dict[str, E] = {
        "t": sql.column("t"),
        "p": sql.column("p"),
        DATE: sql.cast(sql.column("date"), INT),
        STEP: text_or_null(step),
        LEVEL: sql.cast(level if level is not None else nothing, BIG),
        **{name: sql.cast(column, term_type(name)) for name, column in columns.items()},
        BAD: sql.truth(terms is None),
    }
    return sql.select(outputs, sql.table(relation), where)


def note_followed(world: World, consequence: Consequence, facts: Sequence[exp.Query]) -> None:
    """Keep the rows of a consequence of cells for those who read them or run over them."""
    world.left[consequence.name] = lambda own: _left(own, consequence, facts)


def _left(world: World, consequence: Consequence, facts: Sequence[exp.Query]) -> tuple[Followed, Records]:
    name = consequence.name
    relation = world.session.table(sql.union(facts), "facts")
    kind, grain = world.plan.rows[name], consequence.grain
    check_number(name, world.session.count(relation), of_targets=False)
    t = sql.column("t")
    values: dict[str, E] = {name: sql.column(name) for name in (DATE, STEP, LEVEL, *TERMS)}
    if grain.period is not None:
        values[PERIOD] = periods.name(world.periods[grain.period], sql.column("p"))
    parts = parts_of(grain.kind) if grain.kind != WHOLE else ()
    values |= {part: dialect.name_part(t, place) if len(parts) > 1 else t for place, part in enumerate(parts)}
    fields = {field: f"f{place}" for place, field in enumerate(kind.fields)}
    outputs: dict[str, E] = {"o": sql.window(sql.call("row_number"), (), ()), "t": t, "p": sql.column("p")}
    outputs |= {fields[field]: sql.cast(values[field], stored_type(kind.fields[field])) for field in fields}
    outputs[BAD] = sql.column(BAD)
    rows = world.session.table(sql.select(outputs, sql.table(relation)), "rows")
    return _by_cell(world, consequence, relation), Records(kind, rows, fields)


def _by_cell(world: World, consequence: Consequence, relation: str) -> Followed:
    """One row for each cell in which anything followed, or may have."""
    sure = sql.not_(sql.column(BAD))
    steps: dict[str | None, str] = {None: "v"} | {step.name: f"s{n}" for n, step in enumerate(consequence.steps)}
    outputs: dict[str, E] = {name: sql.column(name) for name in ("t", "p")}
    for step, column in steps.items():
        of_step = sure if step is None else sql.both(sure, sql.equals(sql.column(STEP), sql.text(step)))
        outputs[column] = dialect.any_true(of_step)
    outputs[BAD] = dialect.any_true(sql.column(BAD))
    query = sql.select(outputs, sql.table(relation), None, [sql.column("t"), sql.column("p")])
    return Followed(world.session.table(query, "followed"), steps, relation)
