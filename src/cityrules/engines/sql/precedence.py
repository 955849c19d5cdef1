"""Precedence in the groups of a ledger, element by element (`docs/engines.md`, "Ledger", 3). Knows codes only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cityrules.engines.sql.reading import Reader
from cityrules.plan import coding
from cityrules.plan.code import Code
from cityrules.plan.model import Ledger


class Precedence:
    """What is left of the hits where several rules of a group meet at one element. Rules go by their places in the
    ledger; `hits` (never missing) and `nominal` are codes over the columns of one element.

    `points`: what counts of the hits of a rule, `replaced`: the rule that took their place; only of rules for which
    they are not simply the nominal points and nothing.
    """

    def __init__(self, reader: Reader, ledger: Ledger, hits: Mapping[int, Code], nominal: Mapping[int, Code]) -> None:
        self._reader, self._ledger, self._hits, self._nominal = reader, ledger, hits, nominal
        self.points: dict[int, Code] = {}
        self.replaced: dict[int, Code] = {}

    def settle_all(self) -> None:
        """Settle every group of two or more rules."""
        groups: dict[str, list[int]] = {}
        for place in self._hits:
            groups.setdefault(self._ledger.rules[place].group or "", []).append(place)
        for group, places in groups.items():
            if len(places) > 1:
                self._settle(self._ledger.groups.get(group, "all"), places)

    def _settle(self, policy: str, places: Sequence[int]) -> None:
        """What is left of the hits of one group where several meet at an element."""
        rules = self._ledger.rules
        by: dict[int, Code] = {}
        for place in places:
            name = rules[place].name
            replacing = [other for other in places if name in rules[other].replaces]
            found: Code = coding.null("text")
            for other in reversed(replacing):
                found = coding.choose(self._hits[other], coding.text(rules[other].name), found)
            by[place] = self._reader.hold(found)
        left = {
            place: self._reader.hold(coding.all_of((self._hits[place], coding.is_null(by[place])))) for place in places
        }
        if policy != "all":
            kept = self._kept(policy, places, left)
            for place in places:
                own = coding.text(rules[place].name)
                gives_way = coding.all_of((left[place], coding.negated(coding.same(kept, own))))
                by[place] = self._reader.hold(coding.choose(gives_way, kept, by[place]))
        for place in places:
            if by[place] == coding.null("text"):
                continue
            replaced = coding.choose(self._hits[place], by[place], coding.null("text"))
            self.replaced[place] = self._reader.hold(replaced)
            stays = coding.all_of((self._hits[place], coding.is_null(by[place])))
            nothing = coding.choose(self._hits[place], coding.number(0), coding.null("int"))
            self.points[place] = self._reader.hold(coding.choose(stays, self._nominal[place], nothing))

    def _kept(self, policy: str, places: Sequence[int], left: Mapping[int, Code]) -> Code:
        """The name of the one rule of a group that counts at an element; null where none hits."""
        rules = self._ledger.rules
        found: Code = coding.null("text")
        sizes: dict[int, Code] = {}
        if policy == "highest":
            least = coding.number(-1)
            for place in places:
                size = coding.absolute(self._nominal[place])
                sizes[place] = self._reader.hold(coding.coalesce(coding.choose(left[place], size, least), least))
            highest = self._reader.hold(coding.greatest(list(sizes.values())))
        for place in reversed(places):
            wins = left[place]
            if policy == "highest":
                wins = coding.all_of((wins, coding.compare("=", sizes[place], highest)))
            found = coding.choose(wins, coding.text(rules[place].name), found)
        return self._reader.hold(found)
