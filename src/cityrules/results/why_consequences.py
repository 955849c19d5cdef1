"""Why a consequence followed, or did not: condition or ladder, step, who decides, and the evidence."""

from __future__ import annotations

from fractions import Fraction

from cityrules.plan.model import ActPlan, Consequence
from cityrules.results.explanation import Explanation, line
from cityrules.results.reading import Place
from cityrules.results.trail import Trail, act_line, constant_text, texts


def explain_consequence(trail: Trail, body: Consequence, here: Place) -> Explanation:
    """One line for each row of the consequence in this cell (or that nothing followed), and what it rests on."""
    label = body.label if body.label != body.name else None
    rows = trail.reader.acts(body.name, here)
    where: dict[str, object] = {"target": here.target or None, "period": trail.reader.period_name(here)}
    if here.of_record:
        where = {"record_kind": here.kind, "record": here.target}
    acts = tuple(act_line(row) for row in rows)
    problem = _problem(trail, body, here)
    basis = (
        *trail.condition(body.applies, here),
        *trail.condition(body.when, here),
        *_ladder(trail, body, here, {str(row["step"]) for row in rows}),
    )
    if not acts and problem is None:
        acts = (line("nothing_follows"),)
    elif problem is not None:
        acts = (*acts, problem)
    return line("consequence", *acts, *basis, consequence=body.name, label=label, clause=body.clause or None, **where)


def _ladder(trail: Trail, body: Consequence, here: Place, steps: set[str]) -> tuple[Explanation, ...]:
    """The steps from mild to grave with their bounds, those that fired marked, and the measure that is climbed."""
    if body.ladder is None:
        return ()
    lines = []
    for step in body.steps:
        bound = trail.evaluate(step.bound.tree, here) if step.bound else None
        names = trail.names(step.bound, here) if step.bound else trail.condition(step.when, here)
        lines.append(
            line(
                "fired_step" if step.name in steps else "step",
                *names,
                step=step.name,
                trigger=step.trigger,
                bound=constant_text(bound) if isinstance(bound, (int, Fraction)) else None,
                **_what(step.act),
            )
        )
    place = trail.reader.place_at(body.ladder, here)
    head = line("ladder", *lines, measure=body.ladder, restart_after=body.restart_after, together=body.together)
    return (head, trail.cell(body.ladder, place))


def _what(act: ActPlan) -> dict[str, object]:
    return {"act": act.do, "clause": act.clause, "decided_by": "; ".join(act.decided_by) or None}


def _problem(trail: Trail, body: Consequence, here: Place) -> Explanation | None:
    row = trail.cells.row(
        "problems", name=body.name, **(
            {"record_kind": here.kind, "record": here.target}
            if here.of_record
            else {"target_kind": here.kind, "target": here.target, "period": trail.reader.period_name(here)}
        ),
    )  # fmt: skip
    return line("undetermined", **texts(row, "cause", "detail")) if row else None
