"""L02: another number of items is announced than is listed."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.teller import Teller

CODE: Final = "L02"


def check(stated: AsStated, teller: Teller) -> None:
    for name, count in stated.counts.items():
        if count.declared.value != len(count.listed):
            teller.tell(
                CODE,
                ("counts", name, "declared"),
                declared=count.declared,
                listed=len(count.listed),
                items=", ".join(count.listed) or "-",
            )
