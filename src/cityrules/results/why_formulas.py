"""Why a formula has its value: its text and names, or the branch, tiers or weighted elements that it is short for."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from cityrules.plan.model import Branch, Choice, Expr, Formula, Overridden, Tiers, Weighted
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, constant_text, exact_text, rounding

Lines = tuple[Explanation, ...]


def explain_formula(trail: Trail, base: Formula, here: Place) -> Lines:
    """What the value is made of, and how it came from it: divisor of zero, stand-in, rounding."""
    value = (trail.reader.row(base.name, here) or {}).get("value")
    head = _made_of(trail, base, here)
    for guard in base.value.guards:
        if trail.evaluate(guard, here) == 0:
            shown = constant_text(base.empty.value, base.type) if base.empty else None
            text = base.value.text[guard.start : guard.end]
            return (*head, line("zero_divisor", text=text, value=shown))
    exact = trail.evaluate(base.value.tree, here)
    if isinstance(exact, (bool, str)):
        return head
    if exact is None and value is not None and base.missing is not None:
        return (*head, line("stand_in", value=value))
    rounded = isinstance(exact, (int, Fraction)) and value is not None and Fraction(str(value)) != exact
    return (*head, *rounding(base, exact if rounded or base.round else None, value))


def _made_of(trail: Trail, base: Formula, here: Place) -> Lines:
    match base:
        case Choice():
            return explain_branches(trail, base.branches, base.otherwise, here)
        case Overridden():
            return tuple(_overridden(trail, base, here))
        case Tiers():
            return tuple(_tiers(trail, base, here))
        case Weighted():
            return tuple(_elements(trail, base, here))
        case _:
            return (line("formula", *trail.names(base.value, here), text=base.value.text),)


def explain_branches(trail: Trail, branches: tuple[Branch, ...], otherwise: Expr, here: Place) -> Lines:
    """The branches that were passed, and the one that holds (or that nobody can tell), with what they read."""
    passed: list[Explanation] = []
    for branch in branches:
        holds = trail.evaluate(branch.when.tree, here)
        told: dict[str, object] = {"name": branch.name, "text": branch.when.text, "clause": branch.clause}
        told["label"] = branch.label
        if holds is False:
            passed.append(line("branch_passed", **told))
            continue
        names = (*trail.names(branch.when, here), *trail.names(branch.give, here))
        kind = "branch" if holds else "branch_unknown"
        return (*passed, line(kind, *names, give=branch.give.text, **told))
    return (*passed, line("branch_otherwise", *trail.names(otherwise, here), give=otherwise.text))


def _overridden(trail: Trail, base: Overridden, here: Place) -> Iterator[Explanation]:
    """The override that holds, if one does, and the raw value beside it."""
    for branch, unknown in zip(base.overrides, base.unknown, strict=True):
        holds = trail.evaluate(branch.when.tree, here)
        told: dict[str, object] = {"name": branch.name, "text": branch.when.text, "clause": branch.clause}
        told["label"] = branch.label
        if holds is True or (holds is None and unknown):
            names = (*trail.names(branch.when, here), *trail.names(branch.give, here))
            yield line("override", *names, give=branch.give.text, **told)
            break
        yield line("branch_passed", **told)
    yield trail.cell(base.raw, here)


def _tiers(trail: Trail, base: Tiers, here: Place) -> Iterator[Explanation]:
    """The number, and what each tier that it comes to adds; of rates on the whole only the one tier."""
    number = trail.evaluate(base.number.tree, here)
    shown = constant_text(number, base.number.type)
    yield line("tiers", *trail.names(base.number, here), text=base.number.text, value=shown, apply=base.apply)
    if not isinstance(number, (int, Fraction)):
        return
    below = Fraction(0)
    for tier in base.tiers:
        bound = trail.evaluate(tier.bound.tree, here) if tier.bound is not None else None
        at = Fraction(bound) if isinstance(bound, (int, Fraction)) else None
        within = at is None or number <= at
        part = Fraction(number) - below if within or at is None else at - below
        if base.apply == "marginal" or within:
            amount = Fraction(number) if base.apply == "whole" else part
            rate = tier.rate.text
            yield line(
                "tier", *trail.names(tier.rate, here), part=exact_text(amount), rate=rate, bound=constant_text(at)
            )
        if within:
            return
        below = at or below


def _elements(trail: Trail, base: Weighted, here: Place) -> Iterator[Explanation]:
    """Each value with its weight; what was missing, and what stands for it."""
    for element in base.elements:
        value = trail.evaluate(element.value.tree, here)
        state = None
        if value is None:
            value = base.instead.value if base.instead else None
            state = "missing" if value is None else "replaced"
        yield line(
            "weighted",
            *trail.names(element.value, here),
            *trail.names(element.weight, here),
            name=element.name,
            value=constant_text(value, element.value.type),
            weight=element.weight.text,
            state=state,
        )
    if base.rescales:
        there = [element for element in base.elements if trail.evaluate(element.value.tree, here) is not None]
        if len(there) < len(base.elements):
            yield line("rescaled", text=" + ".join(element.weight.text for element in there) or "0")
