"""L10: several rules can take the same event, and the text does not say whether their deductions are added."""

from __future__ import annotations

from itertools import combinations
from typing import Final

from cityrules.lint.stated.document import AsStated, StatedDeductions
from cityrules.lint.stated.notation import UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L10"


def check(stated: AsStated, teller: Teller) -> None:
    for name, deductions in stated.deductions.items():
        pairs = _pairs(deductions)
        if pairs and deductions.together == UNSTATED:
            said = ", ".join(f"{one} + {two}" for one, two in pairs)
            path = ("deductions", name, "together")
            teller.tell(CODE, path, event=deductions.rules[pairs[0][0]].event, number=len(pairs), pairs=said)


def _pairs(deductions: StatedDeductions) -> list[tuple[str, str]]:
    """The rules of one event that no other excludes, in pairs."""
    rules = deductions.rules
    return [
        (one, two)
        for one, two in combinations(rules, 2)
        if rules[one].event == rules[two].event and two not in rules[one].excludes and one not in rules[two].excludes
    ]
