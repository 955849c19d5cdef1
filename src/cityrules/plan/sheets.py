"""The rules of a ledger one by one, nested in items and split between targets. Knows bodies, no types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cityrules.plan.reporting import Address
from cityrules.scheme.document import ItemBody, ItemLedgerBody, LedgerBody, RuleBody


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """A scored item. `name`: its way (`streets.litter`); `around`: the items it stands in, outermost first;
    `below`: the items that stand in it."""

    name: str
    path: Address
    body: ItemBody
    around: tuple[ItemEntry, ...]
    below: tuple[ItemEntry, ...]

    @property
    def clause(self) -> str | None:
        """Its own clause, or that of the nearest item around."""
        own = (self.body.clause, *(item.body.clause for item in reversed(self.around)))
        return next((clause for clause in own if clause is not None), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule. `name`: unique in its ledger; a rule that splits is there once for each field (`late.squad`), each with
    the field as its way (`via`) and its `share`. `written`: the name of the rule in the document, behind that of its
    `item`."""

    name: str
    written: str
    path: Address
    body: RuleBody
    via: str | None
    item: ItemEntry | None = None
    share: Fraction | None = None

    def sibling(self, name: str) -> str:
        """What a rule beside this one is called."""
        return f"{self.item.name}.{name}" if self.item is not None else name

    @property
    def clause(self) -> str | None:
        """The nearest clause in the ledger."""
        if self.body.clause is not None or self.item is None:
            return self.body.clause
        return self.item.clause


def item_entries(body: LedgerBody, path: Address) -> tuple[ItemEntry, ...]:
    """The topmost items of a ledger in order; each knows those that stand in it."""
    return _items(body.items, path, ()) if isinstance(body, ItemLedgerBody) else ()


def _items(given: Mapping[str, ItemBody], path: Address, around: tuple[ItemEntry, ...]) -> tuple[ItemEntry, ...]:
    found = []
    for name, item in given.items():
        address = (*path, "items", name)
        full = ".".join((*([around[-1].name] if around else []), name))
        own = ItemEntry(full, address, item, around, ())
        below = _items(item.items, address, (*around, own)) if item.items else ()
        found.append(ItemEntry(full, address, item, around, below))
    return tuple(found)


def walk(items: Sequence[ItemEntry]) -> Iterator[ItemEntry]:
    """All items, each before those that stand in it."""
    for item in items:
        yield item
        yield from walk(item.below)


def entries(body: LedgerBody, path: Address) -> Iterator[Entry]:
    """The rules of a ledger in order. The shares of one rule sum to 1."""
    for name, rule in body.rules.items():
        yield from _parts(name, (*path, "rules", name), rule, None)
    for item in walk(item_entries(body, path)):
        for name, rule in (item.body.rules or {}).items():
            yield from _parts(f"{item.name}.{name}", (*item.path, "rules", name), rule, item)


def _parts(name: str, address: Address, rule: RuleBody, item: ItemEntry | None) -> Iterator[Entry]:
    if not rule.split:
        yield Entry(name, name, address, rule, rule.via, item)
        return
    *first, last = rule.split
    left = Fraction(1)
    for field in first:
        share = rule.split[field].value
        left -= share
        yield Entry(f"{name}.{field}", name, address, rule, field, item, share)
    yield Entry(f"{name}.{last}", name, address, rule, last, item, left)
