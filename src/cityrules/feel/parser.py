"""From tokens to the parse tree: a Pratt parser that goes on after a mistake wherever the rest still has a meaning.

Binding, from loose to tight: `or`, `and`, comparisons (which do not chain), `+ -`, `* /`, `**`, unary minus, `.name`.
As in DMN 1.3 and later every arithmetic operator groups to the left and the unary minus binds tighter than `**`.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, cast

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.lexer import Kind, Token, tokens
from cityrules.feel.membership import MembershipParser
from cityrules.feel.stream import AND, COMPARISON, MOST_DEPTH, OR, POWER, PRODUCT, RELATORS, SUM, UNARY, UnreadableError
from cityrules.text.vocabulary import turned, vocabulary

MOST_CHARACTERS = 10_000

_ARITHMETIC = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT, "%": PRODUCT, "**": POWER}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
# Words that people write for the words of the language.
_SPELT = {word: word for word in ("and", "or", "not", "in", "between", "then", "else")}
_SPELT |= {"并且": "and", "或者": "or", "那么": "then"}
_FOREIGN_FORMS = frozenset({"for", "some", "every", "function"})


def parse(text: str, complaints: Complaints) -> ast.Expr | None:
    """The parse tree, with `Bad` where a complaint was made, or None where nothing can be made of the text."""
    if len(text) > MOST_CHARACTERS:
        complaints.add("CR221", 0, len(text), limit=MOST_CHARACTERS, found=len(text))
        return None
    found = tokens(text, complaints)
    if len(found) == 1:
        if not complaints.count:
            complaints.add("CR225", 0, len(text))
        return None
    if any(token.kind is Kind.UNKNOWN for token in found):
        return None  # what it was meant to be decides how the rest reads
    try:
        return Parser(found, complaints).whole()
    except UnreadableError:
        return None


class Parser(MembershipParser):
    """One expression being read."""

    def whole(self) -> ast.Expr:
        tree = self.expression()
        rest = self.next
        if rest.kind is not Kind.END:
            raise self.unexpected(rest)
        return tree

    def expression(self, floor: int = OR) -> ast.Expr:
        self.nesting += 1
        if self.nesting > MOST_DEPTH:
            raise self.too_deep(self.next.start, self.next.end)
        left = self.prefix()
        while (more := self.infix(left, floor)) is not None:
            left = more
        self.nesting -= 1
        return left

    # --- operands ----------------------------------------------------------------------------------------------

    def prefix(self) -> ast.Expr:
        token = self.next
        match token.kind:
            case Kind.NUMBER:
                self.take()
                return self.made(ast.Constant(token.start, token.end, Fraction(token.value)))
            case Kind.TEXT:
                self.take()
                return self.made(ast.Constant(token.start, token.end, token.value))
            case Kind.AT:
                self.take()
                return self.made(ast.At(token.start, token.end, token.value))
            case Kind.NAME:
                return self.named()
            case Kind.WORD:
                return self.worded()
            case _:
                return self.signed()

    def worded(self) -> ast.Expr:
        token = self.next
        if token.value in _CONSTANTS:
            self.take()
            return self.made(ast.Constant(token.start, token.end, _CONSTANTS[token.value]))
        if token.value == "if":
            return self.choice()
        if token.value == "not":
            self.take()
            if self.next.sign("("):
                return self.call("not", token.start, token.end)
            self.complaints.add("CR242", token.start, token.end)
            operand = self.expression(COMPARISON)
            return self.made(ast.Call(token.start, operand.end, "not", token.end, (operand,)), operand)
        return self.missing()

    def signed(self) -> ast.Expr:
        token = self.next
        if token.sign("-"):
            self.take()
            operand = self.expression(UNARY)
            return self.made(ast.Minus(token.start, operand.end, operand), operand)
        if token.sign("!"):
            # The lexer has complained and said how to write it.
            self.take()
            operand = self.expression(UNARY)
            return self.made(ast.Call(token.start, operand.end, "not", token.end, (operand,)), operand)
        if token.sign("(", "["):
            return self.group()
        if token.sign("{"):
            raise self.foreign("{ }", token)
        if token.sign(*RELATORS):
            self.complaints.add("CR244", token.start, token.end, found=token.value)
            self.take()
            operand = self.expression(SUM)
            return self.bad(token.start, operand.end)
        return self.missing()

    def missing(self) -> ast.Expr:
        """Nothing stands where a value must: point at what wanted it."""
        token = self.next
        before = self.tokens[self.at - 1] if self.at else None
        at = token if before is None or (before.sign("(", "[") and token.kind is not Kind.END) else before
        self.complaints.add("CR226", at.start, at.end, found=self.complaints.quote(at.start, at.end))
        if token.kind is Kind.SIGN and token.value not in (*_ARITHMETIC, ")", "]", ","):
            raise UnreadableError
        return self.bad(at.start, at.end)

    def group(self) -> ast.Expr:
        opener = self.take()
        if opener.value == "[":
            code = "CR239" if self.holds_range(self.at) else "CR238"
            return self.passed_over(opener, code)
        if self.holds_range(self.at):
            return self.passed_over(opener, "CR239")
        inner = self.expression()
        if self.next.sign(","):
            return self.passed_over(opener, "CR238")
        self.close(opener)
        return inner

    def foreign(self, form: str, token: Token) -> UnreadableError:
        """Complain about a form of full FEEL that this language leaves out."""
        self.complaints.add("CR240", token.start, token.end, found=form)
        return UnreadableError()

    # --- names and calls ---------------------------------------------------------------------------------------

    def named(self) -> ast.Expr:
        first = self.take()
        if first.value in _FOREIGN_FORMS and (self.next.kind is Kind.NAME or self.next.sign("(")):
            raise self.foreign(first.value, first)
        if first.value == "date" and self.next.word("and") and self.peek().value == "time" and self.peek(2).sign("("):
            self.take()
            return self.call("date and time", first.start, self.take().end)
        names, ends = [first.value], [first.end]
        while self.next.sign(".") and self.peek().kind in (Kind.NAME, Kind.WORD):
            self.take()
            part = self.take()
            names.append(part.value)
            ends.append(part.end)
        if self.next.sign("("):
            return self.call(".".join(names), first.start, ends[-1])
        if self.next.kind is Kind.NAME:
            self.spaced(first.start)
        return self.made(ast.Path(first.start, ends[-1], tuple(names), tuple(ends)))

    def spaced(self, start: int) -> None:
        """Several names side by side: a name or function with spaces in it, or a form of full FEEL."""
        if self.next.value == "instance":
            raise self.foreign("instance of", self.next)
        run = [self.tokens[self.at - 1]]
        self.spelt(run[0])
        while self.next.kind is Kind.NAME:
            self.spelt(self.next)
            run.append(self.take())
        found = self.complaints.text[start : run[-1].end]
        if self.next.sign("("):
            self.complaints.add("CR251", start, run[-1].end, found=found)
        else:
            name = "_".join(token.value for token in run)
            self.complaints.add("CR235", start, run[-1].end, found=found, suggestion=name)
        raise UnreadableError

    def spelt(self, token: Token) -> None:
        """Complain about a word of the language that is written otherwise: in capitals, or in Chinese."""
        chinese = turned(vocabulary().operators, "en")
        word = _SPELT.get(token.value.casefold(), chinese.get(token.value))
        if word is not None:
            self.complaints.add("CR245", token.start, token.end, found=token.value, suggestion=word)
            raise UnreadableError

    def call(self, name: str, start: int, name_end: int) -> ast.Expr:
        opener = self.take()
        arguments: list[ast.Expr] = []
        while not self.next.sign(")"):
            if self.next.kind is Kind.END:
                raise self.unclosed(opener)
            if self.next.kind is Kind.NAME and self.peek().sign(":"):
                self.complaints.add("CR241", self.next.start, self.peek().end, found=self.next.value)
                self.take()
                self.take()
            arguments.append(self.expression())
            if not self.next.sign(","):
                break
            self.take()
            if self.next.sign(")"):
                arguments.append(self.missing())
        end = self.close(opener)
        return self.made(ast.Call(start, end, name, name_end, tuple(arguments)), *arguments)

    def choice(self) -> ast.Expr:
        word = self.take()
        nested = self.at >= 2 and self.tokens[self.at - 2].word("else")
        condition = self.expression()
        if not self.next.word("then"):
            self.complaints.add("CR232", word.start, word.end)
            raise UnreadableError
        self.take()
        then = self.expression()
        if not self.next.word("else"):
            self.complaints.add("CR234" if nested else "CR233", word.start, then.end)
            if self.next.kind is not Kind.END:
                raise UnreadableError
            return self.bad(word.start, then.end)
        self.take()
        otherwise = self.expression()
        node = ast.Choice(word.start, otherwise.end, condition, then, otherwise)
        return self.made(node, condition, then, otherwise)

    # --- operators ---------------------------------------------------------------------------------------------

    def infix(self, left: ast.Expr, floor: int) -> ast.Expr | None:
        """`left` extended by the next operator, or None where the expression ends for this `floor`."""
        token = self.next
        if token.kind is Kind.SIGN:
            if token.value in _ARITHMETIC and floor <= _ARITHMETIC[token.value]:
                return self.arithmetic(left, token)
            if token.value in RELATORS and floor <= COMPARISON:
                return self.relation(left, token)
            if token.value == "." and self.peek().kind in (Kind.NAME, Kind.WORD):
                self.take()
                part = self.take()
                return self.made(ast.Dot(left.start, part.end, left, part.value), left)
            if token.value == "[" and self.open_ranges == 0:
                raise self.foreign("[ ]", token)
            return None
        if token.kind is Kind.WORD:
            return self.infix_word(left, token, floor)
        if token.kind is Kind.END:
            return None
        if token.kind is Kind.NAME and token.value == "instance":
            raise self.foreign("instance of", token)
        self.complaints.add("CR236", left.start, token.end, found=self.complaints.quote(left.start, token.end))
        raise UnreadableError

    def infix_word(self, left: ast.Expr, token: Token, floor: int) -> ast.Expr | None:
        if token.value in ("and", "or"):
            binding = AND if token.value == "and" else OR
            return self.junction(left, token, binding) if floor <= binding else None
        if floor > COMPARISON:
            return None
        if token.value == "in":
            return self.unchained(self.membership(left))
        if token.value == "between":
            return self.unchained(self.between(left))
        if token.value == "not" and self.peek().word("in"):
            self.complaints.add("CR243", token.start, self.peek().end)
            self.take()
            return self.unchained(self.membership(left))
        if token.value in ("true", "false", "null", "not", "if"):
            self.complaints.add("CR236", left.start, token.end, found=self.complaints.quote(left.start, token.end))
            raise UnreadableError
        return None

    def arithmetic(self, left: ast.Expr, token: Token) -> ast.Expr:
        self.take()
        if token.value == "%":
            self.complaints.add("CR220", token.start, token.end)
        right = self.expression(_ARITHMETIC[token.value] + 1)
        if token.value == "%":
            return self.bad(left.start, right.end)
        op = cast(ast.Operator, token.value)
        return self.made(ast.Binary(left.start, right.end, op, left, right), left, right)

    def relation(self, left: ast.Expr, token: Token) -> ast.Expr:
        self.take()
        right = self.expression(SUM)
        op = cast(ast.Relator, token.value)
        return self.unchained(self.made(ast.Relation(left.start, right.end, op, left, right), left, right))

    def unchained(self, left: ast.Expr) -> ast.Expr:
        """Complain where one comparison follows another, once, and pass over the rest of the chain."""
        if not (self.next.sign(*RELATORS) or self.next.word("in", "between")):
            return left
        end = left.end
        while self.next.sign(*RELATORS):
            self.take()
            end = self.expression(SUM).end
        self.complaints.add("CR231", left.start, end, found=self.complaints.quote(left.start, end))
        if self.next.word("in", "between"):
            raise UnreadableError
        return self.bad(left.start, end)

    def between(self, left: ast.Expr) -> ast.Expr:
        word = self.take()
        low = self.expression(SUM)
        if not self.next.word("and"):
            self.complaints.add("CR237", word.start, low.end)
            raise UnreadableError
        self.take()
        high = self.expression(SUM)
        return self.made(ast.Between(left.start, high.end, left, low, high), left, low, high)

    def junction(self, left: ast.Expr, token: Token, binding: int) -> ast.Expr:
        items = [left]
        while self.next.word(token.value):
            self.take()
            items.append(self.expression(binding + 1))
        op: Literal["and", "or"] = "and" if token.value == "and" else "or"
        return self.made(ast.Junction(left.start, items[-1].end, op, tuple(items)), *items)
