"""What a ledger reads: its rules with their axes, its items, and its caps in the order in which they hold."""

from __future__ import annotations

from collections.abc import Iterator

from cityrules.plan.axes import find_axis
from cityrules.plan.drafts import CARRIED, DIRECTIONS, CapDraft
from cityrules.plan.meanings import counting
from cityrules.plan.pen import Pen
from cityrules.plan.placement import placed
from cityrules.plan.reporting import Address
from cityrules.plan.sheets import entries, item_entries, walk
from cityrules.plan.views import WHOLE
from cityrules.scheme.document import CapBody, LedgerBody
from cityrules.scheme.notation import NotationError, parse_numeral


def draft_ledger(pen: Pen, body: LedgerBody) -> None:
    if body.from_ != CARRIED:
        pen.write("from", body.from_)
    elif pen.grain.period is None:
        pen.reporter.refuse("CR864", (*pen.path, "from"), grain=pen.grain)
    for entry in entries(body, pen.path):
        rule, name, axis = entry.body, entry.name, None
        pen.rules[entry.written] = (*pen.rules.get(entry.written, ()), name)
        if rule.each is not None:
            axis = find_axis(pen.reporter, pen.ground, entry.path, "each", rule.each, pen.grain, entry.via, None)
            axis = placed(pen.reporter, pen.ground, entry.path, axis, pen.grain, rule)
            pen.axes[name] = axis
            if axis is None:
                continue
        else:
            if rule.via is not None:
                pen.reporter.refuse("CR437", (*entry.path, "via"), axis="-")
            for key in ("dated", "standing"):
                if getattr(rule, key) is not None:
                    pen.reporter.refuse_key("CR877", (*entry.path, key), found=key)
        for key in ("when", "deduct", "add", "times", "cites"):
            text = getattr(rule, key)
            pen.write(f"rules.{name}.{key}", text, axis, path=(*entry.path, key))
        for number, bound in enumerate(rule.between or ()):
            pen.write(f"rules.{name}.between.{number}", bound, axis, path=(*entry.path, "between", str(number)))
    for item in walk(item_entries(body, pen.path)):
        texts = (("worth", item.body.worth), ("value", item.body.value), ("applies", item.body.applies))
        for key, text in texts:
            if text is not None and not (key == "worth" and _is_numeral(text)):
                pen.write(f"items.{item.name}.{key}", text, path=(*item.path, key))
    pen.caps = [*_rule_caps(pen, body), *_common_caps(pen, body)]


def _rule_caps(pen: Pen, body: LedgerBody) -> Iterator[CapDraft]:
    """The caps of single rules, which hold first."""
    for written, entry in {entry.written: entry for entry in entries(body, pen.path)}.items():
        cap = entry.body.cap
        if cap is not None:
            at = (*entry.path, "cap")
            yield _cap(pen, f"{written}.cap", cap, entry.path, at, (written,), None, entry.clause, None)


def _common_caps(pen: Pen, body: LedgerBody) -> Iterator[CapDraft]:
    for name, cap in body.caps.items():
        path = (*pen.path, "caps", name)
        if cap.order is not None and cap.short is not None and cap.per is not None:
            yield _shared_cap(pen, name, cap, path)
        else:
            yield _cap(pen, name, cap.at, path, (*path, "at"), cap.of, cap.per, cap.clause, cap.label)


def _shared_cap(pen: Pen, name: str, cap: CapBody, path: Address) -> CapDraft:
    """A cap that several cells share, with what their movements are ordered by."""
    if not _is_numeral(cap.at):
        pen.write(f"caps.{name}.at", cap.at, path=(*path, "at"))
    single = pen.reporter.loaded.locate((*path, "order")) is not None
    high: list[bool] = []
    for number, said in enumerate(cap.order or ()):
        word, _, text = said.partition(" ")
        place_ = (*path, "order") if single else (*path, "order", str(number))
        if word not in DIRECTIONS or not text.strip():
            pen.reporter.refuse("CR492", place_, found=said[:60])
            continue
        high.append(word == "high")
        for rule in (rule for own in pen.rules.values() for rule in own):
            axis = pen.axes.get(rule)
            if axis is not None or rule not in pen.axes:
                pen.write(f"caps.{name}.per.{rule}.{number}", text, axis, len(word) + 1, path=place_)
    return CapDraft(
        name, path, cap.at, (*path, "at"), cap.of, tuple(cap.order or ()), cap.clause, cap.label,
        cap.per, tuple(high), cap.short,
    )  # fmt: skip


def _cap(
    pen: Pen,
    name: str,
    at: str,
    path: Address,
    at_path: Address,
    of: tuple[str, ...],
    per: str | None,
    clause: str | None,
    label: str | None,
) -> CapDraft:
    place_ = counting(pen.ground, pen.grain, pen.path[-1], pen.rules)
    if not _is_numeral(at):
        pen.write(f"caps.{name}.at", at, None, path=at_path, at=place_)
    keys = _keys(per) if per is not None else ()
    for rule, axis in pen.axes.items():
        for number, key in enumerate(keys if axis is not None else ()):
            if any(rule in pen.rules.get(word, ()) for word in of) or {"add", "deduct"} & set(of):
                pen.write(f"caps.{name}.per.{rule}.{number}", key, axis, path=(*path, "per"))
    return CapDraft(name, path, at, at_path, of, keys, clause, label)


def _keys(per: str) -> tuple[str, ...]:
    """The names that a `per` tells apart: one, or the target and the period of a grain."""
    kind, each, period = per.partition(" each ")
    if not each:
        return (per.strip(),)
    start = f"{period.strip()}.start"
    return (start,) if kind.strip() == WHOLE else (kind.strip(), start)


def _is_numeral(text: str) -> bool:
    try:
        parse_numeral(text)
    except NotationError:
        return False
    return True
