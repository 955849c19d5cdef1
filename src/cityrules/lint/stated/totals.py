"""L01: the parts of a total that do not come to it. It does not say which of them is wrong: the text cannot."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import combinations
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedSeveral, StatedTotal
from cityrules.lint.stated.notation import amount
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import plain_number

CODE: Final = "L01"
_MOST: Final = 12
"""Of more parts than these no subset is looked for."""


def check(stated: AsStated, teller: Teller) -> None:
    for name, total in stated.totals.items():
        parts = _parts(total)
        found, declared = sum(parts.values(), Fraction(0)), amount(total.total)
        if found == declared:
            continue
        teller.tell(
            CODE,
            ("totals", name, "total"),
            total=_say(declared, total),
            sum=_say(found, total),
            difference=_say(abs(found - declared), total),
            same=_as_large(parts, abs(found - declared)),
            parts=" + ".join(f"{part} {_number(value, total)}" for part, value in parts.items()),
        )


def _parts(total: StatedTotal) -> dict[str, Fraction]:
    return {
        name: amount(part.times) * amount(part.each) if isinstance(part, StatedSeveral) else amount(part)
        for name, part in total.parts.items()
    }


def _as_large(parts: Mapping[str, Fraction], difference: Fraction) -> str:
    """The smallest sets of parts that come to the difference, `-` for none."""
    for size in range(1, len(parts)) if len(parts) <= _MOST else ():
        found = [
            " + ".join(chosen)
            for chosen in combinations(parts, size)
            if sum((parts[name] for name in chosen), Fraction(0)) == difference
        ]
        if found:
            return ", ".join(found)
    return "-"


def _say(value: Fraction, total: StatedTotal) -> str:
    unit = "" if total.total.unit == "%" else total.unit or total.total.unit or ""
    return f"{_number(value, total)} {unit}".strip()


def _number(value: Fraction, total: StatedTotal) -> str:
    return f"{plain_number(value * 100)}%" if total.total.unit == "%" else plain_number(value)
