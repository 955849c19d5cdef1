"""The type checker: from the parse tree to the typed tree, every complaint on the way noted. Here: numbers and time."""

from __future__ import annotations

from fractions import Fraction

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.conditions import ConditionChecker
from cityrules.feel.evaluate import constant_value
from cityrules.feel.facts import Shape, shape
from cityrules.feel.interval import Interval
from cityrules.feel.kinds import Refusal, literal_number, term
from cityrules.feel.operators import arithmetic, nonzero, power, quotient
from cityrules.feel.scope import Env, Scope
from cityrules.feel.tree import Arithmetic, Literal_, Negate, Tree
from cityrules.feel.types import Duration, Flag, Null, Number, Text
from cityrules.feel.walk import children, constant

MOST_EXPONENT = 999
MOST_BITS = 32_768  # of the numerator and denominator that a power can reach
_BITS_OF_A_NAME = 64


class Checker(ConditionChecker):
    """Checks one expression. `divisors` collects what the plan has to guard."""

    def __init__(self, scope: Scope, complaints: Complaints, *, guards: bool) -> None:
        super().__init__(scope, complaints)
        self.guards = guards
        self.divisors: dict[Shape, Tree] = {}
        self._bits: dict[int, tuple[Tree, int]] = {}

    def visit(self, node: ast.Expr, env: Env) -> Tree | None:
        match node:
            case ast.Bad():
                return None
            case ast.Constant():
                return self.constant(node)
            case ast.At():
                return self.at(node)
            case ast.Path():
                return self.path(node, env)
            case ast.Dot():
                return self.dot(node, env)
            case ast.Call():
                return self.call(node, env)
            case ast.Minus():
                return self.minus(node, env)
            case ast.Binary():
                return self.binary(node, env)
            case ast.Relation():
                return self.relation(node, env)
            case ast.Junction():
                return self.junction(node, env)
            case ast.Between():
                return self.between(node, env)
            case ast.In():
                return self.membership(node, env)
            case ast.Choice():
                return self.choice(node, env)

    # --- values ------------------------------------------------------------------------------------------------

    def constant(self, node: ast.Constant) -> Tree:
        match node.value:
            case None:
                return Literal_(Null(), node.start, node.end, None)
            case bool() as flag:
                return Literal_(Flag(), node.start, node.end, flag)
            case str() as text:
                return Literal_(Text((text,)), node.start, node.end, text)
            case number:
                return self.number(node, number)

    def number(self, node: ast.Node, value: Fraction) -> Literal_:
        plain = value.numerator if value.denominator == 1 else value
        return Literal_(literal_number(value), node.start, node.end, plain)

    def minus(self, node: ast.Minus, env: Env) -> Tree | None:
        operand = self.visit(node.operand, env)
        if operand is None:
            return None
        if isinstance(operand, Literal_) and isinstance(operand.type, Number):
            assert isinstance(operand.value, (int, Fraction))
            return self.number(node, Fraction(-operand.value))
        if isinstance(operand.type, Number):
            bounds = -Interval.of(operand.type)
            type_ = Number(operand.type.scale, bounds.low, bounds.high, operand.type.unit, operand.type.optional)
            return Negate(type_, node.start, node.end, operand)
        if isinstance(operand.type, Duration):
            return Negate(operand.type, node.start, node.end, operand)
        code = "CR274" if isinstance(operand.type, Null) else "CR282"
        self.complaints.add(code, node.operand.start, node.operand.end, operator="-", found_type=term(operand.type))
        return None

    def binary(self, node: ast.Binary, env: Env) -> Tree | None:
        left, right = self.visit(node.left, env), self.visit(node.right, env)
        if left is None or right is None:
            return None
        if node.op == "**":
            return self.power(node, left, right, env)
        if not self.bounded(node, self.bits(left) + self.bits(right)):
            return None
        if node.op == "/":
            bounds = Interval()
            if isinstance(right.type, Number) and isinstance(left.type, Number):
                found = self.divisor(node.right, right, env)
                if found is None:
                    return None
                bounds = found
            type_ = quotient(left.type, right.type, bounds)
        else:
            type_ = arithmetic(node.op, left.type, right.type, (constant(left), constant(right)))
        if isinstance(type_, Refusal):
            self.refuse(type_, node, node.left, node.right)
            return None
        tree = Arithmetic(type_, node.start, node.end, node.op, left, right)
        return tree if isinstance(type_, Number) else self.in_range(tree)

    def in_range(self, tree: Tree) -> Tree | None:
        """Time arithmetic on literals that leaves the years 1 to 9999 is found here and not when it is evaluated."""
        if constant(tree) and constant_value(tree) is None:
            self.complaints.add("CR285", tree.start, tree.end, found=self.complaints.quote(tree.start, tree.end))
            return None
        return tree

    def power(self, node: ast.Binary, left: Tree, right: Tree, env: Env) -> Tree | None:
        for operand, part in ((left, node.left), (right, node.right)):
            if not isinstance(operand.type, Number):
                code = "CR274" if isinstance(operand.type, Null) else "CR254"
                types = {"left_type": term(left.type), "right_type": term(right.type)}
                self.complaints.add(code, part.start, part.end, operator="**", **types)
                return None
        assert isinstance(left.type, Number)
        if left.type.unit is not None:
            self.complaints.add("CR284", node.left.start, node.left.end, unit=left.type.unit)
            return None
        exponent = constant_value(right)
        if not isinstance(exponent, int) or isinstance(exponent, bool) or not 0 < abs(exponent) <= MOST_EXPONENT:
            self.complaints.add("CR268", node.right.start, node.right.end, limit=MOST_EXPONENT)
            return None
        if not self.bounded(node, self.bits(left) * abs(exponent)):
            return None
        bounds = Interval.of(left.type)
        if exponent < 0:
            found = self.divisor(node.left, left, env)
            if found is None:
                return None
            bounds = found
        times = self.number(node.right, Fraction(exponent))
        type_ = power(left.type, exponent, bounds)
        tree = Arithmetic(type_, node.start, node.end, "**", left, times)
        self._bits[id(tree)] = (tree, self.bits(left) * abs(exponent))
        return tree

    def bits(self, tree: Tree) -> int:
        """A rough bound on the size of an exact number: what its literals and its names bring."""
        known = self._bits.get(id(tree))
        if known is None:
            known = (tree, self._measure(tree))  # the tree is kept, so that its id stays its own
            self._bits[id(tree)] = known
        return known[1]

    def _measure(self, tree: Tree) -> int:
        if isinstance(tree, Literal_):
            number = tree.value if isinstance(tree.value, (int, Fraction)) else 0
            return number.numerator.bit_length() + number.denominator.bit_length()
        if isinstance(tree, Arithmetic):
            return self.bits(tree.left) + self.bits(tree.right)
        return max((self.bits(part) for part in children(tree)), default=_BITS_OF_A_NAME)

    def bounded(self, node: ast.Node, bits: int) -> bool:
        if bits > MOST_BITS:
            self.complaints.add("CR224", node.start, node.end)
        return bits <= MOST_BITS

    def divisor(self, node: ast.Node, tree: Tree, env: Env) -> Interval | None:
        """Where a divisor lies, zero left out: proved not zero, or handed to the plan to guard, or refused (None)."""
        assert isinstance(tree.type, Number)
        low, high = tree.type.low, tree.type.high
        quote = self.complaints.quote(node.start, node.end)
        if low == 0 and high == 0:
            self.complaints.add("CR283", node.start, node.end, found=quote)
            return None
        positive = self.proved_positive(tree, env)
        if positive or (high is not None and high < 0) or shape(tree) in env.facts.nonzero:
            return nonzero(tree.type, positive)
        if low is None or low < 0:
            self.complaints.add("CR267", node.start, node.end, found=quote)
            return None
        if not (self.guards and env.certain):
            self.complaints.add("CR266", node.start, node.end, found=quote)
            return None
        self.divisors.setdefault(shape(tree), tree)
        return nonzero(tree.type, False)

    def proved_positive(self, tree: Tree, env: Env) -> bool:
        assert isinstance(tree.type, Number)
        low = tree.type.low
        if low is not None and low > 0:
            return True
        key = shape(tree)
        return key in env.facts.positive or (low is not None and low >= 0 and key in env.facts.nonzero)
