"""One more violation never helps: it raises no score, grade or place, lowers no sanction and brings no award. What may
help, and why, the document says itself (`silenced: {L37: {ADDRESS: REASON}}`)."""

from __future__ import annotations

from collections.abc import Mapping

from cityrules.testing.drawing.choices import Choices
from cityrules.testing.drawing.inputs import Drawer
from cityrules.testing.monotone.claims import FINDING, Claim, claims
from cityrules.testing.monotone.comparison import broken, pair, touched
from cityrules.testing.properties.subject import Broken, Subject, Trial


class Violations:
    """Tried on good rows: what is claimed is claimed of records that are used."""

    name = "violations"

    def applies(self, subject: Subject) -> bool:
        return bool(self._claims(subject))

    def trial(self, subject: Subject, choices: Choices) -> Trial:
        kind = choices.pick(tuple(dict.fromkeys(claim.record for claim in self._claims(subject))))
        drawer = Drawer(subject.plan, choices)
        drawn = drawer.draw(subject.most)
        return Trial(drawn, (kind, drawer.record(kind, drawn)))

    def broken(self, subject: Subject, trial: Trial) -> Broken | None:
        kind, row = trial.more
        before = subject.assess(trial.drawn)
        compared = pair(subject.plan, kind, before, subject.assess(trial.drawn.with_record(kind, row)))
        for claim in self._claims(subject) if compared is not None else ():
            if claim.record != kind or compared is None:
                continue
            at = broken(claim, compared, touched(claim, compared))
            if at is not None:
                target = at.target.replace("\0", " / ")
                done = {"record": f"{kind}: " + ", ".join(f"{key}={text}" for key, text in row.items() if text)}
                return Broken(claim.name, f"{target} {at.period or ''}".strip(), at.was, at.comes_to, (), done)
        return None

    def _claims(self, subject: Subject) -> tuple[Claim, ...]:
        known = excused(subject)
        return tuple(claim for claim in claims(subject.plan) if claim.path not in known)


def excused(subject: Subject) -> Mapping[str, str]:
    """By address, why one more violation may help there, as the document says."""
    return subject.scheme.document.silenced.get(FINDING, {})
