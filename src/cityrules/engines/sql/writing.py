"""Statements as text. Knows the nodes that this engine makes, in the spelling of DuckDB; no plan.

sqlglot would write the same (a test holds it, letter by letter), but it copies a tree first and looks up much that a
general writer must know: ten times the work, for hundreds of small statements. What is not listed here is left to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from sqlglot import exp

E = exp.Expr


class _Unlisted(Exception):
    """A node, or a part of one, that sqlglot has to write."""


def written(tree: E) -> str:
    """The tree as DuckDB reads it."""
    try:
        return _text(tree)
    except _Unlisted:
        return tree.sql(dialect="duckdb")


def _text(node: E) -> str:
    write = _WRITERS.get(type(node))
    if write is None:
        raise _Unlisted
    return write(node.args)


Args = dict[str, Any]


def _only(args: Args, *known: str) -> None:
    """Whatever else a node has is not written here."""
    for key, value in args.items():
        if value and key not in known:
            raise _Unlisted


def _list(nodes: Sequence[E] | None) -> str:
    return ", ".join([_text(node) for node in nodes or ()])


def _quoted(text: str, mark: str) -> str:
    return f"{mark}{text.replace(mark, mark * 2)}{mark}"


def _identifier(args: Args) -> str:
    return _quoted(args["this"], '"') if args.get("quoted") else args["this"]


def _column(args: Args) -> str:
    _only(args, "this", "table")
    table = args.get("table")
    return f"{_text(table)}.{_text(args['this'])}" if table else _text(args["this"])


def _table(args: Args) -> str:
    _only(args, "this", "alias")
    alias = args.get("alias")
    return f"{_text(args['this'])} AS {_text(alias)}" if alias else _text(args["this"])


def _named(args: Args) -> str:
    _only(args, "this")
    return _text(args["this"])


def _literal(args: Args) -> str:
    return _quoted(args["this"], "'") if args["is_string"] else args["this"]


def _star(args: Args) -> str:
    left_out = args.get("except_")
    _only(args, "except_")
    return f"* EXCLUDE ({_list(left_out)})" if left_out else "*"


def _binary(sign: str) -> Callable[[Args], str]:
    def write(args: Args) -> str:
        return f"{_text(args['this'])} {sign} {_text(args['expression'])}"

    return write


def _call(name: str) -> Callable[[Args], str]:
    def write(args: Args) -> str:
        _only(args, "this", "expressions")
        return f"{name}({_list([args['this'], *args.get('expressions', ())])})"

    return write


def _anonymous(args: Args) -> str:
    return f"{args['this'].upper()}({_list(args.get('expressions'))})"


def _cast(name: str) -> Callable[[Args], str]:
    def write(args: Args) -> str:
        _only(args, "this", "to")
        return f"{name}({_text(args['this'])} AS {_text(args['to'])})"

    return write


def _case(args: Args) -> str:
    _only(args, "ifs", "default")
    parts = [f"WHEN {_text(one.args['this'])} THEN {_text(one.args['true'])}" for one in args["ifs"]]
    default = args.get("default")
    if default is not None:
        parts.append(f"ELSE {_text(default)}")
    return f"CASE {' '.join(parts)} END"


def _between(args: Args) -> str:
    _only(args, "this", "low", "high")
    return f"{_text(args['this'])} BETWEEN {_text(args['low'])} AND {_text(args['high'])}"


def _in(args: Args) -> str:
    _only(args, "this", "expressions")
    return f"{_text(args['this'])} IN ({_list(args['expressions'])})"


def _ordered(args: Args) -> str:
    _only(args, "this", "desc", "nulls_first")
    nothing = " NULLS FIRST" if args.get("nulls_first") else ""
    # None where no direction was stated; sqlglot tells that from an ascending one.
    way = {None: "", False: " ASC", True: " DESC"}[args.get("desc")]
    return f"{_text(args['this'])}{way}{nothing}"


def _order(args: Args) -> str:
    _only(args, "this", "expressions")
    this = args.get("this")
    return f"{_text(this)} ORDER BY {_list(args['expressions'])}" if this else f"ORDER BY {_list(args['expressions'])}"


def _filter(args: Args) -> str:
    return f"{_text(args['this'])} FILTER({_text(args['expression'])})"


def _window(args: Args) -> str:
    _only(args, "this", "partition_by", "order", "spec")
    by, order, spec = args.get("partition_by"), args.get("order"), args.get("spec")
    parts = [f"PARTITION BY {_list(by)}"] if by else []
    parts += [_text(part) for part in (order, spec) if part]
    return f"{_text(args['this'])} OVER ({' '.join(parts)})"


def _spec(args: Args) -> str:
    _only(args, "kind", "start", "start_side", "end", "end_side")
    start, end = (f"{_part(args[key])} {args.get(f'{key}_side') or ''}".strip() for key in ("start", "end"))
    return f"{args['kind']} BETWEEN {start} AND {end}"


def _part(value: E | str) -> str:
    return value if isinstance(value, str) else _text(value)


def _data_type(args: Args) -> str:
    _only(args, "this", "expressions")
    parameters = [_text(one.args["this"]) for one in args.get("expressions") or ()]
    return _type_name(args["this"]) + (f"({', '.join(parameters)})" if parameters else "")


@cache
def _type_name(type_: exp.DType) -> str:
    return exp.DataType(this=type_).sql(dialect="duckdb")


def _schema(args: Args) -> str:
    _only(args, "this", "expressions")
    return f"{_text(args['this'])} ({_list(args['expressions'])})"


def _column_def(args: Args) -> str:
    _only(args, "this", "kind")
    return f"{_text(args['this'])} {_text(args['kind'])}"


def _select(args: Args) -> str:
    _only(args, "with_", "expressions", "from_", "joins", "where", "group", "having", "order")
    parts = [_text(args[key]) for key in ("with_",) if args.get(key)]
    parts.append(f"SELECT {_list(args['expressions'])}")
    parts += [_text(args["from_"])] if args.get("from_") else []
    parts += [_text(join) for join in args.get("joins") or ()]
    parts += [_text(args[key]) for key in ("where", "group", "having", "order") if args.get(key)]
    return " ".join(parts)


def _join(args: Args) -> str:
    _only(args, "this", "on", "side", "kind")
    words = " ".join(word for word in (args.get("side"), args.get("kind"), "JOIN") if word)
    on = args.get("on")
    return f"{words} {_text(args['this'])}" + (f" ON {_text(on)}" if on else "")


def _union(args: Args) -> str:
    _only(args, "with_", "this", "expression", "distinct", "order")
    if args.get("with_") or args.get("order"):
        raise _Unlisted
    word = "UNION" if args.get("distinct") else "UNION ALL"
    return f"{_text(args['this'])} {word} {_text(args['expression'])}"


def _subquery(args: Args) -> str:
    _only(args, "this", "alias")
    alias = args.get("alias")
    return f"({_text(args['this'])})" + (f" AS {_text(alias)}" if alias else "")


def _keyword(word: str, key: str = "this") -> Callable[[Args], str]:
    def write(args: Args) -> str:
        _only(args, key)
        return f"{word} {_text(args[key])}"

    return write


def _group(args: Args) -> str:
    _only(args, "expressions")
    return f"GROUP BY {_list(args['expressions'])}"


def _count(args: Args) -> str:
    _only(args, "this")
    return f"COUNT({_text(args['this'])})"


def _distinct(args: Args) -> str:
    _only(args, "expressions")
    return f"DISTINCT {_list(args['expressions'])}"


def _with(args: Args) -> str:
    _only(args, "expressions", "recursive")
    return f"WITH {'RECURSIVE ' if args.get('recursive') else ''}{_list(args['expressions'])}"


def _cte(args: Args) -> str:
    _only(args, "this", "alias")
    return f"{_text(args['alias'])} AS ({_text(args['this'])})"


def _create(args: Args) -> str:
    _only(args, "this", "kind", "expression")
    body = args.get("expression")
    return f"CREATE {args['kind']} {_text(args['this'])}" + (f" AS {_text(body)}" if body else "")


def _insert(args: Args) -> str:
    _only(args, "this", "expression")
    return f"INSERT INTO {_text(args['this'])} {_text(args['expression'])}"


def _drop(args: Args) -> str:
    _only(args, "this", "kind")
    return f"DROP {args['kind']} {_text(args['this'])}"


_WRITERS: Final[dict[type[E], Callable[[Args], str]]] = {
    exp.Identifier: _identifier,
    exp.Column: _column,
    exp.Table: _table,
    exp.TableAlias: _named,
    exp.Literal: _literal,
    exp.Boolean: lambda args: "TRUE" if args["this"] else "FALSE",
    exp.Null: lambda _: "NULL",
    exp.Star: _star,
    exp.Paren: lambda args: f"({_text(args['this'])})",
    exp.Neg: lambda args: f"-{_text(args['this'])}",
    exp.Not: lambda args: f"NOT {_text(args['this'])}",
    exp.Is: _binary("IS"),
    exp.EQ: _binary("="),
    exp.NEQ: _binary("<>"),
    exp.LT: _binary("<"),
    exp.LTE: _binary("<="),
    exp.GT: _binary(">"),
    exp.GTE: _binary(">="),
    exp.NullSafeEQ: _binary("IS NOT DISTINCT FROM"),
    exp.Add: _binary("+"),
    exp.Sub: _binary("-"),
    exp.Mul: _binary("*"),
    exp.IntDiv: _binary("//"),
    exp.Mod: _binary("%"),
    exp.DPipe: _binary("||"),
    exp.And: _binary("AND"),
    exp.Or: _binary("OR"),
    exp.Coalesce: _call("COALESCE"),
    exp.Abs: _call("ABS"),
    exp.Anonymous: _anonymous,
    exp.Cast: _cast("CAST"),
    exp.TryCast: _cast("TRY_CAST"),
    exp.Case: _case,
    exp.Between: _between,
    exp.In: _in,
    exp.Exists: lambda args: f"EXISTS({_text(args['this'])})",
    exp.Alias: lambda args: f"{_text(args['this'])} AS {_text(args['alias'])}",
    exp.Ordered: _ordered,
    exp.Order: _order,
    exp.Filter: _filter,
    exp.Window: _window,
    exp.WindowSpec: _spec,
    exp.Select: _select,
    exp.From: _keyword("FROM"),
    exp.Where: _keyword("WHERE"),
    exp.Having: _keyword("HAVING"),
    exp.Group: _group,
    exp.Join: _join,
    exp.Union: _union,
    exp.Subquery: _subquery,
    exp.DataType: _data_type,
    exp.Schema: _schema,
    exp.ColumnDef: _column_def,
    exp.IgnoreNulls: lambda args: f"{_text(args['this'])[:-1]} IGNORE NULLS)",
    exp.LastValue: _call("LAST_VALUE"),
    exp.Count: _count,
    exp.Distinct: _distinct,
    exp.With: _with,
    exp.CTE: _cte,
    exp.Create: _create,
    exp.Insert: _insert,
    exp.Drop: _drop,
}
