"""The parts of a scheme that a case can exercise, each with its address in the document. Knows plans; runs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from cityrules.feel.tree import If, Lookup, Tree
from cityrules.feel.walk import children
from cityrules.plan.model import (
    Bands,
    Choice,
    Consequence,
    Deadline,
    Duty,
    Expr,
    Formula,
    Ledger,
    Measure,
    Overridden,
    Pauses,
    Plan,
)
from cityrules.plan.reading import expressions
from cityrules.plan.views import raw_of
from cityrules.scheme.notation import plain_number
from cityrules.testing.coverage.standing import words
from cityrules.text.source import Span

Sort = Literal[
    "rule", "band", "branch", "override", "then", "else", "step", "consequence", "check", "duty", "condition",
    "reading", "tier", "true", "false", "below", "equal", "above", "open", "overdue",
    "missing", "empty", "unknown", "absent", "paused", "ties", "together", "replaces", "new_year", "restarts",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """A rule, a band, a branch, ...: its `path` in the document, the measure or consequence it is of, and its name
    there. `mark`: by what a run shows that it was exercised. `span`: the characters that it is, where they are less
    than what stands at the path."""

    sort: Sort
    path: tuple[str, ...]
    owner: str
    name: str
    mark: str
    span: Span | None = None

    @property
    def address(self) -> str:
        return ".".join(self.path)

    @property
    def key(self) -> str:
        """Which part it is, as a person writes it: `measures.grade.at_least.90 above`; of several comparisons at one
        address with the words of each: `checks.enough.that paid >= 500 above`."""
        words = (self.name,) if f" {self.address}#" in self.mark else ()
        return " ".join((self.address, *words, self.sort))


def parts(plan: Plan) -> tuple[Part, ...]:
    """Every part of a plan, in the order in which it is computed; of a rule that is split in two, one."""
    found: dict[str, Part] = {}
    for part in _parts(plan):
        found.setdefault(part.address, part)
    return tuple(found.values())


def _parts(plan: Plan) -> Iterator[Part]:
    for record in plan.records.values():
        for condition in record.accepted_if:
            path = tuple(condition.path.split("."))
            yield Part("condition", path, record.name, condition.name, f"{record.name} {condition.address}")
    for one in plan.computed():
        yield from _of_consequence(one) if isinstance(one, Consequence) else _of_measure(one)
    for check in plan.checks.values():
        sort: Sort = "duty" if isinstance(check, Duty) else "check"
        yield Part(sort, tuple(check.path.split(".")), check.name, check.name, f"problem {check.name}")


def _of_consequence(one: Consequence) -> Iterator[Part]:
    path = tuple(one.path.split("."))
    if one.ladder is None:
        yield Part("consequence", path, one.name, one.name, f"row {one.name}")
    for step in one.steps:
        yield Part("step", (*path, "steps", step.name), one.name, step.name, f"row {one.name} {step.name}")
    yield from _ifs(one.name, expressions(one))


def place_of(measure: Measure) -> tuple[str, ...]:
    """Where a measure stands in the document; the raw value of one with overrides stands where that one does."""
    path = tuple(measure.path.split("."))
    return path[:-1] if "." in measure.name and raw_of(path[-2]) == measure.name else path


def _of_measure(measure: Measure) -> Iterator[Part]:
    path = place_of(measure)
    match measure:
        case Ledger():
            for rule in measure.rules:
                if not rule.name.endswith(")"):  # Those that stand for an item that does not apply are written nowhere.
                    yield Part("rule", tuple(rule.path.split(".")), measure.name, rule.name, _line(measure, rule.path))
        case Bands():
            for bound, result in measure.bounds:
                at = (*path, measure.word, bound.text)
                yield Part("band", at, measure.name, _shown(result), decided(bound.path))
            at = (*path, "otherwise")
            yield Part("band", at, measure.name, _shown(measure.otherwise), decided(f"{measure.path}.otherwise"))
        case Choice():
            for place, branch in enumerate(measure.branches):
                mark = leaf(measure.value, place)
                yield Part("branch", (*path, "choose", branch.name), measure.name, branch.name, mark)
            mark = leaf(measure.value, len(measure.branches))
            yield Part("branch", (*path, "otherwise"), measure.name, "otherwise", mark)
            return
        case Overridden():
            for place, branch in enumerate(measure.overrides):
                at = (*path, "overrides", branch.name)
                yield Part("override", at, measure.name, branch.name, leaf(measure.value, place))
            return
    # What is put together by a form has branches that nobody wrote.
    if type(measure) is Formula or not isinstance(measure, (Formula, Deadline, Pauses)):
        yield from _ifs(measure.name, expressions(measure))


def _line(ledger: Ledger, path: str) -> str:
    return f"line {ledger.name} {path}"


def _shown(result: object) -> str:
    return plain_number(result) if isinstance(result, Fraction) else str(result)


def decided(path: str) -> str:
    """What shows that what stands at a path was asked, and holds."""
    return f"decided {path}"


def leaf(expr: Expr, place: int) -> str:
    """What shows that a chain of conditions has come to its branch at a place."""
    return f"leaf {expr.path} {place}"


def side(expr: Expr, condition: Tree, holds: bool) -> str:
    """What shows that a condition inside an expression has held, or has not."""
    return f"side {expr.path} {condition.start} {condition.end} {holds}"


def written_ifs(tree: Tree) -> Iterator[If]:
    """The conditions that somebody wrote into an expression; those that a table stands for are not among them."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, If):
            yield node
        waiting.extend(() if isinstance(node, Lookup) else reversed(children(node)))


def _ifs(owner: str, exprs: Iterator[Expr]) -> Iterator[Part]:
    for expr in exprs:
        path = tuple(expr.path.split("."))
        for number, node in enumerate(written_ifs(expr.tree), 1):
            text, _ = words(expr, node.condition)
            for sort, holds in (("then", True), ("else", False)):
                name = sort if number == 1 else f"{sort}{number}"
                yield Part("then" if holds else "else", (*path, name), owner, text, side(expr, node.condition, holds))
