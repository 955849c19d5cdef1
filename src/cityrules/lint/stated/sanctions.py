"""L19: a measure against a person that this text cannot take: law reserves it to others, or does not know it."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.personnel import EMPLOYEE, SANCTION, personnel

CODE: Final = "L19"


def check(stated: AsStated, teller: Teller) -> None:
    for name, sanction in stated.sanctions.items():
        for term, measure in personnel().named_in(sanction.word, SANCTION):
            if measure.befalls == (EMPLOYEE,):
                lack = "lint_no_basis"
            elif measure.decision != "proposal":
                continue
            elif sanction.does == "decides":
                lack = "lint_reserved"
            elif sanction.decided_by == UNSTATED:
                lack = "lint_to_nobody"
            else:
                continue
            basis, organ = f"basis.{measure.basis}", f"organ.{measure.organ}"
            path = ("sanctions", name, "word")
            teller.tell(CODE, path, word=term, lack_type=lack, basis_type=basis, organ_type=organ)
