"""Why a cell has its part of a total: the exact part, what rounding it down leaves, and where that goes."""

from __future__ import annotations

from fractions import Fraction

from cityrules.plan.model import Share
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, constant_text, exact_text
from cityrules.scheme.notation import plain_number


def explain_share(trail: Trail, share: Share, here: Place) -> tuple[Explanation, ...]:
    """The total, the cell's part of it before rounding, and whether a step of what remains came here."""
    rows = trail.cells.rows(
        "inputs", target_kind=here.kind, target=here.target, period=trail.reader.period_name(here), measure=share.name
    )
    found = {str(row["input"]): row["value"] for row in rows}
    read = tuple(part for expr in (share.total, share.weight) for part in trail.names(expr, here))
    if not found:
        return read
    total, own, weights = (found[name] for name in ("total", "weight", "weights"))
    head = line(
        "share",
        text=share.total.text,
        total=total,
        weight=share.weight.text,
        own=own,
        weights=weights if own is not None else None,
        among=", ".join(expr.text for expr in share.among) or None,
        step=plain_number(share.step),
    )
    return (head, *_steps(trail, share, here, total, own, weights), *read)


def _steps(
    trail: Trail, share: Share, here: Place, total: object, own: object, weights: object
) -> tuple[Explanation, ...]:
    """How the part came about, from what `inputs` tells."""
    value = trail.reader.measured(share.name, here)
    if own is None:
        return (line("share_missing", weight=share.weight.text),)
    if Fraction(str(weights)) == 0:
        return (line("share_of_none", weight=share.weight.text, value=constant_text(value, share.type)),)
    exact = Fraction(str(total)) * Fraction(str(own)) / Fraction(str(weights))
    steps = abs(exact) / share.step
    down = Fraction((-1 if exact < 0 else 1) * (steps.numerator // steps.denominator)) * share.step
    told = {"total": total, "own": own, "weights": weights, "exact": exact_text(exact)}
    if down == exact:
        return (line("share_exact", **told),)
    orders = ", ".join(f"{'high' if high else 'low'} {expr.text}" for expr, high in share.order)
    more = isinstance(value, (int, Fraction)) and abs(Fraction(value)) > abs(down)
    last = line("share_more", value=constant_text(value, share.type)) if more else line("share_no_more")
    return (
        line("share_exact", **told, down=constant_text(down, share.type)),
        line("share_order", orders=orders or None),
        last,
    )
