"""Checking of names, properties, functions and literals of time."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from dataclasses import replace
from fractions import Fraction
from typing import cast

from cityrules.feel import ast, temporal
from cityrules.feel.complaints import Complaints, Placed
from cityrules.feel.facts import needed
from cityrules.feel.functions import FUNCTIONS, OVER_NAMES
from cityrules.feel.kinds import Refusal, join, literal_number, properties, term
from cityrules.feel.lookup import Table, fits, look_up, uncovered
from cityrules.feel.scope import DayCount, Env, Scope
from cityrules.feel.tree import (
    Arithmetic,
    Binding,
    Call,
    Literal_,
    Months,
    Node,
    Not,
    Property,
    Read,
    Tree,
    Value,
    Working,
)
from cityrules.feel.types import Date, DateTime, Duration, Flag, Null, Number, Type, as_optional
from cityrules.feel.walk import constant
from cityrules.text.suggest import nearest


def literal(node: ast.Node, value: Value) -> Literal_:
    """A literal date, date-time or duration."""
    match value:
        case dt.datetime():
            return Literal_(DateTime(), node.start, node.end, value)
        case dt.date():
            return Literal_(Date(), node.start, node.end, value)
        case Months():
            return Literal_(Duration("months"), node.start, node.end, value)
        case _:
            return Literal_(Duration("days"), node.start, node.end, value)


_MOST_DAYS = Fraction(3_652_059)
_OF_NUMBERS = frozenset({"min", "max", "abs", "full_steps", "begun_steps"})
"""Functions that need all of their arguments, whatever the data: a divisor of zero in one makes all of it empty."""


def counted(count: DayCount, day: Tree) -> Working:
    """How many working days there were up to and including a day."""
    type_ = Number(0, -_MOST_DAYS, _MOST_DAYS, None, day.type.optional)
    return Working(type_, day.start, day.end, "counted", day, count.calendar)


def first_day(count: DayCount, day: Tree) -> Tree:
    """The day up to which nothing counts of a span that begins on a day: that day, or the one before."""
    if not count.included:
        return day
    one = Literal_(Duration("days"), day.start, day.end, dt.timedelta(days=1))
    return Arithmetic(Date(day.type.optional), day.start, day.end, "-", day, one)


class CallChecker(ABC):
    """The part of the checker that deals with names and calls."""

    def __init__(self, scope: Scope, complaints: Complaints) -> None:
        self.scope = scope
        self.complaints = complaints

    @abstractmethod
    def visit(self, node: ast.Expr, env: Env) -> Tree | None:
        """The typed tree of a node, or None where a complaint was made in it."""

    @abstractmethod
    def flag(self, node: ast.Expr, env: Env) -> Tree | None:
        """The typed tree of a node that must be a flag."""

    @abstractmethod
    def proved_positive(self, tree: Tree, env: Env) -> bool:
        """Whether a number cannot be zero or less."""

    def refuse(self, found: Refusal, whole: Placed, *operands: Placed) -> None:
        at = whole if found.operand is None else operands[found.operand]
        self.complaints.add(found.code, at.start, at.end, **found.values)

    # --- names -------------------------------------------------------------------------------------------------

    def path(self, node: ast.Path, env: Env) -> Tree | None:
        for length in range(len(node.names), 0, -1):
            binding = self.scope.resolve(node.names[:length])
            if binding is not None:
                name, end = ".".join(node.names[:length]), node.ends[length - 1]
                tree: Tree | None
                if isinstance(binding, Node):
                    tree = self.known(replace(cast("Tree", binding), start=node.start, end=end), env)
                else:
                    tree = self.read(binding, name, node.start, end, env)
                for name, end in zip(node.names[length:], node.ends[length:], strict=True):
                    tree = self.property(tree, name, end) if tree else None
                return tree
        found = ".".join(node.names)
        self.unknown("CR250", node.start, node.end, found, [*self.scope.names(), "true", "false", "null"])
        return None

    def unknown(self, code: str, start: int, end: int, found: str, candidates: list[str]) -> None:
        meant = nearest(found, candidates)
        if meant is None or meant == found:
            self.complaints.add(code, start, end, found=found)
        else:
            self.complaints.add(code, start, end, found=found, suggestion=meant)

    def read(self, binding: Binding, name: str, start: int, end: int, env: Env) -> Read:
        type_ = binding.type
        if binding in env.facts.present:
            type_ = as_optional(type_, False)
        return Read(type_, start, end, name, binding)

    def known(self, tree: Tree, env: Env) -> Tree:
        """An expression that a name stands for: a quotient is there where what it reads is."""
        if not isinstance(tree, Arithmetic) or not tree.type.optional:
            return tree
        sides = [replace(side, type=as_optional(side.type, False)) for side in (tree.left, tree.right)]
        if not needed(tree) <= env.facts.present:
            return tree
        return replace(tree, type=as_optional(tree.type, False), left=sides[0], right=sides[1])

    def property(self, base: Tree, name: str, end: int) -> Tree | None:
        known = properties(base.type)
        if name in known:
            return Property(known[name], base.start, end, base, name)
        values: dict[str, object] = {"found": name, "found_type": term(base.type)}
        if meant := nearest(name, known):
            values["suggestion"] = meant
        if known:
            values["expected"] = " ".join(f".{each}" for each in known)
        self.complaints.add("CR253", end - len(name), end, **values)
        return None

    def dot(self, node: ast.Dot, env: Env) -> Tree | None:
        names: list[tuple[str, int]] = []
        base: ast.Expr = node
        while isinstance(base, ast.Dot):
            names.insert(0, (base.name, base.end))
            base = base.base
        tree: Tree | None = None
        if isinstance(base, ast.Call) and (table := self.scope.table(base.name)) is not None:
            tree = self.lookup(table, base, names[0], env)
            if tree is None:
                return None
            names = names[1:]
        elif isinstance(base, ast.Call) and base.name not in FUNCTIONS:
            for length in range(len(names), 0, -1):
                function = ".".join([base.name, *(name for name, _ in names[:length])])
                binding = self.scope.call(function, _names(base))
                if binding is not None:
                    tree = self.over_names(binding, function, base, names[length - 1][1], env)
                    names = names[length:]
                    if tree is None:
                        return None
                    break
        tree = tree or self.visit(base, env)
        for name, end in names:
            tree = self.property(tree, name, end) if tree else None
        return tree

    # --- calls -------------------------------------------------------------------------------------------------

    def call(self, node: ast.Call, env: Env) -> Tree | None:
        function = FUNCTIONS.get(node.name)
        if node.name == "sum_of":
            return self.sum_of(node)
        if function is None:
            table = self.scope.table(node.name)
            if table is not None:
                return self.lookup(table, node, None, env)
            binding = self.scope.call(node.name, _names(node))
            if binding is not None:
                return self.over_names(binding, node.name, node, node.end, env)
            before = self.complaints.count
            for argument in node.arguments:
                self.visit(argument, env.maybe())
            # A function over a name is there; what is wrong with the name was said of the name.
            if node.name not in OVER_NAMES or self.complaints.count == before:
                self.unknown("CR251", node.start, node.name_end, node.name, [*FUNCTIONS, *OVER_NAMES])
            return None
        count = len(node.arguments)
        if count < function.least or (function.most is not None and count > function.most):
            values = {"found": node.name, "count": count, "arity": function.arity}
            self.complaints.add("CR252", node.start, node.end, **values)
            return None
        if node.name == "not":
            operand = self.flag(node.arguments[0], env.maybe())
            return operand and Not(Flag(operand.type.optional), node.start, node.end, operand)
        if node.name == "default":
            return self.default(node, env)
        if node.name in ("date", "date and time", "duration"):
            return self.time(node, env)
        return self.plain_call(node, env)

    def lookup(self, table: Table, node: ast.Call, column: tuple[str, int] | None, env: Env) -> Tree | None:
        """`table(keys).column`, where each argument has the kind of its key and the keys that it can take."""
        if column is None or column[0] not in table.columns:
            at = (node.start, node.end) if column is None else (column[1] - len(column[0]), column[1])
            found = f"{node.name}(...)" if column is None else column[0]
            self.no_column(table, found, *at)
            return None
        if len(node.arguments) != len(table.keys):
            keys = ", ".join(name for name, _ in table.keys)
            count = len(node.arguments)
            self.complaints.add("CR838", node.start, node.end, table=table.name, count=count, keys=keys)
            return None
        arguments = [self.visit(argument, env.maybe()) for argument in node.arguments]
        for place, ((name, key), argument) in enumerate(zip(table.keys, arguments, strict=True)):
            if argument is None:
                continue
            if not fits(key, argument):
                values = {"found_type": term(argument.type), "expected_type": term(key)}
                self.complaints.add("CR265", argument.start, argument.end, **values)
                return None
            outside = uncovered(table, place, argument) if table.absent is None and table.stated else None
            if outside is not None:
                values = {"table": table.name, "key": name, "found": outside}
                self.complaints.add("CR839", argument.start, argument.end, **values)
                return None
        given = tuple(argument for argument in arguments if argument is not None)
        if len(given) < len(arguments):
            return None
        return look_up(table, column[0], given, node.start, column[1])

    def no_column(self, table: Table, found: str, start: int, end: int) -> None:
        meant = nearest(found, table.columns)
        more = {"suggestion": meant} if meant else {}
        self.complaints.add(
            "CR837", start, end, found=found, table=table.name, expected=" ".join(table.columns), **more
        )

    def sum_of(self, node: ast.Call) -> Tree | None:
        """`sum_of(table.column)`: the sum of a column, known before any data."""
        names = _names(node)[0] if len(node.arguments) == 1 else None
        table = self.scope.table(names[0]) if names is not None and len(names) == 2 else None
        if table is None or names is None:
            self.complaints.add("CR840", node.start, node.end, found=self.complaints.quote(node.start, node.end))
            return None
        column = table.columns.get(names[1])
        if column is None:
            self.no_column(table, names[1], node.arguments[0].end - len(names[1]), node.arguments[0].end)
            return None
        if not isinstance(column, Number):
            given = node.arguments[0]
            self.complaints.add("CR265", given.start, given.end, found_type=term(column), expected_type="number")
            return None
        if not table.stated:
            return look_up(table, names[1], (), node.start, node.end)
        total = sum(
            (Fraction(value) for value in table.values(names[1]) if isinstance(value, (int, Fraction))), Fraction(0)
        )
        type_ = replace(literal_number(total), unit=column.unit)
        return Literal_(type_, node.start, node.end, total.numerator if total.denominator == 1 else total)

    def over_names(self, binding: Binding | Tree | str, name: str, node: ast.Call, end: int, env: Env) -> Tree | None:
        if isinstance(binding, str):
            self.complaints.add(binding, node.start, end, found=name)
            return None
        if isinstance(binding, Node):
            return self.known(replace(cast("Tree", binding), start=node.start, end=end), env)
        return self.read(binding, self.complaints.text[node.start : end], node.start, end, env)

    def plain_call(self, node: ast.Call, env: Env) -> Tree | None:
        inner = env if node.name in _OF_NUMBERS else env.maybe()
        found = [self.visit(argument, inner) for argument in node.arguments]
        arguments = tuple(tree for tree in found if tree is not None)
        if len(arguments) < len(found):
            return None
        type_ = FUNCTIONS[node.name].type(arguments)
        if isinstance(type_, Refusal):
            self.refuse(type_, node, *node.arguments)
            return None
        if node.name in ("full_steps", "begun_steps") and not self.proved_positive(arguments[1], env):
            step = node.arguments[1]
            self.complaints.add("CR278", step.start, step.end, found=self.complaints.quote(step.start, step.end))
            return None
        if node.name == "working_days_between":
            return self.working_days(node, type_, arguments)
        return Call(type_, node.start, node.end, node.name, arguments)

    def working_days(self, node: ast.Call, type_: Type, arguments: tuple[Tree, ...]) -> Tree | None:
        """The difference of two running counts."""
        count = self.scope.day_count()
        if isinstance(count, str):
            self.complaints.add(count, node.start, node.end, found=node.name)
            return None
        start, end = arguments
        return Arithmetic(
            type_, node.start, node.end, "-", counted(count, end), counted(count, first_day(count, start))
        )

    def default(self, node: ast.Call, env: Env) -> Tree | None:
        value, instead = (self.visit(argument, env.maybe()) for argument in node.arguments)
        if value is None or instead is None:
            return None
        if isinstance(value.type, Null):
            self.complaints.add("CR274", value.start, value.end, operator="default")
            return None
        type_ = join(value.type, instead.type, (constant(value), constant(instead)))
        if isinstance(type_, Refusal):
            self.refuse(type_, node, *node.arguments)
            return None
        optional = value.type.optional and instead.type.optional
        return Call(as_optional(type_, optional), node.start, node.end, "default", (value, instead))

    # --- time --------------------------------------------------------------------------------------------------

    def time(self, node: ast.Call, env: Env) -> Tree | None:
        """`date("...")`, `date and time("...")`, `duration("...")`, and `date` of a date-time."""
        given = node.arguments[0]
        if isinstance(given, ast.Bad):
            return None
        if not (isinstance(given, ast.Constant) and isinstance(given.value, str)):
            if node.name == "date":
                tree = self.visit(given, env)
                return tree if tree is None or isinstance(tree.type, Date) else self.plain_call(node, env)
            self.complaints.add("CR279", given.start, given.end, found=node.name)
            return None
        text = given.value
        value: Value
        if node.name == "date":
            value, code = temporal.date(text), "CR269"
        elif node.name == "date and time":
            value, code = temporal.date_time(text), "CR270"
        else:
            value, code = temporal.duration(text), "CR271"
        return self.moment(node, given, value, text, code)

    def at(self, node: ast.At) -> Tree | None:
        value: Value = temporal.date(node.text)
        if value is None:
            value = temporal.date_time(node.text) or temporal.duration(node.text)
        return self.moment(node, node, value, node.text, "CR281")

    def moment(self, node: ast.Node, at: ast.Node, value: Value, text: str, code: str) -> Tree | None:
        if value is not None:
            return literal(node, value)
        code = "CR272" if temporal.zoned_or_time(text) else code
        self.complaints.add(code, at.start, at.end, found=text[:40])
        return None


def _names(node: ast.Call) -> tuple[tuple[str, ...] | None, ...]:
    return tuple(given.names if isinstance(given, ast.Path) else None for given in node.arguments)
