"""What a name can stand for at a place, before types: fields, attributes, identities, measures, parameters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from cityrules.plan.kinds import plain_kinds
from cityrules.plan.model import Axis, KindAxis, PeriodAxis, RecordAxis, Route
from cityrules.plan.names import Side
from cityrules.plan.views import Ground, View, view_of_element
from cityrules.scheme.notation import Grain

What = Literal["field", "attribute", "identity", "measure", "parameter", "now", "rule"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing a name can stand for. `owner`: the kind of record or target, if any; `grain`: how fine it is, if that
    decides who has it; `may_miss`: it can be missing because of the way that leads to it; `by`: that way, where the
    name says it (`giver.class`); `through`: of a measure, the reference by which the record is meant that has it."""

    what: What
    owner: str
    name: str
    grain: Grain | None = None
    side: Side = "cell"
    may_miss: bool = False
    by: Route | None = None
    through: str | None = None

    def __str__(self) -> str:
        """Its address in the document, which reads the same in every language."""
        match self.what:
            case "field":
                return f"records.{self.owner}.fields.{self.name}"
            case "attribute":
                return f"targets.{self.owner}.fields.{self.name}"
            case "identity":
                return f"targets.{self.name}"
            case "rule":
                return f"measures.{self.owner}.rules.{self.name}"
            case "now":
                return self.name
            case _:
                return f"{self.what}s.{self.name}"


