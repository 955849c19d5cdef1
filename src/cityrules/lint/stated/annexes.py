"""L18: a rule refers to an annex or another document that is not there."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.teller import Teller

CODE: Final = "L18"


def check(stated: AsStated, teller: Teller) -> None:
    for name, annex in stated.annexes.items():
        if name not in stated.attached:
            teller.tell(CODE, ("annexes", name), lack_type="lint_absent", found=name)
        numbers = {int(other.number.value) for other in stated.annexes.values() if other.number and _same(other, annex)}
        if annex.number is not None and int(annex.number.value) == max(numbers):
            never = sorted({*range(1, max(numbers))} - numbers)
            if never:
                path = ("annexes", name, "number")
                teller.tell(CODE, path, lack_type="lint_never_named", found=", ".join(map(str, never)))


def _same(one: object, two: object) -> bool:
    """Whether two annexes are of the same text."""
    return getattr(one, "text", None) == getattr(two, "text", None)
