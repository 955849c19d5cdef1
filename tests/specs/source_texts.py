"""The source texts cut up by their headings, so that a clause can be looked up in them. Knows nothing of schemes.

A text is normalised (NFKC: `（二）` and `㈡` are `(二)`). Headings stand at the beginning of a line: `三、`, `(二)`,
`5.` or `5、`, `(1)`, `第十条`. Texts whose headings are bare lines name them; there a number is that of a paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_NUMERAL: Final = "[一二三四五六七八九十]+"
_LEVELS: Final = {
    "article": rf"^第({_NUMERAL})条",
    "one": rf"^({_NUMERAL})、",
    "two": rf"^\(({_NUMERAL})\)",
    "three": r"^([0-9]+)[.、]",
    "four": r"^\(([0-9]+)\)",
}
_ORDER: Final = ("name", *_LEVELS, "said")
_TOKEN: Final = re.compile(
    rf"第(?P<article>{_NUMERAL})条|第(?P<item>{_NUMERAL})项|(?P<said>[一二三四五六七八九])是"
    rf"|\((?P<two>{_NUMERAL})\)|\((?P<four>[0-9]+)\)|(?P<three>[0-9]+)|(?P<one>{_NUMERAL})|(?P<and>、)|(?P<to>至)"
)
_DIGITS: Final = "一二三四五六七八九十"
_PARTS: Final = re.compile(r"^城市管理考核篇([0-9]+)$", re.M)

BARE: Final = {
    "004-01": ("指导思想", "考核对象", "考核原则", "考核内容", "考核方法", "组织领导"),
    "004-09": ("小街道大城管", "让数字说话", "从“看客”到“执行者”"),
}
"""Headings that are lines without a number."""

DOCUMENTS: Final = {
    "004-04": {
        "决策协调": "一、决策协调的主要内容",
        "监督考核": "余杭区城市管理监督考核制度",
        "信息协作": "余杭区城市管理信息协作制度",
        "社会参与": "余杭区城市管理社会参与机制实施意见",
    }
}
"""Several documents in one text, by the name that clauses begin with, and the line with which each begins."""

Address = tuple[tuple[str, str], ...]
"""A place as the levels and numerals that lead to it: `(("one", "三"), ("two", "二"))`."""


def normal(text: str) -> str:
    return "\n".join(line.strip() for line in unicodedata.normalize("NFKC", text).splitlines() if line.strip())


def number(numeral: str) -> int:
    """`十一` is 11; up to 99."""
    tens, ten, ones = numeral.rpartition("十")
    return (_DIGITS.index(tens) + 1 if tens else 1) * 10 * bool(ten) + (_DIGITS.index(ones) + 1 if ones else 0)


@dataclass(frozen=True)
class SourceText:
    """One of the fourteen texts. `paragraphs`: a number behind a name is that of a paragraph."""

    name: str
    text: str
    names: dict[str, str] = field(default_factory=dict)
    paragraphs: bool = False

    def addresses(self, clause: str) -> list[Address]:
        """Where a clause leads: one address for each place that it names (`三2、3` names two). `一至三` names all of
        them. Raises LookupError where a part of it is no heading of the text."""
        rest = unicodedata.normalize("NFKC", clause)
        if rest == "标题":
            return []
        head: Address = ()
        for name in ("前言", *self.names):
            if rest.startswith(unicodedata.normalize("NFKC", name)):
                head, rest = (("name", name),), rest[len(name) :]
        found, at, ranged, several = [], head, False, False
        for token in _TOKEN.finditer(rest):
            kind, value = next((kind, value) for kind, value in token.groupdict().items() if value)
            if kind in ("and", "to"):
                ranged, several = kind == "to", True
                continue
            kind = "two" if kind == "item" else kind
            above = tuple(step for step in at if _ORDER.index(step[0]) < _ORDER.index(kind))
            if len(at) > len(above) and kind == "two":
                several = True
            if several:
                found.append(at)
            if ranged:
                last = number(at[-1][1])
                between = range(last + 1, number(value))
                found += [(*above, (kind, _DIGITS[each - 1])) for each in between]
            at, ranged, several = (*above, (kind, value)), False, False
        if "".join(match[0] for match in _TOKEN.finditer(rest)) != rest:
            raise LookupError(f"{self.name}: {clause} is no notation of a clause")
        for each in (*found, at):
            self.section(each)
        return [*found, at]

    def section(self, address: Address) -> str:
        """The text under a heading, up to the next one of its level. Raises LookupError where there is none."""
        text = self.text
        for level, value in address:
            text = self._below(text, level, value, address)
        return text

    def _below(self, text: str, level: str, value: str, address: Address) -> str:
        if level == "name":
            return self._named(text, value)
        if level == "three" and self.paragraphs:
            lines = text.splitlines()
            if not 0 < int(value) <= len(lines):
                raise LookupError(f"{self.name}: no paragraph {address}")
            return lines[int(value) - 1]
        if level == "said":
            start = text.find(f"{value}是")
            if start < 0:
                raise LookupError(f"{self.name}: nothing at {address}")
            return text[start:]
        headings = list(re.finditer(_LEVELS[level], text, flags=re.M))
        for place, heading in enumerate(headings):
            if heading[1] == value:
                after = headings[place + 1].start() if place + 1 < len(headings) else len(text)
                return text[heading.end() : after]
        raise LookupError(f"{self.name}: nothing at {address}")

    def _named(self, text: str, name: str) -> str:
        starts = {each: text.find(normal(line)) for each, line in self.names.items()}
        if min(starts.values(), default=0) < 0:
            raise LookupError(f"{self.name}: no {[each for each, start in starts.items() if start < 0]}")
        first = re.search("|".join([_LEVELS["one"], _LEVELS["two"], _LEVELS["article"]]), text, flags=re.M)
        if name == "前言":
            return text[: min(starts.values())] if starts else text[: first.start() if first else len(text)]
        start = starts[name]
        after = min((other for other in starts.values() if other > start), default=len(text))
        line = normal(self.names[name])
        return text[start if re.match(_LEVELS["one"], line) else start + len(line) : after].strip("\n")

    def headings(self) -> Iterator[Address]:
        """The lowest of the first two levels: what a reader would call a clause of the text."""
        for name in ("前言", *self.names) if self.paragraphs else self.names or ("",):
            head: Address = (("name", name),) if name else ()
            if self.paragraphs:
                lines = self.section(head).splitlines()
                yield from ((*head, ("three", str(place + 1))) for place in range(len(lines)))
            else:
                yield from self._lowest(head)

    def _lowest(self, above: Address) -> Iterator[Address]:
        text = self.section(above)
        for level in ("article", "one", "two"):
            values = re.findall(_LEVELS[level], text, flags=re.M)
            if values and (not above or _ORDER.index(level) > _ORDER.index(above[-1][0])):
                # What stands before the first heading of a level may have headings of the next one (000).
                start = re.search(_LEVELS[level], text, flags=re.M)
                before = text[: start.start() if start else 0]
                if level == "one":
                    yield from ((*above, ("two", each)) for each in re.findall(_LEVELS["two"], before, flags=re.M))
                for value in values:
                    here = (*above, (level, value))
                    lower = list(self._lowest(here)) if level == "one" else []
                    yield from lower or [here]
                return
        if above and above[-1][0] == "name":
            yield above


def source_texts(folder: Path) -> dict[str, SourceText]:
    """The fourteen texts by the names that `coverage.yaml` uses: 000 to 003 and 004-01 to 004-10."""
    texts = {}
    for path in sorted(folder.glob("00[0-3]_*.txt")):
        texts[path.name[:3]] = SourceText(path.name[:3], normal(path.read_text("utf-8")))
    (ten,) = folder.glob("004_*.txt")
    parts = _PARTS.split(normal(ten.read_text("utf-8")))
    for part, text in zip(parts[1::2], parts[2::2], strict=True):
        name = f"004-{int(part):02}"
        names = {each: each for each in BARE.get(name, ())} or DOCUMENTS.get(name, {})
        texts[name] = SourceText(name, text.strip("\n"), names, paragraphs=name == "004-09")
    return texts
