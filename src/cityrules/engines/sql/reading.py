"""From a name in an expression to a column of a query, and from an expression to code over such columns.

All names of an expression are read whether or not they are needed: what cannot be read makes the reader undetermined.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from cityrules.calendar.periods import Back
from cityrules.engines.sql import dialect, periods
from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.doubts import Cause, Doubts
from cityrules.engines.sql.effects import effect_of, unknown_of
from cityrules.engines.sql.emit import Emitter
from cityrules.engines.sql.places import CellPlace, Place, RecordPlace
from cityrules.engines.sql.query import Query
from cityrules.engines.sql.syntax import E
from cityrules.engines.sql.values import column_type, lowered
from cityrules.engines.sql.world import BAD, World
from cityrules.feel.tree import Binding, Read
from cityrules.feel.types import DateTime, Flag, Type
from cityrules.feel.walk import nodes
from cityrules.plan import coding
from cityrules.plan.bounds import EPOCH
from cityrules.plan.code import Code, Const, Slot
from cityrules.plan.coding import FALSE, TRUE
from cityrules.plan.lower import is_zero
from cityrules.plan.model import Expr
from cityrules.plan.names import Attribute, Dial, Field, Fired, Identity, InForce, Measured, Now, PeriodPart, Tied
from cityrules.plan.overflow import overflow
from cityrules.plan.views import WHOLE
from cityrules.scheme.notation import Grain


@dataclass(frozen=True, slots=True)
class Held:
    """A binding of the engine's own: a drawn or defined column of the query that is being written, or a column of
    `table`, still to be drawn. (`type` is there because bindings have one; the slot says what the column holds.)"""

    type: Type
    column: str
    table: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A name that was found: its column, whether there is a cell to read at all, and what makes it unreadable."""

    column: E
    exists: Code
    unreadable: tuple[tuple[Cause, str, Code], ...]


def held(code: Code, column: str, table: str | None = None) -> Slot:
    """The value of `code`, found in a column of its stored type."""
    return Slot(code.sort, code.low, code.high, code.nullable, 1, Held(Flag(), column, table))


