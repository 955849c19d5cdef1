"""L18: a rule refers to an annex or another document that is not there."""

from __future__ import annotations

from itertools import islice
from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.reporting import listed

CODE: Final = "L18"
_MOST: Final = 20
"""How many numbers are told: a text can number its annexes as it likes."""


def check(stated: AsStated, teller: Teller) -> None:
    told: set[str | None] = set()
    for name, annex in stated.annexes.items():
        if name not in stated.attached:
            teller.tell(CODE, ("annexes", name), lack_type="lint_absent", found=name)
        numbers = {int(one.number.value) for one in stated.annexes.values() if one.number and one.text == annex.text}
        # The highest number of a text says it, once.
        if annex.number is not None and int(annex.number.value) == max(numbers) and annex.text not in told:
            told.add(annex.text)
            never = [*islice((number for number in range(1, max(numbers)) if number not in numbers), _MOST + 1)]
            if never:
                path = ("annexes", name, "number")
                teller.tell(CODE, path, lack_type="lint_never_named", found=listed([*map(str, never)], _MOST))
