"""Why a consequence followed, or did not: condition or ladder, step, who decides, for how long, and the evidence."""

from __future__ import annotations

from fractions import Fraction

from cityrules.plan.model import ActPlan, Consequence
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, constant_text
from cityrules.results.why_ladders import standing, why_not
from cityrules.results.why_unknown import explain_unknown


def explain_consequence(trail: Trail, body: Consequence, here: Place) -> Explanation:
    """One line for each row of the consequence in this cell (or why nothing followed), and what it rests on."""
    rows = trail.reader.acts(body.name, here)
    heading = trail.heading_of(body, here)
    acts = [trail.act(row, *_terms(trail, _act(body, row["step"]), here)) for row in rows]
    if trail.reader.problem(body.name, here) is not None:
        acts += explain_unknown(trail, body, here)
    elif not acts:
        acts.append(line("nothing_follows", reason=_reason(trail, body, here)))
    basis = (
        *trail.condition(body.applies, here),
        *trail.condition(body.when, here),
        *_ladder(trail, body, here, {str(row["step"]) for row in rows}),
    )
    return line("consequence", *acts, *basis, **heading)


def _act(body: Consequence, step: object) -> ActPlan | None:
    return body.act or next((one.act for one in body.steps if one.name == step), None)


def _terms(trail: Trail, act: ActPlan | None, here: Place) -> tuple[Explanation, ...]:
    """How much it is and for how long, as the document says, with the names of that."""
    if act is None:
        return ()
    lines = []
    if act.amount is not None and (names := trail.names(act.amount, here)):
        lines.append(line("amount", *names, text=act.amount.text))
    if act.between is not None:
        least, most = act.between.least, act.between.most
        both = {name.values.get("name"): name for one in (least, most) for name in trail.names(one, here)}
        if both:
            lines.append(line("range", *both.values(), text=least.text, up_to=most.text))
    if act.lasts is not None:
        names = trail.names(act.starts, here) if act.stated else ()
        text = act.starts.text if act.starts is not None and act.stated else None
        lines.append(line("lasting", *names, lasts=act.lasts, text=text))
    if act.ends is not None:
        over, where = act.ends.axis.follows or act.ends.axis.record, act.ends.where
        told = where is not None and where.text != f"fired({over})"
        lines.append(line("lifted", over=over, where=where.text if where is not None and told else None))
    if act.within is not None:
        lines.append(line("carried_out", lasts=act.within))
    return tuple(lines)


def _reason(trail: Trail, body: Consequence, here: Place) -> str | None:
    """Why nothing followed."""
    if body.applies is not None and trail.evaluate(body.applies.tree, here) is not True:
        return "applies"
    if body.when is None:
        return "ladder"
    return "unknown" if trail.evaluate(body.when.tree, here) is None else "condition"


def _ladder(trail: Trail, body: Consequence, here: Place, steps: set[str]) -> tuple[Explanation, ...]:
    """Where the ladder stands, its steps from mild to grave with their bounds, those that fired marked and the others
    with the reason, and the measure that is climbed."""
    if body.ladder is None:
        return ()
    state = standing(trail, body, here)
    lines = []
    for step in body.steps:
        bound = trail.evaluate(step.bound.tree, here) if step.bound else None
        number = bound if isinstance(bound, (int, Fraction)) else None
        names = trail.names(step.bound, here) if step.bound else trail.condition(step.when, here)
        fired = step.name in steps
        lines.append(
            line(
                "fired_step" if fired else "step",
                *names,
                step=step.name,
                trigger=step.trigger,
                bound=constant_text(number),
                why=None if fired else why_not(body, step, state),
                **_what(step.act),
            )
        )
    head = line(
        "ladder",
        *lines,
        measure=body.ladder,
        level=constant_text(state.climbed.level if state.climbed is not None else None),
        since=trail.reader.period_name(state.since) if state.since is not None and state.since != here else None,
        restart_after=body.restart_after,
        together=body.together,
    )
    return (head, trail.cell(body.ladder, trail.reader.place_at(body.ladder, here)))


def _what(act: ActPlan) -> dict[str, object]:
    return {
        "act": act.do or " / ".join(act.options),
        "clause": act.clause,
        "decided_by": "; ".join(act.decided_by) or None,
    }