class Reader:
    """Reads names at the cell and the element of one query."""

    def __init__(self, world: World, query: Query, cell: Place | None, element: Place | None = None) -> None:
        self.world = world
        self._query = query
        self._cell = cell
        self._element = element
        self._found: dict[Binding, Found] = {}

    @property
    def emitter(self) -> Emitter:
        """Made anew each time: kept here, it would keep the reader, and with it all relations of an assessment, from
        going at once."""
        return Emitter(self._query, self._column, self.world.listed)

    def _column(self, binding: Binding) -> E:
        if not isinstance(binding, Held):
            return self._find(binding).column
        if binding.table is not None:
            return self._query.draw(sql.column(binding.column, binding.table))
        return sql.column(binding.column)

    # ------------------------------------------------------------------------------------------ expressions

    def concerns(self, exprs: Iterable[Expr | None]) -> Code:
        """Whether every measure that is read on the element side has a cell there."""
        needed = [
            self._find(binding).exists
            for binding in bindings(exprs)
            if isinstance(binding, (Measured, Tied)) and binding.side == "element" and _at_element(binding)
        ]
        return coding.all_of(needed)

    def read(self, exprs: Iterable[Expr | None], doubts: Doubts, where: Code = TRUE) -> None:
        """Note what names cannot be read, where that matters."""
        for binding in bindings(exprs):
            for cause, name, condition in self._find(binding).unreadable:
                doubts.add(cause, name, coding.all_of((where, condition)))

    def compute(self, expr: Expr, owner: str, doubts: Doubts, where: Code = TRUE) -> Code:
        """Note why an expression whose names are read cannot be computed. Whether a guard is zero."""
        zero = guarded(expr)
        doubts.add("overflow", owner, coding.all_of((where, left_calendar(expr, zero))))
        doubts.add("empty", owner, coding.all_of((where, zero)))
        return zero

    def know(self, binding: Binding, found: Found) -> None:
        """Note how a name is found that only the reader's owner knows."""
        self._found[binding] = found

    def value(self, binding: Binding) -> E:
        """The value of a name as the database holds it."""
        return self._column(binding)

    def emit(self, code: Code) -> E:
        return self.emitter.emit(code)

    def flag(self, condition: E) -> Code:
        """A condition over the source and joins of the query, never null, as code."""
        return coding.slot(Held(Flag(), self._query.draw(condition).name))

    def defined(self, condition: E) -> Code:
        """A condition over drawn and defined columns, never null, as code."""
        return coding.slot(Held(Flag(), self._query.define(condition).name))

    def hold(self, code: Code) -> Code:
        """Code that is used several times, computed once."""
        if isinstance(code, (Slot, Const)):
            return code
        return held(code, self._query.define(self.emitter.stored(code)).name)

    def told(self, like: Code, window: E) -> Code:
        """The values of a window function, which are such as `like` has."""
        return held(like, self._query.define(window).name)

    # ------------------------------------------------------------------------------------------ names

    def _find(self, binding: Binding) -> Found:
        found = self._found.get(binding)
        if found is None:
            found = self._found[binding] = self._look_up(binding)
        return found

    def _place(self, side: str) -> Place:
        place = self._element if side == "element" else self._cell
        if place is None:
            raise LookupError(f"no {side} here")
        return place

    def _look_up(self, binding: Binding) -> Found:
        match binding:
            case Field() if self.world.plan.record(binding.record).one_per is not None:
                return self._cell_field(binding)
            case Field():
                place = self._place(binding.side)
                assert isinstance(place, RecordPlace)
                return self._plain(place.field(binding.name))
            case Attribute():
                return self._attribute(binding)
            case Identity():
                return self._plain(self._target(binding), binding.type)
            case Measured() | Tied():
                return self._measured(binding)
            case Dial():
                return self._dial(binding)
            case Now():
                return Found(_literal(self.world.as_of, binding.type), TRUE, ())
            case PeriodPart():
                return self._period_part(binding)
            case Fired():
                return self._fired(binding)
            case InForce():
                return self._in_force(binding)
        raise TypeError(f"not a name of the plan: {binding!r}")

    def _plain(self, column: E | None, type_: Type | None = None) -> Found:
        if column is None:
            assert type_ is not None
            column = sql.cast(sql.null(), column_type(type_))
        return Found(self._query.draw(column), TRUE, ())

    def _target(self, binding: Attribute | Identity) -> E | None:
        """The target of whom a name speaks."""
        place = self._place(binding.side)
        if binding.by is None:
            return place.target(binding.kind)
        # Rows alone have fields that name targets.
        return place.along(binding.by)  # type: ignore[attr-defined, no-any-return]

    def _attribute(self, binding: Attribute) -> Found:
        place = self._place(binding.side)
        name = self._target(binding)
        if name is None:
            return self._plain(None, binding.type)
        targets = self.world.targets[binding.kind]
        alias = self._query.join(targets.relation, {"n": name}, place.day() if targets.dated else None)
        return self._plain(sql.column(targets.attributes[binding.name], alias))

    def _cell_field(self, binding: Field) -> Found:
        records = self.world.of_kind(binding.record)
        grain = records.kind.one_per
        assert grain is not None
        place = self._place(binding.side)
        key = _key(self.world, place, grain)
        if key is None:
            return self._nowhere(binding, binding.record, TRUE)
        alias = self._query.join(records.relation, key)
        unreadable: tuple[tuple[Cause, str, Code], ...] = ()
        if records.kind.absent == "error":
            nothing = sql.is_null(sql.column("o", alias))
            if binding.type.optional and "t" in key:
                # Without a target there is no row that could be absent.
                nothing = sql.both(nothing, sql.is_there(key["t"]))
            unreadable = (("absent", binding.record, self.flag(nothing)),)
        return Found(self._query.draw(sql.column(records.fields[binding.name], alias)), TRUE, unreadable)

    def _nowhere(self, binding: Binding, name: str, exists: Code) -> Found:
        """What is read where there never is a cell."""
        nothing = sql.cast(sql.null(), column_type(binding.type))
        unreadable = [] if binding.type.optional else [("absent", name, TRUE)]
        return Found(nothing, exists, _possible(unreadable))

    def _measured(self, binding: Measured | Tied) -> Found:
        name = binding.measure
        measure = self.world.plan.measures[name]
        place = self._place(binding.side)
        if isinstance(binding, Measured) and binding.through is not None:
            return self._of_referent(binding, binding.through)
        if measure.of_record:
            assert isinstance(place, RecordPlace)
            columns = place.records.measures[name]
            exists = TRUE if columns.exists is None else self.flag(sql.column(columns.exists, place.alias))
            unreadable = [("absent", name, coding.negated(exists))] if not binding.type.optional else []
            if columns.cause is not None:
                unreadable.append(("depends", name, self.flag(sql.is_there(sql.column(columns.cause, place.alias)))))
            return Found(self._query.draw(sql.column(columns.value, place.alias)), exists, _possible(unreadable))
        cells = self.world.cells[name]
        back: Back = getattr(binding, "back", "")
        key = _key(self.world, place, measure.grain, back)
        if key is None:
            return self._nowhere(binding, name, FALSE)
        alias = self._query.join(cells.relation, key)
        own = isinstance(place, CellPlace) and place.in_grid and place.grain == measure.grain
        sure = cells.everywhere and not back and own
        exists = TRUE if sure else self.flag(sql.is_there(sql.column("t", alias)))
        unreadable = [("absent", name, coding.negated(exists))] if not binding.type.optional else []
        if cells.troubled:
            unreadable.append(("depends", name, self.flag(sql.is_there(sql.column("c", alias)))))
        value = sql.column("tied" if isinstance(binding, Tied) else "v", alias)
        return Found(self._query.draw(value), exists, _possible(unreadable))

    def _of_referent(self, binding: Measured, through: Field) -> Found:
        """A measure of the record that a field refers to; nothing where it refers to none, or that one has no cell."""
        name = binding.measure
        records = self.world.records_of(self.world.plan.measures[name].grain.kind)
        refers = self._find(through)
        key = self._query.origin(refers.column) if isinstance(refers.column, exp.Column) else refers.column
        alias = self._query.join(records.relation, {records.fields[records.kind.key[0]]: key})
        columns = records.measures[name]
        unreadable = list(refers.unreadable)
        if columns.cause is not None:
            unreadable.append(("depends", name, self.flag(sql.is_there(sql.column(columns.cause, alias)))))
        return Found(self._query.draw(sql.column(columns.value, alias)), TRUE, tuple(unreadable))

    def _fired(self, binding: Fired) -> Found:
        name, place = binding.consequence, self._place(binding.side)
        grain = self.world.plan.consequences[name].grain
        if isinstance(place, RecordPlace) and place.records.kind.name == grain.kind:
            columns = place.records.measures[name]
            bad = [] if columns.cause is None else [self.flag(sql.is_there(sql.column(columns.cause, place.alias)))]
            value = self._query.draw(sql.column(columns.value, place.alias))
            return Found(value, TRUE, _possible([("depends", name, one) for one in bad]))
        if isinstance(place, RecordPlace) and place.records.kind.name == name and binding.step is None:
            # A row of the consequence itself.
            return Found(sql.truth(True), TRUE, (("depends", name, self.flag(sql.column(BAD, place.alias))),))
        key = _key(self.world, place, grain)
        if key is None:
            return Found(sql.truth(False), TRUE, ())
        followed = self.world.followed(name)
        alias = self._query.join(followed.relation, key)
        value = self._query.draw(sql.is_true(sql.column(followed.steps[binding.step], alias)))
        return Found(value, TRUE, (("depends", name, self.flag(sql.is_true(sql.column(BAD, alias)))),))

    def _in_force(self, binding: InForce) -> Found:
        name, place = binding.consequence, self._place(binding.side)
        target = place.target(self.world.plan.consequences[name].grain.kind)
        day = self._find(binding.day)
        if target is None:
            return Found(sql.truth(False), TRUE, day.unreadable)
        on = self._query.origin(day.column) if isinstance(day.column, exp.Column) else day.column
        on = dialect.day_of_seconds(on) if isinstance(binding.day.type, DateTime) else on
        effect = self._query.join(effect_of(self.world, name, binding.step), {"t": target}, on)
        doubt = self._query.join(unknown_of(self.world, name), {"t": target}, on)
        there = sql.is_there(sql.column("t", effect))
        missing = sql.both(sql.is_null(on), sql.is_there(target))
        value = self._query.draw(sql.case((sql.not_(missing), there)) if binding.type.optional else there)
        depends: tuple[Cause, str, Code] = ("depends", name, self.flag(sql.is_there(sql.column("t", doubt))))
        return Found(value, TRUE, (*day.unreadable, depends))

    def _dial(self, binding: Dial) -> Found:
        values = self.world.plan.parameters[binding.name].values
        type_ = binding.type
        first, *later = [(day, _literal(value, type_)) for day, value in values]
        if not later:
            return Found(first[1], TRUE, ())
        day = self._place(binding.side).day()
        branches = [(sql.at_most(sql.number((from_ - EPOCH).days), day), value) for from_, value in reversed(later)]
        return Found(self._query.draw(sql.case(*branches, otherwise=first[1])), TRUE, ())

    def _period_part(self, binding: PeriodPart) -> Found:
        index = self._place(binding.side).period(binding.period)
        if index is None:
            return self._plain(None, binding.type)
        part = {"start": periods.start, "last_day": periods.last_day, "number": periods.number}[binding.part]
        return self._plain(part(self.world.periods[binding.period], index))


