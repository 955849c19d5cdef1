"""Why a ledger stands where it does: base, movements with rule, clause and record, floor, ceiling, rounding."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from cityrules.plan.model import Cap, KindAxis, Ledger, PeriodAxis, RecordAxis, Rule
from cityrules.plan.reading import all_items
from cityrules.results.cells import Found
from cityrules.results.explanation import Explanation, line
from cityrules.results.places import Place
from cityrules.results.trail import Trail, constant_text

BASE, FLOOR, CEILING, ROUND = "(from)", "(floor)", "(ceiling)", "(round)"
WORTH, RESCALED = "(worth)", "(rescaled)"


def own_lines(ledger: Ledger) -> Iterator[str]:
    """The names of the lines that a ledger can have beside those of its rules."""
    yield BASE
    bounds = ((FLOOR, ledger.floor), (CEILING, ledger.ceiling), (ROUND, ledger.round))
    yield from (name for name, bound in bounds if bound is not None)
    if ledger.rescale:
        yield RESCALED
    for item in all_items(ledger.items):
        yield f"{item.name}.{WORTH}"
        if ledger.rescale and item.items:
            yield f"{item.name}.{RESCALED}"


def explain_ledger(trail: Trail, ledger: Ledger, here: Place) -> tuple[Explanation, ...]:
    """The lines of the ledger in their order, then the rules that moved nothing."""
    rows = trail.cells.rows(
        "ledger", target_kind=here.kind, target=here.target, period=trail.reader.period_name(here), measure=ledger.name
    )
    rules = {rule.name: rule for rule in ledger.rules}
    lines: list[Explanation] = []
    for row in rows:
        if trail.budget.nodes <= 0:
            lines.append(line("cut_off", number=len(rows) - len(lines)))
            break
        trail.budget.nodes -= 1
        lines.append(_line(trail, ledger, rules, row, here))
    moved = {row["rule"] for row in rows}
    quiet = [name for name in rules if name not in moved]
    if rows and quiet:
        lines.append(line("quiet", rules=", ".join(quiet)))
    return tuple(lines)


def _line(trail: Trail, ledger: Ledger, rules: dict[str, Rule], row: Found, here: Place) -> Explanation:
    name, points = str(row["rule"]), _points(row["points"])
    if name in rules:
        return _movement(trail, ledger, rules[name], row, here)
    if name == BASE:
        return line("base", *trail.names(ledger.base, here), text=ledger.base.text, points=points)
    if name in (FLOOR, CEILING):
        bound = ledger.floor if name == FLOOR else ledger.ceiling
        return line(name.strip("()"), bound=constant_text(bound), points=points)
    origin = "document" if ledger.round_default else "own"
    how: dict[str, object] = {}
    if ledger.round is not None:
        how = {"mode": ledger.round.mode, "digits": ledger.round.digits, "origin": origin}
    if name == ROUND:
        return line("ledger_rounding", points=points, **how)
    return _of_item(trail, ledger, name, points, here, how)


def _of_item(
    trail: Trail, ledger: Ledger, name: str, points: str | None, here: Place, how: dict[str, object]
) -> Explanation:
    """What holds an item within its worth, or lets the items that apply stand for those that do not."""
    owner, _, what = name.rpartition(".")
    item = next((one for one in all_items(ledger.items) if one.name == owner), None)
    if what == WORTH and item is not None:
        worth = trail.names(item.worth, here)
        return line("item_worth", *worth, item=owner, worth=item.worth.text, points=points, clause=item.clause)
    return line("item_rescaled", item=owner or None, points=points, **how)


def _movement(trail: Trail, ledger: Ledger, rule: Rule, row: Found, here: Place) -> Explanation:
    """One movement: points and nominal, price times quantity, for which record or part, under which condition."""
    element = element_of(trail, rule, row, here)
    replaced = row["replaced_by"]
    cut = not replaced and row["points"] != row["nominal"]
    quantity = row["quantity"]
    once = isinstance(quantity, Decimal) and quantity == 1
    condition = trail.condition(rule.when, here, element)
    seen = {_subject(name) for part in condition for name in part.children}
    amounts = (*trail.names(rule.points, here, element), *trail.names(rule.times, here, element))
    return line(
        "movement",
        *condition,
        *{_subject(name): name for name in amounts if _subject(name) not in seen}.values(),
        *_choice(trail, rule, here, element),
        rule=rule.name,
        label=rule.label if rule.label != rule.name else None,
        clause=row["clause"] or None,
        record_kind=row["record_kind"] or None,
        record=row["record"] or None,
        price=None if once else _plain(row["price"]),
        quantity=None if once else _plain(quantity),
        points=_points(row["points"]),
        nominal=_points(row["nominal"]) if replaced or cut else None,
        **_replaced(ledger, rule, replaced),
        cap=_caps(ledger, rule) if cut else None,
    )


def _replaced(ledger: Ledger, rule: Rule, by: object) -> dict[str, object]:
    """What took the place of a movement: of the same element, or of the same event."""
    of_event = (rule.group or "") in ledger.events
    return {"of_event" if of_event else "replaced_by": by or None}


def _choice(trail: Trail, rule: Rule, here: Place, element: Place | None) -> tuple[Explanation, ...]:
    """Between what the points could be chosen."""
    found = rule.discretion
    if found is None:
        return ()
    names = (*trail.names(found.low, here, element), *trail.names(found.high, here, element))
    return (line("choice", *names, field=found.field, low=found.low.text, high=found.high.text),)


def _caps(ledger: Ledger, rule: Rule) -> str:
    """The caps that a movement stands under: each with its name, unless it is the rule's own."""
    found = [cap for cap in ledger.caps if rule.name in cap.rules]
    return ", ".join(
        cap.at.text if cap.name == f"{rule.name}.cap" else f"{cap.name} ({cap.at.text}{_shared(cap)})" for cap in found
    )


