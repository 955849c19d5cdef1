"""Rules that stand side by side and are told apart by one number or by one choice: which values each of them takes.

Knows conditions with numbers in the place of parameters, no checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cityrules.feel.tree import Tree
from cityrules.feel.types import Number, Text
from cityrules.plan.code import And, Code, Compare, Const, Not, Or, Slot
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import lower_flag
from cityrules.plan.model import Expr, Ledger, Plan
from cityrules.solve.asking import TRUE, Asking, Dials, Wanted, with_dials
from cityrules.solve.conditions import conjuncts, written
from cityrules.solve.linear import Form, as_sum
from cityrules.solve.values import Spans, Values, common, complement, united

Along = Form | Slot
"""What tells rules apart: a sum of numbers, or a name with labels."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """Something that happens where a condition holds. `beside`: what it has in common with those it is compared with.
    `adds`: where several hold all of them count."""

    name: str
    address: str
    when: Expr
    beside: tuple[object, ...]
    adds: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What of a sum, or of the labels, a rule takes. `when`: its condition with numbers for parameters."""

    rule: Ruled
    when: Tree
    spans: Spans
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scale:
    """Rules that differ in nothing but what they take of one thing; `rest` is what else must hold for all of them."""

    along: Along
    rest: tuple[Wanted, ...]
    taken: tuple[Taken, ...]

    @property
    def unit(self) -> int:
        """So many of its smallest steps make one of what people count."""
        if isinstance(self.along, tuple) and len(self.along) == 1 and isinstance(self.along[0][0], Slot):
            type_ = self.along[0][0].binding.type
            return 10 ** (type_.scale or 0) if isinstance(type_, Number) else 1
        return 1


def ruled(plan: Plan) -> Iterator[Ruled]:
    """Everything that happens under a condition beside something else."""
    for measure in plan.measures.values():
        if isinstance(measure, Ledger):
            for rule in written(measure):
                if rule.when is not None:
                    adds = measure.groups.get(rule.group or "", "all") == "all"
                    beside = (measure.name, rule.axis, rule.group, rule.sign)
                    yield Ruled(rule.name, rule.path, rule.when, beside, adds)
    for one in plan.consequences.values():
        if one.when is not None:
            yield Ruled(one.name, one.path, one.when, (str(one.grain), one.of_record), False)


def scales(asking: Asking, plan: Plan) -> Iterator[Scale]:
    """The rules that stand side by side, for the values that parameters have together on a day."""
    beside: dict[tuple[object, ...], list[Ruled]] = {}
    for rule in ruled(plan):
        beside.setdefault(rule.beside, []).append(rule)
    for rules in beside.values():
        if len(rules) > 1:
            for dials in asking.days([rule.when.tree for rule in rules]):
                yield from _scales(rules, dials)


def _scales(rules: Sequence[Ruled], dials: Dials) -> Iterator[Scale]:
    found: dict[tuple[Along, frozenset[Code]], tuple[tuple[Wanted, ...], list[Taken]]] = {}
    for rule in rules:
        tree = with_dials(rule.when.tree, dials)
        try:
            parts = [(part, lower_flag(part)) for part in conjuncts(tree)]
        except TooLargeError:
            continue
        read = [(part, code, _taken(code)) for part, code in parts]
        for along in dict.fromkeys(one[0] for _, _, one in read if one is not None):
            own = [one for _, _, one in read if one is not None and one[0] == along]
            others = [(part, code) for part, code, one in read if one is None or one[0] != along]
            spans, words = own[0][1], own[0][2]
            for _, more_spans, more_words in own[1:]:
                spans, words = common(spans, more_spans), words & more_words
            key = along, frozenset(code for _, code in others)
            rest = tuple((part, TRUE) for part, _ in others)
            found.setdefault(key, (rest, []))[1].append(Taken(rule, tree, spans, words))
    for (along, _), (rest, taken) in found.items():
        if len(taken) > 1:
            yield Scale(along, rest, tuple(taken))


def _taken(code: Code) -> tuple[Along, Spans, frozenset[str]] | None:
    """What a condition about one sum, or about one name with labels, takes of it; None for other conditions."""
    match code:
        case Compare(left=left) if left.sort == "int":
            said = as_sum(code)
            return said.form, said.true, frozenset()
        case Compare(op="=" | "!=", left=Slot() as slot, right=Const(value=str(word))):
            labels = _labels(slot)
            if labels is None:
                return None
            return slot, (), frozenset((word,)) & labels if code.op == "=" else labels - {word}
        case Not(item=item):
            inner = _taken(item)
            if inner is None:
                return None
            along, spans, words = inner
            labels = _labels(along) if isinstance(along, Slot) else None
            return along, () if labels is not None else complement(spans), (labels or words) - words
        case And(items=items) | Or(items=items):
            parts = [_taken(item) for item in items]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts) or any(part[0] != known[0][0] for part in known):
                return None
            along, spans, words = known[0]
            for _, more, more_words in known[1:]:
                both = isinstance(code, And)
                spans = common(spans, more) if both else united((*spans, *more))
                words = words & more_words if both else words | more_words
            return along, spans, words
        case _:
            return None


def _labels(slot: Slot) -> frozenset[str] | None:
    type_ = slot.binding.type
    return frozenset(type_.labels) if isinstance(type_, Text) and type_.labels is not None else None


def within(along: Along, span: tuple[int, int]) -> Mapping[Form, Values]:
    """That a sum lies in a span."""
    return {along: Values((span,))} if isinstance(along, tuple) else {}


def gaps(taken: Sequence[Taken]) -> Iterator[tuple[int, int]]:
    """The spans between those that rules take, which none of them does."""
    every = united(span for one in taken for span in one.spans)
    for (_, below), (above, _) in pairwise(every):
        yield below + 1, above - 1
