"""What measures must state beyond their keys, as far as no types are needed. Knows no expression and no grain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Final

from cityrules.scheme.document import (
    BandsBody,
    ChooseBody,
    CountBody,
    DeadlineBody,
    Document,
    FoldBody,
    ItemBody,
    ItemLedgerBody,
    LedgerBody,
    MeasureBody,
    RuleBody,
    TiersBody,
    WeightedBody,
)
from cityrules.scheme.inputs import NOTHING_IN_IT, listed_once
from cityrules.scheme.keys import form_keys
from cityrules.scheme.notation import plain_number
from cityrules.scheme.places import Path
from cityrules.scheme.reporting import Reporter

UNKNOWN_GROUP: Final = "CR341"
SPLIT: Final = "CR856"
TWO_BOUNDS: Final = "CR906"
BOUND_WORDS: Final = ("at_least", "above", "up_to", "below")


def check_measures(document: Document, reporter: Reporter) -> None:
    """Complain about every measure that leaves something open or says it twice."""
    for name, measure in document.measures.items():
        path = ("measures", name)
        if measure.overrides == {}:
            reporter.refuse_key(NOTHING_IN_IT, (*path, "overrides"), key="overrides")
        if measure.overrides is not None and isinstance(measure, DeadlineBody):
            reporter.refused(path, "overrides", f"deadline: {measure.deadline}")
        if isinstance(measure, LedgerBody):
            _ledger(measure, path, reporter)
        elif isinstance(measure, BandsBody):
            _bands(measure, path, reporter)
        elif isinstance(measure, (ChooseBody, TiersBody, WeightedBody)):
            _not_empty(path, measure, reporter)
        elif isinstance(measure, DeadlineBody):
            _deadline(measure, path, reporter)
        elif isinstance(measure, FoldBody):
            _fold(measure, path, reporter, measure.for_.kind in document.records)


def _deadline(deadline: DeadlineBody, path: Path, reporter: Reporter) -> None:
    """What bounds an extension needs one; records that stop the time say whose. Time counted back goes on unchanged."""
    if deadline.starts is None and deadline.before is None:
        reporter.needed(path, "starts", f"deadline: {deadline.deadline}")
    if deadline.before is not None:
        for key in ("starts", "paused", "extended_by"):
            if getattr(deadline, key) is not None:
                reporter.refused(path, key, f"before: {deadline.before}")
    if deadline.at_most is not None and deadline.extended_by is None:
        reporter.needed(path, "extended_by", f"at_most: {deadline.at_most}")
    pause, inner = deadline.paused, (*path, "paused")
    if pause is None:
        return
    if pause.over is None and pause.among is not None:
        reporter.pointless(inner, "among", "over")
    elif pause.over is not None and pause.among is None:
        reporter.needed(inner, "among", f"over: {pause.over}")
    elif pause.among is not None:
        listed_once(pause.among, (*inner, "among"), reporter)


def _fold(fold: FoldBody, path: Path, reporter: Reporter, of_record: bool) -> None:
    """`count` names its axis itself, every other fold by `over`. A record is counted with others that are like it, and
    looks back as far as the window says; or with all that refer to it by a field."""
    for key, value in (("among", fold.among), ("window", fold.window)) if of_record else ():
        if value is None and fold.via is None:
            reporter.needed(path, key, f"for: {fold.for_}")
        elif value is not None and fold.via is not None:
            reporter.refused(path, key, f"via: {fold.via}")
    axis = fold.count if isinstance(fold, CountBody) else fold.over
    beside = axis == fold.for_.kind and not of_record and axis in reporter.names(("targets",))
    if beside and fold.among is None:
        reporter.needed(path, "among", f"over: {axis}")
    if beside and fold.itself is None:
        reporter.needed(path, "itself", f"over: {axis}", "included, excluded")
    if fold.among is not None:
        if of_record or beside:
            listed_once(fold.among, (*path, "among"), reporter)
        else:
            reporter.refused(path, "among", f"for: {fold.for_}")
    if fold.itself is not None and not beside:
        reporter.pointless(path, "itself", f"over: {fold.for_.kind}")
    if isinstance(fold, CountBody):
        if fold.over is not None:
            reporter.refused(path, "over", f"count: {fold.count}")
    elif fold.over is None:
        form = form_keys(reporter.plain(path))[0]
        reporter.needed(path, "over", f"{form}: {reporter.plain((*path, form))}")


def _not_empty(path: Path, body: MeasureBody, reporter: Reporter) -> None:
    """Branches, tiers and weights: something has to be in them."""
    for key in ("choose", "up_to", "weighted"):
        if isinstance(body, (ChooseBody, TiersBody, WeightedBody)) and getattr(body, key, True) == {}:
            reporter.refuse_key(NOTHING_IN_IT, (*path, key), key=key)


def _bands(bands: BandsBody, path: Path, reporter: Reporter) -> None:
    word = reporter.exactly_one(path, bands, BOUND_WORDS)
    if word is not None and not getattr(bands, word):
        reporter.refuse_key(NOTHING_IN_IT, (*path, word), key=word)


def _ledger(ledger: LedgerBody, path: Path, reporter: Reporter) -> None:
    if ledger.from_ == "carried" and ledger.overrides is not None:
        reporter.refused(path, "overrides", "from: carried")
    if isinstance(ledger, ItemLedgerBody):
        _items(ledger.items, path, reporter)
        # What is outside of the full mark leaves nothing for the others to stand for.
        applies = [".".join(at) for at, item in _all_items(ledger.items) if item.applies is not None and not item.extra]
        if applies and ledger.absent_items is None:
            reporter.needed(path, "absent_items", f"{applies[0]}.applies", "rescale, full, zero")
        elif ledger.absent_items is not None and not applies:
            reporter.pointless(path, "absent_items", "applies")
    else:
        _rules(ledger.rules, path, reporter)
    for name, cap in ledger.caps.items():
        for key, other in (("order", "short"), ("short", "order"), ("per", "order")):
            if getattr(cap, other) is not None and getattr(cap, key) is None:
                reporter.needed((*path, "caps", name), key, other, "part, none" if key == "short" else "")
    if isinstance(ledger.together, Mapping):
        # Rules with faults of their own still belong to their group.
        groups = list(_groups(reporter.plain(path)))
        for group in ledger.together:
            if group not in groups:
                reporter.refuse_name(UNKNOWN_GROUP, (*path, "together", group), group, groups)
        if not ledger.together:
            reporter.refuse_key(NOTHING_IN_IT, (*path, "together"), key="together")


def _split(rule: RuleBody, path: Path, reporter: Reporter) -> None:
    """A split names the ways itself; its shares are the whole."""
    if rule.each is None:
        reporter.needed(path, "each", "split")
    if rule.via is not None:
        reporter.refused(path, "via", "split")
    shares = [numeral.value for numeral in (rule.split or {}).values()]
    if len(shares) < 2 or min(shares) <= 0 or sum(shares) != 1:
        reporter.refuse_key(SPLIT, (*path, "split"), found=plain_number(sum(shares, Fraction(0))))


def _groups(body: object) -> Iterator[str]:
    """The groups of all rules of a ledger or item, as written."""
    if not isinstance(body, Mapping):
        return
    rules, items = body.get("rules"), body.get("items")
    for rule in rules.values() if isinstance(rules, Mapping) else ():
        if isinstance(rule, Mapping) and rule.get("group") is not None:
            yield str(rule["group"])
    for item in items.values() if isinstance(items, Mapping) else ():
        yield from _groups(item)


def _rules(rules: Mapping[str, RuleBody], path: Path, reporter: Reporter) -> None:
    if not reporter.names((*path, "rules")):
        reporter.refuse_key(NOTHING_IN_IT, (*path, "rules"), key="rules")
    for name, rule in rules.items():
        reporter.exactly_one((*path, "rules", name), rule, ("deduct", "add"))
        if rule.split is not None:
            _split(rule, (*path, "rules", name), reporter)
        if rule.between is not None and len(rule.between) != 2:
            reporter.refuse_key(TWO_BOUNDS, (*path, "rules", name, "between"), count=len(rule.between))


def _items(items: Mapping[str, ItemBody], path: Path, reporter: Reporter) -> None:
    """Every item is scored in exactly one way."""
    if not reporter.names((*path, "items")):
        reporter.refuse_key(NOTHING_IN_IT, (*path, "items"), key="items")
    for name, item in items.items():
        own = (*path, "items", name)
        form = reporter.exactly_one(own, item, ("rules", "value", "items"))
        if form == "rules":
            _rules(item.rules or {}, own, reporter)
        elif form == "items":
            _items(item.items or {}, own, reporter)


def _all_items(items: Mapping[str, ItemBody], path: Path = ("items",)) -> Iterator[tuple[Path, ItemBody]]:
    for name, item in items.items():
        yield (*path, name), item
        yield from _all_items(item.items or {}, (*path, name, "items"))
