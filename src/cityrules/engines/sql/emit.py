"""Code of the plan as SQL: one expression for each node. Knows no bindings (a function gives the column of a slot).

Whole numbers of more than 62 bits are computed as HUGEINT. An operand that SQL needs more than once (a rounding needs
its numerator three times) is given a name in the query, so that nested code does not grow beyond its own size.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from sqlglot import exp

from cityrules.engines.sql import dialect, query
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.syntax import E
from cityrules.feel.tree import Binding
from cityrules.plan.bounds import FIRST_DAY, LAST_DAY
from cityrules.plan.code import (
    Abs,
    Add,
    AddMonths,
    And,
    Choose,
    Coalesce,
    Code,
    Compare,
    Const,
    DatePart,
    Div,
    Greatest,
    IsNull,
    Least,
    Listing,
    Lookup,
    Mul,
    Neg,
    Not,
    Or,
    Relation,
    Same,
    Slot,
    Sort,
    Within,
)

_COMPARE: dict[Relation, type[exp.Binary]] = {
    "=": exp.EQ, "!=": exp.NEQ, "<": exp.LT, "<=": exp.LTE, ">": exp.GT, ">=": exp.GTE,
}  # fmt: skip
_TYPE: dict[Sort, str] = {"int": dialect.INT, "text": dialect.TEXT, "bool": dialect.FLAG}


def stored_type(code: Code) -> str:
    """The column type that holds what the code gives."""
    return dialect.int_type(code.bits) if code.sort == "int" else _TYPE[code.sort]


class Emitter:
    """Writes code over the columns of one query; `column_of` gives the column of a binding there, `listed` the
    relation of a list: its places `k` and its values `v`."""

    def __init__(self, over: query.Query, column_of: Callable[[Binding], E], listed: Callable[[Listing], str]) -> None:
        self._query = over
        self._column_of = column_of
        self._listed = listed

    def defined(self, expression: E) -> exp.Column:
        """A name for an expression over columns of the query."""
        return self._query.define(expression)

    def stored(self, code: Code) -> E:
        """The code as an expression of exactly its stored type."""
        tree = self.emit(code)
        if isinstance(code, Slot) or code.sort != "int":
            return tree
        return sql.cast(tree, stored_type(code))

    def emit(self, code: Code) -> E:
        """The code as an expression; whole numbers may come out wider than they need to be."""
        match code:
            case Const():
                return _constant(code)
            case Slot():
                return self._column_of(code.binding)
            case Add():
                return sql.total([self._wide(item, code.work) for item in code.items])
            case Mul():
                return sql.mul(self._wide(code.left, code.bits), self._wide(code.right, code.bits))
            case Neg():
                return exp.Neg(this=sql.operand(self.emit(code.item)))
            case Abs():
                return dialect.absolute(self.emit(code.item))
            case Div():
                return self._div(code)
            case Compare():
                return sql.binary(_COMPARE[code.op], self.emit(code.left), self.emit(code.right))
            case Same():
                return sql.same(self.emit(code.left), self.emit(code.right))
            case IsNull():
                return sql.is_null(self.emit(code.item))
            case And():
                return sql.both(*(self.emit(item) for item in code.items))
            case Or():
                return sql.either(*(self.emit(item) for item in code.items))
            case Not():
                return sql.not_(self.emit(code.item))
            case Choose():
                return self._choose(code)
            case Coalesce():
                return sql.coalesce(self._branch(code.first), self._branch(code.second))
            case Least():
                return self._extreme(code, dialect.least)
            case Greatest():
                return self._extreme(code, dialect.greatest)
            case DatePart():
                day = self._once(code.day)
                known = code.day.low >= FIRST_DAY and code.day.high <= LAST_DAY
                return dialect.date_part(code.part, day, inside=known)
            case AddMonths():
                return dialect.add_months(self._once(code.day), self._once(code.months))
            case Within():
                item = self._once(code.item)
                inside = exp.Between(this=sql.operand(item), low=sql.number(code.low), high=sql.number(code.high))
                return sql.case((inside, item))
            case Lookup():
                return self._query.look_up(self._listed(code.listing), "k", self._once(code.item), "v")
            case _:
                assert_never(code)

    def _choose(self, code: Choose) -> E:
        """A chain of `else if` becomes one CASE: nesting would be as deep as the chain is long. (CASE takes a missing
        condition for a false one, so that has to be asked.)"""
        branches: list[tuple[E, E]] = []
        rest: Code = code
        while isinstance(rest, Choose):
            condition = self.emit(rest.condition)
            if rest.condition.nullable:
                condition = self._query.define(condition)
            branches.append((condition, self._branch(rest.then)))
            if rest.condition.nullable:
                branches.append((sql.is_null(condition), sql.null()))
            rest = rest.otherwise
        return sql.case(*branches, otherwise=self._branch(rest))

    def _extreme(self, code: Least | Greatest, function: Callable[..., E]) -> E:
        items = [self._once(item) if item.nullable else self._branch(item) for item in code.items]
        absent = [sql.is_null(tree) for tree, item in zip(items, code.items, strict=True) if item.nullable]
        found = function(*items)
        return sql.case((sql.not_(sql.either(*absent)), found)) if absent else found

    def _div(self, code: Div) -> E:
        n, d = self._wide(code.n, code.work), self._wide(code.d, code.work)
        if code.guarded:
            # No division by zero is ever tried: dividing by null gives null.
            d = self._query.define(d)
            d = sql.case((sql.less(sql.number(0), d), d))
        d = d if isinstance(code.d, Const) else self._query.define(d)
        positive, negative = code.n.low >= 0, code.n.high <= 0
        if code.mode != "down" and not isinstance(code.n, Const | Slot):
            n = self._query.define(n)
        size = n if positive else exp.Neg(this=sql.operand(n)) if negative else dialect.absolute(n)
        if code.mode == "down":
            found = dialect.whole_div(n, d)
        elif code.mode in ("floor", "ceiling"):
            away = (code.mode == "floor") == negative
            signed = exp.Neg(this=sql.operand(n))
            if positive or negative:
                found = _up(size, d) if away else dialect.whole_div(size, d)
                found = exp.Neg(this=sql.operand(found)) if negative else found
            else:
                above = dialect.whole_div(n, d) if code.mode == "floor" else _up(n, d)
                below = _up(signed, d) if code.mode == "floor" else dialect.whole_div(signed, d)
                found = sql.case((sql.less(n, sql.number(0)), exp.Neg(this=sql.operand(below))), otherwise=above)
        else:
            found = self._away_or_near(code, size, d)
            if negative:
                found = exp.Neg(this=sql.operand(found))
            elif not positive:
                found = self._query.define(found)
                found = sql.case((sql.less(n, sql.number(0)), exp.Neg(this=sql.operand(found))), otherwise=found)
        return found

    def _away_or_near(self, code: Div, size: E, d: E) -> E:
        """`size / d` of two numbers that are not negative, for the roundings that treat both signs alike."""
        twice, double = sql.mul(sql.number(2), size), sql.mul(sql.number(2), d)
        match code.mode:
            case "up":
                return _up(size, d)
            case "half down":
                return dialect.whole_div(sql.sub(sql.add(twice, d), sql.number(1)), double)
            case "half even":
                more = self._query.define(sql.add(twice, d))
                half_up = self._query.define(dialect.whole_div(more, double))
                tie = sql.equals(dialect.remainder(more, double), sql.number(0))
                odd = sql.equals(dialect.remainder(half_up, sql.number(2)), sql.number(1))
                down = sql.sub(half_up, sql.number(1))
                return sql.case((sql.both(tie, odd), down), otherwise=half_up)
            case _:
                return dialect.whole_div(sql.add(twice, d), double)

    def _wide(self, code: Code, bits: int) -> E:
        """An operand of arithmetic whose result needs so many bits."""
        tree = self._branch(code)
        if bits <= dialect.NARROW or (isinstance(code, Slot) and code.bits > 64):
            return tree
        return sql.cast(tree, dialect.BIG)

    def _once(self, code: Code) -> E:
        """An operand that is written several times."""
        tree = self._branch(code)
        return tree if isinstance(code, Const | Slot) else self._query.define(tree)

    def _branch(self, code: Code) -> E:
        """An operand whose type matters: small literals would otherwise be counted with 32 bits."""
        tree = self.emit(code)
        if isinstance(code, Const) and code.sort == "int" and code.bits <= 64 and code.value is not None:
            return sql.cast(tree, dialect.INT)
        return tree


def _up(size: E, d: E) -> E:
    return dialect.whole_div(sql.sub(sql.add(size, d), sql.number(1)), d)


def _constant(code: Const) -> E:
    match code.value:
        case None:
            return sql.cast(sql.null(), _TYPE[code.sort])
        case bool():
            return sql.truth(code.value)
        case int():
            return sql.number(code.value)
        case str():
            return sql.text(code.value)
