"""L23: a month that is scored before it ends, and the text does not say where its last days go."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import LONGEST_MONTH, UNSTATED
from cityrules.lint.stated.teller import Teller

CODE: Final = "L23"


def check(stated: AsStated, teller: Teller) -> None:
    for name, periods in stated.periods.items():
        for score, body in periods.scores.items():
            if body.every != "month" or body.closes is None or body.rest not in (None, UNSTATED):
                continue
            last = int(body.closes.value)
            if last < LONGEST_MONTH:
                after = f"{last + 1}" if last + 1 == LONGEST_MONTH else f"{last + 1}-{LONGEST_MONTH}"
                teller.tell(CODE, ("periods", name, "scores", score, "closes"), score=score, last=last, after=after)
