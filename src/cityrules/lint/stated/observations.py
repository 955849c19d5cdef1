"""L24: scores that rest on unequal numbers of observations are ranked together."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedTimes
from cityrules.lint.stated.notation import amount
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import Numeral, plain_number

CODE: Final = "L24"
_A_YEAR: Final[Mapping[str, Fraction]] = {
    "day": Fraction(365), "week": Fraction(365, 7), "month": Fraction(12), "quarter": Fraction(4), "half": Fraction(2),
    "year": Fraction(1),
}  # fmt: skip


def check(stated: AsStated, teller: Teller) -> None:
    for name, observed in stated.observations.items():
        numbers = {who: _number(count) for who, count in observed.counts.items()}
        if len(set(numbers.values())) > 1:
            said = ", ".join(f"{who} {plain_number(number)}" for who, number in numbers.items())
            teller.tell(CODE, ("observations", name, "counts"), ranking=observed.ranking, counts=said)


def _number(count: Numeral | StatedTimes) -> Fraction:
    """A plain number as it is, so many times each period as a number in a year."""
    return amount(count.times) * _A_YEAR[count.every] if isinstance(count, StatedTimes) else amount(count)
