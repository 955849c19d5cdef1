"""L20: a veto that takes something away, and the text does not say what becomes of score and grade."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L20"


def check(stated: AsStated, teller: Teller) -> None:
    for name, veto in stated.vetoes.items():
        if veto.grade == UNSTATED:
            teller.tell(CODE, ("vetoes", name, "grade"), when=veto.when, takes=", ".join(veto.takes) or "-")
