"""L16: a rate of which nobody knows what it is of, or what it is when there is nothing to count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedRate
from cityrules.lint.stated.notation import UNSTATED, spoken
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import NotationError, parse_numeral

CODE: Final = "L16"


def check(stated: AsStated, teller: Teller) -> None:
    for name, rate in stated.rates.items():
        for lack, key in _lacks(rate):
            teller.tell(CODE, ("rates", name, key), lack_type=lack, of_type=spoken(rate.denominator))


def _lacks(rate: StatedRate) -> Iterator[tuple[str, str]]:
    for key in ("numerator", "denominator"):
        if getattr(rate, key) == UNSTATED:
            yield f"lint_no_{key}", key
    try:
        always = parse_numeral(rate.least).value > 0
    except NotationError:
        always = False
    if not always and rate.empty == UNSTATED:
        yield "lint_empty_rate", "empty"
