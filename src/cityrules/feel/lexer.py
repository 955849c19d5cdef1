"""From characters to tokens.

A sign that people type by habit (full-width signs, `==`, `&&`, curly quotes) gets a complaint of its own and is then
read as what was meant, so that the rest of the expression is checked too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from cityrules.feel.complaints import Complaints

KEYWORDS = frozenset({"and", "or", "not", "between", "in", "if", "then", "else", "true", "false", "null"})

# FEEL numbers have 34 significant digits; a longer literal could not mean the same elsewhere.
MOST_DIGITS = 34


class Kind(Enum):
    NUMBER = "number"
    TEXT = "text"
    AT = "at"
    NAME = "name"
    WORD = "word"
    SIGN = "sign"
    UNKNOWN = "unknown"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """`value` is what is meant: the sign in half-width form, the text without quotes, the name in NFC."""

    kind: Kind
    value: str
    start: int
    end: int

    def sign(self, *values: str) -> bool:
        return self.kind is Kind.SIGN and self.value in values

    def word(self, *values: str) -> bool:
        return self.kind is Kind.WORD and self.value in values


# One character for one character, so that offsets stay those of the text.
_HALF = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **{ord(wide): ord(half) for wide, half in zip("、。【】〔〕−–—×÷", ",.[]()---*/", strict=True)},
}
_WIDE_PAIRS = {"≥": ">=", "≧": ">=", "≤": "<=", "≦": "<=", "≠": "!=", "…": ".."}
_CURLY = {"“": '”“"', "”": '”“"', "„": '”“"', "＂": '＂"”', "「": "」", "『": "』"}
_SINGLE = dict.fromkeys("'‘’＇", "'‘’＇")

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
_MORE_POINTS = re.compile(r"(?:\.(?!\.)[0-9]*)+")
_EXPONENT = re.compile(r"[eE][+-]?[0-9]+")
_SIGN = re.compile(r"\*\*|==|!=|<>|<=|>=|=<|=>|&&|\|\||\.\.|[-+*/=<>()\[\]{},.:?!&|%^]")
_ESCAPE = re.compile(r'\\(?:(["\\nt])|u([0-9a-fA-F]{4}))')
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "t": "\t"}

# What other languages write, the complaint about it, and what is meant.
_FOREIGN = {
    "==": ("CR206", "="),
    "&&": ("CR207", "and"),
    "&": ("CR207", "and"),
    "||": ("CR208", "or"),
    "|": ("CR208", "or"),
    "!": ("CR209", "!"),
    "<>": ("CR211", "!="),
    "=>": ("CR212", ">="),
    "=<": ("CR212", "<="),
    "^": ("CR213", "**"),
}
_UNITS = {"%": (1, 100), "‰": (1, 1000), "百": (100, 1), "千": (1000, 1), "万": (10000, 1), "亿": (100000000, 1)}


def tokens(text: str, complaints: Complaints) -> list[Token]:
    """Every token, ending with one of kind END. Complaints go to `complaints`; nothing is raised."""
    return _Lexer(text, complaints).run()


def shown(char: str) -> str:
    """A character as a message can show it."""
    return char if char.isprintable() and not char.isspace() else f"U+{ord(char):04X}"


def _begins_name(char: str) -> bool:
    return char == "_" or char.isalpha()


def _continues_name(char: str) -> bool:
    return _begins_name(char) or char in "0123456789" or unicodedata.category(char) in ("Mn", "Mc")


class _Lexer:
    def __init__(self, text: str, complaints: Complaints) -> None:
        self.text = text
        self.flat = text.translate(_HALF)
        self.complaints = complaints
        self.at = 0
        self.out: list[Token] = []

    def run(self) -> list[Token]:
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            elif self.flat.startswith(("//", "/*"), self.at):
                self.comment()
            else:
                self.token()
        self.out.append(Token(Kind.END, "", len(self.text), len(self.text)))
        return self.out

    def emit(self, kind: Kind, value: str, start: int, end: int) -> None:
        self.out.append(Token(kind, value, start, end))
        self.at = end

    def token(self) -> None:
        at, char = self.at, self.text[self.at]
        if char == '"':
            self.quoted(Kind.TEXT, at)
        elif char == "@" and self.text[at + 1 : at + 2] == '"':
            self.quoted(Kind.AT, at)
        elif char in _CURLY:
            self.odd_quotes(_CURLY[char], "CR203")
        elif char in _SINGLE:
            self.odd_quotes(_SINGLE[char], "CR204")
        elif match := _NUMBER.match(self.flat, at):
            self.number(match.end())
        elif _begins_name(self.flat[at]):
            self.name()
        else:
            self.sign()

    def comment(self) -> None:
        line = self.flat.startswith("//", self.at)
        end = self.text.find("\n", self.at) if line else self.flat.find("*/", self.at + 2)
        if end < 0 and not line:
            self.complaints.add("CR218", self.at, self.at + 2)
        self.at = len(self.text) if end < 0 else end + (1 if line else 2)

    def name(self) -> None:
        end = self.at + 1
        while end < len(self.flat) and _continues_name(self.flat[end]):
            end += 1
        name = unicodedata.normalize("NFC", self.flat[self.at : end])
        self.narrow(end, name)
        self.emit(Kind.WORD if name in KEYWORDS else Kind.NAME, name, self.at, end)

    def narrow(self, end: int, meant: str) -> None:
        """Complain when the characters up to `end` were typed in full width."""
        if self.text[self.at : end] != self.flat[self.at : end]:
            self.complaints.add("CR201", self.at, end, found=self.text[self.at : end], suggestion=meant)

    # --- texts -------------------------------------------------------------------------------------------------

    def quoted(self, kind: Kind, start: int) -> None:
        at = start + (2 if kind is Kind.AT else 1)
        parts: list[str] = []
        while at < len(self.text) and self.text[at] not in '"\n\r':
            if self.text[at] != "\\":
                parts.append(self.text[at])
                at += 1
                continue
            at = self.escape(at, parts)
        if at >= len(self.text) or self.text[at] != '"':
            self.complaints.add("CR216", start, at, found=self.complaints.quote(start, at))
            self.emit(kind, "".join(parts), start, at)
            return
        self.emit(kind, "".join(parts), start, at + 1)

    def escape(self, at: int, parts: list[str]) -> int:
        match = _ESCAPE.match(self.text, at)
        if match is None:
            self.complaints.add("CR217", at, at + 2, found=self.text[at : at + 2])
            return min(at + 2, len(self.text))
        if match[1]:
            parts.append(_ESCAPED[match[1]])
            return match.end()
        code, end = int(match[2], 16), match.end()
        if 0xD800 <= code < 0xDC00 and (low := _ESCAPE.match(self.text, end)) and low[2]:
            second = int(low[2], 16)
            if 0xDC00 <= second < 0xE000:
                code, end = 0x10000 + ((code - 0xD800) << 10) + (second - 0xDC00), low.end()
        if code == 0 or 0xD800 <= code < 0xE000:
            # Half of a surrogate pair and NUL are no characters a table or a database could hold.
            self.complaints.add("CR217", at, end, found=self.text[at:end])
        else:
            parts.append(chr(code))
        return end

    def odd_quotes(self, closers: str, code: str) -> None:
        start = self.at
        end = next((i for i in range(start + 1, len(self.text)) if self.text[i] in closers), len(self.text))
        inner = self.text[start + 1 : end]
        found = self.complaints.quote(start, end + 1)
        self.complaints.add(code, start, end + 1, found=found, suggestion=f'"{inner[:40]}"')
        self.emit(Kind.TEXT, inner, start, min(end + 1, len(self.text)))

    # --- numbers -----------------------------------------------------------------------------------------------

    def number(self, end: int) -> None:
        start = self.at
        meant = self.flat[start:end]
        if self.text[start:end] != meant:
            self.complaints.add("CR202", start, end, found=self.text[start:end], suggestion=meant)
        if points := _MORE_POINTS.match(self.flat, end):
            end = points.end()
            self.complaints.add("CR215", start, end, found=self.text[start:end])
        elif power := _EXPONENT.match(self.flat, end):
            end = power.end()
            self.complaints.add("CR214", start, end, found=self.text[start:end])
        elif end < len(self.flat) and self.flat[end] in _UNITS:
            self.unit(meant, end)
            end += 1
        elif end < len(self.flat) and _begins_name(self.flat[end]):
            unit = not self.flat[end].isascii()
            while end < len(self.flat) and _continues_name(self.flat[end]):
                end += 1
            if unit:
                self.complaints.add("CR210", start, end, found=self.text[start:end], suggestion=meant)
            else:
                self.complaints.add("CR215", start, end, found=self.text[start:end])
        if len(meant.replace(".", "").lstrip("0")) > MOST_DIGITS:
            self.complaints.add("CR219", start, end, limit=MOST_DIGITS)
            meant = "0"
        self.emit(Kind.NUMBER, meant, start, end)

    def unit(self, number: str, end: int) -> None:
        times, over = _UNITS[self.flat[end]]
        whole, _, fraction = number.partition(".")
        if len(number) > MOST_DIGITS:
            plain = number
        else:
            zeros = len(str(times)) - 1 - (len(str(over)) - 1)
            digits = (whole + fraction).lstrip("0") or "0"
            point = len(fraction) - zeros
            digits += "0" * max(0, -point)
            plain = digits if point <= 0 else digits.rjust(point + 1, "0")
            if point > 0:
                plain = f"{plain[:-point]}.{plain[-point:]}".rstrip("0").rstrip(".")
        self.complaints.add("CR210", self.at, end + 1, found=self.text[self.at : end + 1], suggestion=plain)

    # --- signs -------------------------------------------------------------------------------------------------

    def sign(self) -> None:
        start, char = self.at, self.text[self.at]
        if pair := _WIDE_PAIRS.get(char):
            end = start + (2 if self.text.startswith("……", start) else 1)
            self.complaints.add("CR201", start, end, found=self.text[start:end], suggestion=pair)
            self.emit(Kind.SIGN, pair, start, end)
            return
        match = _SIGN.match(self.flat, start)
        if match is None:
            self.complaints.add("CR205", start, start + 1, found=shown(char))
            self.emit(Kind.UNKNOWN, char, start, start + 1)
            return
        self.narrow(match.end(), match[0])
        value = match[0]
        if value in _FOREIGN:
            code, value = _FOREIGN[value]
            self.complaints.add(code, start, match.end(), found=match[0])
        self.emit(Kind.WORD if value in KEYWORDS else Kind.SIGN, value, start, match.end())
