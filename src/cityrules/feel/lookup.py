"""Tables of constants as expressions see them, and the comparisons that a look-up stands for. Knows no document.

A look-up becomes a search tree of comparisons over the sorted keys, so that every engine that knows `If` and `Compare`
knows tables; texts are compared in binary order there, as nowhere else in the language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from cityrules.feel.interval import Interval
from cityrules.feel.kinds import Refusal, join, literal_number, number, same_kind
from cityrules.feel.tree import Compare, If, Literal_, Lookup, Tree, Value
from cityrules.feel.types import Flag, Member, Null, Number, Text, Type, as_optional

Key = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Exact keys to columns. `keys`: name and type of each; a `Text` with labels, a flag and a whole number with both
    bounds are closed: every value is known. `columns`: the types of the values. `rows`: the values by key, in the
    order of `columns`; none where the table is not `stated`. `absent`: the value, by column, where no row has the key;
    None: there is always one."""

    name: str
    keys: tuple[tuple[str, Type], ...]
    columns: Mapping[str, Type]
    rows: Mapping[Key, tuple[Value, ...]]
    absent: Mapping[str, Value] | None
    stated: bool = True

    def values(self, column: str) -> list[Value]:
        """The values of a column in the order of the rows."""
        place = list(self.columns).index(column)
        return [row[place] for row in self.rows.values()]


def values_of(type_: Type) -> list[Value] | None:
    """Every value of a closed type, None where nobody can list them."""
    match type_:
        case Text(labels=labels) if labels is not None:
            return list(labels)
        case Flag():
            return [False, True]
        case Number(scale=0, low=low, high=high) if low is not None and high is not None and high - low < 1000:
            return list(range(int(low), int(high) + 1))
        case _:
            return None


def uncovered(table: Table, place: int, argument: Tree) -> str | None:
    """A value of the argument that a closed key does not have, as it would be written; None where there is none.

    The key at `place` of a table that has a row for every key; targets by name are then those of its rows."""
    key = table.keys[place][1]
    known, given = values_of(key), values_of(argument.type)
    if isinstance(key, Member) and isinstance(argument, Literal_):
        known = [row[place] for row in table.rows]
    if isinstance(argument, Literal_):
        given = [argument.value]
    if known is None:
        return None
    if given is None:
        return "..."
    found = next((value for value in given if value not in known), None)
    return None if found is None else str(found)


def fits(key: Type, argument: Tree) -> bool:
    """Whether an argument has the kind of a key. The name of a target may be written out."""
    if isinstance(key, Member) and isinstance(argument, Literal_) and isinstance(argument.type, Text):
        return True
    return same_kind(key, argument.type) and not isinstance(argument.type, Null)


def look_up(table: Table, column: str, arguments: tuple[Tree, ...], start: int, end: int) -> Lookup:
    """The look-up of fitting arguments as a tree."""
    keyless = any(argument.type.optional for argument in arguments)
    if not table.stated:
        type_ = as_optional(table.columns[column], keyless)
        return Lookup(type_, start, end, table.name, column, arguments, _unknown(type_, start, end))
    place = list(table.columns).index(column)
    absent = None if table.absent is None else _literal(table.absent[column], table.columns[column], start, end)
    rows = [(key, _literal(row[place], table.columns[column], start, end)) for key, row in table.rows.items()]
    value = _search(rows, arguments, absent, start, end)
    return Lookup(
        as_optional(value.type, value.type.optional or keyless), start, end, table.name, column, arguments, value
    )


def column_type(table: Table, column: str) -> Type:
    """The type of everything that stands in a column; as declared where nothing is stated."""
    values = table.values(column)
    declared = table.columns[column]
    if not values:
        return declared
    found = _literal(values[0], declared, 0, 0).type
    for value in values[1:]:
        found = _joined(found, _literal(value, declared, 0, 0).type)
    return found


def _search(
    rows: Sequence[tuple[Key, Tree]], arguments: tuple[Tree, ...], absent: Tree | None, start: int, end: int
) -> Tree:
    """The value of the row whose keys are those of the arguments: key after key, each by halves."""
    if not arguments:
        return rows[0][1]
    by_first: dict[Any, list[tuple[Key, Tree]]] = {}
    for key, value in rows:
        by_first.setdefault(key[0], []).append((key[1:], value))
    possible = _possible(arguments[0])
    firsts = sorted(first for first in by_first if possible is None or first in possible)
    certain = absent is None or (possible is not None and len(firsts) == len(possible))
    branches = [(first, _search(by_first[first], arguments[1:], absent, start, end)) for first in firsts]
    return _halves(branches, arguments[0], absent if not certain else None, start, end)


def _possible(argument: Tree) -> set[Value] | None:
    if isinstance(argument, Literal_):
        return {argument.value}
    known = values_of(argument.type)
    return None if known is None else set(known)


def _halves(branches: Sequence[tuple[Any, Tree]], argument: Tree, absent: Tree | None, start: int, end: int) -> Tree:
    if not branches:
        assert absent is not None
        return absent
    if len(branches) == 1:
        at, value = branches[0]
        if absent is None:
            # Whether the key is there still decides whether there is a value.
            return (
                _if(_compare("=", argument, at, start, end), value, value, start, end)
                if argument.type.optional
                else value
            )
        return _if(_compare("=", argument, at, start, end), value, absent, start, end)
    half = len(branches) // 2
    below = _halves(branches[:half], argument, absent, start, end)
    above = _halves(branches[half:], argument, absent, start, end)
    return _if(_compare("<", argument, branches[half][0], start, end), below, above, start, end)


def _compare(op: Any, argument: Tree, value: Any, start: int, end: int) -> Tree:
    if isinstance(argument.type, Flag):
        # Only `<` true, `= false` and `= true` come up here.
        found: Tree = Compare(
            argument.type, start, end, "=", argument, Literal_(Flag(), start, end, op != "<" and value), False
        )
        return found
    return Compare(
        Flag(argument.type.optional), start, end, op, argument, _literal(value, argument.type, start, end), False
    )


def _if(condition: Tree, then: Tree, otherwise: Tree, start: int, end: int) -> Tree:
    return If(_joined(then.type, otherwise.type), start, end, condition, then, otherwise)


def _joined(one: Type, two: Type) -> Type:
    found = join(one, two, (False, False))
    assert not isinstance(found, Refusal)
    return found


def _literal(value: Value, declared: Type, start: int, end: int) -> Literal_:
    """A cell of a table, with the unit that its column has."""
    if value is None:
        return Literal_(as_optional(declared), start, end, None)
    if isinstance(declared, Number):
        assert isinstance(value, (int, Fraction))
        # The digits are those that the column declares, not those that single cells happen to need.
        scale = max(declared.scale or 0, literal_number(Fraction(value)).scale or 0)
        bounds = Interval(Fraction(value), Fraction(value))
        return Literal_(number(scale, bounds, declared.unit, False), start, end, value)
    if isinstance(declared, Text):
        return Literal_(Text((str(value),)), start, end, value)
    return Literal_(as_optional(declared, False), start, end, value)


def _unknown(type_: Type, start: int, end: int) -> Literal_:
    """What stands for the value of a table that the text leaves open; nobody evaluates it."""
    return Literal_(as_optional(type_), start, end, None)
