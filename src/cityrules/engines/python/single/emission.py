"""`plan.code` written out as Python expressions. Knows no plan: the names of values come from a `Resolve`.

Identifiers are the caller's generated ones, constants are written by `ascii` of an int, text or flag, so that no text
of a document can become code. None stands for missing. A truth value is asked for in one of two ways, `test` (is it
true) and `falsy` (is it false), so that most of Kleene's logic needs no third value; names that were found present are
not asked again. Every part is written, and worked out, once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import chain

from cityrules.engines.python import phrases
from cityrules.engines.python.phrases import OPPOSITES, RELATORS, Strict, constant, every
from cityrules.feel.tree import Binding
from cityrules.plan import presence
from cityrules.plan.bounds import EPOCH
from cityrules.plan.code import (
    Abs,
    Add,
    AddMonths,
    And,
    Choose,
    Coalesce,
    Code,
    Compare,
    Const,
    DatePart,
    Div,
    Greatest,
    IsNull,
    Least,
    Listing,
    Lookup,
    Mul,
    Neg,
    Not,
    Or,
    Same,
    Slot,
    Within,
    children,
    slots,
)
from cityrules.plan.presence import NOTHING, Known, proved

EPOCH_ORDINAL = EPOCH.toordinal()
_MOST_DEPTH = 24

_WORDS = frozenset({"None", "True", "False"})

Way = Callable[[Code, Known, int], str]


@dataclass(frozen=True, slots=True)
class Local:
    """How the generated function knows a value: an expression of its own making, and whether it can be None.

    `day` is an expression for the same day as a `datetime.date`, where there is one.
    """

    text: str
    nullable: bool
    day: str | None = None


Resolve = Callable[[Binding], Local]


@dataclass(slots=True)
class Emitter:
    """Writes expressions of one generated function. `lines` of helpers stand before it at the level of the module."""

    resolve: Resolve
    helpers: list[str] = field(default_factory=list)
    _temporaries: int = 0
    _lists: dict[Listing, str] = field(default_factory=dict)

    # --- truth --------------------------------------------------------------------------------------------------

    def test(self, code: Code, known: Known = NOTHING, depth: int = 0) -> str:
        """True exactly where `code` is true; otherwise something that counts as false."""
        if depth > _MOST_DEPTH:
            return self._apart(code, known, "test")
        match code:
            case Const():
                return "True" if code.value is True else "False"
            case And():
                return self._joined(" and ", code.items, known, True, depth)
            case Or():
                return self._or(code, known, depth)
            case Not():
                return self.falsy(code.item, known, depth)
            case Compare():
                return self._compared(code, RELATORS[code.op], known, depth)
            case Same():
                return f"({self.value(code.left, known, depth + 1)} == {self.value(code.right, known, depth + 1)})"
            case IsNull():
                return self._null(code.item, known, depth, "None")
            case Choose():
                return self._chosen(code, self.test, known, depth)
            case Coalesce():
                return self._first(code, self.test, known, depth)
            case _:
                return self.resolve(code.binding).text if isinstance(code, Slot) else self.value(code, known, depth)

    def falsy(self, code: Code, known: Known = NOTHING, depth: int = 0) -> str:
        """True exactly where `code` is false; otherwise something that counts as false."""
        if depth > _MOST_DEPTH:
            return self._apart(code, known, "falsy")
        match code:
            case Const():
                return "True" if code.value is False else "False"
            case And():
                return self._joined(" or ", code.items, known, False, depth)
            case Or():
                return self._joined(" and ", code.items, known, False, depth)
            case Not():
                return self.test(code.item, known, depth)
            case Compare():
                return self._compared(code, OPPOSITES[code.op], known, depth)
            case Same():
                return f"({self.value(code.left, known, depth + 1)} != {self.value(code.right, known, depth + 1)})"
            case IsNull():
                return self._null(code.item, known, depth, "not None")
            case Choose():
                return self._chosen(code, self.falsy, known, depth)
            case Coalesce():
                return self._first(code, self.falsy, known, depth)
            case _:
                text = self.value(code, known, depth)
                return f"({text} is False)" if self.nullable(code, known) else f"(not {text})"

    def _joined(self, word: str, items: Iterable[Code], known: Known, outcome: bool, depth: int) -> str:
        """The items' outcomes joined; what stands behind may rely on what stands before where all must be so."""
        texts = []
        for item in items:
            texts.append((self.test if outcome else self.falsy)(item, known, depth + 1))
            if word == " and ":
                known = known | proved(item, outcome)
            else:
                known = known | proved(item, not outcome) if not self.nullable(item, known) else known
        return f"({word.join(texts)})"

    def _or(self, code: Or, known: Known, depth: int) -> str:
        """Any of the items; equality of one name with several constants becomes membership."""
        sets: dict[Binding, list[str]] = {}
        for item in code.items:
            if (found := phrases.equality(item)) is not None:
                sets.setdefault(found[0], []).append(found[1])
        several = {binding: texts for binding, texts in sets.items() if len(texts) > 2}
        rest = [item for item in code.items if (phrases.equality(item) or (None, ""))[0] not in several]
        written = [f"{self.resolve(binding).text} in {{{', '.join(texts)}}}" for binding, texts in several.items()]
        if rest:
            written.append(self._joined(" or ", rest, known, True, depth))
        return f"({' or '.join(written)})"

    def _compared(self, code: Compare, relator: str, known: Known, depth: int) -> str:
        left, right = (self.strict(side, known, depth + 1) for side in (code.left, code.right))
        return every([*left.guards, *right.guards, f"{left.text} {relator} {right.text}"])

    def _null(self, item: Code, known: Known, depth: int, what: str) -> str:
        if not self.nullable(item, known):
            return "False" if what == "None" else "True"
        return f"({self.value(item, known, depth + 1)} is {what})"

    def _chosen(self, code: Choose, way: Way, known: Known, depth: int) -> str:
        then = way(code.then, known | proved(code.condition, True), depth + 1)
        otherwise = way(code.otherwise, known | proved(code.condition, False), depth + 1)
        if not self.nullable(code.condition, known):
            return f"({then} if {self.test(code.condition, known, depth + 1)} else {otherwise})"
        name = self._temporary()
        condition = self.value(code.condition, known, depth + 1)
        return f"({then} if ({name} := {condition}) else {name} is False and {otherwise})"

    def _first(self, code: Coalesce, way: Way, known: Known, depth: int) -> str:
        """The outcome of a truth value or, where it is missing, of the one that stands in."""
        if not self.nullable(code.first, known):
            return way(code.first, known, depth + 1)
        second = way(code.second, known, depth + 1)
        if second == "False":
            # A flag that is missing is no flag yet.
            first = way(code.first, known, depth + 1)
            return f"({first} is True)"
        name = self._temporary()
        outcome = name if way == self.test else f"not {name}"
        return f"({outcome} if ({name} := {self.value(code.first, known, depth + 1)}) is not None else {second})"

    def _kleene(self, code: And | Or, known: Known, depth: int) -> str:
        """The three-valued value; each item is worked out once, and none behind the deciding one."""
        decides = isinstance(code, Or)
        text, unknown = "", []
        for item in code.items:
            if self.nullable(item, known):
                name = self._temporary()
                unknown.append(f"{name} is None")
                text += f"{decides} if ({name} := {self.value(item, known, depth + 1)}) is {decides} else "
            else:
                text += f"{decides} if {(self.test if decides else self.falsy)(item, known, depth + 1)} else "
                known = known | proved(item, not decides)
        return f"({text}None if {' or '.join(unknown)} else {not decides})"

    def _unless_missing(self, code: Compare, known: Known, depth: int) -> str:
        left, right = (self.strict(side, known, depth + 1) for side in (code.left, code.right))
        test = f"{left.text} {RELATORS[code.op]} {right.text}"
        return f"({test} if {every([*left.guards, *right.guards])} else None)"

    # --- values -------------------------------------------------------------------------------------------------

    def value(self, code: Code, known: Known = NOTHING, depth: int = 0) -> str:
        """The value, None where it is missing."""
        if isinstance(code, Slot):
            return self.resolve(code.binding).text
        if isinstance(code, Const):
            return constant(code)
        if depth > _MOST_DEPTH:
            return self._apart(code, known, "value")
        if code.sort == "bool" and not self.nullable(code, known):
            return self.test(code, known, depth + 1)
        match code:
            case Coalesce() | Choose():
                return self._branched(code, known, depth)
            case And() | Or():
                return self._kleene(code, known, depth)
            case Not():
                item = self._held([], self.value(code.item, known, depth + 1), True)
                return f"(not {item.text} if {every(item.guards)} else None)"
            case Compare():
                return self._unless_missing(code, known, depth)
        found = self.strict(code, known, depth)
        return f"({found.text} if {every(found.guards)} else None)" if found.guards else found.text

    def strict(self, code: Code, known: Known = NOTHING, depth: int = 0) -> Strict:
        """The value and what must hold for there to be one."""
        if depth > _MOST_DEPTH and not isinstance(code, Slot | Const):
            return self._held([], self._apart(code, known, "value"), self.nullable(code, known))
        match code:
            case Const():
                return Strict([] if code.value is not None else ["False"], constant(code))
            case Slot():
                local = self.resolve(code.binding)
                asked = local.nullable and code.binding not in known
                return Strict([f"{local.text} is not None"] if asked else [], local.text)
            case _ if code.sort == "bool" or isinstance(code, Coalesce | Choose):
                return self._held([], self.value(code, known, depth), self.nullable(code, known))
            case DatePart(day=Slot() as day) if self.resolve(day.binding).day is not None:
                found = self.strict(day, known, depth)
                suffix = ".isoweekday()" if code.part == "weekday" else f".{code.part}"
                return Strict(found.guards, f"{self.resolve(day.binding).day}{suffix}")
        parts = [self.strict(part, known, depth + 1) for part in children(code)]
        guards = list(dict.fromkeys(chain.from_iterable(part.guards for part in parts)))
        return self._operation(code, guards, [part.text for part in parts])

    def _operation(self, code: Code, guards: list[str], texts: list[str]) -> Strict:
        match code:
            case Add():
                return Strict(guards, phrases.total(code.items, texts))
            case Mul():
                return Strict(guards, f"({texts[0]} * {texts[1]})")
            case Neg():
                return Strict(guards, f"(-{texts[0]})")
            case Abs():
                return Strict(guards, f"abs({texts[0]})")
            case Least() | Greatest():
                return Strict(guards, self._outermost(code, texts))
            case Div():
                return self._divided(code, guards, texts)
            case DatePart():
                suffix = ".isoweekday()" if code.part == "weekday" else f".{code.part}"
                return Strict(guards, f"fromordinal({texts[0]} + {EPOCH_ORDINAL}){suffix}")
            case AddMonths():
                return self._held(guards, f"add_months({texts[0]}, {texts[1]})", True)
            case Within():
                name = self._temporary()
                return Strict([*guards, f"{code.low} <= ({name} := {texts[0]}) <= {code.high}"], name)
            case Lookup():
                name, place = self._listed(code.listing), self._temporary()
                last = code.listing.first + len(code.listing.values) - 1
                inside = f"{code.listing.first} <= ({place} := {texts[0]}) <= {last}"
                return Strict([*guards, inside], f"{name}[{place} - {code.listing.first}]")
            case _:
                raise TypeError(type(code).__name__)

    def _listed(self, listing: Listing) -> str:
        """The name of a list at the level of the module."""
        if listing not in self._lists:
            self._lists[listing] = f"l{len(self._lists)}"
            self.helpers.append(f"{self._lists[listing]} = {listing.values!a}\n")
        return self._lists[listing]

    def _outermost(self, code: Least | Greatest, texts: list[str]) -> str:
        """The smallest or largest; of two, one of which is at hand, by a comparison, which is faster than a call."""
        least = isinstance(code, Least)
        if len(texts) != 2 or not any(phrases.at_hand(text) for text in texts):
            return f"{'min' if least else 'max'}({', '.join(texts)})"
        other, plain = texts if phrases.at_hand(texts[1]) else reversed(texts)
        name = self._temporary()
        return f"({name} if ({name} := {other}) {'<' if least else '>'} {plain} else {plain})"

    def _divided(self, code: Div, guards: list[str], texts: list[str]) -> Strict:
        n, d = texts
        if code.guarded:
            name = self._temporary()
            guards, d = [*guards, f"({name} := {d}) > 0"], name
        return Strict(guards, phrases.divided(n, d, code.mode, code.n.low >= 0))

    def _branched(self, code: Coalesce | Choose, known: Known, depth: int) -> str:
        if isinstance(code, Coalesce):
            first = self.strict(code.first, known, depth + 1)
            second = self.value(code.second, known, depth + 1)
            return f"({first.text} if {every(first.guards)} else {second})" if first.guards else first.text
        then = self.value(code.then, known | proved(code.condition, True), depth + 1)
        otherwise = self.value(code.otherwise, known | proved(code.condition, False), depth + 1)
        if not self.nullable(code.condition, known):
            return f"({then} if {self.test(code.condition, known, depth + 1)} else {otherwise})"
        name = self._temporary()
        condition = self.value(code.condition, known, depth + 1)
        return f"({then} if ({name} := {condition}) else {otherwise} if {name} is False else None)"

    def _held(self, guards: list[str], text: str, nullable: bool) -> Strict:
        """A value that is worked out once and asked whether it is there."""
        if not nullable:
            return Strict(guards, text)
        name = self._temporary()
        return Strict([*guards, f"({name} := {text}) is not None"], name)

    def _temporary(self) -> str:
        self._temporaries += 1
        return f"t{self._temporaries}"

    def _apart(self, code: Code, known: Known, way: str) -> str:
        """A deep part as a function of its own: the nesting that CPython can compile is bounded."""
        place = len(self.helpers)
        self.helpers.append("")
        emit = {"test": self.test, "falsy": self.falsy, "value": self.value}[way]
        texts = {text for at in slots(code) for local in [self.resolve(at)] for text in (local.text, local.day or "")}
        arguments = ", ".join(sorted(text for text in texts if text.isidentifier() and text not in _WORDS))
        self.helpers[place] = f"def e{place}({arguments}):\n    return {emit(code, known, 0)}\n"
        return f"e{place}({arguments})"

    def nullable(self, code: Code, known: Known) -> bool:
        """Whether the value can be missing where the `known` names are not."""
        return presence.nullable(code, known, lambda binding: self.resolve(binding).nullable)