def _shared(cap: Cap) -> str:
    """The cells that share a cap."""
    return f" / {cap.shared}" if cap.shared is not None else ""


def explain_hits(trail: Trail, record: Place) -> tuple[Explanation, ...]:
    """The movements of points that one record caused, in whichever ledger."""
    rows = trail.cells.rows("ledger", record_kind=record.kind, record=record.target)
    return tuple(
        line(
            "hit",
            points=_points(row["points"]),
            nominal=_points(row["nominal"]) if row["points"] != row["nominal"] else None,
            **_taken(trail, row),
            rule=row["rule"],
            measure=row["measure"],
            target=row["target"] or None,
            period=row["period"],
            clause=row["clause"],
        )
        for row in rows
    )


def _taken(trail: Trail, row: Found) -> dict[str, object]:
    """What took the place of a movement of one record."""
    ledger = trail.plan.measures.get(str(row["measure"]))
    rules = ledger.rules if isinstance(ledger, Ledger) else ()
    rule = next((one for one in rules if one.name == row["rule"]), None)
    if rule is None or not isinstance(ledger, Ledger):
        return {"replaced_by": row["replaced_by"] or None}
    return _replaced(ledger, rule, row["replaced_by"])


def element_of(trail: Trail, rule: Rule, row: Found, here: Place) -> Place | None:
    """What a movement is about: the record, lower target or shorter period that its row names."""
    name = row["record"]
    if rule.axis is None or name is None:
        return None
    match rule.axis:
        case RecordAxis(record=kind, route=route):
            return Place(kind, str(name), of_record=True, route=route)
        case KindAxis(kind=kind):
            return Place(kind, str(name), here.period, here.index)
        case PeriodAxis():
            try:
                return trail.reader.cell(here.kind, here.target, *trail.reader.periods.parse(str(name)))
            except ValueError:
                return None


def _subject(name: Explanation) -> str:
    return name.values.get("name") or name.values.get("measure") or ""


def _points(value: object) -> str | None:
    """Points with their sign: what was added and what was lost are told apart at a glance."""
    if not isinstance(value, Decimal):
        return None
    return format(value, "f") if value == 0 else format(value, "+f")


def _plain(value: object) -> str | None:
    return format(value, "f") if isinstance(value, Decimal) else None if value is None else str(value)
