"""A select that grows in layers, so that an expression used twice is written once. Knows no plan.

The lowest layer is a source with its joins; from it single columns are drawn (`draw`). Expressions over drawn columns
can be given a name (`define`), which puts them into a layer above all that they read. Written out, each layer is a
select over the one below; the size of the text is the sum of the definitions, never their product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.dialect import text_of
from cityrules.engines.sql.syntax import E


class Query:
    """Rows of `source` (a relation's name) under the alias `b`."""

    def __init__(self, source: str) -> None:
        self._source = sql.table(source, "b")
        self._joins: list[tuple[E, E, str]] = []
        self._joined: dict[str, str] = {}
        self._filter: list[E] = []
        self._drawn: dict[str, tuple[str, E]] = {}
        self._layers: list[dict[str, E]] = []
        self._layer_of: dict[str, int] = {}
        self._defined: dict[str, str] = {}
        self._lookups: list[tuple[int, E, E]] = []

    @property
    def joins(self) -> bool:
        """Whether anything has been joined to the source, or to a layer above it."""
        return bool(self._joins or self._lookups)

    def join(self, relation: str, on: Mapping[str, E], day: E | None = None, *, inner: bool = False) -> str:
        """Join a relation whose columns equal the given expressions over the source and earlier joins, and, where a
        `day` is given, whose row holds on it (columns `f` and `u`); at most one row may match. Its alias; the same
        join is made once."""
        key = f"{relation}|{inner}|" + "|".join(f"{c}={text_of(e)}" for c, e in sorted(on.items()))
        key += "" if day is None else f"|{text_of(day)}"
        if key not in self._joined:
            alias = f"j{len(self._joins)}"
            self._joined[key] = alias
            conditions = [sql.equals(sql.column(c, alias), e) for c, e in on.items()]
            if day is not None:
                conditions += [sql.at_most(sql.column("f", alias), day), sql.less(day, sql.column("u", alias))]
            self._joins.append((sql.table(relation, alias), sql.both(*conditions), _side(inner)))
        return self._joined[key]

    def join_same(self, relation: str, columns: Sequence[str]) -> str:
        """Join the row of a relation that has the same in some columns as the source, nothing counted as a value."""
        alias = f"j{len(self._joins)}"
        conditions = [sql.same(sql.column(c, alias), sql.column(c, "b")) for c in columns]
        self._joins.append((sql.table(relation, alias), sql.both(*conditions), _side(False)))
        return alias

    def origin(self, drawn: exp.Column) -> E:
        """What a drawn column was drawn from, as joins need it."""
        return next(tree for name, tree in self._drawn.values() if name == drawn.name)

    def join_where(self, relation: str, alias: str, on: E) -> None:
        """An inner join on any condition over the source, earlier joins and `alias`."""
        self._joins.append((sql.table(relation, alias), on, _side(True)))

    def only(self, condition: E) -> None:
        """Keep rows of the lowest layer for which this holds (over source and joins)."""
        self._filter.append(condition)

    def draw(self, expression: E) -> exp.Column:
        """A column of the lowest layer: an expression over the source and its joins."""
        key = text_of(expression)
        if key not in self._drawn:
            self._drawn[key] = (f"d{len(self._drawn)}", expression)
        return sql.column(self._drawn[key][0])

    def lift(self, expression: E) -> E:
        """An expression over the source and its joins to be computed last, of the rows that are kept."""

        def drawn(node: E) -> E:
            return self.draw(node) if isinstance(node, exp.Column) and node.table else node

        return expression.transform(drawn)

    def define(self, expression: E) -> exp.Column:
        """A name for an expression over drawn and defined columns. Atoms stay as they are."""
        if isinstance(expression, exp.Column) and not expression.table:
            return expression
        key = text_of(expression)
        if key not in self._defined:
            self._defined[key] = self._put(expression, expression)
        return sql.column(self._defined[key])

    def _put(self, expression: E, over: E) -> str:
        """A name for an expression in the layer above all that `over` reads."""
        layer = 1 + max((self._layer_of.get(c.name, -1) for c in over.find_all(exp.Column)), default=-1)
        while len(self._layers) <= layer:
            self._layers.append({})
        name = f"h{len(self._layer_of)}"
        self._layers[layer][name] = expression
        self._layer_of[name] = layer
        return name

    def look_within(self, relation: str, key: E, day: E, values: Sequence[str]) -> list[exp.Column]:
        """The `values` in the one row of a relation whose `t` is the key and that holds on the day (columns `f` and
        `u`), over drawn and defined columns; null without one."""
        found = [f"{relation}|{value}|{text_of(key)}|{text_of(day)}" for value in values]
        if found[0] not in self._defined:
            alias = f"k{len(self._lookups)}"
            for name, value in zip(found, values, strict=True):
                self._defined[name] = self._put(
                    sql.column(value, alias), sql.both(sql.is_there(key), sql.is_there(day))
                )
            inside = sql.both(sql.at_most(sql.column("f", alias), day), sql.less(day, sql.column("u", alias)))
            on = sql.both(sql.equals(sql.column("t", alias), key), inside)
            self._lookups.append((self._layer_of[self._defined[found[0]]], sql.table(relation, alias), on))
        return [sql.column(self._defined[name]) for name in found]

    def look_up(self, relation: str, key: str, place: E, value: str) -> exp.Column:
        """The `value` in the one row of a relation with this `key`, a drawn or defined column; null without one."""
        found = f"{relation}|{text_of(place)}"
        if found not in self._defined:
            alias = f"k{len(self._lookups)}"
            self._defined[found] = name = self._put(sql.column(value, alias), place)
            on = sql.equals(sql.column(key, alias), place)
            self._lookups.append((self._layer_of[name], sql.table(relation, alias), on))
        return sql.column(self._defined[found])

    def select(self, outputs: Mapping[str, E], where: E | None = None, group: Sequence[E] = ()) -> exp.Select:
        """The rows for which `where` holds, with these columns (all over drawn and defined ones)."""
        return sql.select(dict(outputs), self._layered(None), where, group)

    def extended(self, added: Mapping[str, E]) -> exp.Select:
        """The rows with all columns of the source, whatever those are, and these (over drawn and defined ones). The
        text does not grow with the source, so that many additions one after the other stay cheap."""
        own = [name for name, _ in self._drawn.values()] + [name for layer in self._layers for name in layer]
        return sql.everything(self._layered("b"), None, dict(added), without=own)

    def _layered(self, every: str | None) -> E:
        """All layers; `every`: with all columns of what has this alias."""
        drawn = dict(self._drawn.values())
        kept = sql.both(*self._filter) if self._filter else None
        if every is None:
            query = sql.select(drawn or {"one": sql.number(1)}, self._source, kept)
        else:
            query = sql.everything(self._source, kept, drawn, of=every)
        for relation, on, side in self._joins:
            sql.join(query, relation, on, side)
        for place, layer in enumerate(self._layers):
            query = sql.everything(sql.nested(query, f"q{place}"), None, layer, of=f"q{place}")
            for at, relation, on in self._lookups:
                if at == place:
                    sql.join(query, relation, on)
        return sql.nested(query, "q")


def _side(inner: bool) -> str:
    return "INNER" if inner else "LEFT"