def bindings(exprs: Iterable[Expr | None]) -> Iterator[Binding]:
    """Every name that some expressions and their guards read, each once."""
    seen: set[Binding] = set()
    for expr in exprs:
        for tree in (expr.tree, *expr.guards) if expr is not None else ():
            for node in nodes(tree):
                if isinstance(node, Read) and node.binding not in seen:
                    seen.add(node.binding)
                    yield node.binding


def reads_nothing(world: World, expr: Expr) -> bool:
    """Whether an expression is the same everywhere, and never missing: made of parameters that never change."""
    return not expr.type.optional and not expr.guards and all(_fixed(world, one) for one in bindings([expr]))


def _fixed(world: World, binding: Binding) -> bool:
    return isinstance(binding, Dial) and len(world.plan.parameters[binding.name].values) == 1


def reads_cell(world: World, exprs: Iterable[Expr | None]) -> bool:
    """Whether expressions inside an axis read anything of the cell that differs from cell to cell."""
    for binding in bindings(exprs):
        if _fixed(world, binding):
            continue
        if not isinstance(binding, Now) and getattr(binding, "side", "cell") == "cell":
            return True
    return False


def guarded(expr: Expr) -> Code:
    """Whether a divisor is zero; never null."""
    return coding.any_of(coding.holds(is_zero(guard)) for guard in expr.guards)


