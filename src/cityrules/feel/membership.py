"""The right-hand side of `in`: a value, a range, a unary test, or a bracketed list of them."""

from __future__ import annotations

from typing import cast

from cityrules.feel import ast
from cityrules.feel.stream import RELATORS, SUM, Stream


class MembershipParser(Stream):
    """The part of the parser that reads tests."""

    open_ranges = 0

    def membership(self, value: ast.Expr) -> ast.Expr:
        """`in` and what follows it."""
        self.take()
        tests, end = self.tests()
        node = ast.In(value.start, end, value, tests)
        return self.made(node, value, *tests)

    def tests(self) -> tuple[tuple[ast.Test, ...], int]:
        opener = self.next
        if not opener.sign("(", "[") or self.holds_range(self.at + 1):
            test = self.test(unary=True)
            return (test,), test.end
        self.take()
        found: list[ast.Test] = []
        while True:
            # A unary test is no expression, so it may stand in ( ) but not in a list in [ ].
            found.append(self.test(unary=opener.value == "("))
            if not self.next.sign(","):
                return tuple(found), self.close(opener)
            self.take()

    def test(self, *, unary: bool) -> ast.Test:
        token = self.next
        if unary and token.sign(*RELATORS):
            self.take()
            operand = self.expression(SUM)
            op = cast(ast.Relator, token.value)
            return self.made(ast.RelationTest(token.start, operand.end, op, operand), operand)
        if token.sign("]") or (token.sign("(", "[") and self.holds_range(self.at + 1)):
            return self.range()
        operand = self.expression(SUM)
        return self.made(ast.ValueTest(operand.start, operand.end, operand), operand)

    def range(self) -> ast.RangeTest:
        """`[a..b]`, with `(` or `]` for an open start and `)` or `[` for an open end."""
        opener = self.take()
        self.open_ranges += 1
        low = self.expression(SUM)
        if not self.next.sign(".."):
            raise self.unexpected(opener)
        self.take()
        high = self.expression(SUM)
        self.open_ranges -= 1
        closer = self.next
        if not closer.sign(")", "]", "["):
            raise self.unclosed(opener)
        self.take()
        node = ast.RangeTest(opener.start, closer.end, low, high, opener.value == "[", closer.value == "]")
        return self.made(node, low, high)
