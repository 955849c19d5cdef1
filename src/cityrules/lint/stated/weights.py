"""L06: weights that are missing, or that cannot come to their total."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedWeights
from cityrules.lint.stated.notation import amount
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import plain_number

CODE: Final = "L06"


def check(stated: AsStated, teller: Teller) -> None:
    for name, weights in stated.weights.items():
        missing = [part for part, share in weights.parts.items() if share.value is None]
        bound = any(share.sign for share in weights.parts.values())
        low, high = _sums(weights)
        # What is more than a bound makes more than the sum of the bounds; likewise less.
        above = any(share.sign == ">" for share in weights.parts.values())
        below = any(share.sign == "<" for share in weights.parts.values())
        total = amount(weights.total)
        found = _say(low, weights)
        if missing and not bound:
            lack, parts = "lint_missing_weights", ", ".join(missing)
        elif (
            total < low
            or (above and total == low)
            or (high is not None and (high < total or (below and high == total)))
        ):
            lack, parts = "lint_wrong_weights", ", ".join(weights.parts)
            ends = (
                f"{'> ' if above else '>= '}{found}",
                "" if high is None else f"{'< ' if below else '<= '}{_say(high, weights)}",
            )
            found = found if low == high else ", ".join(end for end in ends if end)
        else:
            continue
        teller.tell(CODE, ("weights", name), lack_type=lack, parts=parts, sum=found, total=weights.total)


def _sums(weights: StatedWeights) -> tuple[Fraction, Fraction | None]:
    """The least and the greatest sum that the text allows; None is without end. No weight is below zero."""
    low, high = Fraction(0), Fraction(0)
    endless = False
    for share in weights.parts.values():
        value = share.value or Fraction(0)
        low += 0 if share.sign.startswith("<") else value
        high += value
        endless |= share.value is None or share.sign.startswith(">")
    return low, None if endless else high


def _say(value: Fraction, weights: StatedWeights) -> str:
    """A sum in the unit of the total."""
    return f"{plain_number(value * 100)}%" if weights.total.unit == "%" else plain_number(value)
