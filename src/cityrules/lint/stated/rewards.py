"""L21: a reward whose amount is no number."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import spoken
from cityrules.lint.stated.teller import Teller
from cityrules.scheme.notation import NotationError, parse_numeral

CODE: Final = "L21"


def check(stated: AsStated, teller: Teller) -> None:
    for name, reward in stated.rewards.items():
        try:
            parse_numeral(reward.amount)
        except NotationError:
            teller.tell(CODE, ("rewards", name, "amount"), earns=reward.for_, found_type=spoken(reward.amount))
