"""The lines of generated code that try the rules of one ledger on one record.

Rules that stand alone add their hit at once. Where rules displace each other, nominal points are first noted in `n0_3`
(ledger 0, rule 3), then who displaces whom in `r0_3`, and the hits are added last, in the order of the document.
"""

from __future__ import annotations

from collections.abc import Iterable

from cityrules.engines.python.reach import bindings, rule_expressions
from cityrules.engines.python.single.chosen import Ready, choose_rules, policy_of
from cityrules.engines.python.single.hits import Hit, Problem, hits_by_units
from cityrules.engines.python.single.lines import FunctionSource
from cityrules.plan.code import Code, Const
from cityrules.plan.coding import FALSE
from cityrules.plan.model import Ledger
from cityrules.plan.names import Measured
from cityrules.plan.presence import NOTHING, Known, proved


class RuleSheet:
    """One ledger: which of its rules a single record can be scored by, and the lines for these."""

    def __init__(self, function: FunctionSource, place: int, ledger: Ledger) -> None:
        self.function = function
        self.place = place
        self.ledger = ledger
        chosen = choose_rules(function.reach, ledger)
        self.scale, self.rules, self.beyond = chosen.scale, chosen.rules, chosen.beyond

    # --- lines --------------------------------------------------------------------------------------------------

    def write(self) -> None:
        """The lines of this ledger."""
        function = self.function
        entangled = self._entangled()
        for ready in self.rules:
            if ready.rule.name in entangled:
                function.line(f"{self._nominal(ready)} = None")
            self._try(ready, ready.rule.name in entangled)
            if ready.rule.name in entangled and ready.rule.name == entangled[-1]:
                self._settle([r for r in self.rules if r.rule.name in entangled])

    def _entangled(self) -> list[str]:
        """All rules from the first to the last that displaces another: their hits are added together, in order."""
        groups = [ready.rule.group or "" for ready in self.rules]
        found = [
            place
            for place, ready in enumerate(self.rules)
            if ready.rule.replaces
            or any(ready.rule.name in other.rule.replaces for other in self.rules)
            or (policy_of(self.ledger, ready.rule) != "all" and groups.count(ready.rule.group or "") > 1)
        ]
        if not found:
            return []
        return [ready.rule.name for ready in self.rules[found[0] : found[-1] + 1]]

    def _nominal(self, ready: Ready) -> str:
        return f"n{self.place}_{ready.place}"

    def _displaced(self, ready: Ready) -> str:
        return f"r{self.place}_{ready.place}"

    def _try(self, ready: Ready, noted: bool) -> None:
        """Try one rule, whatever can speak against it first."""
        function, emitter = self.function, self.function.emitter
        function.axis = ready.axis
        undetermined, partial = function.doubts(rule_expressions(ready.rule))
        tests = list(dict.fromkeys(f"x{derived.place}" for derived, _ in partial))
        known: Known = NOTHING
        route = ready.axis.route
        if route is not None and function.reach.record.fields[route.field].optional:
            # Without a target in that field the record is in no cell of this ledger.
            place = list(function.reach.record.fields).index(route.field)
            tests.append(f"v{place} is not None")
            known = frozenset(b for b in bindings(rule_expressions(ready.rule)) if self._is_route(b, route.field))
        known |= frozenset(
            b for b in bindings(rule_expressions(ready.rule))
            if isinstance(b, Measured) and not function.derived[b.measure].nullable
        )  # fmt: skip
        word = "if"
        if undetermined:
            names = function.constant(f"names{self.place}_{ready.place}", tuple(d.name for d in undetermined))
            own = self._named(ready)
            found = ", ".join(f"q{d.place}" for d in undetermined)
            doubt = " or ".join(f"q{d.place} is not None" for d in undetermined)
            self._doubt(word, [*tests, f"({doubt})"], f"depends({own[0]}, {own[1]}, {names}, ({found},))")
            word = "elif"
        when, *others = ready.beyond if ready.when is not None else (FALSE, *ready.beyond)
        if when != FALSE:
            self._doubt(word, [*tests, emitter.test(when, known)], self._problem(ready, "overflow"))
            word = "elif"
        after = known | proved(ready.when, True) if ready.when is not None else known
        if ready.rule.unknown == "yes":
            after = known
        conditions = list(tests)
        can_be_unknown = ready.when is not None and emitter.nullable(ready.when, known)
        if ready.when is not None:
            yes = can_be_unknown and ready.rule.unknown == "yes"
            conditions.append(f"not {emitter.falsy(ready.when, known)}" if yes else emitter.test(ready.when, known))
        if not conditions and word == "if":
            self._hit(ready, after, others, noted)
        else:
            with function.under(f"{word} {' and '.join(conditions) or 'True'}:"):
                self._hit(ready, after, others, noted)
        if can_be_unknown and ready.rule.unknown == "undecided":
            assert ready.when is not None
            against = [*tests, f"not {emitter.falsy(ready.when, known)}"]
            self._doubt("elif", against, self._problem(ready, "undecided"))
        function.axis = None

    def _is_route(self, binding: object, field: str) -> bool:
        if getattr(binding, "name", None) == field:
            return not isinstance(binding, Measured)
        kind = getattr(binding, "kind", None)
        return kind is not None and self.function.reach.identity_field(kind, self.function.axis) == field

    def _named(self, ready: Ready) -> tuple[str, str]:
        return (
            self.function.constant(f"L{self.place}", self.ledger.name),
            self.function.constant(f"R{self.place}_{ready.place}", ready.rule.name),
        )

    def _problem(self, ready: Ready, cause: str) -> str:
        detail = ready.rule.name if cause == "undecided" else self.ledger.name
        problem = Problem(self.ledger.name, ready.rule.name, cause, detail)
        return self.function.constant(f"P{self.place}_{ready.place}{cause[0]}", problem)

    def _doubt(self, word: str, tests: Iterable[str], problem: str) -> None:
        with self.function.under(f"{word} {' and '.join(tests)}:"):
            self._note(problem)

    def _note(self, problem: str) -> None:
        self.function.line(f"problems = [*(problems or ()), {problem}]")

    def _hit(self, ready: Ready, known: Known, beyond: list[Code], noted: bool) -> None:
        """What a hit does; its points can be missing only where an unknown condition counted as true."""
        function, emitter = self.function, self.function.emitter
        beyond = [code for code in beyond if code != FALSE]
        word = "if"
        for code in beyond:
            with function.under(f"{word} {emitter.test(code, known)}:"):
                self._note(self._problem(ready, "overflow"))
            word = "elif"
        can_miss = emitter.nullable(ready.points, known)
        if can_miss:
            with function.under(f"{word} (t := {emitter.value(ready.points, known)}) is None:"):
                self._note(self._problem(ready, "missing"))
            word = "elif"
        if word == "if":
            self._add(ready, emitter.value(ready.points, known), noted)
            return
        with function.under("else:"):
            self._add(ready, "t" if can_miss else emitter.value(ready.points, known), noted)

    def _add(self, ready: Ready, points: str, noted: bool) -> None:
        function = self.function
        if noted:
            function.line(f"{self._nominal(ready)} = {points}")
            return
        if ready.cites is not None:
            function.line(f"t = {points}")
            function.line(f"hits.append({self._new_hit(ready, 't', 't', 'None')})")
        elif isinstance(ready.points, Const):
            function.line(f"hits.append({self._constant_hit(ready)})")
        else:
            known, make = self._hits_by_units(ready)
            held = "t" if points == "t" else f"(t := {points})"
            function.line(f"hits.append({known}[t] if {held} in {known} else {make}(t))")

    def _constant_hit(self, ready: Ready) -> str:
        assert isinstance(ready.points, Const)
        assert isinstance(ready.points.value, int)
        return self.function.constant(f"H{self.place}_{ready.place}", self._model(ready, ready.points.value))

    def _hits_by_units(self, ready: Ready) -> tuple[str, str]:
        known, make = hits_by_units(self._model(ready, 0))
        constant, mark = self.function.constant, f"{self.place}_{ready.place}"
        return constant(f"K{mark}", known), constant(f"M{mark}", make)

    def _model(self, ready: Ready, units: int) -> Hit:
        via = ready.axis.route.field if ready.axis.route is not None else None
        return Hit(self.ledger.name, ready.rule.name, ready.rule.clause, units, self.scale, units, None, via)

    def _new_hit(self, ready: Ready, units: str, nominal: str, replaced_by: str) -> str:
        measure, rule = self._named(ready)
        clause = self.function.constant(f"C{self.place}_{ready.place}", ready.rule.clause)
        if ready.cites is not None:
            self.function.line(f"u = {self.function.emitter.value(ready.cites, NOTHING)}")
            clause = f"{clause} if u is None else u"
        route = ready.axis.route
        via = self.function.constant(f"V{self.place}_{ready.place}", route.field if route is not None else None)
        return f"new(Hit, ({measure}, {rule}, {clause}, {units}, {self.scale}, {nominal}, {replaced_by}, {via}))"

    # --- precedence ---------------------------------------------------------------------------------------------

    def _settle(self, rules: list[Ready]) -> None:
        """Who displaces whom, group by group, then the hits in order."""
        function = self.function
        for ready in rules:
            by = "None"
            # The first rule that replaces this one and hits stands outermost.
            for other in reversed([r for r in rules if ready.rule.name in r.rule.replaces]):
                by = f"{self._named(other)[1]} if {self._nominal(other)} is not None else {by}"
            function.line(f"{self._displaced(ready)} = {by}")
        groups = dict.fromkeys(ready.rule.group or "" for ready in rules)
        for group in groups:
            members = [ready for ready in rules if (ready.rule.group or "") == group]
            if len(members) > 1 and self.ledger.groups.get(group, "all") != "all":
                self._keep_one(members)
        for ready in rules:
            nominal, displaced = self._nominal(ready), self._displaced(ready)
            with function.under(f"if {nominal} is not None:"):
                function.line(f"t = {nominal} if {displaced} is None else 0")
                function.line(f"hits.append({self._new_hit(ready, 't', nominal, displaced)})")

    def _keep_one(self, members: list[Ready]) -> None:
        """Of the hits not yet displaced the first, or the first of the largest, keeps its points."""
        function = self.function
        highest = policy_of(self.ledger, members[0].rule) == "highest"
        function.line("kept = None")
        function.line("most = -1")
        for ready in members:
            nominal = self._nominal(ready)
            better = f"abs({nominal}) > most" if highest else "kept is None"
            with function.under(f"if {nominal} is not None and {self._displaced(ready)} is None and {better}:"):
                function.line(f"kept = {self._named(ready)[1]}")
                if highest:
                    function.line(f"most = abs({nominal})")
        for ready in members:
            name = self._named(ready)[1]
            with function.under(f"if {self._displaced(ready)} is None and kept is not {name}:"):
                function.line(f"{self._displaced(ready)} = kept")
