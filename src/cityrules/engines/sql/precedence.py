"""Precedence in the groups of a ledger, by element or event (`docs/engines.md`, "Ledger", 3). Knows codes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from cityrules.engines.sql import syntax as sql
from cityrules.engines.sql.reading import Reader
from cityrules.engines.sql.syntax import E
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.coding import TRUE
from cityrules.plan.model import Ledger


class Event:
    """The rows of the elements of one event in one cell: those with the same `by`, in this `order`."""

    def __init__(self, reader: Reader, by: Sequence[E], order: Sequence[E]) -> None:
        self._reader, self._by, self._order = reader, by, order

    def any(self, condition: Code) -> Code:
        """Whether a condition, never missing, holds in any of the rows."""
        return self._told(condition, sql.call("bool_or", self._reader.emit(condition)), ())

    def first(self, value: Code, better: Sequence[exp.Ordered]) -> tuple[Code, Code]:
        """The value in the first row by an order, ties by that of the elements, and whether this row is it."""
        order = [*better, *(sql.ordered(tree) for tree in self._order)]
        found = self._told(value, sql.call("first_value", self._reader.emitter.stored(value)), order)
        number = self._told(coding.number(1), sql.call("row_number"), order)
        return found, coding.compare("=", number, coding.number(1))

    def _told(self, like: Code, function: E, order: Sequence[exp.Ordered]) -> Code:
        return self._reader.told(like, sql.window(function, self._by, order))


class Precedence:
    """What is left of the hits where several rules of a group meet at one element. Rules go by their places in the
    ledger; `hits` (never missing) and `nominal` are codes over the columns of one element.

    `points`: what counts of the hits of a rule, `replaced`: the rule that took their place; only of rules for which
    they are not simply the nominal points and nothing. `event`: the rows that are settled together in the groups that
    go event by event.
    """

    def __init__(
        self,
        reader: Reader,
        ledger: Ledger,
        hits: Mapping[int, Code],
        nominal: Mapping[int, Code],
        event: Event | None = None,
    ) -> None:
        self._reader, self._ledger, self._hits, self._nominal = reader, ledger, hits, nominal
        self._event = event
        self.points: dict[int, Code] = {}
        self.replaced: dict[int, Code] = {}

    def settle_all(self) -> None:
        """Settle every group of two or more rules, and of one where that can hit an event several times."""
        groups: dict[str, list[int]] = {}
        for place in self._hits:
            groups.setdefault(self._ledger.rules[place].group or "", []).append(place)
        for group, places in groups.items():
            event = self._event if group in self._ledger.events else None
            if len(places) > 1 or event is not None:
                self._settle(self._ledger.groups.get(group, "all"), places, event)

    def _settle(self, policy: str, places: Sequence[int], event: Event | None) -> None:
        """What is left of the hits of one group where several meet at an element or event."""
        rules = self._ledger.rules
        by: dict[int, Code] = {}
        for place in places:
            name = rules[place].name
            replacing = [other for other in places if name in rules[other].replaces]
            found: Code = coding.null("text")
            for other in reversed(replacing):
                met = self._hits[other] if event is None else event.any(self._hits[other])
                found = coding.choose(met, coding.text(rules[other].name), found)
            by[place] = self._reader.hold(found)
        left = {
            place: self._reader.hold(coding.all_of((self._hits[place], coding.is_null(by[place])))) for place in places
        }
        if policy != "all":
            own_kept, order = self._kept(policy, places, left)
            kept, stays = (own_kept, TRUE) if event is None else event.first(own_kept, order)
            for place in places:
                own = coding.all_of((stays, coding.same(own_kept, coding.text(rules[place].name))))
                gives_way = coding.all_of((left[place], coding.negated(own)))
                by[place] = self._reader.hold(coding.choose(gives_way, kept, by[place]))
        for place in places:
            if by[place] == coding.null("text"):
                continue
            replaced = coding.choose(self._hits[place], by[place], coding.null("text"))
            self.replaced[place] = self._reader.hold(replaced)
            stays = coding.all_of((self._hits[place], coding.is_null(by[place])))
            nothing = coding.choose(self._hits[place], coding.number(0), coding.null("int"))
            self.points[place] = self._reader.hold(coding.choose(stays, self._nominal[place], nothing))

    def _kept(self, policy: str, places: Sequence[int], left: Mapping[int, Code]) -> tuple[Code, Sequence[exp.Ordered]]:
        """The name of the one rule of a group that counts at an element; null where none hits. By what order the
        elements of an event come that say so."""
        rules = self._ledger.rules
        found: Code = coding.null("text")
        number: Code = coding.number(len(rules))
        order = []
        sizes: dict[int, Code] = {}
        if policy == "highest":
            least = coding.number(-1)
            for place in places:
                size = coding.absolute(self._nominal[place])
                sizes[place] = self._reader.hold(coding.coalesce(coding.choose(left[place], size, least), least))
            highest = self._reader.hold(coding.greatest(list(sizes.values())))
            order.append(sql.ordered(self._reader.emit(highest), descending=True))
        for place in reversed(places):
            wins = left[place]
            if policy == "highest":
                wins = coding.all_of((wins, coding.compare("=", sizes[place], highest)))
            found = coding.choose(wins, coding.text(rules[place].name), found)
            number = coding.choose(wins, coding.number(place), number)
        order.append(sql.ordered(self._reader.emit(self._reader.hold(number))))
        return self._reader.hold(found), order
