"""The few shapes of SQL that the engine writes, as sqlglot trees. Knows no plan and no dialect.

Operands are put in brackets here whatever they are, and long chains are balanced. Callers may use one expression in
several places: nobody looks from a tree at what it stands in, and an expression is never changed once it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from functools import cache

from sqlglot import exp

E = exp.Expr

_ATOMS = (
    exp.Column,
    exp.Literal,
    exp.Paren,
    exp.Func,
    exp.Cast,
    exp.Null,
    exp.Boolean,
    exp.Case,
    exp.Window,
    exp.Filter,
)


def operand(tree: E) -> E:
    connective = isinstance(tree, (exp.And, exp.Or))
    return tree if isinstance(tree, _ATOMS) and not connective else exp.Paren(this=tree)


def name(text: str) -> exp.Identifier:
    return exp.Identifier(this=text, quoted=True)


def column(column_name: str, table: str | None = None) -> exp.Column:
    return exp.Column(this=name(column_name), table=name(table) if table else None)


def table(table_name: str, alias: str | None = None) -> exp.Table:
    found = exp.Table(this=name(table_name))
    if alias:
        found.set("alias", exp.TableAlias(this=name(alias)))
    return found


def number(value: int) -> E:
    return exp.Literal.number(value) if value >= 0 else exp.Paren(this=exp.Neg(this=exp.Literal.number(-value)))


def text(value: str) -> exp.Literal:
    return exp.Literal.string(value)


def truth(value: bool) -> exp.Boolean:
    return exp.Boolean(this=value)


def null() -> exp.Null:
    return exp.Null()


@cache
def data_type(type_: str) -> exp.DataType:
    """A type as DuckDB spells it."""
    return exp.DataType.build(type_, dialect="duckdb")


def cast(tree: E, type_: str) -> exp.Cast:
    return exp.Cast(this=tree, to=data_type(type_))


def call(function: str, *arguments: E) -> exp.Anonymous:
    return exp.Anonymous(this=function, expressions=list(arguments))


def binary(kind: type[exp.Binary], left: E, right: E) -> E:
    return kind(this=operand(left), expression=operand(right))


def equals(left: E, right: E) -> E:
    return binary(exp.EQ, left, right)


def less(left: E, right: E) -> E:
    return binary(exp.LT, left, right)


def at_most(left: E, right: E) -> E:
    return binary(exp.LTE, left, right)


def same(left: E, right: E) -> E:
    """Null-safe equality."""
    return binary(exp.NullSafeEQ, left, right)


def add(left: E, right: E) -> E:
    return binary(exp.Add, left, right)


def sub(left: E, right: E) -> E:
    return binary(exp.Sub, left, right)


def mul(left: E, right: E) -> E:
    return binary(exp.Mul, left, right)


def joined(*parts: E) -> E:
    """Texts one after the other; null if any is."""
    return chain(lambda a, b: binary(exp.DPipe, a, b), parts)


def not_(tree: E) -> E:
    return exp.Not(this=operand(tree))


def is_null(tree: E) -> E:
    return exp.Is(this=operand(tree), expression=exp.Null())


def is_there(tree: E) -> E:
    return exp.Not(this=exp.Paren(this=is_null(tree)))


def exists(query: exp.Query) -> E:
    """Whether a query, which may read the rows around it, has any row."""
    return exp.Exists(this=query)


def is_true(tree: E) -> E:
    """Null counts as false."""
    return exp.Coalesce(this=tree, expressions=[exp.Boolean(this=False)])


def coalesce(*items: E) -> E:
    return exp.Coalesce(this=items[0], expressions=list(items[1:]))


def case(*branches: tuple[E, E], otherwise: E | None = None) -> E:
    """The first branch whose condition is true."""
    if not branches:
        return otherwise if otherwise is not None else exp.Null()
    ifs = [exp.If(this=condition, true=result) for condition, result in branches]
    return exp.Case(ifs=ifs, default=otherwise if otherwise is not None else None)


def chain(join: Callable[[E, E], E], items: Sequence[E]) -> E:
    """A balanced tree over one or more items, in order: depth stays the logarithm of their number."""
    if len(items) == 1:
        return items[0]
    half = len(items) // 2
    return join(chain(join, items[:half]), chain(join, items[half:]))


def both(*items: E) -> E:
    """The conjunction of conditions; true of none."""
    return chain(lambda a, b: exp.And(this=operand(a), expression=operand(b)), items) if items else truth(True)


def either(*items: E) -> E:
    """The disjunction of conditions; false of none."""
    return chain(lambda a, b: exp.Or(this=operand(a), expression=operand(b)), items) if items else truth(False)


def total(items: Sequence[E]) -> E:
    return chain(add, items)


def among(tree: E, values: Sequence[E]) -> E:
    return exp.In(this=operand(tree), expressions=list(values))


def alias(tree: E, as_: str) -> exp.Alias:
    return exp.Alias(this=tree, alias=name(as_))


def ordered(tree: E, *, descending: bool = False, nulls_first: bool = True) -> exp.Ordered:
    return exp.Ordered(this=tree, desc=descending, nulls_first=nulls_first)


def first(value: E, order: Sequence[E], *, last: bool = False) -> E:
    """The first value that is there (or the last), by an order of the rows."""
    by = exp.Order(this=value, expressions=[ordered(key, descending=last) for key in order])
    function = exp.Anonymous(this="first", expressions=[by])
    return exp.Filter(this=function, expression=exp.Where(this=is_there(value)))


def distinct(value: E) -> E:
    """How many different values there are; what is missing is none."""
    return exp.Count(this=exp.Distinct(expressions=[value]))


def window(
    function: E,
    by: Sequence[E] = (),
    order: Sequence[exp.Ordered] = (),
    *,
    up_to_here: bool = False,
    before: bool = False,
    rows_back: E | None = None,
    range_back: E | None = None,
) -> exp.Window:
    """A window function. `up_to_here`: rows from the first to this one; `before`: to the one before this; `rows_back`:
    so many rows before this one, and this one; `range_back`: the rows whose value to order by is at most so much less
    than this one's, or equal to it."""
    spec = None
    back = rows_back if rows_back is not None else range_back
    if back is not None:
        kind = "ROWS" if rows_back is not None else "RANGE"
        spec = exp.WindowSpec(kind=kind, start=back, start_side="PRECEDING", end="CURRENT ROW")
    if up_to_here or before:
        spec = exp.WindowSpec(kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="CURRENT ROW")
        if before:
            spec.set("end", exp.Literal.number(1))
            spec.set("end_side", "PRECEDING")
    return exp.Window(
        this=function,
        partition_by=list(by),
        order=exp.Order(expressions=list(order)) if order else None,
        spec=spec,
    )