def left_calendar(expr: Expr, zero: Code) -> Code:
    """Whether a date or duration leaves its range before, or without, a divisor being zero."""
    before = coding.any_of(overflow(guard) for guard in expr.guards)
    return coding.any_of((before, coding.all_of((coding.negated(zero), overflow(expr.tree)))))


def _at_element(binding: Measured | Tied) -> bool:
    """Whether a measure is read in the cell that the element is, or lies in."""
    return isinstance(binding, Tied) or not (binding.back or binding.through)


def _possible(found: Sequence[tuple[str, str, Code]]) -> tuple[tuple[Cause, str, Code], ...]:
    return tuple((cause, name, code) for cause, name, code in found if code != FALSE)  # type: ignore[misc]


def _literal(value: object, type_: Type) -> E:
    found = lowered(value, type_)  # type: ignore[arg-type]
    if found is None:
        return sql.cast(sql.null(), column_type(type_))
    if isinstance(found, bool):
        return sql.truth(found)
    return sql.text(found) if isinstance(found, str) else sql.cast(sql.number(found), column_type(type_))


def _key(world: World, place: Place, grain: Grain, back: Back = "") -> dict[str, E] | None:
    """The columns `t` and `p` of the cell of a grain that contains a place; None where there is none."""
    target = place.target(grain.kind)
    if target is None:
        return None
    key = {} if grain.kind == WHOLE else {"t": target}
    if grain.period is not None:
        index = place.period(grain.period)
        if index is None:
            return None
        key["p"] = periods.back(world.periods[grain.period], index, back)
    return key
