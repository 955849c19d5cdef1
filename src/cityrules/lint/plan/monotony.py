"""L37: one more violation raises a score, a grade or a place, lowers a sanction or brings an award."""

from __future__ import annotations

from typing import Final

from cityrules.lint.plan.subject import Subject
from cityrules.testing.drawing.drawn import Row
from cityrules.testing.monotone.claims import FINDING
from cityrules.testing.monotone.search import Counterexample, Verdict

CODE: Final = FINDING


def check(subject: Subject) -> None:
    for one in subject.verdicts:
        if one.counterexample is not None:
            _tell(subject, one, one.counterexample)


def _tell(subject: Subject, verdict: Verdict, example: Counterexample) -> None:
    claim, at = verdict.claim, example.at
    given = [f"{kind}: {len(rows)}" for kind, rows in example.drawn.records.items() if rows]
    subject.tell(
        CODE,
        claim.path,
        record=claim.record,
        about=claim.name,
        what_type=f"monotone_{claim.what}",
        target=" ".join(part for part in (at.target.replace("\0", " / "), at.period) if part) or "-",
        was=at.was,
        found=at.comes_to,
        row=_told(example.record),
        given=", ".join(given) or "-",
        seed=verdict.seed,
    )


def _told(row: Row) -> str:
    return ", ".join(f"{name}={text}" for name, text in row.items() if text is not None)
