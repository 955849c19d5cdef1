"""L32: a branch or a rule that can never be taken because of those before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.feel.tree import If, Lookup, Tree
from cityrules.feel.walk import children
from cityrules.lint.plan.asking import FALSE, HIT, MISSED, TRUE, Wanted
from cityrules.lint.plan.never import CODE as NEVER
from cityrules.lint.plan.subject import Subject
from cityrules.plan.model import Branch, Choice, Expr, Fold, Formula, Ledger, Measure, Overridden, Rule

CODE: Final = "L32"


def check(subject: Subject) -> None:
    for measure in subject.plan.measures.values():
        match measure:
            case Choice():
                _branches(subject, measure)
            case Overridden():
                _overrides(subject, measure)
            case Ledger():
                _first(subject, measure)
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


def _first(subject: Subject, ledger: Ledger) -> None:
    """Of a group of which the first hit counts, a rule whose hits are all hits of earlier ones, too."""
    for group, policy in ledger.groups.items():
        if policy != "first" or group in ledger.events:
            continue
        rules = [rule for rule in ledger.rules if (rule.group or "") == group]
        for number, rule in enumerate(rules):
            earlier = [one for one in rules[:number] if one.axis == rule.axis]
            # Where it is undecided whether an earlier one hits, nothing is.
            wanted: list[Wanted] = [(one.when.tree, MISSED) for one in earlier if one.when is not None]
            always = any(one.when is None for one in earlier)
            own: list[Wanted] = [(rule.when.tree, _hit(rule))] if rule.when is not None else []
            if earlier and (always or subject.never(*wanted, *own)) and not (own and subject.never(*own)):
                subject.tell(CODE, rule.path, found=rule.name, before=", ".join(one.name for one in earlier))


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
