"""What an expression becomes by one small error: found on its syntax tree, written into its own characters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.parser import parse
from cityrules.testing.mutation.operators import operators
from cityrules.testing.mutation.words import days_beside, numbers, spans
from cityrules.text.diagnostic import Report

if TYPE_CHECKING:
    from cityrules.testing.mutation.mutants import Kind
    from cityrules.testing.mutation.names import Names

Edit = tuple["Kind", int, int, str]
"""Of what kind it is, the characters that go, and what comes in their place."""


def rewritings(text: str, names: Names, turn: bool = False) -> Iterator[tuple[Kind, str]]:
    """Every text that an expression becomes by one error; with `turn` as a whole also its contrary."""
    report = Report()
    tree = parse(text, Complaints(report, text))
    if tree is None or report.failed:
        # A limit stands where an expression may: `5 working days`, `by day 5 of next month`.
        for new in spans(text):
            yield "time", new
        return
    for kind, start, end, new in _edits(tree, text, names):
        yield kind, text[:start] + new + text[end:]
    if turn and not isinstance(tree, (ast.Relation, ast.Constant)) and not _negates(tree):
        yield "condition", f"not({text})"


def _edits(tree: ast.Node, text: str, names: Names) -> Iterator[Edit]:
    yield from _of_node(tree, text, names)
    for part in _parts(tree):
        yield from _edits(part, text, names)


def _parts(tree: ast.Node) -> Iterator[ast.Node]:
    for part in fields(tree):
        value = getattr(tree, part.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, ast.Node):
                yield each


def _of_node(node: ast.Node, text: str, names: Names) -> Iterator[Edit]:
    known = operators()
    written = text[node.start : node.end]
    match node:
        case ast.Relation(op=op, left=left, right=right):
            others = known.comparisons.get(op, ())
            if any(isinstance(side, ast.Constant) and not isinstance(side.value, Fraction) for side in (left, right)):
                others = tuple(other for other in others if other in ("=", "!="))  # Words and truth have no order.
            yield from _operator("comparison", op, others, left, right, text)
        case ast.RelationTest(op=op, operand=operand):
            head = text[node.start : operand.start]
            for new in known.comparisons.get(op, ()):
                yield "comparison", node.start, operand.start, head.replace(op, new, 1)
        case ast.Binary(op=op, left=left, right=right) if op in known.arithmetic:
            yield from _operator("arithmetic", op, (known.arithmetic[op],), left, right, text)
        case ast.Junction(op=op, items=items):
            yield from _junction(node, known.connectives[op], items, text)
        case ast.RangeTest(low_closed=low, high_closed=high) if written[:1] in "[(" and written[-1:] in ")]":
            yield "range", node.start, node.start + 1, "(" if low else "["
            yield "range", node.end - 1, node.end, ")" if high else "]"
        case ast.Call(name="not", arguments=(inner,)):
            yield "condition", node.start, node.end, f"({text[inner.start : inner.end]})"
        case ast.Call(name=name, name_end=end) if name in known.functions:
            yield "function", node.start, end, known.functions[name]
        case ast.Choice(condition=condition) if not isinstance(condition, ast.Relation):
            yield "condition", condition.start, condition.end, f"not({text[condition.start : condition.end]})"
        case ast.Constant(value=value):
            yield from _constant(node, value, written, names)
        case ast.At(text=inside):
            yield from _at(node, inside)
        case ast.Path(names=parts):
            other = names.instead(parts)
            if other is not None:
                yield "reference", node.start, node.end, other
        case ast.Dot(base=ast.Call(name=name), name=column):
            other = names.column_beside(name, column)
            if other is not None:
                yield "reference", node.end - len(column), node.end, other
        case _:
            return


def _operator(
    kind: Kind, op: str, others: tuple[str, ...], left: ast.Node, right: ast.Node, text: str
) -> Iterator[Edit]:
    """Another operator between two parts; brackets may stand there as well."""
    between = text[left.end : right.start]
    at = between.find(op)
    if at >= 0:
        start = left.end + at
        for new in others:
            yield kind, start, start + len(op), new


def _junction(node: ast.Junction, other: str, items: tuple[ast.Expr, ...], text: str) -> Iterator[Edit]:
    """`and` for `or` in the whole chain, and the chain without each of its parts."""
    made, at = "", node.start
    for one, after in pairwise(items):
        between = re.sub(rf"\b{node.op}\b", other, text[one.end : after.start], count=1)
        made += text[at : one.end] + between
        at = after.start
    # Brackets keep the chain together where the other word binds less.
    yield "connective", node.start, node.end, f"({made}{text[at : node.end]})"
    for item in items:
        yield "condition", item.start, item.end, "true" if node.op == "and" else "false"


def _constant(node: ast.Node, value: Fraction | str | bool | None, written: str, names: Names) -> Iterator[Edit]:
    if isinstance(value, bool):
        yield "constant", node.start, node.end, "false" if value else "true"
    elif isinstance(value, Fraction):
        for new in numbers(written):
            yield "number", node.start, node.end, f"({new})" if new.startswith("-") else new
    elif isinstance(value, str):
        other = names.other_label(value)
        if other is not None:
            yield "label", node.start, node.end, f'"{other}"'


def _at(node: ast.Node, inside: str) -> Iterator[Edit]:
    """A day and those beside it; a duration with one more and one less, and in another unit."""
    for day in days_beside(inside):
        yield "date", node.start, node.end, f'@"{day}"'
    found = re.fullmatch(r"(-?P)(T?)([0-9]+)([YMDH])", inside)
    if found is None:
        return
    sign, time, number, letter = found.groups()
    for new in (int(number) + 1, int(number) - 1, 2 * int(number)):
        yield "time", node.start, node.end, f'@"{sign}{time}{new}{letter}"'
    other = operators().letters[time + letter if time and letter == "M" else letter]
    yield "time", node.start, node.end, f'@"{sign}{"T" if other == "H" else ""}{number}{other}"'


def _negates(tree: ast.Node) -> bool:
    return isinstance(tree, ast.Call) and tree.name == "not"
