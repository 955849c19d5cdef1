"""One explanation in the making: how deep it may still go, what it has told already, and the lines for names.

Bounded: a cell is told once, deeper cells are named with their value only, and a tree has at most `NODES` lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from cityrules.feel.evaluate import EvaluationError, evaluate
from cityrules.feel.tree import Binding, Lookup, Read, Tree, Value
from cityrules.feel.types import Number
from cityrules.feel.walk import nodes
from cityrules.plan.model import Consequence, Expr, Fold, Formula, Measure, Plan
from cityrules.plan.names import Attribute, Dial, Field, Fired, Identity, InForce, Measured, Now, PeriodPart, Tied
from cityrules.results.cells import Cells, Found
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.reading import Reader
from cityrules.scheme.notation import plain_number, scale_of

NODES: Final = 20_000
_EXACT_DIGITS: Final = 8


@dataclass(slots=True)
class Budget:
    """What is left of one tree, shared by all its branches."""

    told: set[tuple[str, Place]] = field(default_factory=set)
    nodes: int = NODES


@dataclass(frozen=True, slots=True)
class Trail:
    """Where an explanation stands. `tell` explains a whole cell, of a measure or a consequence; `depth` is how many
    cells deeper it may go."""

    plan: Plan
    reader: Reader
    tell: Callable[[Trail, Measure | Consequence, Place], Explanation]
    depth: int
    budget: Budget = field(default_factory=Budget)

    @property
    def cells(self) -> Cells:
        return self.reader.cells

    def cell(self, measure: str, place: Place | None) -> Explanation:
        """The explanation of a cell that was read: whole, or only its value where it was told or is too deep."""
        base = self.plan.measures.get(measure)
        if base is None:
            waits = next((w.waits_for for w in self.plan.withheld if w.name == measure), None)
            return line("withheld", measure=measure, waits_for=waits)
        place = replace(place, route=None) if place is not None else None
        if place is None or self.reader.row(measure, place) is None:
            return line("no_cell", **self.heading(base, place))
        if (measure, place) in self.budget.told:
            return line("told", **self.heading(base, place))
        if self.depth <= 0 or self.budget.nodes <= 0:
            return line("deeper", **self.heading(base, place))
        return self._whole(base, place)

    def consequence(self, name: str, place: Place) -> Explanation:
        """The explanation of a consequence that was read, in one cell or for one record: whole or named, likewise."""
        body = self.plan.consequences[name]
        place = replace(place, route=None)
        kind = "told" if (name, place) in self.budget.told else "deeper"
        if kind == "told" or self.depth <= 0 or self.budget.nodes <= 0:
            heading = self.heading_of(body, place)
            return line(kind, **{**heading, "measure": heading.pop("consequence")})
        return self._whole(body, place)

    def either(self, name: str, place: Place) -> Explanation:
        """A measure or a consequence."""
        return self.consequence(name, place) if name in self.plan.consequences else self.cell(name, place)

    def _whole(self, base: Measure | Consequence, place: Place) -> Explanation:
        self.budget.told.add((base.name, place))
        return self.tell(replace(self, depth=self.depth - 1), base, place)

    def heading_of(self, body: Consequence, place: Place) -> dict[str, object]:
        """What the line of a consequence says: which it is, and whether it is undecided what followed."""
        values: dict[str, object] = {
            "consequence": body.name,
            "label": body.label if body.label != body.name else None,
            "clause": body.clause or None,
            "state": "undecided" if self.reader.problem(body.name, place) else None,
        }
        if place.of_record:
            return values | {"record_kind": place.kind, "record": place.target}
        return values | {"target": place.target or None, "period": self.reader.period_name(place)}

    def heading(self, base: Measure, place: Place | None) -> dict[str, object]:
        """What the line of a cell says: which it is, and what came out."""
        row = (self.reader.row(base.name, place) if place else None) or {}
        state = row.get("state")
        values: dict[str, object] = {
            "measure": base.name,
            "label": base.label if base.label != base.name else None,
            "clause": base.clause,
            "value": row.get("value"),
            "unit": row.get("unit"),
            "state": state if state != "value" else None,
            "provisional": "true" if row.get("provisional") else None,
        }
        if place is not None and place.of_record:
            values |= {"record_kind": place.kind, "record": place.target}
        elif place is not None:
            values |= {"target": place.target or None, "period": self.reader.period_name(place)}
        return values

    def names(self, expr: Expr | None, cell: Place, element: Place | None = None) -> tuple[Explanation, ...]:
        """One line for each name of an expression, with the value it had; measures are explained in their turn."""
        if expr is None:
            return ()
        reads = {self._fraction(node.binding): node.name for node in nodes(expr.tree) if isinstance(node, Read)}
        self.budget.nodes -= len(reads)
        found = (self._name(name, binding, cell, element) for binding, name in reads.items())
        return (*(one for one in found if one is not None), *self._lookups(expr, cell, element))

    def name(self, read: Read, cell: Place, element: Place | None = None) -> Explanation | None:
        """The line of one name; None for what has no value to show."""
        return self._name(read.name, read.binding, cell, element)

    def _fraction(self, binding: Binding) -> Binding:
        """The halves of a fraction are told as the fraction."""
        whole = self.plan.quotient_of(binding.measure) if isinstance(binding, Measured) else None
        if not isinstance(binding, Measured) or whole is None or whole == binding.measure:
            return binding
        return replace(binding, measure=whole, type=self.plan.measures[whole].type)

    def _lookups(self, expr: Expr, cell: Place, element: Place | None) -> Iterator[Explanation]:
        """One line for each look-up in a table, with the value that it gave."""
        found = {_written(node, expr): node for node in nodes(expr.tree) if isinstance(node, Lookup)}
        for text, node in found.items():
            table = self.plan.tables[node.table]
            value = self.evaluate(node, cell, element)
            yield line(
                "lookup",
                text=text,
                value=None if value is None else constant_text(value, node.type),
                state="missing" if value is None else None,
                label=table.label,
                clause=table.clause,
            )

    def _name(self, name: str, binding: object, cell: Place, element: Place | None) -> Explanation | None:
        reader = self.reader
        match binding:
            case Measured():
                return self.cell(binding.measure, reader.place_of(binding, cell, element))
            case Field():
                at, kind = reader.record_of(binding, cell, element), "field"
                if (
                    at is not None
                    and self.plan.record(binding.record).one_per
                    and not reader.facts.record(binding.record, at)
                ):
                    return line("no_row", name=name, record_kind=binding.record, record=at)
                more: dict[str, object] = {"record_kind": binding.record, "record": at}
            case Attribute() | Identity():
                target = reader.target_meant(binding, reader.side(binding, cell, element))
                kind, more = "attribute", {"target_kind": binding.kind, "target": target}
                if isinstance(binding, Identity):
                    kind = "identity"
            case Dial():
                parameter = self.plan.parameters[binding.name]
                since = reader.dial(binding, cell, element)[1]
                kind = "parameter"
                more = {
                    "label": parameter.label,
                    "clause": parameter.clause,
                    "unit": parameter.unit,
                    "since": since.isoformat() if since else None,
                }
            case Fired() | InForce():
                # As long as one thing is undecided, so is the answer.
                unknown = [self.consequence(binding.consequence, at) for at in reader.undecided(binding, cell, element)]
                if unknown:
                    return line("name", *unknown, name=name, state="undetermined")
                rows = reader.told_by(binding, cell, element)
                return line("name", *map(self.act, rows), name=name, value="true" if rows else "false")
            case Tied() | Now() | PeriodPart():
                kind, more = "name", {}
            case _:
                return None
        value = reader.value(binding, cell, element)
        text = reader.text(binding, value)
        return line(kind, name=name, value=text, state="missing" if text is None else None, **more)

    def act(self, row: Found, *children: Explanation) -> Explanation:
        """What followed, by whom and on which evidence."""
        body = self.plan.consequences.get(str(row["consequence"]))
        of_step = {step.name: step.act for step in body.steps} if body is not None else {}
        act = of_step.get(str(row["step"]), body.act if body is not None else None)
        lifts = act.ends.axis if act is not None and act.ends is not None else None
        return act_line(row, *children, lifts=(lifts.follows or lifts.record) if lifts is not None else None)

    def condition(self, expr: Expr | None, cell: Place, element: Place | None = None) -> tuple[Explanation, ...]:
        """A condition with its text, and under it the values of its names. Nothing where there is none."""
        if expr is None:
            return ()
        return (line("condition", *self.names(expr, cell, element), text=expr.text),)

    def evaluate(self, tree: Tree, cell: Place, element: Place | None = None) -> Value:
        """The value of a part of an expression with what the tables hold; None too where that is not enough."""
        try:
            return evaluate(tree, lambda binding: self.reader.value(binding, cell, element))
        except (EvaluationError, TypeError, ValueError, ArithmeticError):
            # Something that was read is not in the tables (an undetermined cell): there is nothing to show then.
            return None


def _written(node: Lookup, expr: Expr) -> str:
    """A look-up as it is written. Where an expression is put together from several (a limit and its extension) the
    places of its parts are no longer known, but their names are."""
    if all(isinstance(key, Read) for key in node.keys):
        names = ", ".join(key.name for key in node.keys if isinstance(key, Read))
        return f"{node.table}({names}).{node.column}"
    return expr.text[node.start : node.end] or f"{node.table}.{node.column}"


def rounding(measure: Formula | Fold, exact: Value, value: object) -> tuple[Explanation, ...]:
    """The line of a rounding: what was rounded, how, whose rule that is, and what came out."""
    how = measure.round
    if how is None or value is None:
        return ()
    origin = "document" if measure.round_default else "own"
    shown = exact_text(exact) if isinstance(exact, (int, Fraction)) else None
    return (line("rounding", exact=shown, mode=how.mode, digits=how.digits, value=value, origin=origin),)


def exact_text(value: int | Fraction) -> str:
    """An exact number, cut with `…` where its decimals do not end soon."""
    scale = scale_of(value)
    if scale is not None and scale <= _EXACT_DIGITS:
        return plain_number(value)
    whole = abs(Fraction(value)) * 10**_EXACT_DIGITS // 1
    digits = str(int(whole)).rjust(_EXACT_DIGITS + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-_EXACT_DIGITS]}.{digits[-_EXACT_DIGITS:]}…"


def constant_text(value: object, type_: object = None) -> str | None:
    """A constant of the document as text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Fraction)):
        scale = type_.scale if isinstance(type_, Number) else None
        text = plain_number(value)
        if scale:
            whole, _, decimals = text.partition(".")
            return f"{whole}.{decimals.ljust(scale, '0')}"
        return text
    return str(value)


def act_line(row: Found, *children: Explanation, lifts: str | None) -> Explanation:
    """What followed, by whom and on which evidence. `lifts`: of what kind that is which lifts it."""
    return line(
        "act",
        *children,
        **texts(
            row,
            "step",
            "act",
            "options",
            "act_kind",
            "to",
            "decision",
            "decided_by",
            "level",
            "amount",
            "least",
            "most",
            "unit",
            "starts",
            "due",
            "until",
            "ended_by",
            "evidence",
            "clause",
            "date",
        ),
        lifts=lifts if row["ended_by"] is not None else None,
        provisional="true" if row["provisional"] else None,
    )


def texts(row: Mapping[str, object], *names: str) -> dict[str, object]:
    """Some columns of a row by name; what is empty is left out."""
    return {name: row[name] for name in names if row.get(name) not in (None, "")}
