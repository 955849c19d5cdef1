"""L17: deductions without what they are deducted from, or without an end."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L17"


def check(stated: AsStated, teller: Teller) -> None:
    for name, deductions in stated.deductions.items():
        for key in ("full_mark", "floor", "cap"):
            if getattr(deductions, key) == UNSTATED and deductions.rules:
                path = ("deductions", name, key)
                teller.tell(CODE, path, lack_type=f"lint_no_{key}", rules=len(deductions.rules))
