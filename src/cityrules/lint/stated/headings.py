"""L22: a section that is announced and then has nothing in it."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.teller import Teller

CODE: Final = "L22"


def check(stated: AsStated, teller: Teller) -> None:
    for name, heading in stated.headings.items():
        if heading.sentences.value == 0:
            teller.tell(CODE, ("headings", name, "heading"), heading=heading.heading)
