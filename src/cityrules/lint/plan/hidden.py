"""L32: a branch or a rule that can never be taken because of those before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.feel.tree import If, Lookup, Tree
from cityrules.feel.walk import children
from cityrules.lint.plan.never import CODE as NEVER
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Branch, Choice, Expr, Fold, Formula, Ledger, Measure, Overridden, Rule
from cityrules.solve.asking import FALSE, HIT, MISSED, TRUE, Wanted
from cityrules.solve.conditions import always, both, compared

CODE: Final = "L32"


def check(subject: Subject) -> None:
    for measure in subject.plan.measures.values():
        match measure:
            case Choice():
                _branches(subject, measure)
            case Overridden():
                _overrides(subject, measure)
            case Ledger():
                _rules(subject, measure)
        for expr in _expressions(measure):
            for part, before in _ifs(expr.tree, ()):
                text = expr.text[part.start : part.end]
                if text and subject.never(*before):
                    subject.tell(CODE, expr.path, found=text, before=expr.text)


def _branches(subject: Subject, measure: Choice) -> None:
    before: list[Wanted] = []
    for branch in measure.branches:
        address = f"{measure.path}.choose.{branch.name}"
        _look(subject, address, branch, [*before, (branch.when.tree, TRUE)], measure.branches)
        before.append((branch.when.tree, FALSE))
    if subject.never(*before):
        otherwise = f"{measure.path}.otherwise"
        subject.tell(CODE, otherwise, found=measure.otherwise.text, before=_names(measure.branches))


def _overrides(subject: Subject, measure: Overridden) -> None:
    before: list[Wanted] = []
    for branch, counts in zip(measure.overrides, measure.unknown, strict=True):
        hit = HIT if counts else TRUE
        address = f"{measure.path}.overrides.{branch.name}"
        _look(subject, address, branch, [*before, (branch.when.tree, hit)], measure.overrides)
        before.append((branch.when.tree, FALSE if counts else MISSED))


def _look(subject: Subject, address: str, branch: Branch, wanted: list[Wanted], branches: tuple[Branch, ...]) -> None:
    """Tell what can never be reached, and whether that lies in its own condition."""
    if not subject.never(*wanted):
        return
    if subject.never(wanted[-1]):
        subject.tell(NEVER, address, why_type="plan_never_chosen", found=branch.when.text)
    else:
        subject.tell(CODE, address, found=branch.name, before=_names(branches[: branches.index(branch)]))


def _rules(subject: Subject, ledger: Ledger) -> None:
    """A rule that never counts, for wherever it hits another one of its group hits that counts instead."""
    replaced = {name for rule in ledger.rules for name in rule.replaces}
    for number, rule in enumerate(ledger.rules):
        missed: list[Wanted] = []
        stronger = []
        for place, one in enumerate(ledger.rules):
            if one is rule or one.axis != rule.axis or one.group != rule.group:
                continue
            # What is replaced itself still replaces, but stands back in its group.
            within = rule.name in one.replaces or one.name not in replaced
            beats = _beats(ledger, one, rule, earlier=place < number) if within else None
            if beats is not None:
                stronger.append(one.name)
                missed.append((beats, FALSE if one.unknown == "yes" else MISSED))
        own: list[Wanted] = [(rule.when.tree, _hit(rule))] if rule.when is not None else []
        if stronger and subject.never(*missed, *own) and not subject.never(*own):
            subject.tell(CODE, rule.path, found=rule.name, before=", ".join(stronger))


def _beats(ledger: Ledger, one: Rule, other: Rule, *, earlier: bool) -> Tree | None:
    """The condition under which one rule counts instead of another that hits the same element; None where it never
    does."""
    hits = one.when.tree if one.when is not None else always()
    policy = ledger.groups.get(other.group or "", "all")
    if other.name in one.replaces or (policy == "first" and earlier):
        return hits
    if policy != "highest" or one.times is not None or other.times is not None:
        return None
    return both(hits, compared(">=" if earlier else ">", one.points.tree, other.points.tree))


def _hit(rule: Rule) -> frozenset[bool | None]:
    return HIT if rule.unknown == "yes" else TRUE


def _names(branches: tuple[Branch, ...]) -> str:
    return ", ".join(branch.name for branch in branches)


def _expressions(measure: Measure) -> Iterator[Expr]:
    """What is written as an expression, where an `if` can stand in it."""
    if type(measure) is Formula:
        yield measure.value
    if isinstance(measure, Choice):
        yield from (branch.give for branch in measure.branches)
        yield measure.otherwise
    if isinstance(measure, Fold) and measure.value is not None:
        yield measure.value
    if isinstance(measure, Ledger):
        for rule in measure.rules:
            yield rule.points
            if rule.times is not None:
                yield rule.times


def _ifs(tree: Tree, before: tuple[Wanted, ...]) -> Iterator[tuple[Tree, tuple[Wanted, ...]]]:
    """Each branch of an `if`, with what holds where it is reached. A look-up is made of comparisons nobody has
    written."""
    if isinstance(tree, Lookup):
        return
    if not isinstance(tree, If):
        for part in children(tree):
            yield from _ifs(part, before)
        return
    yield from _ifs(tree.condition, before)
    for part, truth in ((tree.then, TRUE), (tree.otherwise, FALSE)):
        inside = (*before, (tree.condition, truth))
        yield part, inside
        yield from _ifs(part, inside)
