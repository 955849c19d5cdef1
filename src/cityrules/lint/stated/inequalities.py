"""L05: a weight of which only a bound is given, so that no score can be computed from it."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.teller import Teller

CODE: Final = "L05"


def check(stated: AsStated, teller: Teller) -> None:
    for name, weights in stated.weights.items():
        bounds = [part for part, share in weights.parts.items() if share.sign]
        rest = [part for part, share in weights.parts.items() if share.value is None]
        for part in bounds:
            path = ("weights", name, "parts", part)
            teller.tell(CODE, path, part=part, found=weights.parts[part], others=", ".join(rest) or "-")
