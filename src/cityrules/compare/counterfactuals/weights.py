"""How much one record can move a verdict at most, where the plan proves it: of a ledger of plain rules, and of a grade
that goes by one.

A rule is plain where what it takes for a record depends on that record alone: rules that displace each other do so
among what hits one record, unless records of one event are settled together. What is left of it by caps, a floor and a
ceiling changes no more than the points themselves; a rounding adds less than one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cityrules.compare.counterfactuals.sought import Sought
from cityrules.feel.tree import Literal_, Read
from cityrules.plan.model import Bands, Expr, Formula, Ledger, Plan, RecordAxis, Rule
from cityrules.plan.names import Attribute, Dial, Field, Identity, Measured, Name, Now, PeriodPart
from cityrules.plan.reading import bindings, expressions
from cityrules.results.tables import DIMENSION, Table
from cityrules.results.verdicts import About

Span = tuple[Fraction | None, Fraction | None]


@dataclass(frozen=True, slots=True)
class Weights:
    """`of`: by kind and key of a record the most that it moves; what is not in it moves nothing. `needed`: records that
    weigh less together cannot be enough."""

    of: Mapping[tuple[str, str], Fraction]
    needed: Fraction


def weights(plan: Plan, tables: Mapping[str, Table], sought: Sought) -> Weights | None:
    """What the plan and the lines of the ledger prove; None where they prove nothing."""
    ledger = _ledger(plan, sought.about.name)
    if ledger is None or not _plain(plan, ledger):
        return None
    about = sought.about
    value = _value(tables["values"], about, ledger.name)
    if value is None:
        return None
    step = Fraction(1, 10 ** plan.measure_scale(ledger.name))
    wanted = _wanted(plan, sought)
    if wanted is None:
        return None
    far = min((_distance(value, span) for span in wanted), default=Fraction(0))
    # Values are whole numbers of steps, so that what moves at all moves by one.
    needed = max(far, step) - (step if ledger.round is not None else 0)
    return Weights(dict(_lines(tables["ledger"], about, ledger.name)), needed)


def _ledger(plan: Plan, name: str) -> Ledger | None:
    """The ledger that a measure is, or that a grade goes by in the same cell."""
    measure = plan.measures.get(name)
    if isinstance(measure, Bands):
        if measure.applies is not None and not _fixed(measure.applies):
            return None
        tree = measure.value.tree
        binding = tree.binding if isinstance(tree, Read) else None
        if not isinstance(binding, Measured) or binding.back or binding.through is not None:
            return None
        below = plan.measures[binding.measure]
        return below if isinstance(below, Ledger) and below.grain == measure.grain else None
    return measure if isinstance(measure, Ledger) else None


def _plain(plan: Plan, ledger: Ledger) -> bool:
    """Whether what each rule takes for a record depends on that record alone, and nothing but bounds lies between that
    and the sum."""
    if ledger.carried or ledger.items or ledger.of_record or ledger.events:
        return False
    if not all(_fixed(expr) for expr in (ledger.base, ledger.applies) if expr is not None):
        return False
    capped = [name for cap in ledger.caps for name in cap.rules]
    if len(set(capped)) < len(capped) or any(cap.shared is not None or not _fixed(cap.at) for cap in ledger.caps):
        return False
    own = all(_own(plan, expr) for cap in ledger.caps for keys in cap.per.values() for expr in keys)
    return own and all(_plain_rule(plan, rule) for rule in ledger.rules)


def _plain_rule(plan: Plan, rule: Rule) -> bool:
    axis = rule.axis
    if not isinstance(axis, RecordAxis) or axis.placed is not None or axis.follows is not None:
        return False
    if axis.route is not None and axis.route.measured:
        return False
    record = plan.records.get(axis.record)
    if record is None or record.references:
        return False  # Without the record that it refers to, a row is not used.
    taken = [*(one.that for one in record.accepted_if), *(one.outside for one in plan.discretions(record.name))]
    if not all(_own(plan, expr) for expr in taken):
        return False
    return all(_own(plan, expr) for expr in (rule.when, rule.points, rule.times) if expr is not None)


def _fixed(expr: Expr) -> bool:
    """Whether no record can change a value."""
    return all(isinstance(one, (Attribute, Identity, Dial, PeriodPart, Now)) for one in bindings(expr)) and not any(
        getattr(one, "by", None) is not None for one in bindings(expr)
    )


def _own(plan: Plan, expr: Expr) -> bool:
    """Whether no record but the one that it is about can change a value."""
    return all(_of_itself(plan, one) for one in bindings(expr))


def _of_itself(plan: Plan, name: Name) -> bool:
    match name:
        case Field():
            record = plan.records.get(name.record)
            return record is not None and record.dated is not None and name.name not in record.through
        case Measured():
            # What one record comes to by itself; what looks at others beside it is a fold or reads one.
            measure = plan.measures[name.measure]
            alone = isinstance(measure, (Formula, Bands)) and measure.of_record
            return alone and name.through is None and all(_own(plan, expr) for expr in expressions(measure))
    return isinstance(name, (Attribute, Identity, Dial, PeriodPart, Now)) and not _led(name)


def _led(name: Name) -> bool:
    """Whether a target is found by what a measure of the record says."""
    by = getattr(name, "by", None)
    return by is not None and by.measured


def _value(table: Table, about: About, measure: str) -> Fraction | None:
    names = table.shape.names
    at = [names.index(one) for one in ("measure", "target_kind", "target", DIMENSION, "period")]
    cell = (measure, about.target_kind, about.target, about.dimension, about.period)
    for row in table.rows():
        if tuple(None if row[place] == "" else row[place] for place in at) == cell:
            found = row[names.index("value")]
            return None if found is None else Fraction(str(found))
    return None


def _lines(table: Table, about: About, measure: str) -> Iterator[tuple[tuple[str, str], Fraction]]:
    """What the lines of a cell take and give for each record, before any bound."""
    found: dict[tuple[str, str], Fraction] = {}
    names = table.shape.names
    at = [names.index(one) for one in ("measure", "target_kind", "target", DIMENSION, "period")]
    cell = (measure, about.target_kind, about.target, about.dimension, about.period)
    kind_at, key_at, nominal_at = (names.index(one) for one in ("record_kind", "record", "nominal"))
    for row in table.rows():
        if row[kind_at] is None or tuple(None if row[place] == "" else row[place] for place in at) != cell:
            continue
        nominal = row[nominal_at]
        size = abs(Fraction(nominal)) if isinstance(nominal, (int, Decimal)) else Fraction(0)
        key = str(row[kind_at]), str(row[key_at])
        found[key] = found.get(key, Fraction(0)) + size
    return iter(found.items())


def _wanted(plan: Plan, sought: Sought) -> list[Span] | None:
    """Between what the value lies where the verdict is what is sought, ends included; None where that is not known."""
    measure = plan.measures[sought.about.name]
    if isinstance(measure, Bands):
        spans = _bands(plan, measure)
        if spans is None:
            return None
        now = sought.now.verdict.text if sought.how == "other" else None
        return [span for label, span in spans if (label != now if sought.how == "other" else label == sought.text)]
    if sought.how == "other":
        return [(None, None)]
    line = Fraction(sought.text or "0")
    return [(line, line) if sought.how == "is" else (line, None) if sought.how in (">", ">=") else (None, line)]


def _bands(plan: Plan, bands: Bands) -> list[tuple[str, Span]] | None:
    lines = [_constant(plan, expr) for expr, _ in bands.bounds]
    labels = [str(label) for _, label in bands.bounds] + [str(bands.otherwise)]
    edges: list[Fraction | None] = [None]
    for line in lines:
        if line is None:
            return None
        edges.append(line)
    edges.append(None)
    falling = bands.word in ("at_least", "above")
    return [
        (label, (edges[place + 1], edges[place]) if falling else (edges[place], edges[place + 1]))
        for place, label in enumerate(labels)
    ]


def _constant(plan: Plan, expr: Expr) -> Fraction | None:
    """A number, or a parameter that is the same on every day."""
    tree = expr.tree
    found: object = None
    if isinstance(tree, Literal_):
        found = tree.value
    elif isinstance(tree, Read) and isinstance(tree.binding, Dial):
        values = plan.parameters[tree.binding.name].values
        found = values[0][1] if len(values) == 1 else None
    return Fraction(found) if isinstance(found, (int, Fraction)) and not isinstance(found, bool) else None


def _distance(value: Fraction, span: Span) -> Fraction:
    low, high = span
    if low is not None and value < low:
        return low - value
    return value - high if high is not None and value > high else Fraction(0)
