"""What a run of the reference engine has come by: which branches it took, which rules hit, what followed.

Branches are seen where the engine evaluates an expression, with the engine's own values and evaluator; everything else
stands in the result tables. Nothing here knows what a rule means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cityrules.engines.base import Outcome
from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Binding, If, Lookup, Tree, Value
from cityrules.feel.walk import children
from cityrules.io.grammar import NOT_MET
from cityrules.plan.model import Expr, Ledger, Plan
from cityrules.results.tables import Cell
from cityrules.testing.coverage.parts import decided, leaf, side

Read = Callable[[Binding], Value]


class Trace:
    """Watches an engine (`PythonEngine(trace)`) and collects the marks of what it has come by."""

    def __init__(self) -> None:
        self.marks: set[str] = set()
        self._plain: dict[int, tuple[Expr, bool]] = {}

    def __call__(self, expr: Expr, read: Read) -> None:
        # By identity, since expressions are large to compare; each is kept, so that no other takes its place.
        known = self._plain.get(id(expr))
        if known is None:
            known = self._plain[id(expr)] = expr, not _has_if(expr.tree)
        if known[1]:
            return
        self._chain(expr, read)
        self._sides(expr, expr.tree, read)

    def _chain(self, expr: Expr, read: Read) -> None:
        tree, place = expr.tree, 0
        while isinstance(tree, If):
            holds = _holds(tree.condition, read)
            if holds is None:
                return
            if holds:
                break
            tree, place = tree.otherwise, place + 1
        self.marks.add(leaf(expr, place))

    def _sides(self, expr: Expr, tree: Tree, read: Read) -> None:
        """Only what is come to: a branch that is not taken decides nothing."""
        if isinstance(tree, Lookup):
            return
        if not isinstance(tree, If):
            for part in children(tree):
                self._sides(expr, part, read)
            return
        self._sides(expr, tree.condition, read)
        holds = _holds(tree.condition, read)
        if holds is not None:
            self.marks.add(side(expr, tree.condition, holds))
            self._sides(expr, tree.then if holds else tree.otherwise, read)

    def compared(self, path: str, value: Value, bound: Value) -> None:
        """Of no interest here."""

    def decided(self, path: str) -> None:
        self.marks.add(decided(path))

    def note(self, plan: Plan, outcome: Outcome) -> None:
        """Add what the result tables of a run show."""
        self.marks.update(_of_tables(plan, outcome))


def _has_if(tree: Tree) -> bool:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, If):
            return True
        waiting.extend(() if isinstance(node, Lookup) else children(node))
    return False


def _holds(condition: Tree, read: Read) -> bool | None:
    try:
        value = evaluate(condition, read)
    except EvaluationError:
        return None
    return value if isinstance(value, bool) else None


def _of_tables(plan: Plan, outcome: Outcome) -> Iterator[str]:
    paths = {
        (name, rule.name): rule.path
        for name, one in plan.measures.items()
        if isinstance(one, Ledger)
        for rule in one.rules
    }
    for row in rows(outcome, "ledger"):
        if path := paths.get((str(row["measure"]), str(row["rule"]))):
            yield f"line {row['measure']} {path}"
    for row in rows(outcome, "consequences"):
        yield f"row {row['consequence']}"
        yield f"row {row['consequence']} {row['step']}"
    for row in rows(outcome, "problems"):
        if row["cause"] in ("check", "missed"):
            yield f"problem {row['name']}"
    for row in rows(outcome, "rejects"):
        for reason in str(row["reasons"]).split("; "):
            address, _, code = reason.rpartition(": ")
            if code == NOT_MET:  # One that cannot be worked out has judged nothing.
                yield f"{row['kind']} {address}"


def rows(outcome: Outcome, table: str) -> Iterator[Mapping[str, Cell]]:
    """The rows of a result table by column."""
    found = outcome.tables[table]
    return (dict(zip(found.shape.names, row, strict=True)) for row in found.rows())
