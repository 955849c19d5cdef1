"""Every number that stands in a document: where, in which text, and the overlay that puts another in its place.

Knows the plain tree of a document and the syntax of expressions; runs nothing. The digits that a rounding leaves are no
number here, nor are codes (what begins with more zeros than a number does) and days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, Final

from cityrules.feel import ast
from cityrules.feel.complaints import Complaints
from cityrules.feel.parser import parse
from cityrules.scheme.overlay import Change, Changes
from cityrules.scheme.places import Path
from cityrules.testing.mutation.mutants import changed
from cityrules.testing.mutation.operators import operators
from cityrules.testing.mutation.sites import MapSite, TextSite, sites
from cityrules.text.diagnostic import Report

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]{0,49})(?:\.[0-9]{1,49})?(?=\s*[%‰万亿千百]?$)")
_COUNT: Final = re.compile(r"(?<![0-9.@-])(?:0|[1-9][0-9]{0,9})(?![0-9.:-])")
"""A count in a length of time, such as `5 working days`."""
_PART: Final = re.compile(r"[0-9]{1,10}(?=[YMWDHS])")
"""A count in a length of time as expressions have it, such as `P3D`."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A number in the document. `text`: all that stands at `path`; the number is its characters from `start` to `end`.
    `key`: it is the name of an entry of the map at `path`, as bounds are. `whole`: it counts, and has no decimals."""

    path: Path
    text: str
    start: int
    end: int
    key: bool = False
    whole: bool = False
    bracketed: bool = False

    @property
    def address(self) -> str:
        return ".".join((*self.path, self.text) if self.key else self.path)

    @property
    def written(self) -> str:
        return self.text[self.start : self.end]

    @property
    def value(self) -> Fraction:
        return Fraction(self.written)

    @property
    def unit(self) -> Fraction:
        """One unit of its last digit."""
        return Fraction(1, 10 ** len(self.written.partition(".")[2]))

    def rewritten(self, value: Fraction) -> str:
        """The whole text with another number, which is a number of units, in its place."""
        digits = len(self.written.partition(".")[2])
        scaled = value * 10**digits
        assert scaled.denominator == 1
        text = str(abs(scaled.numerator)).zfill(digits + 1)
        new = ("-" if value < 0 else "") + (f"{text[:-digits]}.{text[-digits:]}" if digits else text)
        if self.bracketed and value < 0:
            new = f"({new})"
        return self.text[: self.start] + new + self.text[self.end :]

    def change(self, raw: Mapping[str, Any], value: Fraction) -> Changes:
        """The overlay that puts another number in its place."""
        new = self.rewritten(value)
        if self.key:
            here = _at(raw, self.path)
            path, made = changed(raw, self.path, {new if name == self.text else name: here[name] for name in here})
        else:
            path, made = changed(raw, self.path, new)
        return {path: Change(made, source=".".join(path))}

    def possible(self, raw: Mapping[str, Any], value: Fraction) -> bool:
        """Whether another number can stand there at all: a count is not below 0, no bound stands twice."""
        if self.whole and value < 0:
            return False
        return not self.key or self.rewritten(value) not in _at(raw, self.path)


def numbers_in(raw: Mapping[str, Any]) -> Iterator[Placed]:
    """All numbers of a document, in the order of its text."""
    known = operators()
    for site in sites(raw, known.sections, known.passed_over):
        if isinstance(site, MapSite) and site.named == "other" and (site.key in known.values or site.key == "values"):
            for name in site.value:
                yield from _plain(site.path, str(name), key=True)
        elif isinstance(site, TextSite):
            yield from _in_text(site)


def _in_text(site: TextSite) -> Iterator[Placed]:
    match site.sort:
        case "expression":
            yield from _in_expression(site.path, site.text)
        case "number":
            yield from _plain(site.path, site.text)
        case "time":
            yield from _counts(site.path, site.text)
        case "label":
            yield from _plain(site.path, site.text)
        case "other" if site.of == "ParameterBody" and site.key in ("value", "values"):
            yield from list(_plain(site.path, site.text)) or _counts(site.path, site.text)


def _plain(path: Path, text: str, key: bool = False) -> Iterator[Placed]:
    """A text that is a number, with a unit behind it or without."""
    at = len(text) - len(text.lstrip())
    found = _NUMBER.match(text, at)
    if found is not None:
        yield Placed(path, text, found.start(), found.end(), key)


def _counts(path: Path, text: str) -> Iterator[Placed]:
    for found in _COUNT.finditer(text):
        yield Placed(path, text, found.start(), found.end(), whole=True)


def _in_expression(path: Path, text: str) -> Iterator[Placed]:
    report = Report()
    tree = parse(text, Complaints(report, text))
    if tree is None or report.failed:
        # A limit stands where an expression may: `5 working days`.
        yield from _counts(path, text)
        return
    for node in _nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, Fraction):
            for one in _plain(path, text[node.start : node.end]):
                yield Placed(path, text, node.start + one.start, node.start + one.end, bracketed=True)
        elif isinstance(node, ast.At) or (isinstance(node, ast.Call) and node.name == "duration"):
            # A day or an instant has none of these letters behind a number.
            for found in _PART.finditer(text, node.start, node.end):
                yield Placed(path, text, found.start(), found.end(), whole=True)


def _nodes(tree: ast.Node) -> Iterator[ast.Node]:
    yield tree
    for part in fields(tree):
        value = getattr(tree, part.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, ast.Node):
                yield from _nodes(each)


def _at(raw: Mapping[str, Any], path: Path) -> Any:
    value: Any = raw
    for name in path:
        value = value[int(name)] if isinstance(value, (list, tuple)) else value[name]
    return value
