"""What each measure of a plan can come to, as far as more can be said than its type says. Never too few values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from cityrules.feel.tree import Comparison
from cityrules.feel.types import Number
from cityrules.feel.walk import reads
from cityrules.plan import bounds
from cityrules.plan.axes import most_elements
from cityrules.plan.caps import Reach, Reaches
from cityrules.plan.code import Code
from cityrules.plan.coding import TooLargeError
from cityrules.plan.lower import lower, lower_number, lower_rounded
from cityrules.plan.model import Bands, Expr, Fold, Formula, Item, Ledger, Measure, Plan, Rule, Run
from cityrules.plan.names import Counted
from cityrules.plan.reading import all_items
from cityrules.plan.whole import divided
from cityrules.solve.asking import FALSE, HIT, TRUE, Asking, Wanted, by_type, with_dials
from cityrules.solve.conditions import compared
from cityrules.solve.forward import Box
from cityrules.solve.values import Values, exactly, join, meet, whole

Ends = tuple[Fraction, Fraction]
_ZERO: Final = Fraction(0)
_OPS: Final[Mapping[str, Comparison]] = {"at_least": ">=", "above": ">", "up_to": "<=", "below": "<"}


@dataclass(slots=True)
class Measured:
    """The values of measures, worked out when they are asked for; a measure reads only earlier ones."""

    plan: Plan
    asking: Asking = field(init=False)
    _known: dict[str, Values | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.asking = Asking(self.plan, self.values)

    def values(self, name: str) -> Values | None:
        """What a measure can be where it is there; None where nothing more is known than its type. A measure that is
        read while it is worked out (its own, of the period before) is as its type says."""
        if name not in self._known:
            self._known[name] = None
            self._known[name] = self._values(self.plan.measures[name])
        return self._known[name]

    def _values(self, measure: Measure) -> Values | None:
        by_its_type = by_type(measure.type)
        if by_its_type is None:
            return None
        try:
            found = self._narrowed(measure)
        except TooLargeError:
            found = None
        return None if found is None else meet(by_its_type, found)

    def _narrowed(self, measure: Measure) -> Values | None:
        match measure:
            case Formula():
                return self._formula(measure)
            case Bands():
                labels = self.bands(measure)
                return join(*(exactly(label) for label in labels)) if labels else None
            case Run() if self.asking.ask([(measure.condition.tree, _lasts(measure))]).never:
                return exactly(0)
            case Fold(op="count", where=where) if where is not None and self.asking.ask([(where.tree, TRUE)]).never:
                return exactly(0)
            case Ledger(carried=False, rescale=False):
                return self._ledger(measure)
            case _:
                return None

    # ------------------------------------------------------------------------------------------------ formulas, bands

    def _formula(self, measure: Formula) -> Values | None:
        found = [Values(null=True)]
        for dials in self.asking.days([measure.value.tree]):
            tree = with_dials(measure.value.tree, dials)
            if not isinstance(tree.type, Number):
                code = lower(tree)
            elif measure.round is not None:
                code = lower_rounded(tree, measure.round)
            elif tree.type.scale is None:
                return None
            else:
                code = lower(tree)
            values = self._code(code, measure.value)
            if isinstance(measure.type, Number) and isinstance(tree.type, Number) and measure.round is None:
                more = (measure.type.scale or 0) - (tree.type.scale or 0)
                if more < 0 or not values.spans:
                    return None
                values = Values(tuple((low * 10**more, high * 10**more) for low, high in values.spans), null=True)
            found.append(values)
        if measure.missing is not None and measure.missing.policy == "value":
            found.append(self._constant(measure, measure.missing.value))
        if measure.empty is not None and not measure.empty.error:
            found.append(self._constant(measure, measure.empty.value))
        return join(*found)

    def _code(self, code: Code, expr: Expr) -> Values:
        return Box(self.asking.names([code], [expr.tree])).values(code)

    def _constant(self, measure: Measure, value: object) -> Values:
        if isinstance(value, (int, Fraction)) and not isinstance(value, bool) and isinstance(measure.type, Number):
            scaled = Fraction(value) * 10 ** (measure.type.scale or 0)
            return whole(int(scaled // 1), -int(-scaled // 1))
        return exactly(value) if isinstance(value, (bool, str)) else by_type(measure.type) or Values()

    def bands(self, measure: Bands) -> tuple[str, ...]:
        """The labels that can be given, the one for a missing value aside."""
        found = []
        for _, label, wanted in self.cases(measure):
            if isinstance(label, str) and not self.asking.ask(wanted).never:
                found.append(label)
        if measure.missing is not None and isinstance(measure.missing.value, str):
            found.append(measure.missing.value)
        return tuple(dict.fromkeys(found))

    def cases(self, measure: Bands) -> list[tuple[str, object, list[Wanted]]]:
        """Each label with the address of its line and the conditions under which it is given."""
        found: list[tuple[str, object, list[Wanted]]] = []
        before: list[Wanted] = []
        for bound, label in measure.bounds:
            tree = compared(_OPS[measure.word], measure.value.tree, bound.tree)
            found.append((bound.path, label, [*before, (tree, TRUE)]))
            before.append((tree, FALSE))
        found.append((f"{measure.path}.otherwise", measure.otherwise, before))
        return found

    # ------------------------------------------------------------------------------------------------ ledgers

    def _ledger(self, measure: Ledger) -> Values | None:
        if not isinstance(measure.type, Number) or not isinstance(measure.base.tree.type, Number):
            return None
        low, high = self.ends(measure.base)
        moved = self.moved(measure)
        low, high = low + moved[0], high + moved[1]
        if measure.floor is not None:
            low, high = max(low, measure.floor), max(high, measure.floor)
        if measure.ceiling is not None:
            low, high = min(low, measure.ceiling), min(high, measure.ceiling)
        scale = measure.type.scale or 0
        if measure.round is None:
            return whole(bounds.scaled(low, scale), bounds.scaled(high, scale, up=True), null=True)
        size, mode = 10**measure.round.digits, measure.round.mode
        ends = [divided(end.numerator * size, end.denominator, mode) for end in (low, high)]
        more = 10 ** (scale - measure.round.digits) if scale >= measure.round.digits else 1
        return whole(ends[0] * more, ends[1] * more, null=True)

    def moved(self, ledger: Ledger) -> Ends:
        """From where to where rules and items can move a ledger."""
        in_items = {name for item in all_items(ledger.items) for name in item.rules}
        outside = [rule for rule in ledger.rules if rule.name not in in_items]
        parts = [self.together(ledger, outside), *(self.item(ledger, item) for item in ledger.items)]
        return sum((part[0] for part in parts), _ZERO), sum((part[1] for part in parts), _ZERO)

    def item(self, ledger: Ledger, item: Item) -> Ends:
        """From where to where an item can move the ledger."""
        low, high = self.inside(ledger, item)
        most = self.ends(item.worth)[1]
        return max(low, -most), min(high, most if item.extra else _ZERO)

    def inside(self, ledger: Ledger, item: Item) -> Ends:
        """From where to where the rules of an item and the items in it can move it, whatever it is worth."""
        own = self.together(ledger, [rule for rule in ledger.rules if rule.name in item.rules])
        parts = [own, *(self.item(ledger, one) for one in item.items)]
        return sum((part[0] for part in parts), _ZERO), sum((part[1] for part in parts), _ZERO)

    def together(self, ledger: Ledger, rules: list[Rule]) -> Ends:
        """From where to where some rules can move a ledger together, under its caps."""
        names = {rule.name for rule in rules}
        laid = Reaches({rule.name: self._rule(ledger, rule) for rule in rules})
        for cap in ledger.caps:
            # A cap on others, too, lets these have all of it.
            if isinstance(cap.at.type, Number) and names & set(cap.rules):
                at = self.ends(cap.at)[1] if not _reads_counted(cap.at) else cap.at.type.high
                at_type = Number(cap.at.type.scale, None, at)
                laid.cap(
                    [name for name in cap.rules if name in names], at_type, whole=not cap.per or cap.shared is not None
                )
        parts = laid.all()
        return sum((part.low for part in parts), _ZERO), sum((part.high for part in parts), _ZERO)

    def _rule(self, ledger: Ledger, rule: Rule) -> Reach:
        if not self.fires(rule):
            return Reach(0, _ZERO, _ZERO)
        points = self.ends(rule.points)
        times = self.ends(rule.times) if rule.times is not None else (Fraction(1), Fraction(1))
        most = 1 if rule.axis is None else most_elements(rule.axis, ledger.grain, None, self.plan.periods)
        products = [one * other * rule.sign for one in points for other in times]
        return Reach(0, min(min(products) * most, _ZERO), max(max(products) * most, _ZERO))

    def fires(self, rule: Rule) -> bool:
        """Whether a rule can hit anything, as far as can be seen."""
        truths = HIT if rule.unknown == "yes" else TRUE
        return rule.when is None or not self.asking.ask([(rule.when.tree, truths)]).never

    def ends(self, expr: Expr) -> Ends:
        """The least and the greatest value of a number where it is there."""
        assert isinstance(expr.tree.type, Number)
        found: list[Fraction] = []
        try:
            for dials in self.asking.days([expr.tree]):
                number = lower_number(with_dials(expr.tree, dials))
                if not number.whole:
                    raise TooLargeError
                values = self._code(number.n, expr)
                if values.spans:
                    found += [Fraction(end, 10**number.scale) for end in (values.low, values.high)]
        except TooLargeError:
            found = []
        if found:
            return min(found), max(found)
        low, high = bounds.interval(expr.tree.type)
        size = 10 ** (expr.tree.type.scale or 0)
        return Fraction(low, size), Fraction(high, size)


def _lasts(run: Run) -> frozenset[bool | None]:
    """With what a run is more than 0: one that unknown periods hold may have begun before what is assessed."""
    return HIT if run.missing in ("counts", "holds") else TRUE


def _reads_counted(expr: Expr) -> bool:
    return any(isinstance(name, Counted) for name in reads(expr.tree))
