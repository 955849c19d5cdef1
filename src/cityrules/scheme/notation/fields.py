"""The declared types of fields and columns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from cityrules.scheme.notation.names import NAME, NotationError
from cityrules.scheme.notation.numbers import MAX_DIGITS, plain_number


@dataclass(frozen=True, slots=True)
class FieldType:
    """The declared type of a field: `optional number(2) [0, 100] 元`, `count`, `text`, `flag`, `date`, `datetime`,
    `one of 大, 小` (an enumeration) or the name of a kind of target."""

    base: str  # text | flag | date | datetime | number | count | enumeration | kind
    optional: bool = False
    scale: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    unit: str | None = None
    labels: tuple[str, ...] = ()
    kind: str | None = None

    def __str__(self) -> str:
        words = ["optional"] if self.optional else []
        if self.base == "number":
            words.append(f"number({self.scale})")
        elif self.base == "enumeration":
            words.append("one of " + ", ".join(self.labels))
        else:
            words.append(self.kind or self.base)
        if self.low is not None or self.high is not None:
            low = "" if self.low is None else plain_number(self.low)
            high = "" if self.high is None else plain_number(self.high)
            words.append(f"[{low}, {high}]")
        if self.unit:
            words.append(self.unit)
        return " ".join(words)


_SIMPLE = {"text", "flag", "date", "datetime"}
MAX_SCALE = 9


def parse_field_type(text: object) -> FieldType:
    """The type of a field. Either end of a range may be left empty. Raises NotationError CR316 to CR318."""
    if isinstance(text, FieldType):
        return text
    said = str(text).strip()
    optional = said.startswith("optional ")
    rest = said.removeprefix("optional ").strip()
    if rest.startswith("one of "):
        labels = tuple(label.strip() for label in rest.removeprefix("one of ").split(","))
        if not all(labels) or len(set(labels)) != len(labels) or any(sign in rest for sign in "，、；"):
            raise NotationError("CR318", found=said)
        return FieldType("enumeration", optional, labels=labels)
    number = re.fullmatch(
        r"(?:number\(([0-9]{1,9})\)|(count))\s*(?:\[\s*(-?[0-9.]*)\s*,\s*(-?[0-9.]*)\s*\])?\s*"
        r"(working days|[^\s\[\]\d][^\s\[\]]*)?",
        rest,
    )
    if number:
        scale = int(number.group(1) or 0)
        if scale > MAX_SCALE:
            raise NotationError("CR317", found=str(scale), limit=str(MAX_SCALE))
        low, high = (_bound(number.group(i), said) for i in (3, 4))
        if number.group(2):
            low = Fraction(0) if low is None else low
        if (low is not None and high is not None and low > high) or (number.group(2) and low is not None and low < 0):
            raise NotationError("CR316", found=said)
        base = "count" if number.group(2) else "number"
        return FieldType(base, optional, scale, low, high, number.group(5) or None)
    if rest in _SIMPLE:
        return FieldType(rest, optional)
    if re.fullmatch(NAME, rest) and rest not in ("number", "optional"):
        return FieldType("kind", optional, kind=rest)
    if re.fullmatch(rf"{NAME}\.{NAME}", rest):
        return FieldType("borrowed", optional, kind=rest)
    raise NotationError("CR316", found=said)


def parse_column_type(text: object) -> FieldType:
    """The type of a column of a table: a type of fields, borrowed ones from tables, too (`prices.points`). Raises
    NotationError CR316 to CR318."""
    return parse_field_type(text)


def _bound(text: str | None, said: str) -> Fraction | None:
    if not text:
        return None
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) or len(text) > MAX_DIGITS:
        raise NotationError("CR316", found=said)
    return Fraction(text)
