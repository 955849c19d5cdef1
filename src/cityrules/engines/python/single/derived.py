"""The lines of generated code that compute the measures of one record: formulas and bands.

Each measure becomes `m0`, `m1`, ...; where it can have a problem also `q0` (None or the problem), where it may not
apply also `x0`. The contract is `docs/engines.md`, "Formula" and "Bands".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cityrules.engines.python.reach import expressions
from cityrules.engines.python.single.hits import Problem
from cityrules.engines.python.single.lines import Derived, FunctionSource, constant_code, held
from cityrules.feel.tree import Binding, Tree
from cityrules.feel.types import Number
from cityrules.plan import coding, lower, overflow, rational
from cityrules.plan.code import Code, Relation
from cityrules.plan.coding import FALSE
from cityrules.plan.model import Bands, Empty, Formula
from cityrules.plan.rational import Rational

_RELATIONS: dict[str, Relation] = {"at_least": ">=", "above": ">", "up_to": "<=", "below": "<"}


def derive(function: FunctionSource, measure: Formula | Bands) -> None:
    """Write one measure. Raises TooLargeError before anything is written."""
    maker = _Maker(function, measure)
    maker.prepare()
    maker.write()


class _Maker:
    """One measure on its way: `prepare` works out all code, `write` writes the lines."""

    def __init__(self, function: FunctionSource, measure: Formula | Bands) -> None:
        self.function = function
        self.measure = measure
        self.place = len(function.derived)
        self.value = f"m{self.place}"
        self.problem = f"q{self.place}"
        missing = measure.missing
        self.stands_in = missing is not None and missing.policy == "value" and missing.value is not None
        self.refuses = missing is not None and missing.policy == "error"
        self.number: Rational | None = None
        self.code: Code = FALSE

    def prepare(self) -> None:
        measure = self.measure
        self.applies = lower.lower(measure.applies.tree) if measure.applies is not None else None
        self.before = self._overflow(measure.applies.tree) if measure.applies is not None else FALSE
        # Guards are evaluated one after the other: leaving the calendar first, then zero.
        self.guards = [(self._overflow(guard), lower.is_zero(guard)) for guard in measure.value.guards]
        self.beyond = self._overflow(measure.value.tree)
        if isinstance(measure, Formula):
            self._prepare_formula(measure)
        else:
            self.number = lower.lower_number(measure.value.tree)
            self.bounds = [(lower.lower_number(bound.tree), label) for bound, label in measure.bounds]
            for bound, _ in self.bounds:
                rational.related("<", self.number, bound)

    @staticmethod
    def _overflow(tree: Tree) -> Code:
        return overflow.overflow(tree)

    def _prepare_formula(self, measure: Formula) -> None:
        stand_in = measure.missing.value if measure.missing is not None and self.stands_in else None
        if not isinstance(measure.type, Number):
            code = lower.lower(measure.value.tree)
            self.code = coding.coalesce(code, constant_code(stand_in, measure.type)) if self.stands_in else code
            return
        number = lower.lower_number(measure.value.tree)
        if self.stands_in:
            number = rational.or_else(number, _exact(stand_in))
        self.code = self._finished(number, measure)

    def _finished(self, number: Rational, measure: Formula) -> Code:
        """A number rounded, in units of the measure's scale."""
        assert isinstance(measure.type, Number)
        scale = measure.type.scale or 0
        if measure.round is None:
            return lower.at_scale(number, scale)
        whole = rational.rounded(number, measure.round.digits, measure.round.mode)
        return lower.at_scale(Rational(whole, rational.ONE, measure.round.digits), scale)

    # --- lines --------------------------------------------------------------------------------------------------

    def write(self) -> None:
        function, measure = self.function, self.measure
        of_applies = function.doubts([measure.applies] if measure.applies is not None else [])
        of_value = function.doubts(expressions(measure)[1 if measure.applies is not None else 0 :])
        chain: list[tuple[str, Callable[[], bool]]] = [
            *self._reading(of_applies, "a"),
            *self._leaving(self.before),
        ]
        if self.applies is not None:
            chain.append((f"not {function.emitter.test(self.applies)}", self._out))
        chain += self._reading(of_value, "v")
        for beyond, zero in self.guards:
            chain += [*self._leaving(beyond), (function.emitter.test(zero), self._empty)]
        chain += self._leaving(self.beyond)
        empty = measure.empty if isinstance(measure, Formula) else None
        problems = [way for _, way in chain if way not in (self._out, self._empty)]
        doubtful = bool(problems) or self.refuses or (bool(self.guards) and (empty is None or empty.error))
        if doubtful:
            function.line(f"{self.problem} = None")
        if measure.applies is not None:
            function.line(f"x{self.place} = True")
        if doubtful or measure.applies is not None:
            function.line(f"{self.value} = None")
        nullable = self._write_chain(chain)
        derived = Derived(self.place, measure.name, measure.type, nullable, doubtful, measure.applies is not None)
        function.derived[measure.name] = derived

    def _write_chain(self, chain: list[tuple[str, Callable[[], bool]]]) -> bool:
        """From the gravest doubt to the value; gives whether the value can be missing without a problem."""
        function = self.function
        if not chain:
            return self._value()
        nullable = False
        for number, (test, way) in enumerate(chain):
            with function.under(f"{'elif' if number else 'if'} {test}:"):
                nullable = way() or nullable
        with function.under("else:"):
            return self._value() or nullable

    def _reading(
        self, doubts: tuple[list[Derived], list[tuple[Derived, Binding]]], mark: str
    ) -> Iterator[tuple[str, Callable[[], bool]]]:
        """What speaks against reading names: measures with a problem, then measures that do not apply."""
        undetermined, partial = doubts
        if undetermined:
            names = self.function.constant(f"names{self.place}{mark}", tuple(d.name for d in undetermined))
            found = ", ".join(f"q{d.place}" for d in undetermined)
            own = self.function.constant(f"name{self.place}", self.measure.name)
            line = f"{self.problem} = depends({own}, None, {names}, ({found},))"
            yield " or ".join(f"q{d.place} is not None" for d in undetermined), self._liner(line)
        needed = {d.name: d for d, binding in partial if not binding.type.optional}
        if needed:
            names = self.function.constant(f"needed{self.place}{mark}", tuple(needed))
            own = self.function.constant(f"name{self.place}", self.measure.name)
            found = ", ".join(f"x{d.place}" for d in needed.values())
            line = f"{self.problem} = absent({own}, {names}, ({found},))"
            yield " or ".join(f"not x{d.place}" for d in needed.values()), self._liner(line)

    def _leaving(self, beyond: Code) -> Iterator[tuple[str, Callable[[], bool]]]:
        if beyond != FALSE:
            problem = Problem(self.measure.name, None, "overflow", self.measure.name)
            name = self.function.constant(f"Q{self.place}o", problem)
            yield self.function.emitter.test(beyond), self._liner(f"{self.problem} = {name}")

    def _liner(self, line: str) -> Callable[[], bool]:
        def write() -> bool:
            self.function.line(line)
            return False

        return write

    def _out(self) -> bool:
        self.function.line(f"x{self.place} = False")
        return False

    def _note(self, cause: str, detail: str, mark: str) -> None:
        problem = Problem(self.measure.name, None, cause, detail)
        self.function.line(f"{self.problem} = {self.function.constant(f'Q{self.place}{mark}', problem)}")

    def _empty(self) -> bool:
        measure = self.measure
        assert isinstance(measure, Formula)
        empty = measure.empty or Empty(error=True)
        if empty.error:
            self._note("empty", measure.name, "z")
            return False
        code = constant_code(empty.value, measure.type)
        if empty.value is not None and isinstance(measure.type, Number):
            code = self._finished(_exact(empty.value), measure)
        self.function.line(f"{self.value} = {self.function.emitter.value(code)}")
        return empty.value is None

    def _value(self) -> bool:
        function = self.function
        if isinstance(self.measure, Bands):
            return self._band(self.measure)
        nullable = function.emitter.nullable(self.code, frozenset())
        function.line(f"{self.value} = {function.emitter.value(self.code)}")
        if nullable and self.refuses:
            with function.under(f"if {self.value} is None:"):
                self._note("missing", self.measure.name, "m")
            return False
        return nullable

    def _band(self, measure: Bands) -> bool:
        function, emitter = self.function, self.function.emitter
        assert self.number is not None
        parts = [self.number.n] if self.number.whole else [self.number.n, self.number.d]
        can_miss = any(emitter.nullable(part, frozenset()) for part in parts)
        number = held(function, f"b{self.place}", self.number)
        nullable = False
        word = "if"
        if can_miss:
            names = [f"b{self.place}n is None", *([] if number.whole else [f"b{self.place}d is None"])]
            with function.under(f"if {' or '.join(names)}:"):
                if self.refuses:
                    self._note("missing", measure.name, "m")
                else:
                    stand_in = measure.missing.value if measure.missing is not None and self.stands_in else None
                    nullable = stand_in is None
                    function.line(f"{self.value} = {emitter.value(constant_code(stand_in, measure.type))}")
            word = "elif"
        labels = [label for _, label in self.bounds]
        for bound, label in self.bounds:
            test = emitter.test(rational.related(_RELATIONS[measure.word], number, bound))
            with function.under(f"{word} {test}:"):
                function.line(f"{self.value} = {emitter.value(constant_code(label, measure.type))}")
            word = "elif"
        last = f"{self.value} = {emitter.value(constant_code(measure.otherwise, measure.type))}"
        if word == "if":
            function.line(last)
        else:
            with function.under("else:"):
                function.line(last)
        return nullable or None in (*labels, measure.otherwise)


def _exact(value: object) -> Rational:
    assert value is None or not isinstance(value, (str, bool))
    return rational.exact(value)  # type: ignore[arg-type]
