"""Scored items of a ledger as code: what each loses, held within its worth (`docs/engines.md`, "Ledger")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from cityrules.engines.sql.doubts import Doubts
from cityrules.engines.sql.reading import Reader
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import FALSE, TRUE
from cityrules.plan.lower import lower, lower_flag
from cityrules.plan.model import Item, Ledger
from cityrules.plan.reading import all_items
from cityrules.results.format import ledger_scale, number_scale

WORTH: Final = "(worth)"
RESCALED: Final = "(rescaled)"


class Items:
    """The items of a ledger over the cells of one query. `moves`: by the name of its line what an item is moved by, in
    the order in which they are settled."""

    def __init__(self, reader: Reader, ledger: Ledger, sums: Mapping[str, Code], doubts: Doubts) -> None:
        self.moves: dict[str, Code] = {}
        self._reader, self._ledger, self._sums, self._doubts = reader, ledger, sums, doubts
        self._scale = ledger_scale(ledger)
        for item in all_items(ledger.items):
            for expr in (item.worth, item.applies):
                if expr is not None:
                    reader.read([expr], doubts)

    def settle(self, full: Code) -> Code:
        """What all items move together; `full`: the full mark that they share."""
        return self._beside("", self._ledger.items, full, TRUE)

    def _worth(self, item: Item) -> Code:
        return coding.rescale(lower(item.worth.tree), self._scale - number_scale(item.worth.type))

    def _beside(self, name: str, items: Sequence[Item], full: Code, where: Code) -> Code:
        reader, zero = self._reader, coding.number(0)
        lost: list[Code] = [zero]
        extra: list[Code] = [zero]
        there: list[Code] = [zero]
        absent: list[Code] = []
        for item in items:
            if item.applies is not None:
                # In an item that does not apply nobody asks which of those in it do.
                reader.compute(item.applies, self._ledger.name, self._doubts, where)
            applies = TRUE if item.applies is None else reader.hold(coding.holds(lower_flag(item.applies.tree)))
            moved = reader.hold(coding.choose(applies, self._item(item, coding.all_of((where, applies))), zero))
            (extra if item.extra else lost).append(moved)
            if not item.extra:
                there.append(coding.choose(applies, self._worth(item), zero))
                absent.append(coding.negated(applies))
        some = coding.any_of(absent)
        total = reader.hold(coding.add(*lost))
        if not self._ledger.rescale or some == FALSE:
            return coding.add(total, *extra)
        how = self._ledger.round
        assert how is not None
        unit = coding.number(10 ** (self._scale - how.digits))
        whole = reader.hold(coding.add(*there))
        self._doubts.add("empty", self._ledger.name, coding.all_of((where, some, coding.compare("=", whole, zero))))
        divisor = coding.greatest([coding.number(1), coding.mul(whole, unit)])
        result = coding.mul(unit, coding.div(coding.mul(total, full), divisor, how.mode))
        result = reader.hold(coding.choose(some, result, total))
        nothing_there = coding.compare("=", whole, zero)
        result = reader.hold(coding.choose(coding.all_of((some, nothing_there)), zero, result))
        self._move(f"{name}.{RESCALED}" if name else RESCALED, coding.sub(result, total), where)
        return coding.add(result, *extra)

    def _item(self, item: Item, where: Code) -> Code:
        """What one item moves, held within its worth; `where`: whether it is looked at at all."""
        reader, zero, worth = self._reader, coding.number(0), self._worth(item)
        reader.compute(item.worth, self._ledger.name, self._doubts, where)
        total = self._sums.get(item.name, zero)
        if item.items:
            total = coding.add(total, self._beside(item.name, item.items, worth, where))
        total = reader.hold(total)
        most = worth if item.extra else zero
        held = reader.hold(coding.least([most, coding.greatest([coding.neg(worth), total])]))
        self._move(f"{item.name}.{WORTH}", coding.sub(held, total), where)
        return held

    def _move(self, name: str, points: Code, where: Code) -> None:
        self.moves[name] = self._reader.hold(coding.choose(where, points, coding.number(0)))