def filtered(aggregate: E, condition: E) -> exp.Filter:
    return exp.Filter(this=aggregate, expression=exp.Where(this=condition))


def select(
    outputs: Mapping[str, E], source: E | None = None, where: E | None = None, group: Sequence[E] = ()
) -> exp.Select:
    """`SELECT expression AS name, ... FROM source WHERE ... GROUP BY ...`."""
    query = exp.Select(expressions=[alias(tree, as_) for as_, tree in outputs.items()])
    if source is not None:
        query.set("from_", exp.From(this=source))
    if where is not None:
        query.set("where", exp.Where(this=where))
    if group:
        query.set("group", exp.Group(expressions=list(group)))
    return query


def everything(
    source: E,
    where: E | None = None,
    outputs: Mapping[str, E] | None = None,
    of: str | None = None,
    without: Sequence[str] = (),
) -> exp.Select:
    """`SELECT *, more AS name ... FROM source`; `of`: all columns of what has this alias, whatever is joined to it;
    `without`: none of these."""
    query = select(outputs or {}, source, where)
    star: E = exp.Star(except_=[name(one) for one in without] or None)
    if of is not None:
        star = exp.Column(this=star, table=name(of))
    query.set("expressions", [star, *query.expressions])
    return query


def nested(query: exp.Query, as_: str) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=name(as_)))


def union(queries: Sequence[exp.Query]) -> exp.Query:
    """All rows of all queries (one or more), duplicates kept."""
    if len(queries) == 1:
        return queries[0]
    half = len(queries) // 2
    return exp.Union(this=union(queries[:half]), expression=union(queries[half:]), distinct=False)


def join(query: exp.Select, source: E, on: E, side: str = "LEFT") -> None:
    """Add a join to a select that has a source."""
    joined = exp.Join(this=source, on=on)
    joined.set("side" if side == "LEFT" else "kind", side)
    query.append("joins", joined)


def recursive(query: exp.Query, as_: str, first: exp.Query, later: exp.Query) -> exp.Query:
    """`query` with a relation that begins with the rows of `first` and is continued by `later`, which reads it."""
    body = exp.Union(this=first, expression=later, distinct=False)
    relation = exp.CTE(this=body, alias=exp.TableAlias(this=name(as_)))
    query.set("with_", exp.With(expressions=[relation], recursive=True))
    return query


def apart(columns: Mapping[str, E], always: Container[str] = ()) -> tuple[dict[str, E], dict[str, E]]:
    """The columns that hang on a row (and those that are to be columns in any case), and those that have one value in
    all: each column that is carried from query to query costs, however few rows there are."""
    own = {name: tree for name, tree in columns.items() if name in always or tree.find(exp.Column) is not None}
    return own, {name: tree for name, tree in columns.items() if name not in own}
