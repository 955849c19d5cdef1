"""The way in: from the text of an expression to its typed tree, or to diagnostics that say what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cityrules.feel import ast
from cityrules.feel.checker import Checker
from cityrules.feel.complaints import Complaints, Locate, nowhere
from cityrules.feel.facts import Facts, when_true
from cityrules.feel.kinds import term
from cityrules.feel.parser import parse
from cityrules.feel.scope import Env, Scope
from cityrules.feel.stream import MOST_DEPTH
from cityrules.feel.tree import Binding, Tree
from cityrules.feel.types import Duration, Flag
from cityrules.feel.walk import children
from cityrules.text.diagnostic import Report

Wanted = Literal["any", "condition", "number", "text", "flag", "date", "datetime", "duration"]


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the place of an expression asks of it.

    `of`: "condition" is a flag for which a missing operand makes a comparison unknown; everywhere else `=` compares
    missing values like others. `guards`: a divisor that may be zero (and is never negative) is handed back to be
    guarded, instead of being refused.
    """

    of: Wanted = "any"
    guards: bool = False


ANY = Expectation()
CONDITION = Expectation("condition")


@dataclass(frozen=True, slots=True)
class Checked:
    """A typed tree, the divisors to guard (evaluated whatever the data), and the names a true condition proves present.

    Of a condition, `tree.type.optional` says that it can be unknown.
    """

    tree: Tree
    divisors: tuple[Tree, ...] = ()
    proves: frozenset[Binding] = frozenset()


def check(
    text: str,
    scope: Scope,
    report: Report,
    *,
    locate: Locate = nowhere,
    path: str = "",
    expect: Expectation = ANY,
    present: frozenset[Binding] = frozenset(),
    syntax: ast.Expr | None = None,
) -> Checked | None:
    """The checked expression, or None when something is wrong with it; all of that is then in `report`.

    `locate` maps characters of `text` to their place in the document. `present` names what is known not to be missing
    here. `syntax` is what `parse` has made of `text`, for a caller who has it. Raises nothing, whatever the text.
    """
    complaints = Complaints(report, text, locate, path)
    syntax = parse(text, complaints) if syntax is None else syntax
    if syntax is None:
        return None
    checker = Checker(scope, complaints, guards=expect.guards)
    tree = checker.visit(syntax, Env(Facts(present), condition=expect.of == "condition"))
    if tree is None or complaints.count:
        return None
    if _depth(tree) > MOST_DEPTH:
        complaints.add("CR222", 0, len(text), limit=MOST_DEPTH)
        return None
    if checker.sized(tree) is None:
        return None
    if not _fits(tree, expect.of):
        wanted = "flag" if expect.of == "condition" else expect.of
        complaints.add("CR276", tree.start, tree.end, expected_type=wanted, found_type=term(tree.type))
        return None
    proves = when_true(tree).present if isinstance(tree.type, Flag) else frozenset()
    return Checked(tree, tuple(checker.divisors.values()), proves)


def _fits(tree: Tree, wanted: Wanted) -> bool:
    if wanted == "any":
        return True
    if wanted == "duration":
        return isinstance(tree.type, Duration)
    return term(tree.type) == ("flag" if wanted == "condition" else wanted)


def _depth(tree: Tree) -> int:
    deepest = 0
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        if depth <= MOST_DEPTH:
            waiting.extend((child, depth + 1) for child in children(node))
    return deepest
