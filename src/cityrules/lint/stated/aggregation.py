"""L07: a score of a period of which nobody knows how it enters the larger one, or that enters nothing."""

from __future__ import annotations

from typing import Final

from cityrules.lint.stated.document import AsStated
from cityrules.lint.stated.notation import UNSTATED, spoken
from cityrules.lint.stated.teller import Teller

CODE: Final = "L07"


def check(stated: AsStated, teller: Teller) -> None:
    for name, periods in stated.periods.items():
        for score, body in periods.scores.items():
            path = ("periods", name, "scores", score)
            if score == periods.result:
                continue
            if body.enters in (None, UNSTATED):
                teller.tell(CODE, path, score=score, lack_type="lint_enters_nothing", into_type=spoken(periods.result))
            elif body.how in (None, UNSTATED):
                teller.tell(CODE, path, score=score, lack_type="lint_enters_somehow", into_type=body.enters)
