"""The tokens of one expression as they are consumed, with the limits on nodes and depth. Knows no grammar."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TypeVar

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.lexer import Kind, Token

MOST_DEPTH = 64
MOST_NODES = 2_000

OR, AND, COMPARISON, SUM, PRODUCT, POWER, UNARY = range(1, 8)
RELATORS = ("=", "!=", "<", "<=", ">", ">=")
OPENERS = ("(", "[", "{")
CLOSERS = (")", "]", "}")
_CLOSER_OF = dict(zip(OPENERS, CLOSERS, strict=True))

E = TypeVar("E", bound=ast.Node)


class UnreadableError(Exception):
    """Nothing sensible can be read beyond this point; the complaint has been made."""


class Stream(ABC):
    """`at` is the index of the next token."""

    def __init__(self, found: list[Token], complaints: Complaints) -> None:
        self.tokens = found
        self.complaints = complaints
        self.at = 0
        self.nesting = 0
        self._nodes: list[ast.Node] = []  # keeps every node alive, so that ids stay unique
        self._depths: dict[int, int] = {}

    @abstractmethod
    def expression(self, floor: int = OR) -> ast.Expr:
        """Read an expression whose operators bind at least as tightly as `floor`."""

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def peek(self, ahead: int = 1) -> Token:
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.tokens[self.at]
        if token.kind is not Kind.END:
            self.at += 1
        return token

    def made(self, node: E, *children: ast.Node) -> E:
        """Count a node and its depth against the limits."""
        depth = 1 + max((self._depths[id(child)] for child in children), default=0)
        self._nodes.append(node)
        self._depths[id(node)] = depth
        if depth > MOST_DEPTH:
            raise self.too_deep(node.start, node.end)
        if len(self._nodes) > MOST_NODES:
            self.complaints.add("CR223", node.start, node.end, limit=MOST_NODES)
            raise UnreadableError
        return node

    def bad(self, start: int, end: int) -> ast.Bad:
        return self.made(ast.Bad(start, end))

    def too_deep(self, start: int, end: int) -> UnreadableError:
        self.complaints.add("CR222", start, end, limit=MOST_DEPTH)
        return UnreadableError()

    def unexpected(self, token: Token) -> UnreadableError:
        """Complain about a token that cannot stand where it stands."""
        code = "CR227"
        if token.sign(*CLOSERS):
            code = "CR229"
        elif token.sign(".."):
            code = "CR239"
        self.complaints.add(code, token.start, token.end, found=self.complaints.quote(token.start, token.end))
        return UnreadableError()

    def unclosed(self, opener: Token) -> UnreadableError:
        self.complaints.add("CR228", opener.start, opener.end, found=opener.value)
        return UnreadableError()

    def close(self, opener: Token) -> int:
        """Take the bracket that closes `opener`; the offset behind it."""
        token, wanted = self.next, _CLOSER_OF[opener.value]
        if token.sign(wanted):
            return self.take().end
        if token.kind is Kind.END:
            raise self.unclosed(opener)
        if token.sign(*CLOSERS):
            self.complaints.add("CR230", token.start, token.end, found=token.value, expected=wanted)
            raise UnreadableError
        raise self.unexpected(token)

    def passed_over(self, opener: Token, code: str) -> ast.Bad:
        """Complain about a bracketed form as a whole, skip to its end and go on."""
        depth, end = 1, opener.end
        while depth and self.next.kind is not Kind.END:
            token = self.take()
            depth += token.sign(*OPENERS) - token.sign(*CLOSERS)
            end = token.end
        self.complaints.add(code, opener.start, end, found=self.complaints.quote(opener.start, end))
        if depth:
            raise self.unclosed(opener)
        return self.bad(opener.start, end)

    def holds_range(self, at: int) -> bool:
        """Whether `..` stands directly inside the bracket that was opened before token `at`."""
        depth = 0
        while at < len(self.tokens) and depth >= 0:
            token = self.tokens[at]
            if depth == 0 and token.sign("..", ","):
                return token.value == ".."
            depth += token.sign(*OPENERS) - token.sign(*CLOSERS)
            at += 1
        return False
