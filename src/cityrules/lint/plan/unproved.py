"""L39: that one more violation never helps could not be proved of something, and was searched for only."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from cityrules.lint.plan.subject import Subject

CODE: Final = "L39"


def check(subject: Subject) -> None:
    """Warnings: nothing wrong is found."""
    for record, of_record in groupby(subject.verdicts, key=lambda one: one.claim.record):
        every = list(of_record)
        unsure = [one for one in every if not one.proved and one.counterexample is None]
        if unsure:
            subject.tell(
                CODE,
                f"records.{record}",
                severity="warning",
                record=record,
                names=", ".join(one.claim.name for one in unsure),
                number=min(one.searched for one in unsure),
                seed=unsure[0].seed,
                proved=sum(one.proved for one in every),
            )
