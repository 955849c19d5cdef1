"""Why a fold has its value: the elements, what each brought in, the exact quotient, and the rounding."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel.tree import Read
from cityrules.feel.walk import reads
from cityrules.plan.model import Dated, Fold, KindAxis, PeriodAxis, RecordAxis, Standing
from cityrules.plan.names import Fired, Measured
from cityrules.results.cells import Found
from cityrules.results.elements import elements
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, constant_text, exact_text, rounding

_USED = ("used", "replaced")


def explain_fold(trail: Trail, fold: Fold, here: Place) -> tuple[Explanation, ...]:
    """What was folded, then the elements, then the arithmetic."""
    value = (trail.reader.row(fold.name, here) or {}).get("value")
    # Those that refer to a record have it in the same field.
    by_reference = here.of_record and fold.window is None
    head = line(
        "fold",
        op=fold.of_quotient or fold.op,
        text=fold.value.text if fold.value else None,
        over=_axis_name(fold),
        among=", ".join((one.other if by_reference else one.own).text for one in fold.among) or None,
        window=str(fold.window) if fold.window else None,
        where=_where(fold),
        dated=_date(fold, Dated),
        standing=_date(fold, Standing),
        until=_until(fold),
    )
    if not fold.tells or here.of_record:
        exact = _number(value) if fold.round is None else None
        return (head, *_members(trail, fold, here), *rounding(fold, exact, value))
    rows = trail.cells.rows(
        "inputs", target_kind=here.kind, target=here.target, period=trail.reader.period_name(here), measure=fold.name
    )
    if isinstance(fold.axis, RecordAxis):
        totals = {str(found["input"]): _number(found["value"]) for found in rows}
        top, count = totals.get("hits" if fold.op == "portion" else "sum"), totals.get("count")
        return (head, *_members(trail, fold, here), *_quotient(trail, fold, top, count, value))
    used = [found for found in rows if found["state"] in _USED]
    parts = [_contribution(fold, found) for found in used]
    top = None if None in parts else sum((part for part in parts if part is not None), Fraction(0))
    lines = tuple(_input(trail, fold, found, here) for found in rows)
    return (head, *lines, *_quotient(trail, fold, top, Fraction(len(used)), value))


def _date(fold: Fold, how: type[Dated | Standing]) -> str | None:
    """The field that places records in time, where it is not the date of their kind."""
    placed = fold.axis.placed if isinstance(fold.axis, RecordAxis) else None
    return placed.field if isinstance(placed, how) else None


def _where(fold: Fold) -> str | None:
    """Which elements are meant, as written; that only what followed is run over goes without saying."""
    follows = fold.axis.follows if isinstance(fold.axis, RecordAxis) else None
    tree = fold.where.tree if fold.where is not None else None
    of_itself = follows is not None and isinstance(tree, Read) and isinstance(tree.binding, Fired)
    return fold.where.text if fold.where is not None and not of_itself else None


def _until(fold: Fold) -> str | None:
    """The field until which records stand, where they stand for a time."""
    placed = fold.axis.placed if isinstance(fold.axis, RecordAxis) else None
    return placed.until if isinstance(placed, Standing) else None


def _axis_name(fold: Fold) -> str:
    match fold.axis:
        case RecordAxis(record=name) | KindAxis(kind=name) | PeriodAxis(period=name):
            return name


def _members(trail: Trail, fold: Fold, here: Place) -> tuple[Explanation, ...]:
    """The elements that `inputs` does not list, with what they read (of a record its value only: it can be asked for
    itself). Those passed over or left out are not told."""
    lines: list[Explanation] = []
    every = elements(trail.reader, fold.axis, fold.window, here, fold)
    found = [place for place in every if _taken(trail, fold, here, place)]
    counted = (trail.reader.row(fold.name, here) or {}).get("value")
    if fold.op == "count" and str(len(found)) != counted:
        # Which targets or periods were there cannot always be told from the tables: then none is named.
        return ()
    for place in found:
        if trail.budget.nodes <= 0:
            lines.append(line("cut_off", number=len(found) - len(lines)))
            break
        trail.budget.nodes -= 1
        if place.of_record:
            value = trail.evaluate(fold.value.tree, here, place) if fold.value is not None else None
            shown = constant_text(value, fold.value.type) if fold.value is not None else None
            lines.append(line("element", name=element_name(trail, place, here), value=shown))
            continue
        names = {
            (name.values.get("name") or name.values.get("measure")): name
            for name in (*trail.names(fold.where, here, place), *trail.names(fold.value, here, place))
        }
        beside = isinstance(fold.axis, KindAxis) and fold.axis.itself is not None
        shown = place.target if beside else element_name(trail, place, here)
        lines.append(line("element", *names.values(), name=shown))
    return tuple(lines)


def _taken(trail: Trail, fold: Fold, here: Place, place: Place) -> bool:
    """Whether an element has a cell of every measure that is read of it, and the condition lets it in."""
    for expr in (fold.where, fold.value):
        for binding in reads(expr.tree) if expr is not None else ():
            if isinstance(binding, Measured) and binding.side == "element" and not (binding.back or binding.through):
                at = trail.reader.place_of(binding, here, place)
                if at is None or trail.reader.row(binding.measure, at) is None:
                    return False
    return fold.where is None or trail.evaluate(fold.where.tree, here, place) is True


def element_name(trail: Trail, place: Place, here: Place) -> str | None:
    if place.of_record:
        return f"{place.kind} {place.target}"
    return trail.reader.period_name(place) if place.target == here.target and place.kind == here.kind else place.target


def _input(trail: Trail, fold: Fold, found: Found, here: Place) -> Explanation:
    """One row of `inputs`; under it how the element came by its value."""
    name, state = str(found["input"]), str(found["state"])
    place = _place(trail, fold, name, here)
    names = () if place is None or state == "absent" else trail.names(fold.value, here, place)
    trail.budget.nodes -= 1
    return line("input", *names, name=name, value=found["value"], state=state if state != "used" else None)


def _place(trail: Trail, fold: Fold, name: str, here: Place) -> Place | None:
    match fold.axis:
        case KindAxis(kind=kind):
            return Place(kind, name, here.period, here.index)
        case PeriodAxis():
            try:
                kind, index = trail.reader.periods.parse(name)
            except ValueError:
                return None
            return trail.reader.cell(here.kind, here.target, kind, index)
        case _:
            return None


def _contribution(fold: Fold, found: Found) -> Fraction | None:
    if fold.op == "portion":
        return Fraction(found["value"] == "true")
    return _number(found["value"])


def _number(value: object) -> Fraction | None:
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        return None


def _quotient(
    trail: Trail, fold: Fold, top: Fraction | None, count: Fraction | None, value: object
) -> tuple[Explanation, ...]:
    if count is not None and count == 0:
        empty = fold.empty
        return (line("empty", value=constant_text(empty.value, fold.type) if empty else None),)
    if top is None or count is None:
        return ()
    if fold.of_quotient is not None:
        return ()  # It is said of the fraction.
    exact = top * fold.times / count
    times = str(fold.times) if fold.times != 1 else None
    quotient = line(fold.op, top=exact_text(top), count=exact_text(count), times=times, exact=exact_text(exact))
    return (quotient, *rounding(fold, exact, value))