@dataclass(frozen=True)
class Place:
    """Where an expression stands: its cell and, inside an axis, the element."""

    ground: Ground
    cell: View
    element: View | None = None
    axis: Axis | None = None
    known: dict[str, list[Meaning]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every name that has exactly one meaning here, sorted."""
        ground = self.ground
        known = {"as_of", *ground.measures, *ground.parameters, *plain_kinds(ground.kinds)}
        for record in ground.records.values():
            known.update(record.types)
        if self.element is not None and self.element.record is not None:
            known.update(self.element.record.types)
        for kind in ground.kinds.values():
            known.update(kind.fields)
        return tuple(name for name in sorted(known) if len(self.meanings(name)) == 1)

    def named(self, path: tuple[str, ...]) -> str:
        """The name at the start of a dotted one: that of a rule in an item (`streets.late`), of something about the
        target that a field names (`giver.class`), or as anywhere."""
        for length in range(len(path), 1, -1):
            dotted = ".".join(path[:length])
            if any(meaning.what == "rule" for meaning in self.known.get(dotted, ())):
                return dotted
        name = self.ground.named(path)
        if name == path[0] and len(path) > 1 and self._target_of(name):
            both = ".".join(path[:2])
            return both if self.meanings(both) else name
        return name

    def _target_of(self, field_: str) -> bool:
        """Whether a field of the record here names a target."""
        records = [view.record for view in (self.cell, self.element) if view is not None and view.record is not None]
        types = [record.fields[field_] for record in records if field_ in record.fields]
        return any(type_.kind in self.ground.kinds for type_ in types)

    def meanings(self, name: str) -> list[Meaning]:
        """Everything `name` stands for here, each once, with the side that it belongs to. One is as it should be."""
        found = self.known.get(name)
        if found is None:
            found = self.known[name] = self._look_up(name)
        return found

    def _look_up(self, name: str) -> list[Meaning]:
        at_cell = {_key(m): m for m in seen(self.ground, self.cell, name)}
        if self.element is None:
            found = at_cell
        else:
            at_element = {_key(m): m for m in seen(self.ground, self.element, name)}
            found = {}
            # A record sees others as they see themselves.
            alone = self.cell.record is not None
            for key in at_element if alone else {**at_element, **at_cell}:
                side: Side = "element" if alone else self._side(at_cell.get(key), at_element.get(key))
                one = at_element[key] if side == "element" else at_cell[key]
                found[key] = replace(one, side=side)
        return _without_namesakes(self.ground, name, list(found.values()))

    def period_side(self, period: str) -> Side | None:
        """Whose period of a kind is meant, None where there is not exactly one."""
        of_cell = period in self.cell.periods
        of_element = self.element is not None and period in self.element.periods
        if of_element and (not of_cell or self.cell.record is not None or self._inside(period)):
            return "element"
        return "cell" if of_cell else None

    def side_of(self, grain: Grain) -> Side | None:
        """Who belongs to exactly one cell of a grain: the element only where the cell does not, or the axis lies in
        between. None: nobody."""
        of_cell = _belongs(self.cell, grain)
        of_element = self.element is not None and _belongs(self.element, grain)
        if self.element is not None and self.cell.record is not None:
            return "element" if of_element else None
        if of_cell and of_element and grain.period is not None and self._inside(grain.period):
            return "element"
        return "cell" if of_cell else "element" if of_element else None

    def holder_side(self, kind: Grain) -> Side | None:
        """Whose target of a kind is meant: of records on an axis the one that they reach, else the cell's."""
        if isinstance(self.axis, RecordAxis) and self.belongs("element", kind):
            return "element"
        return self.side_of(kind)

    def belongs(self, side: Side, grain: Grain) -> bool:
        """Whether the cell, or the element, belongs to exactly one cell of a grain."""
        view = self.element if side == "element" else self.cell
        return view is not None and _belongs(view, grain)

    def _side(self, at_cell: Meaning | None, at_element: Meaning | None) -> Side:
        if at_element is None:
            return "cell"
        if at_cell is None:
            return "element"
        if isinstance(self.axis, KindAxis) and self.axis.itself is not None:
            # Of two targets of one kind the other's own is meant; what is above them is the cell's.
            own = at_element.grain is not None and at_element.grain.kind == self.axis.kind
            return "element" if own else "cell"
        if at_element.what in ("parameter", "attribute", "identity"):
            # A record is judged by what held on its day, everything else by what holds at the end of the period.
            return "element" if isinstance(self.axis, RecordAxis) else "cell"
        if at_element.grain is not None and at_element.grain.period is not None:
            return "element" if self._inside(at_element.grain.period) else "cell"
        return "cell"

    def _inside(self, period: str) -> bool:
        """Whether a kind of period is the axis, or lies between the axis and the cell's own."""
        if not isinstance(self.axis, PeriodAxis):
            return False
        own = self.cell.grain.period
        periods = self.ground.periods
        between = own is not None and periods.shorter(self.axis.period, period) and periods.shorter(period, own)
        return period == self.axis.period or between


def place(ground: Ground, grain: Grain, axis: Axis | None = None) -> Place:
    """The place of an expression about cells of `grain`, or about the elements of an axis there."""
    found = ground.places.get((grain, axis))
    if found is None:
        found = ground.places[grain, axis] = _place(ground, grain, axis)
    return found


def counting(ground: Ground, grain: Grain, ledger: str, rules: Iterable[str]) -> Place:
    """The place of the bound of a cap: a cell, where the rules of the ledger have counted something, too."""
    cell = place(ground, grain)
    known = {name: [*cell.meanings(name), Meaning("rule", ledger, name)] for name in rules}
    return Place(ground, cell.cell, None, None, known)


def _place(ground: Ground, grain: Grain, axis: Axis | None) -> Place:
    cell = ground.view(grain)
    if axis is None:
        return Place(ground, cell)
    if isinstance(axis, RecordAxis):
        return Place(ground, cell, view_of_element(ground, axis), axis)
    if isinstance(axis, PeriodAxis):
        return Place(ground, cell, ground.view(Grain(grain.kind, axis.period)), axis)
    return Place(ground, cell, ground.view(Grain(axis.kind, grain.period)), axis)


def seen(ground: Ground, view: View, name: str) -> Iterator[Meaning]:
    """Everything of that name of which the cell of a view has exactly one."""
    if view.record is not None and name in view.record.types:
        yield Meaning("field", view.record.name, name)
    if "." in name:
        yield from _of_target(ground, view, name)
    for record in ground.cell_rows.get(name, ()):
        grain = record.one_per
        if grain is not None and view.sees(grain):
            yield Meaning("field", record.name, name, grain, may_miss=view.may_miss(grain.kind))
    for way, measure in ground.behind(name) if "." in name else ():
        if view.record is not None and ground.referring(view.record, way, measure):
            yield Meaning("measure", view.record.name, measure, through=way)
        for record in ground.cell_rows.get(way, ()):
            grain = record.one_per
            if grain is not None and view.sees(grain) and ground.referring(record, way, measure):
                missing = view.may_miss(grain.kind)
                yield Meaning("measure", record.name, measure, grain, may_miss=missing, through=way)
    for kind, may_miss in view.kinds.items():
        if kind == name:
            yield Meaning("identity", kind, name, Grain(kind), may_miss=may_miss)
        if kind in ground.kinds and name in ground.kinds[kind].fields:
            yield Meaning("attribute", kind, name, Grain(kind), may_miss=may_miss)
    grain = ground.measures.get(name)
    if grain is not None and _belongs(view, grain):
        yield Meaning("measure", "", name, grain, may_miss=view.may_miss(grain.kind))
    if name in ground.parameters:
        yield Meaning("parameter", "", name)
    if name == "as_of":
        yield Meaning("now", "", name)


def _of_target(ground: Ground, view: View, name: str) -> Iterator[Meaning]:
    """What `giver.class` stands for at a record: the nearest of that name, of the target that its field names or of
    those above it."""
    field_, _, rest = name.partition(".")
    type_ = view.record.fields.get(field_) if view.record is not None else None
    start = ground.kinds.get(type_.kind or "") if type_ is not None else None
    if type_ is None or start is None:
        return
    for kind in (start.name, *start.ancestors):
        by = Route(field_, start.name, kind)
        if kind == rest and kind != start.name:
            yield Meaning("identity", kind, kind, Grain(kind), may_miss=type_.optional, by=by)
            return
        if rest in ground.kinds[kind].fields:
            yield Meaning("attribute", kind, rest, Grain(kind), may_miss=type_.optional, by=by)
            return


def _belongs(view: View, grain: Grain) -> bool:
    return view.sees(grain) or (view.record is not None and grain.kind == view.record.name)


def _key(meaning: Meaning) -> tuple[object, ...]:
    return meaning.what, meaning.owner, meaning.name, meaning.by


def _without_namesakes(ground: Ground, name: str, found: list[Meaning]) -> list[Meaning]:
    """A field may carry the name of the kind it refers to; the field is then meant."""
    fields = [m for m in found if m.what == "field" and _kind_of(ground, m.owner, name) == name]
    return [m for m in found if m.what != "identity"] if fields else found


def _kind_of(ground: Ground, record: str, field_: str) -> str | None:
    """The kind of target that a field names."""
    found = ground.record(record)
    return found.types[field_].kind if found is not None else None
